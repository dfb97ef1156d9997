"""What people share, in the database."""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, func, insert, select, update

from changeover.basics.instants import from_microseconds, microseconds
from changeover.chat.shares import StoredShare
from changeover.storage.schema import account
from changeover.storage.schema import share as table


class SqlShares:
    """Implements `chat.shares.Shares`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, share: StoredShare, at: datetime) -> None:
        row = {
            "id": share.id,
            "conversation": share.conversation,
            "account": share.account,
            "by": share.by,
            "party": share.party,
            "up_to": share.up_to,
            "begun": microseconds(at),
            "until": microseconds(share.until),
            "ended": None if share.ended is None else microseconds(share.ended),
        }
        self._connection.execute(insert(table).values(row))

    def get(self, share: str) -> StoredShare | None:
        ended = func.coalesce(table.c.ended, account.c.disabled).label("ended")
        kept = [column for column in table.c if column is not table.c.ended]
        row = self._connection.execute(
            select(*kept, ended)
            .join(account, account.c.id == table.c.account)
            .where(table.c.id == share)
        ).one_or_none()
        return None if row is None else _share(row)

    def of(self, account: str) -> list[StoredShare]:
        rows = self._connection.execute(
            select(table)
            .where(table.c.account == account)
            .order_by(table.c.begun.desc(), table.c.id.desc())
        )
        return [_share(row) for row in rows]

    def end(self, share: str, at: datetime | None) -> None:
        ended = None if at is None else microseconds(at)
        self._connection.execute(update(table).where(table.c.id == share).values(ended=ended))


def _share(row: Row[*tuple[Any, ...]]) -> StoredShare:
    return StoredShare(
        id=row.id,
        conversation=row.conversation,
        account=row.account,
        by=row.by,
        party=row.party,
        up_to=row.up_to,
        until=from_microseconds(row.until),
        ended=None if row.ended is None else from_microseconds(row.ended),
    )
