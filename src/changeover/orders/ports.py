"""What the orders need from outside: the append-only record."""

from datetime import datetime
from typing import Literal, Protocol

import msgspec

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
