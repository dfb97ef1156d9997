"""What the orders need from outside: the append-only record."""

from collections.abc import Iterable, Mapping
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Any, Literal, Protocol

import msgspec

from changeover.orders.uses import Use

RecordKind = Literal["directory", "instrument", "release"]


class RecordEntry(msgspec.Struct, frozen=True, kw_only=True):
    """One line of the record: a whole directory, an issued instrument, or a release.

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


class Work(Protocol):
    """One unit of work: what is recorded and what the ledger is told commit together."""

    @property
    def record(self) -> Record: ...

    @property
    def settings(self) -> Settings: ...

    def tell(self, kind: str, at: datetime, fields: Mapping[str, Any]) -> None:
        """Adds an entry to the ledger when the work commits."""
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
