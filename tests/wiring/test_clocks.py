"""What the ledger is told of clocks: the kernel's word, and the database's where it has a clock."""

import ctypes
import sys
from collections.abc import Callable

import pytest

from changeover.basics.clock import this_moment
from changeover.storage.database import Database
from changeover.wiring import kernel_clock as kernel
from changeover.wiring.kernel_clock import KernelClock, kernel_clock


class Library:
    """Stands in for the C library: answers with a clock that the test sets."""

    def __init__(self, adjtimex: Callable[[object], int]) -> None:
        self.adjtimex = adjtimex


@pytest.mark.parametrize(
    ("told", "found"),
    [
        ((0x2001, 1_500_000, 900), KernelClock(offset=-1500, error=900, synchronised=True)),
        ((0x0001, -1500, 900), KernelClock(offset=1500, error=900, synchronised=True)),
        ((0x0040, 7, 16_000_000), KernelClock(offset=0, error=None, synchronised=False)),
    ],
    ids=["nanoseconds", "microseconds", "unsynchronised"],
)
def test_the_kernels_word_is_read_in_its_own_units(
    monkeypatch: pytest.MonkeyPatch, told: tuple[int, int, int], found: KernelClock
):
    def adjtimex(given: object) -> int:
        timex = given._obj  # type: ignore[attr-defined]  # what `byref` refers to
        assert timex.modes == 0
        timex.status, timex.offset, timex.most = told
        return 0

    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setattr(ctypes, "CDLL", lambda _: Library(adjtimex))
    assert kernel_clock() == found
    monkeypatch.setattr(ctypes, "CDLL", lambda _: Library(lambda _: -1))
    assert kernel_clock() is None
    monkeypatch.setattr(sys, "platform", "darwin")
    assert kernel_clock() is None


@pytest.mark.skipif(sys.platform != "linux", reason="another kernel tells nothing")
def test_this_machines_kernel_tells():
    assert ctypes.sizeof(kernel._Timex) >= 208
    found = kernel_clock()
    assert found is not None
    assert (found.error is not None) is found.synchronised


def test_a_database_that_has_a_clock_tells_it(database_url: str):
    with Database(database_url) as database, database.reading() as work:
        told = work.clock()
    if database_url.startswith("sqlite"):
        assert told is None
    else:
        assert told is not None
        assert abs(told - this_moment().wall) < 60_000_000
