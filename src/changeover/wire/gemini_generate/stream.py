"""Streamed answers: pieces of one answer, each a `GenerateContentResponse`.

There is no mark at the end: the answer is whole when the response is over and a
`finishReason` came, which may stand beside the last words, after them in a piece
without content, or (from some servers) on every piece. An error mid-stream is an
object with `error` where a piece would be, in a response whose status was 200.
"""

from changeover.conversation.events import Event
from changeover.wire.errors import VendorProtocolError
from changeover.wire.failures import read_failure
from changeover.wire.gemini_generate.reader import AnswerReader
from changeover.wire.gemini_generate.response import is_given, response_from_vendor
from changeover.wire.sse import EventStreamParser


class AnswerStreamDecoder:
    """A vendor's pieces to events."""

    def __init__(self) -> None:
        self._frames = EventStreamParser()
        self._reader = AnswerReader()
        self._begun = False
        self._ended = False

    def feed(self, data: bytes) -> list[Event]:
        events: list[Event] = []
        frames = () if self._ended else self._frames.feed(data)
        for frame in frames:
            if not self._ended:
                events += self._piece(frame.data)
        return events

    def close(self) -> list[Event]:
        if self._ended:
            return []
        if not self._begun:
            raise VendorProtocolError("The vendor's stream ended before its answer began.")
        self._ended = True
        return self._reader.end()

    def _piece(self, data: bytes) -> list[Event]:
        self._begun = True
        piece = response_from_vendor(data)
        if is_given(piece.error):
            self._ended = True
            return [read_failure(data, "stream_error")]
        return self._reader.take(piece)
