"""Inserting what may stand already, and inserting much.

`ON CONFLICT DO NOTHING` reads the same in SQLite and PostgreSQL. A refused insert
that is caught would not do: PostgreSQL ends the transaction there unless a
savepoint was set, and SQLite drops savepoints when a disk is full, which would
hide that reason behind another.

Many rows travel as one JSON value: a statement with a parameter for each column of
each row takes ten times as long. COPY would take half as long again. But the server
waits in it for the client's next row, and no timeout of PostgreSQL's ends that: a
process that is stopped there would hold its locks for as long as it sleeps.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import msgspec
from sqlalchemy import Connection, Row, Table, insert, text
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


def insert_all_new(
    connection: Connection, table: Table, rows: Sequence[Mapping[str, Any]]
) -> set[tuple[Any, ...]]:
    """Inserts rows of plain values, in order; gives the primary keys of those that were new.

    One that another transaction is inserting is waited for: rows in the same order
    everywhere cannot wait for each other in a circle.
    """
    if not rows:
        return set()
    names = [f'"{column.name}"' for column in table.columns]
    if connection.dialect.name == "postgresql":
        source = f'json_populate_recordset(NULL::"{table.name}", CAST(:rows AS json))'
        values = names
    else:
        source = "json_each(:rows)"
        values = [f"json_extract(value, '$.{column.name}')" for column in table.columns]
    keys = ", ".join(f'"{column.name}"' for column in table.primary_key.columns)
    statement = (
        f'INSERT INTO "{table.name}" ({", ".join(names)}) '  # noqa: S608 - names of our own tables
        f"SELECT {', '.join(values)} FROM {source} WHERE true "
        f"ON CONFLICT DO NOTHING RETURNING {keys}"
    )
    sent = {"rows": msgspec.json.encode(rows).decode()}
    return {tuple(row) for row in connection.execute(text(statement), sent)}


def insert_rows(
    connection: Connection, table: Table, columns: Sequence[str], rows: Sequence[tuple[Any, ...]]
) -> None:
    """Inserts rows, all of them new, each with its values in the order of `columns`."""
    if connection.dialect.name != "postgresql":
        named = [dict(zip(columns, row, strict=True)) for row in rows]
        connection.execute(insert(table), named)
        return
    names = ", ".join(f'"{name}"' for name in columns)
    statement = (
        f'INSERT INTO "{table.name}" ({names}) SELECT {names} '  # noqa: S608 - as above
        f'FROM json_populate_recordset(NULL::"{table.name}", CAST(:rows AS json))'
    )
    written = [dict(zip(columns, map(_in_json, row), strict=True)) for row in rows]
    connection.execute(text(statement), {"rows": msgspec.json.encode(written).decode()})


def _in_json(value: Any) -> Any:
    """Bytes as PostgreSQL writes them in text."""
    return "\\x" + value.hex() if isinstance(value, bytes) else value
