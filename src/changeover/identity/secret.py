"""A text that must not be seen: it is held here and shown only where it is used."""

import hmac
from typing import NoReturn

_TELLING = 16


class Secret:
    """A key or credential whose repr, str, format, pickle and JSON never show it.

    Equality takes the same time whatever differs. `reveal` is the one way to the
    text, so that every place that uses it can be found.
    """

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        self._text = text

    def reveal(self) -> str:
        return self._text

    def ending(self) -> str:
        """The last four characters, to tell one from another; nothing of a short text."""
        return self._text[-4:] if len(self._text) >= _TELLING else ""

    def __repr__(self) -> str:
        return "Secret(…)"

    __str__ = __repr__

    def __format__(self, spec: str) -> str:
        return format(repr(self), spec)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Secret):
            return NotImplemented
        return hmac.compare_digest(self._text.encode(), other._text.encode())

    def __hash__(self) -> int:
        return hash((Secret, self._text))

    def __reduce__(self) -> NoReturn:
        raise TypeError("a secret is not serialised")
