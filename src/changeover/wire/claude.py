"""What each generation of Claude takes of a request: reasoning, efforts, sampling, and more.

The vendor's reference ("Thinking", "Effort", the models' migration guides) and its skill
`claude-api` say, and its errors confirm:

* Up to 4.5, reasoning is asked for with a budget; Opus 4.5 takes efforts beside it.
* 4.6 takes a budget or `adaptive`, 4.7 and later `adaptive` alone, with efforts.
* Up to 4.8, a model reasons only when asked; from 5 on it does unless it is turned off.
  Sonnet 5.5 is turned off with `between_tools`; Opus 5.5, Fable and Mythos cannot be.
* 4.7 and later refuse `temperature`, `top_p` and `top_k`.
* 4.6 and later do not continue a last turn of the assistant's (prefill).
* 5.5, and Fable and Mythos from 5.1 on, refuse choices that force a tool.

Hosts write the names in their own ways (`anthropic.claude-sonnet-4-5-20250929-v1:0`,
`claude-sonnet-4-5@20250929`). A model of no known name takes everything: it has the
last word.
"""

import re
from functools import lru_cache
from typing import Literal

import msgspec

from changeover.conversation.model import Effort

_NAMED = re.compile(
    r"claude-(?P<family>opus|sonnet|haiku|fable|mythos)-"
    r"(?:(?P<major>\d)(?:[-.](?P<minor>\d)(?!\d))?(?!\d)|preview)"
)
_EARLY = re.compile(r"claude-(?:instant|2|3)(?:[-.](?P<minor>\d)(?!\d))?(?!\d)")
_TO_HIGH: tuple[Effort, ...] = ("low", "medium", "high")
_WITHOUT_XHIGH: tuple[Effort, ...] = (*_TO_HIGH, "max")
_ALL: tuple[Effort, ...] = (*_TO_HIGH, "xhigh", "max")


class Generation(msgspec.Struct, frozen=True, kw_only=True):
    """What a model takes.

    `budget` and `adaptive` are the ways to ask for reasoning, `off` the word that turns it
    off, None where it cannot be. `silent` says that it does not reason unless it is asked.
    `prefill` is a last turn to continue, `forced` are choices that force a tool.
    """

    budget: bool = False
    adaptive: bool = True
    off: Literal["disabled", "between_tools"] | None = "disabled"
    silent: bool = False
    efforts: tuple[Effort, ...] = _ALL
    sampling: bool = False
    prefill: bool = False
    forced: bool = True


UNKNOWN = Generation(budget=True, sampling=True, prefill=True)
_MANUAL = Generation(
    budget=True, adaptive=False, silent=True, efforts=(), sampling=True, prefill=True
)
_MUTE = msgspec.structs.replace(_MANUAL, budget=False)
_OPUS_4_5 = msgspec.structs.replace(_MANUAL, efforts=_TO_HIGH)
_EITHER = Generation(budget=True, silent=True, efforts=_WITHOUT_XHIGH, sampling=True)
_ADAPTIVE = Generation(silent=True)
_PREVIEW = Generation(budget=True, off=None, efforts=_WITHOUT_XHIGH)
_FIVE = Generation()
_ALWAYS = Generation(off=None)
_ALWAYS_UNFORCED = Generation(off=None, forced=False)
_BETWEEN = Generation(off="between_tools", forced=False)
_LATER = Generation(forced=False)


@lru_cache(maxsize=512)
def generation_of(model: str) -> Generation:
    """What the model of a vendor's or host's name takes."""
    name = model.lower()
    if found := _NAMED.search(name):
        if found["major"] is None:
            return _PREVIEW
        return _named(found["family"], (int(found["major"]), int(found["minor"] or 0)))
    if early := _EARLY.search(name):
        return _MANUAL if "claude-3" in name and early["minor"] == "7" else _MUTE
    return UNKNOWN


def _named(family: str, version: tuple[int, int]) -> Generation:
    if family in {"fable", "mythos"}:
        return _ALWAYS if version < (5, 1) else _ALWAYS_UNFORCED
    if version < (4, 6):
        return _OPUS_4_5 if (family, version) == ("opus", (4, 5)) else _MANUAL
    if version < (5, 0):
        return _EITHER if version < (4, 7) else _ADAPTIVE
    if version < (5, 5):
        return _FIVE
    return {"opus": _ALWAYS_UNFORCED, "sonnet": _BETWEEN}.get(family, _LATER)
