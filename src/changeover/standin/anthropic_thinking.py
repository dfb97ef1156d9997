"""What Anthropic's Messages takes and refuses of reasoning, and when a stand-in reasons.

Written from the vendor's reference ("Thinking", "Extended thinking", "Adaptive thinking",
"Effort", "Redacted thinking blocks") and error bodies that callers reported.

Refused:

* types, efforts and budgets that the model does not take;
* with reasoning, other sampling than the usual one; with a budget, a tool that is forced.

What is refused of blocks of reasoning is in `anthropic_reasoning.py`. It reasons:

1. With a budget, at the beginning of each turn; after results of tools it goes on.
2. With `adaptive`, and where the model does so unasked, in every answer unless the effort
   is `low`.
3. What it thinks is a constant sentence and the person's last words. Where these hold the
   vendor's published string for trying redaction, a redacted block follows.
4. The words are shown with `display: summarized`, and where the model shows them unasked.
"""

from typing import Any

import msgspec

from changeover.standin.anthropic_models import Takes, takes_of
from changeover.standin.anthropic_reasoning import MORE, unfinished
from changeover.standin.anthropic_signatures import Thought
from changeover.standin.asked import RefusalError, is_integer

REDACTED_TRIGGER = (
    "ANTHROPIC_MAGIC_STRING_TRIGGER_REDACTED_THINKING_"
    "46C9A13E193C177646C7398A98432ECCCE4C1253D5E2D82641AC0E52CC2876CB"
)
_INVALID = "invalid_request_error"
_TYPES = ("adaptive", "between_tools", "disabled", "enabled")
_FIELDS = {
    "adaptive": {"type", "display"},
    "enabled": {"type", "budget_tokens", "display"},
    "disabled": {"type"},
    "between_tools": {"type"},
}
_EFFORTS = ("low", "medium", "high", "xhigh", "max")
_LEAST = 1024
_LEAST_TOP_P = 0.95
_INSTEAD = 'Use "thinking.type.adaptive" and "output_config.effort" to control thinking behavior.'
_AT_MOST = 60


class Reasons(msgspec.Struct, frozen=True, kw_only=True):
    """What the answer's blocks of reasoning are; `shown` is whether their words are."""

    thoughts: tuple[Thought, ...] = ()
    shown: bool = True


def _invalid(message: str) -> RefusalError:
    return RefusalError(400, _INVALID, message)


def check_thinking(name: str, value: Any) -> None:
    """Refuses what is no configuration of thinking."""
    if not isinstance(value, dict):
        raise _invalid(f"{name}: Input should be an object")
    if "type" not in value:
        raise _invalid(f"{name}.type: Field required")
    kind = value["type"]
    if kind not in _TYPES:
        tags = ", ".join(f"'{tag}'" for tag in _TYPES)
        found = f"Input tag '{kind}' found using 'type' does not match any of the expected tags"
        raise _invalid(f"{name}: {found}: {tags}")
    path = f"{name}.{kind}"
    for field in value:
        if field not in _FIELDS[kind]:
            raise _invalid(f"{path}.{field}: Extra inputs are not permitted")
    if value.get("display") not in {None, "summarized", "omitted"}:
        raise _invalid(f"{path}.display: Input should be 'summarized' or 'omitted'")
    if kind == "enabled":
        _check_budget(f"{path}.budget_tokens", value)


def _check_budget(path: str, value: dict[str, Any]) -> None:
    if "budget_tokens" not in value:
        raise _invalid(f"{path}: Field required")
    if not is_integer(value["budget_tokens"]):
        raise _invalid(f"{path}: Input should be a valid integer")
    if value["budget_tokens"] < _LEAST:
        raise _invalid(f"{path}: Input should be greater than or equal to {_LEAST}")


def check_wanted(given: dict[str, Any]) -> None:
    """Refuses what a request says of reasoning that its model does not take."""
    takes = takes_of(given["model"])
    kind = given.get("thinking", {}).get("type")
    if kind is not None and kind not in takes.types:
        raise _invalid(_untaken(kind, takes))
    _check_effort(given, kind, takes)
    if not takes.sampling or not takes.forced:
        _check_newer(given, takes)
    if kind in {"enabled", "adaptive"}:
        _check_beside(given, kind)


def _untaken(kind: str, takes: Takes) -> str:
    if kind == "adaptive":
        return "adaptive thinking is not supported on this model"
    instead = _INSTEAD
    if kind == "disabled" and "between_tools" in takes.types:
        instead = (
            'Use "thinking.type.between_tools" for the lowest thinking setting, or '
            '"thinking.type.adaptive" and "output_config.effort" to control thinking behavior.'
        )
    return f'"thinking.type.{kind}" is not supported for this model. {instead}'


def _check_effort(given: dict[str, Any], kind: str | None, takes: Takes) -> None:
    effort = given.get("output_config", {}).get("effort")
    if effort is None:
        return
    if effort not in _EFFORTS:
        listed = " or ".join(f"'{one}'" for one in _EFFORTS)
        raise _invalid(f"output_config.effort: Input should be {listed}")
    if not takes.efforts:
        raise _invalid("This model does not support the effort parameter.")
    if effort not in takes.efforts:
        listed = ", ".join(one for one in _EFFORTS if one in takes.efforts)
        raise _invalid(
            f"This model does not support effort level '{effort}'. Supported levels: {listed}."
        )
    if kind == "disabled" and takes.usual and effort in {"xhigh", "max"}:
        raise _invalid(
            '"thinking.type" value "disabled" is not supported with "output_config.effort" '
            f'value "{effort}" for this model'
        )


def _check_newer(given: dict[str, Any], takes: Takes) -> None:
    if not takes.sampling and given.get("temperature", 1) != 1:
        raise _invalid('"temperature" must be 1.0 for this model')
    if not takes.sampling and "top_k" in given:
        raise _invalid('"top_k" is not supported for this model')
    if not takes.forced and given.get("tool_choice", {}).get("type") in {"any", "tool"}:
        raise _invalid('tool_choice: type "tool" and "any" are not supported for this model.')


def _check_beside(given: dict[str, Any], kind: str) -> None:
    """What a request cannot say when the model is to reason."""
    mode = "when thinking is enabled or in adaptive mode"
    if given.get("temperature", 1) != 1:
        raise _invalid(f"`temperature` may only be set to 1 {mode}. {MORE}")
    if "top_k" in given:
        raise _invalid(f"`top_k` must be unset {mode}. {MORE}")
    if given.get("top_p", 1) < _LEAST_TOP_P:
        raise _invalid(f"`top_p` must be greater than or equal to 0.95 or unset {mode}. {MORE}")
    if kind != "enabled":
        return
    if given.get("tool_choice", {}).get("type") in {"any", "tool"}:
        raise _invalid("Thinking may not be enabled when tool_choice forces tool use.")
    if given["thinking"]["budget_tokens"] >= given["max_tokens"]:
        raise _invalid(f"`max_tokens` must be greater than `thinking.budget_tokens`. {MORE}")


def reasons(given: dict[str, Any], last: str) -> Reasons:
    """What the answer to a request that passed holds of reasoning; `last` is the person's."""
    takes = takes_of(given["model"])
    thinking = given.get("thinking", {})
    kind = thinking.get("type", "adaptive" if takes.usual else None)
    effort = given.get("output_config", {}).get("effort")
    begins = kind == "enabled" and not unfinished(given["messages"])
    if not begins and not (kind == "adaptive" and effort != "low"):
        return Reasons()
    shown = thinking.get("display", "summarized" if takes.shown else "omitted") == "summarized"
    words = f"They say: {' '.join(last.replace(REDACTED_TRIGGER, '').split())[:_AT_MOST]}"
    of = 2 if REDACTED_TRIGGER in last else 1
    thoughts = [Thought(words=words, place=0, of=of)]
    if of > 1:
        thoughts.append(Thought(words="Not to be shown.", place=1, of=of, redacted=True))
    return Reasons(thoughts=tuple(thoughts), shown=shown)
