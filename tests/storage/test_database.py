import os
import sqlite3
import stat
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import event, text

from changeover.basics.errors import ConflictError, InvalidInputError
from changeover.ledger.checkpoint import SigningKey
from changeover.ledger.entries import digest, fact_entry
from changeover.ledger.facts import DocumentTaken
from changeover.ledger.usecases import Ledger
from changeover.ledger.verification import verify
from changeover.storage.database import Database
from changeover.storage.errors import DatabaseBusyError, StorageError
from changeover.storage.sqlite import explained

AT = datetime(2026, 2, 26, 14, tzinfo=UTC)
KEY = SigningKey("ledger.example", bytes(32))
ENTRY = fact_entry(DocumentTaken(sha256=digest(b"x")), at=AT, demonstration=False)


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path}/changeover.db"


def test_what_is_committed_is_there_after_reopening(url: str):
    with Database(url) as database, database.begin() as work:
        work.settings.set("name", "value")
    with Database(url) as database, database.reading() as work:
        assert work.settings.get("name") == "value"


def test_an_instrument_and_its_entry_commit_together_or_not_at_all(url: str):
    ledger = Ledger(KEY)
    with Database(url) as database:

        def record_twice() -> None:
            with database.begin() as work:
                work.record.append("instrument", "order-1", AT, b"{}")
                ledger.append(work.ledger, [ENTRY])
                work.record.append("instrument", "order-1", AT, b"{}")

        with pytest.raises(ConflictError):
            record_twice()
        with database.reading() as work:
            assert work.record.entries() == []
            assert work.ledger.tree_state() == (0, ())
        with database.begin() as work:
            work.record.append("instrument", "order-1", AT, b"{}")
            ledger.append(work.ledger, [ENTRY])
        with database.reading() as work:
            assert len(work.record.entries()) == 1
            assert verify(work.ledger, KEY.verifier).size == 1


def test_a_conflict_that_is_caught_leaves_the_rest_of_the_unit(url: str):
    with Database(url) as database:
        with database.begin() as work:
            work.record.append("instrument", "order-1", AT, b"one")
            with pytest.raises(ConflictError):
                work.record.append("instrument", "order-1", AT, b"two")
            work.settings.set("after", "the conflict")
        with database.reading() as work:
            assert work.settings.get("after") == "the conflict"
            assert [entry.body for entry in work.record.entries()] == [b"one"]


def test_a_reading_unit_cannot_write(url: str):
    with Database(url) as database:
        with pytest.raises(StorageError), database.reading() as work:
            work.settings.set("name", "value")
        with database.reading() as work:
            assert work.settings.get("name") is None


def test_a_reading_unit_sees_one_state_while_others_write(url: str):
    with Database(url) as database:
        with database.reading() as before:
            assert before.settings.get("name") is None
            with database.begin() as work:
                work.settings.set("name", "value")
            assert before.settings.get("name") is None
        with database.reading() as after:
            assert after.settings.get("name") == "value"


def test_a_unit_inside_another_of_the_same_thread_is_a_mistake(url: str):
    with (
        Database(url) as database,
        database.begin(),
        pytest.raises(RuntimeError, match="open on this thread"),
        database.begin(),
    ):
        pass


def test_many_threads_read_and_write_at_once(url: str):
    """More threads than a server has, all at once: nothing is lost, nothing fails."""
    ledger = Ledger(KEY)
    together = threading.Barrier(24)
    with Database(url) as database:

        def write(number: int) -> None:
            together.wait(10)
            for _ in range(5):
                with database.begin() as work:
                    work.record.append("release", f"r{number}", AT, b"{}")
                    ledger.append(work.ledger, [ENTRY])

        def read(_: int) -> None:
            together.wait(10)
            for _ in range(5):
                with database.reading() as work:
                    found = verify(work.ledger, KEY.verifier)
                    assert found.fault is None
                    assert len(work.record.entries()) == found.size

        with ThreadPoolExecutor(24) as pool:
            jobs = [pool.submit(write if n % 2 else read, n) for n in range(24)]
            for job in jobs:
                job.result(60)
        with database.reading() as work:
            found = verify(work.ledger, KEY.verifier)
            assert (found.ok, found.size) == (True, 60)
            assert len(work.record.entries()) == 60


def test_commits_are_synced_and_foreign_keys_hold(url: str):
    with Database(url) as database:
        with database._backend.writer.connect() as connection:
            pragmas = {
                name: connection.scalar(text(f"PRAGMA {name}"))
                for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
            }
        assert pragmas == {
            "journal_mode": "wal",
            "synchronous": 2,
            "foreign_keys": 1,
            "busy_timeout": 10_000,
        }


def test_a_unit_that_writes_takes_the_write_lock_at_once(url: str, tmp_path: Path):
    outside = sqlite3.connect(tmp_path / "changeover.db", timeout=0)
    with (
        Database(url) as database,
        database.begin(),
        pytest.raises(sqlite3.OperationalError, match="locked"),
    ):
        outside.execute("BEGIN IMMEDIATE")
    outside.close()


def test_the_file_is_its_owners_alone(url: str, tmp_path: Path):
    with Database(url) as database, database.begin() as work:
        work.settings.set("name", "value")
        modes = {f.name: stat.S_IMODE(f.stat().st_mode) for f in tmp_path.iterdir()}
    assert set(modes) == {
        "changeover.db",
        "changeover.db-wal",
        "changeover.db-shm",
        "changeover.db.lock",
    }
    assert set(modes.values()) == {0o600}


def test_a_second_holder_is_told_who_holds_it(url: str):
    with Database(url):
        with pytest.raises(DatabaseBusyError) as raised:
            Database(url)
        assert raised.value.pid == os.getpid()
        assert str(os.getpid()) in raised.value.what
        assert raised.value.do.startswith("Stop that process first")
    Database(url).close()


def test_another_process_holds_it_until_it_ends(url: str):
    program = (
        "import sys; from changeover.storage.database import Database\n"
        "database = Database(sys.argv[1]); print('held', flush=True); sys.stdin.read()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", program, url], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"held\n"
        with pytest.raises(DatabaseBusyError) as raised:
            Database(url)
        assert raised.value.pid == holder.pid
        holder.kill()
    Database(url).close()


def test_a_file_that_is_no_database_is_left_alone(url: str, tmp_path: Path):
    path = tmp_path / "changeover.db"
    path.write_text("shopping list\n" * 100)
    with pytest.raises(StorageError, match="is not a SQLite database"):
        Database(url)
    assert path.read_text() == "shopping list\n" * 100


def test_another_programs_database_is_left_alone(url: str, tmp_path: Path):
    with sqlite3.connect(tmp_path / "changeover.db") as other:
        other.execute("CREATE TABLE recipe (name TEXT)")
    other.close()
    with pytest.raises(StorageError, match=r"not Changeover's \(recipe"):
        Database(url)
    with sqlite3.connect(tmp_path / "changeover.db") as other:
        assert other.execute("SELECT name FROM sqlite_schema").fetchall() == [("recipe",)]
    other.close()


def test_a_damaged_database_is_named_damaged(url: str, tmp_path: Path):
    path = tmp_path / "changeover.db"
    with Database(url) as database, database.begin() as work:
        for number in range(200):
            work.record.append("release", str(number), AT, b"x" * 100)
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2])
    with (
        pytest.raises(StorageError, match="is damaged"),
        Database(url) as database,
        database.reading() as work,
    ):
        work.record.entries()


def test_a_folder_that_is_not_there(tmp_path: Path):
    with pytest.raises(StorageError, match="cannot be opened: No such file"):
        Database(f"sqlite:///{tmp_path}/none/changeover.db")


def test_a_folder_in_the_databases_place(tmp_path: Path):
    with pytest.raises(StorageError, match="cannot be opened: Is a directory"):
        Database(f"sqlite:///{tmp_path}")


def test_a_full_disk_undoes_the_unit_and_says_so(url: str):
    with Database(url) as database:
        with database.begin() as work:
            work.settings.set("before", "kept")

        @event.listens_for(database._backend.writer, "begin")
        def fill(connection) -> None:
            pages = connection.exec_driver_sql("PRAGMA page_count").scalar()
            connection.exec_driver_sql(f"PRAGMA max_page_count = {pages + 2}")

        def outgrow() -> None:
            with database.begin() as work:
                work.settings.set("during", "lost")
                work.record.append("release", "big", AT, b"x" * 1_000_000)

        with pytest.raises(StorageError, match="disk is full") as raised:
            outgrow()
        assert raised.value.means == "Nothing of the last change was recorded."
        with database.reading() as work:
            assert (work.settings.get("before"), work.settings.get("during")) == ("kept", None)
            assert work.record.entries() == []


def test_a_file_that_may_not_be_written_says_so(url: str, tmp_path: Path):
    path = tmp_path / "changeover.db"
    Database(url).close()
    readonly = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    with pytest.raises(StorageError, match="may not be written"), explained(path):
        readonly.execute("INSERT INTO setting VALUES ('a', 'b')")
    readonly.close()


def test_a_program_that_locks_the_file_is_named_as_the_reason(url: str, tmp_path: Path):
    path = tmp_path / "changeover.db"
    Database(url).close()
    outside, impatient = (sqlite3.connect(path, timeout=0) for _ in range(2))
    outside.execute("BEGIN IMMEDIATE")
    with pytest.raises(StorageError, match="locked by another program"), explained(path):
        impatient.execute("BEGIN IMMEDIATE")
    outside.close()
    impatient.close()


@pytest.mark.parametrize(
    "url", ["sqlite://", "sqlite:///:memory:", "mysql://host/name", "not a url", ""]
)
def test_urls_that_name_no_database_file_are_refused(url: str):
    with pytest.raises(InvalidInputError):
        Database(url)
