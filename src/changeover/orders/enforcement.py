"""When an act is in force: on every replica, and not before.

An act has two instants. In law it begins when its text says (its *legal* instant).
It is *in force* when every replica has confirmed the revision that holds it, or
that replica's lease has run out. A replica that joins later begins with what is
committed, and one that left sends nothing any more. So an act is settled when
nobody is left who might decide without it. If its legal instant is later than
that, it is in force at the legal instant, by every replica's clock.

Both instants are kept, and the calls between them are listed (`between.py`).
"""

from collections.abc import Iterable, Sequence
from typing import Literal

import msgspec

MARGIN = 20_000
"""Microseconds by which two clocks may come apart while a lease lasts."""

State = Literal["starting", "serving", "leaving", "gone"]
How = Literal["confirmed", "lease-ran-out", "left"]


class Renewal(msgspec.Struct, frozen=True, kw_only=True):
    """What a replica tells when it asks for its lease.

    `lease` is in microseconds, `skew` how far its clock was found from the database's
    (0 while it is not known to differ), `revision` what it has loaded.
    """

    start: str
    host: str
    pid: int
    address: str
    version: str
    lease: int
    revision: int
    skew: int
    state: State


class Renewed(msgspec.Struct, frozen=True, kw_only=True):
    """The database's clock at the renewal, and the revision that must be loaded."""

    now: int
    revision: int


class Replica(msgspec.Struct, frozen=True, kw_only=True):
    """A process that serves or served. Instants are microseconds on the database's clock."""

    start: str
    host: str
    pid: int
    address: str
    version: str
    began: int
    renewed: int
    lease_until: int
    revision: int
    skew: int
    state: State

    def settled(self, revision: int, now: int) -> "Confirmed | None":
        """How it came about that it decides by this revision or not at all; None if it may not."""
        if self.state == "gone":
            return self._by("left", self.lease_until)
        if self.revision >= revision:
            return self._by("confirmed", self.renewed)
        if self.lease_until + MARGIN < now:
            return self._by("lease-ran-out", self.lease_until)
        return None

    def _by(self, how: How, at: int) -> "Confirmed":
        return Confirmed(
            start=self.start, host=self.host, pid=self.pid, address=self.address, how=how, at=at
        )


class Confirmed(msgspec.Struct, frozen=True, kw_only=True):
    """That a replica decides by a revision, or not at all, since `at` (database's clock)."""

    start: str
    host: str
    pid: int
    address: str
    how: How
    at: int


class Enforcement(msgspec.Struct, frozen=True, kw_only=True):
    """An act on its way to every replica.

    `legal` is on the organisation's clock, `committed` and `settled` on the
    database's; `settled` is None until nobody is left who might decide without it.
    """

    revision: int
    kind: str
    key: str
    legal: int
    committed: int
    settled: int | None = None
    replicas: tuple[Confirmed, ...] = ()

    @property
    def in_force(self) -> int | None:
        """When it bound in law and on every replica."""
        return None if self.settled is None else max(self.settled, self.legal)


def settled(
    replicas: Iterable[Replica], revision: int, now: int, since: int
) -> Sequence[Confirmed] | None:
    """How each replica that lived at `since` came to decide by the revision; None if one may not.

    Those that had left or lapsed before are not told of: they had no part in it.
    """
    found: list[Confirmed] = []
    for replica in replicas:
        how = replica.settled(revision, now)
        if how is None:
            return None
        if how.how == "confirmed" or how.at >= since:
            found.append(how)
    return found
