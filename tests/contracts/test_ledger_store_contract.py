import pytest

from changeover.basics.errors import ConflictError
from changeover.ledger.ports import StoredCheckpoint, StoredEntry
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
