"""Answers given again, edited messages, and going through the versions."""

from playwright.sync_api import expect

from tests.browser.axe import violations
from tests.browser.conftest import OpenWindow
from tests.browser.slowly import LONG, wait_for_boat
from tests.browser.window import Window, none_of


def versions(window: Window, place: int, of: int) -> None:
    shown = window.page.get_by_role("group", name=window.say("turn.version"))
    expect(shown.last).to_contain_text(window.say("turn.placeOf", place=str(place), of=str(of)))


def test_an_answer_is_given_again_and_both_versions_are_kept(window: OpenWindow) -> None:
    ana = window()
    ana.sign_in("ana.silva")
    ana.ask("What is a demarche?")
    ana.choose_model("GPT-4.1")
    ana.button("turn.again").click()
    expect(ana.composer).to_be_focused()
    expect(ana.answer).to_contain_text("GPT-4.1")
    ana.whole()
    versions(ana, 2, 2)
    expect(ana.answers).to_have_count(1)

    ana.button("turn.previous").click()
    expect(ana.answer).to_contain_text("Claude Sonnet 4.5")
    versions(ana, 1, 2)
    expect(ana.button("turn.previous")).to_be_focused()
    expect(ana.status).to_have_text(ana.say("turn.shown", place="1", of="2"))
    expect(ana.button("turn.previous")).to_have_attribute("aria-disabled", "true")
    none_of(violations(ana.page))

    # The conversation goes on where its reader is.
    ana.ask("And a note verbale?")
    assert [turn["text"] for turn in ana.turns()][:1] == ["What is a demarche?"]
    expect(ana.page.locator(".stamp-line").first).to_contain_text("Claude Sonnet 4.5")
    ana.page.reload()
    expect(ana.answers).to_have_count(2)
    expect(ana.page.locator(".stamp-line").first).to_contain_text("Claude Sonnet 4.5")


def test_a_message_is_edited_and_what_followed_it_stays(window: OpenWindow) -> None:
    ana = window()
    ana.sign_in("ana.silva")
    ana.ask("What is a demarche?")
    ana.ask("Who sends it?")
    ana.composer.fill("Half a thought")
    ana.questions.last.get_by_role("button", name=ana.say("turn.edit"), exact=True).click()
    expect(ana.composer).to_be_focused()
    expect(ana.composer).to_have_value("Who sends it?")
    ana.page.reload()
    expect(ana.page.get_by_text(ana.say("composer.editing"))).to_be_visible()
    ana.composer.press("Escape")
    expect(ana.composer).to_have_value("Half a thought")

    ana.questions.last.get_by_role("button", name=ana.say("turn.edit"), exact=True).click()
    ana.composer.fill("Who receives it?")
    ana.composer.press("Enter")
    expect(ana.questions.last).to_contain_text("Who receives it?")
    ana.whole()
    expect(ana.composer).to_have_value("Half a thought")
    expect(ana.questions).to_have_count(2)
    versions(ana, 2, 2)
    ana.button("turn.previous").click()
    expect(ana.questions.last).to_contain_text("Who sends it?")
    ana.button("turn.next").click()
    expect(ana.questions.last).to_contain_text("Who receives it?")


def test_the_first_message_is_edited_while_a_second_window_reads(window: OpenWindow) -> None:
    ana, second = window(), window()
    ana.sign_in("ana.silva")
    ana.ask("What is a demarche?")
    second.sign_in("ana.silva", f"/conversations/{ana.conversation}")
    expect(second.answers).to_have_count(1)
    ana.button("turn.edit").click()
    ana.composer.fill(LONG)
    ana.composer.press("Enter")
    wait_for_boat(second, 5)
    expect(second.questions).to_have_count(1)
    expect(ana.button("turn.edit")).to_be_hidden()
    versions(second, 2, 2)
    second.button("turn.previous").click()
    expect(second.questions).to_contain_text("What is a demarche?")
    # What is written on the other version moves nobody who reads this one.
    wait_for_boat(ana, 20)
    expect(second.questions).to_contain_text("What is a demarche?")
    ana.button("composer.stop").click()
    expect(ana.button("turn.edit")).to_be_visible()
