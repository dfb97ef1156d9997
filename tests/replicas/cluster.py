"""Replicas in production, as processes of their own on one PostgreSQL database.

All stand on one data folder, as replicas of one machine may: the ledger's key and the
journal's folder are theirs together. Commands are run as officers run them.
"""

import contextlib
import json
import random
import socket
import sqlite3
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Any, LiteralString, Self

import httpx2
import psycopg

from changeover.basics import instants
from changeover.directory.source import load
from changeover.identity.accounts import AccountRequest
from changeover.identity.model import KeyRequest
from changeover.identity.secret import Secret
from changeover.orders.enforcement import Replica as Row
from changeover.storage.database import Database
from changeover.wiring.installation import open_installation
from tests.end_to_end.running import Server, said
from tests.replicas import directory
from tests.replicas.vendor import Vendor

URL = "CHANGEOVER_DATABASE_URL"
PERSON, PASSWORD = "ana.silva", "seven replicas at sea"
SECOND = 1_000_000


class Cluster:
    """A vendor, a database with a directory and keys, and the replicas that were begun.

    `more` are environment variables of every replica. Used as a `with` block, whose end
    stops all that runs.
    """

    def __init__(self, folder: Path, url: str, **more: str) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder
        self.data = folder / "data"
        self.database = url
        self.vendor = Vendor(folder)
        self.replicas: list[Server] = []
        self.keys: dict[str, str] = {}
        self._more = more

    def __enter__(self) -> Self:
        record = load({"all.yaml": directory.directory()})
        with open_installation(self.data, {URL: self.database}, demo=False) as installation:
            installation.office.apply(record, by="a.officer")
            for service in ("lenient", "strict", "patient"):
                request = KeyRequest(service=service, slot="chat")
                made = installation.keys.create(record, request, by="a.officer")
                self.keys[service] = made.secret.reveal()
            person = AccountRequest(login=PERSON, name="Ana", party="office", roles=("staff",))
            installation.accounts.create(record, person, Secret(PASSWORD), by="a.officer")
        self.vendor.__enter__()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        try:
            for replica in self.replicas:
                with contextlib.suppress(ProcessLookupError):
                    replica.process.kill()
                replica.wait()
        finally:
            self.vendor.__exit__(kind, error, trace)

    def begin(
        self,
        name: str,
        *,
        wait: bool = True,
        url: str | None = None,
        options: Sequence[str] = (),
        **more: str,
    ) -> Server:
        """Starts a replica; returns when it is ready, and serves unless told not to `wait`."""
        replica = Server(
            self.folder / name,
            "--stand-ins",
            "--stand-in-url",
            self.vendor.url,
            "--port",
            str(_free_port()),
            *options,
            demo=False,
            **{URL: url or self.database, **self._more, **more},
        )
        replica.data = self.data
        self.start(replica)
        self.replicas.append(replica)
        if wait:
            assert until(lambda: ready(replica) is None), ready(replica)
        return replica

    def start(self, replica: Server) -> None:
        """Starts the replica's process, the first time or again."""
        replica.start()

    def begin_all(self, names: Sequence[str]) -> list[Server]:
        """Starts replicas at the same time."""
        with ThreadPoolExecutor(len(names)) as pool:
            return list(pool.map(self.begin, names))

    def end(self, replica: Server) -> None:
        """Stops a replica as an operator does."""
        assert replica.stop() == 0, replica.log
        self.replicas.remove(replica)

    def command(self, *arguments: str) -> str:
        """What a command of an officer prints."""
        return said(self.data, *arguments, CHANGEOVER_DATABASE_URL=self.database)

    def ask(self, *arguments: str) -> Any:
        """What a command answers with `--json`."""
        return json.loads(self.command(*arguments, "--json"))

    def issue(self, name: str, text: str) -> str:
        """Has an officer issue an order at the command line; what that tells when it is in force."""
        file = self.folder / f"{name}.yaml"
        file.write_text(text)
        return self.command("orders", "issue", str(file))

    def call(self, replica: Server, mark: str, service: str = "strict") -> tuple[int, str]:
        """Calls by OpenAI's protocol once: the status, and what kind of error it is."""
        answer = replica.post("/v1/chat/completions", self.keys[service], body(mark))
        return answer.status_code, "" if answer.is_success else answer.json()["error"]["code"]

    def arrived(self, mark: str) -> list[int]:
        """When calls with a mark reached the vendor."""
        return [call.at for call in self.vendor.calls if call.mark == mark]

    def calls(self) -> list[Mapping[str, Any]]:
        """The calls in the ledger."""
        rows = self.query('SELECT body FROM ledger_entry ORDER BY "index"')
        entries = [json.loads(bytes(body)) for (body,) in rows]
        return [entry for entry in entries if entry["kind"] == "call"]

    def settled_calls(self) -> list[Mapping[str, Any]]:
        """The calls in the ledger, once no more come."""
        quiet = 0
        size = self._sizes()
        while quiet < 4:
            time.sleep(0.25)
            before, size = size, self._sizes()
            quiet = quiet + 1 if before == size and not size[0] else 0
        return self.calls()

    def _sizes(self) -> tuple[int, int]:
        """How many entries wait for the ledger, and how many are in it."""
        count = "SELECT (SELECT count(*) FROM ledger_queue), (SELECT count(*) FROM ledger_entry)"
        ((waiting, kept),) = self.query(count)
        return int(waiting), int(kept)

    def query(self, query: LiteralString) -> list[tuple[Any, ...]]:
        """What the database answers to a query."""
        name, _, path = self.database.partition(":///")
        if name == "sqlite":
            reading = sqlite3.connect(f"file:{path}?mode=ro", uri=True, timeout=20)
            with contextlib.closing(reading) as connection:
                return connection.execute(query).fetchall()
        with psycopg.connect(self.database) as connection:
            return connection.execute(query).fetchall()

    def rows(self) -> dict[int, Row]:
        """What each replica last told, by its process."""
        with Database(self.database) as database:
            replicas = database.replicas()
            assert replicas is not None
            return {row.pid: row for row in replicas.all()[1] if row.state != "gone"}

    def enforcement(self, key: str) -> Mapping[str, Any]:
        """When the last act on something was committed and settled, and how."""
        with psycopg.connect(self.database) as connection:
            row = connection.execute(
                "SELECT legal, committed, settled, replicas FROM enforcement WHERE key = %s"
                " ORDER BY revision DESC LIMIT 1",
                (key,),
            ).fetchone()
        assert row is not None
        told = dict(zip(("legal", "committed", "settled", "replicas"), row, strict=True))
        return {**told, "replicas": json.loads(bytes(told["replicas"]))}


def _free_port() -> int:
    """A port for a replica that may be killed and begin again: none that the system gives away."""
    while True:
        port = random.randrange(20_000, 30_000)
        with socket.socket() as tried, contextlib.suppress(OSError):
            tried.bind(("127.0.0.1", port))
            return port


def body(mark: str, *, seconds: float = 0, stream: bool = False) -> bytes:
    """A request of OpenAI's protocol."""
    messages = [{"role": "user", "content": f"mark={mark} seconds={seconds}"}]
    return json.dumps({"model": mark, "messages": messages, "stream": stream}).encode()


def ready(replica: Server) -> str | None:
    """Why a replica says that calls should not come to it; None when they may."""
    try:
        answer = httpx2.get(f"{replica.url}readyz", timeout=2)
    except httpx2.HTTPError as error:
        return type(error).__name__
    return None if answer.status_code == 200 else str(answer.json()["reason"])


def until(done: Callable[[], bool], seconds: float = 20) -> bool:
    """Whether something came to be within so many seconds; returns as soon as it did."""
    end = time.monotonic() + seconds
    while not (is_so := done()) and time.monotonic() < end:
        time.sleep(0.02)
    return is_so


def now() -> int:
    """The machine's clock, in microseconds since 1970."""
    return time.time_ns() // 1_000


def sleep_until(instant: int) -> None:
    time.sleep(max(0.0, (instant - now()) / SECOND))


def microseconds(text: str) -> int:
    """An instant as an entry of the ledger has it."""
    return instants.microseconds(datetime.fromisoformat(text))
