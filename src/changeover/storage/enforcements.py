"""When acts came into force, in the database."""

from collections.abc import Sequence
from typing import Any

import msgspec
from sqlalchemy import Connection, Row, insert, select, update

from changeover.basics.clock import this_moment
from changeover.orders.enforcement import Confirmed, Enforcement
from changeover.storage.replicas import NOW
from changeover.storage.schema import enforcement as table

_encoder = msgspec.json.Encoder()
_decoder = msgspec.json.Decoder(tuple[Confirmed, ...])


class SqlEnforcements:
    """Implements `orders.ports.Enforcements`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(
        self, revision: int, kind: str, keys: Sequence[str], legal: int
    ) -> tuple[Enforcement, ...]:
        """Keeps that these were done as one change, which is being committed."""
        committed = self._now()
        begun = tuple(
            Enforcement(revision=revision, kind=kind, key=key, legal=legal, committed=committed)
            for key in keys
        )
        self._connection.execute(insert(table), [_values(each) for each in begun])
        return begun

    def settle(self, enforcement: Enforcement) -> bool:
        unsettled = update(table).where(
            table.c.revision == enforcement.revision,
            table.c.key == enforcement.key,
            table.c.settled.is_(None),
        )
        return self._connection.execute(unsettled.values(_values(enforcement))).rowcount == 1

    def last(self, key: str) -> Enforcement | None:
        named = select(table).where(table.c.key == key).order_by(table.c.revision.desc()).limit(1)
        row = self._connection.execute(named).one_or_none()
        return None if row is None else _enforcement(row)

    def recent(self, limit: int) -> tuple[Enforcement, ...]:
        newest = select(table).order_by(table.c.revision.desc(), table.c.key).limit(limit)
        return tuple(map(_enforcement, self._connection.execute(newest)))

    def _now(self) -> int:
        if self._connection.dialect.name == "postgresql":
            return int(self._connection.execute(select(NOW)).scalar_one())
        return this_moment().wall


def _values(enforcement: Enforcement) -> dict[str, Any]:
    return {
        "revision": enforcement.revision,
        "kind": enforcement.kind,
        "key": enforcement.key,
        "legal": enforcement.legal,
        "committed": enforcement.committed,
        "settled": enforcement.settled,
        "replicas": _encoder.encode(enforcement.replicas),
    }


def _enforcement(row: Row[Any]) -> Enforcement:
    return Enforcement(
        revision=row.revision,
        kind=row.kind,
        key=row.key,
        legal=row.legal,
        committed=row.committed,
        settled=row.settled,
        replicas=_decoder.decode(row.replicas),
    )
