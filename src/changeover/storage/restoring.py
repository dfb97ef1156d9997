"""Restoring a backup into an empty database: all of it, or nothing.

One transaction, in this order:

1. wait until nobody else migrates the database, and find it empty;
2. make the schema of the backup's version, and find the tables those of the backup;
3. load the tables, each after those that it refers to, checking what is read, and index them;
4. let PostgreSQL count on from the rows that it was given;
5. find the ledger as the backup tells it;
6. bring the schema to this program's version;
7. have the ledger told that it was restored;
8. whatever else must stand before the database does (`before_commit`).

A process that is killed leaves the transaction open, and so an empty database.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path

from sqlalchemy import Connection, Integer, Table, delete, func, insert, inspect, select

from changeover.basics.errors import ConflictError
from changeover.ledger.checkpoint import VerifierKey
from changeover.ledger.entries import Entry
from changeover.ledger.leaves import entry_leaf
from changeover.ledger.standing import standing
from changeover.ledger.tree import Subtrees
from changeover.storage.archive import Archive, BackupError, Cell, Manifest, TablePart
from changeover.storage.backend import Backend
from changeover.storage.database import open_backend, parse_url
from changeover.storage.ledger import SqlLedger
from changeover.storage.ledger_queue import SqlLedgerQueue
from changeover.storage.postgresql import allow_pauses
from changeover.storage.progress import Meter, Progress
from changeover.storage.schema import ledger_entry, searched
from changeover.storage.search_index import fill_index
from changeover.storage.sqlite import database_path
from changeover.storage.tables import columns, kept_tables
from changeover.storage.upgrade import HEAD, REVISIONS, migrate

_BATCH_ROWS, _BATCH_BYTES = 500, 4 << 20


def check(archive: Archive, progress: Progress) -> Manifest:
    """Reads a backup to its end; `BackupError` where it is not as it was written.

    The ledger's root is computed from its entries. Their signatures are verified
    when they are restored.
    """
    manifest = archive.manifest
    _refuse_newer(manifest)
    tree = Subtrees()
    for part, rows in archive.tables(Meter(progress, "checking", manifest.size)):
        for body in _bodies(part, rows):
            tree.add(entry_leaf(body))
    if (tree.size, tree.root().hex()) != (manifest.ledger.size, manifest.ledger.root):
        raise _another_ledger(manifest)
    return manifest


def restore(
    url: str,
    archive: Archive,
    told: Sequence[Entry],
    before_commit: Callable[[], None],
    progress: Progress,
) -> None:
    """Loads a backup into the empty database at `url`; the ledger is `told` of it.

    Raises `ConflictError` when that is not empty, `BackupError` when the backup is
    not as it was written, `DatabaseBusyError` when another process has the
    database, `StorageError` when it fails; then it is as empty as before.
    """
    _refuse_newer(archive.manifest)
    file = _file_to_be_made(url)
    with closing(open_backend(url)) as backend, backend.explained():
        with backend.writer.begin() as connection:
            _require_empty(connection, backend.name)
        with _removed_on_failure(file, backend), backend.writer.begin() as connection:
            backend.migrating(connection)
            _require_empty(connection, backend.name)
            if backend.shared:
                allow_pauses(connection)
            _load(connection, archive, progress)
            _require_ledger(connection, archive.manifest)
            migrate(connection, HEAD)
            SqlLedgerQueue(connection).add(told)
            before_commit()


def _file_to_be_made(url: str) -> Path | None:
    parsed = parse_url(url)
    if parsed.get_backend_name() != "sqlite":
        return None
    path = database_path(parsed)
    return None if path.exists() else path


@contextmanager
def _removed_on_failure(path: Path | None, backend: Backend) -> Iterator[None]:
    """Removes the file that was made, and found empty, while nobody else can have it open."""
    try:
        yield
    except BaseException:
        if path is not None:
            backend.writer.dispose()
            _remove(path)
        raise


def _remove(path: Path) -> None:
    for end in ("", "-wal", "-shm"):
        path.with_name(path.name + end).unlink(missing_ok=True)


def _refuse_newer(manifest: Manifest) -> None:
    if manifest.schema not in REVISIONS:
        raise BackupError(
            f"The backup has schema version {manifest.schema}, which this program does not know.",
            means=f"Changeover {manifest.product} wrote it; this one knows versions up to {HEAD}.",
            do="Restore it with that version or a newer one.",
        )


def _require_empty(connection: Connection, name: str) -> None:
    if inspect(connection).get_table_names():
        raise ConflictError(
            f"The database {name} is not empty.",
            means="A backup is restored into an empty database only, so that nothing that was "
            "recorded is overwritten.",
            do="Name another data folder with --data, before the command, or another database "
            "in CHANGEOVER_DATABASE_URL.",
        )


def _load(connection: Connection, archive: Archive, progress: Progress) -> None:
    manifest = archive.manifest
    migrate(connection, manifest.schema)
    tables = {table.name: table for table in kept_tables(connection)}
    expected = {name: columns(table) for name, table in tables.items()}
    if expected != {part.name: part.columns for part in manifest.tables}:
        raise BackupError(
            f"The tables of the backup are not those of schema version {manifest.schema}.",
            means="Another program wrote it, or a version of Changeover that was never released.",
        )
    for table in tables.values():
        # What the migrations put there stands in the backup as it was later.
        connection.execute(delete(table))
    for part, rows in archive.tables(Meter(progress, "restoring", manifest.size)):
        table = tables[part.name]
        names = [column.name for column in part.columns]
        for batch in _batches(rows):
            _require_writable(connection, part, batch)
            values = [dict(zip(names, row, strict=True)) for row in batch]
            connection.execute(insert(table), values)
        if connection.dialect.name == "postgresql":
            _count_on(connection, table)
    if searched.name in tables:
        fill_index(connection)


def _batches(rows: Iterator[tuple[Cell, ...]]) -> Iterator[list[tuple[Cell, ...]]]:
    """The rows in lists of a bounded number and size."""
    batch: list[tuple[Cell, ...]] = []
    size = 0
    for row in rows:
        batch.append(row)
        size += sum(len(cell) for cell in row if isinstance(cell, str | bytes))
        if len(batch) >= _BATCH_ROWS or size >= _BATCH_BYTES:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def _require_writable(
    connection: Connection, part: TablePart, batch: list[tuple[Cell, ...]]
) -> None:
    """PostgreSQL keeps no NUL in a text; SQLite does."""
    if connection.dialect.name != "postgresql":
        return
    for row in batch:
        if any(isinstance(cell, str) and "\x00" in cell for cell in row):
            raise BackupError(
                f"A text in the table {part.name} holds a NUL, which PostgreSQL cannot keep.",
                means="Nothing was restored.",
                do="Restore it into SQLite.",
            )


def _count_on(connection: Connection, table: Table) -> None:
    """Has the numbers that PostgreSQL gives begin after those that were loaded."""
    [key, *more] = table.primary_key.columns
    if more or not isinstance(key.type, Integer):
        return
    named = func.pg_get_serial_sequence(f'"{table.name}"', key.name)
    last = select(func.max(key)).scalar_subquery()
    connection.execute(
        select(func.setval(named, last)).where(named.is_not(None), last.is_not(None))
    )


def _require_ledger(connection: Connection, manifest: Manifest) -> None:
    """Finds the ledger as it stood when it was backed up: its faults too, if it had any."""
    verifier = None if manifest.verifier is None else VerifierKey.parse(manifest.verifier)
    if standing(SqlLedger(connection), verifier) != manifest.ledger:
        raise _another_ledger(manifest)


def _bodies(part: TablePart, rows: Iterator[tuple[Cell, ...]]) -> Iterator[bytes]:
    """The bytes of the ledger's entries; reads every row, whichever table's they are."""
    names = [column.name for column in part.columns]
    for row in rows:
        if part.name == ledger_entry.name:
            body = dict(zip(names, row, strict=True)).get(ledger_entry.c.body.name)
            yield body if isinstance(body, bytes) else b""


def _another_ledger(manifest: Manifest) -> BackupError:
    return BackupError(
        f"The ledger in the backup is not the one of {manifest.ledger.size} entries with the "
        f"root {manifest.ledger.root} that its manifest tells.",
        means="The backup was altered. Nothing was restored from it.",
        do="Take another copy of it, or another backup.",
    )
