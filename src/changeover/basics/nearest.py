"""The known name that a mistyped one most likely meant."""

import difflib
from collections.abc import Iterable


def nearest(name: str, known: Iterable[str]) -> str | None:
    """The one of `known` most like `name` (letter case aside), or None."""
    by_lower = {candidate.lower(): candidate for candidate in known}
    matches = difflib.get_close_matches(name.lower(), by_lower, n=1, cutoff=0.6)
    return by_lower[matches[0]] if matches else None


def advice(name: str, known: Iterable[str]) -> str:
    """`Did you mean …?`, or the names there are where they are few, or nothing."""
    names = list(known)
    match = nearest(name, names)
    if match is not None:
        return f"Did you mean {match}?"
    return f"There is {', '.join(names)}." if 0 < len(names) <= 12 else ""


def unknown(kind: str, name: str) -> str:
    """What is wrong with a name that stands for nothing, or with none."""
    return f"There is no {kind} {name!r}." if name else f"No {kind} is named."
