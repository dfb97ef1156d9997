from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest

from changeover.ledger.checkpoint import SigningKey
from changeover.ledger.crosscheck import RecordFault, verify_record
from changeover.ledger.entries import Entry, digest, fact_entry
from changeover.ledger.fact import Fact
from changeover.ledger.facts import (
    BundleImported,
    DirectoryRecorded,
    DocumentTaken,
    InstrumentRecorded,
    ReleaseRecorded,
)
from changeover.ledger.usecases import Ledger
from changeover.orders.ports import RecordEntry, RecordKind
from tests.fakes import FakeLedgerStore, FakeRecord

AT = datetime(2026, 2, 26, 14, tzinfo=UTC)
LINES: list[tuple[RecordKind, str, bytes]] = [
    ("directory", "directory@1", b'{"zone":"UTC"}'),
    ("instrument", "order-1", b'{"id":"order-1"}'),
    ("instrument", "order-2", b'{"id":"order-2"}'),
    ("release", "s/r", b'{"service":"s"}'),
    ("import", "import-1", b'{"sequence":1}'),
]


def fact(kind: RecordKind, key: str, body: bytes) -> Fact:
    match kind:
        case "directory":
            return DirectoryRecorded(sha256=digest(body), by="ada", changes=1)
        case "instrument":
            return InstrumentRecorded(
                id=key,
                issuer="president",
                instrument_kind="order",
                sha256=digest(body),
                entered_by="ada",
            )
        case "release":
            return ReleaseRecorded(service="s", route="r", by="ada", sha256=digest(body))
        case "import":
            return BundleImported(
                source="ledger.example",
                network="classified",
                sequence=1,
                digest=digest(body),
                made=AT,
                by="ada",
                instruments=0,
                sha256=digest(body),
            )


def told() -> tuple[list[RecordEntry], FakeLedgerStore]:
    record, store = FakeRecord(), FakeLedgerStore()
    ledger = Ledger(SigningKey("ledger.example", bytes(32)))
    for minutes, (kind, key, body) in enumerate(LINES):
        at = AT + timedelta(minutes=minutes)
        record.append(kind, key, at, body)
        entries = [fact_entry(fact(kind, key, body), at=at, demonstration=False)]
        unrecorded = DocumentTaken(sha256=digest(body))
        ledger.append(store, [fact_entry(unrecorded, at=at, demonstration=False), *entries])
    return record.lines, store


def test_a_record_that_the_ledger_tells_of_whole():
    lines, store = told()
    assert verify_record(lines, store.entries()) is None
    assert verify_record([], []) is None


@pytest.mark.parametrize(
    ("at", "change", "parting"),
    [
        (1, {"body": b'{"id":"order-1" }'}, "body"),
        (2, {"key": "order-3"}, "key"),
        (0, {"kind": "release"}, "kind"),
        (3, {"recorded": AT}, "recorded instant"),
    ],
)
def test_an_altered_line_is_named_with_its_entry(at: int, change: dict[str, Any], parting: str):
    lines, store = told()
    lines[at] = msgspec.structs.replace(lines[at], **change)
    fault = verify_record(lines, store.entries())
    assert fault == RecordFault(
        what=f"The line's {parting} is not what the ledger tells.", seq=at + 1, index=2 * at + 1
    )
    assert fault.where == f"line {at + 1} of the record and entry {2 * at + 1} of the ledger"


def test_a_line_taken_out_is_seen_where_the_next_stands():
    lines, store = told()
    del lines[1]
    fault = verify_record(lines, store.entries())
    assert fault is not None
    assert (fault.seq, fault.index) == (3, 3)


def test_the_last_line_missing_on_either_side():
    lines, store = told()
    assert verify_record(lines[:-1], store.entries()) == RecordFault(
        what="The record lacks what this entry tells of.", index=9
    )
    entries = list(store.entries())[:-1]
    assert verify_record(lines, entries) == RecordFault(
        what="The ledger tells nothing of this line.", seq=5
    )


def test_lines_whose_entries_still_wait_are_told_of_all_the_same():
    lines, store = told()
    entries = list(store.entries())
    waiting = [Entry(entry.kind, entry.body) for entry in entries[4:]]
    assert verify_record(lines, entries[:4], waiting) is None
    assert verify_record(lines, entries[:4], waiting[:-1]) == RecordFault(
        what="The ledger tells nothing of this line.", seq=5
    )
    fault = verify_record([*lines[:3], lines[0]], entries[:4], waiting)
    assert fault is not None
    assert (fault.seq, fault.index) == (1, None)
