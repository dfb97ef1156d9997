"""A model vendor that costs nothing: prepared answers in OpenAI's protocol.

It is run as a process of its own (`python -m benchmarks.upstream PORT`). It
reads requests whole, answers a request for a stream with one write per event,
each in its own turn of the loop, and keeps connections open.
"""

import asyncio
import sys
from collections.abc import Iterator
from typing import cast

import uvloop

from benchmarks.exchange import streamed_answer, whole_answer

_HEAD_END = b"\r\n\r\n"
_COMMON = b"HTTP/1.1 200 OK\r\nserver: benchmark\r\nx-request-id: req_benchmark\r\n"


def _whole() -> bytes:
    body = whole_answer()
    head = b"content-type: application/json\r\ncontent-length: %d\r\n\r\n" % len(body)
    return _COMMON + head + body


def _streamed() -> tuple[bytes, ...]:
    head = b"content-type: text/event-stream; charset=utf-8\r\ntransfer-encoding: chunked\r\n\r\n"
    chunks = [b"%x\r\n%b\r\n" % (len(event), event) for event in streamed_answer()]
    return (_COMMON + head + chunks[0], *chunks[1:], b"0\r\n\r\n")


_WHOLE = _whole()
_STREAMED = _streamed()


class Vendor(asyncio.Protocol):
    """One connection."""

    def __init__(self) -> None:
        self._received = b""
        self._transport: asyncio.Transport | None = None
        self._loop = asyncio.get_running_loop()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        # uvloop's transports do not inherit from asyncio's.
        self._transport = cast("asyncio.Transport", transport)

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 - the protocol's
        self._transport = None

    def data_received(self, data: bytes) -> None:
        self._received += data
        head, found, rest = self._received.partition(_HEAD_END)
        if not found:
            return
        length = _content_length(head)
        if len(rest) < length:
            return
        self._received = rest[length:]
        if b'"stream":true' in rest or b'"stream": true' in rest:
            self._go_on(iter(_STREAMED))
        elif self._transport is not None:
            self._transport.write(_WHOLE)

    def _go_on(self, events: Iterator[bytes]) -> None:
        event = next(events, None)
        if event is not None and self._transport is not None:
            self._transport.write(event)
            self._loop.call_soon(self._go_on, events)


def _content_length(head: bytes) -> int:
    for line in head.split(b"\r\n"):
        name, _, value = line.partition(b":")
        if name.lower() == b"content-length":
            return int(value)
    return 0


async def _serve(port: int) -> None:
    loop = asyncio.get_running_loop()
    server = await loop.create_server(Vendor, "127.0.0.1", port)
    print(f"Ready: {port}", flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    uvloop.run(_serve(int(sys.argv[1])))
