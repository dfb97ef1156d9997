"""Prompts that people keep, in the database."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, and_, insert, or_, select, update

from changeover.basics.instants import microseconds
from changeover.chat.prompts import StoredPrompt
from changeover.storage.schema import prompt as table


class SqlPrompts:
    """Implements `chat.prompts.Prompts`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def usable(self, account: str, parties: Collection[str]) -> list[StoredPrompt]:
        own = and_(table.c.account == account, table.c.party.is_(None))
        rows = self._connection.execute(
            select(table)
            .where(or_(own, table.c.party.in_(parties)), table.c.removed.is_(None))
            .order_by(table.c.id)
        )
        return [_prompt(row) for row in rows]

    def get(self, prompt: str, *, removed: bool) -> StoredPrompt | None:
        state = table.c.removed.is_not(None) if removed else table.c.removed.is_(None)
        row = self._connection.execute(
            select(table).where(table.c.id == prompt, state)
        ).one_or_none()
        return None if row is None else _prompt(row)

    def put(self, prompt: StoredPrompt, at: datetime) -> None:
        values = {
            "account": prompt.account,
            "party": prompt.party,
            "name": prompt.name,
            "text": prompt.text,
            "changed": microseconds(at),
        }
        changed = update(table).where(table.c.id == prompt.id).values(values)
        if self._connection.execute(changed).rowcount == 0:
            self._connection.execute(insert(table).values({"id": prompt.id, **values}))

    def remove(self, prompt: str, at: datetime | None) -> None:
        removed = None if at is None else microseconds(at)
        self._connection.execute(update(table).where(table.c.id == prompt).values(removed=removed))


def _prompt(row: Row[Any]) -> StoredPrompt:
    return StoredPrompt(
        id=row.id, account=row.account, party=row.party, name=row.name, text=row.text
    )
