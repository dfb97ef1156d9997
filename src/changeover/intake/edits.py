"""Later edits: what changed between two captures of one address, line by line."""

import difflib
from typing import Literal

import msgspec


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """A line of a difference: of both, only of the later one, or only of the earlier one."""

    kind: Literal["same", "added", "removed"]
    text: str


_KINDS: dict[str, Literal["same", "added", "removed"]] = {
    " ": "same",
    "+": "added",
    "-": "removed",
}


def difference(earlier: str, later: str) -> tuple[Line, ...]:
    """Every line of both texts in order, each with where it stands."""
    found = difflib.ndiff(earlier.splitlines(), later.splitlines())
    return tuple(Line(kind=_KINDS[line[0]], text=line[2:]) for line in found if line[0] in _KINDS)
