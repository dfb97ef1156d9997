"""Backups: what they hold, on both databases and from one to the other."""

import contextlib
import json
import os
import resource
import stat
import subprocess
import tarfile
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import func, insert, select, text

from changeover.basics.errors import ConflictError, NotFoundError
from changeover.ledger.checkpoint import SigningKey
from changeover.ledger.entries import digest
from changeover.ledger.keys import keep, load
from changeover.ledger.sequencing import Sequencer
from changeover.ledger.usecases import Ledger
from changeover.ledger.verification import verify
from changeover.storage import restoring
from changeover.storage.archive import BackupError
from changeover.storage.database import Database
from changeover.storage.errors import DatabaseBusyError, StorageError
from changeover.storage.schema import ledger_queue, metadata, record
from changeover.storage.tables import LIVE
from changeover.storage.upgrade import HEAD, REVISIONS
from changeover.storage.works import LedgerWorks
from changeover.wiring.backups import check_backup, restore_backup, write_backup
from changeover.wiring.replacing import UnwrittenError
from tests.storage.filling import AT, KEY, everything, fill, opened, tables
from tests.storage.places import KINDS, Places, backed_up, quiet


@pytest.fixture
def places(tmp_path: Path, request: pytest.FixtureRequest) -> Places:
    return Places(tmp_path, request)


WAYS = [(source, target) for source in KINDS for target in KINDS]
# The newest schema goes every way; each earlier one goes one of them, in turns.
GOING = [
    *((source, target, HEAD) for source, target in WAYS),
    *((*WAYS[number % len(WAYS)], version) for number, version in enumerate(REVISIONS[:-1])),
]


@pytest.mark.parametrize(("source", "target", "version"), GOING)
def test_every_row_comes_back(places: Places, source: str, target: str, version: str):
    url, restored = places.empty(source), places.empty(target)
    fill(url, version)
    before = everything(url)
    path = backed_up(places, url)
    manifest = restore_backup(places.folder / "target", restored, path, quiet)
    assert (manifest.schema, manifest.database) == (version, source)
    assert load(places.folder / "target" / "ledger.key").verifier == KEY.verifier

    if version != HEAD:
        Database(url).close()
        before = everything(url)
    after = everything(restored)
    told = after["ledger_queue"].pop()
    assert told[1] == "restore"
    assert json.loads(told[2])["root"] == manifest.ledger.root
    assert after == {name: [] if name in LIVE else rows for name, rows in before.items()}
    if version == HEAD:
        assert set(before) == set(metadata.tables)
        assert all(before.values())
    with Database(restored) as database, database.begin() as work:
        assert verify(work.ledger, KEY.verifier).ok
        assert work.record.append("release", "another", AT, b"{}") == 6
    assert everything(url) == before


def test_numbers_go_on_after_those_that_were_restored(places: Places):
    url, restored = places.empty("sqlite"), places.empty("postgresql")
    fill(url, HEAD)
    restore_backup(places.folder / "target", restored, backed_up(places, url), quiet)
    with opened(restored) as connection:
        row = {"kind": "call", "body": b"{}"}
        numbered = connection.execute(insert(ledger_queue).values(row).returning(ledger_queue.c.id))
        assert numbered.scalar_one() == 7  # the sixth tells of the restoring
        counted = "SELECT nextval(pg_get_serial_sequence('\"%s\"', 'seq'))"
        given = [connection.scalar(text(counted % name)) for name in ("record", "draft", "claim")]
        assert given == [6, 6, 6]
        assert connection.scalar(text(counted % "sign_in_failure")) == 1


@pytest.mark.parametrize("kind", KINDS)
def test_a_backup_beside_a_writer_is_one_state(places: Places, kind: str):
    url = places.empty(kind)
    stop = threading.Event()
    with Database(url) as database:
        works = LedgerWorks(database, Sequencer(database, Ledger(KEY)), demonstration=False)

        def write_on() -> None:
            number = 0
            while not stop.wait(0.002):
                number += 1
                body = b"%d" % number
                with works.begin() as work:
                    for part in range(3):
                        work.record.append("release", f"{number}.{part}", AT, body)
                        fields = {"service": "s", "route": "r", "by": "b", "sha256": digest(body)}
                        work.tell("release", AT, fields)

        writer = threading.Thread(target=write_on)
        writer.start()
        try:
            sizes = []
            for number in range(5):
                path = backed_up(places, url)
                restored = f"sqlite:///{places.folder}/copy{number}.db"
                manifest = restore_backup(places.folder / "source", restored, path, quiet)
                assert manifest.ledger.fault is None
                with Database(restored) as copy, copy.reading() as work:
                    assert verify(work.ledger, KEY.verifier).ok
                    lines = len(work.record.entries())
                with opened(restored) as connection:
                    waiting = connection.scalar(select(func.count()).select_from(ledger_queue))
                # The restore's own entry waits too, and tells of no line.
                assert lines == manifest.ledger.size + (waiting or 0) - 1
                assert lines % 3 == 0
                sizes.append(lines)
        finally:
            stop.set()
            writer.join()
    assert sizes == sorted(sizes)
    assert sizes[0] < sizes[-1]


def test_a_backup_is_for_its_owner_alone_and_replaces_the_one_before(places: Places):
    url = places.empty("sqlite")
    fill(url, HEAD)
    path = places.folder / "it.backup"
    path.write_text("an earlier one")
    path.chmod(0o644)
    backed_up(places, url)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert check_backup(path, quiet).rows == sum(
        len(rows) for name, rows in everything(url).items() if name not in LIVE
    )
    assert sorted(places.folder.glob("it.*")) == [path]


def test_without_the_key_no_key_is_written(places: Places):
    url, restored = places.empty("sqlite"), places.empty("sqlite")
    fill(url, HEAD)
    path = backed_up(places, url, with_key=False)
    manifest = restore_backup(places.folder / "target", restored, path, quiet)
    assert (manifest.key, manifest.verifier) == (None, str(KEY.verifier))
    assert not (places.folder / "target" / "ledger.key").exists()
    with tarfile.open(path) as tar:
        assert "ledger.key" not in tar.getnames()


def test_nothing_to_back_up_is_said(places: Places):
    for kind in KINDS:
        with pytest.raises(NotFoundError):
            backed_up(places, places.empty(kind))
    assert not (places.folder / "it.backup").exists()


def test_progress_goes_to_the_end(places: Places):
    url = places.empty("sqlite")
    fill(url, HEAD)
    told: list[tuple[str, int, int]] = []

    def tell(doing: str, done: int, total: int) -> None:
        told.append((doing, done, total))

    path, data = places.folder / "it.backup", places.data("source")
    size = write_backup(data, url, path, with_key=True, progress=tell).size
    restore_backup(places.folder / "target", places.empty("sqlite"), path, tell)
    assert told == [
        ("reading", size, 0), ("writing", size, size), ("checking", size, size), ("restoring", size, size)
    ]  # fmt: skip


@contextlib.contextmanager
def small_disk(folder: Path) -> Iterator[Path]:
    """A folder where 256 KiB fit: a file system of its own for root, a limit on files otherwise."""
    folder.mkdir()
    if os.getuid() == 0:
        subprocess.run(["mount", "-t", "tmpfs", "-o", "size=256k", "tmpfs", folder], check=True)
        try:
            yield folder
        finally:
            subprocess.run(["umount", folder], check=True)
        return
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (256 << 10, hard))
    try:
        yield folder
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def add_noise(url: str, size: int) -> None:
    """Rows that no compression makes smaller."""
    with opened(url) as connection:
        rows = [
            {"kind": "release", "key": f"noise {n}", "recorded": 0, "body": os.urandom(1 << 16)}
            for n in range(size >> 16)
        ]
        connection.execute(insert(record), rows)


def test_a_disk_that_fills_leaves_the_backup_that_was_there(places: Places):
    url = places.empty("sqlite")
    fill(url, HEAD)
    data = places.data("source")
    with small_disk(places.folder / "small") as small:
        path = small / "it.backup"
        write_backup(data, url, path, with_key=True, progress=quiet)
        before = path.read_bytes()
        add_noise(url, 1 << 20)
        with pytest.raises(UnwrittenError, match="stands there still") as raised:
            write_backup(data, url, path, with_key=True, progress=quiet)
        assert "cannot be written" in raised.value.what
        assert path.read_bytes() == before
        assert list(small.iterdir()) == [path]


def test_a_disk_that_fills_while_restoring_leaves_nothing(places: Places):
    url = places.empty("sqlite")
    fill(url, HEAD)
    add_noise(url, 1 << 20)
    path = backed_up(places, url)
    with small_disk(places.folder / "small") as small:
        with pytest.raises(StorageError):
            restore_backup(small, f"sqlite:///{small}/changeover.db", path, quiet)
        assert [found.name for found in small.iterdir()] == ["changeover.db.lock"]


@pytest.mark.parametrize("kind", KINDS)
def test_only_an_empty_database_is_restored_into(places: Places, kind: str):
    url, other = places.empty(kind), places.empty("sqlite")
    fill(url, HEAD)
    fill(other, HEAD)
    add_noise(other, 1 << 16)
    before = everything(url)
    with pytest.raises(ConflictError, match="not empty"):
        restore_backup(places.folder / "target", url, backed_up(places, other), quiet)
    assert everything(url) == before
    assert not (places.folder / "target" / "ledger.key").exists()


@pytest.mark.parametrize("kind", KINDS)
def test_of_two_restores_at_once_one_is_done(places: Places, kind: str):
    url, target = places.empty("sqlite"), places.empty(kind)
    fill(url, HEAD)
    path = backed_up(places, url)
    start = threading.Barrier(2)

    def restored(name: str) -> str:
        start.wait()
        try:
            restore_backup(places.folder / name, target, path, quiet)
        except (ConflictError, DatabaseBusyError):
            return "refused"
        return "done"

    with ThreadPoolExecutor() as both:
        assert sorted(both.map(restored, ("one", "two"))) == ["done", "refused"]
    expected = {name: [] if name in LIVE else rows for name, rows in everything(url).items()}
    after = everything(target)
    assert after["ledger_queue"].pop()[1] == "restore"
    assert after == expected


def test_a_folder_that_is_in_use_is_not_restored_into(places: Places):
    url, other = places.empty("sqlite"), places.empty("sqlite")
    fill(other, HEAD)
    path = backed_up(places, other)
    with Database(url), pytest.raises(DatabaseBusyError):
        restore_backup(places.folder / "target", url, path, quiet)


def test_the_key_of_another_ledger_is_left_alone(places: Places):
    url, restored = places.empty("sqlite"), places.empty("sqlite")
    fill(url, HEAD)
    path = backed_up(places, url)
    data = places.data("target", key=False)
    keep(data / "ledger.key", SigningKey("ledger.example", bytes(31) + b"\x01"))
    before = (data / "ledger.key").read_bytes()
    with pytest.raises(ConflictError, match="another ledger"):
        restore_backup(data, restored, path, quiet)
    assert (data / "ledger.key").read_bytes() == before
    assert tables(restored) == []


def test_a_ledger_that_does_not_hold_is_backed_up_and_restored_as_it_is(places: Places):
    url, restored = places.empty("sqlite"), places.empty("postgresql")
    fill(url, HEAD)
    with opened(url) as connection:
        connection.execute(
            text('UPDATE ledger_entry SET body = :body WHERE "index" = 3'), {"body": b"{}"}
        )
    path = backed_up(places, url)
    manifest = restore_backup(places.folder / "target", restored, path, quiet)
    assert manifest.ledger.size == 5
    assert manifest.ledger.fault is not None
    assert manifest.ledger.fault.startswith("entry 3")
    with Database(restored) as database, database.reading() as work:
        assert verify(work.ledger, KEY.verifier).fault is not None


def test_a_text_that_postgresql_cannot_keep_is_told(places: Places):
    url, restored = places.empty("sqlite"), places.empty("postgresql")
    fill(url, HEAD)
    with opened(url) as connection:
        connection.execute(text("UPDATE account SET name = :name"), {"name": "a\x00b"})
    path = backed_up(places, url)
    with pytest.raises(BackupError, match="account holds a NUL"):
        restore_backup(places.folder / "target", restored, path, quiet)
    assert tables(restored) == []
    assert not (places.folder / "target" / "ledger.key").exists()
    again = places.empty("sqlite")
    restore_backup(places.folder / "target", again, path, quiet)
    assert everything(again)["account"] == everything(url)["account"]


def test_a_cell_of_another_type_than_its_column_is_told(places: Places):
    url = places.empty("sqlite")
    fill(url, HEAD)
    with opened(url) as connection:
        connection.execute(text("UPDATE record SET body = 'a text' WHERE seq = 2"))
    with pytest.raises(StorageError, match=r"record\.body"):
        backed_up(places, url)
    assert not (places.folder / "it.backup").exists()


def test_a_restore_that_fails_at_the_last_moment_leaves_nothing(
    places: Places, monkeypatch: pytest.MonkeyPatch
):
    url, restored = places.empty("sqlite"), places.empty("sqlite")
    fill(url, HEAD)
    path = backed_up(places, url)
    monkeypatch.setattr(restoring, "HEAD", "no-such-version")
    with pytest.raises(Exception, match="no-such-version"):
        restore_backup(places.folder / "target", restored, path, quiet)
    assert not Path(restored.removeprefix("sqlite:///")).exists()
    assert list((places.folder / "target").iterdir()) == []
