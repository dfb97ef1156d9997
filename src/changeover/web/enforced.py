"""How an act came into force, as pages tell it.

`legal` is on the organisation's clock, which in a demonstration stands apart from the
machine's; the other instants are on the database's. So how long it took is told from
the commit on.
"""

from collections.abc import Callable
from datetime import datetime

import msgspec

from changeover.basics.instants import from_microseconds
from changeover.orders.enforcement import Enforcement, How

Enforced = Callable[[str], Enforcement | None]
"""What is known of the last act on something, by its id."""


class ReplicaSettled(msgspec.Struct, frozen=True, kw_only=True):
    """That a replica decides by the act, or sends nothing any more, since `at`."""

    start: str
    address: str
    host: str
    pid: int
    how: How
    at: datetime


class EnforcementTold(msgspec.Struct, frozen=True, kw_only=True):
    """An act with its two instants.

    `settled` is when every replica had it and `took_ms` how long that was after the
    commit; both are None where it is not known yet.
    """

    kind: str
    key: str
    legal: datetime
    committed: datetime
    settled: datetime | None
    took_ms: int | None
    replicas: tuple[ReplicaSettled, ...]


def tell_enforcement(found: Enforcement | None) -> EnforcementTold | None:
    """The act as pages tell it; None where nothing is known of it."""
    return None if found is None else enforcement_told(found)


def enforcement_told(found: Enforcement) -> EnforcementTold:
    settled = found.settled
    return EnforcementTold(
        kind=found.kind,
        key=found.key,
        legal=from_microseconds(found.legal),
        committed=from_microseconds(found.committed),
        settled=None if settled is None else from_microseconds(settled),
        took_ms=None if settled is None else max(0, settled - found.committed) // 1000,
        replicas=tuple(
            ReplicaSettled(
                start=replica.start,
                address=replica.address,
                host=replica.host,
                pid=replica.pid,
                how=replica.how,
                at=from_microseconds(replica.at),
            )
            for replica in found.replicas
        ),
    )
