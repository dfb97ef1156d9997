"""The server's reading of requests, within bounds that its library does not set.

1. A head (request line and headers) has at most 64 KB and 200 headers, else 431; a client
   that sends one without end holds no more memory than that.
2. A head is whole within 20 seconds of its first byte, or of the connection, else 408. What
   came behind a request waits as long as the answer to that one takes. Line ends between
   requests begin no head: a connection that brings only those is closed without words.
3. A body that is not whole brings 1 KB at least every 30 seconds, else 408. While the server
   itself holds reading back, or has not sent the `100 Continue` that was asked for, nothing
   is asked of the client; it has 30 seconds from then on at least.
4. A client that is waited for takes 1 KB of its answer at least every 60 seconds, else the
   connection is broken off. What waits for it is not more than some 64 KB and the last
   piece: the answer is not read on meanwhile.

So a client that drips holds a connection for a bounded time (slow loris). How long a body may be
is each route's to say. What is no HTTP, or can be read in two ways, the library refuses with 400.
"""

import asyncio
import contextlib
import fcntl
import sys
import termios
from typing import Any

import httptools
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle

GREATEST_HEAD = 64 * 1024
MOST_HEADERS = 200
HEAD_SECONDS = 20.0
BODY_SECONDS = 30.0
TAKE_SECONDS = 60.0
LEAST = 1024


class BoundedProtocol(HttpToolsProtocol):
    """One connection of a client."""

    def __init__(self, *arguments: Any, **more: Any) -> None:
        super().__init__(*arguments, **more)
        self._head = 0
        self._size = 0
        self._brought = 0
        self._in_head = True
        self._begun = True
        self._held = False
        self._timer: asyncio.TimerHandle | None = None
        self._taking: asyncio.TimerHandle | None = None
        self._untaken = 0

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._wait(HEAD_SECONDS, self._late_head)

    def connection_lost(self, exc: Exception | None) -> None:
        self._wait_no_more()
        self._taken()
        super().connection_lost(exc)

    def pause_writing(self) -> None:
        super().pause_writing()
        self._wait_for_taking()

    def resume_writing(self) -> None:
        self._taken()
        super().resume_writing()

    def data_received(self, data: bytes) -> None:
        self._brought += len(data)
        if self._in_head:
            # The parser keeps a header to itself until it is whole.
            self._head += len(data)
            if self._timer is None:
                self._wait(HEAD_SECONDS, self._late_head)
        super().data_received(data)
        if self._in_head and self._head > GREATEST_HEAD and not self.transport.is_closing():
            self._refuse(b"431 Request Header Fields Too Large")

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self._size = 0
        self._in_head = True
        self._begun = True

    def on_url(self, url: bytes) -> None:
        super().on_url(url)
        self._measure(len(url))

    def on_header(self, name: bytes, value: bytes) -> None:
        super().on_header(name, value)
        self._measure(len(name) + len(value))

    def on_headers_complete(self) -> None:
        super().on_headers_complete()
        self._in_head, self._head, self._brought = False, 0, 0
        self._held = self._holding
        self._wait(BODY_SECONDS, self._look_at_body)

    def on_message_complete(self) -> None:
        super().on_message_complete()
        self._in_head, self._begun = True, False
        self._wait_no_more()

    def on_response_complete(self) -> None:
        super().on_response_complete()
        if self._in_head and not self._begun:
            # The library closes a connection that brings nothing more.
            self._wait_no_more()

    def _measure(self, more: int) -> None:
        self._size += more
        if self._size > GREATEST_HEAD or len(self.headers) > MOST_HEADERS:
            self._refuse(b"431 Request Header Fields Too Large")
            raise httptools.HttpParserError("the head is too large")

    def send_400_response(self, msg: str) -> None:
        if not self.transport.is_closing():
            super().send_400_response(msg)

    def _late_head(self) -> None:
        if self._under_way:
            self._wait(HEAD_SECONDS, self._late_head)
        elif self._begun:
            self._refuse(b"408 Request Timeout")
        else:
            self.transport.close()

    @property
    def _under_way(self) -> bool:
        """Whether a request whose head was read is not answered to its end."""
        cycle: RequestResponseCycle | None = self.cycle
        return cycle is not None and not cycle.response_complete

    @property
    def _answering(self) -> bool:
        return self._under_way and self.cycle.response_started

    @property
    def _holding(self) -> bool:
        """Whether the client has to wait for the server before it goes on with a body."""
        return self.flow.read_paused or self.cycle.waiting_for_100_continue

    def _look_at_body(self) -> None:
        held, self._held = self._held, self._holding
        if self._brought < LEAST and not held and not self._held:
            self._refuse(b"408 Request Timeout")
            return
        self._brought = 0
        self._wait(BODY_SECONDS, self._look_at_body)

    def _wait_for_taking(self) -> None:
        self._untaken = self._unsent()
        self._taking = self.loop.call_later(TAKE_SECONDS, self._look_at_taking)

    def _look_at_taking(self) -> None:
        if self._untaken - self._unsent() < LEAST:
            self.transport.abort()
            return
        self._wait_for_taking()

    def _taken(self) -> None:
        if self._taking is not None:
            self._taking.cancel()
            self._taking = None

    def _unsent(self) -> int:
        """Bytes that wait here, and in the kernel as far as it tells (`SIOCOUTQ` of Linux)."""
        transport: asyncio.WriteTransport = self.transport
        waiting = bytearray(4)
        with contextlib.suppress(OSError):
            fcntl.ioctl(transport.get_extra_info("socket").fileno(), termios.TIOCOUTQ, waiting)
        return transport.get_write_buffer_size() + int.from_bytes(waiting, sys.byteorder)

    def _refuse(self, status: bytes) -> None:
        """Ends the connection, with words where no answer has begun on it."""
        if not self._answering:
            self.transport.write(
                b"HTTP/1.1 " + status + b"\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"
            )
        self.transport.close()

    def _wait(self, seconds: float, then: Any) -> None:
        self._wait_no_more()
        self._timer = self.loop.call_later(seconds, then)

    def _wait_no_more(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
