"""A collection: made, filled, asked by a colleague, taken away and brought back; pictures too."""

import io
from pathlib import Path

from PIL import Image
from playwright.sync_api import FilePayload, Locator, expect

from tests.browser.axe import overflow, violations
from tests.browser.conftest import OpenWindow
from tests.browser.window import Window, none_of

NAME = "House <b>rules</b>"
FILE = "annex<img src=x onerror=alert(1)>.md"
TEXT = (
    "# Stationnement\n\nLe garage de l'annexe ferme à dix heures du soir. Le portier garde les clés.\n\n"
    "# Parking\n\nThe garage of the annex closes at ten in the evening. Keys are with the porter.\n"
)


def picture() -> bytes:
    written = io.BytesIO()
    Image.new("RGB", (60, 40), "navy").save(written, "PNG")
    return written.getvalue()


def text(name: str, words: bytes, kind: str = "text/markdown") -> FilePayload:
    return {"name": name, "mimeType": kind, "buffer": words}


def choose(window: Window, button: str, *files: FilePayload) -> None:
    with window.page.expect_file_chooser() as chooser:
        window.button(button).click()
    chooser.value.set_files(list(files))


def line(window: Window, name: str) -> Locator:
    return window.page.locator(".collection-files > li", has_text=name)


def sound(window: Window) -> None:
    """No page has a fault that axe finds, or is wider than its window."""
    none_of(violations(window.page))
    none_of(overflow(window.page))


def test_a_collection_is_made_asked_by_a_colleague_and_taken_away(
    window: OpenWindow, tmp_path: Path
) -> None:
    ana = _makes_one(window, tmp_path)

    # A colleague asks it, on a telephone and in French.
    marc = window(language="fr", viewport={"width": 390, "height": 844})
    marc.sign_in("marc.lefebvre")
    marc.button("asked.open").click()
    marc.page.get_by_role("dialog").get_by_label(NAME).check()
    sound(marc)
    marc.button("asked.save").click()
    chips = marc.page.get_by_role("list", name=marc.say("asked.list"))
    expect(chips).to_contain_text(NAME)
    marc.ask("Quand le garage ferme-t-il ?")
    expect(marc.answer).to_contain_text("ferme à dix heures")
    mark = marc.answer.locator(".citation").first
    sound(marc)
    marc.page.screenshot(path=tmp_path / "asked.png")
    mark.click()
    dialog = marc.page.get_by_role("dialog")
    expect(dialog.get_by_role("heading")).to_contain_text(f"{FILE} (dans {NAME})")
    expect(dialog.locator("mark")).to_contain_text("ferme à dix heures")
    marc.page.keyboard.press("Escape")

    # It is taken away: he is told, and keeps what he was answered.
    ana.button("collections.remove").click()
    expect(ana.page.get_by_text(ana.say("collections.removed", name=NAME))).to_be_visible()
    sound(ana)
    marc.expecting("403")
    marc.page.reload()
    expect(chips).to_contain_text(marc.say("asked.removed"))
    expect(marc.answer).to_contain_text("ferme à dix heures")
    sound(marc)
    mark.click()
    expect(dialog).to_contain_text(f"La collection {NAME} a été supprimée.")
    expect(dialog.locator("mark")).to_contain_text("ferme à dix heures")
    sound(marc)
    marc.page.screenshot(path=tmp_path / "closed.png")
    ana.button("undo.button").click()
    expect(ana.link(NAME)).to_be_visible()
    marc.page.keyboard.press("Escape")
    marc.page.reload()
    expect(chips).not_to_contain_text(marc.say("asked.removed"))


def _makes_one(window: OpenWindow, pictures: Path) -> Window:
    """Ana makes a collection and fills it; a file that she takes away comes back."""
    ana = window(viewport={"width": 1280, "height": 900})
    ana.sign_in("ana.silva", "/collections")
    expect(ana.page.get_by_text(ana.say("collections.none"))).to_be_visible()
    sound(ana)
    ana.button("collections.new").click()
    ana.page.get_by_label(ana.say("collections.name"), exact=True).fill(NAME)
    sound(ana)
    ana.page.keyboard.press("Enter")
    expect(ana.page.get_by_role("heading", level=1)).to_have_text(NAME)
    choose(
        ana,
        "collections.add",
        text(FILE, TEXT.encode()),
        text("broken.pdf", b"%PDF-1.7 nothing", "application/pdf"),
    )
    expect(line(ana, FILE)).to_contain_text("2 passages")
    expect(line(ana, "broken.pdf")).to_contain_text("broken.pdf is damaged")
    sound(ana)
    ana.page.screenshot(path=pictures / "collection.png")
    ana.button("files.remove", name=FILE).click()
    expect(line(ana, FILE)).to_have_count(0)
    ana.button("undo.button").click()
    expect(line(ana, FILE)).to_have_count(1)
    return ana


def test_a_picture_goes_with_a_message_to_a_model_that_takes_it(
    window: OpenWindow, tmp_path: Path
) -> None:
    ana = window(viewport={"width": 1280, "height": 900})
    ana.sign_in("ana.silva")
    choose(ana, "files.attach", text("plan.png", picture(), "image/png"))
    chips = ana.page.get_by_role("list", name=ana.say("files.list"))
    expect(chips).to_contain_text(ana.say("files.picture.next"))
    sound(ana)
    ana.ask("What is a demarche?")
    expect(chips).to_contain_text(ana.say("files.picture.sent"))
    opener = ana.page.get_by_role("list", name=ana.say("pictures.list")).get_by_role("button")
    opener.click()
    shown = ana.page.get_by_role("img", name=ana.say("pictures.alt", name="plan.png"))
    expect(shown).to_be_visible()
    assert shown.evaluate("picture => picture.naturalWidth") == 60
    sound(ana)
    ana.page.screenshot(path=tmp_path / "picture.png")
    ana.page.keyboard.press("Escape")
    expect(opener).to_be_focused()
