"""Whether a model takes a request's settings as they are written.

OpenAI answers 400 to a setting that a model does not have (`profiles.py` says which). A
program that is served by another model than it was written for cannot know. So a request
with such a setting does not pass through: the codec leaves the setting out and tells so.
"""

from functools import cache

from changeover.wire.openai_chat.profile import Family, Setting
from changeover.wire.openai_chat.profiles import profile_of
from changeover.wire.passing import Fields, is_given, text_of

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
_ASKS = frozenset({*_WRITTEN, "max_tokens"})
_NULL = b"null"


@cache
def _family(model: str) -> Family:
    return profile_of(None).family(model)


def takes(model: str, given: Fields) -> bool:
    """Whether OpenAI's model of that name takes these fields."""
    if _ASKS.isdisjoint(given):
        return True
    family = _family(model)
    reasons = bool(family.lacks_reasoning) or "temperature" in family.lacks
    if reasons and is_given(given.get("max_tokens")):
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
