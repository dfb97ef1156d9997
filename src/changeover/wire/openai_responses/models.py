"""What OpenAI's models refuse, by their names.

Source: OpenAI's guides "Reasoning models" and "Prompt caching", and the page of each model.
The vendor answers 400 to a setting that a model does not have. A program that is served by
another model than it was written for cannot know, so such settings are left out, which is
reported. A name that is not OpenAI's own (a deployment on Azure, a fine-tune of something
else) is trusted to take what it is asked.

* Models up to GPT-4 do not reason, and their answers have one length (`verbosity`).
* Models that reason choose words without `temperature`, `top_p` and probabilities: the
  o-series and GPT-5 always, later ones while they reason, which they do where it is asked.
* Marks for the cache are taken since GPT-5.6.
"""

import re
from functools import lru_cache

from changeover.conversation.model import ChatRequest
from changeover.wire.openai_responses.thinking import effort_of

_BEFORE = re.compile(r"(?:ft:)?(?:chatgpt|gpt-(?:3\.5|4))")
_ALWAYS = re.compile(r"(?:ft:)?(?:o\d|gpt-5(?:$|-))")
_SINCE = re.compile(r"(?:ft:)?gpt-(?:5\.\d|[6-9]|\d\d)")
_MARKED = re.compile(r"gpt-(?:5\.(?:[6-9]|\d\d)|[6-9]|\d\d)")


@lru_cache(maxsize=512)
def never_reasons(model: str) -> bool:
    """Whether the model refuses to be asked to reason."""
    return _BEFORE.match(model) is not None


def refuses_sampling(model: str, request: ChatRequest) -> bool:
    """Whether the model refuses `temperature`, `top_p` and probabilities for this request."""
    if _always(model):
        return True
    reasons = effort_of(request.thinking) not in {None, "none"}
    return reasons and _SINCE.match(model) is not None


@lru_cache(maxsize=512)
def _always(model: str) -> bool:
    return _ALWAYS.match(model) is not None


@lru_cache(maxsize=512)
def takes_marks(model: str) -> bool:
    """Whether the model takes marks for its vendor's cache."""
    return _MARKED.match(model) is not None
