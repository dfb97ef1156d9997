"""The chat's keyboard shortcuts and the list of them."""

from playwright.sync_api import expect

from tests.browser.axe import violations
from tests.browser.conftest import OpenWindow
from tests.browser.window import none_of


def test_shortcuts_do_what_the_list_says(window: OpenWindow) -> None:
    ana = window()
    ana.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    ana.sign_in("ana.silva")
    keys = ana.page.keyboard

    expect(ana.composer).to_be_focused()
    keys.press("Control+/")
    sheet = ana.page.get_by_role("dialog", name=ana.say("shortcuts.heading"))
    expect(sheet).to_be_visible()
    for name in ("new", "field", "previous", "next", "copy", "again", "edit", "help"):
        expect(sheet.get_by_role("rowheader", name=ana.say(f"shortcuts.{name}"))).to_be_visible()
    none_of(violations(ana.page))
    # What stands below a dialogue is left alone.
    keys.press("Alt+Shift+N")
    expect(sheet).to_be_visible()
    keys.press("Escape")
    expect(sheet).to_be_hidden()
    expect(ana.composer).to_be_focused()

    ana.ask("What is a demarche?")
    ana.ask("Who sends it?")
    keys.press("Alt+Shift+ArrowUp")
    expect(ana.answers.nth(1)).to_be_focused()
    keys.press("Alt+Shift+ArrowUp")
    expect(ana.answers.nth(0)).to_be_focused()
    keys.press("Alt+Shift+ArrowDown")
    expect(ana.answers.nth(1)).to_be_focused()
    keys.press("Alt+Shift+C")
    expect(ana.status).to_have_text(ana.say("prose.copied"))
    copied = ana.page.evaluate("navigator.clipboard.readText()")
    assert copied == ana.turns()[-1]["text"] != ""

    keys.press("Alt+Shift+E")
    expect(ana.composer).to_have_value("Who sends it?")
    keys.press("Escape")
    expect(ana.composer).to_have_value("")
    keys.press("Alt+Shift+A")
    expect(ana.answer).to_contain_text(ana.say("turn.placeOf", place="2", of="2"))
    ana.whole()
    keys.press("Alt+Shift+N")
    expect(ana.page).to_have_url(ana.url)
    expect(ana.composer).to_be_focused()
    ana.page.get_by_role("link", name=ana.say("conversations.new"), exact=True).focus()
    keys.press("Alt+Shift+M")
    expect(ana.composer).to_be_focused()


def test_the_list_opens_from_the_page_too(window: OpenWindow) -> None:
    ana = window()
    ana.sign_in("ana.silva")
    ana.button("shortcuts.open").click()
    sheet = ana.page.get_by_role("dialog", name=ana.say("shortcuts.heading"))
    expect(sheet.locator("kbd", has_text="Shift").first).to_be_visible()
    ana.button("shortcuts.close").click()
    expect(ana.button("shortcuts.open")).to_be_focused()
