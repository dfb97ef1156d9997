"""Backing up a server that serves, and restoring it elsewhere, by the command line."""

import contextlib
import json
import signal
import subprocess
import time
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx2
import pytest
from sqlalchemy import insert

from changeover.storage.schema import record
from changeover.storage.tables import LIVE
from changeover.storage.upgrade import HEAD
from tests.end_to_end.running import (
    CLAUDE,
    COMMAND,
    MESSAGES,
    ROOT,
    Server,
    answered,
    changeover,
    environment,
)
from tests.end_to_end.vendors import Vendors
from tests.postgres import PostgresServer
from tests.storage.filling import everything, fill, opened, tables


@contextlib.contextmanager
def signed_in(server: Server) -> Iterator[httpx2.Client]:
    address = server.url.rstrip("/")
    with httpx2.Client(base_url=address, timeout=30, headers={"origin": address}) as client:
        body = {"login": "ana.silva", "password": "one memo changes it"}
        told = client.post("/api/session", json=body)
        assert told.status_code == 200, told.text
        client.headers["x-csrf-token"] = told.json()["csrf"]
        yield client


def conversation(client: httpx2.Client) -> str:
    """The id of a conversation with one answer that is complete."""
    begun: str = client.post("/api/conversations", json={}).json()["id"]
    sent = client.post(
        f"/api/conversations/{begun}/turns",
        json={"client_id": str(uuid.uuid4()), "text": "Quote this: ships — 船."},
    )
    assert sent.status_code == 200, sent.text
    until = time.monotonic() + 20
    while read(client, begun)["turns"][-1]["state"] == "generating":
        assert time.monotonic() < until
        time.sleep(0.02)
    return begun


def read(client: httpx2.Client, name: str) -> Any:
    told = client.get(f"/api/conversations/{name}")
    assert told.status_code == 200, told.text
    return told.json()


def ask(server: Server, key: str) -> tuple[int, str | None]:
    """The status that a program with the key gets, and the model that answers."""
    body = {"model": CLAUDE, "max_tokens": 99, "messages": MESSAGES}
    told = server.post("/v1/messages", key, json.dumps(body).encode())
    return told.status_code, told.json().get("model")


def test_what_a_server_served_is_there_after_a_restore(tmp_path: Path, vendors: Vendors):
    backup = tmp_path / "it.backup"
    with Server(tmp_path / "first", "--stand-in-url", vendors.url) as first:
        with signed_in(first) as client:
            begun = conversation(client)
        key = first.key("treasury-code")
        allowed = ask(first, key)
        assert allowed[0] == 200
        first.run("scenario", "play", "--until", "2026-03-02T18:00-05:00")
        # The answer, its title, and the program's.
        first.calls_when(3)
        with signed_in(first) as client:
            before = read(client, begun)
        keys, orders = first.ask("keys", "list"), first.ask("orders", "list")
        said = changeover(first.data, "backup", str(backup))
        assert "The ledger's private key is in it" in said
        held = answered(first.data, "ledger", "verify")
        after = ask(first, key)
        assert after != allowed

    second = Server(tmp_path / "second", "--stand-in-url", vendors.url)
    assert "is in it" in changeover(second.data, "restore", str(backup), "--check")
    assert not second.data.exists()
    changeover(second.data, "restore", str(backup))
    found = answered(second.data, "ledger", "verify")
    assert (found["ok"], found["size"], found["root"]) == (True, held["size"], held["root"])
    assert "is not empty" in changeover(second.data, "restore", str(backup), status=1)
    with second:
        assert second.ask("keys", "list") == keys
        assert second.ask("orders", "list") == orders
        with signed_in(second) as client:
            assert read(client, begun) == before
            assert read(client, conversation(client))["turns"][-1]["state"] == "complete"
        assert ask(second, key) == after
        second.calls_when(6)
        assert second.ask("ledger", "verify")["ok"]


@pytest.fixture(params=["sqlite", "postgresql"])
def target(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An empty database, on each of the two."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/target/changeover.db"
    server: PostgresServer = request.getfixturevalue("postgres")
    return server.empty()


def test_a_restore_that_is_killed_leaves_an_empty_database(tmp_path: Path, target: str):
    source, backup = tmp_path / "source", tmp_path / "it.backup"
    source.mkdir()
    url = f"sqlite:///{source}/changeover.db"
    fill(url, HEAD)
    with opened(url) as connection:
        rows = [
            {"kind": "release", "key": f"{n}", "recorded": n, "body": bytes(2000)}
            for n in range(10_000)
        ]
        connection.execute(insert(record), rows)
    changeover(source, "backup", str(backup))

    data = tmp_path / "target"
    named: dict[str, Any] = (
        {} if target.startswith("sqlite") else {"CHANGEOVER_DATABASE_URL": target}
    )
    with subprocess.Popen(
        [*COMMAND, "--data", str(data), "restore", str(backup), "--progress"],
        env=environment(**named),
        cwd=ROOT,
        stderr=subprocess.PIPE,
        text=True,
    ) as restoring:
        assert restoring.stderr is not None
        while not restoring.stderr.readline().startswith("restoring: 3"):
            assert restoring.poll() is None
        restoring.send_signal(signal.SIGKILL)
    assert restoring.returncode == -signal.SIGKILL
    assert tables(target) == []

    changeover(data, "restore", str(backup), **named)
    expected = {name: [] if name in LIVE else rows for name, rows in everything(url).items()}
    after = everything(target)
    assert after["ledger_queue"].pop()[1] == "restore"
    assert after == expected

    again = tmp_path / "again.backup"
    told = json.loads(changeover(data, "backup", str(again), "--without-key", "--json", **named))
    assert told["file"] == str(again)
    assert told["manifest"]["key"] is None
    counted = {part["name"]: part["rows"] for part in told["manifest"]["tables"]}
    counted["ledger_queue"] -= 1  # what tells of the restore
    assert counted == {name: len(rows) for name, rows in expected.items() if name not in LIVE}
    refused = changeover(data, "backup", str(tmp_path / "no" / "it"), status=1, **named)
    assert "cannot be written: No such file or directory" in refused
