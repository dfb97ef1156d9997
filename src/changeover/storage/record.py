"""The organisation's record in the database."""

from datetime import datetime

from sqlalchemy import Connection, select

from changeover.basics.errors import ConflictError
from changeover.basics.instants import from_microseconds, microseconds
from changeover.orders.ports import RecordEntry, RecordKind
from changeover.storage.insertion import insert_new
from changeover.storage.schema import record


class SqlRecord:
    """Implements `orders.ports.Record`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def append(self, kind: RecordKind, key: str, recorded: datetime, body: bytes) -> int:
        line = {"kind": kind, "key": key, "recorded": microseconds(recorded), "body": body}
        row = insert_new(self._connection, record, line)
        if row is None:
            raise ConflictError(
                f"The instrument {key} is on record already.",
                means="What is recorded is never changed.",
                do="Issue it under another id.",
            )
        return int(row.seq)

    def entries(self, after: int = 0) -> list[RecordEntry]:
        rows = self._connection.execute(
            select(record).where(record.c.seq > after).order_by(record.c.seq)
        )
        return [
            RecordEntry(
                seq=row.seq,
                kind=row.kind,
                key=row.key,
                recorded=from_microseconds(row.recorded),
                body=row.body,
            )
            for row in rows
        ]
