"""A generated directory: parties in a tree ten deep, vendors, models, routes, services.

Parties, models and routes are drawn from the seed alone, so that worlds with many
and with few instruments share them.
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

DEPTH = 10
SLOT = "chat"
PURPOSES = ("correspondence", "analysis", "search", "software")
DATA_CLASSES = ("public", "internal", "secret")
BEGIN = datetime(2025, 6, 1, tzinfo=UTC)
"""The earliest instant at which a service is created or an instrument takes effect."""

_NETWORKS = ("open", "inner", "closed")


class Extent(msgspec.Struct, frozen=True, kw_only=True):
    """How much a directory holds; each maker has ten models or so."""

    parties: int
    routes: int
    services: int


def draw(extent: Extent, seed: int) -> Directory:
    """The directory of this extent, the same for the same seed."""
    return _Drawing(extent, Random(f"directory {seed}")).directory()


def name(text: str) -> Bilingual:
    return Bilingual(en=text, fr=text)


class _Drawing:
    def __init__(self, extent: Extent, random: Random) -> None:
        self._extent = extent
        self._random = random
        self._makers = [f"maker-{n}" for n in range(max(4, extent.routes // 50))]
        self._hosts = [f"host-{n}" for n in range(20)]
        self._parties = self._tree()
        self._models: list[Model] = []
        for number in range(max(8, extent.routes // 5)):
            self._models.append(self._model(number))
        self._routes = self._all_routes()

    def directory(self) -> Directory:
        services = [self._service(n) for n in range(self._extent.services)]
        return Directory(
            zone="UTC",
            parties={party.id: party for party in self._parties},
            issuers={issuer.id: issuer for issuer in _issuers()},
            networks={name: _network(name) for name in _NETWORKS},
            vendors={v: Vendor(id=v, name=name(v)) for v in (*self._makers, *self._hosts)},
            models={model.id: model for model in self._models},
            routes={route.id: route for route in self._routes},
            services={service.id: service for service in services},
            bindings=tuple(self._binding(service) for service in services),
        )

    def _tree(self) -> list[Party]:
        """One root; every other party is part of an earlier one that is not yet ten deep."""
        parties = [Party(id="party-0", name=name("party-0"))]
        depth = [1]
        for number in range(1, self._extent.parties):
            # The first form one chain, so that the tree is as deep as it says.
            above = number - 1 if number < DEPTH else self._shallow(depth)
            depth.append(depth[above] + 1)
            own = f"party-{number}"
            parties.append(Party(id=own, name=name(own), part_of=f"party-{above}"))
        return parties

    def _shallow(self, depth: list[int]) -> int:
        while depth[above := self._random.randrange(len(depth))] >= DEPTH:
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
        while len(routes) < self._extent.routes:
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

    def _service(self, number: int) -> Service:
        random = self._random
        return Service(
            id=f"service-{number}",
            name=name(f"service-{number}"),
            party=random.choice(self._parties).id,
            network=random.choices(_NETWORKS, (6, 3, 1))[0],
            slots=(Slot(name=SLOT, purpose=random.choice(PURPOSES)),),
            created=BEGIN + timedelta(days=random.randrange(300)),
            data_class=random.choice(DATA_CLASSES),
        )

    def _binding(self, service: Service) -> Binding:
        models = tuple(m.id for m in self._random.sample(self._models, 2))
        return Binding(service=service.id, slot=SLOT, models=models, since=service.created)


def _issuers() -> tuple[Issuer, ...]:
    """The head, who orders, and a court, which rules on that."""
    head = Issuer(id="head", name=name("The head"), party="party-0", binds=("party-0",))
    court = Issuer(id="court", name=name("The court"), may_act_on=("head", "court"))
    return head, court


def _network(level: str) -> Network:
    default: Literal["allow", "deny"] = "deny" if level == "closed" else "allow"
    return Network(id=level, name=name(level), level=level, default=default, owner="party-0")
