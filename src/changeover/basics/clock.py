"""Reading time. Nothing else in the package reads a clock."""

import time
from datetime import UTC, datetime
from typing import NamedTuple, Protocol


class Clock(Protocol):
    """Tells the instant at which the organisation's rules are read."""

    def now(self) -> datetime: ...


class SystemClock:
    """The machine's clock, in UTC."""

    def now(self) -> datetime:
        return datetime.now(UTC)  # noqa: TID251 - the one place


class FixedClock:
    """A clock that stands where it was put: the scenario's, and the tests'."""

    def __init__(self, instant: datetime) -> None:
        self._instant = instant.astimezone(UTC)

    def now(self) -> datetime:
        return self._instant

    def move_to(self, instant: datetime) -> None:
        self._instant = instant.astimezone(UTC)


def monotonic() -> float:
    """Seconds on a clock that never goes back; for waits and durations only."""
    return time.monotonic()


def awake_or_asleep() -> float:
    """Seconds on a clock that never goes back and goes on while the machine sleeps; for leases."""
    return time.clock_gettime(_BOOTTIME)


_TOGETHER = 0.001
_BOOTTIME = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)


class Moment(NamedTuple):
    """The machine's clock and the one that never goes back, read together.

    `wall` is in microseconds since 1970, `steady` in seconds from anywhere.
    """

    wall: int
    steady: float


def this_moment() -> Moment:
    """Both clocks within a millisecond: a pause between the two is not taken for a difference."""
    while True:
        steady = awake_or_asleep()
        wall = time.time_ns() // 1_000
        if awake_or_asleep() - steady < _TOGETHER:
            return Moment(wall, steady)
