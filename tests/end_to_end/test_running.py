"""Starting, stopping, being killed, and what of it is proven afterwards (points 1 and 6)."""

import json
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.end_to_end.programs import programs
from tests.end_to_end.running import (
    CLAUDE,
    COMMAND,
    MESSAGES,
    ROOT,
    Server,
    answered,
    changeover,
    environment,
    ledger,
    said,
)
from tests.end_to_end.vendors import Vendors

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")

ROUTES = {
    "anthropic/claude-sonnet-4-5@anthropic": ("anthropic", "claude-sonnet-4-5-20250929"),
    "openai/gpt-4.1@openai": ("openai", "gpt-4.1-2025-04-14"),
}


@pytest.fixture(scope="module")
def slow() -> Iterator[Vendors]:
    """Vendors whose streams last for seconds."""
    with Vendors(delay_ms=40) as running:
        yield running


def test_says_what_it_does_and_starts_again(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    with Server(tmp_path) as server:
        first = server.seconds_to_ready
        assert "Stand-ins answer for anthropic" in server.log
        assert server.get("/healthz").json() == {"status": "ok"}
        ready = server.get("/readyz").json()
        assert ready["status"] == "ready"
        status = server.get("/api/status").json()
        assert status["demonstration"] is True
        assert status["now"] == "2026-02-26T14:00:00Z"
        assert status["ruleset"]["version"] == ready["ruleset"]
        assert {route["stand_in"] for route in status["routes"]} == {True}
        assert {"treasury-code", "statechat"} <= {service["id"] for service in status["services"]}
        size = status["ledger"]["size"]
        key = server.key("treasury-code")
        assert server.stop() == 0
        assert "scenario play --until 2026-03-03" in server.log
        assert server.log.count("Stopped. Everything is recorded.") == 1

        server.start()
        with capsys.disabled():
            sys.stdout.write(f"\nready in {first:.2f} s, then {server.seconds_to_ready:.2f} s ")
        assert server.get("/api/status").json()["ledger"]["size"] == size + 4
        starts = server.ask("ledger", "verify")["starts"]
        assert [(each["state"], each["gaps"]) for each in starts] == [
            ("stopped", []),
            ("running", []),
        ]
        assert server.gpt(key).models.list().data


def test_a_free_port_is_told_and_a_taken_one_is_an_error(tmp_path: Path):
    with Server(tmp_path / "first") as server:
        port = server.url.rstrip("/").rpartition(":")[2]
        printed = changeover(tmp_path / "second", "up", "--demo", "--port", port, status=1)
        assert f"127.0.0.1:{port}" in printed
        assert "--port" in printed


def test_a_second_server_on_the_same_data_is_told_who_has_it(tmp_path: Path):
    with Server(tmp_path) as server:
        printed = changeover(server.data, "up", "--demo", "--port", "0", status=1)
        assert f"process {server.process.pid}" in printed
        assert server.get("/healthz").status_code == 200
        assert server.ask("orders", "list")


def test_a_folder_is_a_demonstration_or_production_and_stays_it(tmp_path: Path):
    demonstration, production = tmp_path / "demonstration", tmp_path / "production"
    with Server(demonstration):
        pass
    with Server(production, demo=False) as server:
        assert "Stand-ins" not in server.log
        assert server.get("/healthz").status_code == 200
        assert server.get("/readyz").status_code == 503
        assert "no directory" in server.get("/readyz").json()["reason"]
        assert server.get("/api/status").json()["demonstration"] is False
        assert "changeover apply" in server.run(
            "decide", "--service", "s", "--model", "m", status=1
        )
        assert "no scenario clock" in server.run(
            "scenario", "play", "--until", "2026-03-03", status=1
        )
    printed = changeover(demonstration / "data", "up", "--port", "0", status=1)
    assert "holds a demonstration database" in printed
    assert "--demo" in printed
    printed = changeover(production / "data", "up", "--demo", "--port", "0", status=1)
    assert "holds a production database" in printed


def test_a_command_on_no_data_makes_none(tmp_path: Path):
    for command in (("orders", "list"), ("keys", "list"), ("ledger", "verify")):
        assert str(tmp_path / "nowhere") in said(tmp_path / "nowhere", *command, status=1)
    assert not (tmp_path / "nowhere").exists()


def test_production_without_a_vendor_says_that_there_is_no_endpoint(tmp_path: Path):
    with Server(tmp_path, demo=False) as server:
        server.run("apply", str(ROOT / "scenarios" / "statechat" / "directory"))
        key = server.key("health-assistant")
        for ask in programs(server.claude(key), server.gpt(key)).values():
            with pytest.raises(Exception, match="No endpoint is set") as got:
                ask(CLAUDE)
            assert getattr(got.value, "status_code", None) == 503
        assert server.ask("ledger", "verify")["ok"]


def test_a_stop_lets_a_stream_end_and_exits_with_0(tmp_path: Path, slow: Vendors):
    with Server(tmp_path, "--stand-in-url", slow.url) as server:
        stream = server.gpt(server.key("treasury-code")).chat.completions.create(
            model=CLAUDE, messages=MESSAGES, stream=True
        )
        chunks = iter(stream)
        pieces = [next(chunks)]
        server.process.send_signal(signal.SIGTERM)
        pieces += chunks
        assert pieces[-1].choices[0].finish_reason == "stop"
        assert server.wait() == 0
    (call,) = server.ledger_calls()
    assert call["result"] == "answered"
    assert changeover(server.data, "ledger", "verify").startswith("The ledger holds")


def test_a_client_that_leaves_is_recorded_as_cut(tmp_path: Path, slow: Vendors):
    with Server(tmp_path, "--stand-in-url", slow.url) as server:
        stream = server.gpt(server.key("treasury-code")).chat.completions.create(
            model=CLAUDE, messages=MESSAGES, stream=True
        )
        next(iter(stream))
        stream.close()
        (call,) = server.calls_when(1)
        assert call["result"] == "cut"


def test_killed_in_mid_stream_it_loses_nothing(tmp_path: Path, slow: Vendors):
    """Every call that a vendor received is in the ledger; those cut short are *unknown*."""
    received_before = len(slow.calls)
    with Server(tmp_path, "--stand-in-url", slow.url) as server:
        key = server.key("treasury-code")
        claude, gpt = server.claude(key), server.gpt(key)
        for _ in range(3):
            claude.messages.create(model=CLAUDE, max_tokens=50, messages=MESSAGES)
        begun = threading.Barrier(5, timeout=20)

        def read(model: str) -> None:
            stream = gpt.chat.completions.create(model=model, messages=MESSAGES, stream=True)
            try:
                next(iter(stream))
                begun.wait()
                for _ in stream:
                    pass
            except Exception as error:  # noqa: BLE001 - whatever a killed server looks like
                broken.append(error)

        broken: list[Exception] = []
        models = [CLAUDE, CLAUDE, "gpt-4.1", "gpt-4.1"]
        threads = [threading.Thread(target=read, args=(model,)) for model in models]
        for thread in threads:
            thread.start()
        begun.wait()
        assert server.stop(signal.SIGKILL) == -signal.SIGKILL
        for thread in threads:
            thread.join()
        assert len(broken) == len(models)

        server.start()
        calls = server.calls_when(7)
        assert Counter(call["result"] for call in calls) == {"answered": 3, "unknown": 4}
        recorded = Counter(ROUTES[call["route"]] for call in calls)
        received = slow.calls[received_before:]
        assert recorded == Counter((call.host, call.model) for call in received)
        assert server.ask("ledger", "verify")["ok"] is True
        # And it serves on, with the same key.
        assert claude_again(server, key)
        server.calls_when(8)
    assert answered(server.data, "ledger", "verify")["ok"] is True
    assert not list((server.data / "journal").glob("*.journal"))


def claude_again(server: Server, key: str) -> str:
    reply = server.claude(key).messages.create(model=CLAUDE, max_tokens=50, messages=MESSAGES)
    return reply.id


@pytest.fixture
def stand_in(tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    """`changeover stand-in` in a process of its own, logging to `received.jsonl`."""
    log = str(tmp_path / "received.jsonl")
    with subprocess.Popen(
        [*COMMAND, "stand-in", "--port", "0", "--delay", "0", "--log", log],
        env={**environment(), "PYTHONUNBUFFERED": "1"},
        stdout=subprocess.PIPE,
        text=True,
    ) as running:
        yield running
        running.kill()


def test_stand_ins_of_their_own_process_log_what_the_ledger_says(
    tmp_path: Path, stand_in: subprocess.Popen[str]
):
    assert stand_in.stdout is not None
    announced = re.search(r"http://[\d.:]+\d", stand_in.stdout.readline())
    assert announced
    with Server(tmp_path / "server", CHANGEOVER_STAND_IN_URL=announced[0]) as server:
        key = server.key("treasury-code")
        running = programs(server.claude(key), server.gpt(key))
        for ask in running.values():
            ask(CLAUDE)
        server.run("scenario", "play", "--until", "2026-03-03")
        for ask in running.values():
            ask(CLAUDE)
        calls = server.calls_when(2 * len(running))
    stand_in.send_signal(signal.SIGTERM)
    assert stand_in.wait(20) in {0, -signal.SIGTERM}
    lines = (tmp_path / "received.jsonl").read_text().splitlines()
    received = [json.loads(line) for line in lines]
    assert [(call["host"], call["model"]) for call in received] == [
        ROUTES[call["route"]] for call in calls
    ]
    assert {call["host"] for call in received[len(running) :]} == {"openai"}


@pytest.fixture(scope="module")
def stopped(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data of a demonstration that was played and stopped."""
    with Server(tmp_path_factory.mktemp("played")) as server:
        server.run("scenario", "play", "--until", "2026-03-03")
        server.key("treasury-code")
    return server.data


def altered(stopped: Path, tmp_path: Path, statement: str) -> Path:
    """A copy of the data with one statement run on its database, past the product."""
    data = tmp_path / "data"
    data.mkdir()
    for name in ("changeover.db", "ledger.key"):
        shutil.copy(stopped / name, data / name)
    with closing(sqlite3.connect(data / "changeover.db")) as connection, connection:
        assert connection.execute(statement).rowcount == 1
    return data


FLIPPED = "CAST(replace(CAST(body AS TEXT), '{}', '{}') AS BLOB)"
NEWEST = "size IN (SELECT max(size) FROM ledger_checkpoint)"
OF_THE_ORDER = 'CAST(body AS TEXT) LIKE \'%"id":"president-order"%\''


def test_the_record_is_proven_unaltered(stopped: Path):
    proven = answered(stopped, "ledger", "verify")
    assert proven["ok"] is True
    assert proven["fault"] is None
    entries = ledger(stopped)
    assert proven["size"] == len(entries)
    assert proven["kinds"] == Counter(entry["kind"] for entry in entries)
    assert {entry["demonstration"] for entry in entries} == {True}
    checkpoint = changeover(stopped, "ledger", "checkpoint")
    assert str(proven["size"]) in checkpoint.splitlines()


@pytest.mark.parametrize(
    ("statement", "where"),
    [
        (
            "UPDATE ledger_entry SET body = "
            + FLIPPED.format("president-order", "president-ordes")
            + f" WHERE {OF_THE_ORDER}",
            "entry",
        ),
        (f"DELETE FROM ledger_entry WHERE {OF_THE_ORDER}", "entry"),
        (
            f"UPDATE ledger_checkpoint SET root = zeroblob(32) WHERE {NEWEST}",
            "size",
        ),
        (
            "UPDATE record SET body = "
            + FLIPPED.format("anthropic", "anthropid")
            + " WHERE key = 'treasury-order'",
            "the record",
        ),
        ("UPDATE record SET recorded = recorded - 1 WHERE key = 'treasury-order'", "the record"),
    ],
    ids=["an entry", "an entry removed", "a root", "an instrument", "when it was recorded"],
)
def test_one_change_is_found_and_said_where(
    stopped: Path, tmp_path: Path, statement: str, where: str
):
    data = altered(stopped, tmp_path, statement)
    proven = answered(data, "ledger", "verify", status=1)
    assert proven["ok"] is False
    assert where in proven["fault"]["where"]
    if where == "entry":
        ids = [entry.get("id") for entry in ledger(stopped)]
        assert str(ids.index("president-order")) in proven["fault"]["where"]
    told = said(data, "ledger", "verify", status=1)
    assert told.startswith("The ledger does not hold")
    assert proven["fault"]["where"] in told


def test_a_flipped_bit_of_any_entry_is_found(stopped: Path, tmp_path: Path):
    for index in range(0, len(ledger(stopped)), 5):
        folder = tmp_path / str(index)
        folder.mkdir()
        data = altered(
            stopped, folder, "UPDATE setting SET value = value WHERE name = 'installation'"
        )
        with closing(sqlite3.connect(data / "changeover.db")) as connection, connection:
            (body,) = connection.execute(
                'SELECT body FROM ledger_entry WHERE "index" = ?', (index,)
            ).fetchone()
            flipped = bytearray(body)
            flipped[len(body) // 2] ^= 1
            connection.execute(
                'UPDATE ledger_entry SET body = ? WHERE "index" = ?', (bytes(flipped), index)
            )
        proven = answered(data, "ledger", "verify", status=1)
        assert str(index) in proven["fault"]["where"]


def test_a_ledger_that_was_cut_back_is_found_with_a_checkpoint_kept_outside(
    stopped: Path, tmp_path: Path
):
    kept = tmp_path / "checkpoint"
    kept.write_text(changeover(stopped, "ledger", "checkpoint"))
    assert answered(stopped, "ledger", "verify", "--known", str(kept))["ok"] is True
    with Server(tmp_path / "other") as other:
        pass
    told = answered(other.data, "ledger", "verify", "--known", str(kept), status=1)
    assert told["ok"] is False


def test_the_data_folder_is_for_its_owner_alone(stopped: Path):
    assert stopped.stat().st_mode & 0o077 == 0
    for path in stopped.rglob("*"):
        if path.is_file():
            assert path.stat().st_mode & 0o077 == 0, path
