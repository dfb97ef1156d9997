"""A Converse answer on its way through.

Source: the service model `bedrock-runtime`, shapes `ConverseResponse` and
`ConverseStreamOutput`; in which order events come, `decoder.py` says.

* Messages of a stream go on as they came, whole ones at a time, but for what is sealed:
  signatures and redacted bytes. Either may come in pieces, and is wrapped as one, so its
  pieces are kept back until the block goes on or ends.
* An answer names no model, so nothing else changes. Started, the counts and the end are
  told; the answer ends with the counts, or with the response where there are none.
* An exception ends a stream, and goes on as the vendor wrote it.
"""

from collections.abc import Mapping

import msgspec

from changeover.conversation.events import Event, Finished, Started, UsageSeen
from changeover.conversation.model import Sealed, StopReason
from changeover.wire.bedrock_converse.content import written_opaque
from changeover.wire.bedrock_converse.decoder import failure_of, joined
from changeover.wire.bedrock_converse.errors import exception_of
from changeover.wire.bedrock_converse.reply import WireUsage, redacted, usage_from_vendor
from changeover.wire.errors import VendorProtocolError
from changeover.wire.event_stream import (
    Message,
    MessageParser,
    Value,
    encode_exception,
    encode_message,
    read_message,
)
from changeover.wire.passing import (
    Fields,
    Passed,
    Towards,
    encode,
    fields_of,
    holds,
    inner,
    listed,
    text_of,
    written,
)
from changeover.wire.shapes import from_vendor

MARK = b'"reasoningContent"'
_STOPS: dict[str, StopReason] = {
    "tool_use": "tool-use",
    "max_tokens": "length",
    "model_context_window_exceeded": "length",
    "stop_sequence": "stop-sequence",
    "guardrail_intervened": "filtered",
    "content_filtered": "filtered",
    "refusal": "refusal",
}


class _Content(msgspec.Struct):
    content: list[msgspec.Raw]


class _Output(msgspec.Struct):
    message: _Content


class _Response(msgspec.Struct):
    output: _Output
    stopReason: str  # noqa: N815 (the vendor's names)
    usage: WireUsage | None = None


class _Reasoning(msgspec.Struct):
    text: str | None = None
    signature: str | None = None
    redactedContent: str | None = None  # noqa: N815


class _Delta(msgspec.Struct):
    reasoningContent: _Reasoning | None = None  # noqa: N815


class _BlockDelta(msgspec.Struct):
    delta: _Delta
    contentBlockIndex: int = 0  # noqa: N815


class _MessageStop(msgspec.Struct):
    stopReason: str  # noqa: N815


class _Metadata(msgspec.Struct):
    usage: WireUsage | None = None


class _Kept(msgspec.Struct):
    """The pieces of what is sealed in a block, and the message that brought the last one."""

    name: str
    index: int
    last: Message
    pieces: list[str]


_response = msgspec.json.Decoder(_Response)
_block_delta = msgspec.json.Decoder(_BlockDelta)
_message_stop = msgspec.json.Decoder(_MessageStop)
_metadata = msgspec.json.Decoder(_Metadata)


class ConverseReader:
    """One answer on its way through."""

    # What it begins with stands in the class: one is made for every call.
    _headers: Mapping[str, Value] = {}
    _name = ""
    _index = -1
    _kept: _Kept | None = None
    _stop: StopReason | None = None
    _ended = False

    def __init__(self, towards: Towards) -> None:
        self._towards = towards
        self._messages = MessageParser()
        self._words: list[str] = []

    def whole(self, body: bytes) -> Passed:
        _check_text(body)
        answer = from_vendor(_response, body, "an answer")
        told = (
            Started(id="", model=""),
            UsageSeen(usage=usage_from_vendor(answer.usage or WireUsage())),
            Finished(stop=_STOPS.get(answer.stopReason, "end")),
        )
        return Passed(self._wrapped(body) if holds(body, MARK) else body, told)

    def feed(self, data: bytes) -> Passed | bytes:
        told: list[Event] = []
        pieces = [self._message(raw, told) for raw in self._messages.split(data)]
        block = pieces[0] if len(pieces) == 1 else b"".join(pieces)
        return Passed(block, tuple(told)) if told else block

    def left(self) -> tuple[Event, ...]:
        return ()

    def close(self) -> None:
        if self._ended:
            return
        self._messages.close()
        if self._stop is None:
            raise VendorProtocolError(
                "The vendor's stream ended before its answer did.",
                means="No messageStop came, so the answer is cut short.",
            )

    def broken(self, kind: str, message: str, request_id: str) -> bytes:  # noqa: ARG002
        return encode_exception(exception_of(kind), encode({"message": message}))

    def _message(self, raw: bytes, told: list[Event]) -> bytes:
        """One message of a stream as it goes on, after what was kept back until it came."""
        message = read_message(raw)
        payload = message.payload
        if not payload.isascii():
            _check_text(payload)
        if self._ended:
            return raw
        # The same headers are one object, so that what they say is looked up once.
        if message.headers is not self._headers:
            self._headers, self._name = message.headers, message.text(":event-type")
            if message.text(":message-type") in {"exception", "error"}:
                self._ended = True
                told.append(failure_of(message))
                return raw
        match self._name:
            case "contentBlockDelta":
                return self._delta(raw, message)
            case "contentBlockStart" | "contentBlockStop":
                return self._released() + raw
            case "messageStart":
                told.append(Started(id="", model=""))
            case "messageStop":
                word = from_vendor(_message_stop, payload, "an event").stopReason
                self._stop = _STOPS.get(word, "end")
                return self._released() + raw
            case "metadata":
                self._count(from_vendor(_metadata, payload, "an event"), told)
            case _:
                pass  # what the vendor may add
        return raw

    def _count(self, given: _Metadata, told: list[Event]) -> None:
        if given.usage is None:
            return
        told.append(UsageSeen(usage=usage_from_vendor(given.usage)))
        if self._stop is not None:
            self._ended = True
            told.append(Finished(stop=self._stop))

    def _delta(self, raw: bytes, message: Message) -> bytes:
        if not holds(message.payload, MARK):
            return raw if self._kept is None else self._released() + raw
        given = from_vendor(_block_delta, message.payload, "an event")
        piece = given.delta.reasoningContent or _Reasoning()
        before = b""
        if given.contentBlockIndex != self._index:
            before = self._released()
            self._index, self._words = given.contentBlockIndex, []
        if piece.text:
            self._words.append(piece.text)
        if piece.signature:
            return before + self._keep("signature", piece.signature, message)
        if piece.redactedContent:
            return before + self._keep("redactedContent", piece.redactedContent, message)
        return before + self._released() + raw

    def _keep(self, name: str, piece: str, message: Message) -> bytes:
        """Keeps a piece back; what of another kind was kept goes on."""
        before = b""
        if self._kept is not None and self._kept.name != name:
            before = self._released()
        pieces = [] if self._kept is None else self._kept.pieces
        self._kept = _Kept(name, self._index, message, [*pieces, piece])
        return before

    def _released(self) -> bytes:
        """The message with all that was kept back, wrapped; empty where nothing was."""
        kept, self._kept = self._kept, None
        if kept is None:
            return b""
        if kept.name == "signature":
            value = self._signed("".join(kept.pieces), "".join(self._words))
        else:
            value = self._redacted(joined(kept.pieces))
        event = fields_of(kept.last.payload)
        delta = inner(event["delta"]) or {}
        reasoning = {**(inner(delta["reasoningContent"]) or {}), kept.name: value}
        event["delta"] = written({**delta, "reasoningContent": reasoning})
        headers = {n: text for n, text in kept.last.headers.items() if isinstance(text, str)}
        return encode_message(headers, encode(event))

    def _wrapped(self, body: bytes) -> bytes:
        """A whole answer with what is sealed in it wrapped."""
        answer = fields_of(body)
        output = inner(answer["output"]) or {}
        message = inner(output["message"]) or {}
        content = [self._block(raw) for raw in listed(message["content"])]
        answer["output"] = written({**output, "message": {**message, "content": content}})
        return encode(answer)

    def _block(self, raw: msgspec.Raw) -> msgspec.Raw:
        block = inner(raw) or {}
        reasoning = inner(block.get("reasoningContent"))
        if reasoning is None:
            return raw
        return written({**block, "reasoningContent": self._reasoning(reasoning)})

    def _reasoning(self, reasoning: Fields) -> Fields:
        """The reasoning of a whole answer as the client gets it."""
        said = inner(reasoning.get("reasoningText"))
        if said is not None and (signature := text_of(said.get("signature"))):
            value = self._signed(signature, text_of(said.get("text")))
            return {**reasoning, "reasoningText": written({**said, "signature": value})}
        if content := text_of(reasoning.get("redactedContent")):
            return {**reasoning, "redactedContent": written(self._redacted(content))}
        return reasoning

    def _signed(self, signature: str, words: str) -> str:
        sealed = Sealed(form="signature", value=signature, bound="model")
        return self._towards.seals.wrapped(sealed, words)

    def _redacted(self, content: str) -> str:
        return written_opaque(self._towards.seals.wrapped(redacted(content), ""))


def _check_text(data: bytes) -> None:
    if data.isascii():
        return
    try:
        data.decode()
    except UnicodeDecodeError as error:
        raise VendorProtocolError("The vendor sent an event that is no text.") from error
