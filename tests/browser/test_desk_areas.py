"""The desk's areas as officers find them: readable at every width, in both languages."""

import json
import re
from pathlib import Path

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.conftest import OpenWindow
from tests.browser.test_accessibility import found
from tests.browser.test_french import english
from tests.browser.window import Window, none_of
from tests.end_to_end.running import ROOT, Server
from tests.intake.formats.made import pdf


@pytest.fixture(scope="module")
def april(server: Server) -> Server:
    """The scenario played to 10 April."""
    server.run("scenario", "play", "--until", "2026-04-10T12:00")
    return server


def report(one: Window, kind: str, form: str) -> Locator:
    name = f"{one.say(f'compliance.export.{kind}')}, {one.say(f'compliance.form.{form}')}"
    return one.page.get_by_role("button", name=name, exact=True)


def test_terms_are_read_narrowed_and_taken_in_as_odrl(
    window: OpenWindow, april: Server, tmp_path: Path
) -> None:
    one, other, wrong = window(), window(language="fr"), []
    one.sign_in("m.okafor", "/desk/terms")
    rows = one.page.get_by_role("table").first.locator("tbody tr")
    expect(rows).not_to_have_count(0)
    wrong += found(one, "terms")
    one.page.get_by_label(one.say("terms.fit"), exact=True).select_option("forbidden")
    expect(one.page.get_by_text(one.say("terms.noFits"))).to_be_visible()
    with one.page.expect_download() as download:
        one.page.get_by_role("button", name=re.compile("^Export as ODRL .*OpenAI")).click()
    policy = tmp_path / "policy.jsonld"
    download.value.save_as(policy)
    assert json.loads(policy.read_text())["@type"] == "Offer"
    one.page.get_by_label(one.say("terms.file")).set_input_files(policy)
    one.link(one.say("terms.toDraft")).click()
    expect(one.page.get_by_text(one.say("drafts.saving.saved"))).to_be_visible()
    other.sign_in("l.tremblay", "/desk/terms")
    expect(other.page.get_by_role("table").first).to_be_visible()
    wrong += english(other, "terms")
    none_of(wrong)


def test_the_inbox_leads_to_where_each_thing_is_done(window: OpenWindow, april: Server) -> None:
    one, other, wrong = window(), window(language="fr"), []
    one.sign_in("m.okafor", "/desk")
    finding = one.link(one.say("inbox.kind.finding")).first
    expect(finding).to_be_visible()
    expect(one.page).to_have_title(re.compile(r"^\(\d+\) "))
    wrong += found(one, "inbox")
    finding.click()
    expect(one.button("drafts.act.find")).to_be_enabled()
    other.sign_in("l.tremblay", "/desk")
    expect(other.link(other.say("inbox.kind.held")).first).to_be_visible()
    wrong += english(other, "inbox", "/desk/inbox")
    none_of(wrong)


def test_the_board_as_picture_and_table_now_and_then(window: OpenWindow, april: Server) -> None:
    one, other, wrong = window(), window(language="fr"), []
    one.sign_in("m.okafor", "/desk/board")
    pictures = one.page.get_by_role("img", name=re.compile("winding down"))
    expect(pictures).not_to_have_count(0)
    wrong += found(one, "board")
    one.page.get_by_label(one.say("board.status"), exact=True).select_option("stayed")
    expect(one.page.locator(".timelines li")).to_have_count(2)
    one.button("board.asTable").focus()
    one.page.keyboard.press("Enter")
    row = one.page.get_by_role("row", name=re.compile("Order to stop working"))
    expect(row).to_contain_text("deadline 27 August 2026")
    wrong += found(one, "board as a table")
    one.page.get_by_label(one.say("board.at"), exact=True).fill("2026-03-01")
    expect(one.page.get_by_text(one.say("board.none"))).to_be_visible()
    other.sign_in("l.tremblay", "/desk/board")
    expect(other.page.locator(".timelines li").first).to_be_visible()
    wrong += english(other, "board", "/desk/board")
    none_of(wrong)


def test_an_orders_page_tells_its_status_on_any_day(window: OpenWindow, april: Server) -> None:
    one, other, wrong = window(), window(language="fr"), []
    one.sign_in("m.okafor")
    one.go("/orders/president-order")
    day = one.page.get_by_label(one.say("overTime.on"), exact=True)
    day.fill("2026-03-01")
    then = one.page.get_by_role("status").filter(has_text="On 1 March 2026:")
    expect(then).to_contain_text(one.say("instruments.winding-down"))
    wrong += found(one, "order over time")
    one.link(one.say("canBeDone.act")).click()
    expect(one.button("drafts.act.stay")).to_be_enabled()
    other.sign_in("l.tremblay")
    other.go("/orders/district-court-ruling")
    expect(other.page.get_by_text(other.say("deeds.heading"))).to_be_visible()
    wrong += english(other, "a ruling", "/orders/district-court-ruling")
    none_of(wrong)


def test_a_document_is_reviewed_beside_its_drafts(window: OpenWindow, april: Server) -> None:
    one, other, wrong = window(), window(language="fr"), []
    one.sign_in("m.okafor", "/desk/documents")
    expect(one.page.get_by_text(one.say("documents.none"))).to_be_visible()
    report = ROOT / "scenarios/statechat/reports/2026-03-02-report.en.md"
    one.page.get_by_label(one.say("documents.files")).set_input_files(report)
    drafts = one.page.locator(".read-draft")
    expect(drafts).not_to_have_count(0)
    wrong += found(one, "a document")
    drafts.first.get_by_role("button", name=re.compile("^Show its words")).click()
    expect(one.page.locator("mark:focus")).to_have_class(re.compile("pointed"))
    drafts.first.get_by_role("button", name=one.say("documents.notAnOrder"), exact=True).click()
    settled = one.say("documents.verdict.not-an-order", name="Mary Okafor")
    expect(drafts.first).to_contain_text(settled)
    drafts.first.get_by_role("button", name=one.say("documents.undo"), exact=True).click()
    accept = drafts.first.get_by_role("button", name=one.say("documents.accept"), exact=True)
    drafts.first.get_by_role("button", name=re.compile("^Merge")).click()
    expect(one.page.get_by_role("dialog")).to_be_visible()
    wrong += found(one, "merging")
    one.page.keyboard.press("Escape")
    other.sign_in("l.tremblay", one.page.url.removeprefix(one.url.rstrip("/")))
    expect(other.page.locator(".read-draft").first).to_be_visible()
    wrong += english(other, "a document")
    accept.click()
    expect(one.page.get_by_text(one.say("drafts.saving.saved"))).to_be_visible()
    none_of(wrong)


def test_reach_as_picture_table_and_csv(window: OpenWindow, april: Server, tmp_path: Path) -> None:
    one, other, wrong = window(), window(language="fr"), []
    one.sign_in("m.okafor", "/desk/reach")
    one.page.get_by_label(one.say("reach.of"), exact=True).select_option("anthropic")
    expect(one.page.get_by_role("table").first).to_contain_text("Defence analysis")
    expect(one.page.locator(".reach-picture")).to_be_visible()
    wrong += found(one, "reach")
    with one.page.expect_download() as download:
        one.button("reach.csv").click()
    download.value.save_as(tmp_path / "reach.csv")
    assert (tmp_path / "reach.csv").read_text("utf-8-sig").startswith("party,service,slot")
    assert "of=anthropic" in one.page.url
    other.sign_in("l.tremblay", "/desk/reach?of=openai")
    expect(other.page.get_by_role("table").first).to_be_visible()
    wrong += english(other, "reach", "/desk/reach?of=openai")
    none_of(wrong)


def test_compliance_observed_stated_attested_and_left(
    window: OpenWindow, april: Server, tmp_path: Path
) -> None:
    one, other, wrong = window(), window(language="fr"), []
    one.expecting("400", "409")
    one.sign_in("m.okafor", "/desk/compliance?order=designation-b")
    board = one.page.get_by_role("table").first
    expect(board).to_contain_text("Defence contractor")
    wrong += found(one, "compliance")
    register = tmp_path / "uses.csv"
    register.write_text("party,use,vendor\nnobody,x,anthropic\n")
    one.page.get_by_text(one.say("compliance.import"), exact=True).click()
    one.page.get_by_label(one.say("compliance.csv")).set_input_files(register)
    expect(one.page.get_by_text("There is no party 'nobody'")).to_be_visible()
    expect(one.button("compliance.importYes")).to_be_disabled()
    register = tmp_path / "mended.csv"
    register.write_text("party,use,vendor,count\nstate,Seats,anthropic,40\n")
    one.page.get_by_label(one.say("compliance.csv")).set_input_files(register)
    one.button("compliance.importYes").click()
    expect(one.page.get_by_role("table", name=re.compile("stated use"))).to_contain_text("40")
    wrong += found(one, "compliance with a stated use")
    one.button("compliance.undoImport").click()
    expect(one.page.get_by_text(one.say("compliance.noUses"))).to_be_visible()
    one.page.get_by_text(one.say("compliance.ask"), exact=True).click()
    asked = one.page.get_by_label(re.compile("^Party"))
    asked.first.select_option("defence")
    one.page.get_by_label(re.compile("^Due")).fill("2026-05-01")
    one.button("compliance.askYes").click()
    one.button("compliance.sign").click()
    dialog = one.page.get_by_role("dialog")
    dialog.get_by_label(re.compile("^Name")).fill("Chief of staff")
    dialog.get_by_label(re.compile("^As of")).fill("2026-04-01")
    wrong += found(one, "signing")
    dialog.get_by_role("button", name=one.say("compliance.signYes")).click()
    expect(one.page.get_by_text(one.say("compliance.notContradicted"))).to_be_visible()
    preserve = one.page.get_by_role("button", name=re.compile("^Done Legal holds"))
    preserve.click()
    expect(preserve).to_have_count(0)
    with one.page.expect_download() as download:
        report(one, "inventory", "csv").click()
    download.value.save_as(tmp_path / "inventory.csv")
    assert (tmp_path / "inventory.csv").read_bytes().startswith(b"\xef\xbb\xbfagency,")
    with one.page.expect_download() as download:
        report(one, "status", "word").click()
    assert download.value.suggested_filename == "status-designation-b-en.docx"
    other.sign_in("l.tremblay", "/desk/compliance?order=designation-b")
    expect(other.page.get_by_role("table").first).to_be_visible()
    wrong += english(other, "compliance", "/desk/compliance?order=designation-b")
    none_of(wrong)


def test_a_later_edit_of_a_post_is_shown_beside_the_first(
    window: OpenWindow, april: Server, tmp_path: Path
) -> None:
    one, wrong = window(), []
    one.sign_in("m.okafor", "/desk/documents")
    for words in ("The agency stops using Claude on Friday.", "The agency stops on Monday."):
        post = tmp_path / "post.txt"
        post.write_text(f"{words}\nThank you.\n")
        one.go("/desk/documents")
        address = one.page.get_by_label(one.say("documents.addressField"))
        address.fill("https://posts.example/7")
        one.page.get_by_label(one.say("documents.accountField")).fill("@agency")
        one.page.get_by_label(one.say("documents.files")).set_input_files(post)
        expect(one.page.get_by_text("https://posts.example/7")).to_be_visible()
    expect(one.page.get_by_text("@agency")).to_be_visible()
    one.page.get_by_role("button", name=re.compile(one.say("documents.compare"))).click()
    expect(one.page.get_by_role("deletion")).to_have_text(re.compile("Friday"))
    expect(one.page.get_by_role("insertion")).to_have_text(re.compile("Monday"))
    wrong += found(one, "what changed in a post")
    with one.page.expect_download() as downloading:
        one.button("documents.original").click()
    kept = tmp_path / "kept.txt"
    downloading.value.save_as(kept)
    assert kept.read_text() == "The agency stops on Monday.\nThank you.\n"
    none_of(wrong)


def test_a_pdf_is_read_by_its_pages_and_a_scan_says_what_to_do(
    window: OpenWindow, april: Server, tmp_path: Path
) -> None:
    order, scan = tmp_path / "order.pdf", tmp_path / "scan.pdf"
    words = "The President ordered the Treasury Department to stop using Gemini."
    order.write_bytes(pdf([["2 March 2026", "What came before."], [words]]))
    scan.write_bytes(pdf([[]]))
    one, wrong = window(language="fr"), []
    one.sign_in("l.tremblay", "/desk/documents")
    one.page.get_by_label(one.say("documents.files")).set_input_files([order, scan])
    taken = one.page.locator("ul.lines li")
    expect(taken.nth(0)).to_contain_text(one.say("documents.taking.done"))
    expect(taken.nth(1)).to_contain_text(one.say("documents.taking.unread"))
    one.link("scan.pdf").first.click()
    expect(one.page.get_by_text(re.compile("ocrmypdf"))).to_be_visible()
    expect(one.page.locator("main [lang=en]")).to_have_count(0)
    wrong += found(one, "a scan")
    one.go("/desk/documents")
    one.link("order.pdf").first.click()
    quoted = one.page.locator(".read-draft").first
    expect(quoted).to_contain_text(words)
    expect(quoted).to_contain_text(one.say("documents.page", page="2"))
    wrong += found(one, "a document with pages")
    none_of(wrong)


def test_orders_propose_holds_and_parties_have_rules(window: OpenWindow, april: Server) -> None:
    one, wrong = window(), []
    one.sign_in("m.okafor", "/desk")
    one.link(one.say("inbox.kind.hold")).first.click()
    proposed = one.page.get_by_role("button", name=re.compile("^Begin the hold because of"))
    expect(proposed).not_to_have_count(0)
    count = proposed.count()
    wrong += found(one, "records")
    proposed.first.click()
    sheet = one.page.get_by_role("dialog")
    sheet.get_by_label(one.say("records.name")).fill("26-0")
    sheet.get_by_label(one.say("records.why")).fill("26-1")
    wrong += found(one, "a new hold")
    sheet.get_by_role("button", name=one.say("records.hold"), exact=True).click()
    expect(proposed).to_have_count(count - 1)
    one.page.get_by_role("button", name=re.compile("^No hold because of")).first.click()
    sheet.get_by_label(one.say("records.why")).fill("26-3")
    sheet.get_by_role("button", name=one.say("records.decline"), exact=True).click()
    expect(proposed).to_have_count(count - 2)
    one.page.get_by_role("button", name=re.compile("^End the hold")).click()
    sheet.get_by_label(one.say("records.why")).fill("26-2")
    sheet.get_by_role("button", name=one.say("records.end"), exact=True).click()
    ended = re.compile(f"^{one.say('records.hasEnded')}")
    expect(one.page.get_by_role("cell", name=ended)).to_be_visible()

    one.button("records.newRule").click()
    sheet.get_by_label(one.say("records.party")).select_option("state")
    sheet.get_by_label(one.say("records.daysLabel")).fill("a year")
    one.button("records.save").click()
    expect(sheet.get_by_text(one.say("records.daysWrong"))).to_be_visible()
    sheet.get_by_label(one.say("records.daysLabel")).fill("365")
    one.button("records.save").click()
    days = one.page.get_by_role("cell", name=one.say("records.days", count="365"))
    expect(days).to_be_visible()
    one.page.get_by_role("button", name=re.compile("^Take away the rule of")).click()
    expect(days).to_have_count(0)
    one.button("undo.button").last.click()
    expect(days).to_be_visible()

    none_of(wrong)


def test_whom_a_hold_reaches_removes_nothing_until_it_has_ended(
    window: OpenWindow, april: Server
) -> None:
    one, other, ana, wrong = window(), window(language="fr"), window(), []
    one.sign_in("m.okafor", "/desk/records")
    one.button("records.newHold").click()
    sheet = one.page.get_by_role("dialog")
    sheet.get_by_label(one.say("records.name")).fill("Bordereaux")
    sheet.get_by_label(one.say("records.why")).fill("26-1")
    sheet.get_by_role("checkbox", name="Department of State").check()
    sheet.get_by_role("button", name=one.say("records.hold"), exact=True).click()
    end = one.button("records.endNamed", name="Bordereaux")
    expect(end).to_be_visible()
    ana.expecting("409")
    ana.sign_in("ana.silva")
    ana.ask("What is a bordereau?")
    ana.more("remove.button")
    expect(ana.page.get_by_role("alert").get_by_text(re.compile("legal hold"))).to_be_visible()
    ana.button("rating.helpful").click()
    expect(ana.status).to_have_text(ana.say("rating.thanks"))

    end.click()
    sheet.get_by_label(one.say("records.why")).fill("26-2")
    sheet.get_by_role("button", name=one.say("records.end"), exact=True).click()
    expect(end).to_have_count(0)
    ana.more("remove.button")
    expect(ana.page.get_by_role("heading", level=1)).to_have_text(ana.say("conversations.new"))
    ana.button("undo.button").click()

    one.link(one.say("feedback.heading")).click()
    expect(one.page.get_by_role("table")).to_be_visible()
    wrong += found(one, "feedback")
    for path in ("/desk/records", "/desk/records/feedback"):
        if path == "/desk/records":
            other.sign_in("l.tremblay", path)
        else:
            other.go(path)
        expect(other.page.get_by_role("table").first).to_be_visible()
        wrong += english(other, path)
    none_of(wrong)
