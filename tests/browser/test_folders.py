"""Folders: made, filled by menu and keyboard, found, renamed, removed, and all of it undone."""

from playwright.sync_api import Locator, expect

from tests.browser.axe import violations
from tests.browser.conftest import OpenWindow
from tests.browser.window import Window, none_of


def folder(window: Window, name: str) -> Locator:
    return window.page.locator("details.folder", has_text=name)


def undo(window: Window, where: str = ".talk") -> Locator:
    button = window.page.locator(where).get_by_role("button", name=window.say("undo.button"))
    return button.and_(window.page.locator(".undo-line button:not(.quiet)"))


def test_a_conversation_is_filed_found_with_its_folder_and_taken_back(window: OpenWindow) -> None:
    ana = window()
    ana.sign_in("ana.silva")
    ana.ask("What is an exequatur?")
    first = ana.conversation
    ana.more("move.button")
    ana.page.get_by_role("radio", name=ana.say("move.new")).check()
    ana.page.get_by_role("textbox", name=ana.say("folders.name")).fill("Consuls")
    none_of(violations(ana.page))
    ana.button("move.move").click()
    expect(ana.status).to_have_text(ana.say("move.moved", name="Consuls"))
    expect(ana.button("more.button")).to_be_focused()
    consuls = folder(ana, "Consuls")
    expect(consuls.locator("summary")).to_have_text("Consuls (1)")
    expect(consuls.locator("li a")).to_have_attribute("href", f"/conversations/{first}")
    none_of(violations(ana.page))

    # By keyboard alone, and back.
    undo(ana).press("Enter")
    expect(ana.status).to_have_text(ana.say("move.back"))
    expect(consuls.locator("summary")).to_have_text("Consuls (0)")
    ana.page.keyboard.press("Alt+Shift+O")
    chosen = ana.page.get_by_role("radio", name=ana.say("move.none"))
    expect(chosen).to_be_checked()
    ana.page.keyboard.press("Tab")
    expect(chosen).to_be_focused()
    ana.page.keyboard.press("ArrowDown")
    ana.page.keyboard.press("Enter")
    expect(consuls.locator("summary")).to_have_text("Consuls (1)")

    ana.page.get_by_role("searchbox").fill("exequatur")
    expect(ana.page.locator(".found li").first).to_contain_text(
        ana.say("folders.in", name="Consuls")
    )
    none_of(violations(ana.page))


def test_a_folder_is_renamed_removed_and_brought_back(window: OpenWindow) -> None:
    marc = window(language="fr", viewport={"width": 360, "height": 740})
    marc.sign_in("marc.lefebvre")
    marc.ask("Qu’est-ce qu’un agrément ?")
    marc.page.keyboard.press("Alt+Shift+O")
    marc.page.get_by_role("radio", name=marc.say("move.new")).check()
    marc.page.get_by_role("textbox", name=marc.say("folders.name")).fill("Visites")
    marc.button("move.move").click()
    expect(marc.status).to_have_text(marc.say("move.moved", name="Visites"))

    marc.button("conversations.heading").click()
    folder(marc, "Visites").get_by_role(
        "button", name=marc.say("folders.renameNamed", name="Visites")
    ).click()
    name = marc.page.get_by_role("textbox", name=marc.say("folders.name"))
    expect(name).to_have_value("Visites")
    name.fill("Visites 2026")
    marc.button("folders.save").click()
    visits = folder(marc, "Visites 2026")
    expect(visits.locator("summary")).to_have_text("Visites 2026 (1)")
    none_of(violations(marc.page))

    marc.button("folders.new").click()
    name.fill("visites 2026")
    marc.expecting("409")
    marc.button("folders.save").click()
    expect(marc.page.get_by_role("alert").get_by_text("Vous avez déjà un dossier")).to_be_visible()
    none_of(violations(marc.page))
    marc.page.keyboard.press("Escape")

    visits.get_by_role("button", name=marc.say("folders.removeNamed", name="Visites 2026")).click()
    expect(undo(marc, "dialog .conversations")).to_be_focused()
    expect(visits).to_have_count(0)
    expect(marc.page.locator(".conversations > ul > li a")).to_have_count(1)
    none_of(violations(marc.page))
    undo(marc, "dialog .conversations").press("Enter")
    expect(visits.locator("summary")).to_have_text("Visites 2026 (1)")
    expect(marc.button("folders.new")).to_be_focused()
