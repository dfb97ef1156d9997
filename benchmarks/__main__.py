"""`python -m benchmarks`: runs the benchmarks, prints a table, writes latest.json."""

import argparse
import sys
import time
from collections.abc import Callable
from pathlib import Path

import msgspec

from benchmarks import decide, evidence, gateway, ledger, memory, starting, talking, wire
from benchmarks.machine import Cores, header
from benchmarks.results import Row, table

_LATEST = Path(__file__).with_name("latest.json")

Benchmark = Callable[[Cores, bool], list[Row]]

# In the order in which they are run and printed.
BENCHMARKS: dict[str, Benchmark] = {
    "gateway": lambda cores, quick: gateway.measure(
        gateway.QUICK if quick else gateway.Plan(), cores
    ),
    "decide": lambda _, quick: decide.measure(decide.QUICK if quick else decide.Plan()),
    "wire": lambda _, quick: wire.measure(wire.QUICK if quick else wire.Plan()),
    "ledger": lambda _, quick: ledger.measure(ledger.QUICK if quick else ledger.Plan()),
    "evidence": lambda _, quick: evidence.measure(ledger.QUICK if quick else ledger.Plan()),
    "start": lambda _, quick: starting.measure(starting.QUICK if quick else starting.Plan()),
    "memory": lambda _, quick: memory.measure(quick=quick),
    "chat": lambda _, quick: talking.measure(talking.QUICK if quick else talking.Plan()),
}


def main(words: list[str]) -> None:
    """Runs what the command line asks for."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--json", action="store_true", help="print JSON instead of the table")
    parser.add_argument("--quick", action="store_true", help="smaller and fewer: for a first look")
    parser.add_argument(
        "--only",
        action="append",
        choices=BENCHMARKS,
        metavar="NAME",
        help=f"run this one only (may be given several times): {', '.join(BENCHMARKS)}",
    )
    asked = parser.parse_args(words)
    _say(header())
    cores, rows = Cores(), []
    for name, benchmark in BENCHMARKS.items():
        if asked.only and name not in asked.only:
            continue
        began = time.perf_counter()
        rows += benchmark(cores, asked.quick)
        _say(f"{name}: measured in {time.perf_counter() - began:.0f} s")
    written = msgspec.json.format(msgspec.json.encode(rows))
    _LATEST.write_bytes(written + b"\n")
    print(written.decode() if asked.json else table(rows))


def _say(words: str) -> None:
    print(words, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
