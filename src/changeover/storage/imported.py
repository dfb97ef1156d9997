"""Which conversations came from which file, in the database."""

from typing import Any

from sqlalchemy import Connection, Row, select

from changeover.basics.errors import ConflictError
from changeover.basics.instants import from_microseconds, microseconds
from changeover.chat.imported import Imported
from changeover.chat.model import Source
from changeover.storage.insertion import insert_new
from changeover.storage.schema import imported_conversation as imported


class SqlImported:
    """Implements `chat.imports.ports.ImportedConversations`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, one: Imported) -> None:
        row = {
            "conversation": one.conversation,
            "account": one.account,
            "act": one.act,
            "file": one.file,
            "source": one.source,
            "source_id": one.source_id,
            "digest": one.digest,
            "at": microseconds(one.at),
        }
        if insert_new(self._connection, imported, row) is None:
            raise ConflictError("This conversation was taken in already.", means="It is here.")

    def of(self, account: str) -> list[Imported]:
        rows = self._connection.execute(
            select(imported)
            .where(imported.c.account == account)
            .order_by(imported.c.at.desc(), imported.c.conversation.desc())
        )
        return [_imported(row) for row in rows]

    def has(self, account: str, digest: str) -> bool:
        named = select(imported.c.conversation).where(
            imported.c.account == account, imported.c.digest == digest
        )
        return self._connection.execute(named).first() is not None

    def has_other(self, account: str, source: Source, source_id: str) -> bool:
        named = select(imported.c.conversation).where(
            imported.c.account == account,
            imported.c.source_id == source_id,
            imported.c.source == source,
        )
        return self._connection.execute(named).first() is not None


def _imported(row: Row[Any]) -> Imported:
    return Imported(
        conversation=row.conversation,
        account=row.account,
        act=row.act,
        file=row.file,
        source=row.source,
        source_id=row.source_id,
        digest=row.digest,
        at=from_microseconds(row.at),
    )
