"""A lasting response of server-sent events, for the product's own pages.

The form is that of the WHATWG HTML standard, section 9.2: `id:` lets a browser
that lost the connection say where it stopped, in `Last-Event-ID`. A comment goes
out after every 15 silent seconds, so that proxies keep the connection and a dead
one is noticed.

The response ends when its events end, when the reader leaves, when the server
stops (`Streams.end`), and when `admits` says that the reader may no longer read;
that is asked before each event and at each comment. However it ends, the
iterator of its events is closed.
"""

import asyncio
import contextlib
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable
from typing import Any

import msgspec
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

HEARTBEAT_SECONDS = 15.0
_HEARTBEAT = b": still here\n\n"
_HEADERS = {
    "cache-control": "no-store",
    "x-accel-buffering": "no",
    "x-content-type-options": "nosniff",
}

Admits = Callable[[], Awaitable[bool]]


class ServerEvent(msgspec.Struct, frozen=True):
    """An event to send: its kind, what becomes its JSON, and its place in a log."""

    kind: str
    data: Any
    id: str | None = None


class Streams:
    """The lasting responses of one server, which all end when it stops."""

    def __init__(self) -> None:
        self._ended = asyncio.Event()

    def end(self) -> None:
        """Ends every response that is open or will be."""
        self._ended.set()

    async def ended(self) -> None:
        await self._ended.wait()


class EventResponse(Response):
    """Sends `events` while `admits` says so."""

    media_type = "text/event-stream"

    def __init__(
        self,
        events: AsyncIterator[ServerEvent],
        admits: Admits,
        streams: Streams,
        *,
        heartbeat: float = HEARTBEAT_SECONDS,
    ) -> None:
        super().__init__(headers=_HEADERS)
        del self.headers["content-length"]
        self._events = events
        self._admits = admits
        self._streams = streams
        self._heartbeat = heartbeat

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002
        tasks = [
            asyncio.create_task(self._send(send)),
            asyncio.create_task(_gone(receive)),
            asyncio.create_task(self._streams.ended()),
        ]
        try:
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in tasks:
                task.cancel()
            sent, *_ = await asyncio.gather(*tasks, return_exceptions=True)
        if isinstance(sent, Exception):
            raise sent
        if isinstance(sent, asyncio.CancelledError):
            with contextlib.suppress(OSError):
                await send({"type": "http.response.body", "body": b"", "more_body": False})

    async def _send(self, send: Send) -> None:
        head = {"status": self.status_code, "headers": self.raw_headers}
        await send({"type": "http.response.start", **head})
        # At once: a proxy, and the page, should see the response begin.
        await send({"type": "http.response.body", "body": _HEARTBEAT, "more_body": True})
        async with contextlib.aclosing(_beating(self._events, self._heartbeat)) as events:
            async for event in events:
                if not await self._admits():
                    break
                body = _HEARTBEAT if event is None else encode(event)
                await send({"type": "http.response.body", "body": body, "more_body": True})
        await send({"type": "http.response.body", "body": b"", "more_body": False})


def encode(event: ServerEvent) -> bytes:
    """An event's bytes. JSON holds no line ends, so one `data` field suffices."""
    place = b"" if event.id is None else b"id: " + event.id.encode() + b"\n"
    kind, data = event.kind.encode(), msgspec.json.encode(event.data)
    return place + b"event: " + kind + b"\ndata: " + data + b"\n\n"


async def _beating(
    events: AsyncIterator[ServerEvent], seconds: float
) -> AsyncGenerator[ServerEvent | None]:
    """The events, and None after each time that none came for so long."""
    waiting: asyncio.Task[ServerEvent | None] | None = None
    try:
        while True:
            waiting = waiting or asyncio.create_task(_next(events))
            done, _ = await asyncio.wait({waiting}, timeout=seconds)
            if not done:
                yield None
                continue
            event, waiting = waiting.result(), None
            if event is None:
                return
            yield event
    finally:
        if waiting is not None:
            waiting.cancel()
            await asyncio.gather(waiting, return_exceptions=True)
        close = getattr(events, "aclose", None)
        if close is not None:
            await close()


async def _next(events: AsyncIterator[ServerEvent]) -> ServerEvent | None:
    return await anext(events, None)


async def _gone(receive: Receive) -> None:
    """Returns when the client has left."""
    while (await receive())["type"] != "http.disconnect":
        pass
