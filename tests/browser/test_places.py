"""Conversations kept at hand, and put out of the way."""

from playwright.sync_api import expect

from tests.browser.axe import violations
from tests.browser.conftest import OpenWindow
from tests.browser.window import none_of


def test_a_conversation_is_pinned_archived_and_brought_back(window: OpenWindow) -> None:
    ana = window()
    ana.sign_in("ana.silva")
    ana.ask("What is a demarche?")
    first = ana.conversation
    ana.link(ana.say("conversations.new")).click()
    ana.ask("Who sends a note verbale?")
    links = ana.page.locator(".conversations li a")
    expect(links).to_have_count(2)

    ana.go(f"/conversations/{first}")
    ana.more("place.pin")
    expect(ana.status).to_have_text(ana.say("place.pinned"))
    pinned = ana.page.get_by_role("heading", name=ana.say("conversations.pinned"))
    expect(pinned).to_be_visible()
    expect(links.first).to_have_attribute("href", f"/conversations/{first}")
    expect(ana.button("more.button")).to_be_focused()
    none_of(violations(ana.page))

    ana.more("place.archive")
    expect(ana.status).to_have_text(ana.say("place.archived"))
    expect(pinned).to_have_count(0)
    archived = ana.page.locator(".conversations details")
    expect(archived.locator("summary")).to_have_text(ana.say("conversations.archived", count="1"))
    expect(archived.locator("a")).to_have_attribute("href", f"/conversations/{first}")
    expect(ana.button("more.button")).to_be_focused()
    ana.page.keyboard.press("Enter")
    expect(ana.button("place.unarchive")).to_be_visible()
    expect(ana.button("place.pin")).to_have_count(0)
    none_of(violations(ana.page))
    ana.page.keyboard.press("Escape")
    expect(ana.button("place.unarchive")).to_be_hidden()
    expect(ana.button("more.button")).to_be_focused()
    # It is as it was, and can be written in.
    ana.ask("And who receives it?")
    none_of(violations(ana.page))
    ana.more("place.unarchive")
    expect(ana.status).to_have_text(ana.say("place.unarchived"))
    expect(archived).to_have_count(0)
    expect(links).to_have_count(2)
