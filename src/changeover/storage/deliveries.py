"""Deliveries in the database."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, func, insert, select, update

from changeover.basics.instants import from_microseconds, microseconds
from changeover.messages.model import Answered, Delivery
from changeover.storage.schema import delivery as table

_ON_ITS_WAY = ("queued", "sending")


class SqlDeliveries:
    """Implements `messages.ports.Deliveries`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, deliveries: Iterable[Delivery]) -> None:
        rows = [_written(one) for one in deliveries]
        if rows:
            self._connection.execute(insert(table), rows)

    def of(self, message: str | None = None) -> list[Delivery]:
        found = select(table).order_by(table.c.seq)
        if message is not None:
            found = found.where(table.c.message == message)
        return [_delivery(row) for row in self._connection.execute(found)]

    def unsent(self) -> int:
        """How many are still to be sent."""
        unsent = select(func.count(table.c.seq)).where(table.c.state.in_(_ON_ITS_WAY))
        return int(self._connection.execute(unsent).scalar_one())

    def waiting(self, now: datetime) -> bool:
        return self._connection.scalar(_due(now)) is not None

    def claim(self, now: datetime, until: datetime) -> Delivery | None:
        """Units of work that write take turns, so that nobody claims the same one."""
        seq = self._connection.scalar(_due(now))
        if seq is None:
            return None
        claimed = (
            update(table)
            .where(table.c.seq == seq)
            .values(
                state="sending",
                attempts=table.c.attempts + 1,
                due=microseconds(until),
                changed=microseconds(now),
            )
            .returning(table)
        )
        return _delivery(self._connection.execute(claimed).one())

    def settle(
        self, delivery: Delivery, answered: Answered, now: datetime, again: datetime | None
    ) -> bool:
        values: dict[str, Any] = {"said": answered.said, "changed": microseconds(now)}
        if again is None:
            values |= {"state": answered.state}
        else:
            values |= {"state": "queued", "due": microseconds(again)}
        settled = (
            update(table)
            .where(
                table.c.id == delivery.id,
                table.c.state == "sending",
                table.c.attempts == delivery.attempts,
            )
            .values(**values)
        )
        return self._connection.execute(settled).rowcount == 1

    def queue_again(self, message: str, now: datetime) -> int:
        again = (
            update(table)
            .where(table.c.message == message, table.c.state == "failed")
            .values(
                state="queued",
                attempts=0,
                due=microseconds(now),
                changed=microseconds(now),
                said="",
            )
        )
        return self._connection.execute(again).rowcount


def _due(now: datetime) -> Select[tuple[int]]:
    return (
        select(table.c.seq)
        .where(table.c.state.in_(_ON_ITS_WAY), table.c.due <= microseconds(now))
        .order_by(table.c.due, table.c.seq)
        .limit(1)
    )


def _written(one: Delivery) -> dict[str, Any]:
    return {
        "id": one.id,
        "message": one.message,
        "place": one.place,
        "channel": one.channel,
        "to": one.to,
        "state": one.state,
        "attempts": one.attempts,
        "due": microseconds(one.due),
        "said": one.said,
        "changed": microseconds(one.changed),
    }


def _delivery(row: Row[Any]) -> Delivery:
    return Delivery(
        id=row.id,
        message=row.message,
        place=row.place,
        channel=row.channel,
        to=row.to,
        state=row.state,
        attempts=row.attempts,
        due=from_microseconds(row.due),
        said=row.said,
        changed=from_microseconds(row.changed),
    )
