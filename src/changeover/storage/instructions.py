"""What people tell their assistant, in the database."""

from datetime import datetime

from sqlalchemy import Connection, delete, insert, select

from changeover.basics.instants import microseconds
from changeover.storage.schema import chat_instructions as table


class SqlInstructions:
    """Implements `chat.ports.Instructions`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def of(self, account: str) -> str:
        text = select(table.c.text).where(table.c.account == account)
        return self._connection.scalars(text).one_or_none() or ""

    def put(self, account: str, text: str, at: datetime) -> None:
        self._connection.execute(delete(table).where(table.c.account == account))
        if text:
            row = {"account": account, "text": text, "changed": microseconds(at)}
            self._connection.execute(insert(table).values(row))
