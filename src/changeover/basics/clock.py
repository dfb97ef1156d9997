"""Reading time. Nothing else in the package reads a clock.

An instant is a timezone-aware `datetime` in UTC. Decisions count in whole
microseconds since 1970 (`microseconds`), because comparing integers is what a
decision does most.
"""

import time
from datetime import UTC, datetime, timedelta
from typing import Protocol

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


class Clock(Protocol):
    """Tells the instant at which the organisation's rules are read."""

    def now(self) -> datetime: ...


class SystemClock:
    """The machine's clock, in UTC."""

    def now(self) -> datetime:
        return datetime.now(UTC)


class FixedClock:
    """A clock that stands where it was put: the scenario's, and the tests'."""

    def __init__(self, instant: datetime) -> None:
        self._instant = instant.astimezone(UTC)

    def now(self) -> datetime:
        return self._instant

    def move_to(self, instant: datetime) -> None:
        self._instant = instant.astimezone(UTC)


def microseconds(instant: datetime) -> int:
    """Whole microseconds since 1970-01-01T00:00Z; exact, unlike `timestamp()`."""
    return (instant - EPOCH) // _MICROSECOND


def from_microseconds(count: int) -> datetime:
    return EPOCH + timedelta(microseconds=count)


def monotonic() -> float:
    """Seconds on a clock that never goes back; for waits and durations only."""
    return time.monotonic()
