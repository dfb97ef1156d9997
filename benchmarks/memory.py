"""What the server holds at rest: the demonstration, loaded, with its stand-ins."""

import sys
import tempfile
import time
from pathlib import Path

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


def measure() -> list[Row]:
    with tempfile.TemporaryDirectory(prefix="changeover-bench-") as folder:
        data = Path(folder) / "data"
        port = str(free_port())
        ours = _at_rest(changeover_command(data, "up", "--demo", "--port", port), Path(folder))
        empty = _at_rest([sys.executable, "-c", _EMPTY], Path(folder))
    against = Against("a Python process that does nothing", empty)
    return [row("memory-at-rest", ours, "MB", against, Goal(120))]


def _at_rest(command: list[str], folder: Path) -> float:
    log = folder / "memory.log"
    with started(command, log, environment()) as process:
        wait_for(process, log, "Ready:", _READY_SECONDS)
        time.sleep(_REST_SECONDS)
        return resident_megabytes(process.pid)
