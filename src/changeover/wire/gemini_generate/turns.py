"""Turns of the model's that follow one another, put together.

The SDK keeps each piece of a stream as a content of its own, and the vendor wants a
call of a tool right after the user's content; so they are one turn both ways.
"""

from collections.abc import Iterable

from changeover.conversation.model import Part, Text, Turn


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
