"""Staff chat: answers that stream, stop, go on, and outlive a reload and a lost connection."""

import re

from playwright.sync_api import expect

from tests.browser.conftest import OpenWindow
from tests.browser.slowly import COUNT, LONG, boats, wait_for_boat
from tests.browser.window import NETWORK_LOST, words


def test_an_answer_streams_with_its_stamp_and_can_be_stopped_and_continued(
    window: OpenWindow,
) -> None:
    ana = window()
    ana.sign_in("ana.silva")
    expect(ana.composer).to_be_focused()
    expect(ana.page.locator(".greeting")).to_contain_text("Claude Sonnet 4.5 (Anthropic)")

    ana.send(LONG)
    wait_for_boat(ana, 10)
    assert boats(ana.prose()) != list(range(1, COUNT + 1)), "the answer came at once"
    expect(ana.page).to_have_url(re.compile("/conversations/"))
    stamp = ana.answer.locator(".stamp-line")
    expect(stamp).to_contain_text(ana.say("stamp.by", model="Claude Sonnet 4.5", maker="Anthropic"))
    expect(stamp.get_by_text(ana.say("stamp.standIn"), exact=True)).to_be_visible()

    ana.button("composer.stop").click()
    expect(ana.composer).to_be_focused()
    expect(ana.answer.locator(".problem-stopped")).to_contain_text(ana.say("broken.stopped"))
    kept = ana.turns()[-1]
    assert kept["state"] == "stopped"
    assert ana.prose() == words(kept["text"])
    assert boats(kept["text"]) == list(range(1, max(boats(kept["text"])) + 1))

    ana.button("broken.continue").click()
    expect(ana.answers).to_have_count(2)
    ana.whole()
    first, second = ana.answers.all()
    assert ana.prose(first) == words(kept["text"])
    assert ana.prose(second) == words(ana.turns()[-1]["text"]) != ""
    assert ana.turns()[-1]["state"] == "complete"

    details = second.locator("details")
    route = details.get_by_text("anthropic/claude-sonnet-4-5@", exact=False)
    expect(route).to_be_hidden()
    details.locator("summary").click()
    expect(route).to_be_visible()
    for key in ("stamp.why", "stamp.orders", "stamp.host", "stamp.tokens", "stamp.losses"):
        expect(details.get_by_text(ana.say(key), exact=True)).to_be_visible()
    expect(details).to_contain_text(ana.say("stamp.standInMeans"))
    expect(details).to_contain_text(ana.say("stamp.demonstration"))


def test_an_answer_goes_on_after_a_reload_and_after_a_lost_connection(window: OpenWindow) -> None:
    ana = window()
    ana.expecting(NETWORK_LOST)
    ana.sign_in("ana.silva")
    ana.send(LONG)
    wait_for_boat(ana, 5)
    ana.page.reload()
    wait_for_boat(ana, 20)

    placed: list[str] = []
    ana.page.on(
        "request",
        lambda asked: (
            placed.append(asked.headers.get("last-event-id", "") or asked.url)
            if asked.url.partition("?")[0].endswith(f"{ana.conversation}/events")
            else None
        ),
    )
    ana.page.context.set_offline(True)
    before = ana.prose()
    ana.page.context.set_offline(False)
    ana.whole()

    whole = ana.turns()[-1]
    assert whole["state"] == "complete"
    assert len(ana.turns()) == 2
    assert boats(whole["text"]) == list(range(1, COUNT + 1))
    assert ana.prose() == words(whole["text"])
    assert ana.prose().startswith(before)
    expect(ana.answers).to_have_count(1)
    expect(ana.page.locator(".line-lost")).to_have_count(0)
    assert placed, "the stream was not opened again"
    assert all(re.search(r"^\d+$|after=\d+$", place) for place in placed), placed
