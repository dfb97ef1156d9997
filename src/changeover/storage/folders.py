"""People's folders, in the database."""

from datetime import datetime

from sqlalchemy import ColumnElement, Connection, and_, insert, select, update

from changeover.basics.instants import microseconds
from changeover.chat.folders import Folder
from changeover.storage.schema import conversation
from changeover.storage.schema import folder as table


class SqlFolders:
    """Implements `chat.folders.Folders`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def of(self, account: str) -> list[Folder]:
        rows = self._connection.execute(
            select(table.c.id, table.c.name)
            .where(table.c.account == account, table.c.removed.is_(None))
            .order_by(table.c.created, table.c.id)
        )
        return [Folder(id=row.id, name=row.name) for row in rows]

    def removed(self, account: str, folder: str) -> Folder | None:
        row = self._connection.execute(
            select(table.c.id, table.c.name).where(
                table.c.id == folder, table.c.account == account, table.c.removed.is_not(None)
            )
        ).one_or_none()
        return None if row is None else Folder(id=row.id, name=row.name)

    def add(self, account: str, folder: Folder, at: datetime) -> None:
        row = {
            "id": folder.id,
            "account": account,
            "name": folder.name,
            "created": microseconds(at),
        }
        self._connection.execute(insert(table).values(row))

    def rename(self, folder: str, name: str) -> None:
        self._connection.execute(update(table).where(table.c.id == folder).values(name=name))

    def remove(self, folder: str, at: datetime | None) -> None:
        removed = None if at is None else microseconds(at)
        self._connection.execute(update(table).where(table.c.id == folder).values(removed=removed))


def standing_folder() -> ColumnElement[bool]:
    """How a conversation is joined to the folder it is in: one that was removed holds nothing."""
    return and_(table.c.id == conversation.c.folder, table.c.removed.is_(None))
