"""Orders that take effect at once, one after the other, under load on four replicas."""

import statistics
from collections.abc import Mapping
from typing import Any

import pytest

from tests.replicas import directory
from tests.replicas.cluster import SECOND, Cluster, microseconds, now, sleep_until
from tests.replicas.load import Caller, Load
from tests.replicas.test_order_at_an_instant import LATEST
from tests.replicas.vendor import Received

MEDIAN, WORST, LEASE = 100, 500, 10_000


class Ordered:
    """What was kept and told of an order, and what the vendor received of its model."""

    def __init__(self, cluster: Cluster, number: int) -> None:
        self.maker = f"many-{number:02}"
        self.mark = f"many-{number:03}"
        self.order = f"{self.maker}-ends"
        cluster.issue(self.order, directory.order(self.order, self.maker))
        kept = cluster.enforcement(self.order)
        self.legal: int = kept["legal"]
        self.committed: int = kept["committed"]
        self.settled: int = kept["settled"]
        self.replicas: list[Mapping[str, Any]] = kept["replicas"]

    @property
    def took(self) -> float:
        """Milliseconds from the commit until it was in force."""
        return (self.settled - self.committed) / 1000

    def arrived(self, received: list[Received]) -> list[int]:
        return [call.at for call in received if call.mark == self.mark]


@pytest.fixture(scope="module")
def ordered(cluster: Cluster, long: bool) -> list[Ordered]:
    urls = tuple(replica.url for replica in cluster.replicas)
    callers = [
        Caller(
            urls=urls,
            key=cluster.keys["strict"],
            model="many",
            marks=tuple((first + n) % directory.MANY for n in range(directory.MANY)),
        )
        for first in range(0, 30, 6)
    ]
    with Load(cluster.folder / "load", callers):
        found = []
        for number in range(directory.MANY if long else 10):
            sleep_until(now() + SECOND // 4)
            found.append(Ordered(cluster, number))
        sleep_until(now() + SECOND)
    return found


def test_it_is_in_force_within_a_tenth_of_a_second_and_half_a_second_at_worst(
    ordered: list[Ordered], long: bool
):
    took = [each.took for each in ordered]
    median, worst = statistics.median(took), max(took)
    print(f"in force after {median:.0f} ms at the median, {worst:.0f} ms at worst")  # noqa: T201
    # The promise is for machines that are well. A short run shares its machine with whatever
    # else runs there, and holds only that no lease had to run out for it.
    assert median <= (MEDIAN if long else LEASE / 2)
    assert worst <= (WORST if long else LEASE)


def test_every_replica_confirmed_it(ordered: list[Ordered]):
    for each in ordered:
        assert {replica["how"] for replica in each.replicas} == {"confirmed"}
        assert len({replica["start"] for replica in each.replicas}) == 4


def test_nothing_reaches_the_vendor_when_it_is_in_force(
    cluster: Cluster, ordered: list[Ordered], long: bool
):
    received = cluster.vendor.calls
    late = [at - each.settled for each in ordered for at in each.arrived(received)]
    print(f"greatest lateness by the vendor's clock: {max(late) / 1000:.1f} ms")  # noqa: T201
    first, last = ordered[0].settled, ordered[-1].settled + SECOND
    assert max(late) <= LATEST + (0 if long else cluster.vendor.stalled(first, last))
    calls = cluster.settled_calls()
    for each in ordered:
        let_out = [c for c in calls if c["maker"] == each.maker and c["outcome"] != "refuse"]
        assert all(microseconds(call["at"]) < each.settled for call in let_out)
        refused = [c for c in calls if c["maker"] == each.maker and c["outcome"] == "refuse"]
        assert refused


def test_the_calls_between_law_and_force_are_those_that_the_listing_gives(
    cluster: Cluster, ordered: list[Ordered]
):
    calls = cluster.settled_calls()
    listed_at_all = 0
    for each in ordered:
        told = cluster.ask("orders", "enforcement", each.order)
        listed = {(call["start"], call["seq"]) for call in told["between"]}
        between = {
            (call["start"], call["seq"])
            for call in calls
            if call["maker"] == each.maker
            and call["outcome"] != "refuse"
            and microseconds(call["at"]) >= each.legal
        }
        assert listed == between
        listed_at_all += len(listed)
    assert listed_at_all
