"""Terms in sentences: which a source holds, and whether its translation has theirs.

A word is known by its stem where there is a stemmer for its language (Snowball, through
PyStemmer), so that plurals and cases count; elsewhere by its beginning. The longest term counts
where one stands in another.
"""

import re
from collections.abc import Sequence
from functools import cache
from typing import Final

import Stemmer

from changeover.translation.model import Term
from changeover.translation.tagged import bare

_WORD = re.compile(r"[^\W_]+")
_WITHOUT_SPACES: Final = frozenset({"zh", "ja", "th", "lo", "km"})
_STEMMERS: Final = {
    "ar": "arabic", "da": "danish", "de": "german", "el": "greek", "en": "english",
    "es": "spanish", "fi": "finnish", "fr": "french", "hi": "hindi", "hu": "hungarian",
    "id": "indonesian", "it": "italian", "lt": "lithuanian", "nl": "dutch", "no": "norwegian",
    "pt": "portuguese", "ro": "romanian", "ru": "russian", "sr": "serbian", "sv": "swedish",
    "ta": "tamil", "tr": "turkish", "hy": "armenian",
}  # fmt: skip
_KEPT_LETTERS = 4
"""Of a longer word in a language without a stemmer, this much and all but two must be there."""


def terms_in(text: str, terms: Sequence[Term], language: str) -> list[Term]:
    """The terms that a tagged text holds, the longest first."""
    left = _Said(text, language)
    by_length = sorted(terms, key=lambda one: (-len(one.source), one.source))
    return [term for term in by_length if left.takes(term.source)]


def lacking(target: str, terms: Sequence[Term], language: str) -> list[Term]:
    """Those of the terms whose translation a tagged text does not hold."""
    said = _Said(target, language)
    return [term for term in terms if not said.holds(term.target)]


class _Said:
    """A text's words, of which a term takes those that it is."""

    def __init__(self, text: str, language: str) -> None:
        self._language = language
        self._text = bare(text).casefold()
        words = _WORD.findall(self._text)
        stemmer = _stemmer(language)
        self._words: list[str | None] = [*(stemmer.stemWords(words) if stemmer else words)]

    def holds(self, term: str) -> bool:
        return self._at(term) is not None

    def takes(self, term: str) -> bool:
        place = self._at(term)
        if place is None:
            return False
        if self._language in _WITHOUT_SPACES:
            self._text = self._text.replace(term.casefold(), "\0")
        else:
            length = len(_WORD.findall(term.casefold()))
            self._words[place : place + length] = [None] * length
        return True

    def _at(self, term: str) -> int | None:
        if self._language in _WITHOUT_SPACES:
            place = self._text.find(term.casefold())
            return None if place < 0 else place
        wanted = _sought(term.casefold(), self._language)
        for place in range(len(self._words) - len(wanted) + 1 if wanted else 0):
            said = self._words[place : place + len(wanted)]
            if all(
                word is not None and one.fullmatch(word)
                for one, word in zip(wanted, said, strict=True)
            ):
                return place
        return None


def _sought(term: str, language: str) -> list[re.Pattern[str]]:
    """What a term's words are known by."""
    words = _WORD.findall(term)
    stemmer = _stemmer(language)
    if stemmer is not None:
        return [re.compile(re.escape(stem)) for stem in stemmer.stemWords(words)]
    begun = [word[: max(_KEPT_LETTERS, len(word) - 2)] for word in words]
    return [re.compile(re.escape(one) + r"\w*") for one in begun]


@cache
def _stemmer(language: str) -> Stemmer.Stemmer | None:
    name = _STEMMERS.get(language)
    return Stemmer.Stemmer(name) if name in Stemmer.algorithms() else None
