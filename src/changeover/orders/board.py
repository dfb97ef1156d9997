"""Every order over time: its phases, its deadlines, and what bears on it.

An order's phase is its gravest clause's status between two instants at which it may
change (`as_of`), for everybody; what keeps it off for some only is told beside it.
The first phase begins when the order was first said or recorded, the last has no end.
"""

from collections.abc import Iterator
from datetime import datetime

import msgspec

from changeover.basics.instants import from_microseconds, microseconds
from changeover.basics.text import Bilingual
from changeover.orders.ahead import Concerned, Date, ahead
from changeover.orders.as_of import InstrumentThen, as_of, earliest_deadline, status_of
from changeover.orders.model import Instrument, Kind, Status
from changeover.orders.ruleset import Ruleset


class Phase(msgspec.Struct, frozen=True, kw_only=True):
    """A stretch of time [since, until) in which an order has one status; None is for ever."""

    since: datetime
    until: datetime | None
    status: Status


class ActOn(msgspec.Struct, frozen=True, kw_only=True):
    """Something that another instrument does to an order, from when it takes effect."""

    instrument: str
    title: Bilingual
    act: str
    at: datetime | None


class BoardRow(msgspec.Struct, frozen=True, kw_only=True):
    """An order on the board.

    `vendors` are those that its clauses name, `parties` those that they are for.
    `partly_off_by` keep it off for some now.
    """

    id: str
    title: Bilingual
    kind: Kind
    issuer: str
    issuer_name: Bilingual
    status: Status
    deadline: datetime | None
    recorded: datetime
    phases: tuple[Phase, ...]
    dates: tuple[Date, ...]
    acts: tuple[ActOn, ...]
    vendors: tuple[str, ...]
    parties: tuple[str, ...]
    partly_off_by: tuple[str, ...]


def board(ruleset: Ruleset, at: datetime) -> tuple[BoardRow, ...]:
    """Every order as it stands at an instant, with its phases; the last recorded first."""
    dates: dict[str, list[Date]] = {}
    for date in ahead(ruleset, at, Concerned()):
        dates.setdefault(date.instrument, []).append(date)
    acts = acts_on(ruleset)
    rows = [
        _row(ruleset, then, tuple(dates.get(then.id, ())), tuple(acts.get(then.id, ())))
        for then in as_of(ruleset, at)
    ]
    return tuple(sorted(rows, key=lambda row: row.recorded, reverse=True))


def _row(
    ruleset: Ruleset, then: InstrumentThen, dates: tuple[Date, ...], acts: tuple[ActOn, ...]
) -> BoardRow:
    instrument = ruleset.issued[then.id].instrument
    return BoardRow(
        id=then.id,
        title=then.title,
        kind=instrument.kind,
        issuer=then.issuer,
        issuer_name=then.issuer_name,
        status=then.status,
        deadline=earliest_deadline(ruleset.standings_of(then.id)),
        recorded=then.recorded,
        phases=tuple(phases(ruleset, instrument)),
        dates=dates,
        acts=acts,
        vendors=_vendors(ruleset, instrument),
        parties=_parties(instrument),
        partly_off_by=then.partly_off_by,
    )


def phases(ruleset: Ruleset, instrument: Instrument) -> Iterator[Phase]:
    """The phases of an order, in their order; neighbours differ in status."""
    begins = _begins(ruleset, instrument)
    counted = {b for s in ruleset.standings_of(instrument.id) for b in s.boundaries()}
    effect = instrument.takes_effect()
    if effect is not None:
        counted.add(microseconds(effect))
    ended = ruleset.impacts.on(instrument.id)
    counted.update(b for impact in ended for b in impact.boundaries())
    instants = [begins, *(from_microseconds(b) for b in sorted(counted))]
    found: list[tuple[datetime, Status]] = []
    for instant in instants:
        if instant < begins:
            continue
        status = status_of(ruleset, instrument, instant)[0]
        if not found or found[-1][1] != status:
            found.append((instant, status))
    for place, (since, status) in enumerate(found):
        later = found[place + 1 : place + 2]
        yield Phase(since=since, until=later[0][0] if later else None, status=status)


def _begins(ruleset: Ruleset, instrument: Instrument) -> datetime:
    """When the order was first said, or recorded: the earliest instant that it has."""
    said = (instrument.announced, instrument.signed, instrument.published, instrument.effective)
    recorded = ruleset.issued[instrument.id].recorded
    return min([recorded, *(instant for instant in said if instant is not None)])


def acts_on(ruleset: Ruleset) -> dict[str, list[ActOn]]:
    """What was done to each order, in the order of the record."""
    found: dict[str, list[ActOn]] = {}
    for entry in ruleset.issued.values():
        instrument = entry.instrument
        for act in instrument.acts:
            for name in act.instruments:
                found.setdefault(name, []).append(
                    ActOn(
                        instrument=instrument.id,
                        title=instrument.title,
                        act=type(act).__name__.lower(),
                        at=instrument.takes_effect(),
                    )
                )
    return found


def _vendors(ruleset: Ruleset, instrument: Instrument) -> tuple[str, ...]:
    directory = ruleset.directory
    named: set[str] = set()
    for clause in instrument.clauses:
        for target in clause.reading().targets:
            named.update(target.makers, target.hosts, target.resellers)
            made = (directory.models.get(model) for model in target.models)
            named.update(model.maker for model in made if model is not None)
    return tuple(sorted(named))


def _parties(instrument: Instrument) -> tuple[str, ...]:
    named: dict[str, None] = {}
    for clause in instrument.clauses:
        scope = clause.reading().scope
        named |= dict.fromkeys((*scope.parties, *scope.regulated))
    return tuple(named)
