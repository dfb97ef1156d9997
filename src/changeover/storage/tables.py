"""The tables of a database as they stand, whichever version its schema has."""

from sqlalchemy import Boolean, Connection, Integer, LargeBinary, MetaData, String, Table

from changeover.storage.archive import Column, ColumnKind
from changeover.storage.search_index import is_index
from changeover.storage.upgrade import VERSION_TABLE

# What holds only while the processes run that wrote it: leases, sessions, tries to sign in, how
# routes are doing; and answers that are kept for some hours.
LIVE = frozenset({"kept_answer", "process_health", "replica", "session", "sign_in_failure"})

# Booleans are integers where a database knows none, so they come first.
_KINDS: tuple[tuple[type, ColumnKind], ...] = (
    (Boolean, "boolean"),
    (Integer, "integer"),
    (LargeBinary, "bytes"),
    (String, "text"),
)


def kept_tables(connection: Connection) -> tuple[Table, ...]:
    """The tables that outlive the processes, each after those that it refers to.

    What SQLite keeps as tables of its own for an index is made anew from what is indexed.
    """
    found = MetaData()
    found.reflect(connection, only=lambda name, _: not is_index(name))
    left_out = LIVE | {VERSION_TABLE}
    return tuple(table for table in found.sorted_tables if table.name not in left_out)


def columns(table: Table) -> tuple[Column, ...]:
    """The table's columns, in their order."""
    return tuple(
        Column(name=str(column.name), kind=_kind(table.name, column.name, column.type))
        for column in table.columns
    )


def _kind(table: str, column: str, type_: object) -> ColumnKind:
    for known, kind in _KINDS:
        if isinstance(type_, known):
            return kind
    raise TypeError(f"{table}.{column} is of a type that backups do not know: {type_!r}")
