"""What lies ahead on record, by the clock: one date for each thing that changes by itself.

A clause takes effect, reaches its deadline or ends; a stay or a waiver expires; a
freeze lapses unless it is confirmed. A date is told only while what it is of still
stands then: what another instrument ends before has no deadline any more. Asked
for a party or a service, only what reaches one of its slots is told, with the
deadline as it was moved for it.
"""

from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime
from typing import Literal

import msgspec

from changeover.basics.errors import NotFoundError
from changeover.basics.instants import from_microseconds, microseconds
from changeover.directory.rules import ancestors
from changeover.orders.acted_on import ActedOn
from changeover.orders.cited import provisional_until
from changeover.orders.decision import Call
from changeover.orders.model import Issued, Waive
from changeover.orders.ruleset import Ruleset, call_of
from changeover.orders.status import Standing
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
    reader = _Reader(ruleset, calls)
    found: dict[str, Date] = {}
    for entry in ruleset.issued.values():
        for date in reader.dates(entry):
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


class _Asked(msgspec.Struct, frozen=True):
    """Whom a clause is asked about: a call on a route, or everyone."""

    call: Call | None = None
    route: str = ""


class _Reader:
    """Reads the dates of instruments, for everybody or for some calls.

    `_met` holds a call that each clause meets, and the route on which it does, for all
    whom what is on the clause treats alike.
    """

    def __init__(self, ruleset: Ruleset, calls: tuple[Call, ...] | None) -> None:
        self._ruleset = ruleset
        self._calls = calls
        self._acted_on = ActedOn(ruleset.issued)
        self._met: dict[int, dict[frozenset[int], _Asked]] = defaultdict(dict)
        for call in calls or ():
            for route in ruleset.directory.routes:
                for standing in ruleset.collect(call, route):
                    alike = standing.whoms.holding(call, route)
                    self._met[id(standing)].setdefault(alike, _Asked(call, route))

    def dates(self, entry: Issued) -> Iterator[Date]:
        """Every date of an instrument, past ones too."""
        for standing in self._ruleset.standings_of(entry.instrument.id):
            every = [_Asked()] if self._calls is None else list(self._met[id(standing)].values())
            for asked in every:
                yield from self._of_clause(entry, standing, asked)
                yield from self._end(entry, standing, asked)
            for asked in (*every, *self._freed(entry)):
                yield from self._ends_of_stays(standing, asked)
        if not entry.instrument.clauses:
            yield from self._effect(entry)

    def _freed(self, entry: Issued) -> Iterator[_Asked]:
        """Those whom stays and waivers free in part, where everybody is asked about."""
        if self._calls is None:
            for _, freed in self._acted_on.keeping_off(entry.instrument.id):
                yield _Asked(freed.call, freed.route)

    def _of_clause(self, entry: Issued, standing: Standing, asked: _Asked) -> Iterator[Date]:
        deadline = standing.deadline_for(asked.call, asked.route)
        dates: tuple[tuple[DateKind, int | None, int], ...] = (
            ("effective", standing.begins, 0),
            ("deadline", deadline, 1),
        )
        for kind, at, before in dates:
            if at is None or at >= FOREVER:
                continue
            status = standing.status(at - before, asked.call, asked.route)
            if status not in {"ended", "announced"}:
                yield self._date(kind, at, entry, standing, asked)

    def _end(self, entry: Issued, standing: Standing, asked: _Asked) -> Iterator[Date]:
        until = provisional_until(self._ruleset, entry)
        lapse = None if until is None else microseconds(until)
        for at in sorted({*standing.boundaries(), *(() if lapse is None else (lapse,))}):
            before, after = (standing.status(i, asked.call, asked.route) for i in (at - 1, at))
            if at == lapse and before != "ended":
                yield self._date("freeze-end", at, entry, standing, asked)
            elif after == "ended" and before not in {"ended", "pending"}:
                yield self._date("end", at, entry, standing, asked)

    def _ends_of_stays(self, standing: Standing, asked: _Asked) -> Iterator[Date]:
        """Where a stay or a waiver ceases to keep the clause off, and it does not end itself."""
        for at in standing.boundaries():
            before, after = (
                set(standing.kept_off_by(i, asked.call, asked.route)) for i in (at - 1, at)
            )
            if standing.status(at, asked.call, asked.route) == "ended":
                continue
            for name in before - after:
                entry = self._ruleset.issued[name]
                waives = any(isinstance(act, Waive) for act in entry.instrument.acts)
                yield Date(
                    kind="waiver-end" if waives else "stay-end",
                    at=from_microseconds(at),
                    instrument=name,
                    clause=standing.instrument,
                    recorded=self._acted_on.recorded(entry),
                )

    def _effect(self, entry: Issued) -> Iterator[Date]:
        """When an instrument without clauses takes effect, if it binds what is asked about."""
        effect = entry.instrument.takes_effect()
        bound = {change.service for change in entry.instrument.rebindings}
        concerns = self._calls is None or any(call.service in bound for call in self._calls)
        if effect is not None and concerns:
            yield Date(
                kind="effective",
                at=effect,
                instrument=entry.instrument.id,
                clause="",
                recorded=self._acted_on.recorded(entry),
            )

    def _date(
        self, kind: DateKind, at: int, entry: Issued, standing: Standing, asked: _Asked
    ) -> Date:
        return Date(
            kind=kind,
            at=from_microseconds(at),
            instrument=entry.instrument.id,
            clause=standing.clause,
            recorded=self._acted_on.recorded(entry),
            kept_off_by=standing.kept_off_by(at, asked.call, asked.route),
        )
