"""One decision, in a world as large as a government: what it costs, and what more orders cost."""

import gc
import time
import tracemalloc
from collections.abc import Sequence

import msgspec

from benchmarks import beside_cedar, equal_clauses
from benchmarks.asking import Asked, DisagreementError, agree, decide_each, met
from benchmarks.growing import Grown
from benchmarks.instruments import SORTS
from benchmarks.results import Against, Goal, Row, median, percentile, row
from benchmarks.scan import Scan
from benchmarks.world import Size, World, calls
from changeover.orders.ruleset import Known, Ruleset, compile_ruleset


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    """The world, and how often each thing is done.

    In each of `rounds`, `calls` are decided after `warming` others, `scanned` of them
    by the scan too. `orders` of each sort are added one by one in a round, and `stays`
    that reach `reached` orders each.
    """

    size: Size = Size()
    rounds: int = 5
    calls: int = 4_000
    warming: int = 500
    scanned: int = 20
    compiles: int = 3
    orders: int = 20
    stays: int = 20
    reached: int = 50
    equal: equal_clauses.Plan = equal_clauses.Plan()
    cedar: beside_cedar.Plan = beside_cedar.Plan()


QUICK = Plan(
    size=Size(parties=200, routes=500, services=1_000, instruments=1_000),
    rounds=3,
    calls=2_000,
    compiles=1,
    orders=5,
    stays=5,
    equal=equal_clauses.Plan(rulesets=10),
    cedar=beside_cedar.Plan(rounds=3, calls=1_000),
)


def measure(plan: Plan) -> list[Row]:
    world = World(plan.size)
    seconds = median([_compile_seconds(world.known) for _ in range(plan.compiles)])
    megabytes = _megabytes(world.known)
    ruleset = compile_ruleset(world.known, version="benchmark")
    # As a server does once it has compiled the record (`web.server.Listening.run`).
    gc.collect()
    gc.freeze()
    size = Against(plan.size.words())
    return [
        *_decisions(plan, world, ruleset),
        equal_clauses.measure(plan.equal, world, ruleset),
        *beside_cedar.measure(plan.cedar, world, ruleset),
        row("decide-compile", seconds, "s", size, Goal(1.5)),
        row("decide-memory", megabytes, "MB", Against("the compiled ruleset alone"), Goal(200)),
        # Last, since it draws further instruments.
        *_growth(plan, world, ruleset),
    ]


def _compile_seconds(known: Known) -> float:
    gc.collect()
    began = time.perf_counter()
    compile_ruleset(known, version="benchmark")
    return time.perf_counter() - began


def _megabytes(known: Known) -> float:
    """What a ruleset holds beyond the record, in units of 10^6 bytes."""
    gc.collect()
    tracemalloc.start()
    ruleset = compile_ruleset(known, version="benchmark")
    gc.collect()
    held, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    del ruleset
    return held / 1e6


def _decisions(plan: Plan, world: World, ruleset: Ruleset) -> list[Row]:
    each = plan.warming + plan.calls
    drawn = calls(world.directory, plan.rounds * each, world.size.seed + 1)
    rounds, scans, clauses = [], [], []
    for begin in range(0, len(drawn), each):
        warming, asked = drawn[begin:][: plan.warming], drawn[begin + plan.warming :][: plan.calls]
        decide_each(ruleset, warming)
        rounds.append(decide_each(ruleset, asked))
        scans.append(median(_scan_each(ruleset, asked[: plan.scanned])))
        clauses += [met(ruleset, *one) for one in asked]
    of = f"{plan.rounds} rounds"
    scanning = f"a scan over all clauses, equal on {plan.scanned} calls in each of {of}"
    words = f"{plan.calls:,} calls in each of {of}, drawn once each; "
    words += f"{median(clauses):g} clauses met at the median"
    half, most = _over(rounds, 0.5), _over(rounds, 0.99)
    return [
        row("decide", half, "µs", Against(scanning, median(scans)), Goal(5)),
        row("decide-p99", most, "µs", Against(words), Goal(25)),
    ]


def _over(rounds: Sequence[Sequence[float]], share: float) -> float:
    """The median over the rounds of their percentiles."""
    return median([percentile(times, share) for times in rounds])


def _scan_each(ruleset: Ruleset, asked: Sequence[Asked]) -> list[float]:
    scan = Scan(ruleset)
    times = decide_each(scan, asked)
    if scan.collected != len(asked):
        raise DisagreementError(f"the scan collected {scan.collected} of {len(asked)} times")
    agree(ruleset, scan, asked, "the index and the scan")
    return times


def _growth(plan: Plan, world: World, ruleset: Ruleset) -> list[Row]:
    grown = Grown(world, ruleset)
    orders = [grown.orders(plan.orders) for _ in range(plan.rounds)]
    stays = [grown.stays(plan.stays, plan.reached) for _ in range(plan.rounds)]
    grown.check(plan.calls)
    sorts = f"{plan.orders} instruments of each of {len(SORTS)} sorts"
    fifty = f"{plan.stays} stays of {plan.reached} orders each"
    return [
        _grown("decide-one-order-p99", orders, sorts, Goal(5)),
        _grown("decide-stay-of-50-p99", stays, fifty, Goal(50)),
    ]


def _grown(name: str, rounds: Sequence[Sequence[float]], what: str, goal: Goal) -> Row:
    words = f"{len(rounds)} rounds of {what}, each with the decision after it; "
    words += f"{_over(rounds, 0.5):.3g} ms at the median, {max(map(max, rounds)):.3g} ms at most"
    return row(name, _over(rounds, 0.99), "ms", Against(words), goal)
