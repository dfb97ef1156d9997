"""Streamed Converse answers, read from Bedrock.

Source: the service model `bedrock-runtime`, shape `ConverseStreamOutput`, and what users
report of it. The order of events: `messageStart`; then each block as `contentBlockStart`
(for calls only), `contentBlockDelta` and `contentBlockStop`, with the block's index; then
`messageStop` with the reason, then `metadata` with the counts. An exception may replace
the rest. Payloads hold padding (`p`), which is passed over, as are unknown events.

* What a block is, its first delta tells, where it was not started.
* A block ends with its stop, or where the next begins: some models leave the stop out.
* A signature, and redacted bytes, may come in pieces; bytes are put together as bytes.
* `metadata` may come twice, without counts in one; so the answer ends with the counts, or
  with the response where there are none.
"""

import base64
import binascii
from collections.abc import Mapping
from typing import Any, Literal

import msgspec

from changeover.conversation.events import (
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
    ToolInputDelta,
    UsageSeen,
)
from changeover.conversation.model import Sealed
from changeover.wire.bedrock_converse.citations import WireCitation, read_citation
from changeover.wire.bedrock_converse.errors import decode_exception
from changeover.wire.bedrock_converse.reply import (
    TRACE_LOSS,
    Additional,
    WireUsage,
    check_call,
    redacted,
    signed,
    stop_reason,
    usage_from_vendor,
)
from changeover.wire.errors import VendorProtocolError
from changeover.wire.event_stream import Message, MessageParser, Value
from changeover.wire.shapes import from_vendor

_Kind = Literal["text", "reasoning", "call"]


class _ToolStart(msgspec.Struct):
    toolUseId: str  # noqa: N815 (the vendor's names)
    name: str
    type: str | None = None


class _Starts(msgspec.Struct):
    toolUse: _ToolStart | None = None  # noqa: N815


class _BlockStart(msgspec.Struct):
    contentBlockIndex: int  # noqa: N815
    start: _Starts


class _ToolDelta(msgspec.Struct):
    input: str = ""


class _ReasoningDelta(msgspec.Struct):
    text: str | None = None
    signature: str | None = None
    redactedContent: str | None = None  # noqa: N815


class _Delta(msgspec.Struct):
    text: str | None = None
    toolUse: _ToolDelta | None = None  # noqa: N815
    reasoningContent: _ReasoningDelta | None = None  # noqa: N815
    citation: WireCitation | None = None


class _BlockDelta(msgspec.Struct):
    contentBlockIndex: int  # noqa: N815
    delta: _Delta


class _BlockStop(msgspec.Struct):
    contentBlockIndex: int  # noqa: N815


class _MessageStop(msgspec.Struct):
    stopReason: str  # noqa: N815
    additionalModelResponseFields: Additional | None = None  # noqa: N815


class _Metadata(msgspec.Struct):
    usage: WireUsage | None = None
    trace: dict[str, Any] | None = None


_block_start = msgspec.json.Decoder(_BlockStart)
_block_delta = msgspec.json.Decoder(_BlockDelta)
_block_stop = msgspec.json.Decoder(_BlockStop)
_message_stop = msgspec.json.Decoder(_MessageStop)
_metadata = msgspec.json.Decoder(_Metadata)


class ConverseStreamDecoder:
    """Bedrock's events to canonical ones."""

    def __init__(self) -> None:
        self._messages = MessageParser()
        self._headers: Mapping[str, Value] = {}
        self._name = ""
        self._started = False
        self._index = -1
        self._kind: _Kind | None = None
        self._signature: list[str] = []
        self._redacted: list[str] = []
        self._called = False
        self._stop: Finished | None = None
        self._ended = False

    def feed(self, data: bytes) -> list[Event]:
        events: list[Event] = []
        messages = () if self._ended else self._messages.feed(data)
        for message in messages:
            if not self._ended:
                self._message(message, events)
        return events

    def close(self) -> list[Event]:
        if self._ended:
            return []
        self._messages.close()
        if self._stop is None:
            raise VendorProtocolError(
                "The vendor's stream ended before its answer did.",
                means="No messageStop came, so the answer is cut short.",
            )
        self._ended = True
        return [self._stop]

    def _message(self, message: Message, events: list[Event]) -> None:
        # The same headers are one object, so that what they say is looked up once.
        if message.headers is not self._headers:
            self._headers, self._name = message.headers, message.text(":event-type")
            if message.text(":message-type") in {"exception", "error"}:
                events.append(failure_of(message))
                self._ended = True
                return
        self._event(self._name, message.payload, events)

    def _event(self, name: str, data: bytes, events: list[Event]) -> None:
        match name:
            case "contentBlockDelta":
                self._block_delta(from_vendor(_block_delta, data, name), events)
            case "contentBlockStart":
                self._block_start(from_vendor(_block_start, data, name), events)
            case "contentBlockStop":
                self._block_stop(from_vendor(_block_stop, data, name), events)
            case "messageStart":
                if self._started:
                    raise _out_of_order("a second messageStart")
                self._started = True
                events.append(Started(id="", model=""))
            case "messageStop":
                self._message_stop(from_vendor(_message_stop, data, name), events)
            case "metadata":
                self._metadata(from_vendor(_metadata, data, name), events)
            case _:
                pass  # what the vendor may add

    def _enter(self, index: int, what: str, events: list[Event]) -> None:
        """Makes sure that `what` may stand here, and ends what another block left open."""
        if not self._started or self._stop is not None or index < self._index:
            raise _out_of_order(what)
        if index > self._index:
            self._end_block(events)
            self._index = index

    def _block_start(self, given: _BlockStart, events: list[Event]) -> None:
        self._enter(given.contentBlockIndex, "a contentBlockStart", events)
        if self._kind is not None:
            raise _out_of_order("a contentBlockStart")
        call = given.start.toolUse
        if call is None:
            raise VendorProtocolError(
                "The vendor's answer holds a block that was not asked for.",
                means="Text, reasoning, citations and calls of the client's tools are carried.",
            )
        check_call(call.toolUseId, call.name, call.type)
        self._kind, self._called = "call", True
        events.append(ToolCallStarted(id=call.toolUseId, name=call.name))

    def _block_delta(self, given: _BlockDelta, events: list[Event]) -> None:
        if self._kind is None or given.contentBlockIndex != self._index:
            self._enter(given.contentBlockIndex, "a contentBlockDelta", events)
        delta = given.delta
        if delta.text is not None:
            if self._kind != "text":
                self._within("text", events)
            events.append(TextDelta(text=delta.text))
        elif delta.toolUse is not None:
            self._within("call", events)
            if delta.toolUse.input:
                events.append(ToolInputDelta(json=delta.toolUse.input))
        elif delta.reasoningContent is not None:
            self._within("reasoning", events)
            self._reasoning(delta.reasoningContent, events)
        elif delta.citation is not None:
            self._within("text", events)
            events.append(CitationSeen(citation=read_citation(delta.citation)))
        else:
            raise VendorProtocolError("The vendor sent a contentBlockDelta of an unknown kind.")

    def _within(self, kind: _Kind, events: list[Event]) -> None:
        """Makes sure that the open block is of a kind; the first delta opens one."""
        if self._kind is None and kind != "call":
            self._kind = kind
            events.append(TextStarted() if kind == "text" else ReasoningStarted())
        if self._kind != kind:
            raise VendorProtocolError(f"The vendor sent a piece of {kind} in another block.")

    def _reasoning(self, delta: _ReasoningDelta, events: list[Event]) -> None:
        if delta.text:
            events.append(ReasoningDelta(text=delta.text))
        if delta.signature:
            self._signature.append(delta.signature)
        if delta.redactedContent:
            self._redacted.append(delta.redactedContent)

    def _block_stop(self, given: _BlockStop, events: list[Event]) -> None:
        self._enter(given.contentBlockIndex, "a contentBlockStop", events)
        self._end_block(events)
        self._index += 1

    def _end_block(self, events: list[Event]) -> None:
        match self._kind:
            case "text":
                events.append(TextEnded())
            case "call":
                events.append(ToolCallEnded())
            case "reasoning":
                if sealed := self._sealed():
                    events.append(ReasoningSealed(sealed=sealed))
                events.append(ReasoningEnded())
            case None:
                pass
        self._kind = None

    def _sealed(self) -> Sealed | None:
        signature, pieces = "".join(self._signature), self._redacted
        self._signature, self._redacted = [], []
        return redacted(joined(pieces)) if pieces else signed(signature)

    def _message_stop(self, given: _MessageStop, events: list[Event]) -> None:
        if not self._started or self._stop is not None:
            raise _out_of_order("a messageStop")
        self._end_block(events)
        additional = given.additionalModelResponseFields or Additional()
        stop = stop_reason(given.stopReason, called=self._called)
        sequence = additional.stop_sequence if stop == "stop-sequence" else None
        self._stop = Finished(stop=stop, stop_sequence=sequence)

    def _metadata(self, given: _Metadata, events: list[Event]) -> None:
        if not self._started or (self._kind is not None and self._stop is None):
            raise _out_of_order("a metadata event")
        if given.trace:
            events.append(LossSeen(loss=TRACE_LOSS))
        if given.usage is None:
            return
        events.append(UsageSeen(usage=usage_from_vendor(given.usage)))
        if self._stop is not None:
            events.append(self._stop)
            self._ended = True


def failure_of(message: Message) -> Failed:
    """The exception that ends a stream."""
    named = message.text(":exception-type") or message.text(":error-code")
    failed = decode_exception(named, message.payload)
    said = message.text(":error-message")
    return msgspec.structs.replace(failed, message=said) if said else failed


def joined(pieces: list[str]) -> str:
    """Pieces of base64 as one; each may end with padding of its own."""
    if len(pieces) == 1:
        return pieces[0]
    try:
        raw = b"".join(base64.b64decode(piece, validate=True) for piece in pieces)
    except (binascii.Error, ValueError) as error:
        raise VendorProtocolError(
            "The vendor sent redacted reasoning that is no base64."
        ) from error
    return base64.b64encode(raw).decode()


def _out_of_order(what: str) -> VendorProtocolError:
    return VendorProtocolError(
        f"The vendor sent {what} where none can stand.",
        means="Its events do not form an answer.",
    )
