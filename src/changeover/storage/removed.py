"""Removed conversations, and those that were kept long enough, in the database."""

from datetime import datetime

from sqlalchemy import ColumnElement, Connection, exists, func, or_, select, update

from changeover.basics.instants import from_microseconds, microseconds
from changeover.chat.removed_store import Due, Removed
from changeover.storage.removal import remove_conversation
from changeover.storage.schema import account, conversation, turn


class SqlRemoved:
    """Implements `chat.removed_store.RemovedConversations`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def mark(self, name: str, at: datetime | None) -> None:
        removed = None if at is None else microseconds(at)
        self._connection.execute(
            update(conversation).where(conversation.c.id == name).values(removed=removed)
        )

    def of(self, owner: str) -> list[Removed]:
        count = (
            select(func.count()).where(turn.c.conversation == conversation.c.id).scalar_subquery()
        )
        rows = self._connection.execute(
            select(conversation.c.id, conversation.c.title, conversation.c.removed, count)
            .where(conversation.c.account == owner, conversation.c.removed.is_not(None))
            .order_by(conversation.c.removed.desc(), conversation.c.id)
        )
        return [
            Removed(id=name, title=title, removed=from_microseconds(removed), turns=turns)
            for name, title, removed, turns in rows
        ]

    def parties(self) -> list[str]:
        rows = self._connection.execute(
            select(account.c.party)
            .join(conversation, conversation.c.account == account.c.id)
            .where(conversation.c.temporary_until.is_(None))
            .distinct()
            .order_by(account.c.party)
        )
        return [party for (party,) in rows]

    def due(
        self, party: str, *, removed_before: datetime, changed_before: datetime | None, most: int
    ) -> list[Due]:
        rows = self._connection.execute(
            select(conversation.c.id, conversation.c.removed)
            .join(account, account.c.id == conversation.c.account)
            .where(account.c.party == party, _over(removed_before, changed_before))
            .order_by(conversation.c.changed, conversation.c.id)
            .limit(most)
        )
        return [
            Due(conversation=name, party=party, by_owner=removed is not None)
            for name, removed in rows
        ]

    def is_due(
        self, due: Due, *, removed_before: datetime, changed_before: datetime | None
    ) -> bool:
        writing = exists().where(
            turn.c.conversation == conversation.c.id, turn.c.state == "generating"
        )
        found = self._connection.execute(
            select(conversation.c.id).where(
                conversation.c.id == due.conversation,
                _over(removed_before, changed_before),
                ~writing,
            )
        )
        return found.first() is not None

    def remove(self, name: str) -> int:
        turns = self._connection.scalar(
            select(func.count()).select_from(turn).where(turn.c.conversation == name)
        )
        remove_conversation(self._connection, name)
        return int(turns or 0)


def _over(removed_before: datetime, changed_before: datetime | None) -> ColumnElement[bool]:
    """Whose time is over. Temporary ones have an end of their own."""
    over = conversation.c.removed < microseconds(removed_before)
    if changed_before is not None:
        over = or_(over, conversation.c.changed < microseconds(changed_before))
    return over & conversation.c.temporary_until.is_(None)
