"""A vendor of OpenAI's protocol that misbehaves byte by byte, as tests tell it, host by host.

It runs on a thread of its own. Each host answers below `/{host}/`, soundly unless `faults`
names a way to fail for it.
"""

import asyncio
import gzip
import json
import socket
import struct
import threading
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import suppress
from types import TracebackType
from typing import Self

Fault = Callable[[asyncio.StreamWriter, bool], Awaitable[None]]
MEGABYTE = 1024 * 1024
_TEXT = "The report is due on Thursday."


def _chunk(delta: Mapping[str, str], finish: str | None = None) -> bytes:
    choice = {"index": 0, "delta": delta, "finish_reason": finish}
    body = {"id": "r1", "object": "chat.completion.chunk", "created": 1, "model": "m"}
    return b"data: " + json.dumps(body | {"choices": [choice]}).encode() + b"\n\n"


EVENTS = (
    _chunk({"role": "assistant", "content": ""}),
    *(_chunk({"content": f"{word} "}) for word in _TEXT.split()),
    _chunk({}, "stop"),
    b"data: [DONE]\n\n",
)
WHOLE = json.dumps({
    "id": "r1",
    "object": "chat.completion",
    "created": 1,
    "model": "m",
    "choices": [
        {
            "index": 0,
            "message": {"role": "assistant", "content": _TEXT},
            "finish_reason": "stop",
        }
    ],
    "usage": {"prompt_tokens": 5, "completion_tokens": 6, "total_tokens": 11},
}).encode()  # fmt: skip


def _head(streamed: bool, *more: str, status: str = "200 OK") -> bytes:
    kind = "text/event-stream" if streamed else "application/json"
    lines = [f"HTTP/1.1 {status}", f"Content-Type: {kind}", "Connection: close", *more]
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


def _body(streamed: bool) -> bytes:
    return b"".join(EVENTS) if streamed else WHOLE


async def sound(writer: asyncio.StreamWriter, streamed: bool) -> None:
    body = _body(streamed)
    writer.write(_head(streamed, f"Content-Length: {len(body)}") + body)


async def hangs(_: asyncio.StreamWriter, __: bool) -> None:
    await asyncio.sleep(30)


async def hangs_after_its_head(writer: asyncio.StreamWriter, streamed: bool) -> None:
    writer.write(_head(streamed, "Content-Length: 1000"))
    await asyncio.sleep(30)


async def resets(writer: asyncio.StreamWriter, _: bool) -> None:
    _reset(writer)


async def resets_in_the_middle(writer: asyncio.StreamWriter, streamed: bool) -> None:
    body = _body(streamed)
    writer.write(_head(streamed, f"Content-Length: {len(body)}") + body[: len(body) // 2])
    await writer.drain()
    await asyncio.sleep(0.05)
    _reset(writer)


async def drips(writer: asyncio.StreamWriter, streamed: bool) -> None:
    writer.write(_head(streamed))
    for byte in _body(streamed):
        writer.write(bytes([byte]))
        await writer.drain()
        await asyncio.sleep(0.1)


async def drips_its_head(writer: asyncio.StreamWriter, streamed: bool) -> None:
    for byte in _head(streamed):
        writer.write(bytes([byte]))
        await writer.drain()
        await asyncio.sleep(0.1)


async def says_too_much(writer: asyncio.StreamWriter, streamed: bool) -> None:
    body = _body(streamed)
    writer.write(_head(streamed, f"Content-Length: {len(body) + 100}") + body[:-20])


async def says_too_little(writer: asyncio.StreamWriter, streamed: bool) -> None:
    body = _body(streamed)
    writer.write(_head(streamed, f"Content-Length: {len(body) - 40}") + body)


async def says_two_lengths(writer: asyncio.StreamWriter, streamed: bool) -> None:
    body = _body(streamed)
    lengths = (f"Content-Length: {len(body)}", "Content-Length: 7")
    writer.write(_head(streamed, *lengths) + body)


async def chunks_badly(writer: asyncio.StreamWriter, streamed: bool) -> None:
    writer.write(_head(streamed, "Transfer-Encoding: chunked") + b"5\r\nhello\r\nzz\r\nwhat?\r\n")


async def ends_its_chunks_too_soon(writer: asyncio.StreamWriter, streamed: bool) -> None:
    part = _body(streamed)[:60]
    writer.write(_head(streamed, "Transfer-Encoding: chunked") + b"%x\r\n%s\r\n" % (60, part))


async def is_another_protocol(writer: asyncio.StreamWriter, _: bool) -> None:
    writer.write(b"220 mail.example ESMTP\r\n" * 3)


async def answers_a_page(writer: asyncio.StreamWriter, _: bool) -> None:
    page = b"<html><body>Down for maintenance</body></html>"
    # All hosts are at one address here, so that a connection left open would be another's.
    head = "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nConnection: close\r\n"
    writer.write(f"{head}Content-Length: {len(page)}\r\n\r\n".encode() + page)


async def is_no_utf8(writer: asyncio.StreamWriter, streamed: bool) -> None:
    body = _body(streamed).replace(b"report", b"\xff\xfe\xfa")
    writer.write(_head(streamed, f"Content-Length: {len(body)}") + body)


async def is_no_json(writer: asyncio.StreamWriter, streamed: bool) -> None:
    body = b"data: {{{\n\n" if streamed else b"{{{"
    writer.write(_head(streamed, f"Content-Length: {len(body)}") + body)


async def bombs(writer: asyncio.StreamWriter, streamed: bool) -> None:
    """Half a gigabyte of spaces in half a megabyte of gzip."""
    body = gzip.compress(b" " * MEGABYTE, 9) * 512
    head = _head(streamed, "Content-Encoding: gzip", f"Content-Length: {len(body)}")
    writer.write(head + body)
    await writer.drain()


async def never_ends_a_line(writer: asyncio.StreamWriter, streamed: bool) -> None:
    writer.write(_head(streamed) + b"data: ")
    for _ in range(128):
        writer.write(b"x" * MEGABYTE)
        await writer.drain()


async def never_ends_its_head(writer: asyncio.StreamWriter, _: bool) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\n")
    for number in range(20_000):
        writer.write(b"X-Number-%d: %s\r\n" % (number, b"y" * 1000))
        await writer.drain()


async def only_comments(writer: asyncio.StreamWriter, streamed: bool) -> None:
    writer.write(_head(streamed))
    while True:
        writer.write(b": still here\n\n")
        await writer.drain()
        await asyncio.sleep(0.05)


FAULTS: tuple[Fault, ...] = (
    hangs,
    hangs_after_its_head,
    resets,
    resets_in_the_middle,
    drips,
    drips_its_head,
    only_comments,
    says_too_much,
    says_too_little,
    says_two_lengths,
    chunks_badly,
    ends_its_chunks_too_soon,
    is_another_protocol,
    answers_a_page,
    is_no_utf8,
    is_no_json,
    bombs,
    never_ends_a_line,
    never_ends_its_head,
)


def _reset(writer: asyncio.StreamWriter) -> None:
    """Closes without a farewell: the peer sees a reset."""
    raw: socket.socket = writer.get_extra_info("socket")
    raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()


class BadVendor:
    """The vendor, from a `with` block's begin to its end; `calls` are the hosts asked so far."""

    def __init__(self) -> None:
        self.faults: dict[str, Fault] = {}
        self.calls: list[str] = []
        self.url = ""
        self._ready = threading.Event()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._run()), daemon=True)
        self._loop: asyncio.AbstractEventLoop
        self._stop: asyncio.Event

    def __enter__(self) -> Self:
        self._thread.start()
        assert self._ready.wait(10)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join(10)

    async def _run(self) -> None:
        self._loop, self._stop = asyncio.get_running_loop(), asyncio.Event()
        server = await asyncio.start_server(self._answer, "127.0.0.1", 0)
        self.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        self._ready.set()
        await self._stop.wait()
        server.close()
        for task in asyncio.all_tasks() - {asyncio.current_task()}:
            task.cancel()
        await asyncio.sleep(0.05)  # in which what was cut closes its connections

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            with suppress(ConnectionError, asyncio.IncompleteReadError):
                async for host, streamed in _requests(reader):
                    self.calls.append(host)
                    await self.faults.get(host, sound)(writer, streamed)
                    await writer.drain()
                    break
        finally:  # also where the vendor is stopped while it hangs
            writer.close()


async def _requests(reader: asyncio.StreamReader) -> AsyncIterator[tuple[str, bool]]:
    """The host and whether a stream is wanted, of each request."""
    while True:
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        lengths = [line for line in head.split("\r\n") if line.lower().startswith("content-length")]
        body = await reader.readexactly(int(lengths[0].partition(":")[2]))
        yield head.split("/", 2)[1], bool(json.loads(body).get("stream"))
