"""Turns of the model's that follow one another, put together.

The SDK keeps each piece of a stream as a content of its own, and the vendor wants a
call of a tool right after the user's content; so they are one turn both ways. Thoughts
come in pieces too, the last of which may bear the seal of them all; what a client gives
back of them is one part again.
"""

from collections.abc import Iterable, Sequence
from itertools import groupby

from changeover.conversation.model import Part, Reasoning, Text, ToolCall, Turn


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
    if not first or not second:
        return first or second
    *before, last = first
    begin, *after = second
    if isinstance(last, Text) and isinstance(begin, Text):
        return (*before, Text(text=last.text + begin.text), *after)
    return (*first, *second)


def loses_spaces(turns: Sequence[Turn]) -> bool:
    """Whether words, or a turn, are not as they were where turns without words are joined.

    A turn of nothing but spaces becomes a part of its neighbour's words, or is none any more.
    """
    return any(
        role == "assistant" and len(run) > 1 and _told(run) != _told(together(run))
        for role, run in ((role, list(run)) for role, run in groupby(turns, _role))
    )


def _role(turn: Turn) -> str:
    return turn.role


def _told(turns: Iterable[Turn]) -> list[Part | str]:
    """What the turns say, one after the other: words on end as one, and silence as no words."""
    found: list[Part | str] = []
    for turn in turns:
        for part in [part for part in turn.parts if not _is_blank(part)] or [Text(text="")]:
            match found[-1:], part:
                case [str(before)], Text(text=str(after)) if before and after:
                    found[-1] = before + after
                case [""], ToolCall() | Reasoning():
                    found[-1] = part
                case _, Text():
                    found.append(part.text)
                case _:
                    found.append(part)
    return found


def _is_blank(part: Part) -> bool:
    return isinstance(part, Text) and not part.text.strip()


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
