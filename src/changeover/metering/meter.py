"""Reserving before a call and settling after it: the rules of limits.

A call may be about to cost more than is left, and nobody knows what it costs before it is
over. So, for each account that it falls under (`limits.py`):

1. *Reserve.* Before anything is journalled or sent, what the call may take at most is set
   aside: one request; the input as estimated and the longest answer that was asked for; the
   price of both at the dearest rates. A call gets all of its accounts or none.
2. *Lease.* A process reserves from what it was let (`allowance.py`), in memory. Only where
   that does not cover the call does it turn in what it has and ask anew, once for all calls
   that wait. What nobody has left is not asked for again within a second.
3. *Refuse.* What is not covered is refused before it was journalled: nothing was sent.
4. *Settle.* When the call is over, what it took by the vendor's counts is kept and the rest is
   free again, whatever else is under way. What was never written took nothing. Where no
   counts came, all that was reserved is taken. A call that took more than its reserve takes
   it from what is left.
5. *Over the limit.* What was let out over it comes back first, before anything is reserved.
6. *Record.* Money that was taken is recorded with its call, in the transaction that records
   the call: once, however often the journal is read. What a process was let and is not
   recorded counts as spent until the process gives it back, ends, or its journal was read.
7. *Ends.* An account's leases end with its period. A process gives back what it did not need
   for a while.
8. *Changes.* When limits change, a process gives back all that it was let and asks anew.

Minutes need no memory: they are recorded nowhere, and a process that is killed loses what it
was let of the minute.
"""

import asyncio
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Protocol

from changeover.metering.allowance import Draw, Grant
from changeover.metering.lease import Lease
from changeover.metering.limits import Account, Limit, span_of
from changeover.metering.ports import Allowances
from changeover.metering.taking import Asking, OverLimitError, Subjects, Taking, UnpricedError

_IDLE = timedelta(seconds=5)
_TRIES = 3


class Limited(Protocol):
    """The limits that stand."""

    @property
    def replaced(self) -> int:
        """How often they were replaced by others."""
        ...

    @property
    def any(self) -> bool:
        """Whether there is one."""
        ...

    def over(self, subjects: Subjects) -> Sequence[Limit]:
        """Those of any of the subjects."""
        ...


class Reservation:
    """What is set aside for a call, until it is settled; settling it again does nothing."""

    def __init__(self, taken: Sequence[tuple[Lease, int]] = ()) -> None:
        self._taken = taken
        money = [each for each in taken if each[0].account.limit.measure == "money"]
        self.accounts = tuple(lease.account.id for lease, _ in money)
        self.money = money[0][1] if money else 0

    def settle(self, took: Taking) -> None:
        """Keeps what the call took and frees the rest (rule 4)."""
        for lease, reserved in self._taken:
            amount = took.of(lease.account.limit.measure)
            lease.settle(0 if amount is None else reserved - amount)
        self._taken = ()


class Meter:
    """Reserves for the calls of one process.

    `near` lets out the minutes of a process that is alone: in memory, without a wait.
    """

    def __init__(
        self, limits: Limited, allowances: Allowances, near: Allowances | None = None
    ) -> None:
        self._limits = limits
        self._allowances = allowances
        self._near = near
        self._leases: dict[str, Lease] = {}
        # Those of the periods under way, by the limit itself: what almost every call needs.
        self._current: dict[int, Lease] = {}
        self._drawing = asyncio.Lock()
        self._seen = limits.replaced

    @property
    def limited(self) -> bool:
        """Whether there is any limit."""
        return self._limits.any

    async def reserve(self, asking: Asking) -> Reservation:
        """Rules 1 to 3; raises `OverLimitError` or `UnpricedError`."""
        standing = self._limits.over(asking.subjects)
        if not standing:
            return Reservation()
        needs = [self._need(limit, asking) for limit in standing]
        if self._seen == self._limits.replaced and _covered(needs):
            return _taken(needs, asking.now)
        covering = asyncio.ensure_future(self._cover(needs, asking.now))
        try:
            # A caller may leave while the database is asked; its answer must be heard all the same.
            return await asyncio.shield(covering)
        except asyncio.CancelledError:
            covering.add_done_callback(_free)
            raise

    async def tidy(self, now: datetime) -> None:
        """Rule 7: gives back what is not needed, and forgets what is over."""
        async with self._drawing:
            await self._return([each for each in self._leases.values() if each.idle(now - _IDLE)])
            done = {key: one for key, one in self._leases.items() if one.done(now - _IDLE)}
            for key, lease in done.items():
                del self._leases[key]
                self._current.pop(id(lease.account.limit), None)

    async def give_back(self) -> None:
        """Gives back all that no call under way has reserved."""
        async with self._drawing:
            await self._return([lease for lease in self._leases.values() if lease.held])

    def _need(self, limit: Limit, asking: Asking) -> tuple[Lease, int]:
        amount = asking.most.of(limit.measure)
        if amount is None:
            raise UnpricedError(limit)
        at = asking.now if limit.period == "minute" else asking.at
        lease = self._current.get(id(limit))
        if lease is None or not lease.covers(limit, at):
            account = Account(limit, span_of(limit.period, at, asking.zone))
            lease = self._leases.setdefault(account.id, Lease(account, asking.now))
            lease.account = account
            self._current[id(limit)] = lease
        lease.touch(asking.now)
        return lease, amount

    async def _cover(self, needs: Sequence[tuple[Lease, int]], now: datetime) -> Reservation:
        """Rule 2, and rule 8 before it.

        What covered the call may be reserved by others while it waits for the rest.
        """
        async with self._drawing:
            if self._seen != self._limits.replaced:
                seen = self._limits.replaced
                await self._return([lease for lease in self._leases.values() if lease.held])
                self._seen = seen
            for _ in range(_TRIES):
                lacking = [(lease, amount) for lease, amount in needs if lease.left < amount]
                if not lacking:
                    break
                for lease, _amount in lacking:
                    if lease.empty_until is not None and now < lease.empty_until:
                        raise OverLimitError(lease.account)
                await self._draw([(one, one.begin_draw(amount)) for one, amount in lacking], now)
            for lease, amount in needs:
                if lease.left < amount:
                    raise OverLimitError(lease.account)
            # No wait stands between here and what was seen to be left.
            return _taken(needs, now)

    async def _return(self, leases: Sequence[Lease]) -> None:
        await self._draw([(lease, lease.begin_draw(0)) for lease in leases], None)

    async def _draw(self, draws: Sequence[tuple[Lease, Draw]], now: datetime | None) -> None:
        near: list[tuple[Lease, Draw]] = []
        far: list[tuple[Lease, Draw]] = []
        for each in draws:
            minute = each[0].account.limit.period == "minute"
            (near if minute and self._near is not None else far).append(each)
        try:
            if self._near is not None:
                _drew(near, self._near.draw([draw for _, draw in near]), now)
            if far:
                asked = [draw for _, draw in far]
                _drew(far, await asyncio.to_thread(self._allowances.draw, asked), now)
        finally:
            for lease, draw in draws:
                lease.undo(draw)


def _covered(needs: Sequence[tuple[Lease, int]]) -> bool:
    return all(lease.left >= amount for lease, amount in needs)


def _taken(needs: Sequence[tuple[Lease, int]], now: datetime) -> Reservation:
    for lease, amount in needs:
        lease.take(amount, now)
    return Reservation(needs)


def _free(covering: "asyncio.Future[Reservation]") -> None:
    """Frees what was reserved for a caller that has left."""
    if not covering.cancelled() and covering.exception() is None:
        covering.result().settle(Taking(requests=0, tokens=0, money=0))


def _drew(
    draws: Sequence[tuple[Lease, Draw]], granted: Sequence[Grant], now: datetime | None
) -> None:
    for (lease, draw), one in zip(draws, granted, strict=True):
        lease.drew(draw, one, now)
