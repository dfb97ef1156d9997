"""The desk's questions about replicas, and about when acts came into force on them."""

from typing import Any

import msgspec
from starlette.requests import Request
from starlette.routing import Route

from changeover.basics.clock import this_moment
from changeover.basics.errors import NotFoundError
from changeover.basics.instants import from_microseconds
from changeover.orders.between import barred_between
from changeover.orders.enforcement import Enforcement
from changeover.orders.ports import CallsMade, Replicas
from changeover.orders.usecases import Office
from changeover.web.acted import enforcement_line
from changeover.web.desk_routes import get_route


class ReplicaParts(msgspec.Struct, frozen=True, kw_only=True):
    """What the questions are answered from; `replicas` is None where one process serves alone."""

    office: Office
    replicas: Replicas | None
    calls: CallsMade
    demonstration: bool


def replica_routes(parts: ReplicaParts) -> list[Route]:
    """`/replicas` and `/orders/{id}/enforcement`."""
    questions = _Questions(parts)
    return [
        get_route("/replicas", questions.replicas),
        get_route("/orders/{id}/enforcement", questions.enforcement),
    ]


class _Questions:
    def __init__(self, parts: ReplicaParts) -> None:
        self._parts = parts

    def replicas(self, _: Request) -> Any:
        if self._parts.replicas is None:
            return {"shared": False, "now": from_microseconds(this_moment().wall), "replicas": []}
        revision = self._parts.replicas.revision()
        now, found = self._parts.replicas.all()
        return {
            "shared": True,
            "now": from_microseconds(now),
            "revision": revision,
            "replicas": [
                {
                    "start": each.start,
                    "state": each.state,
                    "address": each.address,
                    "host": each.host,
                    "pid": each.pid,
                    "version": each.version,
                    "began": from_microseconds(each.began),
                    "renewed": from_microseconds(each.renewed),
                    "lease_left": max(0, each.lease_until - now) / 1e6,
                    "revision": each.revision,
                    "skew": each.skew / 1e6,
                }
                for each in found
            ],
        }

    def enforcement(self, request: Request) -> Any:
        name = request.path_params["id"]
        self._parts.office.instrument(name)
        found = self._parts.office.enforcement(name)
        if found is None:
            raise NotFoundError(
                f"When {name} came into force was not kept.",
                means="It was recorded before that was kept of acts.",
                do="Ask for one that was issued since.",
            )
        return enforcement_line(found) | {"between": self._between(name, found)}

    def _between(self, name: str, found: Enforcement) -> Any:
        """The calls between the two instants; a scenario's clock stands, so it has no between."""
        if found.in_force is None or self._parts.demonstration:
            return []
        since, until = from_microseconds(found.legal), from_microseconds(found.in_force)
        made = self._parts.calls.made(since, until)
        return barred_between(self._parts.office.rules.current, name, made)
