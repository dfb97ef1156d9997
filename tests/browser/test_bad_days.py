"""Bad days: killed servers, silent vendors, two windows, hostile text, ended sessions."""

import signal
import socket
from collections.abc import Iterator, Sequence

import pytest
from playwright.sync_api import Route, expect

from changeover.standin.settings import Fault
from tests.browser.conftest import OpenWindow
from tests.browser.slowly import LONG, boats, wait_for_boat
from tests.browser.window import NETWORK_LOST, words
from tests.end_to_end.running import Server
from tests.end_to_end.vendors import Vendors

HOSTILE = """<script>window.harmed = 'script'</script> \
<img src=x onerror="window.harmed = 'picture'"> \
<b>bold</b> [press](javascript:window.harmed='link') \
[entity](&#106;avascript:window.harmed='entity') \
![remote](https://tracker.test/pixel.png) [manual](https://manual.test/page) \
stands in the harbour manual."""
CLAUDES = ("anthropic", "aws", "google")


@pytest.fixture(scope="module")
def options() -> Sequence[str]:
    """A port of its own, so that a restarted server is found again, and little patience."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    return ("--port", str(port), "--patience", "1")


@pytest.fixture(autouse=True)
def sound(vendors: Vendors) -> Iterator[None]:
    yield
    vendors.faults.clear()


def test_a_killed_server_keeps_what_arrived_and_the_page_comes_back(
    window: OpenWindow, server: Server
) -> None:
    ana = window()
    ana.expecting(NETWORK_LOST)
    ana.sign_in("ana.silva")
    ana.send(LONG)
    wait_for_boat(ana, 20)
    server.stop(signal.SIGKILL)
    expect(ana.page.locator(".line-lost")).to_contain_text(ana.say("composer.lost"))
    ana.composer.fill("Written while the server is away")
    seen = ana.prose()
    server.start()

    problem = ana.answers.first.locator(".problem-interrupted")
    expect(problem).to_contain_text(ana.say("broken.interrupted"), timeout=20_000)
    expect(ana.page.locator(".line-lost")).to_have_count(0)
    expect(ana.composer).to_have_value("Written while the server is away")
    kept = ana.turns()[-1]
    assert kept["state"] == "interrupted"
    assert boats(kept["text"]) == list(range(1, len(boats(kept["text"])) + 1))
    assert len(boats(kept["text"])) >= 10
    assert words(kept["text"]).startswith(ana.prose()) or seen.startswith(words(kept["text"]))

    problem.get_by_role("button", name=ana.say("broken.continue"), exact=True).click()
    expect(ana.answers).to_have_count(2)
    ana.whole()
    assert ana.turns()[-1]["state"] == "complete"
    ana.page.reload()
    expect(ana.answers).to_have_count(2)
    assert ana.prose(ana.answers.first) == words(kept["text"])
    expect(ana.composer).to_have_value("Written while the server is away")


def test_two_windows_that_write_at_once_lose_nothing(window: OpenWindow) -> None:
    first, second = window(), window()
    first.sign_in("ana.silva")
    first.ask("The pilot boat is grey. What colour is the pilot boat?")
    second.sign_in("ana.silva", f"/conversations/{first.conversation}")
    expect(second.answers).to_have_count(1)

    # Both have the same answer as the newest; only one of the messages can be taken.
    held: list[Route] = []
    second.page.route("**/turns", lambda route: held.append(route))  # noqa: PLW0108 - Playwright marks its handlers
    second.send("What is grey?")
    first.send(LONG)
    wait_for_boat(first, 3)
    second.expecting(r"409 \(Conflict\)")
    held.pop().continue_()
    second.page.unroute("**/turns")
    unsent = second.page.locator(".problem-failed")
    expect(unsent).to_contain_text(second.say("unsent.generating"))
    expect(second.questions.filter(has_text="What is grey?")).to_have_count(1)
    expect(second.answers).to_have_count(2)

    first.button("composer.stop").click()
    expect(second.answer.locator(".problem-stopped")).to_be_visible()
    second.button("unsent.retry").click()
    expect(second.answers).to_have_count(3)
    second.whole()
    expect(first.answers).to_have_count(3)
    texts = [turn["text"] for turn in first.turns() if turn["role"] == "user"]
    assert texts == [
        "The pilot boat is grey. What colour is the pilot boat?",
        LONG,
        "What is grey?",
    ]
    assert first.prose() == second.prose() == words(first.turns()[-1]["text"])
    expect(first.questions).to_have_count(3)
    expect(second.questions).to_have_count(3)


def test_a_vendor_that_falls_silent_is_said_and_can_be_continued(
    window: OpenWindow, vendors: Vendors
) -> None:
    ana = window()
    ana.sign_in("ana.silva")
    vendors.faults.update(dict.fromkeys(CLAUDES, Fault(kind="hang-mid-stream")))
    ana.send("The tide table names Monday and Tuesday. Which days does the tide table name?")
    problem = ana.answer.locator(".problem-failed")
    expect(problem).to_contain_text(ana.say("broken.failed"), timeout=20_000)
    kept = ana.turns()[-1]
    assert kept["text"]
    assert ana.prose() == words(kept["text"])
    vendors.faults.clear()
    problem.get_by_role("button", name=ana.say("broken.continue"), exact=True).click()
    expect(ana.answers).to_have_count(2)
    ana.whole()
    assert ana.turns()[-1]["state"] == "complete"


def test_hostile_text_is_shown_and_does_nothing(window: OpenWindow) -> None:
    ana = window()
    asked_for: list[str] = []
    ana.page.on("request", lambda request: asked_for.append(request.url))
    ana.sign_in("ana.silva")
    answer = ana.ask(f"{HOSTILE} What stands in the harbour manual?")
    for shown in (ana.questions.first, answer):
        expect(shown).to_contain_text("<script>window.harmed = 'script'</script>")
        expect(shown).to_contain_text("onerror=")
    expect(ana.page.locator("main script, main img, main b, main iframe")).to_have_count(0)
    links = answer.locator(".prose a")
    expect(links).to_have_count(1)
    expect(links).to_have_attribute("href", "https://manual.test/page")
    expect(links).to_have_attribute("rel", "noopener noreferrer")
    expect(answer).to_contain_text(ana.say("prose.picture", text="remote"))
    answer.get_by_text("press", exact=False).first.click()
    ana.page.reload()
    expect(ana.answers).to_have_count(1)
    assert ana.page.evaluate("window.harmed") is None
    assert all(url.startswith((ana.url, "data:")) for url in asked_for), asked_for


def test_a_message_too_long_for_the_model_is_said_and_kept(window: OpenWindow) -> None:
    ana = window()
    ana.sign_in("ana.silva")
    ana.ask("The pilot boat is grey. What colour is the pilot boat?")
    long = "The harbour log has another line. " * 26_000
    ana.composer.fill(long)
    note = ana.page.locator(".note-stop")
    expect(note).to_contain_text("Claude Sonnet 4.5")
    expect(note).to_contain_text(ana.say("composer.shorten"))
    ana.expecting(r"status of 4\d\d")
    ana.composer.press("Enter")
    expect(ana.page.locator(".problem-failed")).to_contain_text(ana.say("unsent.too-long"))
    assert len(ana.turns()) == 2
    ana.button("unsent.edit").click()
    expect(ana.composer).to_have_value(long)
    ana.composer.fill("What is grey?")
    expect(note).to_have_count(0)
    ana.composer.press("Enter")
    expect(ana.answers).to_have_count(2)
    ana.whole()


def test_an_ended_session_is_taken_up_in_place_and_keeps_the_message(window: OpenWindow) -> None:
    ana = window()
    ana.expecting(r"401 \(Unauthorized\)")
    ana.sign_in("ana.silva")
    ana.ask("The pilot boat is grey. What colour is the pilot boat?")
    ana.composer.fill("What is grey?")

    other = ana.page.context.new_page()
    other.goto(ana.url)
    other.get_by_role("button", name=ana.say("account.signOut"), exact=True).click()
    expect(other.get_by_role("heading", level=1)).to_have_text(ana.say("signIn.heading"))
    other.close()

    dialog = ana.page.get_by_role("dialog", name=ana.say("signIn.again"))
    expect(dialog).to_be_hidden()
    ana.composer.press("Enter")
    expect(dialog).to_be_visible()
    dialog.get_by_label(ana.say("signIn.password"), exact=True).fill("one memo changes it")
    dialog.get_by_role("button", name=ana.say("signIn.submit"), exact=True).click()
    expect(dialog).to_be_hidden()
    expect(ana.answers).to_have_count(1)
    unsent = ana.page.locator(".problem-failed")
    expect(unsent).to_contain_text(ana.say("unsent.expired"))
    expect(ana.questions.last).to_contain_text("What is grey?")
    ana.button("unsent.retry").click()
    expect(ana.answers).to_have_count(2)
    ana.whole()
    assert [turn["text"] for turn in ana.turns()][2] == "What is grey?"
