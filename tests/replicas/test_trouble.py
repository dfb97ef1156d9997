"""Replicas in trouble: stopped, cut off, with a wrong clock, starting, killed.

Nothing is let out by what a replica no longer knows; within its lease nothing valid is
refused; and `/readyz` says what is so.
"""

import signal
import socket
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from tests.end_to_end.running import Server
from tests.postgres import PostgresServer
from tests.replicas import directory
from tests.replicas.cluster import SECOND, Cluster, body, now, ready, sleep_until, until
from tests.replicas.forwarder import Forwarder
from tests.replicas.load import Caller, Load, Outcome

LATEST = 50_000
LEASE = 4.0
SOON = 2 * SECOND
FAKETIME = next(Path("/usr/lib").glob("*/faketime/libfaketime.so.1"), None)


class Troubled(Cluster):
    """A cluster whose database can be taken away from all, or from replica `b` alone."""

    def __init__(self, folder: Path, postgres: PostgresServer, link: Forwarder) -> None:
        url = postgres.empty()
        super().__init__(folder, url, CHANGEOVER_LEASE=str(LEASE))
        self.postgres = postgres
        self.link = link
        self.behind_link = url.replace(f":{postgres.port}/", f":{link.port}/")
        self.a: Server
        self.b: Server


@pytest.fixture(scope="module")
def troubled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Troubled]:
    postgres = PostgresServer()
    postgres.begin()
    try:
        with (
            Forwarder(lambda: postgres.port) as link,
            Troubled(tmp_path_factory.mktemp("troubled"), postgres, link) as cluster,
        ):
            cluster.a = cluster.begin("a")
            cluster.b = cluster.begin("b", url=cluster.behind_link)
            yield cluster
    finally:
        postgres.end()


class Waiting:
    """Requests that wait in a replica's sockets, each on a connection that stood before."""

    def __init__(self, cluster: Cluster, replica: Server, count: int) -> None:
        place = urlsplit(replica.url)
        self._key = cluster.keys["strict"]
        self._sockets = [
            socket.create_connection((place.hostname, place.port), timeout=20) for _ in range(count)
        ]

    def send(self, mark: str) -> None:
        said = body(mark)
        head = (
            f"POST /v1/chat/completions HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {self._key}\r\n"
            f"content-type: application/json\r\ncontent-length: {len(said)}\r\n\r\n"
        )
        for each in self._sockets:
            each.sendall(head.encode() + said)

    def statuses(self) -> list[int]:
        """The status that each got."""
        found = []
        for each in self._sockets:
            with closing(each), each.makefile("rb") as answer:
                found.append(int(answer.readline().split()[1]))
        return found


def issue_at_once(cluster: Cluster, number: int) -> tuple[str, Mapping[str, Any]]:
    """Bars a vendor at once; its mark, and what was kept of it when it was in force.

    The command has told of each replica how it came to decide by the order.
    """
    name = f"many-{number:02}-ends"
    told = cluster.issue(name, directory.order(name, f"many-{number:02}"))
    kept = cluster.enforcement(name)
    for replica in kept["replicas"]:
        how = "its lease ran out" if replica["how"] == "lease-ran-out" else "confirmed"
        assert any(
            f"process {replica['pid']}" in line and how in line for line in told.splitlines()
        )
    return f"many-{number:03}", kept


def confirmed(kept: Mapping[str, Any], replica: Server) -> Mapping[str, Any]:
    """How the replica came to decide by an act."""
    (found,) = [each for each in kept["replicas"] if each["pid"] == replica.process.pid]
    return dict(found)


def statuses(outcomes: list[Outcome], since: int, to: int) -> set[tuple[int | None, str]]:
    """The answers to calls that began and ended between two instants."""
    return {(o.status, o.said) for o in outcomes if o.began > since and o.ended < to}


def callers(cluster: Cluster, *replicas: Server) -> list[Caller]:
    return [
        Caller(
            urls=(replica.url,), key=cluster.keys["strict"], marks=(10 * i + n,), ways=("openai",)
        )
        for i, replica in enumerate(replicas)
        for n in range(2)
    ]


def test_stopped_over_the_instant_of_an_order_it_sends_nothing_when_it_wakes(troubled: Troubled):
    replica, mark = troubled.a, "many-000"
    assert troubled.call(replica, mark) == (200, "")
    at = now() + 3 * SECOND
    troubled.issue("future", directory.order("future", "many-00", at=at))
    waiting = Waiting(troubled, replica, 5)
    sleep_until(at - SECOND // 5)
    replica.process.send_signal(signal.SIGSTOP)
    waiting.send(mark)
    sleep_until(at + SECOND // 2)
    replica.process.send_signal(signal.SIGCONT)
    assert waiting.statuses() == [451] * 5
    assert all(arrived < at for arrived in troubled.arrived(mark))


def test_stopped_beyond_its_lease_it_is_not_waited_for_longer_and_sends_nothing(
    troubled: Troubled,
):
    replica = troubled.a
    waiting = Waiting(troubled, replica, 5)
    replica.process.send_signal(signal.SIGSTOP)
    lease_until = troubled.rows()[replica.process.pid].lease_until
    waiting.send("many-001")
    mark, kept = issue_at_once(troubled, 1)
    assert confirmed(kept, replica)["how"] == "lease-ran-out"
    assert lease_until < kept["settled"] < lease_until + SOON
    replica.process.send_signal(signal.SIGCONT)
    assert set(waiting.statuses()) <= {451, 503}
    assert troubled.arrived(mark) == []
    assert until(lambda: ready(replica) is None)
    assert troubled.call(replica, mark)[0] == 451
    assert troubled.call(replica, "one-000") == (200, "")


def test_cut_off_from_the_database_it_serves_while_its_lease_lasts_and_no_longer(
    troubled: Troubled,
):
    replica, mark = troubled.b, "many-002"
    with Load(troubled.folder / "cut", callers(troubled, replica)) as load:
        troubled.link.cut()
        lost = now()
        lease_until = troubled.rows()[replica.process.pid].lease_until
        assert troubled.call(replica, mark) == (200, "")
        assert ready(replica) is None
        assert until(lambda: "out of reach" in replica.get("/readyz").text, LEASE)
        assert ready(replica) is None
        _, kept = issue_at_once(troubled, 2)
        told = ready(replica)
        sleep_until(now() + SECOND // 2)
        found = now()
        troubled.link.mend()
        assert until(lambda: ready(replica) is None)
        again = now()
        sleep_until(again + SECOND // 2)
    assert told is not None
    assert "its lease ran out" in told
    # In force when the lease has run out, and not before.
    assert confirmed(kept, replica)["how"] == "lease-ran-out"
    assert confirmed(kept, troubled.a)["how"] == "confirmed"
    assert lease_until < kept["settled"] < lease_until + SOON
    outcomes = load.outcomes
    assert statuses(outcomes, lost, lease_until - SECOND // 5) == {(200, "")}
    assert statuses(outcomes, kept["settled"], found) == {(503, "no_lease")}
    assert statuses(outcomes, again, now()) == {(200, "")}
    assert all(at < kept["settled"] + LATEST for at in troubled.arrived(mark))
    assert troubled.call(replica, mark)[0] == 451


def test_while_the_whole_database_is_stopped_calls_go_on_until_the_leases_end(
    troubled: Troubled,
):
    with Load(troubled.folder / "paused", callers(troubled, troubled.a, troubled.b)) as load:
        rows = troubled.rows()
        troubled.postgres.pause()
        paused = now()
        first = min(rows[r.process.pid].lease_until for r in (troubled.a, troubled.b))
        sleep_until(paused + int(LEASE * SECOND) + SECOND // 2)
        over = now()
        told = [ready(replica) for replica in (troubled.a, troubled.b)]
        sleep_until(over + SECOND // 2)
        found = now()
        troubled.postgres.go_on()
        assert until(lambda: {ready(r) for r in (troubled.a, troubled.b)} == {None})
        again = now()
        sleep_until(again + SECOND // 2)
    assert all("its lease ran out" in (why or "") for why in told)
    assert statuses(load.outcomes, paused, first - SECOND // 5) == {(200, "")}
    assert statuses(load.outcomes, over, found) == {(503, "no_lease")}
    assert statuses(load.outcomes, again, now()) == {(200, "")}


def test_with_a_clock_that_is_wrong_by_a_minute_it_sends_nothing(troubled: Troubled):
    assert FAKETIME is not None, "the tests need Debian's faketime, which `make test` installs"
    clock = troubled.folder / "clock.txt"
    clock.write_text("+60s")
    replica = troubled.begin(
        "clock",
        wait=False,
        LD_PRELOAD=str(FAKETIME),
        FAKETIME_TIMESTAMP_FILE=str(clock),
        FAKETIME_CACHE_DURATION="1",
        DONT_FAKE_MONOTONIC="1",
        FAKETIME_DONT_FAKE_MONOTONIC="1",
    )
    try:
        assert until(lambda: "ahead of the database's" in (ready(replica) or ""))
        assert troubled.call(replica, "one-100") == (503, "no_lease")
        clock.write_text("+0s")
        assert until(lambda: ready(replica) is None)
        assert troubled.call(replica, "one-101") == (200, "")
        clock.write_text("-60s")
        assert until(lambda: ready(replica) is not None)
        assert "its clock" in (ready(replica) or "")
        assert troubled.call(replica, "one-102") == (503, "no_lease")
        assert until(lambda: "behind the database's" in (ready(replica) or ""))
    finally:
        replica.process.kill()
    assert [len(troubled.arrived(f"one-10{n}")) for n in range(3)] == [0, 1, 0]


@pytest.mark.parametrize("number", [3, 4])
def test_a_replica_that_starts_during_a_change_never_serves_without_it(
    troubled: Troubled, number: int
):
    began: list[Server] = []
    starting = threading.Thread(target=lambda: began.append(troubled.begin(f"late-{number}")))
    starting.start()
    time.sleep(0.4 * (number - 2))
    mark, kept = issue_at_once(troubled, number)
    starting.join(30)
    (replica,) = began
    assert troubled.call(replica, mark)[0] == 451
    assert troubled.arrived(mark) == []
    assert kept["settled"] is not None
    troubled.end(replica)


def test_a_replica_that_is_killed_in_mid_call_is_waited_for_no_longer_than_its_lease(
    troubled: Troubled,
):
    replica, mark = troubled.begin("killed"), "one-200"
    answering = threading.Thread(target=lambda: _stream(troubled, replica, mark))
    answering.start()
    assert until(lambda: len(troubled.arrived(mark)) == 1)
    replica.process.kill()
    replica.wait()
    lease_until = troubled.rows()[replica.process.pid].lease_until
    _, kept = issue_at_once(troubled, 5)
    assert confirmed(kept, replica)["how"] == "lease-ran-out"
    assert kept["settled"] < lease_until + SOON
    answering.join(30)
    troubled.start(replica)
    assert until(lambda: [c["result"] for c in troubled.calls() if c["asked"] == mark] != [])
    assert [c["result"] for c in troubled.calls() if c["asked"] == mark] == ["unknown"]


def _stream(cluster: Cluster, replica: Server, mark: str) -> None:
    import httpx2

    request = body(mark, seconds=10, stream=True)
    with pytest.raises(httpx2.HTTPError):
        replica.post("/v1/chat/completions", cluster.keys["patient"], request)
