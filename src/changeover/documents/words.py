"""The stems of content words, by which passages are found.

Each stem bears its language: documents in English and French stand in one index, and a
question is asked in both, so that each document is searched by its own language's stems.
"""

import re
from functools import cache
from importlib.metadata import version

import Stemmer

from changeover.basics.text import LANGUAGES, Language
from changeover.documents import passages
from changeover.documents.language import WORDS

_NAMES: dict[Language, str] = {"en": "english", "fr": "french"}
_WORD = re.compile(r"\w+")
MAKER = f"passages {passages.VERSION}, words 1, pystemmer {version('pystemmer')}"
"""What makes an index by words; another one makes it anew."""


def stems(text: str, language: Language) -> list[str]:
    """The stems of a text's content words, in order, repeated as they are."""
    stemmer = _stemmer(language)
    words = [word for word in _WORD.findall(text.lower()) if _tells(word, language)]
    return [f"{language}:{stem}" for stem in stemmer.stemWords(words)]


def asked_stems(question: str) -> frozenset[str]:
    """The stems that a question asks for, in each language."""
    words = [w for w in _WORD.findall(question.lower()) if all(_tells(w, o) for o in LANGUAGES)]
    return frozenset(
        f"{language}:{stem}"
        for language in LANGUAGES
        for stem in _stemmer(language).stemWords(words)
    )


def _tells(word: str, language: Language) -> bool:
    return word not in WORDS[language] and (len(word) > 1 or word.isdigit())


@cache
def _stemmer(language: Language) -> Stemmer.Stemmer:
    return Stemmer.Stemmer(_NAMES[language])
