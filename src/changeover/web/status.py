"""What is running: health for machines, a status for people, orders that staff may read."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any

import msgspec
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from changeover.basics.calendars import read_instant, zone
from changeover.basics.clock import Clock
from changeover.basics.errors import ChangeoverError, NotFoundError
from changeover.basics.instants import microseconds
from changeover.directory.model import Service
from changeover.gateway.ports import Upstream
from changeover.orders.ruleset import Ruleset
from changeover.orders.usecases import Office
from changeover.web.json import error_response, json_response
from changeover.web.orders import (
    OrderList,
    OrderPage,
    instrument_line,
    order_list,
    order_page,
)

LedgerHead = Callable[[], tuple[int, bytes]]

_NO_ZONE = "UTC"


class StatusParts(msgspec.Struct, frozen=True, kw_only=True):
    """What the status page tells of. `ledger` gives size and root; `keys` their number.

    `lapsed` says why nothing may be sent to vendors, if nothing may; `apart` whether the
    database is out of reach, `stopping` whether the server is going away.
    """

    office: Office
    clock: Clock
    upstream: Upstream
    ledger: LedgerHead
    keys: Callable[[], int]
    version: str
    demonstration: bool
    lapsed: Callable[[], str | None] = lambda: None
    apart: Callable[[], bool] = lambda: False
    stopping: Callable[[], bool] = lambda: False


def status_routes(parts: StatusParts) -> list[Route]:
    """`/healthz`, `/readyz`, `/api/status`, `/api/orders`, `/api/orders/{id}`."""

    async def healthz(_: Request) -> Response:
        return json_response({"status": "ok"})

    async def readyz(_: Request) -> Response:
        """Whether calls should come here: what would refuse them all is said."""
        lapsed = parts.lapsed()
        if parts.stopping():
            return _not_ready("it is stopping, and ends what it has begun")
        if not parts.office.rules.ready:
            return _not_ready("no directory is recorded yet")
        if lapsed is not None:
            return _not_ready(lapsed)
        told = {"status": "ready", "ruleset": parts.office.rules.current.version}
        if parts.apart():
            told["database"] = "out of reach; calls go on while the lease lasts"
        return json_response(told)

    async def status(_: Request) -> Response:
        return json_response(await run_in_threadpool(_status, parts))

    async def orders(_: Request) -> Response:
        return json_response(await run_in_threadpool(_orders, parts))

    return [
        Route("/healthz", healthz),
        Route("/readyz", readyz),
        Route("/api/status", status),
        Route("/api/orders", orders),
        Route("/api/orders/{id}", _answering(lambda request: _order(parts, request))),
    ]


def _not_ready(reason: str) -> Response:
    return json_response({"status": "not ready", "reason": reason}, 503)


def _answering(handle: Callable[[Request], Any]) -> Callable[[Request], Awaitable[Response]]:
    async def endpoint(request: Request) -> Response:
        try:
            return json_response(handle(request))
        except ChangeoverError as error:
            return error_response(error)

    return endpoint


def _orders(parts: StatusParts) -> OrderList:
    now = parts.clock.now()
    if not parts.office.rules.ready:
        return OrderList(demonstration=parts.demonstration, now=now, zone=_NO_ZONE, orders=())
    return order_list(parts.office.rules.current, now, demonstration=parts.demonstration)


def _order(parts: StatusParts, request: Request) -> OrderPage:
    """An order, as it stands now or, with `at`, at another instant.

    One that is known only on a network is not told of here, where anybody reads.
    """
    ruleset, at = parts.office.rules.current, request.query_params.get("at")
    name = request.path_params["id"]
    issued = parts.office.instrument(name)
    if issued.instrument.known_on is not None:
        raise NotFoundError(
            f"There is no instrument {name!r} on record.", do="See `changeover orders list`."
        )
    return order_page(
        ruleset,
        issued,
        parts.clock.now(),
        demonstration=parts.demonstration,
        at=None if at is None else read_instant(at, zone(ruleset.directory.zone)),
    )


def _status(parts: StatusParts) -> dict[str, Any]:
    size, root = parts.ledger()
    now = parts.clock.now()
    told: dict[str, Any] = {
        "version": parts.version,
        "demonstration": parts.demonstration,
        "now": now,
        "ledger": {"size": size, "root": root.hex()},
        "keys": parts.keys(),
        "zone": _NO_ZONE,
        "record": None,
        "ruleset": None,
        "routes": [],
        "services": [],
        "instruments": [],
    }
    if parts.office.rules.ready:
        told |= _rules(parts, parts.office.rules.current, now)
    return told


def _rules(parts: StatusParts, ruleset: Ruleset, now: datetime) -> dict[str, Any]:
    directory = ruleset.directory
    told = (i for i in ruleset.issued.values() if i.instrument.known_on is None)
    instruments = [instrument_line(ruleset, i, now) for i in told]
    return {
        "zone": directory.zone,
        "record": None if ruleset.imported is None else ruleset.imported.made,
        "ruleset": {"version": ruleset.version, "instruments": len(instruments)},
        "routes": [
            {
                "id": route.id,
                "model": route.model,
                "maker": directory.models[route.model].maker,
                "host": route.host,
                "stand_in": parts.upstream.stands_in(route.host),
                "reachable": parts.upstream.reaches(route.host, route.protocol),
            }
            for route in directory.routes.values()
        ],
        "services": [_service(ruleset, s, now) for s in directory.services.values()],
        "instruments": instruments,
    }


def _service(ruleset: Ruleset, service: Service, now: datetime) -> dict[str, Any]:
    found = [
        (s.name, ruleset.binding(service.id, s.name, microseconds(now))) for s in service.slots
    ]
    return {
        "id": service.id,
        "name": service.name,
        "party": service.party,
        "network": service.network,
        "bindings": [
            {"slot": slot, "models": binding.models, "provisional": binding.provisional}
            for slot, binding in found
            if binding is not None
        ],
    }
