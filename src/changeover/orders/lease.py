"""A replica's leave to send to vendors, renewed by the database that all replicas share.

After Gray and Cheriton ("Leases", SOSP 1989): whoever changes the rules waits until
every replica has the change or has a lease that ran out, so a replica that hears
nothing must stop by itself, and at the right moment. That moment is counted

* from *before* the renewal was asked for, so that the replica's own end comes no
  later than the one that the database wrote down;
* on a clock that goes on while the machine sleeps, so that a process that wakes up
  does not believe that it is still before its end.

Orders bite by the wall clock. A replica whose wall clock is further from the
database's than `most_skew`, or was moved that far since it was last compared, sends
nothing either: by its clock an order would begin too late. What an exchange with
the database shows of the difference is an interval, as wide as the exchange took;
only an interval that is wholly outside counts.
"""

from typing import Protocol

import msgspec

from changeover.basics.clock import Moment, this_moment


class Terms(msgspec.Struct, frozen=True, kw_only=True):
    """How long a lease lasts, and how far a clock may be from the database's; seconds."""

    seconds: float = 10.0
    most_skew: float = 0.05


class Lease(Protocol):
    """What is asked immediately before a request is written to a vendor."""

    def lapsed(self) -> str | None:
        """Why nothing may be sent; None while the lease holds."""
        ...


class EndlessLease:
    """The lease of a process that shares its database with nobody."""

    def lapsed(self) -> str | None:
        return None


class Comparison(msgspec.Struct, frozen=True, kw_only=True):
    """The database's clock, in microseconds, read between two moments of ours."""

    before: Moment
    after: Moment
    theirs: int

    @property
    def least_skew(self) -> int:
        """How far our clock is from theirs at least, in microseconds; positive when it is ahead."""
        ahead, behind = self.before.wall - self.theirs, self.theirs - self.after.wall
        if ahead > 0:
            return ahead
        return -behind if behind > 0 else 0


_RAN_OUT = "its lease ran out: the database has not been heard for too long"


class RenewedLease:
    """A lease that must be renewed. Written by one thread, read by others."""

    def __init__(self, terms: Terms) -> None:
        self.terms = terms
        self._until = float("-inf")
        self._offset = 0.0
        self._skew = 0
        self._ended = _RAN_OUT

    def renew(self, compared: Comparison) -> None:
        """Begins anew from the moment before the exchange."""
        self._skew = compared.least_skew
        self._offset = _offset(compared.after)
        self._ended = _RAN_OUT
        self._until = compared.before.steady + self.terms.seconds

    def end(self, why: str = _RAN_OUT) -> None:
        """Ends at once, and says why until it is renewed."""
        self._ended = why
        self._until = float("-inf")

    def remaining(self, now: Moment) -> float:
        """Seconds left; not above 0 when there are none."""
        return self._until - now.steady

    def lapsed(self) -> str | None:
        return self.why_lapsed(this_moment())

    def why_lapsed(self, now: Moment) -> str | None:
        """Why nothing may be sent at this moment."""
        if now.steady >= self._until:
            return self._ended
        skew, most = self._skew / 1e6, self.terms.most_skew
        if abs(skew) > most:
            return f"its clock is {abs(skew):.2f} s {_side(skew)} the database's"
        moved = _offset(now) - self._offset
        if abs(moved) > most:
            return f"its clock was moved by {abs(moved):.2f} s"
        return None


def _offset(moment: Moment) -> float:
    return moment.wall / 1e6 - moment.steady


def _side(skew: float) -> str:
    return "ahead of" if skew > 0 else "behind"
