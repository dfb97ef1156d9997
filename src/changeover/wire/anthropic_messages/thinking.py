"""How much the model reasons, and what of it is shown: `thinking` and `output_config.effort`.

Source: Anthropic's reference, "Thinking", "Extended thinking", "Adaptive thinking" and
"Effort". Which of the forms a model takes is in `wire/claude.py`.

Read:

| written | canonically |
| --- | --- |
| `enabled` with `budget_tokens` | the budget |
| `adaptive` | reasoning, with the effort where there is one |
| `disabled`, `between_tools` | the effort `none`; the notes of the latter are not asked for |
| `output_config.effort` alone | the effort |
| `display`: `summarized`, `omitted` | shown `auto`, `none` |

Written, to a model that takes no effort, or no budget:

| effort | minimal | low | medium | high | xhigh | max |
| --- | --- | --- | --- | --- | --- | --- |
| budget | 1,024 | 2,048 | 8,192 | 16,384 | 24,576 | 27,648 |

A budget becomes the first effort that has as much. An effort that the model does not take
becomes the next lower one, the lowest where there is none. Reasoning without either is
`high`, the vendor's own default.

* A budget is at least 1,024 and less than `max_tokens`. One that is not is lowered to half
  of `max_tokens`, or to 1,024; where that does not fit either, the model does not reason.
* With a budget no tool can be forced, and the assistant's turn that is not finished
  must begin with reasoning. Where either is not so, the model does not reason: a program
  that forces a tool relies on its call. `adaptive` has neither rule.
"""

from typing import Any, Literal, assert_never

import msgspec

from changeover.conversation.model import Effort, Loss, Thinking
from changeover.wire.claude import Generation
from changeover.wire.errors import ProtocolError

BUDGETS: dict[Effort, int] = {
    "minimal": 1024,
    "low": 2048,
    "medium": 8192,
    "high": 16384,
    "xhigh": 24576,
    "max": 27648,
}
LEAST = BUDGETS["minimal"]
_ORDER: tuple[Effort, ...] = tuple(BUDGETS)
_UNSAID: Effort = "high"
_FIELD = "thinking"
_SHOWN: dict[str, Literal["none", "auto"]] = {
    "summarized": "auto",
    "updates": "auto",
    "omitted": "none",
}


class WireThinking(msgspec.Struct):
    """The field `thinking`."""

    type: Literal["enabled", "adaptive", "disabled", "between_tools"]
    budget_tokens: int | None = None
    display: Literal["summarized", "omitted", "updates"] | None = None


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    """How a request has the model reason; `mode` is None where it says nothing of it."""

    mode: Literal["budget", "adaptive", "off"] | None = None
    budget: int = 0
    effort: Effort | None = None

    @property
    def reasons(self) -> bool:
        return self.mode in {"budget", "adaptive"}

    @property
    def room(self) -> int:
        """Tokens that the reasoning may want beside those of the answer."""
        if not self.reasons:
            return 0
        return self.budget or BUDGETS[self.effort or _UNSAID]


UNPLANNED = Plan()
"""That of a request that says nothing of reasoning."""


def read_thinking(
    given: WireThinking | None, effort: Effort | None, losses: list[Loss]
) -> Thinking | None:
    """What a client asks; None where it says nothing."""
    if given is None:
        return None if effort is None else Thinking(effort=effort)
    if given.type in {"disabled", "between_tools"}:
        if given.type == "between_tools":
            _lose(losses, "Reasoning is turned off; notes between calls are not asked for.")
        return Thinking(effort="none")
    if given.type == "enabled" and given.budget_tokens is None:
        raise ProtocolError(
            "Reasoning is enabled without a budget.",
            field="thinking.budget_tokens",
            do="Give at least 1024 tokens, or use the type adaptive.",
        )
    if given.display == "updates":
        losses.append(Loss(field="thinking.display", why="Updates are given as summaries."))
    budget = given.budget_tokens if given.type == "enabled" else None
    show = _SHOWN[given.display] if given.display else None
    return Thinking(effort=effort, budget=budget, show=show)


def plan(asked: Thinking | None, takes: Generation, most: int | None, losses: list[Loss]) -> Plan:
    """How to ask a model that takes `takes`, within `most` tokens."""
    if asked is None:
        return UNPLANNED
    if asked.effort == "none" or asked.budget == 0:
        return turned_off(takes, losses)
    if takes.adaptive and (asked.budget is None or not takes.budget):
        return Plan(mode="adaptive", effort=_effort(asked, takes, losses))
    if takes.budget:
        return _budgeted(asked, takes, most, losses)
    _lose(losses, "This model does not reason before it answers.")
    return Plan()


def turned_off(takes: Generation, losses: list[Loss]) -> Plan:
    """The model is not to reason, or as little as it can."""
    if takes.off is not None:
        return Plan(mode="off")
    _lose(losses, "This model always reasons; it is asked for the least effort.")
    return Plan(effort=takes.efforts[0])


def _effort(asked: Thinking, takes: Generation, losses: list[Loss]) -> Effort | None:
    wanted = asked.effort
    if asked.budget is not None:
        wanted = next((e for e in _ORDER if BUDGETS[e] >= asked.budget), _ORDER[-1])
        _lose(losses, "This model takes an effort in place of a budget.")
    if wanted is None or wanted in takes.efforts or not takes.efforts:
        return wanted if takes.efforts else None
    lower = [e for e in takes.efforts if _ORDER.index(e) < _ORDER.index(wanted)]
    sent = lower[-1] if lower else takes.efforts[0]
    losses.append(Loss(field="effort", why=f"This model does not take {wanted}; {sent} is sent."))
    return sent


def _budgeted(asked: Thinking, takes: Generation, most: int | None, losses: list[Loss]) -> Plan:
    budget = asked.budget
    if budget is None:
        budget = BUDGETS[asked.effort or _UNSAID]
        _lose(losses, f"This model takes a budget in place of an effort; {budget} is sent.")
    effort = None
    if asked.effort is not None and (asked.budget is not None or takes.efforts):
        effort = _effort(Thinking(effort=asked.effort), takes, losses)
        if effort is None:
            losses.append(Loss(field="effort", why="This model takes no effort."))
    fitted = max(budget, LEAST)
    if most is not None and fitted >= most:
        fitted = max(most // 2, LEAST)
    if most is not None and fitted >= most:
        _lose(losses, "max_tokens leaves no room for reasoning, which takes 1024 at least.")
        return turned_off(takes, losses)
    if fitted != budget:
        losses.append(Loss(field="budget_tokens", why=f"It does not fit; {fitted} is sent."))
    return Plan(mode="budget", budget=fitted, effort=effort)


def hindered(
    planned: Plan, takes: Generation, *, forced: bool, begun: bool, losses: list[Loss]
) -> Plan:
    """The plan with a budget, or one without reasoning where the vendor would refuse it."""
    if begun and not forced:
        return planned
    why = "With reasoning, no tool can be forced; the model does not reason."
    if not forced:
        why = (
            "A turn that is not finished has no reasoning to go on from; the model does not reason."
        )
    _lose(losses, why)
    return turned_off(takes, losses)


def written_thinking(
    planned: Plan, asked: Thinking | None, takes: Generation, losses: list[Loss]
) -> dict[str, Any]:
    """The field `thinking`, or nothing."""
    match planned.mode:
        case None:
            return {}
        case "off":
            return {"thinking": {"type": takes.off}}
        case "adaptive":
            return {"thinking": {"type": "adaptive", **_display(asked, losses)}}
        case "budget":
            enabled = {"type": "enabled", "budget_tokens": planned.budget}
            return {"thinking": {**enabled, **_display(asked, losses)}}
        case _:
            assert_never(planned.mode)


def _display(asked: Thinking | None, losses: list[Loss]) -> dict[str, str]:
    if asked is None or asked.show is None:
        return {}
    if asked.show in {"concise", "detailed"}:
        why = "Messages does not say how long the summary of the reasoning is to be."
        losses.append(Loss(field="summary", why=why))
    return {"display": "omitted" if asked.show == "none" else "summarized"}


def _lose(losses: list[Loss], why: str) -> None:
    losses.append(Loss(field=_FIELD, why=why))
