"""Having an instrument take effect at once instead of later.

Nothing that a text dates earlier is moved: what is past stays past. Every
instant of the instrument that lies ahead becomes now, periods are counted anew
from the instants that moved (six months after it takes effect stay six months),
and deadlines that the text names as dates stay where they are. A freeze lasts as
long as it would have. What is only announced binds nobody, and does not begin to
by being brought forward.
"""

from datetime import datetime

import msgspec

from changeover.directory.model import Directory
from changeover.orders.model import (
    Act,
    Amend,
    Clause,
    Instrument,
    Lift,
    Moment,
    Reading,
    Rescind,
    Stay,
    Vacate,
    Waive,
)
from changeover.orders.periods import counted, trigger_of


def bring_forward(instrument: Instrument, now: datetime, directory: Directory) -> Instrument:
    """The instrument with every instant that lies after `now` at `now`.

    Raises `InvalidInputError` where a period cannot be counted anew.
    """

    def by_now(instant: datetime | None) -> datetime | None:
        return None if instant is None else min(instant, now)

    moved: Instrument = msgspec.structs.replace(
        instrument,
        announced=by_now(instrument.announced),
        signed=by_now(instrument.signed),
        published=by_now(instrument.published),
        effective=by_now(instrument.effective),
        served={whom: min(when, now) for whom, when in instrument.served.items()},
        sources=tuple(
            msgspec.structs.replace(source, captured=min(source.captured, now))
            for source in instrument.sources
        ),
    )
    return _Moved(moved, now, directory).whole(instrument)


class _Moved:
    """An instrument whose own instants have moved, and what follows for the rest of it."""

    def __init__(self, instrument: Instrument, now: datetime, directory: Directory) -> None:
        self.instrument = instrument
        self.now = now
        self.directory = directory

    def whole(self, before: Instrument) -> Instrument:
        changed: Instrument = msgspec.structs.replace(
            self.instrument,
            provisional_until=self.lapse(before),
            clauses=tuple(self.clause(clause) for clause in self.instrument.clauses),
            acts=tuple(self.act(act) for act in self.instrument.acts),
        )
        return changed

    def lapse(self, before: Instrument) -> datetime | None:
        """When a freeze ends by itself: as long after it takes effect as it was written."""
        until, was = before.provisional_until, before.takes_effect()
        effect = self.instrument.takes_effect()
        return until if until is None or was is None or effect is None else until - (was - effect)

    def clause(self, clause: Clause) -> Clause:
        readings = tuple(self.reading(reading) for reading in clause.readings)
        changed: Clause = msgspec.structs.replace(clause, readings=readings)
        return changed

    def reading(self, reading: Reading) -> Reading:
        wind_down = reading.wind_down
        if wind_down is not None:
            wind_down = msgspec.structs.replace(wind_down, until=self.moment(wind_down.until))
        changed: Reading = msgspec.structs.replace(
            reading,
            since=None if reading.since is None else min(reading.since, self.now),
            until=None if reading.until is None else self.moment(reading.until),
            wind_down=wind_down,
        )
        return changed

    def moment(self, moment: Moment) -> Moment:
        """A counted instant, counted anew; one that was named as a date is as it was."""
        period = moment.period
        trigger = None if period is None else trigger_of(self.instrument, period)
        if period is None or trigger is None:
            return moment
        return Moment(at=counted(self.directory, trigger, period), period=period)

    def act(self, act: Act) -> Act:
        match act:
            case Rescind() | Stay() | Lift() | Vacate() | Waive() if act.since is not None:
                changed: Act = msgspec.structs.replace(act, since=min(act.since, self.now))
                return changed
            case Amend():
                return Amend(
                    instruments=act.instruments,
                    clause=act.clause,
                    becomes=None if act.becomes is None else self.clause(act.becomes),
                    since=None if act.since is None else min(act.since, self.now),
                    anew=act.anew,
                )
            case _:
                return act
