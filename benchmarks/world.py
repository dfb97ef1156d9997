"""A generated record to decide on, the same for the same seed.

A tree of parties ten deep, makers and hosts with their models and routes,
services bound to some of them, and instruments of every shape that the rules
know: prohibitions that wind down, ended ones, permits on a network that denies
by default, by maker, model, host and route. Clauses are spread so that a call
meets a few of them.
"""

from datetime import UTC, datetime, timedelta
from random import Random
from typing import Literal

import msgspec

from changeover.basics.text import Bilingual
from changeover.directory.model import (
    Binding,
    Capabilities,
    Directory,
    Issuer,
    Model,
    Network,
    Party,
    Route,
    Service,
    Slot,
    Vendor,
)
from changeover.orders.model import (
    Call,
    Clause,
    Instrument,
    Issued,
    Modality,
    Moment,
    Reading,
    Scope,
    Target,
    WindDown,
)
from changeover.orders.ruleset import Known, call_of

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
_BEGIN = datetime(2025, 6, 1, tzinfo=UTC)
_DEPTH = 10
_SLOT = "chat"
_PURPOSES = ("correspondence", "analysis", "search", "software")
_CLASSES = ("public", "internal", "secret")
_NETWORKS = ("open", "inner", "closed")


class Size(msgspec.Struct, frozen=True, kw_only=True):
    """How large a world is; each maker has ten models or so."""

    parties: int = 1_000
    routes: int = 5_000
    services: int = 10_000
    instruments: int = 10_000
    seed: int = 2026

    def words(self) -> str:
        return (
            f"{self.parties:,} parties in a tree {_DEPTH} deep, {self.routes:,} routes, "
            f"{self.services:,} services, {self.instruments:,} instruments, seed {self.seed}"
        )


def generate(size: Size) -> Known:
    """The record of a world of this size."""
    return _World(size).known()


def calls(known: Known, count: int, seed: int) -> list[tuple[Call, str]]:
    """Calls drawn uniformly: any service on any route."""
    random = Random(seed)
    services = list(known.directory.services.values())
    routes = list(known.directory.routes)
    return [(call_of(random.choice(services), _SLOT), random.choice(routes)) for _ in range(count)]


def _name(text: str) -> Bilingual:
    return Bilingual(en=text, fr=text)


class _World:
    def __init__(self, size: Size) -> None:
        self._size = size
        self._random = Random(size.seed)
        self._makers = [f"maker-{n}" for n in range(max(4, size.routes // 50))]
        self._hosts = [f"host-{n}" for n in range(20)]
        self._parties = self._tree()
        self._models: list[Model] = []
        for number in range(max(8, size.routes // 5)):
            self._models.append(self._model(number))
        self._routes = self._all_routes()

    def known(self) -> Known:
        services = [self._service(n) for n in range(self._size.services)]
        issuer = Issuer(id="head", name=_name("The head"), party="party-0", binds=("party-0",))
        directory = Directory(
            zone="UTC",
            parties={party.id: party for party in self._parties},
            issuers={issuer.id: issuer},
            networks={name: self._network(name) for name in _NETWORKS},
            vendors={v: Vendor(id=v, name=_name(v)) for v in (*self._makers, *self._hosts)},
            models={model.id: model for model in self._models},
            routes={route.id: route for route in self._routes},
            services={service.id: service for service in services},
            bindings=tuple(self._binding(service) for service in services),
        )
        issued = tuple(self._issued(n) for n in range(self._size.instruments))
        return Known(directory=directory, issued=issued)

    def _tree(self) -> list[Party]:
        """One root; every other party is part of an earlier one that is not yet ten deep."""
        parties = [Party(id="party-0", name=_name("party-0"))]
        depth = [1]
        for number in range(1, self._size.parties):
            # The first form one chain, so that the tree is as deep as it says.
            above = number - 1 if number < _DEPTH else self._shallow(depth)
            depth.append(depth[above] + 1)
            name = f"party-{number}"
            parties.append(Party(id=name, name=_name(name), part_of=f"party-{above}"))
        return parties

    def _shallow(self, depth: list[int]) -> int:
        while depth[above := self._random.randrange(len(depth))] >= _DEPTH:
            pass
        return above

    def _model(self, number: int) -> Model:
        maker = self._random.choice(self._makers)
        tuned = bool(self._models) and self._random.random() < 0.1
        base = (self._random.choice(self._models).id,) if tuned else ()
        return Model(
            id=f"{maker}/model-{number}",
            name=f"model-{number}",
            maker=maker,
            derived_from=base,
            capabilities=Capabilities(context=128_000),
        )

    def _all_routes(self) -> list[Route]:
        routes: dict[str, Route] = {}
        while len(routes) < self._size.routes:
            model, host = self._random.choice(self._models), self._random.choice(self._hosts)
            route = Route(
                id=f"{model.id}@{host}",
                model=model.id,
                host=host,
                protocol="openai-chat",
                upstream_model=model.name,
                reseller=self._random.choice((None, None, self._random.choice(self._hosts))),
            )
            routes[route.id] = route
        return list(routes.values())

    def _network(self, name: str) -> Network:
        default: Literal["allow", "deny"] = "deny" if name == "closed" else "allow"
        return Network(id=name, name=_name(name), level=name, default=default, owner="party-0")

    def _service(self, number: int) -> Service:
        random = self._random
        return Service(
            id=f"service-{number}",
            name=_name(f"service-{number}"),
            party=random.choice(self._parties).id,
            network=random.choices(_NETWORKS, (6, 3, 1))[0],
            slots=(Slot(name=_SLOT, purpose=random.choice(_PURPOSES)),),
            created=_BEGIN + timedelta(days=random.randrange(300)),
            data_class=random.choice(_CLASSES),
        )

    def _binding(self, service: Service) -> Binding:
        models = tuple(m.id for m in self._random.sample(self._models, 2))
        return Binding(service=service.id, slot=_SLOT, models=models, since=service.created)

    def _issued(self, number: int) -> Issued:
        random = self._random
        since = _BEGIN + timedelta(days=random.randrange(420))
        modality: Modality = random.choices(("prohibit", "permit"), (4, 1))[0]
        winds_down = modality == "prohibit" and random.random() < 0.5
        until = since + timedelta(days=random.randrange(20, 400))
        deadline = since + timedelta(days=180)
        reading = Reading(
            id="plain",
            modality=modality,
            targets=(self._target(),),
            scope=self._scope(modality),
            since=None,
            until=Moment(at=until) if random.random() < 0.2 else None,
            wind_down=WindDown(until=Moment(at=deadline)) if winds_down else None,
        )
        clause = Clause(
            id="1", words="No use.", readings=(reading,), chosen="plain", chosen_by="counsel"
        )
        instrument = Instrument(
            id=f"order-{number}",
            kind="order",
            issuer="head",
            title=_name(f"Order {number}"),
            published=since,
            effective=since,
            clauses=(clause,),
        )
        return Issued(instrument=instrument, recorded=since, entered_by="officer")

    def _target(self) -> Target:
        random = self._random
        match random.choices(("maker", "model", "host", "route"), (6, 2, 1, 1))[0]:
            case "maker":
                return Target(makers=(random.choice(self._makers),))
            case "model":
                return Target(models=(random.choice(self._models).id,))
            case "host":
                return Target(
                    hosts=(random.choice(self._hosts),), makers=(random.choice(self._makers),)
                )
            case _:
                return Target(routes=(random.choice(self._routes).id,))

    def _scope(self, modality: Modality) -> Scope:
        random = self._random
        # High parties reach many: they are as likely here as in life, not as in the tree.
        high = random.random() < 0.2
        party = random.choice(self._parties[:_DEPTH] if high else self._parties)
        return Scope(
            parties=(party.id,),
            networks=("closed",) if modality == "permit" else (),
            purposes=(random.choice(_PURPOSES),) if random.random() < 0.1 else (),
            data_classes=(random.choice(_CLASSES),) if random.random() < 0.1 else (),
        )
