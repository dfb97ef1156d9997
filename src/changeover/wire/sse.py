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
_RETURN = ord("\r")
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
        self._naming, self._name = b"event", ""  # the last line that named an event
        self._data: list[bytes] = []
        self._size = 0
        self._alone: bytes | tuple[()] = ()  # what begins an event like the last; nothing does yet
        self._alike = ""

    def feed(self, chunk: bytes) -> list[ServerSentEvent]:
        """The events that `chunk` completes; `EventTooLargeError` beyond the limit."""
        # Mostly a chunk is one event, begun as the one before it.
        if chunk.startswith(self._alone):
            begin, end = len(self._alone), len(chunk) - 2
            if (
                chunk.find(b"\n", begin) == end
                and chunk[end:] == b"\n\n"
                and _RETURN not in chunk
                and end <= self._limit
            ):
                return [ServerSentEvent(self._alike, chunk[begin:end])]
        events = self._events(chunk)
        self._learn(chunk, events)
        return events

    def _learn(self, chunk: bytes, events: list[ServerSentEvent]) -> None:
        """How the next event may begin, where nothing is left of the ones before it."""
        self._alone = ()
        if len(events) != 1 or self._pieces or self._data or self._after_cr or self._event:
            return
        self._alike = events[0].event
        head = b"event: %b\n" % self._alike.encode() if self._alike else b""
        if chunk.startswith(head + b"data: "):
            self._alone = head + b"data: "

    def _events(self, chunk: bytes) -> list[ServerSentEvent]:
        events: list[ServerSentEvent] = []
        data, limit = self._data, self._limit
        for line in self._lines(chunk):
            if not line:
                if data:
                    whole = data[0] if len(data) == 1 else b"\n".join(data)
                    events.append(ServerSentEvent(self._event, whole))
                    data.clear()
                    self._size = 0
                self._event = ""
            elif line[:5] == b"data:" or line == b"data":
                value = line[6:] if line[5:6] == b" " else line[5:]
                data.append(value)
                self._size += len(value) + 1
                if len(line) > limit or self._size > limit + 1:
                    raise self._too_large()
            elif line == self._naming:
                self._event = self._name
            elif len(line) > limit:
                raise self._too_large()
            elif line[:6] == b"event:" or line == b"event":
                self._event = line[6:].removeprefix(b" ").decode(errors="replace")
                self._naming, self._name = line, self._event
        return events

    def _lines(self, chunk: bytes) -> list[bytes]:
        """The lines that `chunk` completes; what follows them is kept."""
        if self._after_cr and chunk:
            chunk = chunk.removeprefix(b"\n")
            self._after_cr = False
        if chunk.rfind(b"\r") >= 0:  # from the end, which the language searches fastest
            self._after_cr = chunk.endswith(b"\r")
            chunk = chunk.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
        lines = chunk.split(b"\n")
        rest = lines.pop()
        if lines and (self._pieces or self._at_start):
            lines[0] = self._whole_line(lines[0])
        if rest:
            self._pieces.append(rest)
            self._pending += len(rest)
            if self._pending > self._limit:
                raise self._too_large()
        return lines

    def _whole_line(self, end: bytes) -> bytes:
        """The line of which some came before and `end` is the last piece."""
        whole = b"".join((*self._pieces, end))
        self._pieces.clear()
        self._pending = 0
        if self._at_start:
            self._at_start = False
            whole = whole.removeprefix(_BYTE_ORDER_MARK)
        return whole

    def _too_large(self) -> EventTooLargeError:
        return EventTooLargeError(
            f"The vendor sent an event of more than {self._limit} bytes.",
            means="The answer cannot be read to its end.",
        )


def encode_event(data: bytes, event: str = "") -> bytes:
    """One event's bytes. `data` may hold LF (it becomes several fields), `event` no line end."""
    head = b"event: " + event.encode() + b"\n" if event else b""
    if data.rfind(b"\n") < 0:
        return b"".join((head, b"data: ", data, b"\n\n"))
    lines = b"".join(b"data: " + line + b"\n" for line in data.split(b"\n"))
    return head + lines + b"\n"
