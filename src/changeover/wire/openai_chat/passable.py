"""Whether OpenAI takes a request as it is written.

It answers 400 to a setting that a model does not have (`profiles.py` says which), to tools'
names with other characters than its own, and to the wish for any JSON object where no
message says the word. A program that is served by another model than it was written for
cannot know. So such a request does not pass through: the codec mends it and tells so.
"""

from collections.abc import Callable
from functools import lru_cache
from typing import Any

import msgspec

from changeover.wire.as_written import asking, settings_in
from changeover.wire.openai_chat.as_written import AsWritten
from changeover.wire.openai_chat.profile import Family, Setting
from changeover.wire.openai_chat.profiles import profile_of
from changeover.wire.passing import Fields, holds, is_given, text_of, written
from changeover.wire.shapes import UNREADABLE

_WRITTEN: dict[str, Setting] = {
    "temperature": "temperature",
    "top_p": "top_p",
    "frequency_penalty": "frequency_penalty",
    "presence_penalty": "presence_penalty",
    "logprobs": "chances",
    "top_logprobs": "chances",
    "stop": "stop",
    "verbosity": "verbosity",
    "reasoning_effort": "effort",
    "parallel_tool_calls": "parallel_calls",
}
_NULL = b"null"
_OPENAI = profile_of(None)


class _Function(msgspec.Struct):
    name: str = ""


class _Tool(msgspec.Struct):
    function: _Function | None = None


_tools = msgspec.json.Decoder(list[_Tool])


class _Doubts(msgspec.Struct, frozen=True):
    """A model's family, and the fields without which it takes a request whatever else is in it."""

    family: Family
    fields: frozenset[str]
    asked: Callable[[Any], bool]
    """Whether one of them is asked for in a request as it was written."""


def _reasons(family: Family) -> bool:
    return bool(family.lacks_reasoning) or "temperature" in family.lacks


@lru_cache(maxsize=512)
def _doubts(model: str) -> _Doubts:
    family = _OPENAI.family(model)
    lacking = {name for name, setting in _WRITTEN.items() if setting in family.lacks}
    older = {"max_tokens"} if _reasons(family) else set()
    # What is lacking only where the model reasons needs that it is asked to.
    fields = frozenset({*lacking, *older, "reasoning_effort"})
    return _Doubts(family, fields, asking(fields))


def takes(model: str, given: Fields) -> bool:
    """Whether OpenAI's model of that name takes these fields."""
    doubts = _doubts(model)
    if doubts.fields.isdisjoint(given):
        return True
    family = doubts.family
    if _reasons(family) and is_given(given.get("max_tokens")):
        return False
    effort = text_of(given.get("reasoning_effort"))
    lacks = family.lacks
    reasoning = effort not in {"", "none"}
    if reasoning:
        lacks |= family.lacks_reasoning
    asked = {_WRITTEN[n] for n in _WRITTEN.keys() & given.keys() if bytes(given[n]) != _NULL}
    if asked & lacks or (effort and effort not in family.efforts):
        return False
    return not (family.silent_tools and reasoning and is_given(given.get("tools")))


def takes_as_written(model: str, asked: AsWritten) -> bool:
    """The same of a request as it was written."""
    if not _doubts(model).asked(asked):
        return True
    given = settings_in(asked, (*_WRITTEN, "max_tokens"))
    if asked.tools:
        given["tools"] = written(value=True)
    return takes(model, given)


def names_fit(given: Fields) -> bool:
    """Whether OpenAI takes the tools' names; what cannot be read it will refuse itself."""
    if "tools" not in given:
        return True
    try:
        tools = _tools.decode(given["tools"])
    except UNREADABLE:
        return True
    return all(_OPENAI.tool_name.fullmatch(t.function.name) for t in tools if t.function)


def says_json(given: Fields) -> bool:
    """Whether a message says the word JSON, where any object is asked for."""
    form = given.get("response_format")
    if form is None or not holds(bytes(form), b'"json_object"'):
        return True
    return b"json" in bytes(given.get("messages", b"")).lower()
