"""Units of work over one database.

A unit of work is one transaction: it commits when its block ends and is undone
by an exception. Units that write take turns; units that read see one state of
the database and never wait for a writer. Both may be opened from any thread;
one unit stays on its thread.
"""

import os
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from types import TracebackType
from typing import Self

from sqlalchemy import Connection, make_url
from sqlalchemy.exc import ArgumentError

from changeover.basics.errors import InvalidInputError
from changeover.storage import sqlite
from changeover.storage.accounts import SqlAccounts
from changeover.storage.calls import SqlCalls
from changeover.storage.chat_events import SqlChatEvents
from changeover.storage.concerned import SqlConcerned
from changeover.storage.conversations import SqlConversations
from changeover.storage.drafts import SqlDrafts
from changeover.storage.errors import DatabaseBusyError
from changeover.storage.keys import SqlKeys
from changeover.storage.ledger import SqlLedger
from changeover.storage.lock import ProcessLock
from changeover.storage.notices import SqlAcknowledgements
from changeover.storage.proposals import SqlProposals
from changeover.storage.reached import SqlReached
from changeover.storage.record import SqlRecord
from changeover.storage.sessions import SqlSessions, SqlSignInFailures
from changeover.storage.settings import SqlSettings
from changeover.storage.upgrade import upgrade

_TURN_SECONDS = 30.0


class Work:
    """What one transaction can read and write."""

    def __init__(self, connection: Connection) -> None:
        self.record = SqlRecord(connection)
        self.ledger = SqlLedger(connection)
        self.keys = SqlKeys(connection)
        self.drafts = SqlDrafts(connection)
        self.settings = SqlSettings(connection)
        self.proposals = SqlProposals(connection)
        self.acknowledgements = SqlAcknowledgements(connection)
        self.concerned = SqlConcerned(connection)
        self.reached = SqlReached(connection)
        self.calls = SqlCalls(connection)
        self.conversations = SqlConversations(connection)
        self.chat_events = SqlChatEvents(connection)
        self.accounts = SqlAccounts(connection)
        self.sessions = SqlSessions(connection)
        self.sign_in_failures = SqlSignInFailures(connection)


class Database:
    """A database, open and migrated, held by this process until `close`.

    `url` is `sqlite:///PATH`; the file is made if there is none, its folder must
    stand. Raises `InvalidInputError` for another URL, `DatabaseBusyError` when
    another process holds it and `StorageError` when it cannot be used.
    """

    def __init__(self, url: str) -> None:
        self._path = _sqlite_path(url)
        self._turn = threading.Lock()
        self._writing: int | None = None
        with ExitStack() as opened:
            sqlite.check_file(self._path)
            lock = ProcessLock(self._path)
            opened.callback(lock.release)
            self._writer = sqlite.writing_engine(self._path)
            opened.callback(self._writer.dispose)
            self._reader = sqlite.reading_engine(self._path)
            opened.callback(self._reader.dispose)
            with sqlite.explained(self._path), self._writer.begin() as connection:
                upgrade(connection, str(self._path))
            self._opened = opened.pop_all()

    @contextmanager
    def begin(self) -> Iterator[Work]:
        """A unit of work that writes. Keep it short: other writers wait for it.

        Raises `StorageError` when the database fails, and then nothing was kept;
        `RuntimeError` inside another such unit of the same thread.
        """
        with (
            self._own_turn(),
            sqlite.explained(self._path),
            self._writer.begin() as connection,
        ):
            yield Work(connection)

    @contextmanager
    def reading(self) -> Iterator[Work]:
        """A unit of work that reads one state of the database; writing in it fails."""
        with sqlite.explained(self._path), self._reader.begin() as connection:
            yield Work(connection)

    def close(self) -> None:
        """Closes every connection, then frees the database for other processes."""
        self._opened.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    @contextmanager
    def _own_turn(self) -> Iterator[None]:
        if self._writing == threading.get_ident():
            raise RuntimeError("a unit of work that writes is open on this thread already")
        if not self._turn.acquire(timeout=_TURN_SECONDS):
            raise DatabaseBusyError(
                f"Nothing could be written to {self._path} for {_TURN_SECONDS:.0f} s.",
                pid=os.getpid(),
                means="Another change is taking too long. Nothing of this one was recorded.",
                do="Try again; if it persists, restart the server.",
            )
        self._writing = threading.get_ident()
        try:
            yield
        finally:
            self._writing = None
            self._turn.release()


def _sqlite_path(url: str) -> Path:
    try:
        parsed = make_url(url)
    except ArgumentError as error:
        raise InvalidInputError(
            f"{url!r} is not a database's URL.", do="Write sqlite:/// and the file's path."
        ) from error
    if parsed.get_backend_name() != "sqlite":
        raise InvalidInputError(
            f"{parsed.get_backend_name()} databases are not supported.",
            do="Write sqlite:/// and the file's path.",
        )
    return sqlite.database_path(parsed)
