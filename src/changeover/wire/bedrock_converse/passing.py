"""Converse on both sides.

Source: the service model `bedrock-runtime`, shapes `ConverseRequest` and
`ConverseStreamRequest`. The model stands in the address alone, and so does whether a
stream is wanted; an answer names no model.

* Refused by name is what refers to state in one account: a guardrail, a stored prompt and
  its variables, a file in S3. A model's own fields may name further models, as Claude's
  `fallbacks` and its advisor do; they are refused too.
* `projectIdentifier` is left out and told: the account is the organisation's.
* Reasoning goes back with the signature of the model that made it, or as the bytes that it
  was redacted to. Any other is taken out and told. What is left may be a message that says
  nothing, or a loop of tools that does not begin with reasoning; then the request is
  translated (`passable.py`).
"""

from functools import lru_cache
from typing import Any

import msgspec

from changeover.conversation.model import Loss
from changeover.directory.model import Protocol
from changeover.wire.bedrock_converse.additional import PLACE
from changeover.wire.bedrock_converse.as_written import AsWritten, as_written
from changeover.wire.bedrock_converse.content import read_opaque
from changeover.wire.bedrock_converse.passable import takes, takes_as_written
from changeover.wire.bedrock_converse.passed import MARK, ConverseReader
from changeover.wire.bedrock_converse.target import read_target
from changeover.wire.bedrock_converse.target import target as address
from changeover.wire.passing import (
    ANOTHER_MODEL,
    KEPT_THERE,
    Fields,
    Outbound,
    PassingRequest,
    RouteSeals,
    Towards,
    encode,
    fields_of,
    inner,
    is_given,
    listed,
    may_hold,
    refuse,
    refuse_all,
    text_of,
    value_of,
    written,
)
from changeover.wire.shapes import straight

_REFUSED = {"guardrailConfig": KEPT_THERE, "promptVariables": KEPT_THERE}
_OWN_REFUSED = {
    "container": KEPT_THERE,
    "thread": KEPT_THERE,
    "fallback_credit_token": KEPT_THERE,
    "fallbacks": ANOTHER_MODEL,
}
_PROMPT = ":prompt/"
_STORED = "s3Location"
_FREE = frozenset({"input", "json"})
"""What holds a program's own objects, whose names mean nothing here."""
_PROJECT = "projectIdentifier"
_PROJECT_LOSS = Loss(field=_PROJECT, why="It is that of the organisation's account.")
_read = lru_cache(maxsize=512)(read_target)
_address = lru_cache(maxsize=512)(address)


class ConversePassage:
    """The passage of `bedrock-converse`; stateless."""

    protocol: Protocol = "bedrock-converse"
    headers: frozenset[str] = frozenset()

    def read(self, body: bytes, target: str) -> PassingRequest:
        given, asked = straight(as_written, body), _read(target)
        if given is None or _PROMPT in asked.model:
            return _Request(body, target)
        return _AsWritten(body, given, target, asked.model, asked.stream)


class _AsWritten(msgspec.Struct):
    """A request of which no field needs a look. All of its bytes go on as they are."""

    body: bytes
    asked: AsWritten
    target: str
    model: str
    stream: bool

    def outbound(self, towards: Towards) -> Outbound | None:
        if not takes_as_written(towards.model, self.asked):
            return _Request(self.body, self.target).outbound(towards)
        return Outbound(
            body=self.body,
            target=_address(towards.model, stream=self.stream),
            towards=towards,
            reading=ConverseReader,
        )


class _Request:
    """A request in its own bytes, read field by field, to the address that it came to."""

    def __init__(self, body: bytes, target: str) -> None:
        asked = _read(target)
        self._body = body
        self._fields = given = fields_of(body)
        self.model, self.stream = asked.model, asked.stream
        if _PROMPT in asked.model:
            raise refuse("modelId", KEPT_THERE, "Name a model, and send the messages.")
        refuse_all(given, _REFUSED)
        if PLACE in given:
            _refuse_own(inner(given[PLACE]) or {})
        if may_hold(body, b'"s3Location"'):
            for name in ("messages", "system"):
                _refuse_stored(value_of(given.get(name)), name)

    def outbound(self, towards: Towards) -> Outbound | None:
        """The request for a route; None where it needs to be translated."""
        given, losses = {**self._fields}, []
        if text_of(given.pop(_PROJECT, None)) not in {"", "default"}:
            losses.append(_PROJECT_LOSS)
        if may_hold(self._body, MARK):
            losses += _unseal(given, towards.seals)
        if not takes(towards.model, given):
            return None
        return Outbound(
            body=encode(given),
            target=_address(towards.model, stream=self.stream),
            losses=tuple(losses),
            towards=towards,
            reading=ConverseReader,
        )


def _refuse_own(own: Fields) -> None:
    """Refuses what of a model's own fields names state or another model."""
    for name in _OWN_REFUSED.keys() & own.keys():
        if is_given(own[name]):
            raise refuse(f"{PLACE}.{name}", _OWN_REFUSED[name])
    for index, tool in enumerate(listed(own.get("tools"))):
        if is_given((inner(tool) or {}).get("model")):
            raise refuse(f"{PLACE}.tools[{index}].model", ANOTHER_MODEL)


def _refuse_stored(value: Any, place: str) -> None:
    """Refuses a file that the account holds, however deep; not in what a tool takes or gives."""
    match value:
        case dict():
            if value.get(_STORED) is not None:
                raise refuse(f"{place}.{_STORED}", KEPT_THERE, "Send its bytes instead.")
            for name in value.keys() - _FREE:
                _refuse_stored(value[name], f"{place}.{name}")
        case list():
            for index, held in enumerate(value):
                _refuse_stored(held, f"{place}[{index}]")
        case _:
            pass


def _unseal(given: Fields, seals: RouteSeals) -> list[Loss]:
    """Writes reasoning as its vendor wrote it; what was taken out is told."""
    lost: list[Loss] = []
    messages = listed(given.get("messages"))
    for at, raw in enumerate(messages):
        if may_hold(bytes(raw), MARK):
            messages[at] = _message(raw, f"messages[{at}]", seals, lost)
    if messages:
        given["messages"] = written(messages)
    return lost


def _message(raw: msgspec.Raw, place: str, seals: RouteSeals, lost: list[Loss]) -> msgspec.Raw:
    message = inner(raw) or {}
    content = listed(message.get("content"))
    blocks: list[msgspec.Raw] = []
    for at, block in enumerate(content):
        fields = inner(block) or {}
        reasoning = inner(fields.get("reasoningContent"))
        if reasoning is None:
            blocks.append(block)
        elif unsealed := _unsealed(reasoning, seals):
            blocks.append(written({**fields, "reasoningContent": unsealed}))
        else:
            why = "It is not of this model, and left out."
            lost.append(Loss(field=f"{place}.content[{at}]", why=why))
    return written({**message, "content": blocks}) if content else raw


def _unsealed(reasoning: Fields, seals: RouteSeals) -> dict[str, Any] | None:
    """The reasoning in the form that the vendor gave it; None if it must not go there."""
    said = inner(reasoning.get("reasoningText"))
    if said is None:
        value, words = read_opaque(text_of(reasoning.get("redactedContent"))), ""
    else:
        value, words = text_of(said.get("signature")), text_of(said.get("text"))
    sealed = seals.unsealed(value, words)
    if sealed is not None and sealed.form == "redacted":
        return {"redactedContent": sealed.value}
    if sealed is not None and sealed.form == "signature":
        # Signed reasoning of which no words are shown is given to clients as bytes.
        return {"reasoningText": {**(said or {"text": ""}), "signature": sealed.value}}
    return None
