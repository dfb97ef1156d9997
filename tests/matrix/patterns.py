"""Whether what a vendor received holds what it had to receive.

A pattern is JSON. An object fits one that has its fields, each fitting, whatever
else it has; a list fits one in which each of its members fits some member; a
text fits one that is equal or, where it ends with `…`, one that begins so; all else fits what is equal.
"""

from typing import Any


def fits(pattern: Any, given: Any) -> bool:
    """Whether `given` holds the pattern."""
    match pattern, given:
        case dict(), dict():
            return all(name in given and fits(each, given[name]) for name, each in pattern.items())
        case list(), list():
            return all(any(fits(each, member) for member in given) for each in pattern)
        case str(), str() if pattern.endswith("…"):
            return given.startswith(pattern[:-1])
        case _:
            return bool(pattern == given) and type(pattern) is type(given)
