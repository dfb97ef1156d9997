"""Reading time. Nothing else in the package reads a clock."""

import time
from datetime import UTC, datetime
from typing import Protocol


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
