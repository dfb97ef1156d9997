"""Streamed answers: pieces of one answer, each a `GenerateContentResponse`.

There is no mark at the end: the answer is whole when the response is over and a
`finishReason` came, which may stand beside the last words, after them in a piece
without content, or (from some servers) on every piece. An error mid-stream is an
object with `error` where a piece would be, in a response whose status was 200.
"""

from typing import Any, assert_never

import msgspec

from changeover.conversation.events import (
    ChancesSeen,
    CitationSeen,
    Event,
    Failed,
    Finished,
    LossSeen,
    ReasoningDelta,
    ReasoningEnded,
    ReasoningSealed,
    ReasoningStarted,
    Started,
    TextDelta,
    TextEnded,
    TextStarted,
    ToolCallEnded,
    ToolCallStarted,
    ToolEvent,
    ToolInputDelta,
    UsageSeen,
    merge_usage,
)
from changeover.conversation.model import ToolCall, Usage
from changeover.wire.codec import ReplyContext
from changeover.wire.errors import VendorProtocolError
from changeover.wire.failures import read_failure
from changeover.wire.gemini_generate.errors import error_object
from changeover.wire.gemini_generate.reply import (
    AnswerReader,
    Ending,
    content,
    is_given,
    response,
    response_from_vendor,
)
from changeover.wire.sse import EventStreamParser, encode_event


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


class AnswerStreamEncoder:
    """Events to the pieces that a client reads."""

    def __init__(self, context: ReplyContext) -> None:
        self._context = context
        self._usage = Usage()
        self._ending = Ending()
        self._call: ToolCallStarted | None = None
        self._arguments: list[str] = []

    def encode(self, event: Event) -> bytes:
        match event:
            case Started():
                return self._piece([])
            case TextDelta():
                return self._piece([{"text": event.text}]) if event.text else b""
            case ToolCallStarted() | ToolInputDelta() | ToolCallEnded():
                return self._tool(event)
            case UsageSeen():
                self._usage = merge_usage(self._usage, event.usage)
                return b""
            case TextStarted() | CitationSeen() | ChancesSeen() | TextEnded() | LossSeen():
                return b""
            case ReasoningStarted() | ReasoningDelta() | ReasoningSealed() | ReasoningEnded():
                raise NotImplementedError
            case Finished() | Failed():
                return self._end(event)
            case _:
                assert_never(event)

    def _tool(self, event: ToolEvent) -> bytes:
        """A call is written whole: this protocol streams no pieces of one unless asked."""
        match event:
            case ToolCallStarted():
                self._call, self._arguments = event, []
                return b""
            case ToolInputDelta():
                self._arguments.append(event.json)
                return b""
            case ToolCallEnded():
                assert self._call is not None
                arguments = "".join(self._arguments) or "{}"
                call = ToolCall(id=self._call.id, name=self._call.name, arguments=arguments)
                parts = self._ending.call(call)
                return self._piece(parts) if parts else b""
            case _:
                assert_never(event)

    def _end(self, event: Finished | Failed) -> bytes:
        if isinstance(event, Failed):
            error = error_object(500, event.kind, event.message, self._context.id)
            return encode_event(msgspec.json.encode({"error": error}))
        candidate = {"content": content([]), **self._ending.finish(event.stop), "index": 0}
        return self._framed(response([candidate], self._context, self._usage))

    def _piece(self, parts: list[dict[str, Any]]) -> bytes:
        return self._framed(response([{"content": content(parts), "index": 0}], self._context))

    def _framed(self, piece: dict[str, Any]) -> bytes:
        return encode_event(msgspec.json.encode(piece))
