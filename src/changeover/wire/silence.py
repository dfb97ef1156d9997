"""Turns without words, which several vendors do not take.

Leaving one out is told, since a turn was said. Two say nothing, and are left out as if they
had not been there: a person's after the results of tools, which stand in a turn of that side
themselves; and one of the assistant's right before its own calls or reasoning. Words that are
nothing but spaces are none.
"""

from collections.abc import Iterable, Sequence

from changeover.conversation.model import Part, Reasoning, Text, ToolCall, ToolResult, Turn


def tells_of_silence(turns: Sequence[Turn]) -> bool:
    """Whether one of the turns has no parts, and that says something."""
    if all(turn.parts for turn in turns):
        return False
    before: Part | None = None
    silent = False
    for turn in turns:
        if silent and not _goes_on(turn):
            return True
        silent = not turn.parts and turn.role == "assistant"
        if not turn.parts and not silent and not isinstance(before, ToolResult):
            return True
        said = _said(reversed(turn.parts))
        if said is not None:
            before = said
        elif turn.role == "assistant" or not isinstance(before, ToolResult):
            before = None
    return silent


def loses_silence(turns: Sequence[Turn]) -> bool:
    """Whether one of several silent turns of the assistant's is lost where calls join them."""
    silent = 0
    for turn in turns:
        if turn.role != "assistant":
            silent = 0
        elif _said(turn.parts) is None:
            silent += 1
        elif silent > 1 and isinstance(turn.parts[0], ToolCall | Reasoning):
            return True
        else:
            silent = 0
    return False


def _goes_on(turn: Turn) -> bool:
    """Whether the turn is the rest of a silent one of the assistant's before it."""
    return turn.role == "assistant" and isinstance(_said(turn.parts), ToolCall | Reasoning)


def _said(parts: Iterable[Part]) -> Part | None:
    """The first part that says anything."""
    return next((part for part in parts if not isinstance(part, Text) or part.text.strip()), None)
