"""Writing a backup from one state of a database.

The tables are read twice in the one transaction: first to count and digest them for
the manifest, which stands first in the file, then to write them. Between the two
nothing can change, since the transaction sees one state.
"""

import hashlib
from collections.abc import Iterator
from datetime import datetime
from typing import Any, BinaryIO, cast

import msgspec
from sqlalchemy import Connection, Table, select, type_coerce
from sqlalchemy.types import NullType

from changeover import __version__
from changeover.basics.errors import NotFoundError
from changeover.ledger.checkpoint import VerifierKey
from changeover.ledger.entries import write_instant
from changeover.ledger.standing import standing
from changeover.storage.archive import (
    FORMAT,
    Cell,
    Column,
    ColumnKind,
    Manifest,
    TablePart,
    line,
    write,
)
from changeover.storage.errors import StorageError
from changeover.storage.ledger import SqlLedger
from changeover.storage.progress import Meter, Progress
from changeover.storage.settings import SqlSettings
from changeover.storage.tables import columns, kept_tables
from changeover.storage.upgrade import known_version

# How many rows are held at once; a row of a document is a whole file.
_ROWS = {"document": 1, "turn": 50}
_OTHER_ROWS = 500
_PYTHON: dict[ColumnKind, type] = {"integer": int, "text": str, "bytes": bytes, "boolean": bool}


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """What a backup is to say and hold besides the tables: `key` is the private key's text."""

    at: datetime
    verifier: VerifierKey | None
    key: str | None
    installation_setting: str


def back_up(
    connection: Connection, name: str, file: BinaryIO, asked: Asked, progress: Progress
) -> Manifest:
    """Writes what the connection, to the database called `name`, sees; returns what it was.

    Raises `NotFoundError` when nothing was ever recorded, and `StorageError` when
    the database is another program's, newer than this one, or damaged.
    """
    version = known_version(connection, name)
    if version is None:
        raise NotFoundError(
            f"The database {name} is empty.",
            means="There is nothing to back up.",
            do="Name the data folder with --data, before the command.",
        )
    reader = _Reader(connection, name)
    tables = {table.name: table for table in kept_tables(connection)}
    meter = Meter(progress, "reading")
    parts = tuple(reader.measured(table, meter) for table in tables.values())
    meter.end()
    manifest = Manifest(
        format=FORMAT,
        product=__version__,
        schema=version,
        database=connection.dialect.name,
        installation=SqlSettings(connection).get(asked.installation_setting),
        at=write_instant(asked.at),
        ledger=standing(SqlLedger(connection), asked.verifier),
        verifier=None if asked.verifier is None else str(asked.verifier),
        key=None if asked.key is None else hashlib.sha256(asked.key.encode()).hexdigest(),
        tables=parts,
    )
    meter = Meter(progress, "writing", manifest.size)
    write(
        file,
        manifest,
        asked.key,
        lambda part: reader.lines(tables[part.name], meter),
        modified=int(asked.at.timestamp()),
    )
    meter.end()
    return manifest


class _Reader:
    """Reads the tables of a database as lines."""

    def __init__(self, connection: Connection, name: str) -> None:
        self._connection = connection
        self._name = name

    def measured(self, table: Table, meter: Meter) -> TablePart:
        seen, rows, size = hashlib.sha256(), 0, 0
        for read in self.lines(table, meter):
            seen.update(read)
            rows += 1
            size += len(read)
        return TablePart(
            name=str(table.name),
            columns=columns(table),
            rows=rows,
            size=size,
            sha256=seen.hexdigest(),
        )

    def lines(self, table: Table, meter: Meter) -> Iterator[bytes]:
        """The table's rows in the order of its key."""
        kept = columns(table)
        # As the driver gives them: what a column of SQLite holds need not be of its type.
        cells = [type_coerce(column, NullType()) for column in table.columns]
        options = {"stream_results": True, "yield_per": _ROWS.get(table.name, _OTHER_ROWS)}
        ordered = select(*cells).order_by(*table.primary_key.columns)
        with self._connection.execute(ordered, execution_options=options) as rows:
            for row in rows:
                pairs = zip(kept, row, strict=True)
                written = line([self._cell(table.name, *pair) for pair in pairs])
                meter.add(len(written))
                yield written

    def _cell(self, table: str, column: Column, value: Any) -> Cell:
        if column.kind == "boolean" and value in {0, 1}:
            return bool(value)
        if value is not None and type(value) is not _PYTHON[column.kind]:
            raise StorageError(
                f"The database {self._name} is damaged: {table}.{column.name} "
                f"holds what is no {column.kind}.",
                means="Something else than Changeover wrote to it. No backup was made.",
                do="Restore an earlier backup, or copy the database as it is for whoever looks.",
            )
        return cast("Cell", value)
