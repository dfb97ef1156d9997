"""What a vendor, a model or an order touches: parties, services, slots, routes.

A vendor touches every route in whose lineage it stands, as maker (also of what
a model derives from), host or reseller. A slot is touched when the binding that
stands at the instant names a model or route among them.
"""

from collections.abc import Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

import msgspec

from changeover.basics.errors import NotFoundError
from changeover.basics.instants import microseconds
from changeover.directory.model import Binding, Directory
from changeover.directory.rules import Lineage
from changeover.orders.candidates import routes_named
from changeover.orders.decide import decide
from changeover.orders.decision import Outcome
from changeover.orders.ports import ServiceConversations, ServiceKeys
from changeover.orders.query import alternatives
from changeover.orders.ruleset import Ruleset, call_of


class TouchedRoute(msgspec.Struct, frozen=True, kw_only=True):
    """A route, and as what it involves the vendor: maker, host, reseller, or the model itself."""

    route: str
    model: str
    roles: tuple[str, ...]


class TouchedSlot(msgspec.Struct, frozen=True, kw_only=True):
    """A service's slot that is bound to a touched route, and how that stands.

    `replacement` is the first route that the service may lawfully use instead;
    None when there is none.
    """

    service: str
    party: str
    network: str
    slot: str
    owner: str
    route: str
    position: int
    outcome: Outcome
    because: str
    deadline: datetime | None
    instruments: tuple[str, ...]
    replacement: str | None


class Reach(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that a name touches at an instant.

    `keys` counts the valid keys of each service bound to it, `conversations` those
    of each service that hold turns which its models wrote.
    """

    name: str
    kind: str
    at: datetime
    zone: str
    routes: tuple[TouchedRoute, ...]
    slots: tuple[TouchedSlot, ...]
    parties: tuple[str, ...]
    instruments: tuple[str, ...]
    keys: Mapping[str, int] = {}
    conversations: Mapping[str, int] = {}

    @property
    def services(self) -> tuple[str, ...]:
        """The services that are bound to it."""
        return tuple(sorted({slot.service for slot in self.slots}))

    @property
    def models(self) -> tuple[str, ...]:
        return tuple(sorted({touched.model for touched in self.routes}))


def reach(ruleset: Ruleset, name: str, at: datetime) -> Reach:
    """What a vendor, a model or an instrument touches; `NotFoundError` if it is none of them."""
    directory = ruleset.directory
    kind, routes = _touched(ruleset, name)
    touched = {touched.route for touched in routes}
    slots = tuple(
        slot
        for (service, slot_name), binding in _standing(ruleset, at).items()
        for slot in _slots(ruleset, service, slot_name, binding, touched, at)
        if kind != "order" or name in slot.instruments
    )
    standing = [s for s in ruleset.standings if any(s.matches(_line(ruleset, r)) for r in touched)]
    return Reach(
        name=name,
        kind=kind,
        at=at,
        zone=ZoneInfo(directory.zone).key,
        routes=routes,
        slots=slots,
        parties=tuple(sorted({slot.party for slot in slots})),
        instruments=tuple(dict.fromkeys(s.instrument for s in standing)),
    )


def count(found: Reach, keys: ServiceKeys, conversations: ServiceConversations) -> Reach:
    """What was found, with the keys and conversations that it concerns."""
    counted: Reach = msgspec.structs.replace(
        found,
        keys=keys.valid(found.services, found.at),
        conversations=conversations.with_turns_of(found.models),
    )
    return counted


def _touched(ruleset: Ruleset, name: str) -> tuple[str, tuple[TouchedRoute, ...]]:
    directory = ruleset.directory
    if name in directory.vendors:
        return "vendor", _by_vendor(ruleset, name)
    if name in ruleset.issued:
        standings = ruleset.standings_of(name)
        matched = [
            route
            for route in directory.routes
            if any(standing.matches(_line(ruleset, route)) for standing in standings)
        ]
        return "order", tuple(_touched_route(directory, r, ("target",)) for r in matched)
    try:
        resolved = ruleset.names.resolve(name)
    except NotFoundError as error:
        raise NotFoundError(
            f"{name!r} is no vendor, model or instrument on record.",
            means=f"Vendors: {', '.join(sorted(directory.vendors))}.",
            do=error.do,
        ) from error
    return "model", tuple(_touched_route(directory, r, ("model",)) for r in resolved.routes)


def _by_vendor(ruleset: Ruleset, vendor: str) -> tuple[TouchedRoute, ...]:
    found = []
    for route in ruleset.directory.routes:
        line = _line(ruleset, route)
        roles = {"maker": vendor in line.makers, "host": vendor == line.host}
        roles["reseller"] = vendor == line.reseller
        if any(roles.values()):
            held = tuple(role for role, is_held in roles.items() if is_held)
            found.append(_touched_route(ruleset.directory, route, held))
    return tuple(found)


def _touched_route(directory: Directory, route: str, roles: tuple[str, ...]) -> TouchedRoute:
    return TouchedRoute(route=route, model=directory.routes[route].model, roles=roles)


def _line(ruleset: Ruleset, route: str) -> Lineage:
    return ruleset.reached(route).lineage


def _standing(ruleset: Ruleset, at: datetime) -> dict[tuple[str, str], Binding]:
    """The binding that stands for each slot of each service."""
    instant = microseconds(at)
    found = {}
    for service in ruleset.directory.services.values():
        for slot in service.slots:
            binding = ruleset.binding(service.id, slot.name, instant)
            if binding is not None:
                found[service.id, slot.name] = binding
    return found


def _slots(
    ruleset: Ruleset,
    service_id: str,
    slot: str,
    binding: Binding,
    touched: set[str],
    at: datetime,
) -> list[TouchedSlot]:
    service = ruleset.directory.services[service_id]
    bound = routes_named(ruleset, binding.models)
    found = []
    for position, route in enumerate(bound):
        if route not in touched:
            continue
        call = call_of(service, slot)
        decision = decide(ruleset, call, route, at)
        others = alternatives(ruleset, call, slot, at, (route,), limit=1)
        found.append(
            TouchedSlot(
                service=service_id,
                party=service.party,
                network=service.network,
                slot=slot,
                owner=service.owner,
                route=route,
                position=position,
                outcome=decision.outcome,
                because=decision.because,
                deadline=decision.deadline,
                instruments=tuple(c.instrument for c in decision.citations),
                replacement=next(iter(others), None),
            )
        )
    return found
