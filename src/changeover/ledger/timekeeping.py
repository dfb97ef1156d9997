"""Checkpoints on a fixed clock, also when nothing happened.

A checkpoint says how the ledger stood; a ledger in which nothing happens has none for
hours, and whoever cuts those hours out is not seen. So an entry of the kind `clock` is
told every so many seconds, by one of the processes that share the ledger, and a new
checkpoint signs it. It says which start told it, how far apart the clock's entries are
meant to be, and the time of that machine, in a demonstration too.

Whoever verifies looks from one such entry to the next (`Clockwork`):

1. time does not run backwards, beyond what two machines' clocks may differ;
2. where it is more than twice as long as was meant, the ledger was silent. It is told
   with the starts that began meanwhile: a server that was stopped tells nothing.

A silence is no fault: no call is missing because of it, and a database that was away
makes one. What was called is in the numbers of the starts (`numbering`).
"""

from collections.abc import Mapping
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from typing import Any, Protocol

import msgspec

from changeover.basics.clock import Clock
from changeover.basics.instants import from_microseconds, microseconds
from changeover.ledger.controls import ClockTold
from changeover.ledger.entries import read_instant

LAST_TOLD = "ledger-clock"
"""The setting that says when the clock's last entry was told, for all processes."""
_SKEW = timedelta(seconds=10)


class Settings(Protocol):
    """Texts by name, in a unit of work."""

    def get(self, name: str) -> str | None: ...
    def set(self, name: str, value: str) -> None: ...


class ClockWork(Protocol):
    """A unit of work that tells the ledger; units take turns."""

    @property
    def settings(self) -> Settings: ...

    def tell(self, kind: str, at: datetime, fields: Mapping[str, Any]) -> None: ...


class ClockWorks(Protocol):
    """Opens such units."""

    def begin(self) -> AbstractContextManager[ClockWork]: ...
    def reading(self) -> AbstractContextManager[ClockWork]: ...


class Timekeeper:
    """Tells the ledger the time every `every` seconds, from this start or from what told it last.

    Any number of processes may keep one ledger's time: whoever comes first tells it. An
    entry's `at` is the organisation's clock's, as of every entry.
    """

    def __init__(
        self, works: ClockWorks, clock: Clock, machine: Clock, *, every: int, start: str
    ) -> None:
        self._works = works
        self._clock = clock
        self._machine = machine
        self._every = every
        self._start = start
        self._began = machine.now()

    def round(self) -> bool:
        """Tells the time if it is due; whether it did."""
        now = self._machine.now()
        with self._works.reading() as work:
            if not self._due(work, now):
                return False
        with self._works.begin() as work:
            # Another process may have told it between the two.
            if not self._due(work, now):
                return False
            work.settings.set(LAST_TOLD, str(microseconds(now)))
            told = ClockTold(start=self._start, every=self._every, machine=now)
            work.tell("clock", self._clock.now(), msgspec.structs.asdict(told))
        return True

    def _due(self, work: ClockWork, now: datetime) -> bool:
        kept = work.settings.get(LAST_TOLD)
        last = self._began if kept is None else from_microseconds(int(kept))
        since = max(last, self._began)
        # A clock that was put back must not silence the ledger until it has caught up.
        return not since <= now < since + timedelta(seconds=self._every)


class Silence(msgspec.Struct, frozen=True, kw_only=True):
    """From one entry of the clock to the next, more than twice as long as was meant.

    `starts` are those that began in it.
    """

    since: datetime
    until: datetime
    starts: tuple[str, ...]


class TimeFault(msgspec.Struct, frozen=True, kw_only=True):
    """Time ran backwards from one entry of the clock to the next."""

    since: datetime
    until: datetime
    what: str = "Time runs backwards from one to the next."
    means: str = (
        "A machine's clock was put back, or entries were made at another time than they say."
    )
    do: str = (
        "Compare them with the machine's log, and with checkpoints and time stamps kept outside."
    )

    @property
    def where(self) -> str:
        return f"the clock's entries of {self.since.isoformat()} and {self.until.isoformat()}"


class Clockwork:
    """Takes entries in order, and tells how the ledger's clock went."""

    def __init__(self) -> None:
        self.count = 0
        self.newest: datetime | None = None
        self.every: int | None = None
        self.silences: list[Silence] = []
        self.fault: TimeFault | None = None
        self._starts: list[str] = []

    def take(self, entry: Mapping[str, Any]) -> None:
        """Takes note of an entry; one of the clock that lacks its time counts for none."""
        match entry.get("kind"), entry.get("start"):
            case "start", str() as start:
                self._starts.append(start)
            case "clock", _:
                try:
                    told = read_instant(entry["machine"])
                    every = int(entry["every"])
                except (KeyError, TypeError, ValueError):
                    return
                self._take(told, every)
            case _:
                pass

    def _take(self, told: datetime, every: int) -> None:
        before = self.newest
        if before is not None and self.fault is None and told < before - _SKEW:
            self.fault = TimeFault(since=before, until=told)
        if before is not None and told > before + timedelta(seconds=2 * every) + _SKEW:
            found = Silence(since=before, until=told, starts=tuple(self._starts))
            self.silences.append(found)
        self.count += 1
        self.newest, self.every, self._starts = told, every, []
