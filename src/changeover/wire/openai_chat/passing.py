"""Chat Completions on both sides, as OpenAI itself speaks it.

Source: OpenAI's API reference, "Create chat completion", and the types of the `openai` SDK.

* The counts of a stream come only when they are asked for (`stream_options`). They are
  always asked for; a client that did not ask does not get the chunk that holds them, since
  that has no choice, which its program need not expect.
* Every chunk names the model, behind what is alike in all chunks of an answer. So that
  beginning is read once, and replaced in a whole block of chunks at a time.
* The reasoning that this protocol has no name for is given to clients beside the message
  (`reasoning_content`, `reasoning_details`). OpenAI refuses such fields, so they go back to
  nobody here.
"""

import re

import msgspec
from msgspec import UNSET

from changeover.conversation.events import Event, Finished, Started, UsageSeen
from changeover.conversation.model import Loss, StopReason
from changeover.directory.model import Protocol
from changeover.wire.as_written import beginning_with
from changeover.wire.errors import VendorProtocolError
from changeover.wire.failures import read_failure
from changeover.wire.frames import FrameReader
from changeover.wire.openai_chat.as_written import AsWritten, as_written
from changeover.wire.openai_chat.passable import names_fit, says_json, takes, takes_as_written
from changeover.wire.openai_chat.reply import WireUsage, usage_from_vendor
from changeover.wire.openai_errors import error_object
from changeover.wire.passing import (
    ANOTHER_MODEL,
    NULL,
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
    refuse_all,
    refuse_within,
    value_of,
    written,
)
from changeover.wire.renaming import renamed
from changeover.wire.shapes import UNREADABLE, from_vendor, straight
from changeover.wire.sse import encode_event

_REFUSED = {
    "moderation": ANOTHER_MODEL,
    "models": ANOTHER_MODEL,
    "fallbacks": ANOTHER_MODEL,
    "route": ANOTHER_MODEL,
}
_NOTED = frozenset({*_REFUSED, "tools", "response_format", "store"})
"""The fields of which some value does not go on as it is, whatever the model."""
_FITTING_ID = re.compile(r".{1,40}", re.DOTALL)
_COUNTED_ALREADY = b'{"include_usage":true}'
_COUNTED = msgspec.Raw(_COUNTED_ALREADY)
_COUNT = b'"stream_options":' + _COUNTED_ALREADY
_EXTRAS = ("reasoning", "reasoning_content", "reasoning_details")
_STORE = Loss(field="store", why="Answers are not stored at a vendor.")
_UNTAKEN = "OpenAI has no such field in a message, and refuses it."
_STOPS: dict[str, StopReason] = {
    "length": "length",
    "tool_calls": "tool-use",
    "function_call": "tool-use",
    "content_filter": "filtered",
}
_MODEL = re.compile(rb'"model"\s*:\s*("(?:[^"\\]|\\.)*")')


class _Options(msgspec.Struct):
    include_usage: bool | None = None


class _Call(msgspec.Struct):
    id: str = ""


class _Said(msgspec.Struct):
    """A message of a conversation, as far as it names calls."""

    tool_calls: list[_Call] | None = None
    tool_call_id: str | None = None


class _Choice(msgspec.Struct):
    finish_reason: str | None = None


class _Chunk(msgspec.Struct):
    """A chunk or a whole answer."""

    id: str | None = None
    model: str | None = None
    choices: list[_Choice] | None = None
    usage: WireUsage | None = None
    error: msgspec.Raw = NULL


_options = msgspec.json.Decoder(_Options)
_said = msgspec.json.Decoder(list[_Said])
_chunk = msgspec.json.Decoder(_Chunk)


class ChatPassage:
    """The passage of `openai-chat`; stateless."""

    protocol: Protocol = "openai-chat"
    headers: frozenset[str] = frozenset()

    def read(self, body: bytes, target: str) -> PassingRequest:  # noqa: ARG002
        asked = straight(as_written, body)
        if asked is None or not _may_count(asked):
            return _Request(body)
        return _AsWritten(body, asked, asked.model, asked.stream is True)


def _may_count(asked: AsWritten) -> bool:
    """Whether the counts come, or will when they are asked for."""
    options = asked.stream_options
    return not asked.stream or options is UNSET or options.include_usage is True


class _AsWritten(msgspec.Struct):
    """A request of which no field needs a look."""

    body: bytes
    asked: AsWritten
    model: str
    stream: bool

    def outbound(self, towards: Towards) -> Outbound | None:
        if takes_as_written(towards.model, self.asked):
            body, reading = renamed(self.body, self.model, towards.model), ChatReader
            if self.stream and self.asked.stream_options is UNSET:
                body, reading = beginning_with(body, _COUNT), _Uncounted
            if body is not None:
                return Outbound(body=body, towards=towards, reading=reading)
        return _Request(self.body).outbound(towards)


class _Request:
    """A request in its own bytes, read field by field."""

    def __init__(self, body: bytes) -> None:
        self._body = body
        self._fields = given = fields_of(body)
        self.model, self.stream = asked_in(given)
        self._noted = not _NOTED.isdisjoint(given)
        if self._noted:
            refuse_all(given, _REFUSED)
        self._escaped = escaped = is_escaped(body)
        # Without a type there are neither parts nor calls.
        self._typed = escaped or holds(body, b'"type"')
        if self._typed and (escaped or holds(body, b'"file_id"') or holds(body, b'"audio"')):
            messages = value_of(given.get("messages"))
            refuse_within(messages, ("file_id",), "messages")
            _refuse_audio(messages)

    def outbound(self, towards: Towards) -> Outbound | None:
        """The request for a route; None where it needs to be translated."""
        body, given = self._body, {**self._fields, "model": named(towards.model)}
        losses: list[Loss] = []
        if not takes(towards.model, given):
            return None
        if self._noted and not (names_fit(given) and says_json(given)):
            return None
        if self._typed and holds(body, b'"tool_call') and not _ids_fit(given):
            return None
        if self._escaped or holds(body, b'"reasoning'):
            losses += _without_reasoning(given)
        if self._noted and bytes(given.get("store", b"")) == b"true":
            given["store"] = written(value=False)
            losses.append(_STORE)
        reading = ChatReader if not self.stream or _count(given) else _Uncounted
        return Outbound(body=encode(given), towards=towards, reading=reading, losses=tuple(losses))


def _count(given: Fields) -> bool:
    """Asks for the counts; whether the client asked for them too."""
    options = given.get("stream_options")
    if options is None:
        given["stream_options"] = _COUNTED
        return False
    if bytes(options) == _COUNTED_ALREADY:
        return True
    given["stream_options"] = written({**(inner(options) or {}), "include_usage": True})
    try:
        return bool(_options.decode(options).include_usage)
    except UNREADABLE:
        return False


def _refuse_audio(messages: object) -> None:
    """An answer's sound is sent back by its id alone, under which its vendor holds it."""
    for index, message in enumerate(messages if isinstance(messages, list) else ()):
        if isinstance(message, dict) and message.get("role") == "assistant":
            refuse_within(message.get("audio"), ("id",), f"messages[{index}].audio")


def _ids_fit(given: Fields) -> bool:
    """Whether the vendor takes the ids of calls and results; others than its own may differ."""
    try:
        said = _said.decode(given.get("messages", b"[]"))
    except UNREADABLE:
        return True  # the vendor will say what is wrong
    calls = [call.id for one in said for call in one.tool_calls or ()]
    results = [one.tool_call_id for one in said if one.tool_call_id is not None]
    return all(_FITTING_ID.fullmatch(name) for name in (*calls, *results))


def _without_reasoning(given: Fields) -> list[Loss]:
    losses: list[Loss] = []
    taken_out = False
    messages = listed(given.get("messages"))
    for index, raw in enumerate(messages):
        message = inner(raw) or {}
        extras = [name for name in _EXTRAS if name in message]
        if not extras:
            continue
        taken_out = True
        messages[index] = written({n: v for n, v in message.items() if n not in _EXTRAS})
        said = next((name for name in extras if is_given(message[name])), None)
        if said is not None:
            losses.append(Loss(field=f"messages[{index}].{said}", why=_UNTAKEN))
    if taken_out:
        given["messages"] = written(messages)
    return losses


class ChatReader(FrameReader):
    """One answer on its way through.

    The reason for stopping and the counts are null until there are some.
    """

    marks = (
        b'"error"',
        b'"usage":{',
        b'"usage": {',
        b'"finish_reason":"',
        b'"finish_reason": "',
    )
    words = b'"content":"'
    _opening, _renamed = b"", b""
    _stop: StopReason | None = None
    _counts = True

    def __init__(self, towards: Towards) -> None:
        super().__init__()
        self._shown = bytes(named(towards.shown))

    def whole(self, body: bytes) -> Passed:
        completion = from_vendor(_chunk, body, "an answer")
        given = fields_of(body)
        given["model"] = msgspec.Raw(self._shown)
        told: list[Event] = [Started(id=completion.id or "", model=completion.model or "")]
        if not completion.choices:
            raise VendorProtocolError("The vendor sent an answer that holds none.")
        told.append(UsageSeen(usage=usage_from_vendor(completion.usage)))
        reason = completion.choices[0].finish_reason or ""
        told.append(Finished(stop=_STOPS.get(reason, "end")))
        return Passed(encode(given), tuple(told))

    def _untouched(self, block: bytes) -> Passed | bytes:
        opening = self._opening
        if opening and block.startswith(opening) and block.count(b"\n") == 2:
            return self._learnt(block, self._renamed + block[len(opening) :])
        # Each frame of a block begins as the first one did, or all are looked at.
        if opening and block.count(b"\n\n") == block.count(opening):
            return block.replace(opening, self._renamed)
        return self._looked(block)

    def close(self) -> None:
        if self._end is None and self._stop is None:
            super().close()

    def broken(self, kind: str, message: str, request_id: str) -> bytes:  # noqa: ARG002
        return encode_event(encode({"error": error_object("server_error", kind, message)}))

    def _payload(self, payload: bytes, told: list[Event]) -> bytes | None:
        chunk = from_vendor(_chunk, payload, "a chunk")
        if is_given(chunk.error):
            self._ends(read_failure(bytes(chunk.error), "stream_error"), told)
            return payload
        if chunk.choices and not self._opening:
            told.append(Started(id=chunk.id or "", model=chunk.model or ""))
        if chunk.usage is not None:
            told.append(UsageSeen(usage=usage_from_vendor(chunk.usage)))
        for choice in chunk.choices or ():
            if choice.finish_reason is not None:
                self._stop = _STOPS.get(choice.finish_reason, "end")
        if chunk.usage is not None and not chunk.choices and not self._counts:
            return None
        return self._named(payload, chunk)

    def _named(self, payload: bytes, chunk: _Chunk) -> bytes:
        if not chunk.model:
            return payload
        found = _MODEL.search(payload)
        before = b"" if found is None else payload[: found.start()]
        # Nothing but the chunk's own texts and numbers stands before its name.
        if found is None or b"[" in before or before.count(b"{") != 1:
            given = fields_of(payload)
            given["model"] = msgspec.Raw(self._shown)
            return encode(given)
        if chunk.choices and not self._opening:
            name = payload[found.start() : found.start(1)]
            self._opening = b"data: " + payload[: found.end()]
            self._renamed = b"data: " + before + name + self._shown
        return payload[: found.start(1)] + self._shown + payload[found.end() :]

    def _done(self, told: list[Event]) -> None:
        if self._stop is not None and self._end is None:
            self._ends(Finished(stop=self._stop), told)


class _Uncounted(ChatReader):
    """The same for a client that did not ask for the counts: their chunk is kept back."""

    _counts = False
