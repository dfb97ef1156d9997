"""Finding passages by what they mean: the vectors nearest to a question's.

The question is embedded by the model that made the index which serves, whatever is bound since:
another's vector would lie in another space. Where that model may not be used any more, or answers
under another version, nothing is found here, and the reason is told.

numpy would slow the start, so that what needs it is imported when first used.
"""

import threading
from collections import OrderedDict
from collections.abc import Sequence
from typing import Any, Protocol

import msgspec

from changeover.basics.errors import ChangeoverError
from changeover.documents import passages
from changeover.documents.model import NotByMeaning
from changeover.documents.ports import FileStore, FileWork, Offload
from changeover.documents.vectors import VectorIndex

_KEPT = 2
"""Of ten thousand passages and 3,072 numbers each, one takes 120 MB; with 768 numbers, 30."""


class Texts(msgspec.Struct, frozen=True, kw_only=True):
    """Texts to be embedded by a model; `account` is whose they are, `content` of which classes."""

    model: str
    texts: tuple[str, ...]
    account: str
    content: tuple[str, ...]
    question: bool = False


class Vectored(msgspec.Struct, frozen=True, kw_only=True):
    """The vectors of texts, and under which version the model answered."""

    vectors: tuple[tuple[float, ...], ...]
    version: str


class Bound(msgspec.Struct, frozen=True, kw_only=True):
    """The model that the service is bound to; not `allowed` while every route to it is barred."""

    model: str
    name: str
    allowed: bool


class NotEmbeddedError(ChangeoverError):
    """There are no vectors to be had."""

    code = "not-embedded"

    def __init__(self, because: NotByMeaning, what: str) -> None:
        super().__init__(what)
        self.because: NotByMeaning = because


class Embedder(Protocol):
    """A service's way to models that embed, through the decisions that every call goes through."""

    def bound(self) -> Bound | None:
        """What it is bound to now; None where nothing is that could be called."""
        ...

    def may_read(self, model: str, content: tuple[str, ...]) -> bool:
        """Whether a model may be given content of these data classes now."""
        ...

    def name_of(self, model: str) -> str:
        """What people call a model, also one that the directory does not know any more."""
        ...

    async def embed(self, texts: Texts) -> Vectored:
        """The vectors; `NotEmbeddedError`."""
        ...


class Question(msgspec.Struct, frozen=True, kw_only=True):
    """What is looked for, for whom, and of which data class the words are."""

    account: str
    text: str
    data_class: str


class Nearest(msgspec.Struct, frozen=True, kw_only=True):
    """Files with the places of their passages, the nearest first; else why there are none."""

    places: tuple[tuple[str, int], ...] = ()
    because: NotByMeaning | None = None


class Meaning:
    """Finds passages of files by the index that serves."""

    def __init__(self, store: FileStore, embedder: Embedder, offload: Offload) -> None:
        self._store = store
        self._embedder = embedder
        self._offload = offload
        self._kept: OrderedDict[tuple[str, ...], _Matrix] = OrderedDict()
        self._lock = threading.Lock()

    async def nearest(self, question: Question, files: Sequence[str], most: int) -> Nearest:
        """The passages of these files that mean most nearly what is asked."""
        index = await self._offload(self._serving)
        if index is None:
            return Nearest(because="not-yet")
        asked = Texts(
            model=index.model,
            texts=(question.text,),
            account=question.account,
            content=(question.data_class,),
            question=True,
        )
        try:
            made = await self._embedder.embed(asked)
        except NotEmbeddedError as error:
            return Nearest(because=error.because)
        if made.version != index.version:
            return Nearest(because="not-yet")
        found = await self._offload(lambda: self._find(index, files, made.vectors[0], most))
        return Nearest(places=found)

    def _serving(self) -> VectorIndex | None:
        with self._store.reading() as work:
            return next(
                (
                    one
                    for one in work.vectors.all()
                    if one.state == "serving" and one.cut == passages.VERSION
                ),
                None,
            )

    def _find(
        self, index: VectorIndex, files: Sequence[str], vector: Sequence[float], most: int
    ) -> tuple[tuple[str, int], ...]:
        with self._store.reading() as work:
            matrix = self._matrix(work, index, files)
        return matrix.nearest(vector, most)

    def _matrix(self, work: FileWork, index: VectorIndex, files: Sequence[str]) -> "_Matrix":
        """The vectors of the files; kept while the index holds the same of each."""
        covered = work.vectors.covered(index.id)
        here = [f"{file} {covered[file]}" for file in sorted(files) if file in covered]
        key = (index.id, *here)
        with self._lock:
            found = self._kept.get(key)
            if found is None:
                found = self._kept[key] = _Matrix(work, index.id, files)
                if len(self._kept) > _KEPT:
                    self._kept.popitem(last=False)
            self._kept.move_to_end(key)
            return found


class _Matrix:
    """The vectors of some files, one a row."""

    def __init__(self, work: FileWork, index: str, files: Sequence[str]) -> None:
        import numpy as np  # noqa: PLC0415 - see above

        self._places: list[tuple[str, int]] = []
        rows: list[Any] = []
        for piece in work.vectors.pieces(index, files):
            self._places += [(piece.file, piece.first + at) for at in range(piece.count)]
            kept = np.frombuffer(piece.body, dtype="<f2").reshape(piece.count, -1)
            rows.append(kept.astype(np.float32))
        self._rows: Any = np.concatenate(rows) if rows else None

    def nearest(self, vector: Sequence[float], most: int) -> tuple[tuple[str, int], ...]:
        import numpy as np  # noqa: PLC0415 - see above

        asked = np.asarray(vector, dtype=np.float32)
        if self._rows is None or self._rows.shape[1] != len(asked):
            return ()
        order = np.argsort(-(self._rows @ asked), kind="stable")[:most]
        return tuple(self._places[at] for at in order.tolist())


def packed(vectors: Sequence[Sequence[float]]) -> bytes:
    """Vectors brought to length 1, as a piece keeps them; `NotEmbeddedError` for no such."""
    import numpy as np  # noqa: PLC0415 - see above

    if len({len(one) for one in vectors}) != 1:
        raise NotEmbeddedError("unreached", "The model gave vectors of several lengths.")
    rows = np.asarray(vectors, dtype=np.float64)
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    rows = np.divide(rows, lengths, out=np.zeros_like(rows), where=lengths > 0)
    return bytes(rows.astype("<f2").tobytes())
