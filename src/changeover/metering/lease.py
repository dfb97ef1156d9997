"""What a process was let of an account, in its memory (rules 2, 4 and 5 of `meter.py`)."""

from datetime import datetime, timedelta

from changeover.metering.allowance import Draw, Grant
from changeover.metering.limits import Account, Limit

_AGAIN = timedelta(seconds=1)


class Lease:
    """`left` may be reserved; it is below 0 where a call took more than its reserve.

    `over` is what was let out over the limit and is still with calls, and `owed` what of it
    came back and is to be returned.
    """

    def __init__(self, account: Account, now: datetime) -> None:
        self.account = account
        self.left = 0
        self.empty_until: datetime | None = None
        self._over = 0
        self._owed = 0
        self._open = 0
        self._used = now
        self._asked: Draw | None = None
        self._turned_in = 0

    def covers(self, limit: Limit, at: datetime) -> bool:
        """Whether it is of this limit, in the period that an instant lies in."""
        account = self.account
        return account.limit is limit and account.span.began <= at < account.span.until

    def touch(self, now: datetime) -> None:
        """A call needs it."""
        self._used = now

    def take(self, amount: int, now: datetime) -> None:
        """Reserves; whoever calls has seen that so much is left."""
        self.left -= amount
        self._open += 1
        self._used = now

    def settle(self, freed: int) -> None:
        """A call is over: frees what it did not need, what lay over the limit first."""
        self._open -= 1
        self.left += freed
        back = min(self._over, max(self.left, 0))
        self._over -= back
        self._owed += back
        self.left -= back
        if self.held:
            self.empty_until = None

    @property
    def held(self) -> int:
        """What can be turned in; below 0 where calls took more than they had reserved."""
        return self.left + self._owed

    def begin_draw(self, need: int) -> Draw:
        """Turns in all that is left and asks anew; ends with `drew` or `undo`."""
        returned, self._turned_in = self.held, self._owed
        self.left, self._owed = 0, 0
        self._asked = Draw(account=self.account, need=need, returned=returned)
        return self._asked

    def drew(self, draw: Draw, granted: Grant, now: datetime | None) -> None:
        """Takes note of the answer; what was freed meanwhile is there beside it."""
        self._asked = None
        self.left += granted.amount
        self._over += granted.over
        empty = now is not None and draw.need and not granted.amount
        self.empty_until = now + _AGAIN if now is not None and empty else None

    def undo(self, draw: Draw) -> None:
        """The draw was not answered: what was turned in is here, and owed as far as it was."""
        if self._asked is draw:
            self._asked = None
            self.left += draw.returned - self._turned_in
            self._owed += self._turned_in

    def idle(self, since: datetime) -> bool:
        """Whether something is to be given back: over the limit, or not needed since then."""
        return bool(self._owed) or (bool(self.left) and self._used <= since)

    def done(self, since: datetime) -> bool:
        """Whether nothing depends on it any more."""
        return not self._open and not self.held and self._used <= since
