"""How every instrument stood at an instant, as known at an instant.

The ruleset says what was known; the instant says when it is asked about. What
keeps an instrument off for everybody it reaches is told apart from what keeps it
off for some (`partly_off_by`): its status is still the one for the others.
"""

from collections.abc import Collection, Iterable
from datetime import datetime

import msgspec

from changeover.basics.instants import from_microseconds, microseconds
from changeover.basics.text import Bilingual
from changeover.orders.endings import ended_by, endings
from changeover.orders.model import Call, Instrument, Issued, Status
from changeover.orders.names import issuer_name
from changeover.orders.ruleset import Ruleset
from changeover.orders.status import Standing
from changeover.orders.suspensions import Suspension
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
    ended = endings(ruleset.issued.values())
    found = []
    for entry in ruleset.issued.values():
        ending = ended_by(ended, entry.instrument.id, microseconds(at))
        found.append(_then(ruleset, entry, at, None if ending is None else ending.by))
    return tuple(found)


def status_of(instrument: Instrument, statuses: Collection[Status], at: datetime) -> Status:
    """The gravest of an instrument's clauses' statuses; its own where it has no clauses."""
    effect = instrument.takes_effect()
    own: Status = "announced" if effect is None else "pending" if effect > at else "operative"
    return next((status for status in _GRAVITY if status in statuses), own)


def _then(ruleset: Ruleset, entry: Issued, at: datetime, ender: str | None) -> InstrumentThen:
    instrument, instant = entry.instrument, microseconds(at)
    standings = ruleset.standings_of(instrument.id)
    statuses = {standing.status(instant) for standing in standings}
    suspended = {s for standing in standings for s in standing.suspensions}
    return InstrumentThen(
        id=instrument.id,
        kind=instrument.kind,
        issuer=instrument.issuer,
        issuer_name=issuer_name(ruleset.directory, instrument.issuer),
        title=instrument.title,
        status=_own_status(instrument, statuses, at, ender),
        takes_effect=instrument.takes_effect(),
        deadline=earliest_deadline(standings),
        recorded=entry.recorded,
        ended_by=ender,
        kept_off_by=_names(s for s in suspended if s.covers(instant, None, "")),
        partly_off_by=_names(s for s in suspended if _covers_some(s, instant)),
    )


def _own_status(
    instrument: Instrument, statuses: Collection[Status], at: datetime, ender: str | None
) -> Status:
    return "ended" if ender is not None and not statuses else status_of(instrument, statuses, at)


def earliest_deadline(standings: Iterable[Standing]) -> datetime | None:
    """The earliest of the clauses' deadlines, as rulings that bind everyone moved it."""
    moved = (standing.deadline_for() for standing in standings)
    first = min((d for d in moved if d is not None and d < FOREVER), default=None)
    return None if first is None else from_microseconds(first)


def _covers_some(suspension: Suspension, at: int) -> bool:
    """Whether it covers one of those whom it frees, and not everyone."""
    freed = Call(
        service=_any(suspension.services),
        party=_any(suspension.parties or ()),
        network="",
        purpose=_any(suspension.purposes),
        data_class="",
    )
    return not suspension.covers(at, None, "") and suspension.covers(
        at, freed, _any(suspension.routes)
    )


def _any(names: Iterable[str]) -> str:
    return next(iter(names), "")


def _names(suspensions: Iterable[Suspension]) -> tuple[str, ...]:
    return tuple(sorted({suspension.by for suspension in suspensions}))
