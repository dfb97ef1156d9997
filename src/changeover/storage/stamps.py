"""What others say of the ledger's checkpoints, in the database."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Connection, Row, insert, inspect, select

from changeover.basics.instants import from_microseconds, microseconds
from changeover.ledger.vouching import Stamp, StampKind
from changeover.storage.schema import ledger_stamp


class SqlStamps:
    """Implements `ledger.vouching.StampStore`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, stamp: Stamp) -> None:
        if any((s.kind, s.name) == (stamp.kind, stamp.name) for s in self.of(stamp.size)):
            return
        self._connection.execute(
            insert(ledger_stamp).values(
                size=stamp.size,
                kind=stamp.kind,
                name=stamp.name,
                body=stamp.body,
                at=microseconds(stamp.at),
            )
        )

    def newest(self, kind: StampKind, name: str) -> Stamp | None:
        named = select(ledger_stamp).where(ledger_stamp.c.kind == kind, ledger_stamp.c.name == name)
        row = self._connection.execute(named.order_by(ledger_stamp.c.size.desc()).limit(1)).first()
        return None if row is None else _stamp(row)

    def all(self) -> Iterator[Stamp]:
        if not self._exists():
            return
        ordered = select(ledger_stamp).order_by(
            ledger_stamp.c.size, ledger_stamp.c.kind, ledger_stamp.c.name
        )
        options = {"stream_results": True, "yield_per": 500}
        with self._connection.execute(ordered, execution_options=options) as rows:
            yield from map(_stamp, rows)

    def _exists(self) -> bool:
        """Whoever only reads may read a database before the schema of stamps: it has none."""
        return inspect(self._connection).has_table(ledger_stamp.name)

    def of(self, size: int) -> list[Stamp]:
        if not self._exists():
            return []
        of = select(ledger_stamp).where(ledger_stamp.c.size == size)
        return list(map(_stamp, self._connection.execute(of)))


def _stamp(row: Row[Any]) -> Stamp:
    at = from_microseconds(row.at)
    return Stamp(size=row.size, kind=row.kind, name=row.name, body=row.body, at=at)
