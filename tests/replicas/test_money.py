"""A budget that replicas spend together while some are killed: exact against the vendor's count.

The vendor counts five tokens of input, and two of output for a whole answer or nine for a
stream. Of a call whose replica was killed nobody heard the counts; it costs what was reserved.
"""

import random
import time
from decimal import Decimal

import pytest

from changeover.metering.money import per_token, written
from tests.postgres import PostgresServer
from tests.replicas.agreement import check_agreement, check_heard
from tests.replicas.cluster import Cluster
from tests.replicas.load import Caller, Load, Way

SHORT, LONG = 1_500, 100_000
NAMES = ("a", "b", "c", "d")
PRICES = """
prices:
  - {for: alpha/one, input: 3, output: 15}
"""
INPUT, OUTPUT = per_token(Decimal(3)), per_token(Decimal(15))
WHOLE, STREAMED = 5 * INPUT + 2 * OUTPUT, 5 * INPUT + 9 * OUTPUT
WAYS: tuple[Way, ...] = ("anthropic", "anthropic-stream")
# No call asks for more than 50 tokens or has a body of more than 400 bytes.
MOST = 200 * INPUT + 50 * OUTPUT


@pytest.fixture
def spending(tmp_path_factory: pytest.TempPathFactory, postgres: PostgresServer):
    folder = tmp_path_factory.mktemp("money")
    prices = folder / "prices.yaml"
    prices.write_text(PRICES)
    with Cluster(folder, postgres.empty(), CHANGEOVER_PRICES=str(prices)) as cluster:
        yield cluster


def kill_some(cluster: Cluster, moments: random.Random) -> None:
    """Kills two replicas at once and has them begin again on the same journal."""
    victims = moments.sample(cluster.replicas, 2)
    for replica in victims:
        replica.process.kill()
    for replica in victims:
        replica.wait()
        cluster.start(replica)


def test_replicas_spend_a_budget_exactly_however_often_they_are_killed(
    spending: Cluster, long: bool
):
    calls_wanted = LONG if long else SHORT
    budget = calls_wanted * (WHOLE + STREAMED) // 2
    seed = random.randrange(2**32)
    print(f"{calls_wanted} calls' worth of a budget: US$ {written(budget)}, seed {seed}")  # noqa: T201
    moments = random.Random(seed)
    spending.command("limits", "set", "party", "office", "money", written(budget), "--per", "day")
    spending.command("limits", "set", "service", "strict", "requests", "1000000000")
    replicas = spending.begin_all(NAMES)
    callers = [
        Caller(
            urls=tuple(one.url for one in replicas),
            key=spending.keys["strict"],
            marks=tuple(range(20 * i, 20 * i + 20)),
            ways=WAYS,
            # Some are long on their way, so that kills find calls that have begun.
            seconds=0.0 if i % 2 else 0.4,
        )
        for i in range(16)
    ]
    kills, began = 0, time.monotonic()
    with Load(spending.folder / "load", callers) as load:
        while True:
            time.sleep(moments.uniform(0.1, 0.4) * (20 if long else 1))
            refused = sum(one.status == 429 for one in load.outcomes[-5_000:])
            if refused > 200 or time.monotonic() - began > (3000 if long else 60):
                break
            if kills < (40 if long else 4):
                kill_some(spending, moments)
                kills += 1
    for replica in list(spending.replicas):
        spending.end(replica)
    spending.begin("last")  # takes what the last kill left
    calls = spending.settled_calls()
    spending.end(spending.replicas[0])

    received = spending.vendor.calls
    results = check_agreement(received, calls)
    heard = check_heard(load.outcomes, calls)
    ((settled, drawn),) = spending.query(
        "SELECT sum(settled)::bigint, sum(drawn)::bigint FROM allowance"
        " WHERE account LIKE 'party:office/money/day/%'"
    )
    ((cost, reserved, killed),) = spending.query(
        "SELECT sum(cost)::bigint, coalesce(sum(cost) FILTER (WHERE cost_basis = 'reserved'), 0)"
        "::bigint, count(*) FILTER (WHERE cost_basis = 'reserved') FROM call"
    )
    counted = sum(STREAMED if one.streamed else WHOLE for one in received)
    print(  # noqa: T201
        f"{len(received)} calls received, {heard} answers heard, {kills} kills, {dict(results)}: "
        f"US$ {written(settled)} settled, {written(counted)} by the vendor's own count, "
        f"{killed} calls at their reserve, {written(reserved)}"
    )
    assert kills >= 1
    assert results["unknown"] >= 1
    assert results["answered"] > calls_wanted // 2
    # All that was let out came back, and what was taken is what calls are recorded to cost.
    assert drawn == settled == cost
    # What was heard to its end costs exactly what the vendor counted; the rest its reserve.
    unheard = {(c["start"], c["seq"]) for c in calls if c["result"] not in {"answered", "refused"}}
    assert len(unheard) >= killed
    assert cost - reserved <= counted <= cost
    exact = counted - (cost - reserved)
    assert 0 <= exact <= killed * STREAMED
    assert cost <= budget + MOST
    assert cost > budget * 9 // 10
