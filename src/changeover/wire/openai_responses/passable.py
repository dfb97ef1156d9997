"""Whether a model takes a request's settings as they are written.

OpenAI answers 400 to a setting that a model does not have (`models.py` says which). A
program that is served by another model than it was written for cannot know. So a request
with such a setting does not pass through: the codec leaves the setting out and tells so.
"""

from collections.abc import Callable
from functools import lru_cache
from typing import Any, get_args

from changeover.conversation.model import ChatRequest, Effort, Thinking
from changeover.wire.as_written import asking, settings_in
from changeover.wire.openai_responses.as_written import SETTINGS, AsWritten
from changeover.wire.openai_responses.models import never_reasons, refuses_sampling
from changeover.wire.passing import Fields, inner, is_given, text_of

_SAMPLING = ("temperature", "top_p", "top_logprobs")
_EFFORTS: dict[str, Effort] = {effort: effort for effort in get_args(Effort)}


@lru_cache(maxsize=512)
def _doubts(model: str) -> frozenset[str]:
    """The fields without which the model takes a request, whatever else is in it."""
    if never_reasons(model):
        return frozenset({"reasoning", "text"})
    unasked = ChatRequest(model=model, system=(), turns=())
    return frozenset(_SAMPLING if refuses_sampling(model, unasked) else {"reasoning"})


@lru_cache(maxsize=512)
def _asked(model: str) -> Callable[[Any], bool]:
    """Whether one of those fields is asked for in a request as it was written."""
    return asking(_doubts(model))


def takes_as_written(model: str, asked: AsWritten) -> bool:
    """Whether it takes a request as it was written."""
    return not _asked(model)(asked) or takes(model, settings_in(asked, SETTINGS))


def takes(model: str, given: Fields) -> bool:
    """Whether OpenAI's model of that name takes these fields."""
    if _doubts(model).isdisjoint(given):
        return True
    effort = _EFFORTS.get(text_of((inner(given.get("reasoning")) or {}).get("effort")))
    if never_reasons(model):
        verbosity = text_of((inner(given.get("text")) or {}).get("verbosity"))
        return effort in {None, "none"} and verbosity in {"", "medium"}
    if not any(is_given(given.get(name)) for name in _SAMPLING):
        return True
    asked = ChatRequest(model=model, system=(), turns=(), thinking=Thinking(effort=effort))
    return not refuses_sampling(model, asked)
