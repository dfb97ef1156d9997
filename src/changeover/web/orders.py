"""Orders as staff and officers read them: a line in a list, and an order's own page.

A page holds the instrument as it was recorded, and beside it what the ruleset
makes of it: each clause's status at the instant and the changes it goes through
by the clock, the orders it acts on and those that act on it, and the names of
all that its readings mention.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime

import msgspec

from changeover.basics.instants import from_microseconds, microseconds
from changeover.basics.text import Bilingual
from changeover.directory.model import Directory
from changeover.orders.as_of import earliest_deadline, status_of
from changeover.orders.board import ActOn, Phase, acts_on, phases
from changeover.orders.deeds import Deed, deeds
from changeover.orders.model import Act, Implement, Instrument, Issued, Reading, Rescind, Status
from changeover.orders.ruleset import Ruleset
from changeover.orders.status import Standing


class InstrumentLine(msgspec.Struct, frozen=True, kw_only=True):
    """An instrument in a list: its gravest clause's status at the instant."""

    id: str
    kind: str
    issuer: str
    issuer_name: Bilingual
    title: Bilingual
    status: Status
    takes_effect: datetime | None
    deadline: datetime | None
    recorded: datetime


class Change(msgspec.Struct, frozen=True, kw_only=True):
    """The status that a clause has from an instant on."""

    at: datetime
    status: Status


class ClauseStanding(msgspec.Struct, frozen=True, kw_only=True):
    """A clause under its chosen reading: its status now, and every change by the clock.

    `timeline` is empty for what is only announced; before its first change a
    clause is pending. `ended_by` is the instrument that ended it early.
    """

    clause: str
    status: Status
    deadline: datetime | None
    ended_by: str | None
    timeline: tuple[Change, ...]


class Related(msgspec.Struct, frozen=True, kw_only=True):
    """The instruments that this one acts on, and those that act on it."""

    implements: tuple[InstrumentLine, ...]
    implemented_by: tuple[InstrumentLine, ...]
    rescinds: tuple[InstrumentLine, ...]
    rescinded_by: tuple[InstrumentLine, ...]


class Names(msgspec.Struct, frozen=True, kw_only=True):
    """Names of what an order mentions, by id; what left the directory has none.

    `addressees` are parties, vendors and offices that an order may be served on.
    """

    parties: dict[str, Bilingual]
    vendors: dict[str, Bilingual]
    models: dict[str, Bilingual]
    networks: dict[str, Bilingual]
    services: dict[str, Bilingual]
    addressees: dict[str, Bilingual]


class OrderList(msgspec.Struct, frozen=True, kw_only=True):
    """Every instrument on record, the last recorded first."""

    demonstration: bool
    now: datetime
    zone: str
    orders: tuple[InstrumentLine, ...]


class OrderPage(msgspec.Struct, frozen=True, kw_only=True):
    """One instrument with all that a reader needs to understand it.

    `deeds` are what it does to others, `history` what was done to it. The summary and
    the standings are as `at` that instant.
    """

    demonstration: bool
    now: datetime
    zone: str
    summary: InstrumentLine
    issued: Issued
    standings: tuple[ClauseStanding, ...]
    related: Related
    names: Names
    deeds: tuple[Deed, ...]
    history: tuple[ActOn, ...]
    phases: tuple[Phase, ...]
    at: datetime


def instrument_line(ruleset: Ruleset, issued: Issued, at: datetime) -> InstrumentLine:
    """An instrument's line in a list."""
    instrument = issued.instrument
    status, _ = status_of(ruleset, instrument, at)
    return InstrumentLine(
        id=instrument.id,
        kind=instrument.kind,
        issuer=instrument.issuer,
        issuer_name=_issuer_name(ruleset.directory, instrument.issuer),
        title=instrument.title,
        status=status,
        takes_effect=instrument.takes_effect(),
        deadline=earliest_deadline(ruleset.standings_of(instrument.id)),
        recorded=issued.recorded,
    )


def order_list(ruleset: Ruleset, at: datetime, *, demonstration: bool) -> OrderList:
    """The list of orders at an instant, without those that are known on one network only."""
    told = (i for i in ruleset.issued.values() if i.instrument.known_on is None)
    lines = [instrument_line(ruleset, issued, at) for issued in told]
    return OrderList(
        demonstration=demonstration,
        now=at,
        zone=ruleset.directory.zone,
        orders=tuple(sorted(lines, key=lambda line: line.recorded, reverse=True)),
    )


def order_page(
    ruleset: Ruleset,
    issued: Issued,
    now: datetime,
    *,
    demonstration: bool,
    at: datetime | None = None,
) -> OrderPage:
    """An order's page, as it stands now or at another instant."""
    instrument, then = issued.instrument, at or now
    return OrderPage(
        demonstration=demonstration,
        now=now,
        zone=ruleset.directory.zone,
        summary=instrument_line(ruleset, issued, then),
        issued=issued,
        standings=tuple(_clause(s, then) for s in ruleset.standings_of(instrument.id)),
        related=_related(ruleset, instrument, then),
        names=names_of(ruleset.directory, instrument),
        deeds=deeds(ruleset, instrument),
        history=tuple(acts_on(ruleset).get(instrument.id, ())),
        phases=tuple(phases(ruleset, instrument)),
        at=then,
    )


def _issuer_name(directory: Directory, issuer: str) -> Bilingual:
    office = directory.issuers.get(issuer)
    return Bilingual(en=issuer, fr=issuer) if office is None else office.name


def _clause(standing: Standing, at: datetime) -> ClauseStanding:
    timeline = tuple(_timeline(standing))
    ends = next((change.at for change in timeline if change.status == "ended"), None)
    ender = None if ends is None else standing.ended_by(microseconds(ends))
    return ClauseStanding(
        clause=standing.clause,
        status=standing.status(microseconds(at)),
        deadline=earliest_deadline((standing,)),
        ended_by=ender,
        timeline=timeline,
    )


def _timeline(standing: Standing) -> Iterable[Change]:
    """The instants at which the status becomes another, in order."""
    if standing.begins is None:
        return
    before: Status = "pending"
    for boundary in sorted(set(standing.boundaries())):
        status = standing.status(boundary)
        if status != before:
            yield Change(at=from_microseconds(boundary), status=status)
            before = status


def _related(ruleset: Ruleset, instrument: Instrument, at: datetime) -> Related:
    def lines(found: Iterable[Issued]) -> tuple[InstrumentLine, ...]:
        return tuple(instrument_line(ruleset, issued, at) for issued in found)

    def acted_on(kind: type[Act]) -> Iterable[Issued]:
        return (ruleset.issued[name] for name in _objects(instrument, kind))

    def acting(kind: type[Act]) -> Iterable[Issued]:
        return (
            issued
            for issued in ruleset.issued.values()
            if instrument.id in _objects(issued.instrument, kind)
        )

    return Related(
        implements=lines(acted_on(Implement)),
        implemented_by=lines(acting(Implement)),
        rescinds=lines(acted_on(Rescind)),
        rescinded_by=lines(acting(Rescind)),
    )


def _objects(instrument: Instrument, kind: type[Act]) -> tuple[str, ...]:
    return tuple(n for act in instrument.acts if isinstance(act, kind) for n in act.instruments)


def names_of(directory: Directory, instrument: Instrument) -> Names:
    """The names of what an instrument mentions."""
    mentioned = set(instrument.served) | {r.service for r in instrument.rebindings}
    for act in instrument.acts:
        mentioned.update((*getattr(act, "parties", ()), *getattr(act, "services", ())))
        mentioned.add(getattr(act, "service", ""))
    for clause in instrument.clauses:
        for reading in clause.readings:
            mentioned.update(_mentioned(reading))

    addressed = {*instrument.served, *(getattr(act, "to", "") for act in instrument.acts)}

    def named(names: Mapping[str, Bilingual]) -> dict[str, Bilingual]:
        return {id_: name for id_, name in names.items() if id_ in mentioned}

    parties = {party.id: party.name for party in directory.parties.values()}
    vendors = {vendor.id: vendor.name for vendor in directory.vendors.values()}
    issuers = {issuer.id: issuer.name for issuer in directory.issuers.values()}
    addressees = issuers | vendors | parties
    return Names(
        parties=named(parties),
        vendors=named(vendors),
        models=named({m.id: Bilingual(en=m.name, fr=m.name) for m in directory.models.values()}),
        networks=named({n.id: n.name for n in directory.networks.values()}),
        services=named({s.id: s.name for s in directory.services.values()}),
        addressees={id_: name for id_, name in addressees.items() if id_ in addressed},
    )


def _mentioned(reading: Reading) -> Iterable[str]:
    for target in reading.targets:
        yield from (*target.makers, *target.models, *target.hosts, *target.resellers)
    scope = reading.scope
    yield from (*scope.parties, *scope.regulated, *scope.networks, *scope.services)
    if reading.wind_down is not None:
        yield from reading.wind_down.parties
