"""The one place that knows PostgreSQL.

Transactions. A unit that reads is REPEATABLE READ and read-only: one state of the
database. One that writes is READ COMMITTED: each statement sees what was
committed before it. Units that must not run beside each other (acts that are
checked against all before them) take their turn first, by an advisory lock that
ends with the transaction, whichever process they are in
(https://www.postgresql.org/docs/current/explicit-locking.html#ADVISORY-LOCKS).

A process that is stopped in mid-transaction would hold its locks as long as it
sleeps. `idle_in_transaction_session_timeout` ends its session instead, before a
lease (`replicas`) of the others can run out because of it.

Every connection is tried before use, so that a restarted server is found again;
one whose other side is gone is given up after seconds, not after TCP's minutes.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from sqlalchemy import URL, Connection, Engine, create_engine, func, select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from changeover.storage.errors import DatabaseAwayError, DatabaseBusyError, StorageError

TURN, SEQUENCING, MIGRATING, BEGINNING = 0x6368_0001, 0x6368_0002, 0x6368_0003, 0x6368_0004
"""Keys of the advisory locks; the first half of each is "ch"."""

IDLE_SECONDS = 4
_PAUSE_SECONDS = 120
_WRITERS, _READERS, _APART = 12, 40, 4
_CONNECT_SECONDS = 3
_TURN_SECONDS = 30
_SETTINGS = {
    "timezone": "UTC",
    "lock_timeout": f"{_TURN_SECONDS}s",
    "idle_in_transaction_session_timeout": f"{IDLE_SECONDS}s",
}

# SQLSTATE classes and codes: https://www.postgresql.org/docs/current/errcodes-appendix.html
_AWAY = ("08", "57P", "25P03")
_BUSY = ("55P03", "53300", "40P01", "40001")
_ADVICE: dict[str, tuple[str, str]] = {
    "53100": ("has no room left on its disk", "Free some space on its disk."),
    "25006": (
        "may not be written: it is a standby or read-only",
        "Name the primary server in CHANGEOVER_DATABASE_URL.",
    ),
    "42501": (
        "denies this account what it needs",
        "Let the account own the database, or grant it CREATE on its schema.",
    ),
    "42P01": (
        "holds no installation, or one of another version",
        "Check CHANGEOVER_DATABASE_URL; `changeover up` begins an installation.",
    ),
    "28P01": ("refuses the password", "Check CHANGEOVER_DATABASE_URL."),
    "28000": ("refuses this account", "Check CHANGEOVER_DATABASE_URL and pg_hba.conf."),
    "3D000": ("does not exist", "Create it: createdb NAME."),
}


class PostgresBackend:
    """A database of a PostgreSQL server (`backend.Backend`)."""

    shared = True

    def __init__(self, url: URL) -> None:
        self.url = url.set(drivername="postgresql+psycopg")
        self.name = f"{url.database} on {url.host or 'the local socket'}"
        self.writer = _engine(self.url, _WRITERS, "READ COMMITTED", read_only=False)
        self.reader = _engine(self.url, _READERS, "REPEATABLE READ", read_only=True)
        # Connections that no transaction can keep from whoever renews a lease.
        self.apart = _engine(self.url, _APART, "AUTOCOMMIT", read_only=False)

    @contextmanager
    def explained(self) -> Iterator[None]:
        try:
            yield
        except DBAPIError as error:
            raise explanation(self.name, error.orig, lost=error.connection_invalidated) from error
        except psycopg.Error as error:
            raise explanation(self.name, error) from error
        except PoolTimeoutError as error:
            raise _busy(self.name) from error

    def take_turn(self, connection: Connection) -> None:
        connection.execute(select(func.pg_advisory_xact_lock(TURN)))

    def migrating(self, connection: Connection) -> None:
        connection.execute(select(func.pg_advisory_xact_lock(MIGRATING)))

    @contextmanager
    def exclusively(self) -> Iterator[None]:
        with self.apart.connect() as connection:
            connection.execute(select(func.pg_advisory_lock(BEGINNING)))
            try:
                yield
            finally:
                connection.execute(select(func.pg_advisory_unlock(BEGINNING)))

    def close(self) -> None:
        self.writer.dispose()
        self.reader.dispose()
        self.apart.dispose()


def _engine(url: URL, size: int, isolation: Any, *, read_only: bool) -> Engine:
    engine = create_engine(
        url,
        pool_size=size,
        max_overflow=0,
        pool_timeout=_TURN_SECONDS,
        pool_pre_ping=True,
        connect_args=connect_arguments(),
    )
    return engine.execution_options(isolation_level=isolation, postgresql_readonly=read_only)


def connect_arguments() -> dict[str, Any]:
    """How every connection is made, whatever it is for (libpq's names)."""
    return {
        "application_name": "changeover",
        "connect_timeout": _CONNECT_SECONDS,
        "tcp_user_timeout": 5_000,
        "keepalives_idle": 5,
        "keepalives_interval": 2,
        "keepalives_count": 2,
        "options": " ".join(f"-c {name}={value}" for name, value in _SETTINGS.items()),
    }


def allow_pauses(connection: Connection) -> None:
    """Lets a transaction that others need not wait for pause longer, as for a slow file."""
    connection.execute(text(f"SET LOCAL idle_in_transaction_session_timeout = '{_PAUSE_SECONDS}s'"))


def explanation(name: str, error: BaseException | None, *, lost: bool = False) -> StorageError:
    """The driver's error as ours; what it says itself may hold contents, and is left out."""
    code = getattr(error, "sqlstate", None) or ""
    if code.startswith(_BUSY):
        return _busy(name)
    if code in _ADVICE:
        what, do = _ADVICE[code]
        return StorageError(
            f"The database {name} {what}.", means="Nothing of the change was recorded.", do=do
        )
    if lost or code.startswith(_AWAY) or not code:
        return DatabaseAwayError(
            f"The database {name} cannot be reached.",
            means="Of a change that was just being committed it is not known whether it was "
            "recorded. Calls go on while this replica's lease lasts; what they leave is kept in "
            "the journal.",
            do="Check that PostgreSQL runs and that CHANGEOVER_DATABASE_URL names it. Look at what "
            "is on record before you repeat the change.",
        )
    return StorageError(
        f"The database {name} failed (SQLSTATE {code}).",
        means="Nothing of the change was recorded.",
        do="See PostgreSQL's own log for that instant.",
    )


def _busy(name: str) -> StorageError:
    return DatabaseBusyError(
        f"The database {name} is busy: another change holds what this one needs.",
        pid=None,
        means="Nothing of this change was recorded.",
        do="Try again; if it persists, see pg_stat_activity for what is waited for.",
    )
