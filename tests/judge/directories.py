"""Small directories, and what was known of their past."""

from datetime import timedelta

import msgspec

from changeover.basics.instants import microseconds
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
    Release,
)
from changeover.orders.ruleset import RouteThen, ServiceThen
from changeover.orders.uses import Stated, Use
from tests.judge.chance import ASSURANCES, GRID, PURPOSES, T0, Chance, named
from tests.judge.uses import reached_by


class Directories(Chance):
    """Draws a directory part by part; `directory` is the one drawn."""

    directory: Directory

    # The directory.

    def _directory(self) -> Directory:
        parties = self._parties()
        vendors = [f"v{n}" for n in range(self.count(2, 4))]
        models = self._models(vendors)
        routes = self._routes(models, vendors)
        networks = [
            Network(
                id=f"n{n}",
                name=named("network"),
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
            vendors={vendor: Vendor(id=vendor, name=named(vendor)) for vendor in vendors},
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
                id=f"p{n}", name=named("party"), part_of=part_of, relations=tuple(relations)
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
                name=named("service"),
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
            Issuer(id=f"i{n}", name=named("office"), binds=self.maybe(parties, 0.8, 3))
            for n in range(self.count(1, 3))
        ]
        # The root binds all that is part of it, so that some admission mostly counts.
        offices[0] = msgspec.structs.replace(offices[0], binds=tuple(parties))
        return offices + [
            Issuer(id=f"office-{vendor}", name=named("office"), vendor=vendor, binds=(parties[0],))
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

    def _stated(self) -> dict[Stated, dict[str, int]]:
        found = {}
        for binding in self.directory.bindings:
            service = self.directory.services[binding.service]
            purpose = next(s.purpose for s in service.slots if s.name == binding.slot)
            stated = Stated(service.id, binding.slot, purpose, microseconds(binding.since))
            when = microseconds(self.instant())
            found[stated] = {
                route: microseconds(self.instant()) if self.likely(0.3) else when
                for route in reached_by(self.directory, binding)
                if self.likely(0.3)
            }
        return found

    def _services_then(self) -> dict[str, tuple[ServiceThen, ...]]:
        found = {}
        for service in self.directory.services.values():
            recorded = sorted(microseconds(at) for at in self.maybe(GRID, 0.8, 3))
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
            recorded = sorted(microseconds(at) for at in self.maybe(GRID, 0.5, 3))
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
