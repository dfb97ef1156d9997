"""Personal instructions: written once, sent with every message, said in the stamp."""

from playwright.sync_api import expect

from tests.browser.axe import violations
from tests.browser.conftest import OpenWindow
from tests.browser.window import none_of


def test_instructions_are_kept_and_the_stamp_says_that_they_went_along(window: OpenWindow) -> None:
    ana = window()
    ana.sign_in("ana.silva")
    ana.ask("What is a demarche?")
    ana.button("instructions.open").click()
    label = ana.say("instructions.label", service="StateChat")
    field = ana.page.get_by_role("textbox", name=label)
    field.fill("I am a desk officer. Answer in two sentences.")
    none_of(violations(ana.page))
    ana.button("instructions.save").click()
    expect(field).to_be_hidden()
    expect(ana.status).to_have_text(ana.say("instructions.saved"))

    answer = ana.ask("Who sends it?")
    answer.locator("summary").click()
    expect(answer.locator(".facts")).to_contain_text(ana.say("stamp.instructedMeans"))
    assert [turn["instructed"] for turn in ana.turns()] == [False, False, False, True]

    ana.page.reload()
    ana.button("instructions.open").click()
    expect(field).to_have_value("I am a desk officer. Answer in two sentences.")
    ana.page.keyboard.press("Escape")
    expect(ana.button("instructions.open")).to_be_focused()
