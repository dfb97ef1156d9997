"""The counts of an answer: `usageMetadata`, both ways.

`promptTokenCount` includes what was read from the cache, not what tools of the vendor's
gave it. `candidatesTokenCount` excludes the tokens of thoughts, which are part of the
answer all the same.
"""

from typing import Annotated

import msgspec

from changeover.conversation.model import Usage

_Count = Annotated[int, msgspec.Meta(ge=0, le=2**51)]


class WireUsage(msgspec.Struct, rename="camel"):
    """The `usageMetadata` of an answer or a piece of one."""

    prompt_token_count: _Count | None = None
    tool_use_prompt_token_count: _Count | None = None
    candidates_token_count: _Count | None = None
    thoughts_token_count: _Count | None = None
    cached_content_token_count: _Count | None = None


def usage_from_vendor(usage: WireUsage) -> Usage:
    return Usage(
        input_tokens=_sum(usage.prompt_token_count, usage.tool_use_prompt_token_count),
        output_tokens=_sum(usage.candidates_token_count, usage.thoughts_token_count),
        cached_tokens=usage.cached_content_token_count,
        reasoning_tokens=usage.thoughts_token_count,
    )


def _sum(*counts: int | None) -> int | None:
    told = [count for count in counts if count is not None]
    return sum(told) if told else None


def usage_for_client(usage: Usage) -> dict[str, int] | None:
    """The `usageMetadata`; None where the vendor gave no counts."""
    said = usage.output_tokens
    thought = None if said is None else usage.reasoning_tokens
    counts = {
        "promptTokenCount": usage.input_tokens,
        "candidatesTokenCount": None if said is None else max(said - (thought or 0), 0),
        "thoughtsTokenCount": thought,
        "cachedContentTokenCount": usage.cached_tokens,
    }
    told = {name: count for name, count in counts.items() if count is not None}
    if not told:
        return None
    return {**told, "totalTokenCount": (usage.input_tokens or 0) + (usage.output_tokens or 0)}
