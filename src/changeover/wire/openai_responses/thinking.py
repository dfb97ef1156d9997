"""How much to reason: `reasoning` of a request.

Source: OpenAI's guide "Reasoning models" and `Reasoning` of its SDK. There is no budget of
tokens here; one is written as an effort, which is reported. Whether words of the reasoning
are shown is asked by `summary`; nothing asks for the whole of it.
"""

from typing import Any, Literal

import msgspec

from changeover.conversation.model import Effort, Loss, Thinking

_LOW, _MEDIUM = 2048, 16384
BUDGET_LOSS = Loss(
    field="thinking.budget", why="Responses counts no tokens of reasoning; an effort is sent."
)


class WireReasoning(msgspec.Struct):
    """A request's `reasoning` object."""

    effort: Effort | None = None
    summary: Literal["auto", "concise", "detailed"] | None = None
    generate_summary: Literal["auto", "concise", "detailed"] | None = None


def read_thinking(given: WireReasoning | None) -> Thinking | None:
    """What a client asks of the reasoning; None where it asks nothing."""
    if given is None:
        return None
    thinking = Thinking(effort=given.effort, show=given.summary or given.generate_summary)
    return None if thinking == Thinking() else thinking


def write_thinking(thinking: Thinking | None, losses: dict[Loss, None]) -> dict[str, Any]:
    """The field `reasoning`, where anything is asked."""
    if thinking is None:
        return {}
    effort = effort_of(thinking)
    if thinking.budget is not None:
        losses[BUDGET_LOSS] = None
    asked: dict[str, Any] = {} if effort is None else {"effort": effort}
    if thinking.show not in {None, "none"}:
        asked["summary"] = thinking.show
    return {"reasoning": asked} if asked else {}


def effort_of(thinking: Thinking | None) -> Effort | None:
    """The effort that is asked for, or that comes near the budget of tokens."""
    if thinking is None or thinking.budget is None or thinking.effort is not None:
        return None if thinking is None else thinking.effort
    if thinking.budget <= 0:
        return "none"
    if thinking.budget <= _LOW:
        return "low"
    return "medium" if thinking.budget <= _MEDIUM else "high"
