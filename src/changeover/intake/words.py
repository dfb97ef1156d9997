"""A text's tokens, with exact offsets.

Letters and digits are tokens apart, so that `GPT4.1`, `GPT-4.1` and `gpt 4.1`
are the same three tokens. What joins the parts of one word (an apostrophe, a
hyphen inside a word, the point of a version or an initialism) is no token.
"""

import re
import unicodedata
from functools import cached_property

import msgspec

_TOKEN = re.compile(r"[^\W\d_]+|\d+|\S")
_JOINERS = frozenset("'’ʼ-‐‑_")


def fold(text: str) -> str:
    """Lower case without accents, for comparing names."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(c for c in decomposed if not unicodedata.combining(c))


class Token(msgspec.Struct, frozen=True, dict=True):
    """A run of letters, a run of digits, or one mark."""

    start: int
    end: int
    text: str

    @cached_property
    def lower(self) -> str:
        return unicodedata.normalize("NFC", self.text.lower())

    @cached_property
    def folded(self) -> str:
        return fold(self.text)

    @property
    def word(self) -> bool:
        return self.text[0].isalnum()

    @property
    def capital(self) -> bool:
        return self.text[0].isupper()


def tokenise(text: str, start: int = 0, end: int | None = None) -> list[Token]:
    """Tokens of `text[start:end]`; offsets count from the text's beginning."""
    end = len(text) if end is None else end
    return [
        Token(found.start(), found.end(), found.group())
        for found in _TOKEN.finditer(text, start, end)
        if not _joins(text, found.start(), found.end())
    ]


def _joins(text: str, start: int, end: int) -> bool:
    if end - start != 1 or not (start > 0 and end < len(text)):
        return False
    mark, before, after = text[start], text[start - 1], text[end]
    if mark in _JOINERS:
        return before.isalnum() and after.isalnum()
    return mark == "." and after.isalnum() and before.isalnum()
