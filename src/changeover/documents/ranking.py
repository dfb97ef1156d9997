"""Which passages answer a question best: Lucene's BM25 over stems.

numpy would slow the start, so that what needs it is imported when first used.
"""

from collections.abc import Collection, Sequence
from typing import Any

_WEAK = 0.25
"""A passage whose score is a smaller part of the best one's is left out."""


class WordIndex:
    """The stems of passages, indexed."""

    def __init__(self, passages: Sequence[Sequence[str]]) -> None:
        import bm25s  # noqa: PLC0415 - see above

        self._index: Any = None
        if any(passages):
            self._index = bm25s.BM25()
            self._index.index([list(one) for one in passages], show_progress=False)

    def best(self, asked: Collection[str], most: int) -> list[int]:
        """The places of the passages that hold what is asked, the best first."""
        if self._index is None:
            return []
        known = sorted(stem for stem in asked if stem in self._index.vocab_dict)
        if not known:
            return []
        scores = self._index.get_scores(known).tolist()
        order = sorted(range(len(scores)), key=lambda at: (-scores[at], at))[:most]
        return [at for at in order if scores[at] > 0 and scores[at] >= _WEAK * scores[order[0]]]
