"""What the orders need from outside: the append-only record, and what waits beside it."""

from collections.abc import Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Any, Literal, Protocol

import msgspec

from changeover.orders.enforcement import Enforcement, Renewal, Renewed, Replica
from changeover.orders.model import Instrument
from changeover.orders.uses import Use

RecordKind = Literal["directory", "instrument", "release", "import"]


class RecordEntry(msgspec.Struct, frozen=True, kw_only=True):
    """One line of the record: a whole directory, an issued instrument, a release, an import.

    `body` is canonical JSON; `recorded` is when it became known. `key` is the
    instrument's id, or what else names the entry; an instrument's is unique.
    """

    seq: int
    kind: RecordKind
    key: str
    recorded: datetime
    body: bytes


class Record(Protocol):
    """The organisation's record. Nothing in it is ever changed or deleted."""

    def append(self, kind: RecordKind, key: str, recorded: datetime, body: bytes) -> int:
        """Adds an entry and returns its `seq` (from 1, rising).

        Raises `ConflictError` when an instrument of that key stands already.
        """
        ...

    def entries(self, after: int = 0) -> list[RecordEntry]:
        """The entries with `seq > after`, in order."""
        ...


class Settings(Protocol):
    """Names with texts, kept beside the record."""

    def get(self, name: str) -> str | None: ...

    def set(self, name: str, value: str) -> None: ...


ProposalState = Literal["entered", "issued", "withdrawn", "overtaken"]


class Proposal(msgspec.Struct, frozen=True, kw_only=True):
    """Instruments that an officer entered and another is to confirm.

    The last of `instruments` is what was entered; those before it are issued with
    it because it carries them out. They stand as their texts date them: `at_once`
    says that they take effect when they are confirmed. `account` is the officer's,
    `entered_by` the officer's name. `settled_by` and `settled` are of the end of
    it, whichever `state` that is.
    """

    id: str
    instruments: tuple[Instrument, ...]
    at_once: bool
    account: str
    entered_by: str
    entered: datetime
    state: ProposalState = "entered"
    settled_by: str | None = None
    settled: datetime | None = None

    @property
    def instrument(self) -> Instrument:
        """What was entered."""
        return self.instruments[-1]


class Proposals(Protocol):
    """What was entered, and how it was settled."""

    def add(self, proposal: Proposal) -> None:
        """Keeps a new proposal; `ConflictError` when its id stands already."""
        ...

    def get(self, proposal: str) -> Proposal:
        """The proposal with this id; `NotFoundError`."""
        ...

    def waiting(self) -> list[Proposal]:
        """Those that are not settled, in the order they were entered."""
        ...

    def settle(self, proposal: str, state: ProposalState, *, by: str, at: datetime) -> Proposal:
        """Ends a proposal; `NotFoundError`, `ConflictError` when it is settled already."""
        ...


class Acknowledgements(Protocol):
    """Which notices people have acknowledged, by account and notice id."""

    def add(self, account: str, notice: str, at: datetime) -> None:
        """Notes it; a second time changes nothing."""
        ...

    def of(self, account: str) -> frozenset[str]:
        """The notices that an account has acknowledged."""
        ...

    def readers(self, order: str) -> int:
        """How many accounts have acknowledged a notice of an order."""
        ...


class Replicas(Protocol):
    """The processes that serve on one database, and their leases."""

    def revision(self) -> int:
        """How many changes were committed that every replica must have loaded."""
        ...

    def renew(self, renewal: Renewal) -> Renewed:
        """Gives or renews a lease, counted on the database's clock; committed on return."""
        ...

    def leave(self, start: str) -> None:
        """Ends a lease at once."""
        ...

    def all(self) -> tuple[int, Sequence[Replica]]:
        """The database's clock, and every process that serves or served, the oldest first."""
        ...


class Enforcements(Protocol):
    """When acts came into force."""

    def settle(self, enforcement: Enforcement) -> bool:
        """Keeps when it was in force everywhere; False, and nothing kept, if that is known."""
        ...

    def last(self, key: str) -> Enforcement | None:
        """The last act on something, by the instrument's id, the key's prefix and so on."""
        ...

    def recent(self, limit: int) -> tuple[Enforcement, ...]:
        """The last acts on anything, the newest first."""
        ...


class CallMade(msgspec.Struct, frozen=True, kw_only=True):
    """A call that was let out: which it was, on which route, when, and how it ended."""

    start: str
    seq: int
    at: datetime
    service: str
    slot: str
    route: str
    result: str


class Enforcing(Protocol):
    """Brings acts into force on every replica."""

    def settle(self, acts: Sequence[Enforcement]) -> Sequence[Enforcement]:
        """Returns when acts of one revision bind everywhere, as far as that is seen."""
        ...

    def of(self, key: str) -> Enforcement | None:
        """What is known of the last act on something; None where nothing was kept."""
        ...


class Work(Protocol):
    """One unit of work: what is recorded and what the ledger is told commit together."""

    @property
    def record(self) -> Record: ...

    @property
    def settings(self) -> Settings: ...

    @property
    def proposals(self) -> Proposals: ...

    @property
    def acknowledgements(self) -> Acknowledgements: ...

    def tell(self, kind: str, at: datetime, fields: Mapping[str, Any]) -> None:
        """Adds an entry to the ledger when the work commits."""
        ...

    def enact(self, kind: str, keys: Sequence[str], legal: datetime) -> tuple[Enforcement, ...]:
        """Counts what was done as a change that every replica must know; the last thing done."""
        ...


class Works(Protocol):
    """Opens units of work."""

    def begin(self) -> AbstractContextManager[Work]:
        """A work that commits on leaving and is undone by an exception."""
        ...

    def reading(self) -> AbstractContextManager[Work]:
        """A work that only reads."""
        ...


class CallDays(Protocol):
    """Which services called which makers on which days, from the record of calls."""

    def days(self) -> Iterable[tuple[Use, int]]:
        """Uses with the UTC days, counted from 1970-01-01, on which they were called."""
        ...


class CallsMade(Protocol):
    """The calls that went out, from the record of calls."""

    def made(self, since: datetime, until: datetime) -> Iterable[CallMade]:
        """The calls that were let out in [since, until), in their order."""
        ...


class ServiceKeys(Protocol):
    """The keys that services call with, as far as a count goes."""

    def valid(self, services: Iterable[str], at: datetime) -> Mapping[str, int]:
        """How many keys of each of these services open a door at an instant; none is 0."""
        ...


class ServiceConversations(Protocol):
    """The conversations of services, as far as a count goes."""

    def with_turns_of(self, models: Iterable[str]) -> Mapping[str, int]:
        """How many conversations of each service hold a turn that one of these models wrote.

        Archived ones count: what a model wrote stays in them.
        """
        ...
