"""Pages of lines as a text: running heads dropped, words that were divided joined.

The lines of a paragraph become one line, so that sentences are whole; short lines, items
and what stands apart keep their own.
"""

import re
from collections import Counter
from collections.abc import Iterable

_DIGITS = re.compile(r"\d+")
_ITEM = re.compile(
    r"(?:[-*+•–—]|\(?(?:\d{1,3}|[a-zA-Z])[.)]|§ ?\d|art(?:icle|\.)? ?\d)", re.IGNORECASE
)
_ARTICLE = re.compile(r"art(?:icle|\.)? ?\d|§|section ?\d|annexe? ?\d")
"""What differs by its number alone and is no running head."""
_DIVIDED = re.compile(r"([^\W\d_]+)[-‐\x02\xad\ufffe]$")
_LONGEST_WORD = 100
_SHORT = 0.75
"""A line of less than so much of the usual longest one ends by itself."""
_LEAST_PAGES = 3
_EDGE = 2
_BREAK = "\n\n"


def join_pages(pages: list[str]) -> tuple[str, tuple[int, ...], bool]:
    """The text of all pages, the offset at which each begins, and whether lines were dropped.

    A paragraph that goes on over a page's end is parted there.
    """
    running = _running(pages)
    words = Counter(re.findall(r"[^\W\d_]+", " ".join(pages)))
    text, starts = "", []
    for page in pages:
        lines = [line.replace("\x0c", "") for line in page.split("\n")]
        kept = [line for n, line in enumerate(lines) if not _runs(line, n, len(lines), running)]
        starts.append(len(text))
        body = _paragraphs(kept, words).strip("\n")
        text += body + _BREAK if body else ""
    return text.rstrip("\n") + "\n", tuple(starts), bool(running)


def _running(pages: list[str]) -> frozenset[str]:
    """What stands first or last on more than half of the pages, whatever numbers are in it."""
    if len(pages) < _LEAST_PAGES:
        return frozenset()
    seen = Counter(
        edge
        for page in pages
        for edge in {_plain(line) for line in _edges(page.split("\n"))} - {""}
    )
    return frozenset(e for e, count in seen.items() if count * 2 > len(pages) and not _says(e))


def _says(edge: str) -> bool:
    """Whether a line that comes again is part of the text: a sentence, or an article's number."""
    sentence = edge.endswith((".", ";", ":", ",")) and any(map(str.isalpha, edge))
    return sentence or _ARTICLE.match(edge) is not None


def _edges(lines: list[str]) -> Iterable[str]:
    written = [line for line in lines if line.strip()]
    return (*written[:_EDGE], *written[-_EDGE:])


def _runs(line: str, place: int, count: int, running: frozenset[str]) -> bool:
    at_edge = place < 2 * _EDGE or place >= count - 2 * _EDGE
    return at_edge and _plain(line) in running


def _plain(line: str) -> str:
    return _DIGITS.sub("0", " ".join(line.split())).casefold()


def _paragraphs(lines: list[str], words: Counter[str]) -> str:
    longest = max((len(line) for line in lines), default=0)
    out: list[str] = []
    before = ""
    for line in lines:
        end = before[-_LONGEST_WORD:]
        divided = _DIVIDED.search(end)
        goes_on = before and (len(before) >= _SHORT * longest or divided is not None)
        if goes_on and line and not _ITEM.match(line):
            out[-1:] = _joint(out[-1], divided, line, words)
        elif out:
            out.append("\n")
        out.append(line)
        before = line
    return "".join(out)


def _joint(
    before: str, divided: re.Match[str] | None, after: str, words: Counter[str]
) -> tuple[str, ...]:
    """A line, and what stands between it and the line that it goes on in."""
    following = re.match(r"[^\W\d_]+", after)
    if divided is None or following is None:
        return before, " "
    whole = divided[1] + following[0]
    if before[-1] not in "-‐" or _one_word(divided[1], following[0], words[whole]):
        return (before[:-1],)
    return (before,)


def _one_word(first: str, second: str, seen: int) -> bool:
    """Whether a hyphen at a line's end only divides: the whole is a word elsewhere, or may be."""
    return seen > 0 or (first.islower() and second.islower() and len(first) > 1 < len(second))
