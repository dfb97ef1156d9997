"""Small worlds of every kind, and questions about them, drawn from a source of chance.

Instants come from a small grid, so that ends often meet beginnings. Authority need
not hold and directories say odd things: an answer follows from any record that
names what exists.
"""

import random
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple, TypeVar

import msgspec
from hypothesis import strategies as st

from changeover.basics.instants import microseconds
from changeover.basics.text import Bilingual
from changeover.directory.model import (
    Binding,
    Capabilities,
    Directory,
    Issuer,
    Model,
    Network,
    Party,
    Relation,
    Route,
    Service,
    Slot,
    Vendor,
)
from changeover.orders.model import (
    Act,
    Amend,
    Call,
    Clause,
    Confirm,
    Decline,
    Delegate,
    Find,
    Implement,
    Instrument,
    Issued,
    Judge,
    Kind,
    Lift,
    Modality,
    Moment,
    Person,
    Reading,
    Rebinding,
    Release,
    Rescind,
    Scope,
    Stay,
    Supersede,
    Target,
    Vacate,
    Waive,
    WindDown,
)
from changeover.orders.ruleset import Known, RouteThen, ServiceThen, call_of
from changeover.orders.uses import Stated, Use
from tests.judge.uses import makers_of

T0 = datetime(2026, 1, 1, tzinfo=UTC)
GRID = tuple(T0 + timedelta(days=10 * n) for n in range(12))
PURPOSES = ("work", "play")
ASSURANCES = ("no-retention", "in-country")
ATTRIBUTES = ("citizen", "cleared")
MOMENT = timedelta(microseconds=1)

T = TypeVar("T")


class Asked(NamedTuple):
    """A question: a call on a route at an instant, under the readings preferred."""

    call: Call
    route: str
    at: datetime
    readings: dict[str, str]


class Case(NamedTuple):
    """A record and questions about it."""

    known: Known
    asked: tuple[Asked, ...]


def draw_case(seed: int, questions: int = 8) -> Case:
    """The record and the questions of a seed; always the same."""
    known = Worlds(random.Random(seed)).known()
    chance = random.Random(f"questions of {seed}")
    return Case(known, tuple(_question(chance, known) for _ in range(questions)))


cases = st.integers(0, 2**40).map(draw_case)
"""Records with questions, by their seeds."""


class Chance:
    """What is drawn of chance, in the words of the world."""

    def __init__(self, source: random.Random) -> None:
        self._source = source

    def likely(self, share: float) -> bool:
        return self._source.random() < share

    def count(self, least: int, most: int) -> int:
        return self._source.randint(least, most)

    def one(self, of: Sequence[T]) -> T:
        return self._source.choice(of)

    def some(self, of: Sequence[T], most: int = 2) -> tuple[T, ...]:
        """One or more of them, each once, in any order."""
        return tuple(self._source.sample(list(of), self.count(1, min(most, len(of)))))

    def maybe(self, of: Sequence[T], share: float, most: int = 2) -> tuple[T, ...]:
        return self.some(of, most) if of and self.likely(share) else ()

    def instant(self) -> datetime:
        """Mostly on the grid, now and then a few hours after it."""
        at = self.one(GRID)
        return at + timedelta(hours=6) if self.likely(0.06) else at

    def instant_or_none(self, share: float) -> datetime | None:
        return self.instant() if self.likely(share) else None


class Worlds(Chance):
    """A world, drawn part by part: its directory, its record, what was known of its past."""

    directory: Directory

    def known(self) -> Known:
        self.directory = self._directory()
        issued = self._issued()
        return Known(
            directory=self.directory,
            issued=issued,
            releases=tuple(self._release() for _ in range(self.count(0, 4))),
            calls=tuple(self._called() for _ in range(self.count(0, 6))),
            stated=self._stated(),
            services=self._services_then(),
            routes=self._routes_then(),
            seq=len(issued),
        )

    # The directory.

    def _directory(self) -> Directory:
        parties = self._parties()
        vendors = [f"v{n}" for n in range(self.count(2, 4))]
        models = self._models(vendors)
        routes = self._routes(models, vendors)
        networks = [
            Network(
                id=f"n{n}",
                name=_named("network"),
                level="some",
                default="deny" if n == 1 and self.likely(0.7) else "allow",
                owner=self.one(list(parties)),
            )
            for n in range(self.count(1, 3))
        ]
        services = self._services(parties, [network.id for network in networks])
        issuers = self._issuers(list(parties), vendors)
        return Directory(
            zone="UTC",
            parties=parties,
            issuers={issuer.id: issuer for issuer in issuers},
            networks={network.id: network for network in networks},
            vendors={vendor: Vendor(id=vendor, name=_named(vendor)) for vendor in vendors},
            models=models,
            routes=routes,
            services=services,
            bindings=self._bindings(services, list(models), list(routes)),
        )

    def _parties(self) -> dict[str, Party]:
        parties: dict[str, Party] = {}
        for n in range(self.count(3, 8)):
            part_of = self.one(list(parties)) if parties and self.likely(0.6) else None
            relations = []
            if parties and self.likely(0.3):
                to = self.one(list(parties))
                relations.append(Relation(kind="regulated-by", to=to, basis="an Act"))
            for contract in self.maybe(("c1", "c2"), 0.4) if parties else ():
                to = self.one(list(parties))
                relations.append(
                    Relation(kind="contracted-to", to=to, basis="law", contract=contract)
                )
            parties[f"p{n}"] = Party(
                id=f"p{n}", name=_named("party"), part_of=part_of, relations=tuple(relations)
            )
        return parties

    def _models(self, vendors: list[str]) -> dict[str, Model]:
        models: dict[str, Model] = {}
        for n in range(self.count(2, 5)):
            maker = self.one(vendors)
            models[f"{maker}/m{n}"] = Model(
                id=f"{maker}/m{n}",
                name=f"m{n}",
                maker=maker,
                aliases=(f"alias{n}",),
                derived_from=self.maybe(list(models), 0.35),
                capabilities=Capabilities(context=1000),
            )
        return models

    def _routes(self, models: dict[str, Model], vendors: list[str]) -> dict[str, Route]:
        routes: dict[str, Route] = {}
        for _ in range(self.count(3, 8)):
            model, host = self.one(list(models)), self.one(vendors)
            routes[f"{model}@{host}"] = Route(
                id=f"{model}@{host}",
                model=model,
                host=host,
                protocol="openai-chat",
                upstream_model=self.one(("pinned-1", "pinned-2")),
                reseller=self.one(vendors) if self.likely(0.3) else None,
                assurances=self.maybe(ASSURANCES, 0.5),
            )
        return routes

    def _services(self, parties: dict[str, Party], networks: list[str]) -> dict[str, Service]:
        services = {}
        for n in range(self.count(1, 3)):
            party = parties[self.one(list(parties))]
            contracts = [r.contract for r in party.relations if r.contract is not None]
            slots = [Slot(name=f"s{k}", purpose=self.one(PURPOSES)) for k in range(1 + (n % 2))]
            services[f"app{n}"] = Service(
                id=f"app{n}",
                name=_named("service"),
                party=party.id,
                network=self.one(networks),
                slots=tuple(slots),
                created=self.instant() if self.likely(0.25) else T0 - timedelta(days=400),
                data_class=self.one(("internal", "secret")),
                contract=self.one(contracts) if contracts and self.likely(0.7) else None,
                when_barred=self.one(("replace", "refuse")),
                users=self._number(),
                budget=self._number(),
            )
        return services

    def _number(self) -> int | None:
        return self.one((None, 2, 2, 3, 4))

    def _issuers(self, parties: list[str], vendors: list[str]) -> list[Issuer]:
        offices = [
            Issuer(id=f"i{n}", name=_named("office"), binds=self.maybe(parties, 0.8, 3))
            for n in range(self.count(1, 3))
        ]
        # The root binds all that is part of it, so that some admission mostly counts.
        offices[0] = msgspec.structs.replace(offices[0], binds=tuple(parties))
        return offices + [
            Issuer(id=f"office-{vendor}", name=_named("office"), vendor=vendor, binds=(parties[0],))
            for vendor in self.some(vendors)
        ]

    def _bindings(
        self, services: dict[str, Service], models: list[str], routes: list[str]
    ) -> tuple[Binding, ...]:
        found = []
        for service in services.values():
            for slot in service.slots:
                before = [T0 - timedelta(days=200)] if self.likely(0.7) else []
                since = [*before, *self.maybe(GRID, 0.5, 3)]
                found += [
                    Binding(
                        service=service.id,
                        slot=slot.name,
                        models=self._served_by(models, routes),
                        since=at,
                    )
                    for at in since
                ]
        return tuple(found)

    def _served_by(self, models: list[str], routes: list[str]) -> tuple[str, ...]:
        return self.some(models if self.likely(0.5) else routes)

    # What was known of the past.

    def _stated(self) -> dict[Stated, int]:
        found = {}
        for binding in self.directory.bindings:
            service = self.directory.services[binding.service]
            purpose = next(s.purpose for s in service.slots if s.name == binding.slot)
            since = microseconds(max(binding.since, service.created))
            for maker in sorted(makers_of(self.directory, binding)):
                if self.likely(0.2):
                    stated = Stated(Use(service.id, purpose, maker), binding.slot, since)
                    found[stated] = microseconds(self.instant())
        return found

    def _services_then(self) -> dict[str, tuple[ServiceThen, ...]]:
        found = {}
        for service in self.directory.services.values():
            recorded = sorted(microseconds(at) for at in self.maybe(GRID, 0.5, 3))
            if recorded:
                last = ServiceThen(
                    recorded=recorded[-1],
                    party=service.party,
                    network=service.network,
                    users=service.users,
                    budget=service.budget,
                )
                before = (self._service_then(service, at) for at in recorded[:-1])
                found[service.id] = (*before, last)
        return found

    def _service_then(self, service: Service, at: int) -> ServiceThen:
        moved = self.likely(0.2)
        return ServiceThen(
            recorded=at,
            party=self.one(list(self.directory.parties)) if moved else service.party,
            network=self.one(list(self.directory.networks)) if moved else service.network,
            users=self._number(),
            budget=self._number(),
        )

    def _routes_then(self) -> dict[str, tuple[RouteThen, ...]]:
        found = {}
        for route in self.directory.routes.values():
            recorded = sorted(microseconds(at) for at in self.maybe(GRID, 0.3, 3))
            pinned = [self.one(("pinned-1", "pinned-2")) for _ in recorded[:-1]]
            found[route.id] = tuple(
                RouteThen(recorded=at, upstream_model=name)
                for at, name in zip(recorded, [*pinned, route.upstream_model], strict=False)
            )
        return {route: then for route, then in found.items() if then}

    def _called(self) -> tuple[Use, int]:
        day = microseconds(self.instant()) // 86_400_000_000 - self.count(0, 3)
        service = self.one(list(self.directory.services))
        maker = self.one(list(self.directory.vendors))
        return Use(service, self.one(PURPOSES), maker), day

    def _release(self) -> Release:
        return Release(
            service=self.one(list(self.directory.services)),
            route=self.one(list(self.directory.routes)),
            at=self.instant(),
            by="ana",
        )

    # The record.

    def _issued(self) -> tuple[Issued, ...]:
        number = self.count(1, 12) if self.likely(0.5) else self.count(5, 12)
        recorded = [self.instant() for _ in range(number)]
        if self.likely(0.9):
            recorded.sort()
        self._names = [f"i{n}" for n in range(number)]
        self._drawn: list[Instrument] = []
        for n in range(number):
            self._drawn.append(self._instrument(n, recorded[n]))
        return tuple(
            Issued(instrument=instrument, recorded=at, entered_by="ana", confirmed_by="ben")
            for instrument, at in zip(self._drawn, recorded, strict=True)
        )

    def _instrument(self, n: int, recorded: datetime) -> Instrument:
        issuer = self.one(list(self.directory.issuers))
        terms = self.directory.issuers[issuer].vendor is not None
        kind: Kind = self.one(("terms", "agreement") if terms else ("order", "memo", "ruling"))
        if self.likely(0.05):
            kind = self.one(("order", "terms", "agreement"))
        acts = n > 0 and self.likely(0.65)
        clauses = not acts or self.likely(0.35)
        early = clauses and self.likely(0.7)
        at = self.one(GRID[:5]) if early else self.instant()
        at = recorded if self.likely(0.3) else at
        effective = self.instant_or_none(0.25)
        announced_only = self.likely(0.04)
        return Instrument(
            id=self._names[n],
            kind=kind,
            issuer=issuer,
            title=_named(f"instrument {n}"),
            announced=T0,
            published=None if announced_only or (effective and self.likely(0.3)) else at,
            effective=None if announced_only else effective,
            provisional_until=self.instant_or_none(0.12),
            clauses=self._clauses() if clauses else (),
            acts=self._acts(n, derives=clauses) if acts else (),
            rebindings=(self._rebinding(),) if self.likely(0.15) else (),
        )

    def _clauses(self) -> tuple[Clause, ...]:
        return tuple(self._clause(f"c{k}") for k in range(1 if self.likely(0.8) else 2))

    def _clause(self, id_: str) -> Clause:
        readings = tuple(self._reading(f"r{k}") for k in range(1 if self.likely(0.8) else 3))
        chosen = self.one(readings).id
        return Clause(id=id_, words="Words.", readings=readings, chosen=chosen, chosen_by="ana")

    def _reading(self, id_: str) -> Reading:
        modality: Modality = self.one(
            ("prohibit", "prohibit", "prohibit", "prohibit", "permit", "permit", "require")
        )
        return Reading(
            id=id_,
            modality=modality,
            targets=tuple(self._target() for _ in range(1 if self.likely(0.75) else 2)),
            scope=self._scope(),
            since=self.instant_or_none(0.15),
            until=self._until(0.12),
            wind_down=self._wind_down() if self.likely(0.55) else None,
            in_flight="cut" if self.likely(0.2) else "finish",
            requirements=self.maybe(ASSURANCES, 0.9) if modality == "require" else (),
        )

    def _until(self, share: float) -> Moment | None:
        return Moment(at=self.instant()) if self.likely(share) else None

    def _wind_down(self) -> WindDown:
        return WindDown(
            until=Moment(at=self.one(GRID[len(GRID) // 2 :])),
            parties=self.maybe(list(self.directory.parties), 0.2),
            recent_days=self.one((90, 90, 20, 10, 0)),
        )

    def _target(self) -> Target:
        world = self.directory
        vendors = list(world.vendors)
        return Target(
            makers=self.maybe(vendors, 0.5),
            models=self.maybe(list(world.models), 0.2),
            hosts=self.maybe(vendors, 0.12, 3),
            resellers=self.maybe(vendors, 0.04),
            routes=self.maybe(list(world.routes), 0.08, 3),
        )

    def _scope(self) -> Scope:
        world = self.directory
        narrow = self.likely(0.5)
        return Scope(
            parties=self.maybe(list(world.parties), 0.4, 3),
            regulated=self.maybe(list(world.parties), 0.08),
            contracts=self.maybe(("*", "c1", "c2"), 0.12),
            networks=self.maybe(list(world.networks), 0.25),
            services=self.maybe(list(world.services), 0.15) if narrow else (),
            purposes=self.maybe(PURPOSES, 0.25) if narrow else (),
            data_classes=self.maybe(("internal", "secret"), 0.1) if narrow else (),
            attributes=self.maybe(ATTRIBUTES, 0.12) if narrow else (),
        )

    def _rebinding(self) -> Rebinding:
        service = self.directory.services[self.one(list(self.directory.services))]
        return Rebinding(
            service=service.id,
            slots=self.some([slot.name for slot in service.slots]),
            models=self._served_by(list(self.directory.models), list(self.directory.routes)),
        )

    # Acts.

    def _acts(self, n: int, *, derives: bool) -> tuple[Act, ...]:
        """What an instrument does; one with clauses of its own often implements another."""
        acts = tuple(self._act(n) for _ in range(self.count(1, 2)))
        if derives and self.likely(0.5):
            return (Implement(instruments=self._acted_on(n)), *acts[1:])
        derived = [drawn.id for drawn in self._drawn if drawn.implements()]
        if derived and self.likely(0.3):
            return (*acts[1:], Find(instruments=(self.one(derived),), result="stands"))
        return acts

    def _act(self, n: int) -> Act:
        """An act of the instrument at a place of the record, mostly on those just before it."""
        on = self._acted_on(n)
        since = self.instant_or_none(0.3)
        until = self.instant_or_none(0.35)
        parties = self.maybe(list(self.directory.parties), 0.25)
        kind = self.one(_ACTS)
        simple: dict[str, Any] = {
            "rescind": lambda: Rescind(instruments=on, since=since),
            "supersede": lambda: Supersede(instruments=on),
            "implement": lambda: Implement(instruments=on),
            "decline": lambda: Decline(instruments=on),
            "confirm": lambda: Confirm(instruments=on),
            "delegate": lambda: Delegate(to=self.one(list(self.directory.issuers)), instruments=on),
            "lift": lambda: Lift(instruments=on, since=since),
            "vacate": lambda: Vacate(instruments=on, since=since, from_beginning=self.likely(0.4)),
            "find": lambda: Find(instruments=on, result=self.one(("stands", "falls"))),
            "stay": lambda: Stay(
                instruments=on,
                parties=parties,
                since=since,
                until=until,
                extends=self.likely(0.4),
            ),
            "waive": lambda: self._waive(on, parties, since, until),
            "judge": lambda: self._judge(on),
            "amend": lambda: self._amend(n, since),
        }
        made: Act = simple[kind]()
        return made

    def _acted_on(self, n: int) -> tuple[str, ...]:
        if self.likely(0.04):
            return self.some(self._names)
        near = self._names[max(0, n - 3) : n] if self.likely(0.6) else self._names[:n]
        return self.some(near, 2 if self.likely(0.2) else 1)

    def _waive(
        self,
        on: tuple[str, ...],
        parties: tuple[str, ...],
        since: datetime | None,
        until: datetime | None,
    ) -> Waive:
        world = self.directory
        return Waive(
            instruments=on,
            parties=parties,
            services=self.maybe(list(world.services), 0.3),
            routes=self.maybe(list(world.routes), 0.15, 3),
            purposes=self.maybe(PURPOSES, 0.15),
            since=since,
            until=until,
            requested=self.likely(0.08),
        )

    def _judge(self, on: tuple[str, ...]) -> Judge:
        return Judge(
            instruments=on,
            service=self.one(list(self.directory.services)),
            purposes=self.maybe(PURPOSES, 0.25),
            routes=self.maybe(list(self.directory.routes), 0.25, 3),
            result=self.one(("existing", "new")),
        )

    def _amend(self, n: int, since: datetime | None) -> Act:
        having = [drawn for drawn in self._drawn[:n] if drawn.clauses]
        if not having:
            return Supersede(instruments=self._acted_on(n))
        on = self.one(having)
        clause = self.one(on.clauses).id
        return Amend(
            instruments=(on.id,),
            clause=clause,
            becomes=None if self.likely(0.15) else self._clause(clause),
            since=since,
            anew=self.likely(0.3),
        )


_ACTS = (
    *("stay",) * 7,
    *("waive",) * 4,
    *("amend",) * 5,
    *("lift", "vacate", "rescind", "find", "judge", "implement") * 2,
    *("supersede", "decline", "confirm", "delegate"),
)


def _question(source: random.Random, known: Known) -> Asked:
    """A call from a slot of a service, now and then by a person or for a purpose unknown."""
    chance = Chance(source)
    service = known.directory.services[chance.one(list(known.directory.services))]
    call = call_of(service, chance.one(service.slots).name)
    if chance.likely(0.3):
        yes = frozenset(chance.maybe(ATTRIBUTES, 0.6))
        no = frozenset(chance.maybe(ATTRIBUTES, 0.6)) - yes
        call = msgspec.structs.replace(call, person=Person(yes=yes, no=no))
    if chance.likely(0.08):
        call = msgspec.structs.replace(call, purpose="")
    if chance.likely(0.05):
        call = msgspec.structs.replace(call, data_class="")
    at = chance.instant()
    at = chance.one((at, at, at, at - MOMENT, at + timedelta(days=3)))
    readings = {}
    if chance.likely(0.2):
        readings = {issued.instrument.id: chance.one(("r0", "r1", "r2")) for issued in known.issued}
    return Asked(call, chance.one(list(known.directory.routes)), at, readings)


def _named(text: str) -> Bilingual:
    return Bilingual(en=text, fr=text)
