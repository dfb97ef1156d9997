"""The limits on record."""

from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import Connection, delete, func, insert, select

from changeover.basics.instants import from_microseconds, microseconds
from changeover.metering.limits import Limit
from changeover.storage.schema import allowance, spending_limit


class SqlLimits:
    """Implements `metering.ports.Limits`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def standing(self) -> list[Limit]:
        table = spending_limit.c
        last = select(func.max(table.number)).group_by(
            table.subject, table.named, table.measure, table.period
        )
        rows = self._connection.execute(
            select(spending_limit).where(table.number.in_(last), table.amount.is_not(None))
        )
        return sorted((_limit(row._mapping) for row in rows), key=lambda limit: limit.id)  # noqa: SLF001 - its public name

    def set(self, limit: Limit) -> None:
        self._add(limit, limit.amount, limit.set_by, limit.set_at)

    def lift(self, limit: Limit, *, by: str, at: datetime) -> None:
        self._add(limit, None, by, at)
        # Set again, it counts anew what is recorded of the period.
        accounts = allowance.c.account.startswith(f"{limit.id}/", autoescape=True)
        self._connection.execute(delete(allowance).where(accounts))

    def _add(self, limit: Limit, amount: int | None, by: str, at: datetime) -> None:
        last = self._connection.scalar(select(func.max(spending_limit.c.number)))
        self._connection.execute(
            insert(spending_limit).values(
                number=(last or 0) + 1,
                subject=limit.subject,
                named=limit.named,
                measure=limit.measure,
                period=limit.period,
                amount=amount,
                set_by=by,
                set_at=microseconds(at),
            )
        )


def _limit(row: Any) -> Limit:
    given = {name: row[name] for name in Limit.__struct_fields__}
    return msgspec.convert(given | {"set_at": from_microseconds(row["set_at"])}, Limit)
