"""A conversation of 2,000 turns: what is drawn of it, and that nothing of it is out of reach."""

import base64
import json
from typing import Self

from benchmarks.talks import long_talk
from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenWindow
from tests.browser.test_accessibility import found
from tests.browser.window import Window, none_of

TURNS = 2_000


def brought(one: Window, turns: int) -> str:
    """The path of a conversation of so many turns, taken in from a file."""
    file = base64.b64encode(json.dumps(long_talk(turns)).encode()).decode()
    session = one.told("/session")
    answered = one.page.request.post(
        f"{one.url}api/conversation-imports",
        data={"name": "talk.json", "content": file},
        headers={"x-csrf-token": session["csrf"], "origin": one.url.rstrip("/")},
    )
    assert answered.ok, answered.text()
    [line] = [
        line for line in one.told("/chat")["conversations"] if f"of {turns} turns" in line["title"]
    ]
    return f"/conversations/{line['id']}"


def drawn(one: Window) -> int:
    return one.page.locator("[data-turn]").count()


def test_the_end_is_drawn_and_earlier_turns_when_asked_for(window: OpenWindow) -> None:
    ana = window()
    ana.sign_in("ana.silva")
    ana.go(brought(ana, TURNS))
    expect(ana.answers.last).to_contain_text(f"Answer {TURNS}.")
    assert drawn(ana) == 60
    earlier = ana.page.locator(".earlier")
    expect(earlier).to_have_text("Show earlier messages (1,940 more)")
    none_of(found(ana, "a long conversation"))
    first = ana.page.locator("[data-turn]").first.get_attribute("data-turn")
    earlier.focus()
    ana.page.keyboard.press("Enter")
    expect(earlier).to_have_text("Show earlier messages (1,880 more)")
    assert drawn(ana) == 120
    expect(ana.page.locator(f"[data-turn='{first}']")).to_be_focused()

    # What is found is drawn wherever it stands.
    ana.page.get_by_role("searchbox").fill("answer 1500")
    ana.page.locator(".shelf-found a, .found a").first.click()
    expect(ana.page.locator(".sought")).to_contain_text("Answer 1500.")


def test_sending_in_it_brings_no_more_than_in_a_short_one(window: OpenWindow) -> None:
    ana = window()
    ana.sign_in("ana.silva")
    came, nodes = {}, {}
    for turns in (20, TURNS):
        ana.go(brought(ana, turns))
        expect(ana.answers.last).to_contain_text(f"Answer {turns}.")
        before = ana.page.locator("*").count()
        with Counted(ana.page) as counted:
            ana.ask("The pilot boat is grey. What colour is the pilot boat?")
        nodes[turns] = ana.page.locator("*").count() - before
        came[turns] = counted.bytes
    assert came[TURNS] < 1.5 * came[20]
    assert nodes[TURNS] == nodes[20]


class Counted:
    """How many bytes answers to the page's requests had, streams and all."""

    def __init__(self, page: Page) -> None:
        self._session = page.context.new_cdp_session(page)
        self.bytes = 0

    def __enter__(self) -> Self:
        self._session.on("Network.dataReceived", self._came)
        self._session.send("Network.enable")
        return self

    def __exit__(self, *_: object) -> None:
        self._session.detach()

    def _came(self, told: dict[str, int]) -> None:
        self.bytes += told["dataLength"]
