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

    # What a reader begins with stands in its class: one is made for every call.
    _plain: bytes | tuple[()] = ()  # which nothing begins with
    _breaks = 0
    _watched: tuple[bytes, ...] = _ALL
    _end: Finished | Failed | None = None
    _last = b""

    def __init__(self) -> None:
        self._frames = Frames()

    def feed(self, data: bytes) -> Passed | bytes:
        if (
            data.startswith(self._plain)
            and data[-3:] == b"}\n\n"
            and data.isascii()
            and data.count(b"\n") == self._breaks
            and not self._frames.kept
        ):
            self._last = data
            return data
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
        if at >= 0:  # a single frame that begins like this one goes on unseen
            self._plain, self._breaks = block[: at + len(self.plain)], block.count(b"\n")
        return block

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
        lines = frame.rstrip(b"\r\n").replace(b"\r\n", b"\n").split(b"\n")
        data = [line[5:].removeprefix(b" ") for line in lines if line.startswith(b"data:")]
        if not data:
            return frame if all(line.startswith(_FIELDS) for line in lines) else b""
        if self._end is not None:
            return frame
        payload = data[0] if len(data) == 1 else b"\n".join(data)
        if payload.strip() == DONE:
            self._done(told)
            return frame
        self._watched = self.marks
        changed = self._payload(payload, told)
        if changed is payload:
            return frame
        if changed is None:
            return b""
        others = [line for line in lines if not line.startswith(b"data:")]
        again = [b"data: " + line for line in changed.split(b"\n")]
        return b"\n".join((*others, *again, b"", b""))

    def _done(self, told: list[Event]) -> None:
        """Takes `[DONE]`, which says nothing more in most protocols."""
        del told

    def _ends(self, end: Finished | Failed, told: list[Event]) -> None:
        self._end = end
        told.append(end)


def _is_one(block: bytes) -> bool:
    """Whether a block is one frame for sure."""
    return block.find(b"\n\n") == len(block) - 2 and block.rfind(b"\r") < 0


def _check_text(block: bytes) -> None:
    try:
        block.decode()
    except UnicodeDecodeError as error:
        raise VendorProtocolError("The vendor sent an event that is no text.") from error
