"""Streamed Messages answers, as they are told to a client.

The order of events is in `stream.py`.

* `message_start` is held back until the event after the start, since the counts of the
  input, where the vendor tells them early, belong in it. They are repeated in
  `message_delta` for vendors that tell them at the end.
* Reasoning opens its block with its first words. What is sealed of it follows them as the
  signature; without words it is a `redacted_thinking`, whole. What a client gets of
  reasoning that it did not ask for is in `reply.py`.
"""

from collections.abc import Mapping
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
from changeover.conversation.model import Usage
from changeover.wire.anthropic_messages.citations import citation_for_client
from changeover.wire.anthropic_messages.errors import error_body, type_of
from changeover.wire.anthropic_messages.reply import (
    message_object,
    opaque_for_client,
    stop_word,
    usage_for_client,
)
from changeover.wire.codec import ReplyContext
from changeover.wire.sse import encode_event

_encode = msgspec.json.Encoder().encode
_DELTA = b'event: content_block_delta\ndata: {"type":"content_block_delta","index":%d,"delta":'


class MessageStreamEncoder:
    """Canonical events to those that a client reads."""

    def __init__(self, context: ReplyContext) -> None:
        self._context = context
        self._usage = Usage()
        self._held = False
        self._index = 0
        self._opening = _DELTA % 0
        self._thinking = False
        self._opaque = ""

    def encode(self, event: Event) -> bytes:
        match event:
            case TextDelta():  # nearly all events are words
                return self._delta({"type": "text_delta", "text": event.text})
            case Started() | UsageSeen() | LossSeen():
                return self._begin(event)
            case TextStarted() | CitationSeen() | ChancesSeen() | TextEnded():
                return self._message_start() + self._text(event)
            case ToolCallStarted() | ToolInputDelta() | ToolCallEnded():
                return self._message_start() + self._tool(event)
            case ReasoningStarted() | ReasoningDelta() | ReasoningSealed() | ReasoningEnded():
                return self._message_start() + self._reasoning(event)
            case Finished() | Failed():
                return self._message_start() + self._end(event)
            case _:
                assert_never(event)

    def _begin(self, event: Started | UsageSeen | LossSeen) -> bytes:
        match event:
            case Started():
                self._held = True
            case UsageSeen():
                self._usage = merge_usage(self._usage, event.usage)
                return self._message_start()
            case LossSeen():
                pass
            case _:
                assert_never(event)
        return b""

    def _message_start(self) -> bytes:
        """The held `message_start`, or nothing once it is out."""
        if not self._held:
            return b""
        self._held = False
        message = message_object(self._context, self._usage)
        return _framed({"type": "message_start", "message": message})

    def _text(self, event: TextStarted | CitationSeen | ChancesSeen | TextEnded) -> bytes:
        match event:
            case TextStarted():
                return self._block("start", content_block={"type": "text", "text": ""})
            case TextEnded():
                return self._block_end()
            case CitationSeen():
                told = citation_for_client(event.citation)
                if told is None:
                    return b""
                return self._delta({"type": "citations_delta", "citation": told})
            case ChancesSeen():
                return b""
            case _:
                assert_never(event)

    def _reasoning(self, event: ReasoningEvent) -> bytes:
        match event:
            case ReasoningStarted():
                self._thinking, self._opaque = False, ""
                return b""
            case ReasoningDelta():
                return self._thought(event.text) if self._context.thinking else b""
            case ReasoningSealed():
                self._opaque = opaque_for_client(event.sealed, asked=self._context.thinking)
                return b""
            case ReasoningEnded():
                return self._reasoning_end()
            case _:
                assert_never(event)

    def _thought(self, words: str) -> bytes:
        if not words:
            return b""
        opening = b""
        if not self._thinking:
            self._thinking = True
            block = {"type": "thinking", "thinking": "", "signature": ""}
            opening = self._block("start", content_block=block)
        return opening + self._delta({"type": "thinking_delta", "thinking": words})

    def _reasoning_end(self) -> bytes:
        if self._thinking:
            signed = b""
            if self._opaque:
                signed = self._delta({"type": "signature_delta", "signature": self._opaque})
            return signed + self._block_end()
        if not self._opaque:
            return b""
        block = {"type": "redacted_thinking", "data": self._opaque}
        return self._block("start", content_block=block) + self._block_end()

    def _tool(self, event: ToolEvent) -> bytes:
        match event:
            case ToolCallStarted():
                call = {"type": "tool_use", "id": event.id, "name": event.name, "input": {}}
                return self._block("start", content_block=call)
            case ToolInputDelta():
                return self._delta({"type": "input_json_delta", "partial_json": event.json})
            case ToolCallEnded():
                return self._block_end()
            case _:
                assert_never(event)

    def _block_end(self) -> bytes:
        frame = self._block("stop")
        self._index += 1
        self._opening = _DELTA % self._index
        return frame

    def _delta(self, delta: dict[str, Any]) -> bytes:
        """More of the open block."""
        return b"".join((self._opening, _encode(delta), b"}\n\n"))

    def _block(self, kind: str, **fields: Mapping[str, Any]) -> bytes:
        return _framed({"type": f"content_block_{kind}", "index": self._index, **fields})

    def _end(self, event: Finished | Failed) -> bytes:
        if isinstance(event, Failed):
            body = error_body(type_of(event.kind), event.kind, event.message, self._context.id)
            return encode_event(_encode(body), "error")
        stop = {"stop_reason": stop_word(event.stop), "stop_sequence": event.stop_sequence}
        usage = usage_for_client(self._usage)
        delta = _framed({"type": "message_delta", "delta": stop, "usage": usage})
        return delta + _framed({"type": "message_stop"})


def _framed(event: dict[str, object]) -> bytes:
    return encode_event(_encode(event), str(event["type"]))
