"""An office of orders over a database of its own."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from changeover.basics.clock import FixedClock
from changeover.ledger.checkpoint import SigningKey
from changeover.ledger.sequencing import Sequencer
from changeover.ledger.usecases import Ledger
from changeover.orders.usecases import Office
from changeover.orders.uses import Use
from changeover.storage.database import Database
from changeover.storage.works import LedgerWorks
from tests.orders.worlds import bind, day, directory


class Days:
    """Implements `orders.ports.CallDays` with what a test puts into it."""

    def __init__(self) -> None:
        self.known: list[tuple[Use, int]] = []

    def days(self) -> list[tuple[Use, int]]:
        return list(self.known)


class Desk:
    """An office with the clock, the calls and the works that it goes by."""

    def __init__(self, database: Database) -> None:
        self.database = database
        ledger = Ledger(SigningKey("ledger.example", bytes(32)))
        self.works = LedgerWorks(database, Sequencer(database, ledger), demonstration=False)
        self.clock = FixedClock(day(1))
        self.days = Days()
        self.office = Office(self.works, self.days, self.clock)

    def recorded(self) -> int:
        """How many entries the record has."""
        with self.database.reading() as work:
            return len(work.record.entries())


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """An office that stands on day 1 and has recorded the small world, the desk on `alpha/one`."""
    with Database(f"sqlite:///{tmp_path}/changeover.db") as database:
        desk = Desk(database)
        desk.office.apply(directory(bindings=(bind("desk", "alpha/one"),)), by="an officer")
        yield desk
