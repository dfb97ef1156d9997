"""Temporary conversations, in the database."""

from sqlalchemy import Connection, select, update

from changeover.basics.instants import from_microseconds
from changeover.chat.temporary_store import Temporary
from changeover.storage.schema import account, conversation


class SqlTemporaries:
    """Implements `chat.temporary_store.TemporaryConversations`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def all(self) -> list[Temporary]:
        until = conversation.c.temporary_until
        rows = self._connection.execute(
            select(conversation.c.id, account.c.party, until)
            .join(account, account.c.id == conversation.c.account)
            .where(until.is_not(None))
            .order_by(until, conversation.c.id)
        )
        return [
            Temporary(conversation=name, party=party, until=from_microseconds(ends))
            for name, party, ends in rows
        ]

    def keep(self, name: str) -> None:
        self._connection.execute(
            update(conversation).where(conversation.c.id == name).values(temporary_until=None)
        )
