"""Originals: what is given to be translated, read into units, and written again.

A Word document is translated in place (`word`). Markdown and plain text stay what they are; of
every other form of document the text is translated, and its translation is plain text.
"""

from collections.abc import Callable, Sequence
from pathlib import PurePath
from typing import Protocol

import msgspec

from changeover.basics.errors import InvalidInputError
from changeover.basics.progress import Progress
from changeover.documents.model import FileText
from changeover.translation.languages import TranslationLanguage
from changeover.translation.model import Form, Segment
from changeover.translation.plain import (
    Piece,
    markdown_pieces,
    rebuilt,
    text_pieces,
    units_of,
)
from changeover.translation.segmenting import together
from changeover.translation.tagged import Atom
from changeover.translation.word import WordPackage
from changeover.translation.word_language import Marking
from changeover.translation.word_notice import with_notice

MOST_BYTES = 20_000_000
MOST_CHARACTERS = 1_000_000
_MARKDOWN = frozenset({".md", ".markdown"})
_ONLY_TEXT = "Of this form only the text is translated: layout and pictures are not kept."
_ENDINGS: dict[Form, tuple[str, str]] = {
    "text": ("txt", "text/plain"),
    "markdown": ("md", "text/markdown"),
    "word": (
        "docx",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ),
}


class DocumentReader(Protocol):
    """Reads any form of document, and refuses what is none or may not be opened."""

    def __call__(self, content: bytes, name: str, progress: Progress, /) -> FileText: ...


class Original(msgspec.Struct, frozen=True, kw_only=True):
    """What was given, as it is kept: `units` are cut into segments."""

    form: Form
    content: bytes
    units: tuple[tuple[Atom, ...], ...]
    notes: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """Its words, for telling its language."""
        return "\n".join("".join(getattr(atom, "text", "") for atom in unit) for unit in self.units)


def of_text(text: str) -> Original:
    """A text that somebody wrote or pasted."""
    _check_length(len(text))
    form: Form = "text"
    return Original(form=form, content=text.encode(), units=_units(_pieces(form, text)))


def of_file(content: bytes, name: str, reads: DocumentReader) -> Original:
    """A document; `InvalidInputError` in plain words where there is none to translate."""
    if not content:
        raise InvalidInputError(
            f"{name} is empty.", means="Nothing was translated.", do="Give another one."
        )
    if len(content) > MOST_BYTES:
        raise InvalidInputError(
            f"{name} has {len(content):,} bytes; at most {MOST_BYTES:,} are taken.",
            means="Nothing was translated.",
            do="Split it, or give the part that matters.",
        )
    read = reads(content, name, lambda _done, _total: None)
    _check_length(len(read.text))
    ending = PurePath(name).suffix.lower()
    if ending == ".docx":
        package = WordPackage(content)
        units = tuple(unit.atoms for unit in package.units)
        return Original(form="word", content=content, units=units, notes=package.notes)
    form: Form = "markdown" if ending in _MARKDOWN else "text"
    notes = () if ending in {*_MARKDOWN, ".txt", ""} else (_ONLY_TEXT,)
    units = _units(_pieces(form, read.text))
    return Original(form=form, content=read.text.encode(), units=units, notes=(*read.notes, *notes))


def file_of(form: Form) -> tuple[str, str]:
    """The ending and the media type of a translation's file."""
    return _ENDINGS[form]


def translated(
    form: Form,
    content: bytes,
    segments: Sequence[Segment],
    language: TranslationLanguage,
    notice: Callable[[], str],
) -> bytes:
    """The file of a translation, with the notice in it."""
    by_unit: dict[int, list[Segment]] = {}
    for segment in segments:
        by_unit.setdefault(segment.unit, []).append(segment)

    def units(own: Sequence[Sequence[Atom]]) -> list[list[Atom]]:
        return [
            together(unit, by_unit.get(place, ()), language.code) for place, unit in enumerate(own)
        ]

    if form == "word":
        package, marking = WordPackage(content), Marking(language)
        package.write(units([unit.atoms for unit in package.units]), marking)
        return with_notice(package, notice(), marking)
    pieces = _pieces(form, content.decode())
    text = rebuilt(pieces, units(units_of(pieces))).rstrip("\n")
    rule = "\n\n---\n\n" if form == "markdown" else "\n\n—\n"
    return f"{text}{rule}{notice()}\n".encode()


def _pieces(form: Form, text: str) -> list[Piece]:
    return markdown_pieces(text) if form == "markdown" else text_pieces(text)


def _units(pieces: Sequence[Piece]) -> tuple[tuple[Atom, ...], ...]:
    return tuple(units_of(pieces))


def _check_length(characters: int) -> None:
    if characters > MOST_CHARACTERS:
        raise InvalidInputError(
            f"This has {characters:,} characters; at most {MOST_CHARACTERS:,} are translated.",
            means="Nothing was translated.",
            do="Split it, or give the part that matters.",
        )
