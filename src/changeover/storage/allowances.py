"""What processes were let out of accounts, and what calls took of it.

* An account begins with its first draw: the row without a start then holds what calls are
  recorded to have cost since the period began. Draws of one account lock that row, so they
  stand in a line; they lock accounts in one order, so that no two wait for each other.
* What a process was let counts as spent where more of it than that is not settled.
* A call settles its accounts in the transaction that records it, so once.
* A process that ended, and whose calls are all recorded, has nothing out any more (`close`).
* Minutes are settled by nobody; what is left of old ones is removed as new ones begin.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from datetime import timedelta
from typing import Any

import msgspec
from sqlalchemy import Connection, delete, select, update

from changeover.basics.instants import microseconds
from changeover.gateway.charging import spent_on
from changeover.gateway.model import CallRecord
from changeover.metering.allowance import NOTHING, Draw, Grant, grant
from changeover.metering.limits import Account, Subject
from changeover.metering.money import DOLLAR
from changeover.storage.insertion import insert_new
from changeover.storage.schema import allowance, call
from changeover.storage.spending import summed

Covers = Callable[[str], Iterable[str]]
"""The parties that a party's limit covers: itself and all that is part of it."""

_BEFORE = ""
_KEPT = timedelta(hours=1)
_OF: dict[Subject, str] = {"key": "key", "service": "service", "party": "party"}


class Standing(msgspec.Struct, frozen=True):
    """What of an account is settled, and what is let out beside it."""

    settled: int
    out: int


class SqlAllowances:
    """The accounts in one unit of work."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def draw(self, draws: Sequence[Draw], start: str, covers: Covers) -> list[Grant]:
        """What is let out to a process for each draw, in their order."""
        granted: dict[str, Grant] = {}
        for each in sorted(draws, key=lambda draw: draw.account.id):
            granted[each.account.id] = self._draw(each, start, covers)
        return [granted[each.account.id] for each in draws]

    def settle(self, calls: Iterable[CallRecord]) -> None:
        """What newly recorded calls took of their accounts."""
        took: Counter[tuple[str, str]] = Counter()
        for made in calls:
            if made.intent.reserve is not None:
                spent = spent_on(made)
                amount = made.intent.reserve.money if spent.cost is None else spent.cost
                for account in made.intent.reserve.accounts:
                    took[account, made.intent.start] += amount
        # An account that is gone, as its limit was lifted, begins with what is recorded.
        begun = self._begun(account for account, _ in took)
        for (account, start), amount in sorted(took.items()):
            if account in begun:
                self._settle(account, start, amount)

    def close(self, starts: Iterable[str]) -> None:
        """Takes back what processes that ended did not spend, once their calls are recorded."""
        ended = allowance.c.start.in_(list(starts))
        self._connection.execute(
            update(allowance)
            .where(ended, allowance.c.drawn != allowance.c.settled)
            .values(drawn=allowance.c.settled)
        )

    def standing(self, account: Account, covers: Covers) -> Standing:
        """How an account stands; one that nobody drew on, by what is recorded."""
        rows = self._rows(account.id)
        if _BEFORE not in rows:
            return Standing(self._recorded(account, covers), 0)
        settled = sum(one for _, one in rows.values())
        return Standing(settled, _taken(rows) - settled)

    def _draw(self, draw: Draw, start: str, covers: Covers) -> Grant:
        account = draw.account
        if draw.need:
            self._begin(account, covers)
        elif not self._begun([account.id]):
            return NOTHING
        locked = select(allowance).where(
            allowance.c.account == account.id, allowance.c.start == _BEFORE
        )
        self._connection.execute(locked.with_for_update())
        rows = self._rows(account.id)
        drawn, settled = rows.get(start, (0, 0))
        rows[start] = (max(drawn - draw.returned, 0), settled)
        found = NOTHING
        if draw.need:
            found = grant(account.limit.amount, _taken(rows), draw.need)
        self._set_drawn(account.id, start, rows[start][0] + found.amount)
        return found

    def _begun(self, accounts: Iterable[str]) -> set[str]:
        """Those of the accounts that somebody drew on."""
        of = allowance.c.account.in_(list(accounts))
        rows = select(allowance.c.account).where(of, allowance.c.start == _BEFORE)
        return set(self._connection.scalars(rows))

    def _begin(self, account: Account, covers: Covers) -> None:
        if self._begun([account.id]):
            return
        spent = self._recorded(account, covers)
        row = {"account": account.id, "start": _BEFORE, "drawn": spent, "settled": spent}
        if insert_new(self._connection, allowance, row) and account.limit.period == "minute":
            self._forget(account)

    def _recorded(self, account: Account, covers: Covers) -> int:
        limit, span = account.limit, account.span
        if limit.measure != "money":
            return 0
        names = covers(limit.named) if limit.subject == "party" else (limit.named,)
        since, until = microseconds(span.began), microseconds(span.until)
        of = call.c[_OF[limit.subject]].in_(list(names))
        sums = select(*summed()).where(of, call.c.at >= since, call.c.at < until)
        whole, rest = self._connection.execute(sums).one()
        return int(whole or 0) * DOLLAR + int(rest or 0)

    def _forget(self, account: Account) -> None:
        """Removes the minutes of the limit that are long over."""
        first = (account.span.began - _KEPT).strftime("%Y-%m-%dT%H:%M")
        of = allowance.c.account.startswith(f"{account.limit.id}/", autoescape=True)
        old = allowance.c.account < f"{account.limit.id}/{first}"
        self._connection.execute(delete(allowance).where(of, old))

    def _rows(self, account: str) -> dict[str, tuple[int, int]]:
        rows = select(allowance).where(allowance.c.account == account)
        return {row.start: (row.drawn, row.settled) for row in self._connection.execute(rows)}

    def _set_drawn(self, account: str, start: str, drawn: int) -> None:
        row = {"account": account, "start": start, "drawn": drawn, "settled": 0}
        if insert_new(self._connection, allowance, row) is None:
            self._change(account, start, drawn=drawn)

    def _settle(self, account: str, start: str, amount: int) -> None:
        row = {"account": account, "start": start, "drawn": 0, "settled": amount}
        if insert_new(self._connection, allowance, row) is None:
            self._change(account, start, settled=allowance.c.settled + amount)

    def _change(self, account: str, start: str, **values: Any) -> None:
        of = (allowance.c.account == account, allowance.c.start == start)
        self._connection.execute(update(allowance).where(*of).values(**values))


def _taken(rows: dict[str, tuple[int, int]]) -> int:
    return sum(max(drawn, settled) for drawn, settled in rows.values())
