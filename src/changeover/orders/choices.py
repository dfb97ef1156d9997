"""What the forms of drafts choose from: the directory and the record, by name."""

from collections.abc import Iterable
from datetime import datetime

import msgspec

from changeover.basics.text import Bilingual
from changeover.orders.as_of import status_of
from changeover.orders.beginning import ACTS, NEEDS_AN_ORDER, Beginning, DraftAct, issuers_for
from changeover.orders.model import Instrument, Kind, Status
from changeover.orders.ruleset import Ruleset


class Option(msgspec.Struct, frozen=True, kw_only=True):
    """Something that may be chosen, by its id and its name."""

    id: str
    name: Bilingual


class PartyOption(Option, frozen=True, kw_only=True):
    """A party; `part_of` makes a tree of them, `depth` counts from 0."""

    part_of: str | None
    depth: int


class IssuerOption(Option, frozen=True, kw_only=True):
    """An office, with the parties that it may bind; `vendor` where it is a vendor's own."""

    binds: tuple[str, ...]
    vendor: str | None


class ServiceOption(Option, frozen=True, kw_only=True):
    """A service, with its slots and their purposes."""

    party: str
    network: str
    contract: str | None
    slots: tuple[str, ...]
    purposes: tuple[str, ...]


class ModelOption(Option, frozen=True, kw_only=True):
    """A model, with its maker."""

    maker: str


class RouteOption(msgspec.Struct, frozen=True, kw_only=True):
    """A route, by its id."""

    id: str
    model: str
    host: str
    reseller: str | None


class ClauseOption(msgspec.Struct, frozen=True, kw_only=True):
    """A clause of an order, with the ids of its readings."""

    id: str
    words: str
    readings: tuple[str, ...]
    chosen: str


class OrderOption(msgspec.Struct, frozen=True, kw_only=True):
    """An order on record, with its status now; the last recorded first."""

    id: str
    title: Bilingual
    kind: Kind
    issuer: str
    status: Status
    clauses: tuple[ClauseOption, ...]


class ActOption(msgspec.Struct, frozen=True, kw_only=True):
    """An act that a draft may be begun as.

    `about` is whether it is done to an order. `issuers` are the offices that may do it
    to the one that was asked about.
    """

    act: DraftAct
    about: bool
    issuers: tuple[str, ...]


class Choices(msgspec.Struct, frozen=True, kw_only=True):
    """All that the forms choose from. `now` is the organisation's clock, local to `zone`."""

    now: datetime
    zone: str
    demonstration: bool
    acts: tuple[ActOption, ...]
    parties: tuple[PartyOption, ...]
    issuers: tuple[IssuerOption, ...]
    networks: tuple[Option, ...]
    vendors: tuple[Option, ...]
    models: tuple[ModelOption, ...]
    routes: tuple[RouteOption, ...]
    services: tuple[ServiceOption, ...]
    contracts: tuple[str, ...]
    purposes: tuple[str, ...]
    data_classes: tuple[str, ...]
    attributes: tuple[str, ...]
    assurances: tuple[str, ...]
    orders: tuple[OrderOption, ...]


def choices(
    ruleset: Ruleset, now: datetime, about: Instrument | None, *, demonstration: bool
) -> Choices:
    """What may be chosen now; of acts, what may be done to the order that is named."""
    directory = ruleset.directory
    services, routes = directory.services.values(), directory.routes.values()
    return Choices(
        now=now,
        zone=directory.zone,
        demonstration=demonstration,
        acts=_acts(ruleset, now, about),
        parties=tuple(_parties(ruleset)),
        issuers=tuple(
            IssuerOption(id=i.id, name=i.name, binds=i.binds, vendor=i.vendor)
            for i in directory.issuers.values()
        ),
        networks=_named(directory.networks.values()),
        vendors=_named(directory.vendors.values()),
        models=tuple(
            ModelOption(id=m.id, name=Bilingual(en=m.name, fr=m.name), maker=m.maker)
            for m in directory.models.values()
        ),
        routes=tuple(
            RouteOption(id=r.id, model=r.model, host=r.host, reseller=r.reseller) for r in routes
        ),
        services=tuple(
            ServiceOption(
                id=s.id,
                name=s.name,
                party=s.party,
                network=s.network,
                contract=s.contract,
                slots=tuple(slot.name for slot in s.slots),
                purposes=tuple(dict.fromkeys(slot.purpose for slot in s.slots)),
            )
            for s in services
        ),
        contracts=_sorted(
            relation.contract or ""
            for party in directory.parties.values()
            for relation in party.relations
        ),
        purposes=_sorted(slot.purpose for s in services for slot in s.slots),
        data_classes=_sorted(s.data_class for s in services),
        attributes=_sorted(a for standing in ruleset.standings for a in standing.attributes),
        assurances=_sorted(a for route in routes for a in route.assurances),
        orders=tuple(reversed(list(_orders(ruleset, now)))),
    )


def _acts(ruleset: Ruleset, now: datetime, about: Instrument | None) -> tuple[ActOption, ...]:
    beginning = Beginning(ruleset=ruleset, now=now, by="", about=about)
    return tuple(
        ActOption(act=act, about=act in NEEDS_AN_ORDER, issuers=issuers_for(act, beginning))
        for act in ACTS
    )


def _parties(ruleset: Ruleset) -> Iterable[PartyOption]:
    """The parties as a tree read from its top: each before what is part of it."""
    parties = ruleset.directory.parties
    below: dict[str | None, list[str]] = {}
    for party in parties.values():
        above = party.part_of if party.part_of in parties else None
        below.setdefault(above, []).append(party.id)
    waiting = [(name, 0) for name in reversed(below.get(None, []))]
    while waiting:
        name, depth = waiting.pop()
        party = parties[name]
        yield PartyOption(id=name, name=party.name, part_of=party.part_of, depth=depth)
        waiting += [(part, depth + 1) for part in reversed(below.get(name, []))]


def _named(things: Iterable[msgspec.Struct]) -> tuple[Option, ...]:
    found = (msgspec.structs.asdict(thing) for thing in things)
    return tuple(Option(id=fields["id"], name=fields["name"]) for fields in found)


def _orders(ruleset: Ruleset, now: datetime) -> Iterable[OrderOption]:
    for entry in ruleset.issued.values():
        instrument = entry.instrument
        yield OrderOption(
            id=instrument.id,
            title=instrument.title,
            kind=instrument.kind,
            issuer=instrument.issuer,
            status=status_of(ruleset, instrument, now)[0],
            clauses=tuple(
                ClauseOption(
                    id=clause.id,
                    words=clause.words,
                    readings=tuple(reading.id for reading in clause.readings),
                    chosen=clause.chosen,
                )
                for clause in instrument.clauses
            ),
        )


def _sorted(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted({name for name in names if name}))
