"""How much of an account is let out at once to a process that asks.

A process does not ask the database for each call: it is let a share of what is left, and
reserves from that. What is let out counts as spent until it comes back, so that the
processes together never hold more than there is.

1. Nothing is let out where nothing is left.
2. Else a process gets what its call needs, and beyond that an eighth of what is left, at
   least a thousandth of the limit: many draws while there is much, small ones at the end.
3. A call that needs more than is left gets it while anything is left: `over` is by how much.
   Nobody is let anything then until enough came back. So an account is never exceeded by
   more than what one call reserves.
"""

from collections.abc import Sequence

import msgspec

from changeover.metering.limits import Account

_SHARES = 8
_LEAST = 1000


class Grant(msgspec.Struct, frozen=True):
    """What is let out, and how much of it lies over the limit. 0 is nothing."""

    amount: int
    over: int = 0


NOTHING = Grant(0)


def grant(limit: int, out: int, need: int) -> Grant:
    """What a process gets of an account of which so much is spent and let out already."""
    left = limit - out
    if left <= 0:
        return NOTHING
    share = min(left, max(left // _SHARES, limit // _LEAST))
    amount = max(need, share)
    return Grant(amount, max(0, amount - left))


class Draw(msgspec.Struct, frozen=True, kw_only=True):
    """What a process asks of an account, and what it brings back at the same time."""

    account: Account
    need: int
    returned: int = 0


class MinuteAllowances:
    """Implements `ports.Allowances` for the minutes of a process that is alone.

    Of each limit one period is kept: what was let out of the one before is of no more use.
    """

    def __init__(self) -> None:
        self._out: dict[str, tuple[str, int]] = {}

    def draw(self, draws: Sequence[Draw]) -> Sequence[Grant]:
        return [self._draw(each) for each in draws]

    def _draw(self, draw: Draw) -> Grant:
        limit, period = draw.account.limit, draw.account.span.name
        kept, out = self._out.get(limit.id, (period, 0))
        if kept > period:
            # A call that began in the minute before returns what ended with it.
            return NOTHING
        out = (out if kept == period else 0) - draw.returned
        granted = grant(limit.amount, out, draw.need) if draw.need else NOTHING
        self._out[limit.id] = (period, out + granted.amount)
        return granted
