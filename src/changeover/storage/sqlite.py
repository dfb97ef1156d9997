"""The one place that knows SQLite.

Transactions. Python's sqlite3 module begins them by itself, late and deferred,
and commits around DDL. That is switched off (`isolation_level = None`) and BEGIN
is ours: `BEGIN IMMEDIATE` for a unit that writes, so that it waits for its turn
at the start and never has to upgrade a snapshot that became stale; `BEGIN` for
one that reads, on connections that refuse to write (`query_only`).

Durability. WAL lets readers go on while one writes. `synchronous = FULL` syncs
the log on every commit. NORMAL would be consistent after a power failure too,
but could lose the last commits, and a checkpoint that was shown to somebody
outside and then lost looks exactly like a ledger that was cut back. Commits are
few: calls come in batches. `secure_delete` overwrites what is deleted: an entry
leaves one copy in the file, and what was withdrawn does not linger there.

https://sqlite.org/wal.html, https://sqlite.org/pragma.html#pragma_synchronous
"""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from changeover.basics.errors import InvalidInputError
from changeover.storage.errors import DatabaseBusyError, StorageError
from changeover.storage.lock import ProcessLock

BUSY_TIMEOUT = 10_000
TURN_SECONDS = 30
_READERS = 40
_MAGIC = b"SQLite format 3\x00"
_MASK = 0xFF  # an extended result code holds its primary code in the lowest byte

_ADVICE: dict[int, tuple[str, str, str]] = {
    sqlite3.SQLITE_NOTADB: (
        "is not a SQLite database",
        "",
        "Name another file, or move this one away to begin anew.",
    ),
    sqlite3.SQLITE_CORRUPT: (
        "is damaged",
        "What it holds cannot be trusted.",
        "Restore it from a backup.",
    ),
    sqlite3.SQLITE_FULL: (
        "cannot grow: the disk is full",
        "Nothing of the last change was recorded.",
        "Free some space and try again.",
    ),
    sqlite3.SQLITE_READONLY: (
        "may not be written",
        "Nothing of the last change was recorded.",
        "Check the permissions of the file and its folder.",
    ),
    sqlite3.SQLITE_CANTOPEN: (
        "cannot be opened",
        "",
        "Check that the file and its folder exist and may be read and written.",
    ),
    sqlite3.SQLITE_PERM: ("may not be opened", "", "Check the file's permissions."),
    sqlite3.SQLITE_IOERR: (
        "cannot be read or written: the disk reports an error",
        "Nothing of the last change was recorded.",
        "Check the disk.",
    ),
    sqlite3.SQLITE_BUSY: (
        "is locked by another program",
        "Nothing of the last change was recorded.",
        "Close whatever else has it open, and try again.",
    ),
}


class SqliteBackend:
    """A database file, held by this process (`backend.Backend`)."""

    shared = False

    def __init__(self, url: URL) -> None:
        path = database_path(url)
        self.name = str(path)
        self._path = path
        with ExitStack() as opened:
            check_file(path)
            lock = ProcessLock(path)
            opened.callback(lock.release)
            self.writer = writing_engine(path)
            opened.callback(self.writer.dispose)
            self.reader = reading_engine(path)
            opened.callback(self.reader.dispose)
            self._opened = opened.pop_all()

    def explained(self) -> AbstractContextManager[None]:
        return explained(self._path)

    def take_turn(self, connection: Connection) -> None:
        """BEGIN IMMEDIATE, on the one connection that writes, has waited already."""

    def migrating(self, connection: Connection) -> None:
        """No other process has the file open."""

    def exclusively(self) -> AbstractContextManager[None]:
        return nullcontext()

    def close(self) -> None:
        self._opened.close()


def database_path(url: URL) -> Path:
    """The file of a SQLite URL; `InvalidInputError` for a database in memory."""
    if not url.database or url.database == ":memory:" or url.database.startswith("file:"):
        raise InvalidInputError(
            "The database must be a file.",
            means="A ledger in memory would prove nothing.",
            do="Give its path: sqlite:///var/changeover.db",
        )
    return Path(url.database).absolute()


def check_file(path: Path) -> None:
    """Makes the file, for its owner alone, if there is none; refuses one that is no database."""
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            begins = os.read(descriptor, len(_MAGIC))
        finally:
            os.close(descriptor)
    except OSError as error:
        raise StorageError(
            f"The database {path} cannot be opened: {error.strerror}.",
            do="Check that the file and its folder exist and may be read and written.",
        ) from error
    if begins not in {b"", _MAGIC}:
        raise _error(path, sqlite3.SQLITE_NOTADB)


def writing_engine(path: Path) -> Engine:
    """An engine for units that write: one connection, BEGIN IMMEDIATE."""
    # Whoever writes has the one connection; the others wait for it.
    engine = create_engine(
        URL.create("sqlite", database=str(path)),
        pool_size=1,
        max_overflow=0,
        pool_timeout=TURN_SECONDS,
    )
    pragmas = ("journal_mode = WAL", "synchronous = FULL", "secure_delete = ON")
    _prepare(engine, begin="BEGIN IMMEDIATE", pragmas=pragmas)
    return engine


def reading_engine(path: Path) -> Engine:
    """An engine for units that read, as many at once as the server has threads."""
    engine = create_engine(URL.create("sqlite", database=str(path)), pool_size=_READERS)
    _prepare(engine, begin="BEGIN", pragmas=("query_only = ON",))
    return engine


def _prepare(engine: Engine, *, begin: str, pragmas: tuple[str, ...]) -> None:
    @event.listens_for(engine, "connect")
    def connect(connection: sqlite3.Connection, _: Any) -> None:
        connection.isolation_level = None
        every = (f"busy_timeout = {BUSY_TIMEOUT}", "foreign_keys = ON", "trusted_schema = OFF")
        for pragma in (*every, *pragmas):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def begin_(connection: Connection) -> None:
        connection.exec_driver_sql(begin)


@contextmanager
def explained(path: Path) -> Iterator[None]:
    """Turns the driver's errors into `StorageError`."""
    try:
        yield
    except DBAPIError as error:
        raise _error(path, _code(error.orig), str(error.orig)) from error
    except sqlite3.Error as error:
        raise _error(path, _code(error), str(error)) from error
    except PoolTimeoutError as error:
        raise DatabaseBusyError(
            f"Nothing could be written to {path} for {TURN_SECONDS} s.",
            pid=os.getpid(),
            means="Another change is taking too long. Nothing of this one was recorded.",
            do="Try again; if it persists, restart the server.",
        ) from error


def _code(error: BaseException | None) -> int:
    code = getattr(error, "sqlite_errorcode", None)
    return code & _MASK if isinstance(code, int) else sqlite3.SQLITE_ERROR


def _error(path: Path, code: int, detail: str = "") -> StorageError:
    if code not in _ADVICE:
        return StorageError(
            f"The database {path} failed: {detail}.", means="Nothing of the change was recorded."
        )
    what, means, do = _ADVICE[code]
    return StorageError(f"The database {path} {what}.", means=means, do=do)
