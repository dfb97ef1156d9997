"""Conversations kept at hand, and put out of the way."""

import re

from playwright.sync_api import expect

from tests.browser.axe import violations
from tests.browser.conftest import OpenWindow
from tests.browser.window import none_of, words


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


def test_a_conversation_is_removed_and_brought_back_by_undo_and_from_the_list(
    window: OpenWindow,
) -> None:
    ana = window()
    ana.sign_in("ana.silva")
    ana.ask("What is a legate?")
    # Its title is a model's, which comes after the answer.
    heading = ana.page.get_by_role("heading", level=1)
    expect(heading).not_to_have_text(re.compile("legate"))
    title = words(heading.inner_text())
    links = ana.page.locator(f".conversations li a[href='/conversations/{ana.conversation}']")
    ana.more("remove.button")
    expect(ana.status).to_have_text(ana.say("remove.done", title=title))
    expect(links).to_have_count(0)
    none_of(violations(ana.page))
    ana.button("undo.button").click()
    expect(ana.status).to_have_text(ana.say("remove.back", title=title))
    links.click()
    ana.more("remove.button")
    expect(links).to_have_count(0)

    ana.page.reload()
    ana.button("removed.button").click()
    none_of(violations(ana.page))
    ana.button("removed.bringBackNamed", title=title).click()
    expect(ana.page.get_by_text(ana.say("removed.back", title=title))).to_be_visible()
    expect(ana.page.get_by_text(ana.say("removed.none"))).to_be_visible()
    ana.page.keyboard.press("Escape")
    expect(ana.button("removed.button")).to_be_focused()
    expect(links).to_have_count(1)


def test_what_one_says_of_an_answer_is_kept_changed_and_taken_back(window: OpenWindow) -> None:
    ana = window()
    ana.sign_in("ana.silva")
    ana.ask("What is a nuncio?")
    ana.button("rating.not-helpful").click()
    expect(ana.status).to_have_text(ana.say("rating.thanks"))
    ana.button("rating.why").click()
    none_of(violations(ana.page))
    ana.page.get_by_label(ana.say("rating.words")).fill("It says nothing of nuncios.")
    ana.button("rating.save").click()
    expect(ana.button("rating.changeWhy")).to_be_focused()
    ana.page.reload()
    expect(ana.button("rating.not-helpful")).to_have_attribute("aria-pressed", "true")
    ana.button("rating.changeWhy").click()
    field = ana.page.get_by_label(ana.say("rating.words"))
    expect(field).to_have_value("It says nothing of nuncios.")
    ana.page.keyboard.press("Escape")
    ana.button("rating.not-helpful").click()
    expect(ana.status).to_have_text(ana.say("rating.takenBack"))
    expect(ana.button("rating.changeWhy")).to_have_count(0)
    none_of(violations(ana.page))
