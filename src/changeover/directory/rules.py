"""What follows from the directory: lineages, who is part of whom, what serves a slot.

Lineage is the chain that a clause's target may match anywhere (design, section
2): the model and all it derives from, their makers, the host, the reseller. A
fine-tune of a barred maker's model is reached, whoever made and resells it.

Pure functions of a `Directory` that `check.py` found whole; on one with cycles
they still end.
"""

from datetime import datetime

import msgspec

from changeover.basics.errors import NotFoundError
from changeover.basics.nearest import advice
from changeover.directory.check import Flaw, check
from changeover.directory.model import Binding, Directory

__all__ = [
    "Flaw",
    "Lineage",
    "ModelNames",
    "Resolved",
    "ancestors",
    "binding_at",
    "check",
    "derivation",
    "descendants",
    "lineage",
    "resolve_model",
    "routes_of",
]


class Lineage(msgspec.Struct, frozen=True, kw_only=True):
    """A route's chain. `models` and `makers` include those it derives from, transitively."""

    route: str
    model: str
    models: frozenset[str]
    makers: frozenset[str]
    host: str
    reseller: str | None


class Resolved(msgspec.Struct, frozen=True, kw_only=True):
    """What a model's name stands for: the model, and the routes that it may be reached by.

    Where the name gave a host or a route there are only those; `routes` is in
    the directory's order and may be empty for a model that nothing serves.
    """

    model: str
    routes: tuple[str, ...]


def lineage(directory: Directory, route_id: str) -> Lineage:
    """The lineage of a route. Raises `NotFoundError` when there is no such route."""
    route = directory.routes.get(route_id)
    if route is None:
        raise NotFoundError(
            f"There is no route {route_id!r}.", do=advice(route_id, directory.routes)
        )
    models = derivation(directory, route.model)
    return Lineage(
        route=route.id,
        model=route.model,
        models=models,
        makers=frozenset(directory.models[model].maker for model in models),
        host=route.host,
        reseller=route.reseller,
    )


def derivation(directory: Directory, model: str) -> frozenset[str]:
    """The model and all that it derives from, at any distance."""
    found: set[str] = set()
    waiting = [model]
    while waiting:
        current = waiting.pop()
        if current not in found:
            found.add(current)
            waiting.extend(directory.models[current].derived_from)
    return frozenset(found)


def descendants(directory: Directory, party: str) -> frozenset[str]:
    """The party itself and all that is part of it, at any depth.

    An unknown party has no descendants, not even itself.
    """
    return frozenset(one for one in directory.parties if party in ancestors(directory, one))


def ancestors(directory: Directory, party: str) -> tuple[str, ...]:
    """The party itself, what it is part of, what that is part of … up to the top."""
    chain: list[str] = []
    current: str | None = party
    while current is not None and current in directory.parties and current not in chain:
        chain.append(current)
        current = directory.parties[current].part_of
    return tuple(chain)


def routes_of(directory: Directory, model: str) -> tuple[str, ...]:
    """The routes that reach the model, in the directory's order."""
    return tuple(route.id for route in directory.routes.values() if route.model == model)


class ModelNames:
    """Every name that a client may write for a model, compiled once per directory.

    A name is a route's id, a model's id, an alias (letter case aside), one of
    the last two followed by `@` and a host, or a pinned version: the name that a
    route's host knows it by, which stands for the routes of that version alone. A name
    that hosts know several models by is none.
    """

    def __init__(self, directory: Directory) -> None:
        self._routes = directory.routes
        self._by_model: dict[str, tuple[str, ...]] = dict.fromkeys(directory.models, ())
        for route in directory.routes.values():
            self._by_model[route.model] = (*self._by_model[route.model], route.id)
        self._models = {
            name.lower(): model.id
            for model in directory.models.values()
            for name in (*model.aliases, model.id)
        }
        self._pinned: dict[str, tuple[str, ...]] = {}
        for route in directory.routes.values():
            version = route.upstream_model
            self._pinned[version] = (*self._pinned.get(version, ()), route.id)

    def resolve(self, name: str) -> Resolved:
        """The model and routes that `name` stands for; `NotFoundError` if it names none."""
        if name in self._routes:
            return Resolved(model=self._routes[name].model, routes=(name,))
        model = self._models.get(name.lower())
        if model is not None:
            return Resolved(model=model, routes=self._by_model[model])
        before, at, host = name.rpartition("@")
        model = self._models.get(before.lower()) if at else None
        if model is None:
            if (pinned := self._version(name)) is not None:
                return pinned
            known = advice(name, [*self._models, *self._routes])
            raise NotFoundError(f"There is no model {name!r}.", do=known)
        routes = tuple(r for r in self._by_model[model] if self._routes[r].host == host)
        if not routes:
            hosts = sorted({self._routes[r].host for r in self._by_model[model]})
            raise NotFoundError(
                f"{host!r} does not serve {model}.", do=f"It is served by {', '.join(hosts)}."
            )
        return Resolved(model=model, routes=routes)

    def _version(self, name: str) -> Resolved | None:
        """The routes of the version that hosts know by `name`, if it is of one model."""
        routes = self._pinned.get(name, ())
        models = {self._routes[route].model for route in routes}
        return Resolved(model=models.pop(), routes=routes) if len(models) == 1 else None


def resolve_model(directory: Directory, name: str) -> Resolved:
    """`ModelNames(directory).resolve(name)`, for a single question."""
    return ModelNames(directory).resolve(name)


def binding_at(directory: Directory, service: str, slot: str, at: datetime) -> Binding | None:
    """The binding of the slot that began last at or before `at`; None when none had."""
    begun = [b for b in directory.bindings if (b.service, b.slot) == (service, slot)]
    return max((b for b in begun if b.since <= at), key=lambda b: b.since, default=None)
