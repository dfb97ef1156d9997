"""Databases that hold something of everything: rows in every table, cells of every type."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    Boolean,
    Column,
    Connection,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    insert,
    inspect,
    select,
)

from changeover.ledger.checkpoint import SigningKey
from changeover.ledger.entries import digest, fact_entry
from changeover.ledger.facts import DirectoryRecorded
from changeover.ledger.usecases import Ledger
from changeover.storage.database import open_backend
from changeover.storage.ledger import SqlLedger
from changeover.storage.search_index import is_index
from changeover.storage.upgrade import VERSION_TABLE, migrate

AT = datetime(2026, 2, 26, 14, tzinfo=UTC)
KEY = SigningKey("ledger.example", bytes(32))
ROWS = 5
TEXTS = (
    "",
    "plain",
    "Ünïcode — 𝕏 漢字 \u202eأ",
    "quotes \" ' and \\ and %s",
    "line\nline\ttab\r\x01",
)
BYTES = (b"", bytes(range(256)), b"\x00", b"{}", "é".encode())
BIG = (0, 2**63 - 1, -(2**63), 2**53 + 1, -1)
SMALL = (0, 2**31 - 1, -(2**31), 1, -1)
_WRITTEN_APART = frozenset({"ledger_entry", "ledger_checkpoint", "ledger_tree", "revision"})


@contextmanager
def opened(url: str) -> Iterator[Connection]:
    """A connection that writes, to a database that is not migrated by opening it."""
    backend = open_backend(url)
    try:
        with backend.writer.begin() as connection:
            yield connection
    finally:
        backend.close()


def fill(url: str, version: str) -> None:
    """Makes an empty database one of the version, with rows in each table and a ledger that holds."""
    with opened(url) as connection:
        migrate(connection, version)
        for table in _tables(connection):
            if table.name not in _WRITTEN_APART:
                rows = [_row(connection, table, number) for number in range(ROWS)]
                connection.execute(insert(table), rows)
        ledger = Ledger(KEY)
        for number in range(ROWS):
            fact = DirectoryRecorded(sha256=digest(b"%d" % number), by="ada — é", changes=number)
            entry = fact_entry(fact, at=AT, demonstration=False)
            ledger.append(SqlLedger(connection), [entry])


def everything(url: str, *, named: bool = False) -> Mapping[str, list[Any]]:
    """Every row of every table, in one order: as tuples, or by the names of their columns."""
    with opened(url) as connection:
        return {
            table.name: sorted(
                (
                    dict(row._mapping) if named else tuple(row)
                    for row in connection.execute(select(table))
                ),
                key=repr,
            )
            for table in _tables(connection)
        }


def tables(url: str) -> list[str]:
    with opened(url) as connection:
        return inspect(connection).get_table_names()


def _tables(connection: Connection) -> list[Table]:
    found = MetaData()
    found.reflect(connection, only=lambda name, _: not is_index(name))
    return [table for table in found.sorted_tables if table.name != VERSION_TABLE]


def _row(connection: Connection, table: Table, number: int) -> dict[str, Any]:
    return {column.name: _cell(connection, column, number) for column in table.columns}


def _cell(connection: Connection, column: Column[Any], number: int) -> Any:
    if column.nullable and number == 0:
        return None
    for key in column.foreign_keys:
        referred = connection.scalars(select(key.column).order_by(key.column)).all()
        return referred[number % len(referred)]
    value = _value(column, number)
    if not _stands_alone(column):
        return value
    # Another in every row, whatever else is in it.
    return (
        number + 1
        if isinstance(column.type, Integer)
        else value + type(value)(_mark(value, number))
    )


def _mark(value: str | bytes, number: int) -> Any:
    return f"#{number}" if isinstance(value, str) else b"#%d" % number


def _value(column: Column[Any], number: int) -> Any:
    kinds: tuple[tuple[type, Callable[[int], Any]], ...] = (
        (Boolean, lambda n: n % 2 == 0),
        (LargeBinary, BYTES.__getitem__),
        (Integer, (BIG if str(column.type) == "BIGINT" else SMALL).__getitem__),
    )
    for kind, value in kinds:
        if isinstance(column.type, kind):
            return value(number)
    return TEXTS[number]


def _stands_alone(column: Column[Any]) -> bool:
    """Whether no two rows may have the same value: in the key, or unique by itself."""
    return column.primary_key or column.name in {"id", "login", "client_id", "key"}
