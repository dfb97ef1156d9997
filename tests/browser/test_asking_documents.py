"""Files attached to a conversation, answers that cite them, and passages that open."""

from pathlib import Path

import pytest
from playwright.sync_api import FilePayload, Request, Route, expect

from tests.browser.axe import overflow, violations
from tests.browser.conftest import OpenWindow
from tests.browser.window import Window, none_of
from tests.browser.words import Language

HANDBOOK = (
    "# Parking\n\nThe garage of the annex closes at ten in the evening. Keys are with the porter.\n\n"
    "# Leave\n\nStaff have thirty days of leave a year, and ask for them two weeks before.\n"
)
GUIDE = (
    "# Stationnement\n\nLe garage de l'annexe ferme à dix heures du soir. Le portier garde les clés.\n\n"
    "# Congés\n\nLe personnel a droit à trente jours de congés par an.\n"
)


def text(name: str, words: str) -> FilePayload:
    return {"name": name, "mimeType": "text/markdown", "buffer": words.encode()}


def offset_of(request: Request) -> int:
    """Where the piece of a file that a request brings begins."""
    return int((request.post_data_json or {})["offset"])


def attach(window: Window, *files: FilePayload) -> None:
    with window.page.expect_file_chooser() as chooser:
        window.button("files.attach").click()
    chooser.value.set_files(list(files))


@pytest.mark.parametrize("width", [1280, 360])
@pytest.mark.parametrize("language", ["en", "fr"])
def test_an_answer_cites_a_passage_that_opens(
    window: OpenWindow, language: Language, width: int, tmp_path: Path
) -> None:
    ana = window(language=language, viewport={"width": width, "height": 800})
    ana.sign_in({"en": "ana.silva", "fr": "marc.lefebvre"}[language])
    name, words, question, said = {
        "en": ("handbook.md", HANDBOOK, "When does the garage close?", "closes at ten"),
        "fr": ("guide.md", GUIDE, "Quand le garage ferme-t-il ?", "ferme à dix heures"),
    }[language]
    attach(ana, text(name, words))
    chips = ana.page.get_by_role("list", name=ana.say("files.list"))
    expect(chips).to_contain_text(name)
    expect(ana.page.get_by_text(ana.say("files.wait"))).to_be_hidden()
    ana.ask(question)
    expect(ana.answer).to_contain_text(said)
    mark = ana.answer.get_by_role("button", name=ana.say("sources.open", number="1"), exact=True)
    expect(mark).to_have_text("[1]")
    none_of(violations(ana.page))
    none_of(overflow(ana.page))
    ana.page.screenshot(path=tmp_path / f"answer-{language}-{width}.png")
    mark.press("Enter")
    dialog = ana.page.get_by_role("dialog")
    expect(dialog.get_by_role("heading")).to_contain_text(name)
    expect(dialog.locator("mark")).to_contain_text(said)
    expect(dialog.get_by_role("region")).to_contain_text(words[-30:].strip())
    none_of(violations(ana.page))
    ana.page.screenshot(path=tmp_path / f"passage-{language}-{width}.png")
    ana.page.keyboard.press("Escape")
    expect(mark).to_be_focused()

    # What an answer was given stays with it when the file is gone.
    ana.page.reload()
    ana.expecting("404")
    ana.button("files.remove", name=name).click()
    expect(chips).to_be_hidden()
    mark.click()
    expect(dialog).to_contain_text(ana.say("sources.gone"))
    expect(dialog.locator("mark")).to_contain_text(said)


def test_what_cannot_be_read_or_is_no_text_says_so(window: OpenWindow) -> None:
    ana = window()
    ana.sign_in("ana.silva")
    damaged = b"\x89PNG\r\n\x1a\n" + bytes(30)
    attach(
        ana,
        {"name": "plan.png", "mimeType": "image/png", "buffer": damaged},
        {"name": "broken.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7 nothing"},
    )
    chips = ana.page.get_by_role("list", name=ana.say("files.list"))
    expect(chips).to_contain_text("plan.png is a damaged picture")
    expect(chips).to_contain_text("broken.pdf is damaged")
    none_of(violations(ana.page))
    ana.ask("What is a demarche?")
    expect(ana.answer.locator(".sources")).to_have_count(0)


def test_a_file_that_was_broken_off_goes_on_when_it_is_attached_again(window: OpenWindow) -> None:
    ana = window()
    ana.sign_in("ana.silva")
    ana.expecting("Failed to load resource")
    words = "The lift of the annex is closed on Mondays.\n\n" * 16_000
    offsets: list[int] = []

    def keep_one(route: Route) -> None:
        if route.request.method == "PUT" and offsets:
            route.abort()
            return
        if route.request.method == "PUT":
            offsets.append(offset_of(route.request))
        route.continue_()

    ana.page.route("**/api/files/*", keep_one)
    attach(ana, text("lifts.md", words))
    expect(ana.page.locator("progress")).to_have_attribute("value", "524288")
    ana.page.reload()
    ana.page.unroute("**/api/files/*")
    expect(ana.page.get_by_text(ana.say("files.broken"))).to_be_visible()
    with ana.page.expect_request(lambda request: request.method == "PUT") as request:
        attach(ana, text("lifts.md", words))
    assert offset_of(request.value) == 524288
    expect(ana.page.get_by_text(ana.say("files.broken"))).to_be_hidden()
    expect(ana.page.get_by_role("list", name=ana.say("files.list")).locator("li")).to_have_count(1)


def test_files_are_dropped_and_come_in_pieces_through_a_lost_connection(
    window: OpenWindow,
) -> None:
    ana = window()
    ana.sign_in("ana.silva")
    ana.expecting("Failed to load resource")
    pieces: list[int] = []

    def lose_the_second(route: Route) -> None:
        if route.request.method == "PUT":
            pieces.append(offset_of(route.request))
            if len(pieces) == 2:
                route.abort()
                return
        route.continue_()

    ana.page.route("**/api/files/*", lose_the_second)
    expect(ana.composer).to_be_visible()
    ana.page.evaluate(
        """() => {
          const words = "The lift of the annex is closed on Mondays.\\n\\n".repeat(16000);
          const data = new DataTransfer();
          data.items.add(new File([words], "lifts.txt", { type: "text/plain" }));
          const form = document.querySelector("form.composer");
          form.dispatchEvent(new DragEvent("drop", { dataTransfer: data, bubbles: true, cancelable: true }));
        }"""
    )
    expect(ana.page.get_by_role("list", name=ana.say("files.list"))).to_contain_text("lifts.txt")
    expect(ana.page.get_by_text(ana.say("files.wait"))).to_be_hidden(timeout=20_000)
    ana.ask("On which day is the lift closed?")
    expect(ana.answer).to_contain_text("closed on Mondays")
    assert pieces == [0, 524288, 524288]
