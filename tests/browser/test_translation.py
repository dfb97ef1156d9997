"""Translation: a text and a document, edited by keyboard, kept, taken away; glossaries; a seam."""

import io
import re
import time
import zipfile
from collections.abc import Sequence
from pathlib import Path

import docx
from playwright.sync_api import FilePayload, Locator, expect

from tests.browser.axe import overflow, violations
from tests.browser.conftest import OpenWindow
from tests.browser.window import Window, none_of
from tests.end_to_end.running import Server
from tests.translation.documents import memo

PATH, GLOSSARIES = "/translations", "/translations/glossaries"
TEXT = "The memo takes effect tomorrow. Please read it.\n\nAll bureaus comply."
FILE = "memo <img src=x onerror=alert(1)>.docx"
HEIGHT = 900
WIDE, NARROW = 1280, 360


def sound(window: Window, what: str) -> None:
    """No fault that axe finds, wide, zoomed and narrow, light and dark; nothing overflows."""
    page, wrong = window.page, []
    before = page.viewport_size
    for width in (WIDE, WIDE // 2, NARROW):
        page.set_viewport_size({"width": width, "height": HEIGHT})
        wrong += [f"{what}, {width} px: overflow: {line}" for line in overflow(page)]
        for scheme in ("light", "dark") if width != WIDE // 2 else ():
            page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
            wrong += [f"{what}, {width} px, {scheme}: {line}" for line in violations(page)]
    assert before is not None
    page.set_viewport_size(before)
    none_of(wrong)


def chosen(window: Window, key: str, name: str, content: bytes) -> None:
    file: FilePayload = {"name": name, "mimeType": "application/octet-stream", "buffer": content}
    with window.page.expect_file_chooser() as chooser:
        window.button(key).click()
    chooser.value.set_files([file])


def into(window: Window, code: str) -> None:
    label = window.say("translations.into")
    window.page.get_by_label(label, exact=True).select_option(code)


def field(window: Window, number: int) -> Locator:
    name = window.say("translation.target", number=str(number))
    return window.page.get_by_role("textbox", name=name, exact=True)


def row(window: Window, number: int) -> Locator:
    name = window.say("translation.segment", number=str(number))
    return window.page.get_by_role("listitem", name=name, exact=True)


def translated(window: Window) -> None:
    """Waits until nothing is being translated any more."""
    done = re.compile(f"^{window.say('translations.state.done')}$")
    expect(window.status.filter(has_text=done)).to_be_visible(timeout=30_000)


def begin(window: Window, text: str, code: str = "fr") -> None:
    into(window, code)
    window.page.get_by_label(window.say("translations.text"), exact=True).fill(text)
    window.button("translations.begin").click()
    translated(window)


def test_a_text_is_translated_edited_by_keyboard_and_kept(window: OpenWindow) -> None:
    ana = window(viewport={"width": WIDE, "height": HEIGHT})
    ana.sign_in("ana.silva", PATH)
    expect(ana.page.get_by_text(ana.say("translations.none"))).to_be_visible()
    into(ana, "fr")
    ana.button("translations.begin").click()
    expect(ana.page.get_by_text(ana.say("translations.nothing"))).to_be_visible()
    sound(ana, "nothing to translate")
    # What was written outlives a reload.
    ana.page.get_by_label(ana.say("translations.text"), exact=True).fill(TEXT)
    ana.page.reload()
    text = ana.page.get_by_label(ana.say("translations.text"), exact=True)
    expect(text).to_have_value(TEXT)
    into(ana, "fr")
    ana.button("translations.begin").press("Enter")
    translated(ana)
    expect(field(ana, 1)).to_have_value("[French] The memo takes effect tomorrow.")
    expect(field(ana, 1)).to_have_attribute("lang", "fr")
    notice = ana.page.get_by_role("region", name=ana.say("translation.notice"))
    expect(notice).to_contain_text("Claude Sonnet 4.5 by Anthropic")
    expect(notice).to_contain_text("a stand-in answered")
    sound(ana, "a text, translated")

    # By keyboard alone: edited, kept when one pauses, approved with the next one at hand.
    field(ana, 1).focus()
    ana.page.keyboard.press("ControlOrMeta+A")
    ana.page.keyboard.type("La note prend effet demain.")
    expect(row(ana, 1)).to_contain_text(ana.say("translation.state.edited"))
    expect(field(ana, 1)).to_be_focused()
    ana.page.keyboard.press("ControlOrMeta+Enter")
    expect(row(ana, 1)).to_contain_text(ana.say("translation.state.approved"))
    expect(field(ana, 2)).to_be_focused()
    expect(notice).to_contain_text("approved by people: 1")
    ana.page.reload()
    expect(field(ana, 1)).to_have_value("La note prend effet demain.")
    # Translated again, what one had written is put back.
    ana.button("translation.again", number="1").click()
    expect(field(ana, 1)).to_have_value("[French] The memo takes effect tomorrow.")
    ana.button("translation.earlier", number="1").click()
    expect(row(ana, 1)).to_contain_text(ana.say("translation.state.edited"))
    ana.button("translation.approve", number="1").click()
    expect(row(ana, 1)).to_contain_text(ana.say("translation.state.approved"))
    ana.page.get_by_label(ana.say("translation.show")).select_option("unapproved")
    expect(row(ana, 1)).to_have_count(0)
    expect(row(ana, 2)).to_be_visible()
    with ana.page.expect_download() as download:
        ana.button("translation.download", form=ana.say("translation.form.text")).click()
    written = Path(download.value.path()).read_text()
    assert written.startswith(
        "La note prend effet demain. [French] Please read it.\n\n[French] All"
    )
    assert "Claude Sonnet 4.5" in written
    _removed_and_brought_back(ana)


def _removed_and_brought_back(ana: Window) -> None:
    ana.link(ana.say("translation.all")).click()
    name = TEXT.split("\n", maxsplit=1)[0]
    remove = ana.page.get_by_role("button", name=ana.say("translations.remove", name=name))
    remove.first.click()
    expect(ana.page.get_by_text(ana.say("translations.none"))).to_be_visible()
    sound(ana, "removed")
    ana.button("undo.button").click()
    expect(remove.first).to_be_visible()


def test_a_document_goes_from_right_to_left_and_comes_back_whole(
    window: OpenWindow, tmp_path: Path
) -> None:
    marc = window(language="fr", viewport={"width": NARROW, "height": HEIGHT})
    marc.sign_in("marc.lefebvre", PATH)
    into(marc, "ar")
    # What cannot be read says why, and leaves the form as it is.
    marc.expecting("400")
    for name, content, words in (
        ("vide.docx", b"", "vide.docx est vide."),
        ("abîmé.docx", b"PK\x03\x04 nothing", "abîmé.docx est endommagé"),
    ):
        chosen(marc, "translations.chooseFile", name, content)
        marc.button("translations.begin").click()
        expect(marc.page.get_by_role("alert").filter(has_text=words)).to_be_visible()
    sound(marc, "refused")
    chosen(marc, "translations.chooseFile", FILE, memo())
    marc.button("translations.begin").click()
    translated(marc)
    expect(marc.page.get_by_role("heading", level=1)).to_have_text(FILE)
    expect(field(marc, 2)).to_have_attribute("dir", "rtl")
    expect(field(marc, 2)).to_have_attribute("lang", "ar")
    original = row(marc, 2).locator(".segment-source")
    expect(original).to_have_attribute("dir", "ltr")
    expect(original).to_have_text("This memo takes effect <1/><2>tomorrow</2><3/>.<4/>")
    # Stacked: the translation stands below its original.
    above, below = original.bounding_box(), field(marc, 2).bounding_box()
    assert above is not None
    assert below is not None
    assert above["y"] + above["height"] <= below["y"]
    sound(marc, "a document")
    marc.page.screenshot(path=tmp_path / "document.png")

    # A lost note is refused, and what was written stays in its field.
    field(marc, 2).fill("بدون ملاحظة")
    expect(row(marc, 2).get_by_role("alert")).to_contain_text("La balise <1/> manque")
    sound(marc, "a lost tag")
    expect(field(marc, 2)).to_have_value("بدون ملاحظة")
    marc.page.reload()
    with marc.page.expect_download() as download:
        marc.button("translation.download", form="Word").click()
    document = docx.Document(io.BytesIO(Path(download.value.path()).read_bytes()))
    assert document.paragraphs[0].text == "[Arabic] Memo on models"
    assert [comment.text for comment in document.comments] == ["[Arabic] Check the date."]
    assert "Claude Sonnet 4.5" in document.paragraphs[-1].text
    assert "MachineTranslation" in _part(download.value.path(), "docProps/custom.xml")


def _part(path: str | Path, name: str) -> str:
    with zipfile.ZipFile(path) as archive:
        return archive.read(name).decode()


def test_a_glossary_is_approved_before_it_counts(window: OpenWindow) -> None:
    ana = window(viewport={"width": WIDE, "height": HEIGHT})
    ana.sign_in("ana.silva", GLOSSARIES)
    name = ana.page.get_by_label(ana.say("glossaries.name"), exact=True)
    name.fill("House <b>words</b>")
    chosen(ana, "glossaries.chooseFile", "bad.csv", b"en,fr\nmemo,note\nMemo,circulaire\nonly\n")
    ana.button("glossaries.take").click()
    faults = ana.page.get_by_role("alert").filter(has_text="Row 3")
    expect(faults).to_contain_text("“Memo” is “circulaire” here and “note” in row 2")
    expect(faults).to_contain_text("Row 4")
    sound(ana, "a glossary with faults")
    chosen(ana, "glossaries.chooseFile", "good.csv", b"en;fr\nmemo;note de service\n")
    ana.button("glossaries.take").click()
    expect(ana.status.filter(has_text="1 term.")).to_be_visible()
    proposed = ana.page.get_by_role("listitem").filter(has_text="House <b>words</b>")
    expect(proposed).to_contain_text("Proposed by Ana Silva")
    sound(ana, "a proposal")

    admin = window(viewport={"width": NARROW, "height": HEIGHT})
    admin.sign_in("admin", GLOSSARIES)
    admin.button("glossaries.approve", name="House <b>words</b>").click()
    expect(admin.page.get_by_text("Approved by Alex Admin")).to_be_visible()
    sound(admin, "approved")
    ana.go(PATH)
    begin(ana, TEXT)
    expect(field(ana, 1)).to_have_value("[French] The note de service takes effect tomorrow.")
    expect(ana.page.get_by_text("House <b>words</b>")).to_be_visible()
    admin.button("glossaries.remove", name="House <b>words</b>").click()
    admin.button("undo.button").click()
    expect(admin.page.get_by_text("Proposed by Ana Silva")).to_be_visible()


def _settled(server: Server) -> Sequence[object]:
    """The ledger's calls once no more of them are on their way there."""
    calls = server.ledger_calls()
    time.sleep(0.5)
    later = server.ledger_calls()
    return later if len(later) == len(calls) else _settled(server)


def test_after_an_order_another_model_goes_on_and_both_are_named(
    window: OpenWindow, server: Server, tmp_path: Path
) -> None:
    ana = window(viewport={"width": WIDE, "height": HEIGHT})
    ana.sign_in("ana.silva", PATH)
    begin(ana, TEXT)
    before = len(_settled(server))
    server.run("scenario", "play", "--until", "2026-03-03")
    ana.button("translation.again", number="2").click()
    seam = ana.say("translation.seam", model="GPT-4.1", before="Claude Sonnet 4.5")
    expect(ana.page.locator(".segment-seam").first).to_contain_text(seam)
    notice = ana.page.get_by_role("region", name=ana.say("translation.notice"))
    expect(notice).to_contain_text("Claude Sonnet 4.5 by Anthropic")
    expect(notice).to_contain_text("then GPT-4.1 by OpenAI")
    expect(notice.get_by_role("link").first).to_be_visible()
    # Each batch is a call like every other: in the ledger, with its service and its route.
    call = server.calls_when(before + 1)[-1]
    assert (call["service"], call["slot"]) == ("statechat", "chat")
    assert call["route"] == "openai/gpt-4.1@openai"
    sound(ana, "a seam")
    ana.page.screenshot(path=tmp_path / "seam.png", full_page=True)
