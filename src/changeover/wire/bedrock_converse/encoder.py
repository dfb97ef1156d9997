"""Streamed Converse answers, written to clients.

Source: the service model `bedrock-runtime`, shape `ConverseStreamOutput`. A block of text
or reasoning has no start, as Bedrock sends none; one without words is not written, since
its index would stand for nothing. Counts come last, in `metadata`. Reasoning that was not
asked for is left out, as in a whole answer, save what is sealed for a call that follows.
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
    ReasoningEvent,
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
from changeover.conversation.model import Sealed, Usage
from changeover.wire.bedrock_converse.citations import written_citation
from changeover.wire.bedrock_converse.content import written_opaque
from changeover.wire.bedrock_converse.errors import exception_of
from changeover.wire.bedrock_converse.reply import stop_word, usage_for_client
from changeover.wire.codec import ReplyContext
from changeover.wire.event_stream import encode_event, encode_exception

_encode = msgspec.json.Encoder().encode
_INDEX = b',"contentBlockIndex":%d}'


class ConverseStreamEncoder:
    """Canonical events to those that a client reads."""

    def __init__(self, context: ReplyContext) -> None:
        self._context = context
        self._usage = Usage()
        self._index = 0
        self._ending = _INDEX % 0
        self._written = False
        self._reasoned = False

    def encode(self, event: Event) -> bytes:
        match event:
            case TextDelta():  # nearly all events are words
                return self._words(event.text) if event.text else b""
            case Started() | Finished() | Failed():
                return self._edge(event)
            case TextStarted() | CitationSeen() | ChancesSeen() | TextEnded():
                return self._text(event)
            case ReasoningStarted() | ReasoningDelta() | ReasoningSealed() | ReasoningEnded():
                return self._reasoning(event)
            case ToolCallStarted() | ToolInputDelta() | ToolCallEnded():
                return self._tool(event)
            case UsageSeen() | LossSeen():
                if isinstance(event, UsageSeen):
                    self._usage = merge_usage(self._usage, event.usage)
                return b""
            case _:
                assert_never(event)

    def _edge(self, event: Started | Finished | Failed) -> bytes:
        match event:
            case Started():
                return _framed("messageStart", role="assistant")
            case Finished():
                return self._finish(event)
            case Failed():
                said = _encode({"message": event.message})
                return encode_exception(exception_of(event.kind), said)
            case _:
                assert_never(event)

    def _text(self, event: TextStarted | CitationSeen | ChancesSeen | TextEnded) -> bytes:
        match event:
            case CitationSeen():
                return self._delta(citation=written_citation(event.citation))
            case TextEnded():
                return self._end()
            case TextStarted() | ChancesSeen():
                return b""
            case _:
                assert_never(event)

    def _reasoning(self, event: ReasoningEvent) -> bytes:
        match event:
            case ReasoningStarted():
                self._reasoned = False
                return b""
            case ReasoningDelta():
                if not event.text or not self._context.thinking:
                    return b""
                self._reasoned = True
                return self._delta(reasoningContent={"text": event.text})
            case ReasoningSealed():
                return self._sealed(event.sealed)
            case ReasoningEnded():
                return self._end()
            case _:
                assert_never(event)

    def _sealed(self, sealed: Sealed) -> bytes:
        if not self._context.thinking and sealed.on != "next":
            return b""
        if self._reasoned:
            return self._delta(reasoningContent={"signature": sealed.value})
        return self._delta(reasoningContent={"redactedContent": written_opaque(sealed.value)})

    def _tool(self, event: ToolEvent) -> bytes:
        match event:
            case ToolCallStarted():
                self._written = True
                call = {"toolUse": {"toolUseId": event.id, "name": event.name}}
                return _framed("contentBlockStart", start=call, contentBlockIndex=self._index)
            case ToolInputDelta():
                return self._delta(toolUse={"input": event.json}) if event.json else b""
            case ToolCallEnded():
                return self._end()
            case _:
                assert_never(event)

    def _words(self, words: str) -> bytes:
        self._written = True
        payload = b"".join((b'{"delta":{"text":', _encode(words), b"}", self._ending))
        return encode_event("contentBlockDelta", payload)

    def _delta(self, **delta: Any) -> bytes:
        self._written = True
        payload = b"".join((b'{"delta":', _encode(delta), self._ending))
        return encode_event("contentBlockDelta", payload)

    def _end(self) -> bytes:
        """The end of the open block, if anything of it was written."""
        if not self._written:
            return b""
        self._written = False
        frame = _framed("contentBlockStop", contentBlockIndex=self._index)
        self._index += 1
        self._ending = _INDEX % self._index
        return frame

    def _finish(self, event: Finished) -> bytes:
        stop: dict[str, Any] = {"stopReason": stop_word(event.stop)}
        if event.stop_sequence is not None:
            own = {"stop_sequence": event.stop_sequence}
            stop["additionalModelResponseFields"] = own
        counts = {"usage": usage_for_client(self._usage), "metrics": {"latencyMs": 0}}
        return _framed("messageStop", **stop) + _framed("metadata", **counts)


def _framed(event: str, **payload: Any) -> bytes:
    return encode_event(event, _encode(payload))
