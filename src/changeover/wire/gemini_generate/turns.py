"""Turns of the model's that follow one another, put together.

The SDK keeps each piece of a stream as a content of its own, and the vendor wants a
call of a tool right after the user's content; so they are one turn both ways. Thoughts
come in pieces too, the last of which may bear the seal of them all; what a client gives
back of them is one part again.
"""

from collections.abc import Iterable

from changeover.conversation.model import Part, Reasoning, Text, Turn


def together(turns: Iterable[Turn]) -> tuple[Turn, ...]:
    """The turns, with the model's neighbours as one; words that meet there are one text."""
    found: list[Turn] = []
    for turn in turns:
        if turn.role == "user" or not found or found[-1].role == "user":
            found.append(turn)
        else:
            found[-1] = Turn(role="assistant", parts=_joined(found[-1].parts, turn.parts))
    return tuple(found)


def _joined(first: tuple[Part, ...], second: tuple[Part, ...]) -> tuple[Part, ...]:
    *before, last = first
    begin, *after = second
    if isinstance(last, Text) and isinstance(begin, Text):
        return (*before, Text(text=last.text + begin.text), *after)
    return (*first, *second)


def whole_thoughts(turn: Turn) -> Turn:
    """The turn with thoughts that follow one another as one part, up to the seal of them."""
    if len(turn.parts) == 1:
        return turn
    parts: list[Part] = []
    for part in turn.parts:
        match parts[-1:], part:
            case [Reasoning(text=str(before), sealed=None)], Reasoning() if _on_itself(part):
                parts[-1] = Reasoning(text=before + part.text, summary=True, sealed=part.sealed)
            case _:
                parts.append(part)
    return Turn(role=turn.role, parts=tuple(parts))


def _on_itself(part: Reasoning) -> bool:
    return part.sealed is None or part.sealed.on == "self"
