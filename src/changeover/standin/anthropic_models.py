"""What a stand-in's Claude models take of reasoning, written from the vendor's reference.

Source: "Thinking" (its table of models), "Effort", the models' migration guides. A name
that is none of these takes all of it.
"""

import re

import msgspec

_FAMILY = re.compile(r"claude-[a-z0-9]+(?:[-.][a-z0-9]+)*?(?=[-@]?\d{8}|@|-v\d|$|:)")
_EFFORTS = frozenset({"low", "medium", "high", "xhigh", "max"})


class Takes(msgspec.Struct, frozen=True, kw_only=True):
    """`types` of `thinking` that are taken; `usual` says that the model reasons unasked.

    `shown` is whether its words are shown where the request does not say it. `prefill` is a
    last message of the assistant's, to be continued.
    """

    types: frozenset[str]
    usual: bool = False
    shown: bool = True
    efforts: frozenset[str] = _EFFORTS
    sampling: bool = True
    forced: bool = True
    prefill: bool = False


_ANY = Takes(types=frozenset({"enabled", "disabled", "adaptive", "between_tools"}), prefill=True)
_NONE = Takes(types=frozenset({"disabled"}), efforts=frozenset(), prefill=True)
_MANUAL = Takes(types=frozenset({"enabled", "disabled"}), efforts=frozenset(), prefill=True)
_BY_NAME = (
    (r"claude-3-7", _MANUAL),
    (r"claude-(2|3|instant)", _NONE),
    (r"opus-4[-.]5", msgspec.structs.replace(_MANUAL, efforts=_EFFORTS - {"xhigh", "max"})),
    (r"(opus|sonnet)-4[-.]6", Takes(
        types=frozenset({"enabled", "disabled", "adaptive"}), efforts=_EFFORTS - {"xhigh"})),
    (r"opus-4[-.][78]", Takes(
        types=frozenset({"disabled", "adaptive"}), shown=False, sampling=False)),
    (r"(opus|sonnet|haiku)-4", _MANUAL),
    (r"(opus-5[-.]5|(fable|mythos)-5[-.][12])", Takes(
        types=frozenset({"adaptive"}), usual=True, shown=False, sampling=False, forced=False)),
    (r"(fable|mythos)-5", Takes(
        types=frozenset({"adaptive"}), usual=True, shown=False, sampling=False)),
    (r"sonnet-5[-.]5", Takes(
        types=frozenset({"adaptive", "between_tools"}), usual=True, shown=False, sampling=False,
        forced=False)),
    (r"haiku-5[-.]5", Takes(
        types=frozenset({"adaptive", "disabled"}), usual=True, shown=False, sampling=False,
        forced=False)),
    (r"(opus|sonnet)-5", Takes(
        types=frozenset({"adaptive", "disabled"}), usual=True, shown=False, sampling=False)),
)  # fmt: skip


def takes_of(model: str) -> Takes:
    """What the model takes."""
    return next((takes for name, takes in _BY_NAME if re.search(name, model)), _ANY)


def family_of(model: str) -> str:
    """The model's name without its date and its host's additions; a signature is bound to it."""
    found = _FAMILY.search(model.lower())
    return found[0].replace(".", "-") if found else model
