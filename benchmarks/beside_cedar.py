"""The same decisions by Cedar's engine, through cedarpy.

The fastest way that cedarpy has for calls that come one at a time: policies and
entities are parsed once, requests are structured values, their contexts encoded
beforehand. (A batch would save a tenth of a call at most, and calls do not come so.)
Cedar has two chances: one policy set of all clauses, and one set for each route, of
the clauses that aim at it, without what then need not be asked. It must refuse and
permit what Changeover does, and by the same clauses.
"""

import sys
import time
from collections.abc import Callable, Iterator, Sequence
from importlib.metadata import PackageNotFoundError, version
from typing import Any

import msgspec

from benchmarks.asking import Asked, DisagreementError, decide_each, timed
from benchmarks.cedar import Operative, encoded, entities, expresses, operative, policy_set, request
from benchmarks.results import Against, Goal, Row, median, row
from benchmarks.world import NOW, World, calls
from changeover.directory.rules import lineage
from changeover.orders.decision import Decision
from changeover.orders.ruleset import Ruleset
from changeover.orders.status import target_matches


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    """Rounds, the calls drawn for one, and how many of them one set of all clauses decides.

    Two in five of the calls drawn in the whole world can be compared, one in ten of
    those in the quick one, whose calls meet more clauses.
    """

    rounds: int = 5
    calls: int = 400
    whole: int = 20
    warming: int = 500


class Decided(msgspec.Struct, frozen=True):
    """A call, what Changeover answered, and in how many microseconds."""

    asked: Asked
    decision: Decision
    took: float


def measure(plan: Plan, world: World, ruleset: Ruleset) -> list[Row]:
    """How many times as fast as Cedar; nothing where cedarpy is not installed."""
    try:
        installed = version("cedarpy")
    except PackageNotFoundError:
        print("decide: cedarpy is not installed, Cedar is left out", file=sys.stderr)
        return []
    cedar = Cedar(world, operative(world.known.issued, NOW))
    own: list[float] = []
    whole: list[float] = []
    by_route: list[float] = []
    sizes: list[int] = []
    asked_whole = 0
    for drawn in _rounds(plan, world):
        decide_each(ruleset, drawn[: plan.warming])
        compared = list(_compared(ruleset, drawn[plan.warming :], cedar.ids))
        own.append(median([each.took for each in compared]))
        sizes += [cedar.prepare(each.asked[1]) for each in compared]
        whole.append(_ask(cedar.whole, compared[: plan.whole]))
        asked_whole += min(plan.whole, len(compared))
        by_route.append(_ask(cedar.by_route, compared))
    engine = f"cedarpy {installed}, equal on"
    one_set = f"{engine} {asked_whole} calls, one set of {len(cedar.ids):,} policies"
    sets = f"{engine} {len(sizes):,} calls, a set for each route, "
    sets += f"{median(sizes):g} policies at the median"
    rate = 1e6 / median(own)
    return [
        _row("decide-cedar", rate, Against(one_set, 1e6 / median(whole)), 1_000),
        _row("decide-cedar-by-route", rate, Against(sets, 1e6 / median(by_route)), 25),
    ]


def _row(name: str, own: float, against: Against, times: float) -> Row:
    return row(name, own, "decisions/s", against, Goal(times, "least", "ratio"))


def _rounds(plan: Plan, world: World) -> Iterator[list[Asked]]:
    each = plan.warming + plan.calls
    drawn = calls(world.directory, plan.rounds * each, world.size.seed + 5)
    for begin in range(0, len(drawn), each):
        yield drawn[begin : begin + each]


def _compared(
    ruleset: Ruleset, drawn: Sequence[Asked], clauses: frozenset[str]
) -> Iterator[Decided]:
    """Those calls to which nothing mattered that Cedar has not, decided for the first time."""
    for call, route in drawn:
        decision, took = timed(ruleset, call, route)
        if expresses(decision, clauses):
            yield Decided((call, route), decision, took)


def _ask(by: Callable[[dict[str, Any], str], Any], compared: Sequence[Decided]) -> float:
    """The median of the microseconds that Cedar takes, whose answers must be the same."""
    times = []
    for each in compared:
        asking = request(each.asked)
        began = time.perf_counter_ns()
        found = by(asking, each.asked[1])
        times.append((time.perf_counter_ns() - began) / 1000)
        check(found, each.decision)
    return median(times)


def check(found: Any, decision: Decision) -> None:
    """Raises `DisagreementError` unless Cedar's answer is the decision, by the same clauses."""
    refused = decision.outcome == "refuse"
    refusing = {f"{c.instrument}/{c.clause}" for c in decision.citations if c.effect == "refuses"}
    named = set(found.diagnostics.reasons)
    if found.diagnostics.errors or found.allowed is refused or (refused and named != refusing):
        raise DisagreementError(
            f"Changeover answers {decision.outcome} by {sorted(refusing)}, "
            f"Cedar {found.decision} by {sorted(named)} {found.diagnostics.errors}"
        )


class Cedar:
    """The clauses as policy sets of cedarpy, parsed."""

    def __init__(self, world: World, clauses: Sequence[Operative]) -> None:
        # The tests import the benchmarks, and do without cedarpy.
        import cedarpy  # noqa: PLC0415 - for the same reason

        self._cedarpy = cedarpy
        self._directory = world.directory
        self._clauses = clauses
        self.ids = frozenset(clause.id for clause in clauses)
        self._entities = cedarpy.Entities.from_json_str(encoded(entities(world.directory)))
        self._whole = self._parsed(policy_set(clauses, world.directory))
        self._by_route: dict[str, Any] = {}

    def prepare(self, route: str) -> int:
        """Parses the route's own policy set; how many policies that has."""
        if route not in self._by_route:
            line = lineage(self._directory, route)
            aiming = [
                clause
                for clause in self._clauses
                if any(target_matches(target, line) for target in clause.reading.targets)
            ]
            parsed = self._parsed(policy_set(aiming, self._directory, on_route=True))
            self._by_route[route] = parsed
        return len(self._by_route[route])

    def whole(self, asking: dict[str, Any], _: str) -> Any:
        return self._cedarpy.is_authorized(asking, self._whole, self._entities)

    def by_route(self, asking: dict[str, Any], route: str) -> Any:
        return self._cedarpy.is_authorized(asking, self._by_route[route], self._entities)

    def _parsed(self, policies: dict[str, Any]) -> Any:
        return self._cedarpy.PolicySet.from_json_str(encoded(policies))
