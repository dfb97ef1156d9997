"""Searching one's conversations, and coming to where it was found."""

from playwright.sync_api import Locator, expect

from tests.browser.axe import violations
from tests.browser.conftest import OpenWindow
from tests.browser.window import Window, none_of


def field(window: Window) -> Locator:
    return window.page.get_by_role("searchbox", name=window.say("search.label"))


def found(window: Window) -> Locator:
    return window.page.locator(".found li a")


def test_what_is_found_opens_at_its_turn_on_whichever_branch(window: OpenWindow) -> None:
    ana = window()
    ana.sign_in("ana.silva")
    ana.ask("What is a zephyrous démarche?")
    conversation = ana.conversation
    for number in range(4):
        ana.ask(f"And for the {number}th time, what is it? " + "Please. " * 60)
    ana.questions.first.get_by_role("button", name=ana.say("turn.edit"), exact=True).click()
    ana.composer.fill("What is a note verbale?")
    ana.composer.press("Enter")
    expect(ana.questions).to_have_count(1)
    ana.whole()

    ana.page.keyboard.press("Alt+Shift+N")
    expect(ana.composer).to_be_focused()
    ana.page.keyboard.press("Alt+Shift+F")
    expect(field(ana)).to_be_focused()
    field(ana).fill('"A ZEPHYROUS demarche')
    expect(found(ana).first.locator("mark").first).to_contain_text("zephyrous")
    told = ana.told("/chat/search?query=%22a zephyrous demarche")
    assert told["total"] == found(ana).count() > 0
    said = ana.page.locator(".found-count")
    expect(said).to_contain_text(str(told["total"]))
    none_of(violations(ana.page))

    question = next(i for i, each in enumerate(told["found"]) if each["role"] == "user")
    found(ana).nth(question).click()
    expect(ana.page).to_have_url(f"{ana.url}conversations/{conversation}")
    expect(ana.questions.first).to_contain_text("zephyrous")
    expect(ana.questions.first).to_be_focused()
    expect(ana.questions.first).to_be_in_viewport()
    expect(ana.questions).to_have_count(5)
    none_of(violations(ana.page))

    field(ana).press("Escape")
    expect(field(ana)).to_have_value("")
    expect(found(ana)).to_have_count(0)
    expect(ana.page.locator(".conversations li a[aria-current=page]")).to_be_visible()


def test_nothing_found_and_no_answer_are_said(window: OpenWindow) -> None:
    ana = window()
    ana.sign_in("ana.silva")
    field(ana).fill("\"' OR * quixotry:")
    expect(ana.page.get_by_text(ana.say("search.nothing"))).to_be_visible()
    ana.expecting("503|ERR_")
    ana.page.route("**/api/chat/search*", lambda route: route.abort())
    field(ana).fill("quixotries")
    expect(ana.page.get_by_role("alert").get_by_text(ana.say("search.failed"))).to_be_visible()
    none_of(violations(ana.page))
    ana.page.unroute("**/api/chat/search*")
    ana.button("search.again").click()
    expect(ana.page.get_by_text(ana.say("search.nothing"))).to_be_visible()


def test_others_find_nothing_of_it(window: OpenWindow) -> None:
    ana, marc = window(), window(language="fr")
    ana.sign_in("ana.silva")
    ana.ask("What is a borogove?")
    marc.sign_in("marc.lefebvre")
    field(marc).fill("borogove")
    expect(marc.page.get_by_text(marc.say("search.nothing"))).to_be_visible()
    field(ana).fill("borogo")
    expect(found(ana).first.locator("mark")).to_have_text("borogove")


def test_the_list_behind_a_button_closes_where_a_turn_is_found(window: OpenWindow) -> None:
    ana = window(viewport={"width": 360, "height": 740})
    ana.sign_in("ana.silva")
    ana.ask("What is a tulgey wood?")
    ana.page.keyboard.press("Alt+Shift+F")
    expect(field(ana)).to_be_focused()
    field(ana).fill("tulgey")
    expect(found(ana).first).to_be_visible()
    none_of(violations(ana.page))
    found(ana).first.click()
    expect(field(ana)).to_be_hidden()
    expect(ana.page.locator(".sought")).to_be_in_viewport()
