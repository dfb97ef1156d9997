"""Evidence at the desk: canaries that show that the routes to a vendor refuse."""

from collections.abc import Sequence
from typing import Protocol

import msgspec

from changeover.basics.errors import NotFoundError
from changeover.basics.nearest import advice, unknown
from changeover.directory.model import Directory
from changeover.directory.rules import lineage
from changeover.gateway.canaries import Canary
from changeover.orders.usecases import Office
from changeover.web.api import Caller, Operation, Params, Stream
from changeover.web.prepared import OFFICERS


class CanaryMaker(Protocol):
    """Makes canaries of routes, and tells the ledger of them."""

    async def make(self, routes: Sequence[str], *, by: str) -> list[Canary]: ...


class CanaryParts(msgspec.Struct, frozen=True, kw_only=True):
    """What canaries need."""

    office: Office
    canaries: CanaryMaker


class CanariesAsked(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which vendor's routes are asked for."""

    vendor: str


class CanariesMade(msgspec.Struct, frozen=True, kw_only=True):
    """What came of each route to the vendor."""

    routes: tuple[Canary, ...]


def canary_operations(parts: CanaryParts) -> list[Operation | Stream]:
    """`/desk/evidence/canaries`."""
    summary = "Ask for each route to a vendor as each service would, against a sink."
    path, desk = "/desk/evidence/canaries", _CanaryDesk(parts)
    return [Operation("POST", path, CanariesAsked, CanariesMade, OFFICERS, desk.make, summary)]


class _CanaryDesk:
    def __init__(self, parts: CanaryParts) -> None:
        self._parts = parts

    async def make(self, caller: Caller, body: CanariesAsked, _: Params) -> CanariesMade:
        routes = routes_to(self._parts.office.rules.current.directory, body.vendor)
        made = await self._parts.canaries.make(routes, by=caller.account.name)
        return CanariesMade(routes=tuple(made))


def routes_to(directory: Directory, vendor: str) -> list[str]:
    """The routes that lead to a vendor: maker, host or reseller; `NotFoundError`."""
    if vendor not in directory.vendors:
        raise NotFoundError(unknown("vendor", vendor), do=advice(vendor, directory.vendors))
    reached = (lineage(directory, route) for route in directory.routes)
    return [one.route for one in reached if vendor in {*one.makers, one.host, one.reseller}]
