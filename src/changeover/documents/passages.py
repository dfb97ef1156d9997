"""Cutting a text into passages by its structure.

* A text is paragraphs, parted by empty lines. A paragraph that is a heading (marked with
  `#`, or short and without a full stop before a longer one) begins a section; its words stand
  with every passage of it.
* A passage is whole paragraphs of one section, up to about `WANTED` characters. A paragraph
  that is longer is cut between sentences, a sentence that is longer still between words.
* A passage ends where a page does, so that the page which is named is its own; a sentence that
  runs on stays whole on the page where it begins.
* Neighbours overlap by the last sentence, where it is short: what is said across the cut is
  whole in one of them.
* Rows of a table are taken for sentences, and the first row for the heading of all.

A passage is a stretch of the text and nothing else: its offsets point at its words.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator

import sentencex

from changeover.basics.text import Language
from changeover.documents.model import FileText, Passage

VERSION = "1"
"""Another one makes other passages of the same text."""
WANTED = 900
_OVERLAP = 240
_LONGEST_SENTENCE = 1_200
_HEADING = 90
_MARK = re.compile(r"#{1,6}\s+")

_Unit = tuple[int, int, int]
"""A sentence: where it begins and ends, and the number of its section."""
_Stretch = tuple[int, int, int, int | None]
"""A passage: where it begins and ends, the number of its section, and its page."""


def passages(text: FileText, language: Language) -> tuple[Passage, ...]:
    """The passages of a text, in its order."""
    headings, units = _rows(text.text) if text.tabular else _sections(text.text, language)
    return tuple(
        Passage(
            start=start,
            end=end,
            page=page,
            heading=headings[section],
        )
        for start, end, section, page in _packed(units, text.pages)
    )


def _rows(text: str) -> tuple[list[str], list[_Unit]]:
    spans = list(_lines(text))
    heading = text[slice(*spans[0])][: 2 * _HEADING] if len(spans) > 1 else ""
    pieces = (piece for span in spans for piece in _short(text, span))
    return [heading], [(start, end, 0) for start, end in pieces]


def _sections(text: str, language: Language) -> tuple[list[str], list[_Unit]]:
    headings, units = [""], list[_Unit]()
    spans = list(_paragraphs(text))
    for number, (start, end) in enumerate(spans, 1):
        following = spans[number] if number < len(spans) else None
        paragraph = text[start:end]
        if _is_heading(paragraph, following):
            headings.append(_MARK.sub("", paragraph, count=1))
        units += [
            (start + at, start + to, len(headings) - 1)
            for at, to in _sentences(paragraph, language)
        ]
    return headings, units


def _lines(text: str) -> Iterator[tuple[int, int]]:
    """The lines that hold anything, without the white space around them."""
    at = 0
    for line in text.split("\n"):
        lead = len(line) - len(line.lstrip())
        if lead < len(line):
            yield at + lead, at + len(line.rstrip())
        at += len(line) + 1


def _paragraphs(text: str) -> Iterator[tuple[int, int]]:
    """Lines that no empty one parts, joined."""
    start = end = -1
    for begins, ends in _lines(text):
        if start < 0 or text.count("\n", end, begins) > 1:
            if start >= 0:
                yield start, end
            start = begins
        end = ends
    if start >= 0:
        yield start, end


def _is_heading(paragraph: str, following: tuple[int, int] | None) -> bool:
    if "\n" in paragraph or len(paragraph) > _HEADING:
        return False
    if _MARK.match(paragraph):
        return True
    longer = following is not None and following[1] - following[0] > len(paragraph)
    return longer and paragraph[-1].isalnum() and not paragraph[0].islower()


def _sentences(paragraph: str, language: Language) -> Iterator[tuple[int, int]]:
    at = 0
    for piece in sentencex.segment(language, paragraph):
        begins = paragraph.find(piece, at)
        if begins < 0 or not piece.strip():
            continue
        at = begins + len(piece)
        lead = len(piece) - len(piece.lstrip())
        yield from _short(paragraph, (begins + lead, begins + len(piece.rstrip())))
    if at == 0:
        yield from _short(paragraph, (0, len(paragraph)))


def _short(text: str, span: tuple[int, int]) -> Iterator[tuple[int, int]]:
    """A span, cut between words where it is too long for one passage."""
    start, end = span
    while end - start > _LONGEST_SENTENCE:
        cut = text.rfind(" ", start + WANTED // 2, start + WANTED)
        cut = start + WANTED if cut < 0 else cut
        yield start, cut
        start = cut + 1 if text[cut : cut + 1] == " " else cut
    yield start, end


def _packed(units: list[_Unit], pages: tuple[int, ...]) -> Iterator[_Stretch]:
    """Units joined to passages, each from the last short sentence of the one before."""
    within = [(section, _page(pages, start)) for start, _, section in units]
    first = 0
    while first < len(units):
        start, end, section = units[first]
        last = first
        while (
            last + 1 < len(units)
            and within[last + 1] == within[first]
            and units[last + 1][1] - start <= WANTED
        ):
            last += 1
            end = units[last][1]
        yield start, end, section, within[first][1]
        goes_on = last + 1 < len(units) and within[last + 1] == within[first]
        short = units[last][1] - units[last][0] <= _OVERLAP
        first = last if goes_on and short and last > first else last + 1


def _page(pages: tuple[int, ...], start: int) -> int | None:
    """The page that an offset stands on; None where there are no pages."""
    return max(1, bisect_right(pages, start)) if pages else None
