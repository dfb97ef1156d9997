"""Telling English from French by the words that only one of them has."""

import re
from collections.abc import Mapping
from typing import Final

from changeover.basics.text import Language

_WORD = re.compile(r"[^\W\d_]+")
_LOOKED_AT = 20_000
_ENGLISH = (
    "the is are was were of to in at by it its this that these those and what when where who whom "
    "how why which does did do has have had be been will would can could should may with from for "
    "not you your we our they their he she his her my there please if so than then shall must or "
    "as an all any each between about into"
)
_FRENCH = (
    "le la les un une des du de et est sont était étaient que qui quoi quand où comment pourquoi "
    "quel quelle quels quelles ce cette ces dans sur pour avec par vous votre vos nous notre nos "
    "je tu il elle ils elles pas ne au aux se sa ses leur leurs être avoir fait combien cela ça "
    "dont mais ou si lui y en sera doit chaque entre"
)
WORDS: Final[Mapping[Language, frozenset[str]]] = {
    "en": frozenset(_ENGLISH.split()),
    "fr": frozenset(_FRENCH.split()),
}


def language_of(text: str, otherwise: Language = "en") -> Language:
    """The language that a text's beginning leans to."""
    words = [word.lower() for word in _WORD.findall(text[:_LOOKED_AT])]
    english = sum(word in WORDS["en"] for word in words)
    french = sum(word in WORDS["fr"] for word in words)
    if english == french:
        return otherwise
    return "en" if english > french else "fr"
