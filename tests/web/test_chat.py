"""Chatting over HTTP: the operations, and following a conversation's events."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from uuid import UUID

import httpx2
import pytest
import pytest_asyncio

from changeover.chat.instructions import Instructing
from changeover.chat.searching import Searching
from changeover.chat.shelving import Shelving
from changeover.web.chat import operations
from tests.chat.world import World, begin, memo, running, say
from tests.orders.worlds import day
from tests.web.serving import Site
from tests.web.test_api import Reader


class Staff:
    """Somebody of the desk's party, signed in, over a running chat."""

    def __init__(self, world: World) -> None:
        self.world = world
        instructing = Instructing(world.store, world.clock, asyncio.to_thread)
        shelving = Shelving(world.log, world.clock)
        searching = Searching(world.store, asyncio.to_thread)
        self.operations = operations(world.chats, instructing, shelving, searching)
        self.site = Site(*self.operations)
        self.sent = 0

    @asynccontextmanager
    async def browser(self, login: str = "ana", role: str = "staff") -> AsyncIterator["Browser"]:
        async with await self.site.signed_in(login, role) as client:  # type: ignore[arg-type]
            yield Browser(self.site, client)


class Browser:
    """A page's requests."""

    def __init__(self, site: Site, client: httpx2.AsyncClient) -> None:
        self._site = site
        self.client = client
        self._sent = 0

    async def begin(self) -> str:
        answered = await self.client.post("/api/conversations", json={})
        assert answered.status_code == 200, answered.text
        return str(answered.json()["id"])

    async def send(self, conversation: str, text: str, **fields: Any) -> httpx2.Response:
        self._sent += 1
        body = {"client_id": str(UUID(int=self._sent)), "text": text} | fields
        return await self.client.post(f"/api/conversations/{conversation}/turns", json=body)

    async def read(self, conversation: str) -> dict[str, Any]:
        answered = await self.client.get(f"/api/conversations/{conversation}")
        assert answered.status_code == 200, answered.text
        return dict(answered.json())

    def follow(self, conversation: str, after: int | None = None, **headers: str) -> Reader:
        cookie = "; ".join(f"{name}={value}" for name, value in self.client.cookies.items())
        query = "" if after is None else f"?after={after}"
        path = f"/api/conversations/{conversation}/events{query}"
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return Reader(self._site.app, path, {"cookie": cookie, **named})


async def events(reader: Reader, until: str) -> list[tuple[str | None, str, dict[str, Any]]]:
    """What comes, up to the first event of a kind: (id, kind, data)."""
    found: list[tuple[str | None, str, dict[str, Any]]] = []
    while not found or found[-1][1] != until:
        piece = await reader.next()
        assert piece is not None
        lines = dict(line.split(": ", 1) for line in piece.decode().strip().split("\n"))
        if "event" in lines:
            found.append((lines.get("id"), lines["event"], json.loads(lines["data"])))
    return found


async def leave(reader: Reader) -> None:
    reader.gone.set()
    await reader.ended()


@pytest_asyncio.fixture
async def staff() -> AsyncIterator[Staff]:
    async with running(World(party="state")) as world:
        yield Staff(world)


async def test_a_conversation_from_its_beginning_to_a_streamed_answer(staff: Staff):
    staff.world.models.script = say("Yes, ", "indeed 😀.")
    async with staff.browser() as browser:
        chat = (await browser.client.get("/api/chat")).json()
        assert chat["default_model"]["id"] == "alpha/one"
        assert [model["outcome"] for model in chat["models"]] == ["allow"] * 3
        conversation = await browser.begin()
        reader = browser.follow(conversation)
        sent = await browser.send(conversation, "Really?")
        assert sent.status_code == 200, sent.text
        assert sent.json()["user"]["text"] == "Really?"
        assert sent.json()["assistant"]["state"] == "generating"
        seen = await events(reader, "end")
        await leave(reader)
        assert "".join(d["text"] for _, kind, d in seen if kind == "delta") == "Yes, indeed 😀."
        assert all(id_ is None for id_, kind, _ in seen if kind == "delta")
        numbers = [int(id_) for id_, _, _ in seen if id_ is not None]
        assert numbers == list(range(1, len(numbers) + 1))
        assert seen[-1][2]["state"] == "complete"
        shown = await browser.read(conversation)
        assert shown["turns"][-1]["text"] == "Yes, indeed 😀."
        assert shown["turns"][-1]["served"]["maker_name"] == {"en": "alpha", "fr": "alpha"}
        lines = (await browser.client.get("/api/chat")).json()["conversations"]
        assert [(line["id"], line["turns"]) for line in lines] == [(conversation, 2)]


@pytest.mark.parametrize("by", ["header", "query"])
async def test_a_reload_in_mid_answer_goes_on_where_the_page_stands(staff: Staff, by: str):
    world = staff.world
    world.models.script = begin("Once ", "upon ")
    async with staff.browser() as browser:
        conversation = await browser.begin()
        await browser.send(conversation, "A story?")
        await world.until_text(conversation, "Once upon ")
        shown = await browser.read(conversation)
        last = shown["last_event"]
        text = shown["turns"][-1]["text"]
        assert (text, shown["generating"]) == ("Once upon ", shown["turns"][-1]["id"])
        reader = (
            browser.follow(conversation, after=0, last_event_id=str(last))
            if by == "header"
            else browser.follow(conversation, after=last)
        )
        await reader.next()
        world.models.answers[0].say("a time.")
        world.models.answers[0].finish()
        for _, kind, data in await events(reader, "end"):
            if kind == "delta":
                assert data["at"] == len(text)
                text += data["text"]
        await leave(reader)
        assert text == "Once upon a time."


async def test_the_answer_goes_on_when_its_page_is_gone(staff: Staff):
    staff.world.models.script = begin("Half")
    async with staff.browser() as browser:
        conversation = await browser.begin()
        reader = browser.follow(conversation)
        await browser.send(conversation, "Hello?")
        await events(reader, "delta")
        await leave(reader)
        staff.world.models.answers[0].say(" and half.")
        staff.world.models.answers[0].finish()
        await staff.world.idle(conversation)
        shown = await browser.read(conversation)
        assert (shown["turns"][-1]["state"], shown["turns"][-1]["text"]) == (
            "complete",
            "Half and half.",
        )


async def test_while_an_answer_is_written_nothing_else_is_sent(staff: Staff):
    staff.world.models.script = begin("Half")
    async with staff.browser() as browser:
        conversation = await browser.begin()
        first = await browser.send(conversation, "Hello?")
        second = await browser.send(conversation, "And?")
        assert (second.status_code, second.json()["error"]["code"]) == (409, "generating")
        await staff.world.until_text(conversation, "Half")
        stopped = await browser.client.post(f"/api/conversations/{conversation}/stop", json={})
        assert (stopped.status_code, stopped.json()) == (200, {})
        turn = first.json()["assistant"]["id"]
        path = f"/api/conversations/{conversation}/turns/{turn}/continuation"
        staff.world.models.script = say(" more.")
        more = await browser.client.post(path, json={})
        assert more.json()["assistant"]["parent"] == turn
        await staff.world.idle(conversation)
        texts = [turn["text"] for turn in (await browser.read(conversation))["turns"]]
        assert texts == ["Hello?", "Half", " more."]


async def test_after_the_memo_the_same_conversation_has_a_seam(staff: Staff):
    async with staff.browser() as browser:
        conversation = await browser.begin()
        await browser.send(conversation, "One?")
        await staff.world.idle(conversation)
        staff.world.issue(memo(day(1), "beta/two"))
        staff.world.bar_alpha()
        await browser.send(conversation, "Two?")
        await staff.world.idle(conversation)
        refused = await browser.send(conversation, "Three?", model="alpha/one")
        await staff.world.idle(conversation)
        shown = await browser.read(conversation)
        (seam,) = shown["seams"]
        assert (seam["from_model"], seam["to_model"], seam["order"]["id"]) == ("one", "two", "memo")
        assert shown["turns"][-1]["id"] == refused.json()["assistant"]["id"]
        assert shown["turns"][-1]["problem"]["kind"] == "refused"
        assert shown["turns"][-1]["problem"]["instead"][0]["id"] == "beta/two"


async def test_renaming_is_told_to_who_follows(staff: Staff):
    async with staff.browser() as browser:
        conversation = await browser.begin()
        reader = browser.follow(conversation)
        await reader.next()
        path = f"/api/conversations/{conversation}"
        assert (await browser.client.patch(path, json={"title": "New"})).json()["title"] == "New"
        assert (await events(reader, "title"))[-1][2]["title"] == "New"
        await leave(reader)
        assert (await browser.client.patch(path, json={"title": " "})).status_code == 400


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"client_id": "not-a-uuid", "text": "x"}, "invalid_input"),
        ({"text": "x"}, "invalid_input"),
        ({"client_id": str(UUID(int=1)), "text": "  "}, "invalid_input"),
        ({"client_id": str(UUID(int=1)), "text": "x", "other": 1}, "invalid_input"),
        ({"client_id": str(UUID(int=1)), "text": "x", "model": "no/such"}, "not_found"),
    ],
)
async def test_what_cannot_be_sent_is_said_and_not_kept(staff: Staff, body, code):
    async with staff.browser() as browser:
        conversation = await browser.begin()
        path = f"/api/conversations/{conversation}/turns"
        answered = await browser.client.post(path, json=body)
        assert answered.json()["error"]["code"] == code
        assert (await browser.read(conversation))["turns"] == []


async def test_too_long_a_text_is_said_before_it_is_sent(staff: Staff):
    async with staff.browser() as browser:
        conversation = await browser.begin()
        await browser.send(conversation, "x" * 1500)
        await staff.world.idle(conversation)
        answered = await browser.send(conversation, "y" * 1600)
        assert (answered.status_code, answered.json()["error"]["code"]) == (400, "too-long")
        assert "tokens" in answered.json()["error"]["what"]


async def test_another_persons_conversation_is_not_there(staff: Staff):
    async with staff.browser() as ana, staff.browser("marc") as marc:
        conversation = await ana.begin()
        path = f"/api/conversations/{conversation}"
        assert (await marc.client.get(path)).status_code == 404
        assert (await marc.send(conversation, "Hello?")).status_code == 404
        reader = marc.follow(conversation)
        piece = await reader.next()
        assert piece is not None
        assert json.loads(piece)["error"]["code"] == "not_found"
        assert reader.head["status"] == 404


async def test_only_staff_chat(staff: Staff):
    async with staff.browser("aud", "auditor") as browser:
        assert (await browser.client.get("/api/chat")).status_code == 403
    async with staff.site.browser() as nobody:
        assert (await nobody.get("/api/chat")).status_code == 401


async def test_a_place_in_the_log_that_is_none_is_refused(staff: Staff):
    async with staff.browser() as browser:
        conversation = await browser.begin()
        reader = browser.follow(conversation, last_event_id="soon")
        assert b"invalid_input" in (await reader.next() or b"")
        ahead = browser.follow(conversation, last_event_id="999")
        await ahead.next()
        await browser.send(conversation, "Hello?")
        assert (await events(ahead, "end"))[0][0] == "1"
        await leave(ahead)


async def test_who_is_sent_no_stream_asks_for_the_same_events(staff: Staff):
    async with staff.browser() as browser, staff.browser("ben") as ben:
        conversation = await browser.begin()
        path = f"/api/conversations/{conversation}/news"
        assert (await browser.client.get(path)).json() == {"events": [], "last_event": 0}
        await browser.send(conversation, "The pilot boat is grey. What is grey?")
        reader = browser.follow(conversation, after=0)
        streamed = await events(reader, "end")
        last = max(int(place) for place, _, _ in streamed if place is not None)

        told: list[dict[str, Any]] = []
        page: dict[str, Any] = {"last_event": 0}
        while page["last_event"] < last:
            asked = f"{path}?after={page['last_event']}"
            page = (await browser.client.get(asked)).json()
            assert page["events"]
            told += page["events"]
        # A title may come after the end, and then is no part of what was awaited.
        told = told[: [each["kind"] for each in told].index("end") + 1]
        assert [each["kind"] for each in told if each["kind"] != "delta"] == [
            kind for _, kind, _ in streamed if kind not in {"delta", "mark"}
        ]
        text = "".join(each["text"] for each in told if each["kind"] == "delta")
        [_, answer] = (await browser.read(conversation))["turns"]
        assert text == answer["text"]
        assert told[-1] == {"kind": "end", **streamed[-1][2]}

        beyond = (await browser.client.get(f"{path}?after=999")).json()
        assert beyond["events"] == []
        assert last <= beyond["last_event"] < 999
        assert (await ben.client.get(path)).status_code == 404
        assert (await browser.client.get(f"{path}?after=-1")).status_code == 400


async def test_a_reader_that_left_is_forgotten(staff: Staff):
    async with staff.browser() as browser:
        conversation = await browser.begin()
        for _ in range(3):
            reader = browser.follow(conversation)
            await reader.next()
            await leave(reader)
        gone = browser.follow(conversation)
        gone.gone.set()
        await gone.ended()
        await asyncio.sleep(0)
        assert staff.world.log._channels == {}


async def test_ones_own_instructions_are_read_and_changed(staff: Staff):
    async with staff.browser() as page:
        assert (await page.client.get("/api/chat/instructions")).json() == {"text": ""}
        changed = await page.client.put("/api/chat/instructions", json={"text": " Be brief. "})
        assert changed.json() == {"text": "Be brief."}
        assert (await page.client.get("/api/chat/instructions")).json() == {"text": "Be brief."}


async def test_a_conversation_is_pinned_and_archived_by_its_owner_alone(staff: Staff):
    async with staff.browser() as page, staff.browser("marc") as other:
        conversation = await page.begin()
        path = f"/api/conversations/{conversation}/place"
        assert (await page.client.put(path, json={"pinned": True})).status_code == 200
        assert (await other.client.put(path, json={"pinned": False})).status_code == 404
        [line] = (await page.client.get("/api/chat")).json()["conversations"]
        assert (line["pinned"], line["archived"]) == (True, False)
        assert (await page.client.put(path, json={"archived": True})).status_code == 200
        [line] = (await page.client.get("/api/chat")).json()["conversations"]
        assert (line["pinned"], line["archived"]) == (False, True)
        assert (await page.client.get(f"/api/conversations/{conversation}")).status_code == 200


async def test_ones_own_conversations_are_searched(staff: Staff):
    async with staff.browser() as page:
        conversation = await page.begin()
        sent = await page.send(conversation, "What is a démarche? " + "Say. " * 100)
        answer = sent.json()["assistant"]["id"]
        await staff.world.idle(conversation)
        told = (await page.client.get("/api/chat/search", params={"query": '"A DEMARCHE'})).json()
        assert told["total"] == len(told["found"]) > 0
        assert not told["more"]
        found = next(each for each in told["found"] if each["role"] == "user")
        assert found["conversation"] == conversation
        [mark] = found["marks"]
        assert found["snippet"][mark["start"] : mark["end"]] == "a démarche"
        assert found["cut_after"]
        assert not found["cut_before"]
        told = (await page.client.get("/api/chat/search", params={"query": "yes"})).json()
        assert answer in {each["turn"] for each in told["found"]}
        for nothing in ("", "?!", "absent"):
            told = (await page.client.get("/api/chat/search", params={"query": nothing})).json()
            assert told == {"found": [], "total": 0, "more": False}
        for wrong in ({"query": "x" * 501}, {"query": "x", "skip": "-1"}):
            refused = await page.client.get("/api/chat/search", params=wrong)
            assert refused.status_code == 400
