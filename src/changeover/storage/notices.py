"""Acknowledged notices in the database."""

from datetime import datetime

from sqlalchemy import Connection, func, select

from changeover.basics.instants import microseconds
from changeover.storage.insertion import insert_new
from changeover.storage.schema import notice_ack as table


class SqlAcknowledgements:
    """Implements `orders.ports.Acknowledgements`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, account: str, notice: str, at: datetime) -> None:
        row = {"account": account, "notice": notice, "at": microseconds(at)}
        insert_new(self._connection, table, row)

    def of(self, account: str) -> frozenset[str]:
        acknowledged = select(table.c.notice).where(table.c.account == account)
        return frozenset(self._connection.scalars(acknowledged))

    def readers(self, order: str) -> int:
        """An order's notices bear its id, a further one `~` and its service behind it."""
        notice = table.c.notice
        of_order = (notice == order) | notice.startswith(f"{order}~", autoescape=True)
        counted = select(func.count(table.c.account.distinct())).where(of_order)
        return self._connection.scalar(counted) or 0
