"""Ranking sentences with BM25: which answer a query, and which are central.

* **Search.** BM25 as Lucene computes it (`bm25s`), over stems (Snowball). A
  sentence answers only if it holds a third of the query's content words or more.
* **Centrality.** TextRank with BM25 as the similarity of two sentences, after
  F. Barrios, F. López, L. Argerich and R. Wachenchauzer, "Variations of the
  Similarity Function of TextRank for Automated Summarization" (2016,
  arXiv:1602.03606). Lucene's inverse document frequency is never negative, so
  the paper's correction for frequent words is not needed. Each sentence keeps
  its strongest links only, which bounds the work on long texts.
"""

import logging
from collections.abc import Sequence
from typing import Any

import bm25s
import bm25s.stopwords
import numpy as np
import Stemmer

from changeover.basics.text import Language
from changeover.standin.language import FUNCTION_WORDS

_STEMMERS = {"en": "english", "fr": "french"}
_LISTED: dict[Language, tuple[str, ...]] = {
    "en": tuple(bm25s.stopwords.STOPWORDS_EN_PLUS),
    "fr": tuple(bm25s.stopwords.STOPWORDS_FRENCH),
}
_PATTERN = r"(?u)\b\w+\b"
_LINKS = 30
_DAMPING = 0.85
_ROUNDS = 60
_NEAR = 0.6

Tokens = list[list[str]]

# bm25s lets every debug line through to whatever handlers its host has set up.
logging.getLogger("bm25s").setLevel(logging.WARNING)


def stopwords(language: Language) -> list[str]:
    """Words without content in the language, with all single letters (elisions, initials)."""
    letters = {chr(code) for code in range(ord("a"), ord("z") + 1)} | {"à", "ô", "y"}
    return sorted(FUNCTION_WORDS[language] | set(_LISTED[language]) | letters)


def tokens(texts: Sequence[str], language: Language) -> Tokens:
    """The stems of each text's content words, in order."""
    found: Tokens = bm25s.tokenize(
        list(texts),
        token_pattern=_PATTERN,
        stopwords=stopwords(language),
        stemmer=Stemmer.Stemmer(_STEMMERS[language]),
        return_ids=False,
        show_progress=False,
    )
    return found


def best(texts: Sequence[str], query: str, language: Language, most: int) -> list[int]:
    """Positions of the texts that answer `query` best, at most `most`, in their own order."""
    words = tokens(texts, language)
    asked = set(tokens([query], language)[0]) if query.strip() else set()
    index = _index(words)
    if index is None or not asked:
        return []
    scores = _scores(index, asked)
    fits = [
        (float(scores[position]), position)
        for position, text in enumerate(words)
        if 3 * len(asked & set(text)) >= len(asked)
    ]
    if not fits:
        return []
    top = max(fits)[0]
    kept = sorted((fit for fit in fits if fit[0] >= top / 2), key=lambda fit: (-fit[0], fit[1]))
    return sorted(position for _, position in kept[:most])


def central(texts: Sequence[str], language: Language, most: int) -> list[int]:
    """Positions of the most central texts, at most `most`, in their own order.

    A text that says nearly the same as one already taken is passed over.
    """
    words = tokens(texts, language)
    index = _index(words)
    if index is None:
        return list(range(min(most, len(texts))))
    weights = _textrank(index, words)
    taken: list[int] = []
    for position in sorted(range(len(texts)), key=lambda at: (-weights[at], at)):
        if len(taken) == most:
            break
        if words[position] and not any(_near(words[position], words[other]) for other in taken):
            taken.append(position)
    return sorted(taken)


def keywords(texts: Sequence[str], language: Language, most: int) -> list[str]:
    """The words said most often, as first written, in order of first appearance."""
    words = bm25s.tokenize(
        list(texts),
        lower=False,
        token_pattern=_PATTERN,
        stopwords=[],
        return_ids=False,
        show_progress=False,
    )
    stop = set(stopwords(language))
    stemmer = Stemmer.Stemmer(_STEMMERS[language])
    written: dict[str, str] = {}
    counts: dict[str, int] = {}
    for word in (word for text in words for word in text):
        if word.lower() in stop or word.isdigit():
            continue
        stem = stemmer.stemWord(word.lower())
        written.setdefault(stem, word)
        counts[stem] = counts.get(stem, 0) + 1
    chosen = sorted(counts, key=lambda stem: -counts[stem])[:most]
    return [written[stem] for stem in written if stem in chosen]


def _index(words: Tokens) -> Any:
    """A BM25 index, or None where no text has a content word (bm25s refuses those)."""
    if not any(words):
        return None
    index = bm25s.BM25()
    index.index(words, show_progress=False)
    return index


def _scores(index: Any, asked: set[str]) -> Any:
    """Each text's score; bm25s fails on a query without any known word."""
    known = sorted(word for word in asked if word in index.vocab_dict)
    return index.get_scores(known) if known else np.zeros(index.scores["num_docs"])


def _textrank(index: Any, words: Tokens) -> Any:
    size = len(words)
    starts: list[Any] = []
    ends: list[Any] = []
    strengths: list[Any] = []
    for position, text in enumerate(words):
        scores = np.array(_scores(index, set(text)), dtype=float)
        scores[position] = 0.0
        linked = np.flatnonzero(scores)
        if len(linked) > _LINKS:
            linked = linked[np.argsort(-scores[linked], kind="stable")[:_LINKS]]
        starts.append(np.full(len(linked), position))
        ends.append(linked)
        strengths.append(scores[linked] / max(scores[linked].sum(), 1e-12))
    start, end = np.concatenate(starts), np.concatenate(ends)
    strength = np.concatenate(strengths)
    rank = np.full(size, 1.0 / size)
    for _ in range(_ROUNDS):
        flow = np.bincount(end, weights=rank[start] * strength, minlength=size)
        rank = (1 - _DAMPING) / size + _DAMPING * flow
    return rank.round(9)


def _near(one: list[str], other: list[str]) -> bool:
    shared, all_words = set(one) & set(other), set(one) | set(other)
    return len(shared) >= _NEAR * len(all_words)
