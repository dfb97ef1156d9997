"""How many keys and conversations an order touches."""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime

import msgspec
from sqlalchemy import Connection, func, or_, select

from changeover.basics.instants import microseconds
from changeover.storage.schema import conversation, service_key, turn


class _Served(msgspec.Struct, frozen=True):
    """What of a turn's `served` says which model wrote it."""

    model: str


_decoder = msgspec.json.Decoder(_Served)


class SqlReached:
    """Counts, for what an order touches."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def keys(self, services: Iterable[str], at: datetime) -> Mapping[str, int]:
        """The keys of each of these services that are not revoked, nor expired at the instant."""
        asked = sorted(set(services))
        living = or_(service_key.c.expires.is_(None), service_key.c.expires > microseconds(at))
        counts = (
            select(service_key.c.service, func.count())
            .where(service_key.c.service.in_(asked), service_key.c.revoked.is_(None), living)
            .group_by(service_key.c.service)
        )
        found: dict[str, int] = dict(self._connection.execute(counts).tuples().all())
        return {service: found.get(service, 0) for service in asked}

    def conversations(self, models: Iterable[str]) -> Mapping[str, int]:
        """The conversations of each service that hold turns which these models wrote.

        Who served a turn stands in its JSON. Every served turn is read once, so that
        the answer does not depend on a database's own functions for JSON.
        """
        asked = frozenset(models)
        served = (
            select(conversation.c.service, conversation.c.id, turn.c.served)
            .join(turn, turn.c.conversation == conversation.c.id)
            .where(turn.c.served.is_not(None))
        )
        held = {
            (service, id_)
            for service, id_, body in self._connection.execute(served)
            if _decoder.decode(body).model in asked
        }
        return dict(sorted(Counter(service for service, _ in held).items()))
