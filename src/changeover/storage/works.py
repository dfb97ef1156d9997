"""Units of work whose ledger entries commit with what they tell of."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from changeover.basics.instants import microseconds
from changeover.ledger.entries import Entry, entry
from changeover.ledger.usecases import Ledger
from changeover.orders.enforcement import Enforcement
from changeover.orders.uses import Use
from changeover.storage.database import Database, Work


class LedgerWork:
    """A unit of work that also tells the ledger."""

    def __init__(self, work: Work, *, demonstration: bool) -> None:
        self.record = work.record
        self.keys = work.keys
        self.credentials = work.credentials
        self.drafts = work.drafts
        self.settings = work.settings
        self.proposals = work.proposals
        self.acknowledgements = work.acknowledgements
        self.accounts = work.accounts
        self.sessions = work.sessions
        self.sign_in_failures = work.sign_in_failures
        self.revisions = work.revisions
        self.enforcements = work.enforcements
        self.told: list[Entry] = []
        self._demonstration = demonstration

    def tell(self, kind: str, at: datetime, fields: Mapping[str, Any]) -> None:
        """Adds an entry to the ledger when the work commits."""
        self.told.append(entry(kind, fields, at=at, demonstration=self._demonstration))

    def enact(self, kind: str, keys: Sequence[str], legal: datetime) -> tuple[Enforcement, ...]:
        """Counts what was done as a change that every replica must know; the last thing done."""
        revision = self.revisions.touch()
        return self.enforcements.add(revision, kind, keys, microseconds(legal))


class LedgerWorks:
    """Opens units of work on a database; what they tell becomes one append to the ledger."""

    def __init__(self, database: Database, ledger: Ledger, *, demonstration: bool) -> None:
        self._database = database
        self._ledger = ledger
        self._demonstration = demonstration

    @contextmanager
    def begin(self) -> Iterator[LedgerWork]:
        """A work that commits on leaving; an exception undoes it, and its entries with it."""
        with self._database.begin() as work:
            telling = LedgerWork(work, demonstration=self._demonstration)
            yield telling
            if telling.told:
                self._ledger.append(work.ledger, telling.told)

    @contextmanager
    def reading(self) -> Iterator[LedgerWork]:
        """A work that only reads."""
        with self._database.reading() as work:
            yield LedgerWork(work, demonstration=self._demonstration)


class RecordedCallDays:
    """The uses that recorded calls show, by UTC day."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def days(self) -> Iterator[tuple[Use, int]]:
        with self._database.reading() as work:
            used = work.calls.uses()
        for service, purpose, maker, day in used:
            yield Use(service, purpose, maker), day
