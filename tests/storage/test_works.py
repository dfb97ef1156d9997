from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest

from changeover.basics.errors import InvalidInputError
from changeover.ledger.checkpoint import SigningKey
from changeover.ledger.crosscheck import verify_record
from changeover.ledger.entries import digest
from changeover.ledger.sequencing import Sequencer
from changeover.ledger.usecases import Ledger
from changeover.ledger.verification import verify
from changeover.orders.ports import Works
from changeover.storage.database import Database
from changeover.storage.errors import StorageError
from changeover.storage.works import LedgerWorks

AT = datetime(2026, 2, 26, 14, tzinfo=UTC)
KEY = SigningKey("ledger.example", bytes(32))
FIELDS = {"service": "s", "route": "r", "by": "ada", "sha256": digest(b"{}")}


@pytest.fixture
def database(tmp_path: Path):
    with Database(f"sqlite:///{tmp_path}/changeover.db") as database:
        yield database


@pytest.fixture
def works(database: Database) -> Works:
    return LedgerWorks(database, Sequencer(database, Ledger(KEY)), demonstration=True)


def test_what_is_told_is_in_the_ledger_with_what_is_recorded(database: Database, works: Works):
    with works.begin() as work:
        for key in ("r1", "r2"):
            work.record.append("release", key, AT, b"{}")
            work.tell("release", AT, FIELDS)
    with database.reading() as kept:
        found = verify(kept.ledger, KEY.verifier)
        bodies = [msgspec.json.decode(entry.body) for entry in kept.ledger.entries()]
        assert (found.ok, found.counts) == (True, {"release": 2})
        assert [checkpoint.size for checkpoint in kept.ledger.checkpoints()] == [2]
        assert all(body["demonstration"] for body in bodies)
        assert verify_record(kept.record.entries(), kept.ledger.entries()) is None


def test_a_unit_that_tells_nothing_signs_nothing(database: Database, works: Works):
    with works.begin() as work:
        assert work.record.entries() == []
    with database.reading() as kept:
        assert list(kept.ledger.checkpoints()) == []


def test_what_cannot_be_told_is_not_recorded(database: Database, works: Works):
    def tell_too_little() -> None:
        with works.begin() as work:
            work.record.append("release", "r1", AT, b"{}")
            work.tell("release", AT, {"service": "s"})

    with pytest.raises(InvalidInputError):
        tell_too_little()
    with database.reading() as kept:
        assert kept.record.entries() == []
        assert list(kept.ledger.entries()) == []


def test_a_reading_unit_cannot_record(works: Works):
    def record() -> None:
        with works.reading() as work:
            work.record.append("release", "r1", AT, b"{}")

    with pytest.raises(StorageError):
        record()
