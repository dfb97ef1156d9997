"""How much a model is asked to reason, written in each model's own fields.

Sources: Anthropic's page "Thinking" (which of its forms a Claude takes is in
`wire/claude.py`) and Amazon's guide to Bedrock, "Extended thinking" and "Nova 2: extended
thinking".

* Claude decides by itself how much to reason (`adaptive`), with an effort beside it
  (`outputConfig.effort`), or takes a budget of at least 1,024 tokens that is below
  `maxTokens`. An effort that it does not take becomes the next lower one.
* Where Claude reasons it takes no `temperature`, no `top_k` and no low `topP`. With a
  budget it cannot be made to call a tool, does not go on with words that are put into
  its mouth, and an answer that called tools must begin with its reasoning when their
  results are sent; reasoning of another vendor's model cannot be, so it reasons no
  more until the tools are done with. Where it does not reason, a loop that goes on may
  hold no reasoning either; it is left out of it, and told.
* Nova takes an effort, and at the highest neither a limit of tokens nor sampling.
* OpenAI's open models take an effort and always reason. Others say nothing of it.
"""

from collections.abc import Sequence
from typing import Any

import msgspec

from changeover.conversation.model import (
    ChatRequest,
    Effort,
    Loss,
    Reasoning,
    Sampling,
    Thinking,
    ToolResult,
    Turn,
)
from changeover.wire.bedrock_converse.families import Known
from changeover.wire.claude import Generation

_LEAST = 1024
_OPEN_LIMIT = 32_000
_BUDGETS: dict[Effort, int] = {
    "minimal": 1024,
    "low": 2048,
    "medium": 8192,
    "high": 16384,
    "xhigh": 24576,
    "max": 31999,
}
_THREE: dict[Effort, str] = {
    "minimal": "low",
    "low": "low",
    "medium": "medium",
    "high": "high",
    "xhigh": "high",
    "max": "high",
}
_LOWEST_TOP_P = 0.95


class Written(msgspec.Struct, frozen=True, kw_only=True):
    """The fields that speak of reasoning, and the sampling that may stand beside them.

    `recalls` is whether a loop of tools that goes on may hold reasoning.
    """

    additional: dict[str, Any] = {}
    effort: str | None = None
    sampling: Sampling
    recalls: bool = True


def write_thinking(request: ChatRequest, model: Known, losses: list[Loss]) -> Written:
    thinking, sampling = request.thinking, request.sampling
    if model.claude is not None:
        return _claude(request, model.claude, losses)
    if thinking is None:
        return Written(sampling=sampling)
    match model.family:
        case "nova":
            return _nova(thinking, sampling, losses)
        case "openai":
            effort = _effort(thinking, losses, always=True)
            return Written(additional={"reasoning_effort": effort}, sampling=sampling)
        case _:
            if thinking.effort != "none":
                _lose(losses, "How much this model reasons cannot be said.")
            return Written(sampling=sampling)


def _claude(request: ChatRequest, takes: Generation, losses: list[Loss]) -> Written:
    thinking, sampling = request.thinking, request.sampling
    if thinking is None:
        return Written(sampling=sampling, recalls=not takes.silent)
    if thinking.effort == "none":
        return _off(takes, sampling, losses)
    if takes.adaptive and not (takes.budget and thinking.budget is not None):
        return _adaptive(thinking, takes, sampling, losses)
    why = _cannot(request, takes)
    budget = None if why else _budget(thinking, takes, sampling, losses)
    if budget is None:
        _lose(losses, why or "The limit of tokens leaves no room to reason.")
        return Written(sampling=sampling, recalls=not takes.silent)
    if thinking.show == "none":
        _lose(losses, "This model's reasoning is always shown.")
    return Written(
        additional={"thinking": {"type": "enabled", "budget_tokens": budget}},
        effort=_taken(thinking.effort, takes, losses) if takes.efforts else None,
        sampling=_beside_reasoning(sampling, losses),
    )


def _off(takes: Generation, sampling: Sampling, losses: list[Loss]) -> Written:
    if takes.silent:
        return Written(sampling=sampling, recalls=False)
    if takes.off is None:
        _lose(losses, "This model always reasons.")
        return Written(sampling=sampling)
    return Written(additional={"thinking": {"type": takes.off}}, sampling=sampling, recalls=False)


def _cannot(request: ChatRequest, takes: Generation) -> str | None:
    """Why Claude cannot be given a budget in answer to this request."""
    if not takes.budget:
        return "This model does not reason."
    if request.tool_choice is not None and request.tool_choice.mode in {"required", "named"}:
        return "Claude does not reason where it must call a tool."
    if request.prefill:
        return "Claude does not reason where it goes on with what stands there."
    if _resumes_without_reasoning(request):
        return "Claude goes on with a loop of tools only as it began it, without reasoning."
    return None


def begun(turns: Sequence[Turn]) -> int:
    """Where the assistant's part of a loop of tools that goes on begins; after the last, if none.

    A loop goes on where results are all that was said to the last calls.
    """
    first = at = len(turns)
    while at:
        at -= 1
        if turns[at].role == "assistant":
            first = at
        elif not any(isinstance(part, ToolResult) for part in turns[at].parts):
            break
    answered = any(isinstance(part, ToolResult) for turn in turns[first:] for part in turn.parts)
    return first if answered else len(turns)


def _resumes_without_reasoning(request: ChatRequest) -> bool:
    """Whether results are sent to calls that no reasoning of the same model precedes."""
    going_on = request.turns[begun(request.turns) :]
    first = next((part for turn in going_on for part in turn.parts), None)
    sealed = first.sealed if isinstance(first, Reasoning) else None
    return bool(going_on) and (sealed is None or sealed.form not in {"signature", "redacted"})


def _adaptive(
    thinking: Thinking, takes: Generation, sampling: Sampling, losses: list[Loss]
) -> Written:
    asked: dict[str, Any] = {"type": "adaptive"}
    if thinking.budget is not None:
        _lose(losses, "This model decides by itself how much to reason, without a budget.")
    if thinking.show is not None:
        asked["display"] = "omitted" if thinking.show == "none" else "summarized"
        if thinking.show in {"concise", "detailed"}:
            _lose(losses, "How long a summary of the reasoning is cannot be said.")
    return Written(
        additional={"thinking": asked},
        effort=_taken(thinking.effort, takes, losses),
        sampling=_beside_reasoning(sampling, losses),
    )


def _taken(effort: Effort | None, takes: Generation, losses: list[Loss]) -> Effort | None:
    """The effort, or the next lower one that the model takes; the lowest where there is none."""
    if effort is None or effort in takes.efforts:
        return effort
    order = list(_BUDGETS)
    lower = [each for each in takes.efforts if order.index(each) < order.index(effort)]
    taken = lower[-1] if lower else takes.efforts[0]
    _lose(losses, f"This model takes other efforts; {taken} is sent.")
    return taken


def _budget(
    thinking: Thinking, takes: Generation, sampling: Sampling, losses: list[Loss]
) -> int | None:
    """The budget to send; None where the limit of tokens leaves no room for one."""
    if thinking.budget is None:
        if not takes.efforts:
            _lose(losses, "This model takes a budget of tokens; one is sent for the effort.")
        wished = _BUDGETS[thinking.effort or "medium"]
    else:
        wished = thinking.budget
        if thinking.effort is not None and not takes.efforts:
            _lose(losses, "This model takes a budget of tokens and no effort.")
    below = (_OPEN_LIMIT if sampling.max_tokens is None else sampling.max_tokens) - 1
    if below < _LEAST:
        return None
    budget = min(max(wished, _LEAST), below)
    if thinking.budget is not None and budget != wished:
        why = f"A budget is at least {_LEAST} and below the limit; {budget} is sent."
        _lose(losses, why)
    return budget


def _beside_reasoning(sampling: Sampling, losses: list[Loss]) -> Sampling:
    """The sampling that Claude takes where it reasons."""
    low = sampling.top_p is not None and sampling.top_p < _LOWEST_TOP_P
    out = {
        "temperature": sampling.temperature not in {None, 1.0},
        "top_k": sampling.top_k is not None,
        "top_p": low,
    }
    why = "Claude does not take it where it reasons."
    losses += [Loss(field=name, why=why) for name, not_taken in out.items() if not_taken]
    return msgspec.structs.replace(
        sampling,
        temperature=None,
        top_k=None,
        top_p=None if low else sampling.top_p,
    )


def _nova(thinking: Thinking, sampling: Sampling, losses: list[Loss]) -> Written:
    if thinking.effort == "none":
        off = {"reasoningConfig": {"type": "disabled"}}
        return Written(additional=off, sampling=sampling)
    effort = _effort(thinking, losses, always=False)
    asked = {"reasoningConfig": {"type": "enabled", "maxReasoningEffort": effort}}
    if effort == "high":
        why = "Nova does not take it where it reasons with the highest effort."
        given = ("max_tokens", "temperature", "top_p", "top_k")
        losses += [
            Loss(field=name, why=why) for name in given if getattr(sampling, name) is not None
        ]
        sampling = Sampling(stop=sampling.stop)
    return Written(additional=asked, sampling=sampling)


def _effort(thinking: Thinking, losses: list[Loss], *, always: bool) -> str:
    """One of three efforts."""
    if thinking.budget is not None:
        _lose(losses, "This model takes an effort and no budget of tokens.")
    if thinking.effort == "none" and always:
        _lose(losses, "This model always reasons; the least effort is asked.")
        return "low"
    effort = thinking.effort or "medium"
    written = _THREE[effort]
    if written != effort:
        _lose(losses, f"This model takes low, medium or high; {written} is sent.")
    return written


def _lose(losses: list[Loss], why: str) -> None:
    losses.append(Loss(field="thinking", why=why))
