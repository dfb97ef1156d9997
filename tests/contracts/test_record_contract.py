from datetime import UTC, datetime, timedelta

import pytest

from changeover.basics.errors import ConflictError
from tests.contracts.conftest import Ports

NOON = datetime(2026, 2, 26, 17, 0, 0, 123456, tzinfo=UTC)


def test_entries_come_back_as_they_were_recorded(ports: Ports):
    first = ports.record.append("directory", "directory@1", NOON, b'{"zone":"UTC"}')
    later = NOON + timedelta(microseconds=1)
    second = ports.record.append("instrument", "order-1", later, b"\x00\xff not text")
    assert (first, second) == (1, 2)
    entries = ports.record.entries()
    assert [(e.seq, e.kind, e.key, e.recorded, e.body) for e in entries] == [
        (1, "directory", "directory@1", NOON, b'{"zone":"UTC"}'),
        (2, "instrument", "order-1", later, b"\x00\xff not text"),
    ]


def test_entries_after_a_seq(ports: Ports):
    seqs = [ports.record.append("release", f"r{n}", NOON, b"{}") for n in range(4)]
    assert [entry.seq for entry in ports.record.entries(after=seqs[1])] == seqs[2:]
    assert ports.record.entries(after=seqs[-1]) == []


def test_an_instruments_key_is_unique_and_a_refusal_changes_nothing(ports: Ports):
    ports.record.append("instrument", "order-1", NOON, b"one")
    with pytest.raises(ConflictError, match="order-1"):
        ports.record.append("instrument", "order-1", NOON, b"two")
    assert [entry.body for entry in ports.record.entries()] == [b"one"]
    assert ports.record.append("instrument", "order-2", NOON, b"three") > 1


def test_other_kinds_may_repeat_a_key(ports: Ports):
    ports.record.append("instrument", "same", NOON, b"i")
    ports.record.append("directory", "same", NOON, b"d")
    ports.record.append("directory", "same", NOON, b"e")
    assert [entry.kind for entry in ports.record.entries()] == [
        "instrument",
        "directory",
        "directory",
    ]
