"""The gateway's endpoints as ASGI sees them: clients that leave, streams that break."""

import asyncio
from datetime import UTC, datetime

import msgspec
import pytest
from starlette.applications import Starlette
from starlette.types import Message

from changeover.identity.keys import create_key
from changeover.identity.model import KeyRequest
from changeover.web.gateway import gateway_routes
from tests.gateway.worlds import Arriving, World, applications, chunk
from tests.orders.worlds import bind, day, rules

NOW = datetime(2026, 1, 1, tzinfo=UTC)


class Client:
    """Speaks ASGI to an application and leaves when it is told to."""

    def __init__(self, world: World, *, stream: bool) -> None:
        secret, key = create_key(KeyRequest(service="desk", slot="chat"), now=NOW, by="test")
        gateway = applications(world, key)
        self._app = Starlette(routes=gateway_routes(gateway, greatest_body=10_000))
        self._key = secret.reveal()
        self._left = asyncio.Event()
        self._asked = False
        self._body = msgspec.json.encode(
            {"model": "one", "stream": stream, "messages": [{"role": "user", "content": "Hi"}]}
        )
        self.sent: list[Message] = []
        self.first_piece = asyncio.Event()

    def leave(self) -> None:
        self._left.set()

    async def call(self) -> None:
        scope = {
            "type": "http",
            "asgi": {"version": "3.0"},
            "http_version": "1.1",
            "method": "POST",
            "scheme": "http",
            "path": "/v1/chat/completions",
            "raw_path": b"/v1/chat/completions",
            "query_string": b"",
            "root_path": "",
            "headers": [(b"authorization", f"Bearer {self._key}".encode())],
            "server": ("here", 80),
            "client": ("there", 1),
        }
        await self._app(scope, self._receive, self._send)

    async def _receive(self) -> Message:
        if not self._asked:
            self._asked = True
            return {"type": "http.request", "body": self._body, "more_body": False}
        await self._left.wait()
        return {"type": "http.disconnect"}

    async def _send(self, message: Message) -> None:
        self.sent.append(message)
        if message["type"] == "http.response.body" and message.get("body"):
            self.first_piece.set()


@pytest.fixture
def world() -> World:
    return World(rules(bindings=(bind("desk", "alpha/one"),)), at=day(1))


async def test_a_client_that_leaves_before_its_answer_cuts_the_call(world: World):
    world.vendor.answers = {"alpha": Arriving([], hold=True)}
    client = Client(world, stream=False)
    calling = asyncio.create_task(client.call())
    await asyncio.wait_for(world.vendor.called.wait(), 5)
    client.leave()
    await asyncio.wait_for(calling, 5)
    assert world.journal.results == ["cut"]
    assert world.vendor.closed == 1


async def test_a_client_that_leaves_its_stream_cuts_the_call(world: World):
    world.vendor.answers = {"alpha": Arriving([chunk("Hel")], hold=True)}
    client = Client(world, stream=True)
    calling = asyncio.create_task(client.call())
    await asyncio.wait_for(client.first_piece.wait(), 5)
    client.leave()
    await asyncio.wait_for(calling, 5)
    assert world.journal.results == ["cut"]
    assert world.vendor.closed == 1


async def test_a_stream_that_breaks_off_ends_with_the_protocols_error(world: World):
    world.vendor.answers = {"alpha": Arriving([chunk("Hel")])}
    client = Client(world, stream=True)
    await asyncio.wait_for(client.call(), 5)
    body = b"".join(m.get("body", b"") for m in client.sent)
    assert b"Hel" in body
    assert b"error" in body
    assert world.journal.results == ["failed"]
    assert client.sent[-1] == {"type": "http.response.body", "body": b"", "more_body": False}


async def test_a_header_that_latin_1_cannot_hold_is_sent_as_ascii(world: World):
    client = Client(world, stream=False)
    client._body = client._body.replace(b'"one"', '"no→body"'.encode())
    await asyncio.wait_for(client.call(), 5)
    assert client.sent[0]["status"] == 404
