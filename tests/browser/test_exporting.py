"""Conversations leave as files, are printed, and come in from files."""

import json
import zipfile
from pathlib import Path
from typing import Any

import docx
import pytest
from playwright.sync_api import expect

from tests.browser.axe import violations
from tests.browser.conftest import OpenWindow
from tests.browser.window import Window, none_of
from tests.browser.words import Language
from tests.chat.imports.files import CAPITALS, RIVERS, chatgpt, encoded, message, zipped

PICTURE = {"content_type": "image_asset_pointer", "asset_pointer": "file-service://x"}
PAINTED = chatgpt(
    ("u", None, message("user", PICTURE, "What is this?")),
    ("a", "u", message("assistant", "A **boat**.")),
    title="A picture <script>alert(1)</script>",
    conversation_id="painted",
)
BOTH = encoded([CAPITALS, PAINTED, {"id": "f", "title": "A folder"}])


def taken(window: Window, key: str, folder: Path) -> Path:
    """A file that the browser was handed for a button."""
    with window.page.expect_download() as got:
        window.page.get_by_role("button", name=window.say(key), exact=True).click()
    path = folder / got.value.suggested_filename
    got.value.save_as(path)
    return path


def open_imports(window: Window) -> None:
    window.button("imports.button").click()
    expect(window.page.get_by_role("heading", name=window.say("imports.heading"))).to_be_focused()


def choose(window: Window, name: str, content: bytes) -> None:
    field = window.page.get_by_label(window.say("imports.file"), exact=True)
    file: Any = {"name": name, "mimeType": "application/json", "buffer": content}
    field.set_input_files(file)


def test_a_conversation_leaves_in_each_form(window: OpenWindow, tmp_path: Path) -> None:
    ana = window()
    ana.sign_in("ana.silva")
    ana.ask("What is a demarche?")
    ana.more("export.button")
    expect(ana.page.get_by_role("heading", name=ana.say("export.heading"))).to_be_focused()
    none_of(violations(ana.page))
    markdown = taken(ana, "export.markdown", tmp_path)
    assert "What is a demarche?" in markdown.read_text()
    assert "Vendor: Anthropic" in markdown.read_text()
    expect(ana.page.get_by_text(ana.say("export.done", name=markdown.name))).to_be_visible()
    word = docx.Document(str(taken(ana, "export.word", tmp_path)))
    assert "What is a demarche?" in [one.text for one in word.paragraphs]
    said = json.loads(taken(ana, "export.json", tmp_path).read_text())
    assert said["format"] == "changeover-conversation"
    with ana.page.expect_download() as got:
        ana.page.get_by_role("link", name=ana.say("export.all")).click()
    got.value.save_as(tmp_path / "all.zip")
    with zipfile.ZipFile(tmp_path / "all.zip") as archive:
        assert all(json.loads(archive.read(name))["turns"] for name in archive.namelist())
    ana.page.keyboard.press("Escape")
    expect(ana.button("more.button")).to_be_focused()


@pytest.mark.parametrize(("language", "login"), [("en", "ana.silva"), ("fr", "marc.lefebvre")])
def test_the_print_view_tells_who_answered_and_prints_alone(
    window: OpenWindow, language: Language, login: str
) -> None:
    ana = window(language=language)
    ana.sign_in(login)
    ana.ask("What is a demarche?")
    ana.more("export.button")
    ana.page.get_by_role("link", name=ana.say("export.print")).click()
    expect(ana.page.get_by_role("button", name=ana.say("print.print"))).to_be_visible()
    expect(ana.page.locator(".transcript-facts")).to_contain_text("Anthropic")
    none_of(violations(ana.page))
    ana.page.emulate_media(media="print")
    expect(ana.page.get_by_role("button", name=ana.say("print.print"))).to_be_hidden()
    expect(ana.page.locator("header")).to_be_hidden()
    expect(ana.page.locator(".passage").last).to_be_visible()
    ana.page.emulate_media(media="screen")
    ana.page.get_by_role("link", name=ana.say("print.back")).click()
    expect(ana.answers).to_have_count(1)


@pytest.mark.parametrize("width", [1280, 360])
def test_a_file_is_looked_into_taken_and_taken_back(window: OpenWindow, width: int) -> None:
    ana = window(viewport={"width": width, "height": 800})
    ana.sign_in("ana.silva")
    if width < 960:
        ana.button("conversations.heading").click()
    open_imports(ana)
    none_of(violations(ana.page))
    choose(ana, "conversations.json", BOTH)
    lines = ana.page.get_by_role("list", name=ana.say("imports.choose")).get_by_role("listitem")
    expect(lines).to_have_count(3)
    expect(lines.nth(0)).to_contain_text("Capitals")
    expect(lines.nth(0)).to_contain_text("gpt-4o")
    expect(lines.nth(1)).to_contain_text("A picture <script>alert(1)</script>")
    expect(lines.nth(1)).to_contain_text(ana.say("left.image", count="1"))
    expect(lines.nth(2)).to_contain_text(ana.say("imports.unreadable"))
    none_of(violations(ana.page))
    ana.page.get_by_role("button", name="Import 2 conversations").click()
    expect(ana.page.get_by_text("2 conversations came in.")).to_be_visible()
    none_of(violations(ana.page))
    ana.page.get_by_role("link", name=ana.say("imports.open")).click()
    expect(ana.answer).to_contain_text("Madrid.")
    expect(ana.answer).to_contain_text(ana.say("origin.by", source="ChatGPT"))
    expect(ana.answer).to_contain_text(ana.say("origin.model", model="gpt-4o"))
    expect(ana.page.locator(".stamp-line", has_text="Claude")).to_have_count(0)
    none_of(violations(ana.page))

    # The same file again: all is here. Then back out of it.
    if width < 960:
        ana.button("conversations.heading").click()
    open_imports(ana)
    choose(ana, "conversations.zip", zipped({"conversations.json": BOTH}))
    expect(ana.page.get_by_text(ana.say("imports.nothing"))).to_be_visible()
    ana.button("imports.another").click()
    ana.page.get_by_role(
        "button", name=ana.say("imports.undoOf", file="conversations.json")
    ).click()
    expect(ana.page.get_by_text("2 conversations were removed again.")).to_be_visible()


def test_a_file_that_is_none_is_told_in_french_and_another_is_dropped(window: OpenWindow) -> None:
    marc = window(language="fr")
    marc.expecting("400")
    marc.sign_in("marc.lefebvre")
    open_imports(marc)
    choose(marc, "chat.html", b"<!doctype html>")
    alert = marc.page.get_by_role("dialog").get_by_role("alert")
    expect(alert).to_contain_text("Le fichier n’est pas du JSON.")
    expect(alert).to_contain_text("Choisissez le fichier JSON d’un export, ou son ZIP.")
    none_of(violations(marc.page))
    data = marc.page.evaluate_handle(
        """text => {
            const data = new DataTransfer();
            data.items.add(new File([text], "rivers.json", { type: "application/json" }));
            return data;
        }""",
        encoded([RIVERS]).decode(),
    )
    drop = marc.page.locator(".import-drop")
    drop.dispatch_event("dragover", {"dataTransfer": data})
    drop.dispatch_event("drop", {"dataTransfer": data})
    expect(marc.page.get_by_text("Open WebUI · 3 messages")).to_be_visible()
    marc.page.keyboard.press("Escape")
    expect(marc.button("imports.button")).to_be_focused()


def test_an_imported_conversation_goes_on_with_the_model_that_serves(window: OpenWindow) -> None:
    ana = window()
    ana.sign_in("ana.silva")
    open_imports(ana)
    choose(ana, "rivers.json", encoded(RIVERS))
    ana.page.get_by_role("button", name="Import 1 conversation").click()
    ana.page.get_by_role("link", name=ana.say("imports.open")).click()
    expect(ana.answer).to_contain_text("The Amazon")
    ana.ask("Which one do you mean?")
    seam = ana.page.locator(".seam")
    expect(seam).to_contain_text("Before this, Llama 3 by Open WebUI answered.")
    expect(seam).to_contain_text("The text of all 2 turns before it went along")
    expect(ana.page.locator(".stamp-line").last).to_contain_text("Claude Sonnet 4.5")
    expect(ana.page.locator(".stamp-line").first).to_contain_text("Open WebUI")
