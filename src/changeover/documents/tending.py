"""Keeping the index by meaning up with what is in the collections, in the background.

* What is built is the index of the model that the service is bound to. Each round has some
  passages embedded and keeps them, so that a process that is killed loses one round.
* The version of an index is what the vendor answers under. Answers under another version, another
  model bound, or texts cut otherwise begin a new index beside the one that serves (`vectors`).
* A passage goes to the model only where content of its collection's data class may. What may not
  go is found by its words, and does not keep an index from serving.
* One process works at an index. What one left that serves no more, another takes up.

What was removed too long ago to be brought back is forgotten here too.
"""

import asyncio
from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Literal

import msgspec
import structlog

from changeover.basics.clock import Clock
from changeover.basics.errors import ChangeoverError
from changeover.basics.ids import new_id
from changeover.documents import passages
from changeover.documents.collections import KEPT
from changeover.documents.meaning import Bound, Embedder, NotEmbeddedError, Texts, packed
from changeover.documents.model import Passage, StoredFile
from changeover.documents.ports import FileStore, Offload
from changeover.documents.vectors import Piece, VectorIndex

AT_ONCE = 32
"""Passages in one call."""
_EVERY = 20.0
_FORGETS_EVERY = 3600.0

MeaningState = Literal["serving", "building", "barred", "unreached"]


class MeaningStanding(msgspec.Struct, frozen=True, kw_only=True):
    """How far the index of the bound model is: `done` of `total` passages.

    `version` is empty before the first answer. `serving` is the model whose index serves, None
    while none does. `withheld` counts passages that the model may not be given.
    """

    model: str
    version: str
    state: MeaningState
    done: int
    total: int
    withheld: int
    serving: str | None


class TendingParts(msgspec.Struct, frozen=True, kw_only=True):
    """What the index is kept with, by the process `start`; `living` are the others that serve.

    `held` says whether a legal hold reaches a party.

    `embedder` is None where no service is bound: then nothing is built.
    """

    store: FileStore
    embedder: Embedder | None
    clock: Clock
    offload: Offload
    start: str
    living: Callable[[], frozenset[str]]
    held: Callable[[str], bool]


class _Collected(msgspec.Struct, frozen=True):
    """A file that belongs in the index, its data class, and how many of its passages are."""

    file: StoredFile
    data_class: str
    covered: int

    @property
    def left(self) -> int:
        return self.file.found.passages - self.covered


class _Plan(msgspec.Struct, frozen=True):
    """The index that is built or serves for a model, and what belongs in it."""

    indexes: Sequence[VectorIndex]
    target: VectorIndex | None
    files: Sequence[_Collected]

    @property
    def serving(self) -> VectorIndex | None:
        return next((one for one in self.indexes if one.state == "serving"), None)


class Tending:
    """Keeps the index of this installation."""

    def __init__(self, parts: TendingParts, every: float = _EVERY) -> None:
        self._parts = parts
        self._every = every
        self._soon = asyncio.Event()
        self._because: MeaningState | None = None

    @asynccontextmanager
    async def running(self) -> AsyncGenerator[None]:
        """Keeps it until the block ends."""
        tasks = [asyncio.create_task(self._run()), asyncio.create_task(self._forgetting())]
        try:
            yield
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    def soon(self) -> None:
        """Has it looked at once whether something is to be done."""
        self._soon.set()

    async def standing(self) -> MeaningStanding | None:
        """How far the index is; None where no model is bound."""
        embedder = self._parts.embedder
        bound = None if embedder is None else embedder.bound()
        if embedder is None or bound is None:
            return None
        plan = await self._parts.offload(lambda: self._plan(bound.model))
        target, serving = plan.target, plan.serving
        total = sum(one.file.found.passages for one in plan.files)
        left = [one for one in plan.files if one.left]
        withheld = [one for one in left if not embedder.may_read(bound.model, (one.data_class,))]
        state: MeaningState = "barred"
        if bound.allowed:
            serves = target is not None and target.state == "serving" and len(left) == len(withheld)
            state = "serving" if serves else self._because or "building"
        return MeaningStanding(
            model=bound.name,
            version="" if target is None else target.version,
            state=state,
            done=total - sum(one.left for one in left),
            total=total,
            withheld=sum(one.left for one in withheld),
            serving=None if serving is None else embedder.name_of(serving.model),
        )

    async def _run(self) -> None:
        while True:
            self._soon.clear()
            busy = False
            try:
                busy = await self.round()
                self._because = None
            except NotEmbeddedError as error:
                self._because = "barred" if error.because == "barred" else "unreached"
            except ChangeoverError as error:
                structlog.get_logger("changeover.documents").warning(
                    "the index by meaning was not kept up", why=error.code
                )
            if not busy:
                await self._rest(self._every)

    async def _rest(self, seconds: float) -> None:
        try:
            async with asyncio.timeout(seconds):
                await self._soon.wait()
        except TimeoutError:
            return

    async def _forgetting(self) -> None:
        while True:
            try:
                await self._parts.offload(self._forget)
            except ChangeoverError as error:
                structlog.get_logger("changeover.documents").warning(
                    "what was removed is not forgotten yet", why=error.code
                )
            await asyncio.sleep(_FORGETS_EVERY)

    async def round(self) -> bool:
        """Does what is next; whether more is to be done. `NotEmbeddedError`."""
        embedder = self._parts.embedder
        bound = None if embedder is None else embedder.bound()
        if embedder is None or bound is None or not bound.allowed:
            return False
        plan = await self._parts.offload(lambda: self._plan(bound.model))
        if plan.target is not None and not await self._mine(plan.target):
            return False
        left = [one for one in plan.files if one.left > 0]
        next_ = next((o for o in left if embedder.may_read(bound.model, (o.data_class,))), None)
        if next_ is None:
            await self._parts.offload(lambda: self._settle(plan))
            return False
        await self._embed(embedder, bound, plan.target, next_)
        return True

    async def _mine(self, target: VectorIndex) -> bool:
        start = self._parts.start

        def take() -> bool:
            if target.start == start:
                return True
            if target.start in self._parts.living():
                return False
            with self._parts.store.begin(alone=False) as work:
                return work.vectors.take(target.id, start, target.start)

        return await self._parts.offload(take)

    async def _embed(
        self, embedder: Embedder, bound: Bound, target: VectorIndex | None, one: _Collected
    ) -> None:
        texts = await self._parts.offload(lambda: self._texts(one))
        if not texts:
            return
        made = await embedder.embed(
            Texts(
                model=bound.model,
                texts=tuple(texts),
                account=one.file.account,
                content=(one.data_class,),
            )
        )
        body = packed(made.vectors)
        piece = Piece(file=one.file.id, first=one.covered, count=len(texts), body=body)
        if target is not None and target.version == made.version:
            await self._parts.offload(lambda: self._keep(target, piece))
            return
        new = VectorIndex(
            id=new_id("vect"),
            model=bound.model,
            version=made.version,
            cut=passages.VERSION,
            state="building",
            begun=self._parts.clock.now(),
            start=self._parts.start,
        )
        # Another version may have come in the middle of a file: then it begins anew there.
        first = piece if one.covered == 0 else None
        await self._parts.offload(lambda: self._begin(new, first))

    def _plan(self, model: str) -> _Plan:
        with self._parts.store.reading() as work:
            indexes = work.vectors.all()
            fitting = [o for o in indexes if (o.model, o.cut) == (model, passages.VERSION)]
            target = fitting[-1] if fitting else None
            covered: Mapping[str, int] = {} if target is None else work.vectors.covered(target.id)
            files = [
                _Collected(file, data_class, covered.get(file.id, 0))
                for file, data_class in work.files.collected()
            ]
        return _Plan(indexes, target, files)

    def _settle(self, plan: _Plan) -> None:
        """All that may be in the index is: it serves, and no other is left."""
        target = plan.target
        if target is None or (target.state == "serving" and len(plan.indexes) == 1):
            return
        with self._parts.store.begin(alone=False) as work:
            work.vectors.serve(target.id)

    def _texts(self, one: _Collected) -> list[str]:
        with self._parts.store.reading() as work:
            index, text = work.files.index(one.file.id), work.files.text(one.file.id)
        if index is None or text is None:
            return []
        some = index[1].passages[one.covered : one.covered + AT_ONCE]
        return [_words(text.text, passage) for passage in some]

    def _keep(self, target: VectorIndex, piece: Piece) -> None:
        with self._parts.store.begin(alone=False) as work:
            work.vectors.add_piece(target.id, piece)

    def _begin(self, index: VectorIndex, piece: Piece | None) -> None:
        with self._parts.store.begin(alone=False) as work:
            for other in work.vectors.all():
                if other.state == "building":
                    work.vectors.forget(other.id)
            work.vectors.add(index)
            if piece is not None:
                work.vectors.add_piece(index.id, piece)

    def _forget(self) -> None:
        """What was removed long enough ago goes, but for what a legal hold has kept."""
        parts, before = self._parts, self._parts.clock.now() - KEPT
        with parts.store.reading() as work:
            places = {file.collection or "" for file in work.files.put_away_before(before)}
            found = [work.collections.get(one) for one in sorted(places)]
            due = [*work.collections.removed_before(before), *filter(None, found)]
        held = {party for party in {one.party for one in due} if parts.held(party)}
        kept = {one.id for one in due if one.party in held}
        with parts.store.begin(alone=False) as work:
            gone = [one.id for one in work.collections.removed_before(before) if one.id not in kept]
            away = [one for one in work.files.put_away_before(before) if one.collection not in kept]
            for file in dict.fromkeys(f.id for f in (*work.files.of_collections(gone), *away)):
                work.files.remove(file)
            work.collections.forget(gone)


def _words(text: str, passage: Passage) -> str:
    words = text[passage.start : passage.end]
    return f"{passage.heading}\n{words}" if passage.heading else words
