"""What lies ahead on record, by the clock: one date for each thing that changes by itself.

A clause takes effect, reaches its deadline or ends; a stay or a waiver expires; a
freeze lapses unless it is confirmed. A date is told only while what it is of still
stands then: what another instrument ends before has no deadline any more. Asked
for a party or a service, only what reaches one of its slots is told, with the
deadline as it was moved for it.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Literal

import msgspec

from changeover.basics.errors import NotFoundError
from changeover.basics.instants import from_microseconds, microseconds
from changeover.directory.rules import ancestors
from changeover.orders.cited import provisional_until
from changeover.orders.model import Call, Issued
from changeover.orders.ruleset import Ruleset, call_of
from changeover.orders.status import Standing
from changeover.orders.suspensions import Suspension
from changeover.orders.uses import FOREVER

DateKind = Literal["effective", "deadline", "end", "stay-end", "waiver-end", "freeze-end"]


class Date(msgspec.Struct, frozen=True, kw_only=True):
    """An instant ahead, and what happens then.

    `clause` is the instrument's clause, or for a stay or a waiver the instrument
    that it keeps off. `recorded` is when the last instrument that bears on it was
    recorded. `kept_off_by` are the stays and waivers that, as the record stands,
    still keep the clause off then: its deadline comes all the same.
    """

    kind: DateKind
    at: datetime
    instrument: str
    clause: str
    recorded: datetime
    kept_off_by: tuple[str, ...] = ()

    @property
    def uid(self) -> str:
        """The same for the same thing, whenever it is asked for."""
        return f"{self.instrument}.{self.clause}.{self.kind}@changeover"


class Concerned(msgspec.Struct, frozen=True, kw_only=True):
    """Whom the dates are for: a party with all that is part of it, a service, or everybody."""

    party: str | None = None
    service: str | None = None


def ahead(ruleset: Ruleset, now: datetime, concerned: Concerned) -> tuple[Date, ...]:
    """The dates after `now`, the next first; `NotFoundError` for an unknown party or service."""
    calls = None if concerned == Concerned() else tuple(_calls(ruleset, concerned))
    found: dict[str, Date] = {}
    for entry in ruleset.issued.values():
        for date in _dates(ruleset, entry, calls):
            earlier = found.get(date.uid)
            if date.at > now and (earlier is None or date.at < earlier.at):
                found[date.uid] = date
    return tuple(sorted(found.values(), key=lambda date: (date.at, date.uid)))


def _calls(ruleset: Ruleset, concerned: Concerned) -> Iterator[Call]:
    directory = ruleset.directory
    if concerned.party is not None and concerned.party not in directory.parties:
        raise NotFoundError(
            f"There is no party {concerned.party!r} in the directory.",
            means=f"It knows: {', '.join(sorted(directory.parties))}.",
        )
    if concerned.service is not None and concerned.service not in directory.services:
        raise NotFoundError(
            f"There is no service {concerned.service!r} in the directory.",
            means=f"It knows: {', '.join(sorted(directory.services))}.",
        )
    for service in directory.services.values():
        if concerned.service not in {None, service.id}:
            continue
        if concerned.party is None or concerned.party in ancestors(directory, service.party):
            for slot in service.slots:
                yield call_of(service, slot.name)


def _dates(ruleset: Ruleset, entry: Issued, calls: tuple[Call, ...] | None) -> Iterator[Date]:
    instrument = entry.instrument
    until = provisional_until(ruleset, entry)
    for standing in ruleset.standings_of(instrument.id):
        reached = [(None, "")] if calls is None else _reached(ruleset, standing, calls)
        for call, route in reached:
            yield from _of_clause(ruleset, entry, standing, call, route)
            if until is not None and standing.status(microseconds(until) - 1) != "ended":
                yield _date("freeze-end", until, entry, standing.clause)
            for suspension in standing.suspensions:
                yield from _of_suspension(ruleset, suspension, standing, call, route)
    if not instrument.clauses and (calls is None or _binds(entry, calls)):
        effect = instrument.takes_effect()
        if effect is not None:
            yield _date("effective", effect, entry, "")


def _binds(entry: Issued, calls: Iterable[Call]) -> bool:
    bound = {change.service for change in entry.instrument.rebindings}
    return any(call.service in bound for call in calls)


def _reached(
    ruleset: Ruleset, standing: Standing, calls: Iterable[Call]
) -> list[tuple[Call | None, str]]:
    """The calls and routes that the clause meets."""
    routes = [
        route
        for route in ruleset.directory.routes
        if standing.matches(ruleset.reached(route).lineage)
    ]
    return [
        (call, route)
        for call in calls
        for route in routes
        if any(met is standing for met in ruleset.collect(call, route))
    ]


def _of_clause(
    ruleset: Ruleset, entry: Issued, standing: Standing, call: Call | None, route: str
) -> Iterator[Date]:
    found: tuple[tuple[DateKind, int | None], ...] = (
        ("effective", standing.begins),
        ("deadline", standing.deadline_for(call, route)),
        ("end", standing.ends),
    )
    recorded = _latest(ruleset, entry, (s.by for s in standing.suspensions), standing.ended_by)
    for kind, at in found:
        if at is None or at >= FOREVER:
            continue
        stands = standing.status(at if kind == "effective" else at - 1, call, route)
        if stands not in {"ended", "announced"}:
            date = _date(kind, from_microseconds(at), entry, standing.clause, recorded)
            off = standing.kept_off_by(at, call, route)
            yield msgspec.structs.replace(date, kept_off_by=off)


def _latest(ruleset: Ruleset, entry: Issued, acting: Iterable[str], ender: str | None) -> datetime:
    names = [*acting, *(() if ender is None else (ender,))]
    return max((entry.recorded, *(ruleset.issued[name].recorded for name in names)))


def _of_suspension(
    ruleset: Ruleset, suspension: Suspension, standing: Standing, call: Call | None, route: str
) -> Iterator[Date]:
    """The end of a stay or waiver that covers the call until then, and of the stays on it."""
    if suspension.until is None:
        return
    covers = call is None or suspension.covers(suspension.until - 1, call, route)
    if covers and standing.status(suspension.until - 1, call, route) != "ended":
        kind: DateKind = "stay-end" if suspension.kind == "stayed" else "waiver-end"
        by = ruleset.issued[suspension.by]
        at = from_microseconds(suspension.until)
        yield _date(kind, at, by, standing.instrument)


def _date(
    kind: DateKind, at: datetime, entry: Issued, clause: str, recorded: datetime | None = None
) -> Date:
    return Date(
        kind=kind,
        at=at,
        instrument=entry.instrument.id,
        clause=clause,
        recorded=recorded or entry.recorded,
    )
