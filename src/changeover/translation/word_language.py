"""Which language a Word document's text is in, and which way it is written.

A screen reader and a spelling checker go by `w:lang`; a right-to-left paragraph is `w:bidi` and
its runs `w:rtl` (ECMA-376, part 1, 17.3). The elements of properties stand in the schema's order.
"""

from typing import Any

import msgspec
from lxml import etree

from changeover.translation.languages import TranslationLanguage

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_EAST_ASIAN = frozenset({"zh", "ja", "ko"})
_AFTER_BIDI = frozenset(
    _W + name
    for name in (
        "adjustRightInd", "snapToGrid", "spacing", "ind", "contextualSpacing", "mirrorIndents",
        "suppressOverlap", "jc", "textDirection", "textAlignment", "textboxTightWrap", "outlineLvl",
        "divId", "cnfStyle", "rPr", "sectPr", "pPrChange",
    )
)  # fmt: skip
_AFTER_LANG = frozenset(_W + n for n in ("eastAsianLayout", "specVanish", "oMath", "rPrChange"))
_AFTER_RTL = _AFTER_LANG | {_W + "cs", _W + "em", _W + "lang"}


class Marking(msgspec.Struct, frozen=True):
    """The language that text is marked with."""

    language: TranslationLanguage

    @property
    def right_to_left(self) -> bool:
        return self.language.direction == "rtl"


def mark_run(run: Any, marking: Marking) -> None:
    """Marks a run's language and direction."""
    properties = run.find(_W + "rPr")
    if properties is None:
        properties = etree.Element(_W + "rPr")
        run.insert(0, properties)
    _without(properties, "lang", "rtl")
    if marking.right_to_left:
        _put(properties, etree.Element(_W + "rtl"), _AFTER_RTL)
    told = etree.Element(_W + "lang")
    told.set(_W + _attribute(marking), marking.language.code)
    _put(properties, told, _AFTER_LANG)


def mark_paragraph(paragraph: Any, marking: Marking) -> None:
    """Marks which way a paragraph is written."""
    properties = paragraph.find(_W + "pPr")
    if properties is not None:
        _without(properties, "bidi")
    if not marking.right_to_left:
        return
    if properties is None:
        properties = etree.Element(_W + "pPr")
        paragraph.insert(0, properties)
    _put(properties, etree.Element(_W + "bidi"), _AFTER_BIDI)


def _attribute(marking: Marking) -> str:
    if marking.right_to_left:
        return "bidi"
    return "eastAsia" if marking.language.code in _EAST_ASIAN else "val"


def _without(properties: Any, *names: str) -> None:
    for name in names:
        for found in properties.findall(_W + name):
            properties.remove(found)


def _put(properties: Any, element: Any, after: frozenset[str]) -> None:
    """Puts an element before the first of those that come after it."""
    place = next(
        (place for place, child in enumerate(properties) if child.tag in after), len(properties)
    )
    properties.insert(place, element)
