"""Papers in the database: versions that are only ever added."""

from typing import Any

from sqlalchemy import Connection, Row, func, select

from changeover.basics.instants import from_microseconds, microseconds
from changeover.orders.papers import Paper
from changeover.storage.insertion import insert_new
from changeover.storage.schema import paper as table


class SqlPapers:
    """Implements `orders.papers.Papers`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, paper: Paper) -> bool:
        counted = select(func.count()).where(table.c.kind == paper.kind, table.c.id == paper.id)
        if self._connection.scalars(counted).one() != paper.version - 1:
            return False
        row = {
            "kind": paper.kind,
            "id": paper.id,
            "version": paper.version,
            "at": microseconds(paper.at),
            "by": paper.by,
            "account": paper.account,
            "body": paper.body,
        }
        return insert_new(self._connection, table, row) is not None

    def newest(self, kind: str) -> list[Paper]:
        rows = self._connection.execute(
            select(table).where(table.c.kind == kind).order_by(table.c.seq)
        )
        found: dict[str, Paper] = {}
        for row in rows:
            found[row.id] = _paper(row)
        return list(found.values())

    def versions(self, kind: str, paper: str) -> list[Paper]:
        rows = self._connection.execute(
            select(table).where(table.c.kind == kind, table.c.id == paper).order_by(table.c.version)
        )
        return [_paper(row) for row in rows]


def _paper(row: Row[Any]) -> Paper:
    return Paper(
        kind=row.kind,
        id=row.id,
        version=row.version,
        at=from_microseconds(row.at),
        by=row.by,
        account=row.account,
        body=row.body,
    )
