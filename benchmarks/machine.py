"""The machine: what it is, and which core a process runs on.

Where there are two cores or more, what is measured has one for itself, and the
load generator and the upstream share another, so that neither takes the other's
time. Where there is one core only, the header says so.
"""

import os
import platform
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path

_NAMED = ("aiohttp", "msgspec", "starlette", "uvicorn", "uvloop")


def header() -> str:
    """The machine and the versions that the figures were had with."""
    cores = sorted(os.sched_getaffinity(0))
    pinned = "one for what is measured, one for the rest" if len(cores) > 1 else "shared by all"
    libraries = ", ".join(f"{name} {version(name)}" for name in _NAMED)
    load = ", ".join(f"{each:.1f}" for each in os.getloadavg())
    return (
        f"{_processor()}, {len(cores)} cores ({pinned}), {platform.system()} "
        f"{platform.release()}; load before: {load}\n"
        f"Python {platform.python_version()}; {libraries}"
    )


def _processor() -> str:
    told = Path("/proc/cpuinfo")
    lines = told.read_text(encoding="utf-8").splitlines() if told.exists() else []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.machine()


class Cores:
    """The cores that this process may use, shared out once."""

    def __init__(self) -> None:
        cores = sorted(os.sched_getaffinity(0))
        self.all = frozenset(cores)
        self.measured = frozenset(cores[:1])
        self.rest = frozenset(cores[1:2] or cores[:1])


@contextmanager
def pinned(cores: frozenset[int]) -> Iterator[None]:
    """Runs this process, and what it starts meanwhile, on these cores."""
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, cores)
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)
