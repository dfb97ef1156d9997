"""Reasoning in a conversation: the blocks `thinking` and `redacted_thinking`.

Source: Anthropic's reference, "Thinking" ("Preserving thinking blocks", "Thinking with tool
use"), and the vendor's errors.

* A block comes back exactly as the vendor gave it, in its place among the turn's other
  blocks, or not at all. Only what the vendor signed or encrypted is taken; reasoning
  without that, or with what another protocol sealed, is left out and reported.
* The words of `thinking` may be empty (`display: omitted`); the signature then holds all.
* An assistant's message does not end with reasoning.
* A turn of the assistant's goes on through its calls and their results; it is not finished
  while results of tools, or words to continue, stand last. It holds no reasoning where the
  model is not to reason now. In turns that are finished the vendor passes reasoning over.
"""

from collections.abc import Sequence
from typing import Any

from changeover.conversation.model import Loss, Part, Reasoning, Sealed, ToolResult, Turn

SEAL_LOSS = Loss(
    field="reasoning",
    why="Messages takes only reasoning that the same models signed; it is left out.",
)
END_LOSS = Loss(field="reasoning", why="Messages takes no turn that ends with reasoning.")
OFF_LOSS = Loss(
    field="reasoning",
    why="A model that is not to reason takes no reasoning in the turn it goes on with.",
)
_OURS = frozenset({"signature", "redacted"})


def returned(words: str, opaque: str) -> Reasoning:
    """Reasoning as a client gives it back; what is opaque is for the gateway to tell."""
    sealed = Sealed(form="wrapped", value=opaque) if opaque else None
    return Reasoning(text=words, summary=True, sealed=sealed)


def writable(part: Part) -> bool:
    """Whether the part is none of reasoning, or reasoning that the vendor takes back."""
    if not isinstance(part, Reasoning):
        return True
    return part.sealed is not None and part.sealed.form in _OURS


def reasoning_block(part: Reasoning) -> dict[str, Any]:
    """The block of reasoning that is `writable`, byte for byte."""
    sealed = part.sealed
    if sealed is not None and sealed.form == "redacted":
        return {"type": "redacted_thinking", "data": sealed.value}
    signature = "" if sealed is None else sealed.value
    return {"type": "thinking", "thinking": part.text, "signature": signature}


def without_end(turns: Sequence[Turn], losses: dict[Loss, None]) -> tuple[Turn, ...]:
    """The turns without reasoning at their ends."""
    kept: list[Turn] = []
    for turn in turns:
        parts = turn.parts
        while parts and isinstance(parts[-1], Reasoning):
            parts = parts[:-1]
            losses[END_LOSS] = None
        if parts:
            kept.append(turn if parts is turn.parts else Turn(role=turn.role, parts=parts))
    return tuple(kept)


def unfinished(turns: Sequence[Turn]) -> int:
    """Where the assistant's turn that is not finished begins; the number of turns if none is."""
    begin = len(turns)
    for at in range(len(turns) - 1, -1, -1):
        turn = turns[at]
        if turn.role == "assistant":
            begin = at
        elif not any(isinstance(part, ToolResult) for part in turn.parts):
            break
    return begin


def begins_with_reasoning(turns: Sequence[Turn]) -> bool:
    """Whether the turn that is not finished begins with reasoning, where there is one."""
    begin = unfinished(turns)
    return begin == len(turns) or isinstance(turns[begin].parts[0], Reasoning)


def without_reasoning(turns: Sequence[Turn], losses: dict[Loss, None]) -> tuple[Turn, ...]:
    """The turns without the reasoning of the one that is not finished."""
    begin = unfinished(turns)
    kept = list(turns[:begin])
    for turn in turns[begin:]:
        parts = tuple(part for part in turn.parts if not isinstance(part, Reasoning))
        if len(parts) < len(turn.parts):
            losses[OFF_LOSS] = None
        kept.append(Turn(role=turn.role, parts=parts))
    return tuple(turn for turn in kept if turn.parts)
