"""The longest answer that a request asks for, in whichever protocol it is written.

1. The names do not collide: what one protocol calls `max_tokens` is the same in another. Where
   several are there, the largest number counts, since it is the vendor who chooses among them.
2. A number is taken as it may be read: whole, with a fraction of nothing, or as text. Google's
   fields may also be written with underscores (ProtoJSON reads both names).
3. A request may ask for several answers at once. In a form, which only pictures are drawn by,
   that is the field `n`.
4. What is not said or cannot be read is None, whatever stands beside it; it is for the vendor
   to refuse.
"""

import math
from collections.abc import Iterable
from typing import Any

import msgspec

from changeover.wire.errors import ProtocolError
from changeover.wire.multipart import Form
from changeover.wire.shapes import UNREADABLE

JSON = "application/json"


_NOTHING = msgspec.Raw(b"null")


class _Asked(msgspec.Struct):
    max_tokens: msgspec.Raw = _NOTHING
    max_completion_tokens: msgspec.Raw = _NOTHING
    max_output_tokens: msgspec.Raw = _NOTHING
    n: msgspec.Raw = _NOTHING
    generation: msgspec.Raw = msgspec.field(default=_NOTHING, name="generationConfig")
    generation_: msgspec.Raw = msgspec.field(default=_NOTHING, name="generation_config")
    inference: msgspec.Raw = msgspec.field(default=_NOTHING, name="inferenceConfig")


class _Within(msgspec.Struct, rename="camel"):
    """What Google's `generationConfig` and Amazon's `inferenceConfig` hold."""

    max_tokens: msgspec.Raw = _NOTHING
    max_output_tokens: msgspec.Raw = _NOTHING
    max_output_tokens_: msgspec.Raw = msgspec.field(default=_NOTHING, name="max_output_tokens")
    candidate_count: msgspec.Raw = _NOTHING
    candidate_count_: msgspec.Raw = msgspec.field(default=_NOTHING, name="candidate_count")


class Longest(msgspec.Struct, frozen=True):
    """At most so many tokens in each of so many answers."""

    tokens: int | None = None
    answers: int = 1


_decoder = msgspec.json.Decoder(_Asked)
_within = msgspec.json.Decoder(_Within)


def longest_answer(body: bytes, content_type: str = JSON) -> Longest:
    """What a request's body says of it."""
    if content_type.lower().startswith("multipart/"):
        return _of_form(body, content_type)
    try:
        asked = _decoder.decode(body)
    except UNREADABLE:
        return Longest()
    tokens = [asked.max_completion_tokens, asked.max_output_tokens, asked.max_tokens]
    answers = [asked.n]
    for raw in (asked.generation, asked.generation_, asked.inference):
        try:
            within = _within.decode(raw)
        except UNREADABLE:
            continue
        tokens += [within.max_output_tokens, within.max_output_tokens_, within.max_tokens]
        answers += [within.candidate_count, within.candidate_count_]
    return Longest(_largest(map(_value, tokens)), _largest(map(_value, answers)) or 1)


def _of_form(body: bytes, content_type: str) -> Longest:
    try:
        return Longest(answers=_largest(Form(body, content_type).texts("n")) or 1)
    except ProtocolError:
        return Longest()


def _value(raw: msgspec.Raw) -> Any:
    try:
        return msgspec.json.decode(raw)
    except UNREADABLE:
        return None


def _largest(values: Iterable[Any]) -> int | None:
    """The largest of the numbers above 0; None without any."""
    numbers = (number for each in values if (number := _number(each)) is not None)
    return max((number for number in numbers if number > 0), default=None)


def _number(value: Any) -> int | None:
    match value:
        case bool():
            return None
        case int():
            return value
        case float() if math.isfinite(value):
            return math.ceil(value)
        case str():
            try:
                return int(value)
            except ValueError:
                return None
        case _:
            return None
