"""generateContent on both sides, as Google's Gemini API speaks it.

Source: Google's reference, `models.generateContent`, and the types of the `google-genai`
SDK. The model stands in the address, and in an answer as `modelVersion`, in every piece of
a stream. A name may be written in camel case or in snake case.

A signature stands on a part (`thoughtSignature`, base64): on a thought, on a call, where
the vendor wants it back, or on text. A call that has none of this model's is written by
the codec, which knows what the vendor takes instead; such a request is translated.

A program may give back pieces of a stream that hold an empty text, as the last ones do.
The vendor takes no text without words; they are left out.
"""

import re
from base64 import b64decode, b64encode
from binascii import Error as NotBase64
from functools import lru_cache
from typing import Any, Literal

import msgspec

from changeover.conversation.events import Event, Finished, Started, UsageSeen
from changeover.conversation.model import Loss, Sealed, StopReason
from changeover.directory.model import Protocol
from changeover.wire.errors import VendorProtocolError
from changeover.wire.failures import read_failure
from changeover.wire.frames import FrameReader
from changeover.wire.gemini_generate.as_written import as_written
from changeover.wire.gemini_generate.errors import error_object
from changeover.wire.gemini_generate.target import read_target
from changeover.wire.gemini_generate.target import target as address
from changeover.wire.gemini_generate.usage import WireUsage, usage_from_vendor
from changeover.wire.passing import (
    ANOTHER_MODEL,
    KEPT_THERE,
    NULL,
    Fields,
    Outbound,
    Passed,
    PassingRequest,
    Towards,
    encode,
    fields_of,
    holds,
    inner,
    is_escaped,
    is_given,
    listed,
    may_hold,
    named,
    refuse,
    refuse_all,
    text_of,
    value_of,
    written,
)
from changeover.wire.renaming import renamed
from changeover.wire.shapes import from_vendor, straight
from changeover.wire.sse import encode_event

_REFUSED = {
    "cachedContent": KEPT_THERE,
    "cached_content": KEPT_THERE,
    "continuationToken": KEPT_THERE,
    "continuation_token": KEPT_THERE,
}
_ROUTED = dict.fromkeys(
    ("modelSelectionConfig", "model_selection_config", "routingConfig", "routing_config"),
    ANOTHER_MODEL,
)
_VERSION = b'"modelVersion"'
_IN_PARTS = (b"unction", b"hought", b'"text":""', b'"text": ""')
_STORED = ("fileSearch", "file_search", "retrieval")
_FILES = b"generativelanguage.googleapis.com"
_SIGNATURES = ("thoughtSignature", "thought_signature")
_STORE = Loss(field="store", why="Answers are not stored at a vendor.")
_STOPS: dict[str, StopReason] = {"STOP": "end", "MAX_TOKENS": "length"}
_read = lru_cache(maxsize=512)(read_target)
_address = lru_cache(maxsize=512)(address)
On = Literal["self", "next", "previous"]


class _Candidate(msgspec.Struct, rename="camel"):
    finish_reason: str | None = None


class _Piece(msgspec.Struct, rename="camel"):
    candidates: list[_Candidate] | None = None
    prompt_feedback: msgspec.Raw = NULL
    usage_metadata: WireUsage | None = None
    model_version: str | None = None
    response_id: str | None = None
    error: msgspec.Raw = NULL


_piece = msgspec.json.Decoder(_Piece)


class GeminiPassage:
    """The passage of `gemini-generate`; stateless."""

    protocol: Protocol = "gemini-generate"
    headers: frozenset[str] = frozenset()

    def read(self, body: bytes, target: str) -> PassingRequest:
        if straight(as_written, body) is None:
            return _Request(body, target)
        asked = _read(target)
        return _AsWritten(body, asked.model, asked.stream, asked.losses)


class _AsWritten(msgspec.Struct):
    """A request of which no field needs a look. All of its bytes go on as they are."""

    body: bytes
    model: str
    stream: bool
    losses: tuple[Loss, ...]

    def outbound(self, towards: Towards) -> Outbound | None:
        return Outbound(
            body=self.body,
            target=_address(towards.model, stream=self.stream),
            losses=self.losses,
            towards=towards,
            reading=GeminiReader,
        )


class _Request:
    """A request in its own bytes, read field by field, to the address that it came to."""

    def __init__(self, body: bytes, target: str) -> None:
        self._body = body
        self._target = asked = _read(target)
        self._fields = given = fields_of(body)
        self.model, self.stream = asked.model, asked.stream
        refuse_all(given, _REFUSED)
        for name in ("generationConfig", "generation_config"):
            if name in given:
                refuse_all(inner(given[name]) or {}, _ROUTED)
        for index, tool in enumerate(listed(given["tools"]) if "tools" in given else ()):
            for name in _STORED:
                if is_given((inner(tool) or {}).get(name)):
                    raise refuse(f"tools[{index}].{name}", KEPT_THERE)
        self._escaped = is_escaped(body)
        if self._escaped or holds(body, _FILES):
            _refuse_files(value_of(given.get("contents")))

    def outbound(self, towards: Towards) -> Outbound | None:
        """The request for a route; None where it needs to be translated."""
        given, losses = {**self._fields}, list(self._target.losses)
        if "model" in given:
            given["model"] = written(f"models/{towards.model}")
        if bytes(given.get("store", b"")) == b"true":
            given["store"] = written(value=False)
            losses.append(_STORE)
        # Nothing is changed but in turns of the model's.
        spoken = self._escaped or holds(self._body, b'"model"')
        if spoken and any(may_hold(self._body, mark) for mark in _IN_PARTS):
            contents = _Contents(given, towards)
            if contents.unsigned:
                return None
            losses += contents.losses
        return Outbound(
            body=encode(given),
            target=_address(towards.model, stream=self.stream),
            losses=tuple(losses),
            towards=towards,
            reading=GeminiReader,
        )


def _refuse_files(contents: Any) -> None:
    """Refuses a file that the vendor holds, which is named by an address there."""
    match contents:
        case {"fileUri": str() as uri} | {"file_uri": str() as uri} if _FILES.decode() in uri:
            raise refuse("contents.fileData.fileUri", KEPT_THERE, "Send what it holds instead.")
        case dict():
            for held in contents.values():
                _refuse_files(held)
        case list():
            for held in contents:
                _refuse_files(held)
        case _:
            pass


class _Contents:
    """The contents of a request, with what vendors sealed as this route takes it.

    `unsigned` says that a model's turn begins its calls without a signature of this model.
    """

    def __init__(self, given: Fields, towards: Towards) -> None:
        self._towards = towards
        self._lost: list[Loss] = []
        self.unsigned = False
        contents = listed(given.get("contents"))
        kept = [self._content(raw, f"contents[{i}]") for i, raw in enumerate(contents)]
        if contents:
            given["contents"] = written([content for content in kept if content is not None])

    @property
    def losses(self) -> tuple[Loss, ...]:
        return tuple(self._lost)

    def _content(self, raw: msgspec.Raw, place: str) -> msgspec.Raw | None:
        content = inner(raw)
        if content is None or text_of(content.get("role")) != "model":
            return raw
        called = False
        kept: list[msgspec.Raw] = []
        for index, part in enumerate(listed(content.get("parts"))):
            fields = inner(part) or {}
            changed = self._part(fields, f"{place}.parts[{index}]")
            calls = "functionCall" in fields or "function_call" in fields
            if calls and not called and not any(name in changed for name in _SIGNATURES):
                self.unsigned = True
            called = called or calls
            if changed:
                kept.append(part if changed is fields else written(changed))
        return written({**content, "parts": kept}) if kept else None

    def _part(self, part: Fields, place: str) -> Fields:
        """The part with its vendor's signature, or without a foreign one; nothing if empty."""
        name = next((each for each in _SIGNATURES if each in part), None)
        words = text_of(part.get("text"))
        if name is None:
            silent = bytes(part.get("text", b"")) == b'""' and set(part) <= {"text", "thought"}
            return {} if silent else part
        wrapped = _unencoded(text_of(part[name]))
        opened = None if wrapped is None else self._towards.seals.opened(wrapped, words)
        if opened is not None:
            return {**part, name: written(opened)}
        self._lost.append(Loss(field=f"{place}.{name}", why="It is not of this model."))
        bare = {each: value for each, value in part.items() if each != name}
        thought = bytes(part.get("thought", b"")) == b"true"
        return {} if thought or not (words or set(bare) - {"text"}) else bare


def _unencoded(text: str) -> str | None:
    """The text that stands in base64, in either alphabet; None where none does."""
    plain = text.replace("-", "+").replace("_", "/")
    try:
        return b64decode(plain + "=" * (-len(plain) % 4), validate=True).decode("ascii")
    except (NotBase64, ValueError):
        return None


class GeminiReader(FrameReader):
    """One answer on its way through.

    Each piece names the model, mostly at its end. A piece without a call holds no objects
    of anybody else's, so that the name which the first one had is found there as it stands.
    """

    marks = (
        b'"functionCall"',
        b'"thoughtSignature"',
        b'"finishReason"',
        b'"promptFeedback"',
        b'"partMetadata"',
        b'"error"',
    )
    words = b'"text":"'
    _named, _renamed = b"", b""
    _stop: StopReason | None = None
    _started = False

    def __init__(self, towards: Towards) -> None:
        super().__init__()
        self._towards = towards
        self._shown = named(towards.shown)

    def left(self) -> tuple[Event, ...]:
        told: list[Event] = []
        if self._end is None and self._named:
            self._looked(self._last, told)
        return tuple(event for event in told if isinstance(event, UsageSeen))

    def _untouched(self, block: bytes) -> Passed | bytes:
        name = self._named
        place = block.rfind(name) if name else -1
        if place >= 0 and block.count(b"\n") == 2:
            changed = block[:place] + self._renamed + block[place + len(name) :]
            return self._learnt(block, changed)
        if name and block.count(name) == block.count(b"\n\n"):
            return block.replace(name, self._renamed)
        return self._looked(block)

    def whole(self, body: bytes) -> Passed:
        told: list[Event] = []
        given = self._payload(body, told)
        if self._end is not None or self._stop is None:
            raise VendorProtocolError("The vendor sent an answer that holds none.")
        return Passed(given, (*told, Finished(stop=self._stop)))

    def close(self) -> None:
        if self._stop is None:
            super().close()

    def broken(self, kind: str, message: str, request_id: str) -> bytes:
        return encode_event(encode({"error": error_object(500, kind, message, request_id)}))

    def _payload(self, payload: bytes, told: list[Event]) -> bytes:
        piece = from_vendor(_piece, payload, "an answer")
        if is_given(piece.error):
            self._ends(read_failure(payload, "stream_error"), told)
            return payload
        if not self._started:
            self._started = True
            told.append(Started(id=piece.response_id or "", model=piece.model_version or ""))
        if piece.usage_metadata is not None:
            told.append(UsageSeen(usage=usage_from_vendor(piece.usage_metadata)))
        for candidate in piece.candidates or ():
            if candidate.finish_reason is not None:
                self._stop = _STOPS.get(candidate.finish_reason, "filtered")
        if is_given(piece.prompt_feedback):
            self._stop = "filtered"
        return self._changed(payload, piece)

    def _changed(self, payload: bytes, piece: _Piece) -> bytes:
        """A piece with the model's name here, and what is sealed in it wrapped."""
        sealed = holds(payload, b'"thoughtSignature"')
        if self._named and piece.model_version is not None and not sealed:
            shown = renamed(payload, piece.model_version, self._towards.shown, _VERSION)
            if shown is not None:
                return shown
        given = fields_of(payload)
        if "modelVersion" in given:
            self._learn(payload, bytes(given["modelVersion"]))
            given["modelVersion"] = self._shown
        if sealed:
            candidates = listed(given.get("candidates"))
            given["candidates"] = written([self._candidate(raw) for raw in candidates])
        return encode(given)

    def _learn(self, payload: bytes, name: bytes) -> None:
        """How the name stands in the pieces of this answer."""
        if self._named and holds(payload, self._named):
            return
        found = re.search(rb'"modelVersion"\s*:\s*' + re.escape(name), payload)
        if found is not None:
            self._named = found[0]
            self._renamed = found[0].removesuffix(name) + bytes(self._shown)

    def _candidate(self, raw: msgspec.Raw) -> msgspec.Raw:
        candidate = inner(raw) or {}
        content = inner(candidate.get("content"))
        if content is None:
            return raw
        parts = [self._part(part) for part in listed(content.get("parts"))]
        return written({**candidate, "content": {**content, "parts": parts}})

    def _part(self, raw: msgspec.Raw) -> msgspec.Raw:
        part = inner(raw) or {}
        signature = text_of(part.get("thoughtSignature"))
        if not signature:
            return raw
        on: On = "next" if "functionCall" in part else "previous"
        if bytes(part.get("thought", b"")) == b"true":
            on = "self"
        sealed = Sealed(form="thought", value=signature, bound="model", on=on)
        wrapped = self._towards.seals.wrapped(sealed, text_of(part.get("text")))
        return written({**part, "thoughtSignature": b64encode(wrapped.encode()).decode()})
