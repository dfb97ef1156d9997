from datetime import UTC, datetime

import msgspec
import pytest

from changeover.ledger.checkpoint import SigningKey, open_checkpoint
from changeover.ledger.entries import Entry, digest, fact_entry
from changeover.ledger.facts import DocumentTaken
from changeover.ledger.leaves import entry_leaf
from changeover.ledger.tree import root
from changeover.ledger.usecases import Ledger, LedgerError
from changeover.ledger.verification import verify
from tests.fakes import FakeLedgerStore

AT = datetime(2026, 3, 2, 15, tzinfo=UTC)
KEY = SigningKey("ledger.example", bytes(32))


def entries(*names: str) -> list[Entry]:
    facts = [DocumentTaken(sha256=digest(name.encode())) for name in names]
    return [fact_entry(fact, at=AT, demonstration=False) for fact in facts]


def test_an_append_extends_the_tree_and_signs_it():
    store, ledger = FakeLedgerStore(), Ledger(KEY)
    ledger.append(store, entries("a"))
    appended = ledger.append(store, entries("b", "c"))
    assert appended.start == 1
    assert [stored.index for stored in store.stored] == [0, 1, 2]
    signed = open_checkpoint(appended.checkpoint.note, ledger.verifier)
    assert signed.size == 3
    assert signed.root == root(entry_leaf(stored.body) for stored in store.stored)
    assert verify(store, ledger.verifier).ok


def test_an_append_without_entries_is_a_mistake():
    with pytest.raises(ValueError):
        Ledger(KEY).append(FakeLedgerStore(), [])


def test_another_key_does_not_continue_a_ledger():
    store = FakeLedgerStore()
    Ledger(KEY).append(store, entries("a"))
    with pytest.raises(LedgerError, match="not signed by"):
        Ledger(SigningKey("ledger.example", bytes([1] * 32))).append(store, entries("b"))
    assert store.size == 1


def test_an_altered_tree_is_never_signed():
    """Whoever rewrites entries and hashes must not get the next append to sign them."""
    store, ledger = FakeLedgerStore(), Ledger(KEY)
    ledger.append(store, entries("a"))
    forged = entries("forged")[0]
    leaf = entry_leaf(forged.body)
    store.stored[0] = msgspec.structs.replace(store.stored[0], body=forged.body, leaf=leaf)
    store.subtrees = (leaf,)
    store.signed[0] = msgspec.structs.replace(store.signed[0], root=leaf)
    with pytest.raises(LedgerError, match="not as it was last signed"):
        ledger.append(store, entries("b"))
    assert store.size == 1


@pytest.mark.parametrize(("size", "subtrees"), [(0, ()), (1, ()), (2, (bytes(32),))])
def test_a_tree_that_does_not_fit_its_checkpoint_is_never_signed(
    size: int, subtrees: tuple[bytes, ...]
):
    store, ledger = FakeLedgerStore(), Ledger(KEY)
    ledger.append(store, entries("a"))
    store.size, store.subtrees = size, subtrees
    with pytest.raises(LedgerError):
        ledger.append(store, entries("b"))
    assert len(store.stored) == 1


def test_lost_checkpoints_stop_the_ledger():
    store, ledger = FakeLedgerStore(), Ledger(KEY)
    ledger.append(store, entries("a"))
    store.signed.clear()
    with pytest.raises(LedgerError):
        ledger.append(store, entries("b"))
