"""Sharing inside the party: up to an answer, read by a colleague, ended at once, taken back."""

from playwright.sync_api import expect

from tests.browser.axe import violations
from tests.browser.conftest import OpenWindow
from tests.browser.window import none_of


def test_a_colleague_reads_up_to_the_answer_until_sharing_ends(window: OpenWindow) -> None:
    ana = window()
    ana.sign_in("ana.silva")
    ana.ask("What is a gentlemen’s agreement?")
    ana.ask("And what is never to be shown?")
    ana.button("share.button").click()
    ana.page.get_by_label(ana.say("share.upTo")).select_option(index=1)
    none_of(violations(ana.page))
    sheet = ana.page.get_by_role("dialog", name=ana.say("share.heading"))
    sheet.get_by_role("button", name=ana.say("share.share"), exact=True).click()
    expect(sheet.get_by_role("status")).to_have_text(ana.say("share.done"))
    none_of(violations(ana.page))
    path = sheet.get_by_role("link", name=ana.say("share.see")).get_attribute("href")
    assert path is not None

    marc = window(language="fr", viewport={"width": 360, "height": 740})
    marc.sign_in("marc.lefebvre")
    marc.go(path)
    expect(marc.page.get_by_text("Partagée par Ana Silva")).to_be_visible()
    passages = marc.page.locator(".passage")
    expect(passages).to_have_count(2)
    expect(passages.first.get_by_role("heading")).to_contain_text("Ana Silva")
    expect(passages.first).to_contain_text("gentlemen’s agreement")
    expect(passages.last.locator(".transcript-facts")).to_contain_text("Claude")
    expect(marc.composer).to_have_count(0)
    none_of(violations(marc.page))

    tess = window()
    tess.sign_in("treasury.user")
    tess.expecting("404")
    tess.go(path)
    expect(tess.page.get_by_text(tess.say("shared.missing"))).to_be_visible()
    none_of(violations(tess.page))

    sheet.get_by_role("button", name=ana.say("share.end")).press("Enter")
    expect(ana.button("undo.button")).to_be_focused()
    expect(sheet.get_by_text(ana.say("share.none"))).to_be_visible()
    none_of(violations(ana.page))
    marc.expecting("409")
    marc.page.reload()
    expect(marc.page.get_by_text(marc.say("shared.ended"))).to_be_visible()
    expect(passages).to_have_count(0)
    none_of(violations(marc.page))

    ana.button("undo.button").press("Enter")
    expect(sheet.get_by_role("link", name=ana.say("share.see"))).to_be_visible()
    marc.page.reload()
    expect(passages).to_have_count(2)
