"""What a worker holds: at rest, after many calls, and for each stream that is open.

At rest and for calls it is the server of the gateway's rows, which has the scenario's record
and no stand-ins; the demonstration with its stand-ins is told beside it. Streams are begun
by an upstream that never ends them.
"""

import asyncio
import sys
import tempfile
import time
from pathlib import Path

import uvloop

from benchmarks.exchange import STREAMED, WHOLE
from benchmarks.gateway import fast_upstream, our_gateway
from benchmarks.load import System, full
from benchmarks.processes import (
    changeover_command,
    environment,
    free_port,
    resident_megabytes,
    started,
    wait_for,
)
from benchmarks.results import Against, Goal, Row, row

_READY_SECONDS = 60.0
_REST_SECONDS = 1.0
_EMPTY = "import time; print('Ready:', flush=True); time.sleep(60)"
_MOST_AT_REST = 120
_MOST_GROWTH = 5
_MOST_PER_STREAM = 60
_STREAMS, _FIRST_STREAMS = 2_000, 50
_MOST_WITH_STREAMS = 1_000
_CONNECTIONS = 32


def measure(*, quick: bool = False) -> list[Row]:
    with tempfile.TemporaryDirectory(prefix="changeover-bench-") as folder:
        here = Path(folder)
        empty = _at_rest([sys.executable, "-c", _EMPTY], here)
        port = str(free_port())
        demonstration = changeover_command(here / "demo", "up", "--demo", "--port", port)
        with_stand_ins = _at_rest(demonstration, here)
        with fast_upstream(here) as upstream, our_gateway(here, upstream.port) as gateway:
            time.sleep(_REST_SECONDS)
            worker = resident_megabytes(gateway.pid)
            warm, after = _calls(gateway, seconds=3.0 if quick else 15.0)
        per_stream, with_streams = _streams(here / "streams")
    nothing = Against("a Python process that does nothing", empty)
    beside = Against("the demonstration with its stand-ins", with_stand_ins)
    goal = Goal(_MOST_AT_REST)
    return [
        row("memory-at-rest", worker, "MB", nothing, goal),
        row("memory-demonstration", with_stand_ins, "MB", nothing, goal),
        row(
            "memory-of-calls",
            after - warm,
            "MB more",
            Against(f"the same before, at {warm:.0f} MB", warm),
            Goal(_MOST_GROWTH),
        ),
        row("memory-per-stream", per_stream, "KB", beside, Goal(_MOST_PER_STREAM)),
        row(
            "memory-of-2000-streams",
            with_streams,
            "MB",
            Against("a worker at rest", worker),
            Goal(_MOST_WITH_STREAMS),
        ),
    ]


def _at_rest(command: list[str], folder: Path) -> float:
    log = folder / "memory.log"
    with started(command, log, environment()) as process:
        wait_for(process, log, "Ready:", _READY_SECONDS)
        time.sleep(_REST_SECONDS)
        return resident_megabytes(process.pid)


def _calls(gateway: System, *, seconds: float) -> tuple[float, float]:
    """What the server holds when it is warm, and after many more calls and streams."""

    async def load(each: float) -> None:
        for exchange in (WHOLE, STREAMED):
            await full(gateway, exchange, connections=_CONNECTIONS, seconds=each)

    uvloop.run(load(seconds / 3))
    time.sleep(_REST_SECONDS)
    warm = resident_megabytes(gateway.pid)
    uvloop.run(load(seconds))
    time.sleep(_REST_SECONDS)
    return warm, resident_megabytes(gateway.pid)


def _streams(folder: Path) -> tuple[float, float]:
    """KB that each open stream takes, and MB that a worker holds with all of them."""
    folder.mkdir()
    port, log = free_port(), folder / "holding.log"
    command = [sys.executable, "-m", "benchmarks.holding", str(port)]
    with started(command, log, environment()) as process:
        wait_for(process, log, "Ready", _READY_SECONDS)
        with our_gateway(folder, port) as gateway:
            return uvloop.run(_opened(gateway))


async def _opened(gateway: System) -> tuple[float, float]:
    request = gateway.request(STREAMED)
    held: list[asyncio.StreamWriter] = []

    async def more(count: int) -> float:
        for _ in range(count):
            reader, writer = await asyncio.open_connection("127.0.0.1", gateway.port)
            writer.write(request)
            await reader.readuntil(b"\n\n")
            held.append(writer)
        await asyncio.sleep(_REST_SECONDS)
        return resident_megabytes(gateway.pid)

    before = await more(_FIRST_STREAMS)
    after = await more(_STREAMS - _FIRST_STREAMS)
    for writer in held:
        writer.close()
    return (after - before) * 1000 / (_STREAMS - _FIRST_STREAMS), after
