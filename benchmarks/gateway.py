"""The gateway with everything on, beside the same upstream called directly.

A demonstration is started and its scenario played to 3 March 2026, so that
decisions have instruments to meet; OpenAI's address in its environment is that
of the fast upstream. Each call is authorised by a hashed key, decided twice,
journalled before it leaves, translated both ways and recorded in the ledger.

The systems take turns within one run, and each figure is the median of the
rounds. The gateway has one core; the load generator and the upstream share
another, so that the direct figure is bounded by the two together.
"""

import sys
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Literal

import msgspec
import uvloop

from benchmarks.exchange import STREAMED, WHOLE, Exchange
from benchmarks.load import System, full, paced
from benchmarks.machine import Cores, pinned
from benchmarks.peers import peers_here
from benchmarks.processes import (
    changeover_command,
    environment,
    free_port,
    processor_seconds,
    run,
    started,
    wait_for,
)
from benchmarks.results import Against, Goal, Row, median, percentile, row

_CONNECTIONS = 64
_PACED_CONNECTIONS = 16
_READY_SECONDS = 60.0
_INSTANT = "2026-03-03"
_SERVICE = "statechat"
_UPSTREAM_KEY = "benchmark-upstream-key"
_OURS = "changeover"
_DIRECT = "direct"
_MOST_ADDED_P50 = 0.7
_MOST_ADDED_P99 = 3.0
_LEAST_OF_DIRECT = 0.1


class _Shown(msgspec.Struct, frozen=True, kw_only=True):
    """An exchange with the words and goals of its rows."""

    name: str
    exchange: Exchange
    per_cpu: Goal
    least_of_peer: float


_SHOWN = (
    _Shown(
        name="calls",
        exchange=WHOLE,
        per_cpu=Goal(8200, "least"),
        least_of_peer=50,
    ),
    _Shown(
        name="streams",
        exchange=STREAMED,
        per_cpu=Goal(0.1, "least", "ratio"),
        least_of_peer=30,
    ),
)


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    """How often and how long: seconds of each load, for each system, in each round."""

    rounds: int = 3
    warm: float = 0.5
    full: float = 1.5
    paced: float = 2.0


QUICK = Plan(rounds=1, full=1.0, paced=1.0)


class _Figures:
    """What the rounds gave for one exchange, by system; latencies in milliseconds."""

    def __init__(self) -> None:
        self.rates: defaultdict[str, list[float]] = defaultdict(list)
        self.per_cpu: defaultdict[str, list[float]] = defaultdict(list)
        self.p50: defaultdict[str, list[float]] = defaultdict(list)
        self.p99: defaultdict[str, list[float]] = defaultdict(list)
        self.pace = 0.0


def measure(plan: Plan, cores: Cores) -> list[Row]:
    """The rows of the gateway, and those of its peers where they were asked for."""
    rows: list[Row] = []
    with ExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory(prefix="changeover-bench-")))
        with pinned(cores.rest):
            direct = stack.enter_context(fast_upstream(folder))
        with pinned(cores.measured):
            gateway = stack.enter_context(our_gateway(folder, direct.port))
            peers = [
                stack.enter_context(run_peer(folder, direct.port)) for run_peer in peers_here()
            ]
        stack.enter_context(pinned(cores.rest))
        for shown in _SHOWN:
            found = uvloop.run(_rounds(plan, shown.exchange, [direct, gateway, *peers]))
            rows += _rows(shown, found)
            rows += [_peer_row(shown, found, peer.name) for peer in peers]
    return rows


@contextmanager
def fast_upstream(folder: Path) -> Iterator[System]:
    """The upstream that costs nothing, called directly."""
    port, log = free_port(), folder / "upstream.log"
    command = [sys.executable, "-m", "benchmarks.upstream", str(port)]
    with started(command, log, environment()) as process:
        wait_for(process, log, "Ready", _READY_SECONDS)
        yield System(name=_DIRECT, port=port, key=_UPSTREAM_KEY, pid=process.pid)


@contextmanager
def our_gateway(folder: Path, upstream: int) -> Iterator[System]:
    """The gateway before an upstream at that port, the scenario played; without stand-ins."""
    data, log, port = folder / "data", folder / "gateway.log", free_port()
    vendor = {
        "OPENAI_API_KEY": _UPSTREAM_KEY,
        "OPENAI_BASE_URL": f"http://127.0.0.1:{upstream}/v1",
    }
    command = changeover_command(data, "up", "--demo", "--no-stand-ins", "--port", str(port))
    with started(command, log, environment(vendor)) as process:
        wait_for(process, log, "Ready:", _READY_SECONDS)
        run(changeover_command(data, "scenario", "play", "--until", _INSTANT))
        made = run(changeover_command(data, "keys", "create", _SERVICE, "--by", "bench", "--json"))
        key = msgspec.json.decode(made)["key"]
        yield System(name=_OURS, port=port, key=key, pid=process.pid)


async def _rounds(plan: Plan, exchange: Exchange, systems: Sequence[System]) -> _Figures:
    found = _Figures()
    for system in systems:
        await full(system, exchange, connections=_CONNECTIONS, seconds=plan.warm)
    for number in range(plan.rounds):
        for system in _turned(systems, number):
            before = processor_seconds(system.pid)
            calls, rate = await full(system, exchange, connections=_CONNECTIONS, seconds=plan.full)
            found.rates[system.name].append(rate)
            found.per_cpu[system.name].append(calls / (processor_seconds(system.pid) - before))
    found.pace = median(found.rates[_OURS]) / 2
    for number in range(plan.rounds):
        for system in _turned(systems[:2], number):
            latencies = await paced(
                system,
                exchange,
                rate=found.pace,
                connections=_PACED_CONNECTIONS,
                seconds=plan.paced,
            )
            found.p50[system.name].append(percentile(latencies, 0.5) * 1000)
            found.p99[system.name].append(percentile(latencies, 0.99) * 1000)
    return found


def _turned(systems: Sequence[System], by: int) -> Sequence[System]:
    """Another system goes first in each round."""
    at = by % len(systems)
    return [*systems[at:], *systems[:at]]


def _rows(shown: _Shown, found: _Figures) -> list[Row]:
    unit = f"{shown.name}/s"
    rate, direct = median(found.rates[_OURS]), median(found.rates[_DIRECT])
    return [
        row(
            f"gateway-{shown.name}",
            rate,
            unit,
            Against("the upstream called directly", direct),
            Goal(_LEAST_OF_DIRECT, "least", "ratio"),
        ),
        row(
            f"gateway-{shown.name}-per-cpu",
            median(found.per_cpu[_OURS]),
            f"{shown.name}/cpu-s",
            Against("the upstream's own", median(found.per_cpu[_DIRECT])),
            shown.per_cpu,
        ),
        _added(shown, found, "p50", Goal(_MOST_ADDED_P50)),
        _added(shown, found, "p99", Goal(_MOST_ADDED_P99)),
    ]


def _added(shown: _Shown, found: _Figures, which: Literal["p50", "p99"], goal: Goal) -> Row:
    latencies = found.p50 if which == "p50" else found.p99
    direct = median(latencies[_DIRECT])
    words = f"{which} {direct:.2f} ms directly, both at {found.pace:.0f} {shown.name}/s"
    added = median(latencies[_OURS]) - direct
    return row(f"gateway-{shown.name}-added-{which}", added, "ms", Against(words), goal)


def _peer_row(shown: _Shown, found: _Figures, peer: str) -> Row:
    return row(
        f"gateway-{shown.name}-{peer}",
        median(found.per_cpu[_OURS]),
        f"{shown.name}/cpu-s",
        Against(f"{peer} on the same core and upstream", median(found.per_cpu[peer])),
        Goal(shown.least_of_peer, "least", "ratio"),
    )
