"""A text's language, blocks and sentences, with exact offsets.

Blocks are what blank lines, headings, list items and labelled lines divide;
sentences inside them are found by `sentencex` and mended where it divides after
an initial, a title or a month's abbreviation.
"""

import re
from collections.abc import Iterator
from typing import Literal

import msgspec
import sentencex

from changeover.intake.model import Language
from changeover.intake.words import tokenise

BlockKind = Literal["heading", "field", "item", "prose"]

_ENGLISH = frozenset(
    {"the", "of", "and", "to", "that", "is", "for", "with", "its", "it", "by", "on", "was", "has",
     "are", "be", "this", "from"}
)  # fmt: skip
_FRENCH = frozenset(
    {"le", "la", "les", "l", "de", "d", "des", "et", "est", "que", "qui", "pour", "dans", "du",
     "une", "son", "aux", "sur", "au", "par", "ce", "à", "en"}
)  # fmt: skip
_FIELD = re.compile(
    r"[ \t>]*\*{0,2}(from|to|subject|re|by order of|issued by|signed|cc|through|memorandum for|"
    r"de la part de|de|à|a|objet|destinataires?|émetteur|par ordre d[ue]|signé|title|titre|date)"
    r"\*{0,2}[ \t]*:",
    re.IGNORECASE,
)
_ITEM = re.compile(
    r"[ \t>]*(?:[-*+•]|\(?(?:\d{1,3}|[a-z])[.)]|§ ?\d+|art(?:icle|\.)? ?\d+\S*)[ \t]+",
    re.IGNORECASE,
)
_HEADING = re.compile(r"[ \t]*#{1,6}[ \t]")
_SHORT_TITLE = 0.7
"""Of the longest line, how long the title of an article may be."""
_DATELINE = re.compile(r"\s*date[ \t]+\d{4}-\d{2}-\d{2}[ \t]")
_ENDS_EARLY = re.compile(
    r"(?:\b[A-Z]|\b(?:M|MM|Mr|Mrs|Ms|Dr|Mme|St|Gen|Sen|Rep|Gov|Sec|No|Art|art|Jan|Feb|Aug|Sept|"
    r"Oct|Nov|Dec|Inc|Corp|Co|Ltd|v|vs)|^\s*\d{1,3})\.\s*$"
)


class Sentence(msgspec.Struct, frozen=True):
    """A sentence's span, and the kind of block it stands in."""

    start: int
    end: int
    kind: BlockKind
    label: str = ""


def language_of(text: str) -> Language:
    """English or French by their commonest words; `und` for neither."""
    words = [token.lower for token in tokenise(text, 0, min(len(text), 50_000)) if token.word]
    english = sum(word in _ENGLISH for word in words)
    french = sum(word in _FRENCH for word in words)
    if max(english, french) * 12 < len(words) or english == french:
        return "und"
    return "en" if english > french else "fr"


def sentences(text: str, language: Language) -> Iterator[Sentence]:
    """The text's sentences in order, without the white space around them."""
    for start, end, kind, label in _blocks(text):
        pieces = (
            [(start, end)] if kind in {"heading", "field"} else _split(text, start, end, language)
        )
        for first, last in pieces:
            trimmed = _trim(text, first, last)
            if trimmed[0] < trimmed[1]:
                yield Sentence(*trimmed, kind, label)


def _blocks(text: str) -> Iterator[tuple[int, int, BlockKind, str]]:
    start, kind, label, position = 0, "", "", 0
    first = True
    lines = text.splitlines(keepends=True)
    width = max(map(len, lines), default=0)
    for line, following in zip(lines, [*lines[1:], ""], strict=True):
        opens = _opening(line, first=first)
        if opens == ("item", "") and _is_titled(line, following, width):
            opens = ("heading", "")
        blank = not line.strip()
        if blank or opens:
            if kind:
                yield start, position, _known(kind), label
            start, kind, label = position, "", ""
        if not blank:
            first = False
            if not kind:
                start = position
                kind, label = opens or ("prose", "")
            if kind in {"heading", "field"}:
                yield start, position + len(line), _known(kind), label
                kind = ""
        position += len(line)
    if kind:
        yield start, position, _known(kind), label


def _known(kind: str) -> BlockKind:
    match kind:
        case "heading" | "field" | "item":
            return kind
        case _:
            return "prose"


def _opening(line: str, *, first: bool) -> tuple[str, str] | None:
    if _HEADING.match(line) or _DATELINE.match(line):
        return "heading", ""
    if field := _FIELD.match(line):
        return "field", field[1].lower()
    if _ITEM.match(line):
        return "item", ""
    stripped = line.strip()
    if stripped in {"---", "***", "___"}:
        return "heading", ""
    if first and stripped and not stripped.endswith((".", ":", ";", "!", "?", '"', "»", "”")):
        return ("heading", "") if len(stripped) < 200 else None
    return None


def _is_titled(line: str, following: str, width: int) -> bool:
    """*Art. 4 Entry into force*: an item's short line over the words that it is the title of.

    A line that is only broken is about as long as the others.
    """
    words, below = line.strip(), following.strip()
    if len(words) > _SHORT_TITLE * width or words.endswith((".", ",", ";", ":")) or not below:
        return False
    return below[0].isupper() or below[0].isdigit() or below[0] in '«"“(–-'


def _split(text: str, start: int, end: int, language: Language) -> list[tuple[int, int]]:
    block = text[start:end]
    pieces: list[tuple[int, int]] = []
    for boundary in sentencex.get_sentence_boundaries("fr" if language == "fr" else "en", block):
        first, last = start + boundary["start_index"], start + boundary["end_index"]
        if pieces and _ENDS_EARLY.search(text[pieces[-1][0] : pieces[-1][1]]):
            pieces[-1] = (pieces[-1][0], last)
        else:
            pieces.append((first, last))
    return pieces


def _trim(text: str, start: int, end: int) -> tuple[int, int]:
    piece = text[start:end]
    return start + len(piece) - len(piece.lstrip()), start + len(piece.rstrip())
