from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest

from changeover.basics.errors import ConflictError
from changeover.ledger.ports import StoredCheckpoint, StoredEntry
from changeover.ledger.vouching import Stamp
from tests.contracts.conftest import Ports


def entry(index: int) -> StoredEntry:
    body = b'{"n":%d}' % index
    return StoredEntry(index=index, kind="call", body=body, leaf=index.to_bytes(32, "big"))


def checkpoint(size: int) -> StoredCheckpoint:
    return StoredCheckpoint(size=size, root=size.to_bytes(32, "big"), note=b"note %d" % size)


def test_an_empty_ledger(ports: Ports):
    assert ports.ledger.tree_state() == (0, ())
    assert list(ports.ledger.entries()) == []
    assert list(ports.ledger.checkpoints()) == []
    assert ports.ledger.last_checkpoint() is None


def test_what_is_appended_comes_back_in_order(ports: Ports):
    first, second = (b"a" * 32, b"b" * 32), (b"c" * 32,)
    ports.ledger.append([entry(n) for n in range(3)], first, checkpoint(3))
    assert ports.ledger.tree_state() == (3, first)
    ports.ledger.append([entry(3)], second, checkpoint(4))
    assert ports.ledger.tree_state() == (4, second)
    assert list(ports.ledger.entries()) == [entry(n) for n in range(4)]
    assert list(ports.ledger.entries(2)) == [entry(2), entry(3)]
    assert list(ports.ledger.checkpoints()) == [checkpoint(3), checkpoint(4)]
    assert ports.ledger.last_checkpoint() == checkpoint(4)


def test_more_than_a_page_comes_back_whole(ports: Ports):
    for start in range(0, 2000, 500):
        entries = [entry(n) for n in range(start, start + 500)]
        ports.ledger.append(entries, (b"s" * 32,), checkpoint(start + 500))
    ports.ledger.append([entry(2000)], (b"s" * 32,), checkpoint(2001))
    assert [stored.index for stored in ports.ledger.entries()] == list(range(2001))
    assert [stored.index for stored in ports.ledger.entries(999)] == list(range(999, 2001))


@pytest.mark.parametrize(("indices", "size"), [([1], 2), ([0, 2], 2), ([0], 2), ([0, 0], 2)])
def test_entries_that_do_not_continue_the_tree_are_refused(
    ports: Ports, indices: list[int], size: int
):
    with pytest.raises(ConflictError):
        ports.ledger.append([entry(n) for n in indices], (b"s" * 32,), checkpoint(size))
    assert ports.ledger.tree_state() == (0, ())
    assert list(ports.ledger.entries()) == []


def test_calls_leaves_and_kinds_are_read_apart(ports: Ports):
    entries = [entry(n) if n % 3 else StoredEntry(**_of_a_start(n)) for n in range(7)]
    ports.ledger.append(entries, (b"s" * 32,), checkpoint(7))
    calls = [(each.body, each.leaf) for each in entries[1:6] if each.kind == "call"]
    assert [tuple(row) for row in ports.ledger.calls(1, 6)] == calls
    assert ports.ledger.leaves(2, 5) == [each.leaf for each in entries[2:5]]
    assert ports.ledger.leaves(5, 99) == [each.leaf for each in entries[5:]]
    assert [each.index for each in ports.ledger.entries(1, ("start", "end"))] == [3, 6]


def _of_a_start(index: int) -> dict[str, Any]:
    return msgspec.structs.asdict(entry(index)) | {"kind": "start"}


def test_a_checkpoint_is_found_by_its_size(ports: Ports):
    ports.ledger.append([entry(n) for n in range(3)], (b"s" * 32,), checkpoint(3))
    assert ports.ledger.checkpoint_at(3) == checkpoint(3)
    assert ports.ledger.checkpoint_at(2) is None


def test_stamps_are_kept_once_and_given_by_size(ports: Ports):
    at = datetime(2026, 2, 26, 14, tzinfo=UTC)

    def stamp(size: int, name: str, body: bytes = b"x") -> Stamp:
        return Stamp(size=size, kind="witness", name=name, body=body, at=at)

    assert (ports.stamps.newest("witness", "a"), list(ports.stamps.all())) == (None, [])
    for each in (stamp(9, "a"), stamp(5, "b"), stamp(5, "a"), stamp(5, "a", b"another")):
        ports.stamps.add(each)
    assert list(ports.stamps.all()) == [stamp(5, "a"), stamp(5, "b"), stamp(9, "a")]
    assert ports.stamps.newest("witness", "a") == stamp(9, "a")
    assert ports.stamps.newest("time", "a") is None
    assert ports.stamps.of(9) == [stamp(9, "a")]
