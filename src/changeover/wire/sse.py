"""Server-sent events: a stream of named messages over one response.

The rules are those of the WHATWG HTML standard, section 9.2.6 ("Interpreting an
event stream"):

* A line ends at CR, LF or CRLF; the bytes may be cut anywhere, also between
  the CR and the LF of one ending. One leading byte order mark is dropped.
* An empty line dispatches the event collected so far. An event without a
  `data` field is nothing. What stands unfinished when the stream ends is
  dropped.
* A line that begins with a colon is a comment. Otherwise the field's name ends
  at the first colon, and one space after that is dropped.
* Several `data` fields are joined with LF. `id` and `retry` serve reconnection,
  which a call to a model cannot do; they and unknown fields are passed over.

One thing differs: data stays bytes, because what follows is a JSON decoder that
refuses invalid UTF-8, where the standard would silently replace it.

A line is assembled once, when its end arrives, so the cost is linear in the
bytes however they are cut.
"""

import msgspec

from changeover.wire.errors import EventTooLargeError

MEDIA_TYPE = "text/event-stream"
DEFAULT_LIMIT = 8 * 1024 * 1024
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"


class ServerSentEvent(msgspec.Struct, frozen=True):
    """One dispatched event; `event` is empty where the stream names none."""

    event: str
    data: bytes


class EventStreamParser:
    """Bytes in any chunks to events. `limit` bounds a line, and an event's data, in bytes."""

    def __init__(self, limit: int = DEFAULT_LIMIT) -> None:
        self._limit = limit
        self._pieces: list[bytes] = []
        self._pending = 0
        self._after_cr = False
        self._at_start = True
        self._event = ""
        self._data: list[bytes] = []
        self._size = 0

    def feed(self, chunk: bytes) -> list[ServerSentEvent]:
        """The events that `chunk` completes; `EventTooLargeError` beyond the limit."""
        if self._after_cr and chunk:
            chunk = chunk.removeprefix(b"\n")
            self._after_cr = False
        self._after_cr = self._after_cr or chunk.endswith(b"\r")
        events: list[ServerSentEvent] = []
        for line in chunk.splitlines(keepends=True):
            bare = line.rstrip(b"\r\n")
            if len(bare) < len(line) and not self._pieces and not self._at_start:
                self._check(len(bare))  # the common case: a whole line in one chunk
                self._line(bare, events)
                continue
            self._pieces.append(bare)
            self._pending += len(bare)
            self._check(self._pending)
            if len(bare) < len(line):
                self._line(self._whole_line(), events)
        return events

    def _whole_line(self) -> bytes:
        whole = self._pieces[0] if len(self._pieces) == 1 else b"".join(self._pieces)
        self._pieces.clear()
        self._pending = 0
        if self._at_start:
            self._at_start = False
            whole = whole.removeprefix(_BYTE_ORDER_MARK)
        return whole

    def _line(self, line: bytes, events: list[ServerSentEvent]) -> None:
        if not line:
            self._dispatch(events)
            return
        name, _, value = line.partition(b":")
        value = value.removeprefix(b" ")
        if name == b"data":
            self._data.append(value)
            self._size += len(value) + 1
            self._check(self._size - 1)
        elif name == b"event":
            self._event = value.decode(errors="replace")

    def _dispatch(self, events: list[ServerSentEvent]) -> None:
        if self._data:
            events.append(ServerSentEvent(self._event, b"\n".join(self._data)))
        self._event = ""
        self._data.clear()
        self._size = 0

    def _check(self, size: int) -> None:
        if size > self._limit:
            raise EventTooLargeError(
                f"The vendor sent an event of more than {self._limit} bytes.",
                means="The answer cannot be read to its end.",
            )


def encode_event(data: bytes, event: str = "") -> bytes:
    """One event's bytes. `data` may hold LF (it becomes several fields), `event` no line end."""
    head = b"event: " + event.encode() + b"\n" if event else b""
    if b"\n" not in data:
        return head + b"data: " + data + b"\n\n"
    lines = b"".join(b"data: " + line + b"\n" for line in data.split(b"\n"))
    return head + lines + b"\n"
