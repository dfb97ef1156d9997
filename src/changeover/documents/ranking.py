"""Which passages answer a question best: BM25 over stems, and vectors by their angle.

BM25 is Lucene's, as `bm25s` computes it. Two rankings become one by reciprocal rank
(G. Cormack, C. Clarke, S. Büttcher, "Reciprocal Rank Fusion outperforms Condorcet and
individual Rank Learning Methods", SIGIR 2009): scores of different kinds are never compared.

numpy would slow the start, so that what needs it is imported when first used.
"""

from collections.abc import Collection, Sequence
from typing import Any

_DAMPING = 60
_WEAK = 0.25
"""A passage whose score is a smaller part of the best one's is left out."""
_FAR = 0.2
"""The least cosine of a passage that counts as near in meaning."""


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


def nearest(asked: Sequence[float], vectors: Sequence[bytes], most: int) -> list[int]:
    """The places of the vectors that point most nearly as `asked` does, the nearest first."""
    import numpy as np  # noqa: PLC0415 - see above

    if not vectors:
        return []
    matrix = np.array([np.frombuffer(one, dtype=np.float32) for one in vectors])
    question = np.array(asked, dtype=np.float32)
    lengths = np.linalg.norm(matrix, axis=1) * np.linalg.norm(question)
    cosines = ((matrix @ question) / np.maximum(lengths, 1e-12)).tolist()
    order = sorted(range(len(cosines)), key=lambda at: (-cosines[at], at))[:most]
    return [at for at in order if cosines[at] >= _FAR]


def fused(rankings: Sequence[Sequence[int]], most: int) -> list[int]:
    """Several rankings as one, the best first."""
    scores: dict[int, float] = {}
    for ranking in rankings:
        for rank, place in enumerate(ranking, 1):
            scores[place] = scores.get(place, 0.0) + 1 / (_DAMPING + rank)
    return sorted(scores, key=lambda place: (-scores[place], place))[:most]
