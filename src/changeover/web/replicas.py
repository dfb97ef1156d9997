"""The processes that serve, and how the last acts came into force on each of them.

Instants of replicas are on the database's clock, as is `read`; `now` is the
organisation's. A process that left, or whose lease ran out, is told of for a day.
"""

from datetime import datetime

import msgspec

from changeover.basics.clock import Clock
from changeover.basics.instants import from_microseconds
from changeover.identity.people import Role
from changeover.orders.enforcement import Replica, State
from changeover.orders.enforcing import Enforcer
from changeover.orders.ports import Replicas
from changeover.orders.usecases import Office
from changeover.web.api import Caller, Operation, Params, Stream
from changeover.web.enforced import EnforcementTold, enforcement_told

READERS: tuple[Role, ...] = ("officer", "administrator")
_ACTS = 20
_TOLD_FOR = 86_400_000_000


class ReplicaLine(msgspec.Struct, frozen=True, kw_only=True):
    """A process. `lease_ms` is what is left of its lease, 0 where it ran out.

    `current` is whether it has loaded the newest revision, `skew_ms` how far its clock
    is from the database's.
    """

    start: str
    address: str
    host: str
    pid: int
    version: str
    state: State
    lease_ms: int
    current: bool
    skew_ms: int
    began: datetime
    renewed: datetime


class ReplicasPage(msgspec.Struct, frozen=True, kw_only=True):
    """What serves. `alone` is whether one process decides, which has no replicas."""

    demonstration: bool
    alone: bool
    version: str
    now: datetime
    zone: str
    read: datetime | None
    replicas: tuple[ReplicaLine, ...]
    acts: tuple[EnforcementTold, ...]


class ReplicaParts(msgspec.Struct, frozen=True, kw_only=True):
    """What this operation reads; `replicas` is None where one process decides alone."""

    replicas: Replicas | None
    enforcer: Enforcer
    office: Office
    clock: Clock
    version: str
    demonstration: bool


def operations(parts: ReplicaParts) -> list[Operation | Stream]:
    """`/replicas`."""

    def read(_: Caller, __: None, ___: Params) -> ReplicasPage:
        found = None if parts.replicas is None else _lines(parts.replicas)
        rules = parts.office.rules
        return ReplicasPage(
            demonstration=parts.demonstration,
            alone=found is None,
            version=parts.version,
            now=parts.clock.now(),
            zone=rules.current.directory.zone if rules.ready else "UTC",
            read=None if found is None else found[0],
            replicas=() if found is None else found[1],
            acts=tuple(map(enforcement_told, parts.enforcer.recent(_ACTS))),
        )

    summary = "The processes that serve, and how the last acts came into force."
    return [Operation("GET", "/replicas", None, ReplicasPage, READERS, read, summary)]


def _lines(replicas: Replicas) -> tuple[datetime, tuple[ReplicaLine, ...]]:
    # The revision first: what is committed between the two reads leaves nobody behind.
    newest = replicas.revision()
    now, found = replicas.all()
    told = [each for each in found if _serves(each, now) or each.renewed > now - _TOLD_FOR]
    told.sort(key=lambda each: (not _serves(each, now), each.began))
    return from_microseconds(now), tuple(_line(each, newest, now) for each in told)


def _serves(replica: Replica, now: int) -> bool:
    return replica.state != "gone" and replica.lease_until > now


def _line(replica: Replica, newest: int, now: int) -> ReplicaLine:
    left = replica.lease_until - now if replica.state != "gone" else 0
    return ReplicaLine(
        start=replica.start,
        address=replica.address,
        host=replica.host,
        pid=replica.pid,
        version=replica.version,
        state=replica.state,
        lease_ms=max(0, left) // 1000,
        current=replica.revision >= newest,
        skew_ms=round(replica.skew / 1000),
        began=from_microseconds(replica.began),
        renewed=from_microseconds(replica.renewed),
    )
