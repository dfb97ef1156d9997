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
* Reasoning arrives as `thinking_delta`, its signature as one `signature_delta` before the
  block stops, without words before it where they are not shown; `redacted_thinking` is
  whole at its start. Of several signatures the last counts, as for the vendor's SDK.
* Citations arrive one by one as `citations_delta` within their text.

How such a stream is written is in `encoder.py`.
"""

from typing import Any

import msgspec

from changeover.conversation.events import (
    CitationSeen,
    Event,
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
    ToolInputDelta,
    UsageSeen,
)
from changeover.conversation.model import Loss, Sealed
from changeover.wire.anthropic_messages.citations import UNKNOWN_LOSS, WireCitation, citation
from changeover.wire.anthropic_messages.reply import (
    DETAILS_LOSS,
    Block,
    Kind,
    WireMessage,
    WireUsage,
    cited_in,
    input_of,
    kind_of,
    redaction,
    signature,
    stop_reason,
    usage_from_vendor,
)
from changeover.wire.errors import VendorProtocolError
from changeover.wire.failures import read_failure
from changeover.wire.shapes import from_vendor
from changeover.wire.sse import EventStreamParser


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
    thinking: str = ""
    signature: str = ""
    citation: WireCitation | None = None


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
        self._sealed: Sealed | None = None
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
        self._open(start.content_block, events)

    def _open(self, block: Block, events: list[Event]) -> None:
        match self._kind:
            case "text":
                events.append(TextStarted())
                if block.text:
                    events.append(TextDelta(text=block.text))
                self._cite(block, events)
            case "tool_use":
                self._called, self._input = True, False
                events.append(ToolCallStarted(id=block.id, name=block.name))
            case "thinking":
                events.append(ReasoningStarted(summary=True))
                if block.thinking:
                    events.append(ReasoningDelta(text=block.thinking))
                self._sealed = signature(block.signature)
            case "redacted_thinking":
                events.append(ReasoningStarted(summary=True))
                self._sealed = redaction(block.data)

    def _cite(self, block: Block, events: list[Event]) -> None:
        losses: dict[Loss, None] = {}
        events += [CitationSeen(citation=one) for one in cited_in(block, losses)]
        for loss in losses:
            self._lose(loss, events)

    def _block_delta(self, delta: _BlockDelta, events: list[Event]) -> None:
        if self._index is None or delta.index != self._index:
            raise _out_of_order("a content_block_delta")
        more = delta.delta
        if more.type == "text_delta" and self._kind == "text":  # nearly all of them
            events.append(TextDelta(text=more.text))
            return
        match self._kind, more.type:
            case "text", "citations_delta":
                self._citation(more.citation, events)
            case "tool_use", "input_json_delta":
                if more.partial_json:
                    self._input = True
                    events.append(ToolInputDelta(json=more.partial_json))
            case "thinking", "thinking_delta":
                if more.thinking:
                    events.append(ReasoningDelta(text=more.thinking))
            case "thinking", "signature_delta":
                self._sealed = signature(more.signature) or self._sealed
            case kind, other:
                raise VendorProtocolError(f"The vendor sent a {other} inside a {kind} block.")

    def _citation(self, given: WireCitation | None, events: list[Event]) -> None:
        cited = None if given is None else citation(given)
        if cited is None:
            self._lose(UNKNOWN_LOSS, events)
        else:
            events.append(CitationSeen(citation=cited))

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
            case "thinking" | "redacted_thinking":
                if self._sealed is not None:
                    events.append(ReasoningSealed(sealed=self._sealed))
                self._sealed = None
                events.append(ReasoningEnded())

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
