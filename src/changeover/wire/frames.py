"""Server-sent events passed on as they came, whole frames at a time.

A frame ends at an empty line, and a client that is cut off within one could not read what
follows. So bytes are kept back until their frame is whole. Most frames hold nothing that
must be known or changed; where no mark stands in a block of frames, it goes on untouched.
What is no UTF-8 is no answer, and lines that are none of an event are left out, as who
reads the stream would leave them out.

Lines end with LF or CRLF here. The standard knows CR alone too, which no vendor sends.
"""

import re
from abc import ABC, abstractmethod

import msgspec

from changeover.conversation.events import Event, Failed, Finished
from changeover.wire.errors import EventTooLargeError, VendorProtocolError
from changeover.wire.passing import Passed
from changeover.wire.sse import DEFAULT_LIMIT

_END = re.compile(rb"\n\r?\n")
DONE = b"[DONE]"
_ALL = (b"",)
_FIELDS = (b":", b"event:", b"id:", b"retry:")


class Frames:
    """Bytes in any chunks to blocks of whole frames; `limit` bounds what is kept back.

    `kept` are the pieces of a frame that has begun and is not whole.
    """

    _size = 0
    _tail = b""

    def __init__(self, limit: int = DEFAULT_LIMIT) -> None:
        self._limit = limit
        self.kept: list[bytes] = []

    def feed(self, data: bytes) -> bytes:
        """The frames that are whole now; `EventTooLargeError` beyond the limit."""
        self.kept.append(data)
        self._size += len(data)
        # What ends a frame has at most three bytes, so two of the last chunk may begin it.
        seen = self._tail + data
        ends = [found.end() for found in _END.finditer(seen)]
        if not ends:
            self._tail = seen[-2:]
            if self._size > self._limit:
                raise EventTooLargeError(
                    f"The vendor sent an event of more than {self._limit} bytes.",
                    means="The answer cannot be read to its end.",
                )
            return b""
        whole = b"".join(self.kept)
        rest = seen[ends[-1] :]
        self.kept, self._size = ([rest] if rest else []), len(rest)
        self._tail = rest[-2:]
        return whole[: len(whole) - len(rest)]


class FrameReader(ABC):
    """Passes a protocol's frames on, and looks into those with a mark and into the first."""

    marks: tuple[bytes, ...] = ()
    plain = b""
    """What of a frame says that nothing in it matters, where it stands before its words."""
    words = b""
    """What stands before the words of a frame, in a protocol whose frames all are to be changed."""

    def __init__(self) -> None:
        self._frames = Frames()
        self._plain: bytes | tuple[()] = ()  # which nothing begins with
        self._begun = 0
        self._alike: _Alike | None = None
        self._watched: tuple[bytes, ...] = _ALL
        self._end: Finished | Failed | None = None
        self._last = b""

    def feed(self, data: bytes) -> Passed | bytes:
        if (
            data.startswith(self._plain)
            and data.endswith(b"}\n\n")
            and data.find(b"\n", self._begun) == len(data) - 2
            and data.isascii()
            and not self._frames.kept
        ):
            self._last = data
            return data
        if self._alike is not None and not self._frames.kept:
            changed = self._alike.changed(data)
            if changed is not None:
                self._last = data
                return changed
        block = data if data[-2:] == b"\n\n" and not self._frames.kept else self._frames.feed(data)
        if not block:
            return block
        self._last = block
        if not block.isascii():
            _check_text(block)
        if block[-3:] != b"}\n\n":
            return self._looked(block)
        for mark in self._watched:
            # From the end, because that search is the fastest that the language has.
            if block.rfind(mark) >= 0:
                return self._looked(block)
        return self._untouched(block)

    def left(self) -> tuple[Event, ...]:
        return ()

    def _untouched(self, block: bytes) -> Passed | bytes:
        """A block without any mark as it goes on."""
        at = block.find(self.plain) if self.plain and _is_one(block) else -1
        begun = block[: at + len(self.plain)]
        # A single frame that begins like this one goes on unseen.
        if at >= 0 and block.find(b"\n", len(begun)) == len(block) - 2:
            self._plain, self._begun = begun, len(begun)
        return block

    def _learnt(self, block: bytes, changed: bytes) -> bytes:
        """A changed block without any mark, from which the next ones may differ by words alone."""
        if _is_one(block):
            self._alike = _alike(block, changed, self.words)
        return changed

    def close(self) -> None:
        if not isinstance(self._end, Finished | Failed):
            raise VendorProtocolError(
                "The vendor's stream ended before its answer did.",
                means="What says that it is whole did not come, so the answer is cut short.",
            )

    @abstractmethod
    def _payload(self, payload: bytes, told: list[Event]) -> bytes | None:
        """A frame's data as it goes on: the same object if nothing changes, None to drop it."""

    def _looked(self, block: bytes, told: list[Event] | None = None) -> Passed:
        told = [] if told is None else told
        if _is_one(block):
            return Passed(self._frame(block, told), tuple(told))
        pieces: list[bytes] = []
        start = 0
        for end in (found.end() for found in _END.finditer(block)):
            frame, start = block[start:end], end
            pieces.append(self._frame(frame, told))
        return Passed(b"".join(pieces), tuple(told))

    def _frame(self, frame: bytes, told: list[Event]) -> bytes:
        others, payload = _parts(frame)
        if payload is None:
            return others
        if self._end is not None:
            return frame
        if payload.strip() == DONE:
            self._done(told)
            return frame
        self._watched = self.marks
        changed = self._payload(payload, told)
        if changed is payload:
            return frame
        if changed is None:
            return b""
        return b"".join((others, b"data: ", changed.replace(b"\n", b"\ndata: "), b"\n\n"))

    def _done(self, told: list[Event]) -> None:
        """Takes `[DONE]`, which says nothing more in most protocols."""
        del told

    def _ends(self, end: Finished | Failed, told: list[Event]) -> None:
        self._end = end
        told.append(end)


class _Alike(msgspec.Struct, frozen=True):
    """How a frame begins and ends around its words, as it came and as it went on.

    A frame that differs from one without any mark by nothing but the inside of one text has
    none either, and is changed at the same places.
    """

    head: bytes
    tail: bytes
    new_head: bytes
    new_tail: bytes

    def changed(self, data: bytes) -> bytes | None:
        """A frame that differs by its words alone as it goes on; None for any other."""
        if not (data.startswith(self.head) and data.endswith(self.tail)):
            return None
        found = _INSIDE.fullmatch(data, len(self.head), len(data) - len(self.tail))
        return None if found is None else b"".join((self.new_head, found[0], self.new_tail))


# A text without escapes; of what is not ASCII it is to be checked that it is text at all.
_INSIDE = re.compile(rb'[^"\\\x00-\x1f\x7f-\xff]*')


def _alike(block: bytes, changed: bytes, mark: bytes) -> _Alike | None:
    """What is to be kept of a frame; None where its words are not found, or changed too."""
    begin = block.find(mark) + len(mark)
    found = _INSIDE.match(block, begin) if begin >= len(mark) else None
    if found is None or block[found.end() : found.end() + 1] != b'"':
        return None
    head, words, tail = block[:begin], found[0], block[found.end() :]
    if changed.endswith(words + tail):
        return _Alike(head, tail, changed[: len(changed) - len(words + tail)], tail)
    if changed.startswith(head + words):
        return _Alike(head, tail, head, changed[len(head + words) :])
    return None


def _parts(frame: bytes) -> tuple[bytes, bytes | None]:
    """A frame's other lines and its data; without data, what of it goes on."""
    begun, found, rest = frame.partition(b"data: ")
    # Mostly there is one line of data, and before it at most the event's name.
    if found and rest.find(b"\n") == len(rest) - 2 and (not begun or _is_name(begun)):
        return begun, rest[:-2]
    lines = frame.rstrip(b"\r\n").replace(b"\r\n", b"\n").split(b"\n")
    data = [line[5:].removeprefix(b" ") for line in lines if line.startswith(b"data:")]
    if not data:
        return frame if all(line.startswith(_FIELDS) for line in lines) else b"", None
    others = b"".join(line + b"\n" for line in lines if not line.startswith(b"data:"))
    return others, b"\n".join(data)


def _is_name(line: bytes) -> bool:
    return line.startswith(b"event: ") and line.find(b"\n") == len(line) - 1


def _is_one(block: bytes) -> bool:
    """Whether a block is one frame for sure."""
    return block.find(b"\n\n") == len(block) - 2 and block.rfind(b"\r") < 0


def _check_text(block: bytes) -> None:
    try:
        block.decode()
    except UnicodeDecodeError as error:
        raise VendorProtocolError("The vendor sent an event that is no text.") from error
