"""Temporary conversations: marked, not listed, not found, ended for good, or kept after all."""

from playwright.sync_api import Locator, expect

from tests.browser.axe import violations
from tests.browser.conftest import OpenWindow
from tests.browser.window import Window, none_of


def choice(window: Window) -> Locator:
    return window.page.get_by_role("checkbox", name=window.say("temporary.choose"))


def mark(window: Window) -> Locator:
    return window.page.get_by_role("region", name=window.say("temporary.heading"))


def test_one_is_marked_and_is_gone_for_good_once_it_is_ended(window: OpenWindow) -> None:
    ana = window()
    ana.sign_in("ana.silva")
    choice(ana).check()
    none_of(violations(ana.page))
    ana.ask("What is a letter rogatory?")
    expect(mark(ana)).to_contain_text(ana.say("temporary.heading"))
    none_of(violations(ana.page))
    conversation = ana.conversation
    assert ana.told("/chat")["conversations"] == []
    ana.page.get_by_role("searchbox").fill("rogatory")
    expect(ana.page.get_by_text(ana.say("search.nothing"))).to_be_visible()
    ana.page.get_by_role("searchbox").press("Escape")

    # A reload finds it again, marked; others of one's windows do, by its address.
    ana.page.reload()
    expect(mark(ana)).to_be_visible()
    expect(ana.answers).to_have_count(1)
    mark(ana).get_by_role("button", name=ana.say("temporary.end")).click()
    sheet = ana.page.get_by_role("dialog", name=ana.say("temporary.endHeading"))
    none_of(violations(ana.page))
    sheet.get_by_role("button", name=ana.say("temporary.cancel")).click()
    expect(ana.answers).to_have_count(1)
    mark(ana).get_by_role("button", name=ana.say("temporary.end")).press("Enter")
    sheet.get_by_role("button", name=ana.say("temporary.end")).press("Enter")
    expect(ana.answers).to_have_count(0)
    expect(ana.status.filter(has_text=ana.say("temporary.ended"))).to_be_attached()
    expect(choice(ana)).not_to_be_checked()
    ana.expecting("404")
    ana.go(f"/conversations/{conversation}")
    expect(ana.page.get_by_text(ana.say("chat.missing"))).to_be_visible()


def test_one_is_kept_after_all(window: OpenWindow) -> None:
    marc = window(language="fr", viewport={"width": 360, "height": 740})
    marc.sign_in("marc.lefebvre")
    choice(marc).press("Space")
    marc.ask("Qu’est-ce qu’une commission rogatoire ?")
    none_of(violations(marc.page))
    conversation = marc.conversation
    marc.button("temporary.keep").click()
    expect(mark(marc)).to_have_count(0)
    expect(marc.composer).to_be_focused()
    assert [line["id"] for line in marc.told("/chat")["conversations"]] == [conversation]
