"""Streamed Messages answers.

The order of events (Anthropic's reference, "Streaming Messages"):
`message_start`; then each content block as `content_block_start`, any number of
`content_block_delta` and `content_block_stop` with the block's index; then
`message_delta` with the reason for stopping and the counts so far; then
`message_stop`. `ping` and events of unknown types may stand anywhere. `error`
may replace the rest.

* A call's input starts as `{}` and arrives as pieces of JSON text. A vendor that
  sends it whole at the start, and no pieces, is read too.
* Counts in `message_delta` are cumulative: they replace those of
  `message_start`, and one that is absent leaves it.
* The writer holds `message_start` back until the event after the start, since
  the counts of the input, where the vendor tells them early, belong in it. They
  are repeated in `message_delta` for vendors that tell them at the end.
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
    ReasoningSealed,
    ReasoningStarted,
    Started,
    TextDelta,
    TextEnded,
    TextEvent,
    TextStarted,
    ToolCallEnded,
    ToolCallStarted,
    ToolEvent,
    ToolInputDelta,
    UsageSeen,
    merge_usage,
)
from changeover.conversation.model import Loss, Usage
from changeover.wire.anthropic_messages.errors import error_body, type_of
from changeover.wire.anthropic_messages.reply import (
    CITATIONS_LOSS,
    DETAILS_LOSS,
    REASONING_LOSS,
    Block,
    Kind,
    WireMessage,
    WireUsage,
    input_of,
    kind_of,
    message_object,
    stop_reason,
    stop_word,
    usage_for_client,
    usage_from_vendor,
)
from changeover.wire.codec import ReplyContext
from changeover.wire.errors import VendorProtocolError
from changeover.wire.failures import read_failure
from changeover.wire.shapes import from_vendor
from changeover.wire.sse import EventStreamParser, encode_event


class _Type(msgspec.Struct):
    type: str


class _Start(msgspec.Struct):
    message: WireMessage


class _BlockStart(msgspec.Struct):
    index: int
    content_block: Block


class _Delta(msgspec.Struct):
    type: str
    text: str = ""
    partial_json: str = ""


class _BlockDelta(msgspec.Struct):
    index: int
    delta: _Delta


class _BlockStop(msgspec.Struct):
    index: int


class _Stop(msgspec.Struct):
    stop_reason: str | None = None
    stop_sequence: str | None = None
    stop_details: dict[str, Any] | None = None


class _MessageDelta(msgspec.Struct):
    delta: _Stop
    usage: WireUsage | None = None


_type = msgspec.json.Decoder(_Type)
_start = msgspec.json.Decoder(_Start)
_block_start = msgspec.json.Decoder(_BlockStart)
_block_delta = msgspec.json.Decoder(_BlockDelta)
_block_stop = msgspec.json.Decoder(_BlockStop)
_message_delta = msgspec.json.Decoder(_MessageDelta)


class MessageStreamDecoder:
    """A vendor's events to canonical ones."""

    def __init__(self) -> None:
        self._frames = EventStreamParser()
        self._usage: WireUsage | None = None
        self._index: int | None = None
        self._kind: Kind = "text"
        self._block = Block(type="text")
        self._input = False
        self._called = False
        self._losses: set[Loss] = set()
        self._stop: Finished | None = None
        self._ended = False

    def feed(self, data: bytes) -> list[Event]:
        events: list[Event] = []
        frames = () if self._ended else self._frames.feed(data)
        for frame in frames:
            if not self._ended:
                self._frame(frame.event or _type_of(frame.data), frame.data, events)
        return events

    def close(self) -> list[Event]:
        if not self._ended:
            raise VendorProtocolError(
                "The vendor's stream ended before its answer did.",
                means="No message_stop came, so the answer is cut short.",
            )
        return []

    def _frame(self, name: str, data: bytes, events: list[Event]) -> None:
        match name:
            case "content_block_delta":
                self._block_delta(from_vendor(_block_delta, data, name), events)
            case "content_block_start":
                self._block_start(from_vendor(_block_start, data, name), events)
            case "content_block_stop":
                self._block_stop(from_vendor(_block_stop, data, name), events)
            case "message_start":
                self._start(from_vendor(_start, data, name).message, events)
            case "message_delta":
                self._message_delta(from_vendor(_message_delta, data, name), events)
            case "message_stop":
                self._message_stop(events)
            case "error":
                events.append(read_failure(data, "error"))
                self._ended = True
            case _:
                pass  # `ping`, and what the vendor may add

    def _start(self, message: WireMessage, events: list[Event]) -> None:
        if self._usage is not None:
            raise _out_of_order("a second message_start")
        self._usage = message.usage
        events.append(Started(id=message.id, model=message.model))
        events.append(UsageSeen(usage=usage_from_vendor(message.usage)))

    def _block_start(self, start: _BlockStart, events: list[Event]) -> None:
        if self._usage is None or self._index is not None or self._stop is not None:
            raise _out_of_order("a content_block_start")
        self._index, self._block = start.index, start.content_block
        self._kind = kind_of(start.content_block)
        match self._kind:
            case "text":
                events.append(TextStarted())
                if start.content_block.text:
                    events.append(TextDelta(text=start.content_block.text))
            case "tool_use":
                self._called, self._input = True, False
                block = start.content_block
                events.append(ToolCallStarted(id=block.id, name=block.name))
            case "reasoning":
                self._lose(REASONING_LOSS, events)

    def _block_delta(self, delta: _BlockDelta, events: list[Event]) -> None:
        if self._index is None or delta.index != self._index:
            raise _out_of_order("a content_block_delta")
        match self._kind, delta.delta.type:
            case "text", "text_delta":
                events.append(TextDelta(text=delta.delta.text))
            case "text", "citations_delta":
                self._lose(CITATIONS_LOSS, events)
            case "tool_use", "input_json_delta":
                if delta.delta.partial_json:
                    self._input = True
                    events.append(ToolInputDelta(json=delta.delta.partial_json))
            case "reasoning", _:
                pass
            case kind, other:
                raise VendorProtocolError(f"The vendor sent a {other} inside a {kind} block.")

    def _block_stop(self, stop: _BlockStop, events: list[Event]) -> None:
        if self._index is None or stop.index != self._index:
            raise _out_of_order("a content_block_stop")
        self._index = None
        match self._kind:
            case "text":
                events.append(TextEnded())
            case "tool_use":
                if not self._input:
                    events.append(ToolInputDelta(json=input_of(self._block)))
                events.append(ToolCallEnded())
            case "reasoning":
                pass

    def _message_delta(self, delta: _MessageDelta, events: list[Event]) -> None:
        if self._usage is None or self._index is not None:
            raise _out_of_order("a message_delta")
        if delta.usage is not None:
            self._usage = delta.usage.over(self._usage)
            events.append(UsageSeen(usage=usage_from_vendor(self._usage)))
        if delta.delta.stop_details:
            self._lose(DETAILS_LOSS, events)
        if delta.delta.stop_reason is not None:
            stop = stop_reason(delta.delta.stop_reason, called=self._called)
            self._stop = Finished(stop=stop, stop_sequence=delta.delta.stop_sequence)

    def _message_stop(self, events: list[Event]) -> None:
        if self._stop is None or self._index is not None:
            raise _out_of_order("a message_stop")
        events.append(self._stop)
        self._ended = True

    def _lose(self, loss: Loss, events: list[Event]) -> None:
        if loss not in self._losses:
            self._losses.add(loss)
            events.append(LossSeen(loss=loss))


def _type_of(data: bytes) -> str:
    return from_vendor(_type, data, "an event").type


def _out_of_order(what: str) -> VendorProtocolError:
    return VendorProtocolError(
        f"The vendor sent {what} where none can stand.",
        means="Its events do not form an answer.",
    )


class MessageStreamEncoder:
    """Canonical events to those that a client reads."""

    def __init__(self, context: ReplyContext) -> None:
        self._context = context
        self._usage = Usage()
        self._held = False
        self._index = 0

    def encode(self, event: Event) -> bytes:
        match event:
            case Started():
                self._held = True
                return b""
            case UsageSeen():
                self._usage = merge_usage(self._usage, event.usage)
                return self._message_start()
            case TextStarted() | TextDelta() | CitationSeen() | ChancesSeen() | TextEnded():
                return self._message_start() + self._text(event)
            case ToolCallStarted() | ToolInputDelta() | ToolCallEnded():
                return self._message_start() + self._tool(event)
            case LossSeen():
                return b""
            case ReasoningStarted() | ReasoningDelta() | ReasoningSealed() | ReasoningEnded():
                raise NotImplementedError
            case Finished() | Failed():
                return self._message_start() + self._end(event)
            case _:
                assert_never(event)

    def _message_start(self) -> bytes:
        """The held `message_start`, or nothing once it is out."""
        if not self._held:
            return b""
        self._held = False
        message = message_object(self._context, self._usage)
        return _framed({"type": "message_start", "message": message})

    def _text(self, event: TextEvent) -> bytes:
        match event:
            case TextStarted():
                return self._block("start", content_block={"type": "text", "text": ""})
            case TextDelta():
                return self._block("delta", delta={"type": "text_delta", "text": event.text})
            case TextEnded():
                return self._block_end()
            case CitationSeen() | ChancesSeen():
                return b""
            case _:
                assert_never(event)

    def _tool(self, event: ToolEvent) -> bytes:
        match event:
            case ToolCallStarted():
                call = {"type": "tool_use", "id": event.id, "name": event.name, "input": {}}
                return self._block("start", content_block=call)
            case ToolInputDelta():
                delta = {"type": "input_json_delta", "partial_json": event.json}
                return self._block("delta", delta=delta)
            case ToolCallEnded():
                return self._block_end()
            case _:
                assert_never(event)

    def _block_end(self) -> bytes:
        frame = self._block("stop")
        self._index += 1
        return frame

    def _block(self, kind: str, **fields: Mapping[str, Any]) -> bytes:
        return _framed({"type": f"content_block_{kind}", "index": self._index, **fields})

    def _end(self, event: Finished | Failed) -> bytes:
        if isinstance(event, Failed):
            body = error_body(type_of(event.kind), event.kind, event.message, self._context.id)
            return encode_event(msgspec.json.encode(body), "error")
        stop = {"stop_reason": stop_word(event.stop), "stop_sequence": event.stop_sequence}
        usage = usage_for_client(self._usage)
        delta = _framed({"type": "message_delta", "delta": stop, "usage": usage})
        return delta + _framed({"type": "message_stop"})


def _framed(event: dict[str, object]) -> bytes:
    return encode_event(msgspec.json.encode(event), str(event["type"]))
