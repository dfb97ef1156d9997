"""What calls cost, from the calls that are recorded.

A sum of trillionths of a dollar may be over what 64 bits hold, so whole dollars and the rest
are added up apart; both sums are exact on either database.
"""

from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import Connection, func, select

from changeover.basics.instants import microseconds
from changeover.metering.model import CostLine
from changeover.metering.money import DOLLAR
from changeover.storage.schema import call

_OF = (
    call.c.party,
    call.c.service,
    call.c.maker,
    call.c.host,
    call.c.model,
    call.c.route,
    call.c.stand_in,
)
_TOKENS = (
    "input_tokens",
    "cached_tokens",
    "cache_written_tokens",
    "output_tokens",
    "reasoning_tokens",
)


class SqlSpending:
    """Implements `metering.ports.Spending`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def costs(self, since: datetime, until: datetime) -> list[CostLine]:
        """What each service's calls on each route cost that began in [since, until)."""
        # Calls that were recorded before costs were kept say nothing of theirs.
        basis = func.coalesce(call.c.cost_basis, "uncounted")
        whole, rest = summed()
        reserved = basis == "reserved"
        rows = self._connection.execute(
            select(
                *_OF,
                func.count().label("calls"),
                func.count().filter(basis.in_(("unpriced", "uncounted"))).label("unknown"),
                *(func.coalesce(func.sum(call.c[name]), 0).label(name) for name in _TOKENS),
                whole.label("whole_cost"),
                rest.label("rest_cost"),
                whole.filter(reserved).label("whole_reserved"),
                rest.filter(reserved).label("rest_reserved"),
            )
            .where(
                call.c.at >= microseconds(since),
                call.c.at < microseconds(until),
                call.c.result != "refused",
            )
            .group_by(*_OF)
            .order_by(*_OF)
        )
        return [_line(row._mapping) for row in rows]  # noqa: SLF001 - its public name


def summed() -> tuple[Any, Any]:
    """The sums of calls' whole dollars and of what is left of them."""
    return func.sum(call.c.cost // DOLLAR), func.sum(call.c.cost % DOLLAR)


def _line(row: Any) -> CostLine:
    """A row with every count whole: PostgreSQL's sums are decimals."""

    def total(name: str) -> int:
        return int(row[f"whole_{name}"] or 0) * DOLLAR + int(row[f"rest_{name}"] or 0)

    given = {name: row[name] for name in CostLine.__struct_fields__ if name in row}
    counts = {name: int(row[name]) for name in _TOKENS}
    totals = {name: total(name) for name in ("cost", "reserved")}
    return msgspec.convert(given | counts | totals, CostLine)
