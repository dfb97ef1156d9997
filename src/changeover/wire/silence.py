"""Turns without words, which several vendors do not take.

Leaving one out is told, since a turn was said. After the results of tools a person's turn
without words says nothing: the results stand in a turn of that side themselves.
"""

from collections.abc import Iterable

from changeover.conversation.model import Part, ToolResult, Turn


def tells_of_silence(turns: Iterable[Turn]) -> bool:
    """Whether one of the turns has no parts, and that says something."""
    before: Part | None = None
    for turn in turns:
        if not turn.parts and not (turn.role == "user" and isinstance(before, ToolResult)):
            return True
        before = turn.parts[-1] if turn.parts else before
    return False
