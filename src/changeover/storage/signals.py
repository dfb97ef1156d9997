"""What the processes on one PostgreSQL database tell each other: LISTEN and NOTIFY.

A signal is sent by a unit of work and arrives when that commits, at every process
that listens, the sender too
(https://www.postgresql.org/docs/current/sql-notify.html). It may be lost with a
connection: whoever listens is told of every new connection, and looks for itself.
A file of SQLite has one process, which needs no signals.
"""

import threading
from collections.abc import Callable
from typing import Literal

import psycopg
import structlog
from sqlalchemy import URL, Connection, text

from changeover.storage.postgresql import connect_arguments

Channel = Literal["revision", "chat", "use"]
Taker = Callable[[str], None]

_PREFIX = "changeover_"
_AGAIN_SECONDS = 0.5
_LOOK_SECONDS = 0.5
_log = structlog.stdlib.get_logger()


def notify(connection: Connection, channel: Channel, payload: str) -> None:
    """Has every process told `payload` (under 8,000 bytes) when the transaction commits."""
    if connection.dialect.name == "postgresql":
        told = {"channel": _PREFIX + channel, "payload": payload}
        connection.execute(text("SELECT pg_notify(:channel, :payload)"), told)


class Signals:
    """Listens on a connection of its own, in a thread of its own, from `start` to `close`.

    Takers are called in that thread, and one that is slow delays what the others hear.
    Each is called with "" whenever the listening begins (anew): signals before that are
    not heard. It begins anew too where a taker failed.
    """

    def __init__(self, url: URL) -> None:
        self._url = url.set(drivername="postgresql").render_as_string(hide_password=False)
        self._takers: dict[str, list[Taker]] = {}
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="signals", daemon=True)

    def subscribe(self, channel: Channel, taker: Taker) -> None:
        """Has `taker` called with every payload of the channel; before `start`."""
        self._takers.setdefault(_PREFIX + channel, []).append(taker)

    def start(self) -> None:
        self._thread.start()

    def close(self) -> None:
        """Stops listening; returns when the thread has ended."""
        self._stopping.set()
        if self._thread.ident is not None:
            self._thread.join()

    def _run(self) -> None:
        while not self._stopping.is_set():
            try:
                self._listen()
            except psycopg.Error as error:
                _log.warning("signals_lost", why=type(error).__name__)
                self._stopping.wait(_AGAIN_SECONDS)
            except Exception:  # noqa: BLE001 - told, and listened anew
                _log.exception("signals_lost")
                self._stopping.wait(_AGAIN_SECONDS)

    def _listen(self) -> None:
        with psycopg.connect(self._url, autocommit=True, **connect_arguments()) as connection:
            for channel in self._takers:
                connection.execute(f"LISTEN {channel}".encode())
            for takers in self._takers.values():
                for taker in takers:
                    taker("")
            while not self._stopping.is_set():
                for told in connection.notifies(timeout=_LOOK_SECONDS):
                    for taker in self._takers.get(told.channel, ()):
                        taker(told.payload)
