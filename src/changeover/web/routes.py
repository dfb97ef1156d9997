"""Routes: who answers on each, which slots are bound to it, what is decided; releasing held ones.

A route's id holds slashes, so that operations on one take it in the query or the body.
"""

from collections.abc import Iterable
from datetime import datetime

import msgspec

from changeover.basics.clock import Clock
from changeover.basics.text import Bilingual
from changeover.chat.choices import Endpoints
from changeover.directory.model import Directory, Protocol, Route
from changeover.identity.people import Role
from changeover.orders.bound import BoundSlot, bound_slots
from changeover.orders.decision import Decision
from changeover.orders.held import Held, held_routes, moved
from changeover.orders.names import NamedOrder
from changeover.orders.preview import PreviewChange
from changeover.orders.ruleset import Ruleset
from changeover.orders.usecases import Office
from changeover.web.api import Caller, Operation, Params, Stream
from changeover.web.deciding import DecisionTold, name_orders, tell_decision
from changeover.web.enforced import Enforced, EnforcementTold, tell_enforcement

READERS: tuple[Role, ...] = ("officer", "administrator")
OFFICERS: tuple[Role, ...] = ("officer",)


class RouteUse(msgspec.Struct, frozen=True, kw_only=True):
    """Slots of a service whose binding names the route's model in the same place.

    `place` counts from 0, what is tried first. The decision is the same for all.
    """

    service: str
    service_name: Bilingual
    slots: tuple[str, ...]
    place: int
    decision: DecisionTold


class RouteLine(msgspec.Struct, frozen=True, kw_only=True):
    """A route. `reachable` is whether an endpoint is there for it, `stand_in` whose."""

    id: str
    model: str
    model_name: str
    maker: str
    maker_name: Bilingual
    host: str
    host_name: Bilingual
    reseller: str | None
    reseller_name: Bilingual | None
    protocol: Protocol
    reachable: bool
    stand_in: bool
    uses: tuple[RouteUse, ...]


class HeldLine(msgspec.Struct, frozen=True, kw_only=True):
    """A route that is held for a service, and the orders that had refused it."""

    service: str
    service_name: Bilingual
    route: str
    model_name: str
    orders: tuple[NamedOrder, ...]


class RoutesPage(msgspec.Struct, frozen=True, kw_only=True):
    """Every route, and what is held."""

    demonstration: bool
    now: datetime
    zone: str
    routes: tuple[RouteLine, ...]
    held: tuple[HeldLine, ...]


class HeldRoute(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A route that is to be released for a service."""

    service: str
    route: str


class ReleasePreview(msgspec.Struct, frozen=True, kw_only=True):
    """What a release would change for the slots of the service."""

    changes: tuple[PreviewChange, ...]


class RouteReleased(msgspec.Struct, frozen=True, kw_only=True):
    """A route that was released, and how that came into force."""

    service: str
    route: str
    at: datetime
    enforcement: EnforcementTold | None


class RouteParts(msgspec.Struct, frozen=True, kw_only=True):
    """What these operations work with."""

    office: Office
    clock: Clock
    endpoints: Endpoints
    enforced: Enforced
    demonstration: bool


def operations(parts: RouteParts) -> list[Operation | Stream]:
    """`/routes` and `/routes/release`."""
    desk = _RouteDesk(parts)
    return [
        Operation(
            "GET",
            "/routes",
            None,
            RoutesPage,
            READERS,
            desk.all,
            "Routes, what is decided on each, and what is held.",
        ),
        Operation(
            "GET",
            "/routes/release",
            None,
            ReleasePreview,
            OFFICERS,
            desk.preview,
            "What releasing a held route would move.",
            {"service": str, "route": str},
        ),
        Operation(
            "POST",
            "/routes/release",
            HeldRoute,
            RouteReleased,
            OFFICERS,
            desk.release,
            "Release a held route for a service.",
        ),
    ]


class _RouteDesk:
    def __init__(self, parts: RouteParts) -> None:
        self._parts = parts

    def all(self, _: Caller, __: None, ___: Params) -> RoutesPage:
        now, rules = self._parts.clock.now(), self._parts.office.rules
        if not rules.ready:
            return self._page(now, "UTC", (), ())
        ruleset = rules.current
        uses = _uses(ruleset, now)
        directory = ruleset.directory
        lines = (self._line(directory, route, uses) for route in directory.routes.values())
        held = (_held(ruleset, one) for one in held_routes(ruleset, now))
        return self._page(now, directory.zone, lines, held)

    def preview(self, _: Caller, __: None, params: Params) -> ReleasePreview:
        service, route = params.get("service", ""), params.get("route", "")
        found = moved(self._parts.office.rules.current, service, route, self._parts.clock.now())
        return ReleasePreview(changes=found)

    def release(self, caller: Caller, body: HeldRoute, _: Params) -> RouteReleased:
        made = self._parts.office.release(body.service, body.route, by=caller.account.name)
        return RouteReleased(
            service=made.service,
            route=made.route,
            at=made.at,
            enforcement=tell_enforcement(self._parts.enforced(f"{made.service}/{made.route}")),
        )

    def _page(
        self, now: datetime, zone: str, routes: Iterable[RouteLine], held: Iterable[HeldLine]
    ) -> RoutesPage:
        return RoutesPage(
            demonstration=self._parts.demonstration,
            now=now,
            zone=zone,
            routes=tuple(routes),
            held=tuple(held),
        )

    def _line(
        self, directory: Directory, route: Route, uses: dict[str, list[RouteUse]]
    ) -> RouteLine:
        model, vendors = directory.models[route.model], directory.vendors
        reseller = None if route.reseller is None else vendors[route.reseller].name
        return RouteLine(
            id=route.id,
            model=route.model,
            model_name=model.name,
            maker=model.maker,
            maker_name=vendors[model.maker].name,
            host=route.host,
            host_name=vendors[route.host].name,
            reseller=route.reseller,
            reseller_name=reseller,
            protocol=route.protocol,
            reachable=self._parts.endpoints.reaches(route.host, route.protocol),
            stand_in=self._parts.endpoints.stands_in(route.host),
            uses=tuple(sorted(uses.get(route.id, ()), key=lambda use: use.place)),
        )


def _uses(ruleset: Ruleset, now: datetime) -> dict[str, list[RouteUse]]:
    """The uses of each route, slots of a service that stand alike taken together."""
    alike: dict[tuple[str, int, Decision], list[BoundSlot]] = {}
    for bound in bound_slots(ruleset, now):
        for place, name in enumerate(bound.names):
            for decision in name.decisions:
                alike.setdefault((bound.service.id, place, decision), []).append(bound)
    found: dict[str, list[RouteUse]] = {}
    for (service, place, decision), slots in alike.items():
        use = RouteUse(
            service=service,
            service_name=slots[0].service.name,
            slots=tuple(dict.fromkeys(bound.slot for bound in slots)),
            place=place,
            decision=tell_decision(ruleset, decision),
        )
        found.setdefault(decision.route, []).append(use)
    return found


def _held(ruleset: Ruleset, held: Held) -> HeldLine:
    directory = ruleset.directory
    return HeldLine(
        service=held.service,
        service_name=directory.services[held.service].name,
        route=held.route,
        model_name=directory.models[directory.routes[held.route].model].name,
        orders=name_orders(ruleset, held.by),
    )
