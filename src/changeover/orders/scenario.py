"""A scenario: a directory, instruments as they were recorded, and a clock that is moved.

The demonstration runs on it. The clock stands where it was put; `play` moves it
to an instant and on its way issues each event at the instant it was recorded
then. Playing is safe to repeat after an interruption: an event that is on
record is passed over. One play goes on at a time, and the clock never goes back.
"""

import threading
from datetime import datetime

import msgspec

from changeover.basics.clock import FixedClock
from changeover.basics.errors import ConflictError
from changeover.basics.text import Bilingual
from changeover.directory.model import Directory
from changeover.orders.model import Instrument, Issued
from changeover.orders.ports import Work, Works
from changeover.orders.usecases import Office

NOW = "scenario.now"


class Scenario(msgspec.Struct, frozen=True, kw_only=True):
    """A scenario as read from its files; `events` are in the order they were recorded."""

    title: Bilingual
    starts_at: datetime
    directory: Directory
    events: tuple[Issued, ...]


class Played(msgspec.Struct, frozen=True, kw_only=True):
    """What a play did: from when to when, and the instruments it issued."""

    since: datetime
    until: datetime
    issued: tuple[str, ...]


class Player:
    """Moves a scenario's clock and issues its events."""

    def __init__(self, scenario: Scenario, office: Office, works: Works, clock: FixedClock) -> None:
        self._scenario = scenario
        self._office = office
        self._works = works
        self._clock = clock
        self._playing = threading.Lock()

    def begin(self) -> None:
        """Puts the clock where it stood last; at first, loads the directory and what came before.

        What was recorded before the scenario starts is on record when it does.
        """
        if self.follow():
            self._office.load()
            return
        first = min((e.recorded for e in self._scenario.events), default=self._scenario.starts_at)
        self._clock.move_to(min(first, self._scenario.starts_at))
        self._office.load()
        self._office.apply(self._scenario.directory, by="scenario")
        self.play(self._scenario.starts_at)

    def follow(self) -> bool:
        """Puts the clock where it was moved, by another process perhaps; False before it began.

        Where it stands later already, a play of this process is on its way.
        """
        with self._works.reading() as work:
            stands_at = _stands_at(work)
        if stands_at is None:
            return False
        if stands_at > self._clock.now():
            self._clock.move_to(stands_at)
        return True

    def play(self, until: datetime) -> Played:
        """Issues the events recorded up to `until`, inclusive, and moves the clock there.

        Raises `ConflictError` when the clock stands later already.
        """
        with self._playing:
            self.follow()
            return self._play(until)

    def _play(self, until: datetime) -> Played:
        since = self._clock.now()
        _check_forwards(since, until)
        issued = [event for event in self._scenario.events if self._plays(event, until)]
        for event in issued:
            self._clock.move_to(max(event.recorded, since))
            self._office.issue(
                event.instrument,
                by=event.entered_by,
                confirmed_by=event.confirmed_by,
                recorded=event.recorded,
            )
        self._clock.move_to(until)
        with self._works.begin() as work:
            # Another process may have played meanwhile.
            _check_forwards(_stands_at(work) or since, until)
            work.settings.set(NOW, until.isoformat())
            work.tell("scenario", until, {"since": since, "until": until})
            enacted = work.enact("scenario", ("scenario",), until)
        # The same rules at another instant: whoever watches them looks again.
        self._office.bring_into_force(enacted)
        return Played(
            since=since, until=until, issued=tuple(event.instrument.id for event in issued)
        )

    def awaited(self) -> tuple[Instrument, ...]:
        """The events that are not on record yet, in the order of their recording."""
        on_record = self._office.instruments()
        return tuple(
            event.instrument
            for event in self._scenario.events
            if event.instrument.id not in on_record
        )

    def _plays(self, event: Issued, until: datetime) -> bool:
        return event.recorded <= until and event.instrument.id not in self._office.instruments()


def _stands_at(work: Work) -> datetime | None:
    stands_at = work.settings.get(NOW)
    return None if stands_at is None else datetime.fromisoformat(stands_at)


def _check_forwards(stands_at: datetime, until: datetime) -> None:
    if until < stands_at:
        raise ConflictError(
            f"The scenario stands at {stands_at.isoformat()}, which is after {until.isoformat()}.",
            means="Its clock moves forwards only, as the record does.",
            do="Start again with an empty data folder to play from the beginning.",
        )
