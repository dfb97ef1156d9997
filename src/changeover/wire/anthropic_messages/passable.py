"""Whether a model takes a request's settings as they are written.

Each generation of Claude asks for reasoning in another way and refuses other settings
(`claude.py` says which). A program that is served by another model than it was written for
cannot know. So a request with such a setting does not pass through: the codec says it as
the model takes it, and tells what is lost.
"""

from collections.abc import Callable
from functools import lru_cache
from typing import Any

import msgspec

from changeover.wire.anthropic_messages.as_written import SETTINGS, AsWritten
from changeover.wire.as_written import asking, settings_in
from changeover.wire.claude import Generation, generation_of
from changeover.wire.passing import Fields, inner, is_given, listed, text_of

_SAMPLING = ("temperature", "top_p", "top_k")
_FORCED = frozenset({"any", "tool"})


class _Doubts(msgspec.Struct, frozen=True):
    """What a model takes, and the fields without which it takes a request's settings."""

    generation: Generation
    fields: frozenset[str]
    asked: Callable[[Any], bool]
    """Whether one of them is asked for in a request as it was written."""


@lru_cache(maxsize=512)
def _doubts(model: str) -> _Doubts:
    generation = generation_of(model)
    sampling = () if generation.sampling else _SAMPLING
    choice = () if generation.forced else ("tool_choice",)
    fields = frozenset({"thinking", "output_config", *sampling, *choice})
    return _Doubts(generation, fields, asking(fields))


def takes(model: str, given: Fields) -> bool:
    """Whether the model of that name takes these fields."""
    doubts = _doubts(model)
    generation = doubts.generation
    if not generation.prefill and _prefills(given.get("messages")):
        return False
    return doubts.fields.isdisjoint(given) or (
        _takes_thinking(generation, given.get("thinking"))
        and _takes_effort(generation, given.get("output_config"))
        and (generation.sampling or not any(is_given(given.get(name)) for name in _SAMPLING))
        and (generation.forced or _kind(given.get("tool_choice")) not in _FORCED)
    )


def takes_as_written(model: str, asked: AsWritten) -> bool:
    """The same of a request as it was written."""
    doubts = _doubts(model)
    said = asked.messages
    if not doubts.generation.prefill and said and said[-1].role == "assistant":
        return False
    return not doubts.asked(asked) or takes(model, settings_in(asked, SETTINGS))


def _takes_thinking(generation: Generation, thinking: msgspec.Raw | None) -> bool:
    match _kind(thinking):
        case "enabled":
            return generation.budget
        case "adaptive":
            return generation.adaptive
        case "disabled" | "between_tools" as off:
            return generation.off == off
        case _:
            return True


def _takes_effort(generation: Generation, config: msgspec.Raw | None) -> bool:
    effort = text_of((inner(config) or {}).get("effort"))
    return not effort or effort in generation.efforts


def _prefills(messages: msgspec.Raw | None) -> bool:
    written = b"" if messages is None else bytes(messages)
    if written.rfind(b'"assistant"') < written.rfind(b'"user"'):
        return False  # the last role that stands there is the other one
    said = listed(messages)
    return bool(said) and text_of((inner(said[-1]) or {}).get("role")) == "assistant"


def _kind(raw: msgspec.Raw | None) -> str:
    return text_of((inner(raw) or {}).get("type"))
