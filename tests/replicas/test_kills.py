"""Replicas that are killed at any moment, and begin again on the same journal."""

import random
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.end_to_end.running import Server
from tests.postgres import PostgresServer
from tests.replicas.agreement import check_agreement, check_heard
from tests.replicas.cluster import Cluster
from tests.replicas.load import Caller, Load

SHORT, LONG = 9, 1000


def kill_again_and_again(cluster: Cluster, replica: Server, times: int, seed: int) -> None:
    moments = random.Random(seed)
    for _ in range(times):
        time.sleep(moments.uniform(0.05, 0.8))
        replica.process.kill()
        replica.wait()
        cluster.start(replica)


@pytest.fixture
def killed(tmp_path_factory: pytest.TempPathFactory, postgres: PostgresServer):
    with Cluster(tmp_path_factory.mktemp("killed"), postgres.empty()) as cluster:
        cluster.begin_all(["a", "b", "c"])
        yield cluster


def test_vendor_and_ledger_agree_however_often_replicas_are_killed(killed: Cluster, long: bool):
    kills = LONG if long else SHORT
    seed = random.randrange(2**32)
    print(f"{kills} kills, seed {seed}")  # noqa: T201
    callers = [
        Caller(urls=(replica.url,), key=killed.keys[service], marks=tuple(marks), seconds=seconds)
        for i, replica in enumerate(killed.replicas)
        for j, (service, seconds) in enumerate([("strict", 0), ("strict", 0), ("patient", 0.4)])
        for marks in [range(100 * i + 20 * j, 100 * i + 20 * j + 20)]
    ]
    with (
        Load(killed.folder / "load", callers) as load,
        ThreadPoolExecutor(len(killed.replicas)) as pool,
    ):
        each = -(-kills // len(killed.replicas))
        done = [
            pool.submit(kill_again_and_again, killed, replica, each, seed + n)
            for n, replica in enumerate(killed.replicas)
        ]
        for one in done:
            one.result(timeout=60 + 20 * each)
    for replica in list(killed.replicas):
        killed.end(replica)
    # One more start takes what the last kill left.
    killed.begin("last")
    calls = killed.settled_calls()
    results = check_agreement(killed.vendor.calls, calls)
    answers = check_heard(load.outcomes, calls)
    print(f"{len(killed.vendor.calls)} calls received, {answers} answers heard, {dict(results)}")  # noqa: T201
    assert results["answered"] > 10 * len(killed.replicas)
    assert results["unknown"]
