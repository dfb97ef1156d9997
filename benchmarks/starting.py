"""How long a person waits: for the second start, and for an answer on the command line."""

import sys
import tempfile
import time
from pathlib import Path

import msgspec

from benchmarks.processes import (
    changeover_command,
    environment,
    free_port,
    run,
    started,
    wait_for,
)
from benchmarks.results import Against, Goal, Row, median, row

_READY_SECONDS = 60.0
_QUESTION = ("decide", "--service", "statechat", "--model", "gpt-4.1", "--json")


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    """How many second starts, and how many questions in each."""

    rounds: int = 3
    questions: int = 5


QUICK = Plan(rounds=1, questions=2)


def measure(plan: Plan) -> list[Row]:
    starts: list[float] = []
    answers: list[float] = []
    bare: list[float] = []
    with tempfile.TemporaryDirectory(prefix="changeover-bench-") as folder:
        data = Path(folder) / "data"
        first, *_ = _start(Path(folder), data, 0)
        for _ in range(plan.rounds):
            seconds, asked, empty = _start(Path(folder), data, plan.questions)
            starts.append(seconds)
            answers += asked
            bare += empty
    return [
        row(
            "start-second",
            median(starts),
            "s",
            Against("the first, which makes the database", first),
            Goal(3),
        ),
        row(
            "start-decide",
            median(answers),
            "s",
            Against("a Python process that does nothing", median(bare)),
            Goal(0.5),
        ),
    ]


def _start(folder: Path, data: Path, questions: int) -> tuple[float, list[float], list[float]]:
    """Seconds until ready, then those of the questions and of as many empty processes."""
    log = folder / "start.log"
    command = changeover_command(data, "up", "--demo", "--port", str(free_port()))
    began = time.perf_counter()
    with started(command, log, environment()) as process:
        wait_for(process, log, "Ready:", _READY_SECONDS)
        seconds = time.perf_counter() - began
        asked = [_seconds(changeover_command(data, *_QUESTION)) for _ in range(questions)]
        empty = [_seconds([sys.executable, "-c", "pass"]) for _ in range(questions)]
    return seconds, asked, empty


def _seconds(command: list[str]) -> float:
    began = time.perf_counter()
    run(command)
    return time.perf_counter() - began
