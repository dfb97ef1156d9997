"""How every instrument stood at an instant, as known at an instant.

The ruleset says what was known; the instant says when it is asked about. What
keeps an instrument off for everybody it reaches is told apart from what keeps it
off for some (`partly_off_by`): its status is still the one for the others.
"""

from collections.abc import Iterable
from datetime import datetime

import msgspec

from changeover.basics.instants import from_microseconds, microseconds
from changeover.basics.text import Bilingual
from changeover.orders.acted_on import ActedOn
from changeover.orders.model import Instrument, Issued, Status
from changeover.orders.names import issuer_name
from changeover.orders.ruleset import Ruleset
from changeover.orders.status import Standing
from changeover.orders.uses import FOREVER

_GRAVITY: tuple[Status, ...] = (
    "operative",
    "winding-down",
    "pending",
    "stayed",
    "waived",
    "announced",
    "ended",
)


class InstrumentThen(msgspec.Struct, frozen=True, kw_only=True):
    """An instrument at an instant: its gravest clause's status, and what moved it.

    `deadline` is the earliest, as rulings moved it. `ended_by` is the instrument
    that had ended it by then; None also where its own `until` did.
    """

    id: str
    kind: str
    issuer: str
    issuer_name: Bilingual
    title: Bilingual
    status: Status
    takes_effect: datetime | None
    deadline: datetime | None
    recorded: datetime
    ended_by: str | None
    kept_off_by: tuple[str, ...]
    partly_off_by: tuple[str, ...]


def as_of(ruleset: Ruleset, at: datetime) -> tuple[InstrumentThen, ...]:
    """Every instrument of the ruleset at an instant, in the order of the record."""
    acted_on = ActedOn(ruleset.issued)
    return tuple(_then(ruleset, acted_on, entry, at) for entry in ruleset.issued.values())


def status_of(ruleset: Ruleset, instrument: Instrument, at: datetime) -> tuple[Status, str | None]:
    """The gravest of its clauses' statuses (its own where it has none), and what had ended it."""
    instant = microseconds(at)
    statuses = {s.status(instant) for s in ruleset.standings_of(instrument.id)}
    ender = ruleset.impacts.ended_by(instrument.id, instant)
    if ender is not None and statuses <= {"ended"}:
        return "ended", ender
    effect = instrument.takes_effect()
    own: Status = "announced" if effect is None else "pending" if effect > at else "operative"
    return next((status for status in _GRAVITY if status in statuses), own), None


def _then(ruleset: Ruleset, acted_on: ActedOn, entry: Issued, at: datetime) -> InstrumentThen:
    instrument, instant = entry.instrument, microseconds(at)
    standings = ruleset.standings_of(instrument.id)
    status, ended_by = status_of(ruleset, instrument, at)
    every = {name for standing in standings for name in standing.kept_off_by(instant)}
    some = {
        acted.by
        for acted, freed in acted_on.keeping_off(instrument.id)
        for standing in standings
        if acted.by in standing.kept_off_by(instant, freed.call, freed.route)
    }
    return InstrumentThen(
        id=instrument.id,
        kind=instrument.kind,
        issuer=instrument.issuer,
        issuer_name=issuer_name(ruleset.directory, instrument.issuer),
        title=instrument.title,
        status=status,
        takes_effect=instrument.takes_effect(),
        deadline=earliest_deadline(standings),
        recorded=entry.recorded,
        ended_by=ended_by,
        kept_off_by=tuple(sorted(every)),
        partly_off_by=tuple(sorted(some - every)),
    )


def earliest_deadline(standings: Iterable[Standing]) -> datetime | None:
    """The earliest of the clauses' deadlines, as rulings that bind everyone moved it."""
    moved = (standing.deadline_for() for standing in standings)
    first = min((d for d in moved if d is not None and d < FOREVER), default=None)
    return None if first is None else from_microseconds(first)
