"""One decision, in a world as large as a government, beside a scan over all clauses."""

import gc
import time
import tracemalloc
from collections.abc import Sequence

import msgspec

from benchmarks.results import Against, Goal, Row, median, percentile, row
from benchmarks.scan import Scan, answer
from benchmarks.world import NOW, Size, calls, generate
from changeover.orders.decide import decide
from changeover.orders.model import Call
from changeover.orders.ruleset import Known, Ruleset, compile_ruleset


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    """The world, how many calls are decided, and how many of them by the scan too."""

    size: Size = Size()
    calls: int = 20_000
    scanned: int = 100
    compiles: int = 3


QUICK = Plan(
    size=Size(parties=200, routes=500, services=1_000, instruments=1_000),
    calls=5_000,
    scanned=50,
    compiles=1,
)


class DisagreementError(Exception):
    """The compiled ruleset and the scan gave different answers."""


def measure(plan: Plan) -> list[Row]:
    known = generate(plan.size)
    seconds = median([_compile_seconds(known) for _ in range(plan.compiles)])
    ruleset, megabytes = _weighed(known)
    asked = calls(known, plan.calls, plan.size.seed + 1)
    times, met = _decide_each(ruleset, asked)
    scan_times = _scan_each(ruleset, asked[: plan.scanned])
    world = plan.size.words()
    scanning = f"a scan over all clauses, equal on {plan.scanned} calls"
    p50, p99 = percentile(times, 0.5), percentile(times, 0.99)
    against = Against(scanning, median(scan_times))
    drawn = f"{plan.calls:,} calls drawn once each; they meet {met:g} clauses at the median"
    return [
        row("decide", p50, "µs", against, Goal(5)),
        row("decide-p99", p99, "µs", Against(drawn), Goal(25)),
        row("decide-compile", seconds, "s", Against(world), Goal(1.5)),
        row("decide-memory", megabytes, "MB", Against("the compiled ruleset alone"), Goal(200)),
    ]


def _compile_seconds(known: Known) -> float:
    gc.collect()
    began = time.perf_counter()
    compile_ruleset(known, version="benchmark")
    return time.perf_counter() - began


def _weighed(known: Known) -> tuple[Ruleset, float]:
    """The ruleset, and what it holds beyond the record, in units of 10^6 bytes."""
    gc.collect()
    tracemalloc.start()
    ruleset = compile_ruleset(known, version="benchmark")
    gc.collect()
    held, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return ruleset, held / 1e6


def _decide_each(ruleset: Ruleset, asked: Sequence[tuple[Call, str]]) -> tuple[list[float], float]:
    """Each call's time in microseconds, and how many clauses a call meets at the median."""
    times = []
    for call, route in asked:
        began = time.perf_counter_ns()
        decide(ruleset, call, route, NOW)
        times.append((time.perf_counter_ns() - began) / 1000)
    met = median([len(ruleset.collect(call, route)) for call, route in asked])
    return times, met


def _scan_each(ruleset: Ruleset, asked: Sequence[tuple[Call, str]]) -> list[float]:
    scan = Scan(ruleset)
    times = []
    for call, route in asked:
        began = time.perf_counter_ns()
        found = decide(scan, call, route, NOW)
        times.append((time.perf_counter_ns() - began) / 1000)
        if answer(found) != answer(decide(ruleset, call, route, NOW)):
            raise DisagreementError(f"{call} on {route}")
    return times
