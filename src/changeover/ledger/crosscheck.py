"""Whether the organisation's record is what the ledger tells.

The ledger holds digests; the instruments, directories and releases themselves
stand in the record. Line and entry are told in one unit of work, in the same order,
so the n-th line of the record answers to the n-th entry of a recorded kind: of the
ledger, and after its end of those that wait to be sequenced.
"""

from collections.abc import Iterable
from datetime import datetime
from itertools import chain, zip_longest
from typing import Any, Protocol

import msgspec

from changeover.ledger.entries import Entry, digest, write_instant
from changeover.ledger.ports import StoredEntry

RECORDED = frozenset({"directory", "instrument", "release", "import"})
"""The kinds of entries that tell of a line of the record."""


class RecordLine(Protocol):
    """A line of the organisation's record, as the store of the orders gives it."""

    @property
    def seq(self) -> int: ...
    @property
    def kind(self) -> str: ...
    @property
    def key(self) -> str: ...
    @property
    def recorded(self) -> datetime: ...
    @property
    def body(self) -> bytes: ...


class RecordFault(msgspec.Struct, frozen=True, kw_only=True):
    """Where the record and the ledger part first: a line of it, an entry, or both."""

    what: str
    seq: int | None = None
    index: int | None = None

    @property
    def where(self) -> str:
        places = [
            "" if self.seq is None else f"line {self.seq} of the record",
            "" if self.index is None else f"entry {self.index} of the ledger",
        ]
        return " and ".join(place for place in places if place)


def verify_record(
    record: Iterable[RecordLine],
    entries: Iterable[StoredEntry],
    waiting: Iterable[Entry] = (),
) -> RecordFault | None:
    """Checks that the ledger tells of the record: every line, in order, and no other.

    Each line's kind, body (by SHA-256) and recorded instant, and an instrument's
    key, must be those of the next entry of a recorded kind. `entries` are a
    ledger's that `verify` found whole, `waiting` what its queue holds, of the form of
    entries. Returns the first difference, or None.
    """
    both = chain[StoredEntry | Entry](entries, waiting)
    told = (entry for entry in both if entry.kind in RECORDED)
    for line, entry in zip_longest(record, told):
        if fault := _difference(line, entry):
            return fault
    return None


def _difference(line: RecordLine | None, entry: StoredEntry | Entry | None) -> RecordFault | None:
    index = entry.index if isinstance(entry, StoredEntry) else None
    if line is None:
        return RecordFault(what="The record lacks what this entry tells of.", index=index)
    if entry is None:
        return RecordFault(what="The ledger tells nothing of this line.", seq=line.seq)
    told: dict[str, Any] = msgspec.json.decode(entry.body)
    expected = {
        "kind": line.kind,
        "key": line.key if line.kind == "instrument" else None,
        "body": digest(line.body),
        "recorded instant": write_instant(line.recorded),
    }
    found = {
        "kind": entry.kind,
        "key": told.get("id"),
        "body": told.get("sha256"),
        "recorded instant": told.get("at"),
    }
    parting = [name for name, value in expected.items() if found[name] != value]
    if not parting:
        return None
    what = f"The line's {', '.join(parting)} is not what the ledger tells."
    return RecordFault(what=what, seq=line.seq, index=index)
