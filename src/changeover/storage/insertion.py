"""Inserting what may stand already.

`ON CONFLICT DO NOTHING` reads the same in SQLite and PostgreSQL. A refused insert
that is caught would not do: PostgreSQL ends the transaction there unless a
savepoint was set, and SQLite drops savepoints when a disk is full, which would
hide that reason behind another.
"""

from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import Connection, Row, Table
from sqlalchemy.dialects import postgresql, sqlite

_INSERTS: dict[str, Callable[[Table], sqlite.Insert | postgresql.Insert]] = {
    "sqlite": sqlite.insert,
    "postgresql": postgresql.insert,
}


def insert_new(connection: Connection, table: Table, values: Mapping[str, Any]) -> Row[Any] | None:
    """Inserts a row and returns its primary key; None when a unique value stands already."""
    statement = _INSERTS[connection.dialect.name](table).values(dict(values))
    inserted = statement.on_conflict_do_nothing().returning(*table.primary_key.columns)
    return connection.execute(inserted).one_or_none()
