"""How a stand-in counts tokens, and how it stops.

A token is a run of word characters or one other visible character: "Don't go."
counts five. No vendor counts so; the rule is stated so that limits and usage
can be checked by hand. Words are spoken token by token: a stop sequence counts
only when it is whole within the limit.
"""

import re
from typing import Literal

import msgspec

_TOKEN = re.compile(r"\w+|[^\w\s]")
_PIECE = re.compile(r"\s*\S+|\s+$")

Stop = Literal["end", "length", "stop-sequence", "tool-use"]


class Cut(msgspec.Struct, frozen=True, kw_only=True):
    """What is left of a text after its limits, and which of them ended it."""

    text: str
    stop: Stop
    stop_sequence: str | None = None


def count(text: str) -> int:
    """How many tokens `text` has."""
    return len(_TOKEN.findall(text))


def cut(text: str, limit: int | None, stops: tuple[str, ...]) -> Cut:
    """`text` up to the first stop sequence (left out), or to `limit` tokens."""
    spoken = text
    if limit is not None:
        ends = [match.end() for match in _TOKEN.finditer(text)]
        if len(ends) > limit:
            spoken = text[: ends[limit - 1]]
    found = [(spoken.find(stop), stop) for stop in stops if stop and stop in spoken]
    if found:
        at, stop = min(found)
        return Cut(text=spoken[:at], stop="stop-sequence", stop_sequence=stop)
    return Cut(text=spoken, stop="end" if spoken == text else "length")


def pieces(text: str) -> list[str]:
    """`text` word by word, as it is streamed; joined, the pieces are the text."""
    return _PIECE.findall(text)
