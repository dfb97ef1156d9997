"""Sending an answer at a pace, and failing on purpose.

An answer is a head and chunks: the events of a stream, or one body. Faults act
here, after the protocol has done its part, so that a stream and a whole answer
fail in the same ways. A hang ends when its time is up, when the client leaves
or when the server stops, whichever is first.
"""

import asyncio
from collections.abc import Mapping, Sequence

import msgspec
from starlette.types import Receive, Scope, Send

from changeover.standin.settings import FaultKind

GARBAGE = b"\x00\xff<html>502 <<< not what was asked for"


class Head(msgspec.Struct, frozen=True, kw_only=True):
    """A response's status, content type and further headers."""

    status: int
    content_type: str
    headers: Mapping[str, str]


class Hangs:
    """Holds requests that hang, and lets them go when the server stops."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._stopping = asyncio.Event()

    def stop(self) -> None:
        """Ends every hang, now and from now on."""
        self._stopping.set()

    async def wait(self, receive: Receive) -> None:
        """Hangs."""
        waits = [
            asyncio.ensure_future(self._stopping.wait()),
            asyncio.ensure_future(_gone(receive)),
        ]
        try:
            await asyncio.wait(waits, timeout=self._seconds, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for wait in waits:
                wait.cancel()


async def _gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


class Delivery:
    """A response that says `chunks` after `head`, `delay` seconds before each when streamed.

    `fault` is one of the mid-stream kinds, or None. Leaving a response unfinished
    makes the server close its connection, which is how a close is done.
    """

    def __init__(
        self,
        head: Head,
        chunks: Sequence[bytes],
        *,
        delay: float = 0.0,
        fault: FaultKind | None = None,
        hangs: Hangs,
    ) -> None:
        self._head = head
        self._fault = fault
        self._chunks = halved(chunks) if fault else chunks
        self._length = None if len(chunks) > 1 else len(chunks[0])
        self._delay = delay
        self._hangs = hangs

    async def __call__(self, _scope: Scope, receive: Receive, send: Send) -> None:
        headers = {"content-type": self._head.content_type, **self._head.headers}
        if self._length is not None:
            headers["content-length"] = str(self._length)
        await send(
            {
                "type": "http.response.start",
                "status": self._head.status,
                "headers": [(name.encode(), value.encode()) for name, value in headers.items()],
            }
        )
        for chunk in self._chunks:
            if self._delay:
                await asyncio.sleep(self._delay)
            await send({"type": "http.response.body", "body": chunk, "more_body": True})
        await self._end(receive, send)

    async def _end(self, receive: Receive, send: Send) -> None:
        match self._fault:
            case "hang-mid-stream":
                await self._hangs.wait(receive)
            case "close-mid-stream":
                # What was sent must have left before the connection goes.
                await asyncio.sleep(0)
            case "garbage-mid-stream":
                await send({"type": "http.response.body", "body": self._garbage()})
            case _:
                await send({"type": "http.response.body", "body": b""})

    def _garbage(self) -> bytes:
        """Rubbish, as long as the head promised where it promised a length."""
        if self._length is None:
            return b"data: " + GARBAGE + b"\n\n"
        missing = self._length - sum(len(chunk) for chunk in self._chunks)
        return (GARBAGE * (missing // len(GARBAGE) + 1))[:missing]


def halved(chunks: Sequence[bytes]) -> list[bytes]:
    """The first half of the events, or of the bytes where there is but one chunk."""
    if len(chunks) == 1:
        return [chunks[0][: len(chunks[0]) // 2]]
    return list(chunks[: len(chunks) // 2])
