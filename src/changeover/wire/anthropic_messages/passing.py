"""Messages on both sides.

Sources: Anthropic's reference, "Create a Message" and "Streaming Messages", and the beta
types of the `anthropic` SDK, whose fields pass with the header `anthropic-beta` that goes
with them. `fallbacks` names models of which the vendor chooses one, and the advisor tool
has a model of its own: neither is what was decided.

An answer's reasoning ends with its signature (`signature_delta`) or comes whole
(`redacted_thinking`). A model that reasons wants the last answer of a loop of tools to
begin with its reasoning. Where that was another model's, or none, the request is
translated, and the codec asks for an answer without reasoning.
"""

import msgspec
from msgspec import UNSET

from changeover.conversation.events import Event, Finished, Started, UsageSeen
from changeover.conversation.model import Loss, Sealed, StopReason, Usage
from changeover.directory.model import Protocol
from changeover.wire.anthropic_messages.as_written import AsWritten, as_written
from changeover.wire.anthropic_messages.content import FITTING_ID
from changeover.wire.anthropic_messages.errors import ThreadUnsupportedError, error_body, type_of
from changeover.wire.anthropic_messages.passable import takes, takes_as_written
from changeover.wire.anthropic_messages.reply import WireUsage, usage_from_vendor
from changeover.wire.errors import VendorProtocolError
from changeover.wire.failures import read_failure
from changeover.wire.frames import FrameReader
from changeover.wire.passing import (
    ANOTHER_MODEL,
    KEPT_THERE,
    Fields,
    Outbound,
    Passed,
    PassingRequest,
    Towards,
    asked_in,
    encode,
    fields_of,
    holds,
    inner,
    is_escaped,
    is_given,
    listed,
    named,
    refuse,
    refuse_all,
    refuse_within,
    text_of,
    value_of,
    written,
)
from changeover.wire.renaming import renamed
from changeover.wire.shapes import UNREADABLE, from_vendor, straight
from changeover.wire.sse import encode_event

_REFUSED = {
    "container": KEPT_THERE,
    "fallback_credit_token": KEPT_THERE,
    "fallbacks": ANOTHER_MODEL,
}
_HOLDS = {
    "message_start": "message",
    "content_block_start": "content_block",
    "content_block_delta": "delta",
    "message_delta": "delta",
}
_STOPS: dict[str | None, StopReason] = {
    "max_tokens": "length",
    "model_context_window_exceeded": "length",
    "stop_sequence": "stop-sequence",
    "tool_use": "tool-use",
    "refusal": "refusal",
}


class _Block(msgspec.Struct):
    type: str = ""
    thinking: str = ""
    signature: str = ""
    data: str = ""


class _Delta(msgspec.Struct):
    type: str = ""
    thinking: str = ""
    signature: str = ""
    stop_reason: str | None = None


class _Message(msgspec.Struct):
    id: str
    model: str
    usage: WireUsage
    stop_reason: str | None = None


class _Event(msgspec.Struct):
    """An event, as far as its type has a use for it."""

    type: str = ""
    message: _Message | None = None
    content_block: _Block | None = None
    delta: _Delta | None = None
    usage: WireUsage | None = None


class _Kind(msgspec.Struct):
    type: str = ""


class _Called(msgspec.Struct):
    """A block of a conversation, as far as it names a call."""

    type: str = ""
    id: str | None = None
    tool_use_id: str | None = None


class _Said(msgspec.Struct):
    content: str | list[_Called] = ""


_block = msgspec.json.Decoder(_Block)
_message = msgspec.json.Decoder(_Message)
_event = msgspec.json.Decoder(_Event)
_kind = msgspec.json.Decoder(_Kind)
_said = msgspec.json.Decoder(list[_Said])


class MessagesPassage:
    """The passage of `anthropic-messages`; stateless."""

    protocol: Protocol = "anthropic-messages"
    headers = frozenset({"anthropic-beta"})

    def read(self, body: bytes, target: str) -> PassingRequest:  # noqa: ARG002
        asked = straight(as_written, body)
        # Where a model is to reason, a loop of tools needs the reasoning it began with.
        if asked is None or (asked.thinking is not UNSET and asked.calls):
            return _Request(body)
        return _AsWritten(body, asked, asked.model, asked.stream is True)


class _AsWritten(msgspec.Struct):
    """A request of which no field needs a look."""

    body: bytes
    asked: AsWritten
    model: str
    stream: bool

    def outbound(self, towards: Towards) -> Outbound | None:
        if takes_as_written(towards.model, self.asked):
            body = renamed(self.body, self.model, towards.model)
            if body is not None:
                return Outbound(body=body, towards=towards, reading=MessagesReader)
        return _Request(self.body).outbound(towards)


class _Request:
    """A request in its own bytes, read field by field."""

    def __init__(self, body: bytes) -> None:
        self._body = body
        self._fields = given = fields_of(body)
        self.model, self.stream = asked_in(given)
        if is_given(given.get("thread")):
            raise ThreadUnsupportedError(
                "The field thread is not supported here.",
                field="thread",
                means=KEPT_THERE,
                do="Leave it out, and send the whole conversation.",
            )
        refuse_all(given, _REFUSED)
        for index, tool in enumerate(listed(given["tools"]) if "tools" in given else ()):
            if is_given((inner(tool) or {}).get("model")):
                raise refuse(f"tools[{index}].model", ANOTHER_MODEL)
        self._escaped = is_escaped(body)
        if self._escaped or holds(body, b'"file_id"'):
            refuse_within(value_of(given.get("messages")), ("file_id",), "messages")

    def outbound(self, towards: Towards) -> Outbound | None:
        """The request for a route; None where it needs to be translated."""
        body, given = self._body, {**self._fields, "model": named(towards.model)}
        losses: tuple[Loss, ...] = ()
        if not takes(towards.model, given):
            return None
        if holds(body, b'"tool_') and not _ids_fit(given):
            return None
        if self._escaped or holds(body, b'thinking"'):
            conversation = _Conversation(given, towards)
            if conversation.loops_without and _reasons(given):
                return None
            losses = conversation.losses
        return Outbound(body=encode(given), towards=towards, reading=MessagesReader, losses=losses)


def _ids_fit(given: Fields) -> bool:
    """Whether the vendor takes the ids of calls and results; others than its own may differ."""
    try:
        said = _said.decode(given.get("messages", b"[]"))
    except UNREADABLE:
        return True  # the vendor will say what is wrong
    named = (
        call.id if call.type == "tool_use" else call.tool_use_id
        for one in said
        if not isinstance(one.content, str)
        for call in one.content
        if call.type in {"tool_use", "tool_result"}
    )
    return all(FITTING_ID.fullmatch(name) for name in named if name is not None)


def _reasons(given: Fields) -> bool:
    """Whether the model is asked to reason."""
    kind = text_of((inner(given.get("thinking")) or {}).get("type"))
    return kind not in {"", "disabled"}


class _Conversation:
    """The messages of a request, with what vendors sealed as this route takes it.

    `loops_without` says that the last answer calls tools and begins without reasoning.
    """

    def __init__(self, given: Fields, towards: Towards) -> None:
        self._towards = towards
        self._lost: list[Loss] = []
        self.loops_without = False
        messages = listed(given.get("messages"))
        kept = [self._message(raw, f"messages[{i}]") for i, raw in enumerate(messages)]
        if messages:
            given["messages"] = written([message for message in kept if message is not None])

    @property
    def losses(self) -> tuple[Loss, ...]:
        return tuple(self._lost)

    def _message(self, raw: msgspec.Raw, place: str) -> msgspec.Raw | None:
        message = inner(raw)
        if message is None or text_of(message.get("role")) != "assistant":
            return raw
        blocks = listed(message.get("content"))
        if not blocks:
            return raw
        kept = [self._kept(block, f"{place}.content[{i}]") for i, block in enumerate(blocks)]
        content = [block for block in kept if block is not None]
        calls = any(holds(bytes(block), b'"tool_use"') for block in content)
        self.loops_without = calls and not holds(bytes(content[0]), b'thinking"')
        return written({**message, "content": content}) if content else None

    def _kept(self, raw: msgspec.Raw, place: str) -> msgspec.Raw | None:
        try:
            block = _block.decode(raw)
        except msgspec.MsgspecError:
            return raw
        match block.type:
            case "thinking":
                name, value, words = "signature", block.signature, block.thinking
            case "redacted_thinking":
                name, value, words = "data", block.data, ""
            case _:
                return raw
        opened = self._towards.seals.opened(value, words)
        if opened is None:
            self._lost.append(Loss(field=place, why="It is not of this model, and left out."))
            return None
        return written({**(inner(raw) or {}), name: opened})


class MessagesReader(FrameReader):
    """One answer on its way through."""

    marks = (b'"message_', b"thinking", b'"signature', b'"error"')
    plain = b'"text_delta"'
    _usage: WireUsage | None = None
    _stop: StopReason = "end"

    def __init__(self, towards: Towards) -> None:
        super().__init__()
        self._towards = towards
        self._words: list[str] = []

    def whole(self, body: bytes) -> Passed:
        message = from_vendor(_message, body, "an answer")
        given = fields_of(body)
        given["model"] = written(self._towards.shown)
        if b"thinking" in body:
            given["content"] = written([self._whole(b) for b in listed(given.get("content"))])
        told: list[Event] = [Started(id=message.id, model=message.model)]
        told.append(UsageSeen(usage=self._counted(message.usage)))
        told.append(Finished(stop=_STOPS.get(message.stop_reason, "end")))
        return Passed(encode(given), tuple(told))

    def broken(self, kind: str, message: str, request_id: str) -> bytes:
        body = error_body(type_of(kind), kind, message, request_id)
        return encode_event(encode(body), "error")

    def _payload(self, payload: bytes, told: list[Event]) -> bytes | None:
        read = _read(payload)
        match read.type:
            case "message_start" if read.message is not None:
                return self._begins(read.message, payload, told)
            case "content_block_start" if read.content_block is not None:
                self._words = [read.content_block.thinking]
                return self._opens(payload, read.content_block)
            case "content_block_delta" if read.delta is not None:
                return self._delta(payload, read.delta)
            case "message_delta" if read.delta is not None:
                if read.usage is not None:
                    told.append(UsageSeen(usage=self._counted(read.usage)))
                self._stop = _STOPS.get(read.delta.stop_reason, "end")
            case "message_stop":
                self._ends(Finished(stop=self._stop), told)
            case "error":
                self._ends(read_failure(payload, "error"), told)
            case _:
                pass  # what the vendor may add
        return payload

    def _begins(self, message: _Message, payload: bytes, told: list[Event]) -> bytes:
        told.append(Started(id=message.id, model=message.model))
        told.append(UsageSeen(usage=self._counted(message.usage)))
        shown = renamed(payload, message.model, self._towards.shown)
        return shown or _replaced(payload, "message", "model", self._towards.shown)

    def _delta(self, payload: bytes, delta: _Delta) -> bytes:
        if delta.type == "thinking_delta":
            self._words.append(delta.thinking)
        if delta.type != "signature_delta":
            return payload
        return _replaced(payload, "delta", "signature", self._signed(delta.signature))

    def _opens(self, payload: bytes, block: _Block) -> bytes:
        if block.type == "redacted_thinking":
            sealed = Sealed(form="redacted", value=block.data, bound="model")
            value = self._towards.seals.wrapped(sealed, "")
            return _replaced(payload, "content_block", "data", value)
        if block.type == "thinking" and block.signature:
            value = self._signed(block.signature)
            return _replaced(payload, "content_block", "signature", value)
        return payload

    def _whole(self, raw: msgspec.Raw) -> msgspec.Raw:
        block = _block.decode(raw)
        match block.type:
            case "redacted_thinking":
                sealed = Sealed(form="redacted", value=block.data, bound="model")
                name, value = "data", self._towards.seals.wrapped(sealed, "")
            case "thinking" if block.signature:
                self._words = [block.thinking]
                name, value = "signature", self._signed(block.signature)
            case _:
                return raw
        return written({**(inner(raw) or {}), name: value})

    def _signed(self, signature: str) -> str:
        if not signature:
            return signature
        sealed = Sealed(form="signature", value=signature, bound="model")
        return self._towards.seals.wrapped(sealed, "".join(self._words))

    def _counted(self, usage: WireUsage) -> Usage:
        self._usage = usage if self._usage is None else usage.over(self._usage)
        return usage_from_vendor(self._usage)


def _replaced(payload: bytes, within: str, name: str, value: str) -> bytes:
    """An event with one text of an object in it replaced."""
    event = fields_of(payload)
    event[within] = written({**(inner(event[within]) or {}), name: value})
    return encode(event)


def _read(payload: bytes) -> _Event:
    """An event; of one that the vendor added, no more than its type may be as it is here."""
    read = straight(_event, payload)
    if read is None:
        read = _Event(type=from_vendor(_kind, payload, "an event").type)
    held = _HOLDS.get(read.type)
    if held is not None and getattr(read, held) is None:
        raise VendorProtocolError(
            "The vendor sent an event that cannot be read.",
            means=f"A {read.type} has no {held} that makes sense.",
        )
    return read
