"""Units of work whose ledger entries commit with what they tell of.

They commit to the ledger's queue; the sequencer is asked to move them into the tree
as soon as they are there. It is asked after the commit: what was told stands,
whatever becomes of that.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from changeover.basics.instants import microseconds
from changeover.ledger.entries import entry
from changeover.ledger.ports import LedgerStore
from changeover.ledger.sequencing import Sequencer
from changeover.orders.enforcement import Enforcement
from changeover.orders.uses import Use
from changeover.storage.database import Database, Work


class LedgerWork:
    """A unit of work that also tells the ledger."""

    def __init__(self, work: Work, *, demonstration: bool) -> None:
        self.record = work.record
        self.keys = work.keys
        self.limits = work.limits
        self.credentials = work.credentials
        self.drafts = work.drafts
        self.settings = work.settings
        self.proposals = work.proposals
        self.papers = work.papers
        self.deliveries = work.deliveries
        self.acknowledgements = work.acknowledgements
        self.accounts = work.accounts
        self.sessions = work.sessions
        self.provisioned = work.provisioned
        self.provisioning_tokens = work.provisioning_tokens
        self.belongings = work.belongings
        self.sign_in_failures = work.sign_in_failures
        self.revisions = work.revisions
        self.enforcements = work.enforcements
        self.ledger: LedgerStore = work.ledger
        self.queue = work.queue
        self.stamps = work.stamps
        self.told = 0
        self._demonstration = demonstration

    def tell(self, kind: str, at: datetime, fields: Mapping[str, Any]) -> None:
        """Has an entry wait for the ledger when the work commits."""
        self.queue.add([entry(kind, fields, at=at, demonstration=self._demonstration)])
        self.told += 1

    def enact(self, kind: str, keys: Sequence[str], legal: datetime) -> tuple[Enforcement, ...]:
        """Counts what was done as a change that every replica must know; the last thing done."""
        revision = self.revisions.touch()
        return self.enforcements.add(revision, kind, keys, microseconds(legal))


class LedgerWorks:
    """Opens units of work on a database, and has what they tell sequenced."""

    def __init__(self, database: Database, sequencer: Sequencer, *, demonstration: bool) -> None:
        self._database = database
        self._sequencer = sequencer
        self._demonstration = demonstration

    @contextmanager
    def begin(self) -> Iterator[LedgerWork]:
        """A work that commits on leaving; an exception undoes it, and its entries with it."""
        with self._database.begin() as work:
            telling = LedgerWork(work, demonstration=self._demonstration)
            yield telling
        if telling.told:
            self._sequencer.begin_to_catch_up()

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
