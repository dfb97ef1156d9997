"""Entries that wait for the sequencer, in the database.

An entry is queued in the transaction that it tells of. Numbers are given before a
commit, so a lower one may become visible after a higher one was taken: entries of
units that take turns come in their order, others nearly so. What is taken is
therefore named number by number, never as a range.
"""

from collections.abc import Iterator, Sequence

from sqlalchemy import (
    ARRAY,
    BigInteger,
    Connection,
    LargeBinary,
    any_,
    bindparam,
    cast,
    delete,
    func,
    inspect,
    select,
)

from changeover.ledger.entries import Entry
from changeover.storage.insertion import insert_rows
from changeover.storage.schema import ledger_queue

_PAGE = 1000
_WAITING = select(
    ledger_queue.c.id,
    cast(ledger_queue.c.kind, LargeBinary).label("kind"),
    cast(ledger_queue.c.body, LargeBinary).label("body"),
).order_by(ledger_queue.c.id)


class SqlLedgerQueue:
    """Implements `ledger.ports.LedgerQueue`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, entries: Sequence[Entry]) -> None:
        if entries:
            rows = [(entry.kind, entry.body) for entry in entries]
            insert_rows(self._connection, ledger_queue, ("kind", "body"), rows)

    def empty(self) -> bool:
        return self._connection.execute(select(ledger_queue.c.id).limit(1)).first() is None

    def take(self, most: int) -> list[Entry]:
        rows = self._connection.execute(_WAITING.limit(most)).all()
        if rows:
            self._remove([row.id for row in rows])
        return [Entry(_text(row.kind), row.body) for row in rows]

    def count(self) -> int:
        if not self._exists():
            return 0
        return int(self._connection.execute(select(func.count(ledger_queue.c.id))).scalar_one())

    def waiting(self) -> Iterator[Entry]:
        """Reads in bounded memory. A database before the queue's schema has none that wait."""
        after, more = 0, self._exists()
        while more:
            page = _WAITING.where(ledger_queue.c.id > after).limit(_PAGE)
            rows = self._connection.execute(page).all()
            for row in rows:
                yield Entry(_text(row.kind), row.body)
                after = row.id
            more = len(rows) == _PAGE

    def _remove(self, ids: list[int]) -> None:
        if self._connection.dialect.name == "postgresql":
            # One parameter: a statement with thousands is planned anew each time.
            named = ledger_queue.c.id == any_(bindparam("ids", ids, ARRAY(BigInteger)))
        else:
            named = ledger_queue.c.id.in_(ids)
        self._connection.execute(delete(ledger_queue).where(named))

    def _exists(self) -> bool:
        return inspect(self._connection).has_table(ledger_queue.name)


def _text(kind: bytes) -> str:
    return kind.decode(errors="replace")
