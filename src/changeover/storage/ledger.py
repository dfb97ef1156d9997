"""The ledger's entries, checkpoints and tree in the database.

Reading is for verifying, so it takes whatever stands in the columns: what should
be bytes is read as bytes even where somebody put text, and is left to the
verification to judge. Entries come in pages, by index, in bounded memory.
"""

from collections.abc import Collection, Iterator, Sequence

from sqlalchemy import Connection, LargeBinary, bindparam, cast, func, insert, select, update

from changeover.basics.errors import ConflictError
from changeover.ledger.ports import StoredCheckpoint, StoredEntry
from changeover.ledger.tree import HASH_SIZE
from changeover.storage.insertion import insert_rows
from changeover.storage.postgresql import SEQUENCING
from changeover.storage.schema import ledger_checkpoint, ledger_entry, ledger_tree

_PAGE = 1000
_ENTRIES = select(
    ledger_entry.c.index.label("position"),  # a row is a tuple, whose `index` is a method
    cast(ledger_entry.c.kind, LargeBinary).label("kind"),
    cast(ledger_entry.c.body, LargeBinary).label("body"),
    cast(ledger_entry.c.leaf, LargeBinary).label("leaf"),
).order_by(ledger_entry.c.index)
_CALLS = select(ledger_entry.c.body, ledger_entry.c.leaf).order_by(ledger_entry.c.index)
_CALLS = _CALLS.where(
    ledger_entry.c.kind == "call",
    ledger_entry.c.index >= bindparam("start"),
    ledger_entry.c.index < bindparam("stop"),
)
_CHECKPOINTS = select(
    ledger_checkpoint.c.size,
    cast(ledger_checkpoint.c.root, LargeBinary).label("root"),
    cast(ledger_checkpoint.c.note, LargeBinary).label("note"),
)


class SqlLedger:
    """Implements `ledger.sequencing.SequencedStore`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def hold(self) -> bool:
        """By an advisory lock, and by the tree's row; a file of SQLite has one writer anyway."""
        if self._connection.dialect.name != "postgresql":
            return True
        lock = select(func.pg_try_advisory_xact_lock(SEQUENCING))
        if not self._connection.execute(lock).scalar_one():
            return False
        self._connection.execute(select(ledger_tree.c.id).with_for_update()).all()
        return True

    def tree_state(self) -> tuple[int, tuple[bytes, ...]]:
        subtrees = cast(ledger_tree.c.subtrees, LargeBinary)
        row = self._connection.execute(select(ledger_tree.c.size, subtrees)).one_or_none()
        if row is None:
            return 0, ()
        size, joined = row
        hashes = (joined[at : at + HASH_SIZE] for at in range(0, len(joined), HASH_SIZE))
        return size, tuple(hashes)

    def append(
        self,
        entries: Sequence[StoredEntry],
        subtrees: tuple[bytes, ...],
        checkpoint: StoredCheckpoint,
    ) -> None:
        size, _ = self.tree_state()
        expected = list(range(size, size + len(entries)))
        if [entry.index for entry in entries] != expected or checkpoint.size != size + len(entries):
            raise ConflictError(f"These entries do not continue a ledger of {size} entries.")
        rows = [(entry.index, entry.kind, entry.body, entry.leaf) for entry in entries]
        insert_rows(self._connection, ledger_entry, ("index", "kind", "body", "leaf"), rows)
        self._connection.execute(
            insert(ledger_checkpoint).values(
                size=checkpoint.size, root=checkpoint.root, note=checkpoint.note
            )
        )
        state = {"size": checkpoint.size, "subtrees": b"".join(subtrees)}
        if size:
            self._connection.execute(update(ledger_tree).values(state))
        else:
            self._connection.execute(insert(ledger_tree).values(id=1, **state))

    def entries(self, start: int = 0, kinds: Collection[str] = ()) -> Iterator[StoredEntry]:
        after, wanted = start - 1, _ENTRIES
        if kinds:
            kind = cast(ledger_entry.c.kind, LargeBinary)
            wanted = wanted.where(kind.in_([each.encode() for each in kinds]))
        while True:
            page = wanted.where(ledger_entry.c.index > after).limit(_PAGE)
            rows = self._connection.execute(page).all()
            for row in rows:
                kind_ = row.kind.decode(errors="replace")
                yield StoredEntry(index=row.position, kind=kind_, body=row.body, leaf=row.leaf)
            if len(rows) < _PAGE:
                return
            after = rows[-1].position

    def calls(self, start: int, stop: int) -> list[tuple[bytes, bytes]]:
        """As the driver gives the rows: a page of them is judged as a whole."""
        result = self._connection.execute(_CALLS, {"start": start, "stop": stop})
        rows = list(result.cursor.fetchall())
        result.close()
        return rows

    def leaves(self, start: int, stop: int) -> list[bytes]:
        wanted = select(ledger_entry.c.leaf).order_by(ledger_entry.c.index)
        span = wanted.where(ledger_entry.c.index >= start, ledger_entry.c.index < stop)
        return list(self._connection.execute(span).scalars())

    def checkpoints(self) -> Iterator[StoredCheckpoint]:
        after = -1
        while True:
            page = _CHECKPOINTS.where(ledger_checkpoint.c.size > after)
            page = page.order_by(ledger_checkpoint.c.size).limit(_PAGE)
            rows = self._connection.execute(page).all()
            for row in rows:
                yield StoredCheckpoint(size=row.size, root=row.root, note=row.note)
            if len(rows) < _PAGE:
                return
            after = rows[-1].size

    def checkpoint_at(self, size: int) -> StoredCheckpoint | None:
        row = self._connection.execute(
            _CHECKPOINTS.where(ledger_checkpoint.c.size == size)
        ).one_or_none()
        if row is None:
            return None
        return StoredCheckpoint(size=row.size, root=row.root, note=row.note)

    def last_checkpoint(self) -> StoredCheckpoint | None:
        newest = _CHECKPOINTS.order_by(ledger_checkpoint.c.size.desc()).limit(1)
        row = self._connection.execute(newest).one_or_none()
        if row is None:
            return None
        return StoredCheckpoint(size=row.size, root=row.root, note=row.note)
