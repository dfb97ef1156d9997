from datetime import UTC, datetime

import msgspec
import pytest

from changeover.ledger.checkpoint import SigningKey
from changeover.ledger.entries import digest, fact_entry
from changeover.ledger.facts import DocumentTaken
from changeover.ledger.standing import Standing, standing
from changeover.ledger.tree import EMPTY_ROOT
from changeover.ledger.usecases import Ledger
from tests.fakes import FakeLedgerStore

AT = datetime(2026, 3, 2, 15, tzinfo=UTC)
KEY = SigningKey("ledger.example", bytes(32))


@pytest.fixture
def store() -> FakeLedgerStore:
    store = FakeLedgerStore()
    for name in (b"a", b"b", b"c"):
        fact = DocumentTaken(sha256=digest(name))
        Ledger(KEY).append(store, [fact_entry(fact, at=AT, demonstration=False)])
    return store


def test_a_ledger_stands_as_its_last_checkpoint_signs(store: FakeLedgerStore):
    last = store.last_checkpoint()
    assert last is not None
    expected = Standing(size=3, root=last.root.hex())
    assert standing(store, KEY.verifier) == standing(store, None) == expected


def test_an_empty_ledger_stands_too():
    assert standing(FakeLedgerStore(), KEY.verifier) == Standing(size=0, root=EMPTY_ROOT.hex())


def test_what_does_not_hold_is_named_and_the_root_is_that_of_the_bytes(store: FakeLedgerStore):
    before = standing(store, KEY.verifier)
    store.stored[1] = msgspec.structs.replace(store.stored[1], body=b"{}")
    altered = standing(store, KEY.verifier)
    assert altered.fault is not None
    assert altered.fault.startswith("entry 1: ")
    assert altered.size == 3
    assert altered.root == standing(store, None).root != before.root


def test_another_key_did_not_sign_it(store: FakeLedgerStore):
    other = SigningKey("ledger.example", bytes(31) + b"\x01")
    found = standing(store, other.verifier)
    assert (found.size, found.root) == (3, standing(store, None).root)
    assert found.fault is not None
