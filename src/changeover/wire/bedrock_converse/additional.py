"""A model's own fields (`additionalModelRequestFields`), read from clients.

Source: Amazon's guide to Bedrock, "Inference request parameters and response fields for
foundation models": Claude's `thinking` (once `reasoning_config`), `output_config`,
`tool_choice` and `top_k`, Nova's `reasoningConfig` and `inferenceConfig.topK`, and
`reasoning_effort` of OpenAI's open models. They are read whatever the model's name is,
since another model may answer. Others are told as lost.
"""

from typing import Annotated, Any, Literal

import msgspec

from changeover.conversation.model import Effort, Thinking
from changeover.wire.shapes import shape_from_client

PLACE = "additionalModelRequestFields"
_Count = Annotated[int, msgspec.Meta(ge=0, le=2**31 - 1)]


class _Thinking(msgspec.Struct):
    type: Literal["enabled", "disabled", "adaptive"]
    budget_tokens: _Count | None = None
    display: Literal["summarized", "omitted"] | None = None


class _NovaReasoning(msgspec.Struct):
    type: Literal["enabled", "disabled"]
    maxReasoningEffort: Literal["low", "medium", "high"] | None = None  # noqa: N815


class _OutputConfig(msgspec.Struct):
    effort: Effort | None = None


class _NovaSettings(msgspec.Struct):
    topK: _Count | None = None  # noqa: N815 (the vendor's name)


class _Choice(msgspec.Struct):
    type: Literal["auto", "any", "tool", "none"]
    name: str = ""
    disable_parallel_tool_use: bool | None = None


class _Additional(msgspec.Struct):
    thinking: _Thinking | None = None
    reasoning_config: _Thinking | None = None
    reasoningConfig: _NovaReasoning | None = None  # noqa: N815
    reasoning_effort: Effort | None = None
    output_config: _OutputConfig | None = None
    tool_choice: _Choice | None = None
    top_k: _Count | None = None
    inferenceConfig: _NovaSettings | None = None  # noqa: N815


class Additional(msgspec.Struct, frozen=True, kw_only=True):
    """What a request says in fields of a model's own."""

    thinking: Thinking | None = None
    top_k: int | None = None
    choice: _Choice | None = None


_NOTHING = Additional()


def read_additional(given: dict[str, Any], effort: Effort | None) -> Additional:
    """What a client asks there; `effort` is what it asks of any model."""
    if not given and effort is None:
        return _NOTHING
    asked = shape_from_client(given, _Additional, PLACE)
    nova = asked.inferenceConfig or _NovaSettings()
    return Additional(
        thinking=_thinking(asked, effort),
        top_k=nova.topK if asked.top_k is None else asked.top_k,
        choice=asked.tool_choice,
    )


def _thinking(asked: _Additional, effort: Effort | None) -> Thinking | None:
    efforts = (
        effort,
        asked.output_config and asked.output_config.effort,
        asked.reasoning_effort,
        asked.reasoningConfig and asked.reasoningConfig.maxReasoningEffort,
    )
    wished = next((each for each in efforts if each), None)
    claude, nova = asked.thinking or asked.reasoning_config, asked.reasoningConfig
    if "disabled" in {claude and claude.type, nova and nova.type}:
        return Thinking(effort="none")
    if claude is not None:
        show: dict[str | None, Literal["none", "auto"]] = {"omitted": "none", "summarized": "auto"}
        return Thinking(effort=wished, budget=claude.budget_tokens, show=show.get(claude.display))
    return None if nova is None and wished is None else Thinking(effort=wished)
