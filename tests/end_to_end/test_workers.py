"""Several workers on one port, under load, replaced while clients go on."""

import os
import signal
import threading
import time
from collections.abc import Iterator

import anthropic
import psutil
import pytest

from tests.end_to_end.running import CLAUDE, MESSAGES, Server, changeover

WITHIN = 60.0


@pytest.fixture
def server(tmp_path, postgres) -> Iterator[Server]:
    url = postgres.empty()
    options = ("--workers", "2", "--drain", "0.3", "--lease", "3")
    with Server(tmp_path, *options, CHANGEOVER_DATABASE_URL=url) as running:
        yield running


def workers(server: Server) -> set[int]:
    return {child.pid for child in psutil.Process(server.process.pid).children()}


def until(true) -> None:
    deadline = time.monotonic() + WITHIN
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.05)


class Load:
    """Clients that call one after the other, with the retries that the SDK makes by itself."""

    def __init__(self, server: Server, key: str, clients: int = 4) -> None:
        self.answered = 0
        self.failed: list[Exception] = []
        self._stopping = False
        self._threads = [
            threading.Thread(
                target=self._call, args=(server.claude(key).with_options(max_retries=2),)
            )
            for _ in range(clients)
        ]
        for thread in self._threads:
            thread.start()

    def _call(self, client) -> None:
        while not self._stopping:
            try:
                client.messages.create(model=CLAUDE, max_tokens=50, messages=MESSAGES)
            except anthropic.APIError as error:
                self.failed.append(error)
            else:
                self.answered += 1

    def stop(self) -> None:
        self._stopping = True
        for thread in self._threads:
            thread.join(WITHIN)


def test_workers_are_replaced_one_after_the_other_and_no_call_is_lost(server: Server):
    until(lambda: "2 workers serve" in server.log)
    first = workers(server)
    assert len(first) == 2
    load = Load(server, server.key("treasury-code"))
    try:
        server.process.send_signal(signal.SIGHUP)
        until(lambda: server.log.count("2 workers serve") == 2)
        second = workers(server)
        assert second.isdisjoint(first)
        # One that dies is replaced, and what it had taken is recorded by another.
        os.kill(min(second), signal.SIGKILL)
        until(lambda: "another takes its place" in server.log)
        until(lambda: len(workers(server) - second) == 1)
        until(lambda: server.get("/readyz").status_code == 200)
    finally:
        load.stop()
    assert load.failed == []
    assert load.answered > 20
    assert server.log.count("Ready:") == 1
    assert server.stop() == 0


def test_workers_need_a_database_that_they_can_share(tmp_path):
    said = changeover(tmp_path, "up", "--demo", "--port", "0", "--workers", "2", status=1)
    assert "cannot share a database file of SQLite" in said
    assert "CHANGEOVER_DATABASE_URL" in said


def test_workers_do_not_outlive_a_parent_that_is_killed(server: Server):
    until(lambda: "2 workers serve" in server.log)
    alive = [psutil.Process(pid) for pid in workers(server)]
    server.stop(signal.SIGKILL)
    psutil.wait_procs(alive, timeout=WITHIN)
    assert not any(each.is_running() for each in alive)
