"""Full-text search in one's own conversations: what a query means, and what is shown of a hit.

* A word is a run of letters and digits. Case and accents do not count: words are folded (Unicode
  NFKD, without its marks, then case folding) before they are kept, and so are a query's.
* All words of a query must stand in one text: a title, or what one side said. What stands between
  quotes is a phrase; the last word, outside quotes, may be the beginning of a longer one.
* Everything else in a query separates words, so that no query is wrong. One without any word
  finds nothing.
* Of a very long text the beginning is searched (`MOST_WORDS`, `MOST_CHARACTERS`): PostgreSQL
  numbers 16,383 words of a text and takes a megabyte of them.
"""

import re
import unicodedata
from bisect import bisect_left
from collections.abc import Iterator
from datetime import datetime
from itertools import islice

import msgspec

from changeover.chat.model import units
from changeover.conversation.model import Role

MOST_WORDS = 15_000
MOST_CHARACTERS = 200_000

_WORD = re.compile(r"[^\W_](?:[^\W_]|[\u0300-\u036f])*")
_TERM = re.compile(r'"([^"]*)"?|([^"]+)')
_QUOTES = str.maketrans("«»“”„", '"""""')
_LONGEST_WORD = 100
_BEFORE, _SNIPPET = 60, 200


class Word(msgspec.Struct, frozen=True):
    """A word of a text, folded, and where it stands in it."""

    folded: str
    start: int
    end: int


class Term(msgspec.Struct, frozen=True):
    """Words that follow one another; with `prefix` the last may go on."""

    words: tuple[str, ...]
    prefix: bool = False


class Hit(msgspec.Struct, frozen=True, kw_only=True):
    """A text that holds what a query asks for: a turn's, or a title where there is no turn.

    `folder` is the name of the one that the conversation is in.
    """

    conversation: str
    title: str
    turn: str | None
    role: Role | None
    at: datetime
    text: str
    folder: str | None = None


class Match(msgspec.Struct, frozen=True, kw_only=True):
    """A match within a snippet, in UTF-16 code units, as JavaScript counts: [start, end)."""

    start: int
    end: int


class FoundPlace(msgspec.Struct, frozen=True, kw_only=True):
    """What is shown of a hit: a snippet of its text, and the matches in it.

    `cut_before` and `cut_after` say that the text goes on beside the snippet; `folder` names
    the one that the conversation is in.
    """

    conversation: str
    title: str
    turn: str | None
    role: Role | None
    at: datetime
    snippet: str
    marks: tuple[Match, ...]
    cut_before: bool
    cut_after: bool
    folder: str | None = None


def words_in(text: str) -> Iterator[Word]:
    """The words of a text as they are searched."""
    for match in islice(_WORD.finditer(text[:MOST_CHARACTERS]), MOST_WORDS):
        folded = fold(match[0])
        if folded:
            yield Word(folded, match.start(), match.end())


def fold(word: str) -> str:
    """A word without case and accents."""
    plain = unicodedata.normalize("NFKD", word).casefold()
    return "".join(letter for letter in plain if letter.isalnum())[:_LONGEST_WORD]


def indexed(text: str) -> str:
    """What is kept of a text to search it: its folded words."""
    return " ".join(word.folded for word in words_in(text))


def terms_of(query: str) -> tuple[Term, ...]:
    """What a query asks for."""
    terms: list[Term] = []
    for quoted, plain in _TERM.findall(query.translate(_QUOTES)):
        if plain:
            words = [word.folded for word in words_in(plain)]
            terms += [Term((word,)) for word in words]
            if words:
                terms[-1] = Term(terms[-1].words, prefix=True)
        elif phrase := tuple(word.folded for word in words_in(quoted)):
            terms.append(Term(phrase))
    # Only what is written last may be unfinished.
    return tuple(
        Term(term.words, prefix=term.prefix and place == len(terms) - 1)
        for place, term in enumerate(terms)
    )


def places(words: list[Word], term: Term) -> list[tuple[int, int]]:
    """Where a term stands: the first and the last word of each place."""
    *first, last = term.words
    found = []
    for at in range(len(words) - len(first)):
        final = words[at + len(first)].folded
        ends = final.startswith(last) if term.prefix else final == last
        if ends and all(words[at + n].folded == word for n, word in enumerate(first)):
            found.append((at, at + len(first)))
    return found


def shown(hit: Hit, terms: tuple[Term, ...]) -> FoundPlace:
    """A hit with the piece of its text around the first match."""
    text = hit.text
    words = list(words_in(text))
    spans = sorted({span for term in terms for span in places(words, term)})
    begin, end = _window(words, spans, len(text))
    marks = [
        Match(start=units(text[begin : words[a].start]), end=units(text[begin : words[b].end]))
        for a, b in spans
        if words[a].start >= begin and words[b].end <= end
    ]
    return FoundPlace(
        conversation=hit.conversation,
        title=hit.title,
        turn=hit.turn,
        role=hit.role,
        at=hit.at,
        snippet=text[begin:end],
        marks=_apart(marks),
        cut_before=begin > 0,
        cut_after=end < len(text),
        folder=hit.folder,
    )


def _window(words: list[Word], spans: list[tuple[int, int]], length: int) -> tuple[int, int]:
    """The piece of a text that is shown; it begins with a word."""
    if length <= _SNIPPET:
        return 0, length
    first = words[spans[0][0]].start if spans else 0
    starts = [word.start for word in words]
    begin = 0 if first <= _BEFORE else starts[bisect_left(starts, first - _BEFORE)]
    limit = min(begin + _SNIPPET, length)
    if limit == length:
        return begin, length
    ends = [word.end for word in words]
    last = bisect_left(ends, limit + 1) - 1
    return begin, ends[last] if last >= 0 and ends[last] > first else limit


def _apart(marks: list[Match]) -> tuple[Match, ...]:
    """Marks that overlap, made one."""
    joined: list[Match] = []
    for mark in sorted(marks, key=lambda mark: (mark.start, mark.end)):
        if joined and mark.start <= joined[-1].end:
            joined[-1] = Match(start=joined[-1].start, end=max(joined[-1].end, mark.end))
        else:
            joined.append(mark)
    return tuple(joined)
