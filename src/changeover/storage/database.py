"""Units of work over one database.

A unit of work is one transaction: it commits when its block ends and is undone
by an exception. Units that write take turns, across processes too; units that read
see one state of the database and never wait for a writer. Both may be opened from
any thread; one unit stays on its thread.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import TracebackType
from typing import Self

from sqlalchemy import URL, Connection, make_url
from sqlalchemy.exc import ArgumentError

from changeover.basics.errors import InvalidInputError
from changeover.storage.accounts import SqlAccounts
from changeover.storage.alive import SqlAlive
from changeover.storage.allowances import SqlAllowances
from changeover.storage.backend import Backend
from changeover.storage.belongings import SqlBelongings
from changeover.storage.calls import SqlCalls
from changeover.storage.chat_events import SqlChatEvents
from changeover.storage.collections import SqlCollections
from changeover.storage.concerned import SqlConcerned
from changeover.storage.conversations import SqlConversations
from changeover.storage.credentials import SqlCredentials
from changeover.storage.deliveries import SqlDeliveries
from changeover.storage.drafts import SqlDrafts
from changeover.storage.enforcements import SqlEnforcements
from changeover.storage.feedback import SqlFeedback
from changeover.storage.files import SqlFiles
from changeover.storage.folders import SqlFolders
from changeover.storage.imported import SqlImported
from changeover.storage.instructions import SqlInstructions
from changeover.storage.kept_answers import SqlKeptAnswers
from changeover.storage.keys import SqlKeys
from changeover.storage.ledger import SqlLedger
from changeover.storage.ledger_queue import SqlLedgerQueue
from changeover.storage.limits import SqlLimits
from changeover.storage.living_starts import database_clock, living_starts
from changeover.storage.notices import SqlAcknowledgements
from changeover.storage.papers import SqlPapers
from changeover.storage.postgresql import PostgresBackend
from changeover.storage.process_health import SqlProcessHealth
from changeover.storage.prompts import SqlPrompts
from changeover.storage.proposals import SqlProposals
from changeover.storage.provisioned import SqlProvisioned, SqlProvisioningTokens
from changeover.storage.reached import SqlReached
from changeover.storage.record import SqlRecord
from changeover.storage.removed import SqlRemoved
from changeover.storage.replicas import PostgresReplicas
from changeover.storage.revisions import SqlRevisions
from changeover.storage.search import SqlSearch
from changeover.storage.sessions import SqlSessions, SqlSignInFailures
from changeover.storage.settings import SqlSettings
from changeover.storage.shares import SqlShares
from changeover.storage.signals import Channel, Signals, notify
from changeover.storage.spending import SqlSpending
from changeover.storage.sqlite import SqliteBackend
from changeover.storage.stamps import SqlStamps
from changeover.storage.temporary import SqlTemporaries
from changeover.storage.translations import SqlTranslations
from changeover.storage.upgrade import upgrade
from changeover.storage.vectors import SqlVectors


class Work:
    """What one transaction can read and write."""

    def __init__(self, connection: Connection) -> None:
        self.record = SqlRecord(connection)
        self.ledger = SqlLedger(connection)
        self.stamps = SqlStamps(connection)
        self.queue = SqlLedgerQueue(connection)
        self.keys = SqlKeys(connection)
        self.credentials = SqlCredentials(connection)
        self.drafts = SqlDrafts(connection)
        self.settings = SqlSettings(connection)
        self.proposals = SqlProposals(connection)
        self.papers = SqlPapers(connection)
        self.deliveries = SqlDeliveries(connection)
        self.acknowledgements = SqlAcknowledgements(connection)
        self.concerned = SqlConcerned(connection)
        self.reached = SqlReached(connection)
        self.calls = SqlCalls(connection)
        self.spending = SqlSpending(connection)
        self.limits = SqlLimits(connection)
        self.allowances = SqlAllowances(connection)
        self.conversations = SqlConversations(connection)
        self.chat_events = SqlChatEvents(connection)
        self.instructions = SqlInstructions(connection)
        self.imported = SqlImported(connection)
        self.temporaries = SqlTemporaries(connection)
        self.removed = SqlRemoved(connection)
        self.feedback = SqlFeedback(connection)
        self.shares = SqlShares(connection)
        self.prompts = SqlPrompts(connection)
        self.folders = SqlFolders(connection)
        self.files = SqlFiles(connection)
        self.collections = SqlCollections(connection)
        self.vectors = SqlVectors(connection)
        self.translations = SqlTranslations(connection)
        self.search = SqlSearch(connection)
        self.accounts = SqlAccounts(connection)
        self.sessions = SqlSessions(connection)
        self.provisioned = SqlProvisioned(connection)
        self.provisioning_tokens = SqlProvisioningTokens(connection)
        self.belongings = SqlBelongings(connection)
        self.sign_in_failures = SqlSignInFailures(connection)
        self.revisions = SqlRevisions(connection)
        self.enforcements = SqlEnforcements(connection)
        self.alive = SqlAlive(connection)
        self.kept_answers = SqlKeptAnswers(connection)
        self.process_health = SqlProcessHealth(connection)
        self._connection = connection

    def living_starts(self) -> frozenset[str] | None:
        """The starts whose lease runs now; None on a file, where no leases are kept."""
        return living_starts(self._connection)

    def clock(self) -> int | None:
        """The database's own clock in microseconds since 1970; None on a file."""
        return database_clock(self._connection)

    def notify(self, channel: Channel, payload: str) -> None:
        """Has every process on the database told, when the work commits (`signals`)."""
        notify(self._connection, channel, payload)


class Database:
    """A database, open and migrated, until `close`.

    `url` is `sqlite:///PATH` or `postgresql://USER@HOST/NAME`. A file is made if there
    is none, its folder must stand, and it is this process's alone. Raises
    `InvalidInputError` for another URL, `DatabaseBusyError` when another process
    holds the file and `StorageError` when the database cannot be used.
    """

    def __init__(self, url: str) -> None:
        self._backend = open_backend(url)
        self._writing = threading.local()
        try:
            with self._backend.explained(), self._backend.writer.begin() as connection:
                self._backend.migrating(connection)
                upgrade(connection, self._backend.name)
        except BaseException:
            self._backend.close()
            raise

    @property
    def name(self) -> str:
        """What errors call it."""
        return self._backend.name

    @property
    def shared(self) -> bool:
        """Whether other processes may have it open at the same time."""
        return self._backend.shared

    def signals(self) -> Signals | None:
        """What other processes on the database tell, once started; None where there are none."""
        backend = self._backend
        return Signals(backend.url) if isinstance(backend, PostgresBackend) else None

    def replicas(self) -> PostgresReplicas | None:
        """The processes that serve on the database; None where there is only this one."""
        backend = self._backend
        return PostgresReplicas(backend) if isinstance(backend, PostgresBackend) else None

    @contextmanager
    def exclusively(self) -> Iterator[None]:
        """What no two processes may do at once, over several units of work."""
        with self._backend.explained(), self._backend.exclusively():
            yield

    @contextmanager
    def begin(self, *, alone: bool = True) -> Iterator[Work]:
        """A unit of work that writes. Keep it short: other writers wait for it.

        One that is not `alone` may run beside others where many processes share the
        database: it must bear that by itself. Raises `StorageError` when the
        database fails, and then nothing was kept; `RuntimeError` inside another such
        unit of the same thread.
        """
        with (
            self._once_in_a_thread(),
            self._backend.explained(),
            self._backend.writer.begin() as connection,
        ):
            if alone:
                self._backend.take_turn(connection)
            yield Work(connection)

    @contextmanager
    def reading(self) -> Iterator[Work]:
        """A unit of work that reads one state of the database; writing in it fails."""
        with self._backend.explained(), self._backend.reader.begin() as connection:
            yield Work(connection)

    def close(self) -> None:
        """Closes every connection, then frees the database for other processes."""
        self._backend.close()

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
    def _once_in_a_thread(self) -> Iterator[None]:
        if getattr(self._writing, "open", False):
            raise RuntimeError("a unit of work that writes is open on this thread already")
        self._writing.open = True
        try:
            yield
        finally:
            self._writing.open = False


def open_backend(url: str) -> Backend:
    """The database at a URL, opened and not migrated; raises as `Database` does."""
    parsed = parse_url(url)
    match parsed.get_backend_name():
        case "sqlite":
            return SqliteBackend(parsed)
        case "postgresql":
            return PostgresBackend(parsed)
        case other:
            raise InvalidInputError(
                f"{other} databases are not supported.",
                do="Write sqlite:/// and the file's path, or postgresql://USER:PASSWORD@HOST/NAME.",
            )


def parse_url(url: str) -> URL:
    """The parts of a database's URL; `InvalidInputError` when it is none."""
    try:
        return make_url(url)
    except ArgumentError as error:
        raise InvalidInputError(
            "This is not a database's URL.",
            do="Write sqlite:/// and the file's path, or postgresql://USER:PASSWORD@HOST/NAME.",
        ) from error
