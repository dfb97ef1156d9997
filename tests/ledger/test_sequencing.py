from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

import pytest
import structlog

from changeover.ledger import sequencing
from changeover.ledger.checkpoint import SigningKey
from changeover.ledger.entries import Entry, digest, fact_entry
from changeover.ledger.facts import DocumentTaken
from changeover.ledger.sequencing import BATCH, Sequencer, SequencerLoop
from changeover.ledger.usecases import Ledger, LedgerError
from changeover.ledger.verification import verify
from tests.fakes import FakeLedgerQueue, FakeLedgerStore

AT = datetime(2026, 2, 26, 14, tzinfo=UTC)
KEY = SigningKey("ledger.example", bytes(32))


def entries(first: int, last: int) -> list[Entry]:
    facts = [DocumentTaken(sha256=digest(b"%d" % number)) for number in range(first, last)]
    return [fact_entry(fact, at=AT, demonstration=False) for fact in facts]


class Works:
    """Implements `ledger.sequencing.SequencingWorks`; what is taken comes back on an error."""

    def __init__(self) -> None:
        self.ledger = FakeLedgerStore()
        self.queue = FakeLedgerQueue()

    @contextmanager
    def begin(self, *, alone: bool = True) -> Iterator["Works"]:
        assert not alone
        waiting = list(self.queue.entries)
        try:
            yield self
        except LedgerError:
            self.queue.entries = waiting
            raise


@pytest.fixture
def works() -> Works:
    return Works()


def test_what_waits_enters_the_tree_in_its_order_in_bounded_batches(works: Works):
    told = entries(0, BATCH + 3)
    works.queue.add(told)
    sequencer = Sequencer(works, Ledger(KEY))
    assert [sequencer.run_once() for _ in range(3)] == [BATCH, 3, 0]
    assert [entry.body for entry in works.ledger.stored] == [entry.body for entry in told]
    assert [checkpoint.size for checkpoint in works.ledger.signed] == [BATCH, BATCH + 3]
    assert verify(works.ledger, KEY.verifier).ok


def test_catching_up_leaves_nothing(works: Works):
    works.queue.add(entries(0, 2 * BATCH + 1))
    Sequencer(works, Ledger(KEY)).catch_up()
    assert works.queue.empty()
    assert works.ledger.size == 2 * BATCH + 1


def test_who_only_begins_to_catch_up_does_not_stay_for_all_that_waits(works: Works):
    works.queue.add(entries(0, 2 * BATCH))
    Sequencer(works, Ledger(KEY)).begin_to_catch_up()
    assert works.ledger.size == BATCH


def test_nor_does_it_wait_long_for_another_thread(works: Works, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(sequencing, "_PATIENCE", 0.01)
    works.queue.add(entries(0, 1))
    sequencer = Sequencer(works, Ledger(KEY))
    with sequencer._one_at_a_time:
        sequencer.begin_to_catch_up()
    assert (works.ledger.size, sequencer.trouble) == (0, None)


def test_nothing_is_sequenced_while_another_process_holds_the_tree(works: Works):
    works.queue.add(entries(0, 2))
    works.ledger.held_elsewhere = True
    sequencer = Sequencer(works, Ledger(KEY))
    assert sequencer.run_once() == 0
    assert works.queue.count() == 2
    works.ledger.held_elsewhere = False
    assert sequencer.run_once() == 2


def test_without_the_key_entries_wait(works: Works):
    works.queue.add(entries(0, 2))
    sequencer = Sequencer(works, None)
    sequencer.catch_up()
    assert (sequencer.run_once(), works.queue.count(), sequencer.verifier) == (0, 2, None)


def test_another_key_signs_nothing_and_the_trouble_is_told_once(works: Works):
    works.queue.add(entries(0, 1))
    Sequencer(works, Ledger(KEY)).run_once()
    works.queue.add(entries(1, 2))
    other = Sequencer(works, Ledger(SigningKey("ledger.example", bytes([1] * 32))))
    with structlog.testing.capture_logs() as logs:
        other.catch_up()
        other.catch_up()
    assert isinstance(other.trouble, LedgerError)
    assert [log["event"] for log in logs] == ["sequencing_failed"]
    assert works.ledger.size == 1


def test_trouble_that_passed_is_forgotten(works: Works):
    works.queue.add(entries(0, 1))
    sequencer = Sequencer(works, Ledger(KEY))
    size, works.ledger.size = works.ledger.size, 5
    sequencer.catch_up()
    assert sequencer.trouble is not None
    works.ledger.size = size
    works.queue.add(entries(1, 2))
    sequencer.catch_up()
    assert sequencer.trouble is None


def test_closing_the_loop_sequences_what_came_last(works: Works):
    with SequencerLoop(Sequencer(works, Ledger(KEY)), every=3600):
        works.queue.add(entries(0, 3))
    assert works.ledger.size == 3
