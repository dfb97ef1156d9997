"""Verifying an installation from its database, on a file and on PostgreSQL."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
import pytest
from sqlalchemy import create_engine, text

from changeover.basics.clock import FixedClock
from changeover.basics.errors import InvalidInputError, NotFoundError
from changeover.ledger.checkpoint import open_checkpoint
from changeover.ledger.entries import digest
from changeover.ledger.keys import load
from changeover.ledger.lives import Lives
from changeover.ledger.sequencing import Sequencer
from changeover.storage.database import Database
from changeover.storage.drain import CallDrain
from changeover.storage.errors import StorageError
from changeover.storage.works import LedgerWorks
from changeover.wiring.ledger_key import open_ledger
from changeover.wiring.places import ledger_key_file
from changeover.wiring.proof import newest_checkpoint, public_key, verify_ledger
from tests.postgres import PostgresServer
from tests.storage.test_calls import made

AT = datetime(2026, 2, 26, 14, tzinfo=UTC)


class Kept:
    """A data folder, and an open database that it belongs to."""

    def __init__(self, data: Path, url: str, database: Database) -> None:
        self.data = data
        self.url = url
        self.environment = {"CHANGEOVER_DATABASE_URL": url}
        self.database = database
        self.sequencer = Sequencer(database, open_ledger(ledger_key_file(data), database))
        self.without_key = Sequencer(database, None)

    def works(self, sequencer: Sequencer | None = None) -> LedgerWorks:
        return LedgerWorks(self.database, sequencer or self.sequencer, demonstration=False)

    def lives(self, sequencer: Sequencer | None = None) -> Lives:
        return Lives(self.works(sequencer), FixedClock(AT))

    def release(self, name: str, sequencer: Sequencer | None = None) -> None:
        with self.works(sequencer).begin() as work:
            work.record.append("release", name, AT, name.encode())
            fields = {"service": "s", "route": "r", "by": "b", "sha256": digest(name.encode())}
            work.tell("release", AT, fields)

    def drain(self, *seqs: int, start: str = "start_1") -> None:
        drain = CallDrain(self.database, self.sequencer, demonstration=False)
        drain.drain([made(seq, start=start) for seq in seqs])

    def verified(self, **given: Any) -> dict[str, Any]:
        return verify_ledger(self.data, self.environment, **{"known": None, "vkey": None, **given})

    def sql(self, statement: str) -> None:
        engine = create_engine(self.url.replace("postgresql:", "postgresql+psycopg:"))
        with engine.begin() as connection:
            assert connection.execute(text(statement)).rowcount
        engine.dispose()


@pytest.fixture
def kept(tmp_path: Path, database_url: str) -> Iterator[Kept]:
    with Database(database_url) as database:
        yield Kept(tmp_path, database_url, database)


def test_an_installation_that_holds_is_proven_while_its_database_is_open(kept: Kept):
    kept.release("one")
    kept.lives().began("start_1", host="h1", version="1.0")
    kept.drain(2, 1, 3)
    kept.lives().stopped("start_1", 3)
    told: list[tuple[str, int, int]] = []
    found = kept.verified(progress=lambda *far: told.append(far))
    assert told == [("entries verified", 6, 6)]
    assert (found["ok"], found["fault"], found["waiting"]) == (True, None, 0)
    assert found["kinds"] == {"call": 3, "end": 1, "release": 1, "start": 1}
    assert found["trusted"] == "file"
    (start,) = found["starts"]
    assert (start["host"], start["state"], start["last"], start["gaps"]) == ("h1", "stopped", 3, [])


def test_the_checkpoint_and_the_key_are_taken_from_either_database(kept: Kept):
    with pytest.raises(NotFoundError, match="empty"):
        newest_checkpoint(kept.data, kept.environment)
    kept.release("one")
    note = newest_checkpoint(kept.data, kept.environment)
    key = public_key(kept.data, kept.environment)
    assert open_checkpoint(note, key).size == 1
    kept.release("two")
    assert kept.verified(known=note, vkey=str(key))["ok"]


def test_what_waits_is_counted_and_compared_with_the_record(kept: Kept):
    kept.release("one")
    kept.release("two", kept.without_key)
    found = kept.verified()
    assert (found["ok"], found["size"], found["waiting"]) == (True, 1, 1)
    kept.sql("DELETE FROM ledger_queue")
    fault = kept.verified()["fault"]
    assert (fault["kind"], fault["seq"]) == ("record", 2)


@pytest.mark.parametrize("body", [b"", b"{}", b"\xff", b'{"v":9}'])
def test_what_waits_and_is_no_entry_is_a_fault(kept: Kept, body: bytes):
    kept.release("one", kept.without_key)
    with kept.database.begin() as work:
        (entry,) = work.queue.take(1)
        work.queue.add([msgspec.structs.replace(entry, body=body)])
    fault = kept.verified()["fault"]
    assert fault["kind"] == "waiting"
    assert fault["what"].startswith("Entry 1 of those that wait cannot be taken.")


def test_a_replica_without_the_key_verifies_with_the_one_on_record(kept: Kept):
    kept.release("one")
    verifier = load(ledger_key_file(kept.data)).verifier
    ledger_key_file(kept.data).unlink()
    assert public_key(kept.data, kept.environment) == verifier
    found = kept.verified()
    assert (found["ok"], found["trusted"]) == (True, "database")


def test_a_gap_is_a_fault_until_it_is_explained(kept: Kept):
    kept.lives().began("start_1", host="h1", version="1.0")
    kept.drain(1, 5)
    kept.lives().killed({"start_1": 5})
    kept.lives().began("start_2", host="h1", version="1.0")
    found = kept.verified()
    assert found["ok"] is False
    assert found["fault"]["where"] == "calls 2 to 4 of start start_1"
    for span in ((1, 4), (2, 5), (5, 6), (0, 1)):
        with pytest.raises(InvalidInputError, match="are no gap"):
            kept.lives().explain("start_1", span, why="lost", by="ada")
    with pytest.raises(InvalidInputError, match="says why"):
        kept.lives().explain("start_1", (2, 4), why="  ", by="ada")
    kept.lives().explain("start_1", (2, 4), why="The disk burnt.", by="ada")
    found = kept.verified()
    assert found["ok"] is True
    assert found["starts"][0]["gaps"] == [
        {"first": 2, "last": 4, "why": "The disk burnt.", "by": "ada", "explained": True}
    ]


def test_on_a_shared_database_a_start_runs_as_long_as_its_lease(tmp_path: Path, postgres_url: str):
    with Database(postgres_url) as database:
        kept = Kept(tmp_path, postgres_url, database)
        for start in ("start_1", "start_2"):
            kept.lives().began(start, host="h1", version="1.0")
            kept.drain(2, start=start)
        row = "INSERT INTO replica VALUES ('{}', 'h', 1, '', '', 0, 0, {}, 0, 0, 'ready')"
        in_an_hour = "(extract(epoch FROM now()) + 3600) * 1000000"
        kept.sql(row.format("start_1", in_an_hour))
        kept.sql(row.format("start_2", 1))
        found = kept.verified()
        assert [start["state"] for start in found["starts"]] == ["running", "lost"]
        assert found["fault"]["where"] == "call 1 of start start_2"


def test_a_database_that_holds_no_installation_is_named(tmp_path: Path, postgres: PostgresServer):
    for url, error in ((postgres.empty(), StorageError), (f"sqlite:///{tmp_path}/no.db", None)):
        with pytest.raises(error or NotFoundError, match=r"holds no installation|no database"):
            newest_checkpoint(tmp_path, {"CHANGEOVER_DATABASE_URL": url})
    assert list(tmp_path.iterdir()) == []
