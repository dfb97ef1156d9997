"""What operators are told: routes over all processes, the record, queues, limits near their end."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec

from changeover.basics.clock import FixedClock
from changeover.gateway.health import RouteHealth
from changeover.gateway.told_health import ProcessHealth, together
from changeover.web.api import Operation
from changeover.web.limits import LimitLine
from changeover.web.operations import OperationsPage, OperationsParts, operations
from tests.orders.worlds import T0, directory

ONE, OTHER = "alpha/one@alpha", "beta/two@beta"


def seen(route: str = ONE, **fields: Any) -> RouteHealth:
    usual: dict[str, Any] = {
        "state": "sound",
        "rests_for": 0.0,
        "why": "",
        "calls": 10,
        "failed": 0,
        "median_ms": 100,
        "slow_ms": 200,
    }
    return RouteHealth(route=route, **usual | fields)


def process(start: str, *routes: RouteHealth, **fields: int) -> ProcessHealth:
    counts = {"in_flight": 1, "undrained": 2} | fields
    return ProcessHealth(start=start, routes=routes, **counts)


def test_a_route_is_told_as_the_processes_see_it_together():
    resting = seen(
        state="resting", rests_for=7.0, why="HTTP 529", calls=6, failed=6, median_ms=None,
        slow_ms=None,
    )  # fmt: skip
    slow = seen(calls=30, failed=0, median_ms=500, slow_ms=900)
    one, other = together([process("a", seen(), resting), process("b", slow)], [ONE, OTHER])
    assert (one.state, one.rests_in, one.rests_for, one.why) == ("resting", 1, 7.0, "HTTP 529")
    assert (one.calls, one.failed, one.median_ms, one.slow_ms) == (46, 6, 400, 900)
    assert (other.state, other.calls, other.median_ms) == ("unasked", 0, None)


class Told:
    """Implements `web.operations.Recorded`."""

    def __init__(self, *others: ProcessHealth) -> None:
        self.others = others

    def ledger(self) -> tuple[int, datetime | None, int]:
        return 40, T0 - timedelta(minutes=2), 3

    def letters(self) -> int:
        return 4

    def processes(self) -> Sequence[ProcessHealth]:
        return self.others


class Endpoints:
    def reaches(self, host: str, protocol: str) -> bool:
        return host != "beta"

    def stands_in(self, host: str) -> bool:
        return host == "cloud"


class Offices:
    """Of the office, what this page asks."""

    def directory(self):
        return directory()


def limit(used: str | None, amount: str = "100", named: str = "desk") -> LimitLine:
    return LimitLine(
        subject="service",
        named=named,
        measure="money",
        period="month",
        amount=amount,
        used=used,
        out="0",
        since=T0,
        until=T0 + timedelta(days=30),
        set_by="ana",
        set_at=T0,
    )


def page(own: ProcessHealth, *others: ProcessHealth, limits: Sequence[LimitLine] = ()):
    office: Any = Offices()
    parts = OperationsParts(
        office=office,
        clock=FixedClock(T0),
        endpoints=Endpoints(),
        recorded=Told(*others),
        own=lambda: own,
        lapsed=lambda: None,
        limits=lambda: limits,
        replicas=None,
        version="0",
        demonstration=False,
    )
    (operation,) = operations(parts)
    assert isinstance(operation, Operation)
    nobody: Any = None
    told = operation.handler(nobody, None, {})
    assert isinstance(told, OperationsPage)
    return told


def test_what_needs_an_operator_comes_first_and_counts_are_of_all_processes():
    own = process("a", seen(OTHER, state="resting", failed=10), seen())
    told = page(own, process("a", seen(calls=99)), process("b", seen(), in_flight=5))
    assert (told.telling, told.in_flight, told.undrained, told.letters) == (2, 6, 4, 4)
    first, second = told.routes[:2]
    assert (first.route, first.state, first.reachable) == (OTHER, "resting", False)
    assert (second.route, second.calls, second.stand_in) == (ONE, 20, False)
    assert msgspec.structs.asdict(told.ledger) == {"size": 40, "newest_s": 120, "waiting": 3}
    assert told.now == datetime(2026, 1, 1, tzinfo=UTC)


def test_limits_are_told_from_eighty_in_a_hundred_the_nearest_first():
    limits = [limit("79"), limit("80"), limit(None), limit("101.5", named="other"), limit("1", "0")]
    told = page(process("a"), limits=limits)
    assert [(each.named, each.percent) for each in told.budgets] == [("other", 102), ("desk", 80)]
    assert told.limits == 5
