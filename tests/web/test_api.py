"""Each step of answering a request; the steps are numbered in `web.api`."""

import asyncio
import threading
from collections.abc import AsyncIterator, MutableMapping
from typing import Any

import httpx2
import msgspec
import pytest

from changeover.basics.errors import ConflictError, NotFoundError
from changeover.web.api import EVERYONE, PUBLIC, Answer, Caller, Done, Operation, Params, Stream
from changeover.web.events import EventResponse, ServerEvent, Streams
from tests.web.serving import URL, Site


class Note(msgspec.Struct, forbid_unknown_fields=True):
    text: str


class Seen(msgspec.Struct):
    login: str
    text: str
    params: dict[str, Any]
    thread: int


def note(caller: Caller, body: Note | None, params: Params) -> Seen:
    text = "" if body is None else body.text
    return Seen(caller.account.login, text, dict(params), threading.get_ident())


async def note_at_once(caller: Caller, body: Note | None, params: Params) -> Seen:
    return note(caller, body, params)


async def refuse(_: Caller, body: Note, __: Params) -> Done:
    raise ConflictError(f"{body.text} stands already.", means="m", do="d")


async def headed(_: Caller, __: None, ___: Params) -> Answer:
    return Answer(Done(), {"x-own": "1"})


QUERY = {"at_once": bool, "after": int}
OPERATIONS = [
    Operation("GET", "/notes/{id}", None, Seen, EVERYONE, note, "Read.", QUERY),
    Operation("POST", "/notes/{id}", Note, Seen, ("officer",), note_at_once, "Write."),
    Operation("PATCH", "/notes/{id}", Note, Done, EVERYONE, refuse, "Refuse."),
    Operation("GET", "/headed", None, Done, PUBLIC, headed, "Head."),
]
OFFICER = ("officer",)


def code(answered: httpx2.Response) -> tuple[int, str]:
    return answered.status_code, answered.json()["error"]["code"]


async def test_a_plain_handler_runs_in_a_thread_and_a_coroutine_in_the_loop():
    async with await Site(*OPERATIONS).signed_in("m.okafor", "officer") as browser:
        read = (await browser.get("/api/notes/7")).json()
        assert (read["login"], read["params"]) == ("m.okafor", {"id": "7"})
        assert read["thread"] != threading.get_ident()
        written = (await browser.post("/api/notes/7", json={"text": "hi"})).json()
        assert (written["text"], written["thread"]) == ("hi", threading.get_ident())


async def test_the_query_is_read_by_type_and_unknown_parameters_are_passed_over():
    async with await Site(*OPERATIONS).signed_in("ana") as browser:
        read = (await browser.get("/api/notes/7?at_once=true&after=12&other=1")).json()
        assert read["params"] == {"id": "7", "at_once": True, "after": 12}
        assert code(await browser.get("/api/notes/7?after=soon")) == (400, "invalid_input")


async def test_step_1_what_changes_something_must_come_from_our_own_pages():
    async with await Site(*OPERATIONS).signed_in("m.okafor", "officer") as browser:

        async def post(**headers: str) -> httpx2.Response:
            named = {name.replace("_", "-"): value for name, value in headers.items()}
            return await browser.post("/api/notes/7", json={"text": "hi"}, headers=named)

        for ours in (
            {},
            {"origin": URL},
            {"sec_fetch_site": "same-origin", "origin": URL},
            {"origin": URL, "host": "inner:8080"},
            {"origin": "http://inner:8080", "host": "inner:8080"},
        ):
            assert (await post(**ours)).status_code == 200, ours
        for foreign in (
            {"origin": "http://evil.example"},
            {"origin": "null"},
            {"origin": "https://changeover.example.evil.example"},
            {"sec_fetch_site": "cross-site", "origin": URL},
            {"sec_fetch_site": "same-site"},
        ):
            assert code(await post(**foreign)) == (403, "foreign_origin"), foreign
        elsewhere = await browser.get("/api/notes/7", headers={"sec-fetch-site": "cross-site"})
        assert elsewhere.status_code == 200


async def test_step_1_guards_signing_in_too():
    site = Site()
    site.people.create("ana")
    async with site.browser(origin="http://evil.example") as browser:
        body = {"login": "ana", "password": "correct horse battery"}
        assert code(await browser.post("/api/session", json=body)) == (403, "foreign_origin")


async def test_step_2_without_a_session_only_public_operations_go_on():
    async with Site(*OPERATIONS).browser() as browser:
        assert code(await browser.get("/api/notes/7")) == (401, "signed_out")
        browser.cookies.set("changeover_session", "made up")
        assert code(await browser.get("/api/notes/7")) == (401, "signed_out")
        assert (await browser.get("/api/headed")).headers["x-own"] == "1"


async def test_step_2_reads_the_database_once_for_many_requests():
    site = Site(*OPERATIONS)
    async with await site.signed_in("ana") as browser:
        read = site.people.works.read
        for _ in range(5):
            assert (await browser.get("/api/notes/7")).status_code == 200
        assert site.people.works.read == read + 1


@pytest.mark.parametrize("token", [None, "", "made up", "é"])
async def test_step_3_what_changes_something_repeats_the_session_s_token(token: str | None):
    async with await Site(*OPERATIONS).signed_in("m.okafor", "officer") as browser:
        del browser.headers["x-csrf-token"]
        headers = {} if token is None else {b"x-csrf-token": token.encode()}
        answered = await browser.post("/api/notes/7", json={"text": "hi"}, headers=headers)
        assert code(answered) == (403, "csrf")
        assert (await browser.get("/api/notes/7")).status_code == 200


async def test_step_3_another_session_s_token_does_not_do():
    site = Site(*OPERATIONS)
    async with (
        await site.signed_in("m.okafor", "officer") as browser,
        await site.signed_in("ana") as other,
    ):
        browser.headers["x-csrf-token"] = other.headers["x-csrf-token"]
        assert code(await browser.post("/api/notes/7", json={"text": "hi"})) == (403, "csrf")


async def test_step_4_the_account_must_have_a_role():
    async with await Site(*OPERATIONS).signed_in("ana", "staff", "auditor") as browser:
        answered = await browser.post("/api/notes/7", json={"text": "hi"})
        assert code(answered) == (403, "role")
        assert "officer" in answered.json()["error"]["what"]


async def test_step_5_the_body_is_json_of_its_type_and_not_too_long():
    async with await Site(*OPERATIONS).signed_in("m.okafor", "officer") as browser:
        for body, expected in (
            ({"content": "text=hi"}, (415, "not_json")),
            ({"data": {"text": "hi"}}, (415, "not_json")),
            ({"json": {"text": "x" * 2000}}, (413, "too_long")),
            ({"json": {"text": 1}}, (400, "invalid_input")),
            ({"json": {"text": "hi", "more": 1}}, (400, "invalid_input")),
            ({"json": {}}, (400, "invalid_input")),
        ):
            assert code(await browser.post("/api/notes/7", **body)) == expected


async def test_step_6_a_product_error_keeps_its_words():
    async with await Site(*OPERATIONS).signed_in("ana") as browser:
        answered = await browser.patch("/api/notes/7", json={"text": "It"})
        assert answered.status_code == 409
        assert answered.json() == {
            "error": {"code": "conflict", "what": "It stands already.", "means": "m", "do": "d"}
        }


async def test_every_answer_keeps_out_of_caches_and_frames():
    async with Site(*OPERATIONS).browser() as browser:
        for path in ("/api/headed", "/api/notes/7"):
            headers = (await browser.get(path)).headers
            assert headers["cache-control"] == "no-store"
            assert headers["x-content-type-options"] == "nosniff"
            assert "frame-ancestors 'none'" in headers["content-security-policy"]


class Reader:
    """Reads a stream as a browser would, over ASGI itself, piece by piece."""

    def __init__(self, app: Any, path: str, headers: dict[str, str]) -> None:
        self.pieces: asyncio.Queue[bytes | None] = asyncio.Queue()
        self.head: MutableMapping[str, Any] = {}
        self.gone = asyncio.Event()
        target, _, query = path.partition("?")
        scope = {
            "type": "http", "method": "GET", "path": target, "query_string": query.encode(),
            "headers": [(k.encode(), v.encode()) for k, v in headers.items()],
            "client": ("192.0.2.7", 1),
        }  # fmt: skip
        self.task = asyncio.create_task(app(scope, self._receive, self._send))

    async def _receive(self) -> dict[str, Any]:
        await self.gone.wait()
        return {"type": "http.disconnect"}

    async def _send(self, message: MutableMapping[str, Any]) -> None:
        if message["type"] == "http.response.start":
            self.head = message
            return
        if message["body"]:
            await self.pieces.put(message["body"])
        if not message.get("more_body"):
            await self.pieces.put(None)

    async def next(self) -> bytes | None:
        return await asyncio.wait_for(self.pieces.get(), 5)

    async def ended(self) -> None:
        await asyncio.wait_for(self.task, 5)


class Source:
    """A handler whose events a test puts in; None ends them."""

    def __init__(self) -> None:
        self.events: asyncio.Queue[ServerEvent | None] = asyncio.Queue()
        self.closed = asyncio.Event()
        self.params: Params = {}

    async def handle(self, _: Caller, __: None, params: Params) -> AsyncIterator[ServerEvent]:
        self.params = params
        if params.get("id") == "none":
            raise NotFoundError("There is no such log.")
        return self._events()

    async def _events(self) -> AsyncIterator[ServerEvent]:
        try:
            while (event := await self.events.get()) is not None:
                yield event
        finally:
            self.closed.set()


class Watching:
    """A site with a stream, and somebody signed in to read it."""

    def __init__(self) -> None:
        self.source = Source()
        stream = Stream("/logs/{id}", {"note": Note}, EVERYONE, self.source.handle, "Watch.")
        self.site = Site(stream)
        self.site.people.create("ana")
        self.token = self.site.people.sign_in("ana")

    def open(self, path: str = "/api/logs/1", **headers: str) -> Reader:
        cookie = f"changeover_session={self.token.reveal()}"
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return Reader(self.site.app, path, {"cookie": cookie, **named})


async def test_a_stream_sends_its_events_as_they_come_and_ends_with_them():
    watching = Watching()
    reader = watching.open()
    assert await reader.next() == b": still here\n\n"
    head = {name.decode(): value.decode() for name, value in reader.head["headers"]}
    assert reader.head["status"] == 200
    assert head["content-type"].startswith("text/event-stream")
    assert head["cache-control"] == "no-store"
    assert head["x-accel-buffering"] == "no"
    assert "content-length" not in head
    await watching.source.events.put(ServerEvent("note", Note("a\nb"), "7"))
    assert await reader.next() == b'id: 7\nevent: note\ndata: {"text":"a\\nb"}\n\n'
    await watching.source.events.put(None)
    assert await reader.next() is None
    await reader.ended()
    assert watching.source.closed.is_set()


@pytest.mark.parametrize(
    ("path", "headers", "after"),
    [
        ("/api/logs/1", {}, None),
        ("/api/logs/1?after=3", {}, "3"),
        ("/api/logs/1", {"last_event_id": "5"}, "5"),
        ("/api/logs/1?after=3", {"last_event_id": "5"}, "5"),
    ],
)
async def test_a_stream_is_told_where_its_reader_stopped(
    path: str, headers: dict[str, str], after: str | None
):
    watching = Watching()
    reader = watching.open(path, **headers)
    await reader.next()
    assert watching.source.params.get("after") == after
    await watching.source.events.put(None)
    await reader.ended()


async def test_a_stream_closes_when_its_reader_leaves():
    watching = Watching()
    reader = watching.open()
    await reader.next()
    reader.gone.set()
    await reader.ended()
    assert watching.source.closed.is_set()


async def test_every_stream_ends_when_the_server_stops():
    watching = Watching()
    readers = [watching.open(), watching.open()]
    for reader in readers:
        await reader.next()
    watching.site.streams.end()
    for reader in readers:
        assert await reader.next() is None
        await reader.ended()
    assert watching.source.closed.is_set()


async def test_nothing_more_is_sent_once_the_session_has_ended():
    watching = Watching()
    reader = watching.open()
    await reader.next()
    watching.site.people.sessions.sign_out(watching.token)
    await watching.source.events.put(ServerEvent("note", Note("secret")))
    assert await reader.next() is None
    await reader.ended()
    assert watching.source.closed.is_set()


async def test_a_stream_that_cannot_begin_is_answered_as_an_error():
    watching = Watching()
    reader = watching.open("/api/logs/none")
    body = await reader.next()
    assert reader.head["status"] == 404
    assert body is not None
    assert msgspec.json.decode(body)["error"]["what"] == "There is no such log."
    async with watching.site.browser() as browser:
        assert code(await browser.get("/api/logs/1")) == (401, "signed_out")


async def test_silence_is_broken_by_comments_that_lose_no_event():
    source = Source()
    events = await source.handle(None, None, {})  # type: ignore[arg-type]

    async def admits() -> bool:
        return True

    response = EventResponse(events, admits, Streams(), heartbeat=0.02)
    reader = Reader(response, "/", {})
    assert [await reader.next() for _ in range(3)] == [b": still here\n\n"] * 3
    await source.events.put(ServerEvent("note", 1))
    while (piece := await reader.next()) == b": still here\n\n":
        pass
    assert piece == b"event: note\ndata: 1\n\n"
    await source.events.put(None)
    await reader.ended()


async def test_a_fault_in_a_stream_is_not_hidden():
    async def broken() -> AsyncIterator[ServerEvent]:
        yield ServerEvent("note", 1)
        raise RuntimeError("broken")

    async def admits() -> bool:
        return True

    reader = Reader(EventResponse(broken(), admits, Streams()), "/", {})
    with pytest.raises(RuntimeError, match="broken"):
        await reader.ended()
