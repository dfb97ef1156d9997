"""Accounts as one process draws on them: each draw is a short transaction of its own."""

from collections.abc import Iterable, Sequence

from changeover.metering.allowance import Draw, Grant
from changeover.storage.allowances import Covers
from changeover.storage.database import Database


class ProcessAllowances:
    """Implements `metering.ports.Allowances` for the process that is called `start`."""

    def __init__(self, database: Database, start: str, covers: Covers) -> None:
        self._database = database
        self._start = start
        self._covers = covers

    def draw(self, draws: Sequence[Draw]) -> Sequence[Grant]:
        with self._database.begin(alone=False) as work:
            return work.allowances.draw(draws, self._start, self._covers)

    def close(self, starts: Iterable[str] | None = None) -> None:
        """Takes back what these processes did not spend, or this one: their calls are recorded."""
        with self._database.begin(alone=False) as work:
            work.allowances.close((self._start,) if starts is None else starts)
