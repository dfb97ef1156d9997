"""Having an instrument take effect at once instead of later.

Nothing that a text dates earlier is moved: what is past stays past. Every
instant of the instrument that lies ahead becomes now, periods are counted anew
from the instants that moved (six months after it takes effect stay six months),
and deadlines that the text names as dates stay where they are. What is only
announced binds nobody, and does not begin to by being brought forward.
"""

from datetime import datetime
from zoneinfo import ZoneInfo

import msgspec

from changeover.basics.calendars import after_days, after_months
from changeover.orders.model import (
    Act,
    Clause,
    Instrument,
    Lift,
    Moment,
    Period,
    Reading,
    Rescind,
    Stay,
    Vacate,
    Waive,
)


def bring_forward(instrument: Instrument, now: datetime, zone: ZoneInfo) -> Instrument:
    """The instrument with every instant that lies after `now` at `now`."""

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
    return msgspec.structs.replace(
        moved,
        clauses=tuple(_clause(moved, clause, now, zone) for clause in moved.clauses),
        acts=tuple(_act(act, now) for act in moved.acts),
    )


def _clause(moved: Instrument, clause: Clause, now: datetime, zone: ZoneInfo) -> Clause:
    readings = tuple(_reading(moved, reading, now, zone) for reading in clause.readings)
    changed: Clause = msgspec.structs.replace(clause, readings=readings)
    return changed


def _reading(moved: Instrument, reading: Reading, now: datetime, zone: ZoneInfo) -> Reading:
    wind_down = reading.wind_down
    if wind_down is not None:
        until = _moment(moved, wind_down.until, zone)
        wind_down = msgspec.structs.replace(wind_down, until=until)
    changed: Reading = msgspec.structs.replace(
        reading,
        since=None if reading.since is None else min(reading.since, now),
        until=None if reading.until is None else _moment(moved, reading.until, zone),
        wind_down=wind_down,
    )
    return changed


def _moment(moved: Instrument, moment: Moment, zone: ZoneInfo) -> Moment:
    """A counted instant, counted anew; one that was named as a date is as it was."""
    if moment.period is None:
        return moment
    trigger = _trigger(moved, moment.period)
    if trigger is None:
        return moment
    count = after_months if moment.period.unit == "months" else after_days
    return Moment(at=count(trigger, moment.period.count, zone), period=moment.period)


def _trigger(moved: Instrument, period: Period) -> datetime | None:
    match period.after:
        case "signed":
            return moved.signed
        case "published":
            return moved.published
        case "effective":
            return moved.takes_effect()


def _act(act: Act, now: datetime) -> Act:
    match act:
        case Rescind() | Stay() | Lift() | Vacate() | Waive() if act.since is not None:
            changed: Act = msgspec.structs.replace(act, since=min(act.since, now))
            return changed
        case _:
            return act
