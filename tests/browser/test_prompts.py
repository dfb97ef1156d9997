"""Prompts: kept, filled in, put into a message by menu and slash, shared, removed and back again."""

from playwright.sync_api import Locator, expect

from tests.browser.axe import violations
from tests.browser.conftest import OpenWindow
from tests.browser.window import PASSWORD, Window, none_of
from tests.end_to_end.running import Server

ACCOUNT = ("accounts", "create", "s.quinn", "--name", "Sam Quinn", "--party", "state")


def box(window: Window, key: str) -> Locator:
    return window.page.get_by_role("textbox", name=window.say(key), exact=True)


def chosen(window: Window) -> Locator:
    return window.page.locator(".prompts .prompt")


def keep(window: Window, name: str, text: str) -> None:
    """Keeps a new prompt; the sheet is open."""
    window.button("prompts.new").click()
    box(window, "prompts.name").fill(name)
    box(window, "prompts.text").fill(text)
    none_of(violations(window.page))


def test_a_prompt_is_kept_filled_in_and_put_into_the_message(window: OpenWindow) -> None:
    ana = window()
    ana.sign_in("ana.silva")
    ana.button("prompts.open").click()
    expect(ana.page.get_by_text(ana.say("prompts.none"))).to_be_visible()
    keep(ana, "Sum up", "Sum up {{document}} in {{language}}: {{document}}.")
    ana.button("prompts.save").click()
    expect(chosen(ana)).to_have_count(1)
    none_of(violations(ana.page))
    keep(ana, "Letter", "Write a letter of thanks.")
    ana.button("prompts.save").click()
    expect(chosen(ana)).to_have_count(2)
    ana.page.keyboard.press("Escape")
    expect(ana.button("prompts.open")).to_be_focused()

    # By keyboard alone: a slash, the beginning of a name, Enter.
    ana.composer.focus()
    ana.page.keyboard.type("/")
    find = ana.page.get_by_role("searchbox", name=ana.say("prompts.find"))
    expect(find).to_be_focused()
    ana.page.keyboard.type("sum")
    expect(chosen(ana)).to_have_count(1)
    ana.page.keyboard.press("Enter")
    expect(box_of(ana, "document")).to_be_focused()
    ana.page.keyboard.type("the note")
    none_of(violations(ana.page))
    ana.button("prompts.insert").press("Enter")
    expect(ana.composer).to_be_focused()
    expect(ana.composer).to_have_value("Sum up the note in {{language}}: the note.")

    # Behind what is written a slash is a slash, and the menu adds where the cursor is.
    ana.composer.fill("Please: ")
    ana.page.keyboard.type("/")
    expect(find).to_have_count(0)
    ana.page.keyboard.press("Backspace")
    ana.button("prompts.open").click()
    chosen(ana).filter(has_text="Letter").click()
    expect(ana.composer).to_have_value("Please: Write a letter of thanks.")

    # Escape leaves the slash for whoever wants one.
    ana.composer.fill("")
    ana.page.keyboard.type("/")
    expect(find).to_be_focused()
    ana.page.keyboard.press("Escape")
    expect(ana.composer).to_be_focused()
    expect(ana.composer).to_have_value("/")


def box_of(window: Window, place: str) -> Locator:
    return window.page.get_by_role("textbox", name=place, exact=True)


def test_an_officers_prompt_is_the_partys_until_it_is_removed(
    window: OpenWindow, server: Server
) -> None:
    roles = ("--role", "staff", "--role", "officer", "--password-stdin")
    server.run(*ACCOUNT, *roles, given=f"{PASSWORD}\n")
    sam = window()
    sam.go("/")
    box(sam, "signIn.login").fill("s.quinn")
    sam.page.get_by_label(sam.say("signIn.password"), exact=True).fill(PASSWORD)
    sam.button("signIn.submit").click()
    sam.button("prompts.open").click()
    keep(sam, "Briefing", "Write a briefing on {{country}}.")
    party = sam.told("/chat/prompts")["may_share_in"]["en"]
    shared = sam.page.get_by_role("checkbox", name=sam.say("prompts.share", party=party))
    shared.check()
    sam.button("prompts.save").click()
    expect(sam.page.get_by_text(sam.say("prompts.sharedIn", party=party))).to_be_visible()

    marc = window(language="fr", viewport={"width": 360, "height": 740})
    marc.sign_in("marc.lefebvre")
    marc.button("prompts.open").click()
    expect(chosen(marc)).to_contain_text("Briefing")
    name = marc.say("prompts.editNamed", name="Briefing")
    expect(marc.page.get_by_role("button", name=name)).to_have_count(0)
    none_of(violations(marc.page))
    chosen(marc).click()
    box_of(marc, "country").fill("Malte")
    marc.button("prompts.insert").click()
    expect(marc.composer).to_have_value("Write a briefing on Malte.")

    sam.page.get_by_role("button", name=sam.say("prompts.removeNamed", name="Briefing")).click()
    expect(sam.button("undo.button")).to_be_focused()
    none_of(violations(sam.page))
    assert marc.told("/chat/prompts")["prompts"] == []
    sam.button("undo.button").press("Enter")
    expect(chosen(sam)).to_have_count(1)
    assert len(marc.told("/chat/prompts")["prompts"]) == 1

    sam.page.get_by_role("button", name=sam.say("prompts.editNamed", name="Briefing")).click()
    box(sam, "prompts.name").fill("Country briefing")
    shared.uncheck()
    sam.button("prompts.save").click()
    expect(chosen(sam)).to_contain_text("Country briefing")
    assert marc.told("/chat/prompts")["prompts"] == []
