"""Processes that a benchmark starts, watches and ends, by their ids."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import changeover

_SOURCES = Path(changeover.__file__).resolve().parents[1]
_TICKS = os.sysconf("SC_CLK_TCK")
_STOP_SECONDS = 15.0
_COMMAND_SECONDS = 60.0


class NotReadyError(Exception):
    """A process that was started ended, or did not get ready in time."""


def changeover_command(data: Path, *words: str) -> list[str]:
    """A command line of Changeover, run by this interpreter from these sources."""
    program = "from changeover.cli import main; main()"
    return [sys.executable, "-c", program, "--data", str(data), *words]


def environment(more: Mapping[str, str] | None = None) -> dict[str, str]:
    """This process's environment without anybody's vendor keys, and with these sources."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.endswith(("_API_KEY", "_BASE_URL")) and not name.startswith("CHANGEOVER_")
    }
    # The discovery would ask at well-known ports; it is given one where nothing listens.
    nowhere = {"CHANGEOVER_LOCAL_MODEL_URL": "http://127.0.0.1:9"}
    return kept | nowhere | {"PYTHONPATH": str(_SOURCES)} | dict(more or {})


def run(command: Sequence[str]) -> str:
    """What a command prints; `CalledProcessError` if it fails, `TimeoutExpired` if it hangs."""
    done = subprocess.run(
        command,
        env=environment(),
        check=True,
        capture_output=True,
        text=True,
        timeout=_COMMAND_SECONDS,
    )
    return done.stdout


def free_port() -> int:
    """A port of 127.0.0.1 that nothing listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def started(
    command: Sequence[str], log: Path, env: Mapping[str, str]
) -> Iterator["subprocess.Popen[bytes]"]:
    """A process until the block ends; then it is asked to stop, and waited for."""
    with log.open("wb") as output:
        process = subprocess.Popen(command, env=dict(env), stdout=output, stderr=output)
        try:
            yield process
        finally:
            process.terminate()
            try:
                process.wait(_STOP_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def wait_for(process: "subprocess.Popen[bytes]", log: Path, sign: str, seconds: float) -> float:
    """Waits until the process's output holds `sign`; how many seconds that took."""
    began = time.perf_counter()
    while sign not in log.read_text(encoding="utf-8", errors="replace"):
        waited = time.perf_counter() - began
        if process.poll() is not None or waited > seconds:
            end = log.read_text(encoding="utf-8", errors="replace")[-2000:]
            raise NotReadyError(f"{process.args!r} was not ready after {waited:.0f} s:\n{end}")
        time.sleep(0.005)
    return time.perf_counter() - began


def resident_megabytes(pid: int) -> float:
    """The memory that a process holds now (VmRSS), in units of 10^6 bytes."""
    for line in Path(f"/proc/{pid}/status").read_text(encoding="utf-8").splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) * 1024 / 1e6
    raise NotReadyError(f"the process {pid} has no memory of its own")


def processor_seconds(pid: int) -> float:
    """The processor time that a process has used, all threads together."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / _TICKS
