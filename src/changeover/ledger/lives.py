"""What the ledger is told of the runs of processes that serve: their starts, ends and gaps."""

from collections.abc import Mapping
from contextlib import AbstractContextManager
from datetime import datetime
from itertools import chain
from typing import Any, Protocol

import msgspec

from changeover.basics.clock import Clock
from changeover.basics.errors import InvalidInputError
from changeover.ledger.entries import Entry
from changeover.ledger.facts import EndReason, EndTold, GapExplained, StartTold
from changeover.ledger.numbering import Numbering
from changeover.ledger.ports import LedgerQueue, LedgerStore, StoredEntry


class TellingWork(Protocol):
    """A unit of work that reads the ledger and tells it more."""

    @property
    def ledger(self) -> LedgerStore: ...
    @property
    def queue(self) -> LedgerQueue: ...

    def tell(self, kind: str, at: datetime, fields: Mapping[str, Any]) -> None: ...


class TellingWorks(Protocol):
    """Opens such units."""

    def begin(self) -> AbstractContextManager[TellingWork]: ...
    def reading(self) -> AbstractContextManager[TellingWork]: ...


class Lives:
    """Tells of starts; an entry's instant is the organisation's clock's."""

    def __init__(self, works: TellingWorks, clock: Clock) -> None:
        self._works = works
        self._clock = clock

    def began(self, start: str, *, host: str, version: str) -> None:
        """A process begins to serve; before its first call."""
        told = StartTold(start=start, host=host, version=version)
        with self._works.begin() as work:
            work.tell("start", self._clock.now(), msgspec.structs.asdict(told))

    def stopped(self, start: str, last: int) -> None:
        """A process ended in order and all its calls, numbered from 1 to `last`, are recorded."""
        self._end({start: last}, "stopped")

    def killed(self, last: Mapping[str, int]) -> None:
        """Starts ended out of order; each gave the numbers that its journal knows of."""
        self._end(last, "killed")

    def explain(self, start: str, span: tuple[int, int], *, why: str, by: str) -> GapExplained:
        """Records why calls of a start are missing, from the first to the last of `span`.

        Raises `InvalidInputError` without a reason, and where a call of the span is
        told of or the start cannot have made it.
        """
        first, last = span
        if not why.strip():
            raise InvalidInputError("An explanation says why.", do="Give it with --why.")
        numbering = Numbering()
        with self._works.reading() as work:
            told_so_far = chain[StoredEntry | Entry](work.ledger.entries(), work.queue.waiting())
            for entry in told_so_far:
                numbering.take(msgspec.json.decode(entry.body))
        if not numbering.open_to_explanation(start, first, last):
            raise InvalidInputError(
                f"Calls {first} to {last} of start {start} are no gap.",
                means="The ledger tells of one of them, or knows no such start, or that start "
                "ended without giving these numbers.",
                do="See the gaps with `changeover ledger verify`, and name one of them.",
            )
        told = GapExplained(start=start, first=first, last=last, why=why.strip(), by=by)
        with self._works.begin() as work:
            work.tell("gap", self._clock.now(), msgspec.structs.asdict(told))
        return told

    def _end(self, last: Mapping[str, int], reason: EndReason) -> None:
        if not last:
            return
        now = self._clock.now()
        with self._works.begin() as work:
            for start, given in last.items():
                told = EndTold(start=start, last=given, reason=reason)
                work.tell("end", now, msgspec.structs.asdict(told))
