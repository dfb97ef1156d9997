"""Which routes may serve a call, in order, before any decision is taken.

What a client writes as its model is one of:

* the name of one of the service's slots, or `default`: the slot's binding;
* a model, by id or alias: that model's routes, those that the binding prefers
  first, then the maker's own, then the others;
* a route, as model@host: that route alone.

A service that wants a replacement when what it asked for is refused is given
the rest of its binding after that, in the binding's order. Nothing else is ever
tried: a model that nobody asked for and no binding names is not a fallback.

A binding may name what has left the directory since; that is passed over.

Where the binding has weights, the calls to a model are shared among its routes: each call
draws the one that it asks first, and the others follow in their order. Routes without a
weight come after those with one. A call always draws the same (`draw`).
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from hashlib import blake2b

import msgspec

from changeover.basics.errors import NotFoundError
from changeover.basics.instants import microseconds
from changeover.directory.model import Binding
from changeover.orders.ruleset import Ruleset


class Candidates(msgspec.Struct, frozen=True, kw_only=True):
    """`asked` are the routes of what was asked for, `fallbacks` what may replace it."""

    asked: tuple[str, ...]
    fallbacks: tuple[str, ...] = ()


def find_candidates(
    ruleset: Ruleset,
    service: str,
    slot: str,
    name: str,
    at: datetime,
    call: str = "",
) -> Candidates:
    """The routes for a name that a client wrote; `call` is who draws where calls are shared.

    `NotFoundError` when the name is no slot, model or route, or is a slot that
    nothing is bound to.
    """
    directory = ruleset.directory
    binding = ruleset.binding(service, slot, microseconds(at))
    bound = () if binding is None else routes_named(ruleset, binding.models)
    if name in {"default", slot, *(s.name for s in directory.services[service].slots)}:
        asked = _bound_first(ruleset, service, slot if name == "default" else name, at)
    else:
        asked = _prefer(bound, _named(ruleset, name))
    fallbacks = tuple(route for route in bound if route not in asked)
    if directory.services[service].when_barred == "refuse":
        fallbacks = ()
    if binding is not None and binding.weights and call:
        shares = {weight.route: weight.share for weight in binding.weights}
        asked, fallbacks = (shared(ruleset, each, shares, call) for each in (asked, fallbacks))
    return Candidates(asked=asked, fallbacks=fallbacks)


def shared(
    ruleset: Ruleset, routes: tuple[str, ...], shares: Mapping[str, int], call: str
) -> tuple[str, ...]:
    """The routes, those of each model in the order that a call draws, in that model's places."""
    models = [ruleset.directory.routes[route].model for route in routes]
    of_model: dict[str, list[str]] = {}
    for model, route in zip(models, routes, strict=True):
        of_model.setdefault(model, []).append(route)
    drawn = {model: iter(_drawn(each, shares, call)) for model, each in of_model.items()}
    return tuple(next(drawn[model]) for model in models)


def _drawn(routes: list[str], shares: Mapping[str, int], call: str) -> list[str]:
    weighted = [route for route in routes if route in shares]
    if not weighted:
        return routes
    of = int.from_bytes(blake2b(call.encode(), digest_size=8).digest())
    place = of % sum(shares[route] for route in weighted)
    first = weighted[0]
    for route in weighted:
        first = route
        if place < shares[route]:
            break
        place -= shares[route]
    rest = [*weighted, *(route for route in routes if route not in shares)]
    return [first, *(route for route in rest if route != first)]


def _bound_first(ruleset: Ruleset, service: str, slot: str, at: datetime) -> tuple[str, ...]:
    binding: Binding | None = ruleset.binding(service, slot, microseconds(at))
    if binding is None:
        raise NotFoundError(
            f"Nothing is bound to the slot {slot!r} of {service}.",
            do="Bind a model to it in the directory, or name a model.",
        )
    known = [name for name in binding.models if _stands(ruleset, name)]
    if not known:
        raise NotFoundError(
            f"Nothing that the slot {slot!r} of {service} is bound to is in the directory.",
            do="Bind another model to it, or name a model.",
        )
    return routes_named(ruleset, known[:1])


def _named(ruleset: Ruleset, name: str) -> tuple[str, ...]:
    directory = ruleset.directory
    resolved = ruleset.names.resolve(name)
    maker = directory.models[resolved.model].maker
    return tuple(sorted(resolved.routes, key=lambda r: directory.routes[r].host != maker))


def routes_named(ruleset: Ruleset, names: Iterable[str]) -> tuple[str, ...]:
    """Each name's routes: a route is itself, a model its routes, the maker's own first.

    Names that the directory does not have are passed over.
    """
    known = (name for name in names if _stands(ruleset, name))
    return tuple(dict.fromkeys(route for name in known for route in _named(ruleset, name)))


def _stands(ruleset: Ruleset, name: str) -> bool:
    return name in ruleset.directory.models or name in ruleset.directory.routes


def _prefer(bound: tuple[str, ...], named: tuple[str, ...]) -> tuple[str, ...]:
    preferred = [route for route in bound if route in named]
    return tuple(dict.fromkeys([*preferred, *named]))
