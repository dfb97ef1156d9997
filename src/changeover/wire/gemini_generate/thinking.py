"""How much to think, and whether to show it: `thinkingConfig` both ways.

* Models of generation 2.5 take a budget in tokens: 0 switches thinking off where the
  model allows that, -1 leaves it to the model. Later ones take a level, or for older
  programs a budget, never both. Efforts become budgets as on Google's page "OpenAI
  compatibility", and the ranges of budgets are those of its page "Gemini thinking".
* No model of the third generation and no Pro can be kept from thinking; the least that
  it knows is asked for and the difference told. Pro models know no `MINIMAL`.
* `includeThoughts` asks for summaries of the thoughts; how long they are is the model's.
"""

import msgspec

from changeover.conversation.model import Effort, Loss, Thinking
from changeover.wire.errors import ProtocolError
from changeover.wire.gemini_generate.receiver import Receiver

_AUTOMATIC = -1
_EFFORTS: dict[str, Effort] = {
    "MINIMAL": "minimal",
    "LOW": "low",
    "MEDIUM": "medium",
    "HIGH": "high",
    "XHIGH": "xhigh",
}
_LEVELS: dict[Effort, str] = {
    "none": "MINIMAL",
    "minimal": "MINIMAL",
    "low": "LOW",
    "medium": "MEDIUM",
    "high": "HIGH",
    "xhigh": "HIGH",
    "max": "HIGH",
}
_BUDGETS: dict[Effort, int] = {
    "none": 0,
    "minimal": 1_024,
    "low": 1_024,
    "medium": 8_192,
    "high": 24_576,
    "xhigh": 24_576,
    "max": 24_576,
}
_LEAST_AND_MOST = {"pro": (128, 32_768), "lite": (512, 24_576), "": (1, 24_576)}


class WireThinking(msgspec.Struct, rename="camel"):
    """A `thinkingConfig` as clients write it."""

    include_thoughts: bool | None = None
    thinking_budget: int | None = None
    thinking_level: str | None = None


def read_thinking(given: WireThinking | None) -> Thinking | None:
    """What a client asks of thinking; None where it asks nothing."""
    if given is None:
        return None
    budget, level = given.thinking_budget, (given.thinking_level or "").upper()
    if budget is not None and level in _EFFORTS:
        raise _refused("thinkingLevel", "says how much to think beside a budget")
    if level not in {"", "THINKING_LEVEL_UNSPECIFIED", *_EFFORTS}:
        raise _refused("thinkingLevel", f"has the level {given.thinking_level!r}, unknown here")
    if budget is not None and budget < _AUTOMATIC:
        raise _refused("thinkingBudget", "is a negative number of tokens")
    if budget is None and level not in _EFFORTS and not given.include_thoughts:
        return None
    effort = "none" if budget == 0 else _EFFORTS.get(level)
    counted = budget if budget is not None and budget > 0 else None
    return Thinking(effort=effort, budget=counted, show="auto" if given.include_thoughts else None)


def _refused(name: str, what: str) -> ProtocolError:
    field = f"generationConfig.thinkingConfig.{name}"
    return ProtocolError(
        f"The field {field} {what}.",
        field=field,
        do=f"Give one of {', '.join(_EFFORTS)} as thinkingLevel, or else a thinkingBudget.",
    )


def written_thinking(
    thinking: Thinking | None, receiver: Receiver, losses: list[Loss]
) -> dict[str, str | int | bool]:
    """The `thinkingConfig` for a model; empty where there is nothing to say."""
    if thinking is None:
        return {}
    if not receiver.thinks:
        if thinking.effort != "none":
            _lose(losses, f"The model {receiver.model} does not think before it answers.")
        return {}
    writing = _Amount(receiver, losses)
    amount = writing.level(thinking) if receiver.takes_levels else writing.budget(thinking)
    if thinking.show in {"concise", "detailed"}:
        _lose(losses, "How long the summary of the thoughts is, is left to the model.")
    return {**amount, **({"includeThoughts": True} if _shown(thinking) else {})}


def _shown(thinking: Thinking) -> bool:
    return thinking.show not in {None, "none"}


def _lose(losses: list[Loss], why: str) -> None:
    losses.append(Loss(field="thinking", why=why))


class _Amount:
    """How much a model is to think, in its own terms."""

    def __init__(self, receiver: Receiver, losses: list[Loss]) -> None:
        self._model = receiver.model
        self._losses = losses

    def level(self, thinking: Thinking) -> dict[str, str | int | bool]:
        effort = thinking.effort
        if effort is None:
            return {} if thinking.budget is None else {"thinkingBudget": thinking.budget}
        if thinking.budget is not None:
            _lose(self._losses, "Gemini takes an effort or a budget of tokens; the effort is sent.")
        level = _LEVELS[effort]
        if level == "MINIMAL" and "pro" in self._model:
            level = "LOW"
        if level != effort.upper():
            _lose(self._losses, f"The model does not know the effort {effort}; {level} is sent.")
        return {"thinkingLevel": level}

    def budget(self, thinking: Thinking) -> dict[str, str | int | bool]:
        asked = thinking.budget
        if asked is None and thinking.effort is not None:
            asked = _BUDGETS[thinking.effort]
            if thinking.effort in {"xhigh", "max"}:
                _lose(self._losses, f"The effort {thinking.effort} is asked as {asked} tokens.")
        if asked is None:
            return {} if _shown(thinking) else {"thinkingBudget": _AUTOMATIC}
        least, most = next(span for kind, span in _LEAST_AND_MOST.items() if kind in self._model)
        sent = asked if asked == 0 and "pro" not in self._model else min(max(asked, least), most)
        if sent != asked:
            why = f"The model thinks with {least} to {most} tokens; {sent} are asked, not {asked}."
            _lose(self._losses, why)
        return {"thinkingBudget": sent}
