"""Waiting until an act is in force on every replica (`enforcement.py`), and keeping when it was.

The act is committed before anybody waits: what goes wrong here leaves it recorded,
and it comes into force without being watched. Who asks later settles it then; the
instant that is kept is then the one at which it was found, which is not too early.
"""

import time
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Any, Protocol

import msgspec
import structlog

from changeover.basics.clock import Clock, this_moment
from changeover.basics.errors import ChangeoverError
from changeover.basics.instants import from_microseconds
from changeover.orders.enforcement import Confirmed, Enforcement, settled
from changeover.orders.ports import Enforcements, Replicas

_LOOK_SECONDS = 0.005
_ASKED_SECONDS = 1.0
_log = structlog.stdlib.get_logger()


class EnforcingWork(Protocol):
    """A unit of work in which it is kept when an act came into force."""

    @property
    def enforcements(self) -> Enforcements: ...

    def tell(self, kind: str, at: datetime, fields: Mapping[str, Any]) -> None: ...


class EnforcingWorks(Protocol):
    """Opens units of work on enforcements."""

    def begin(self) -> AbstractContextManager[EnforcingWork]: ...

    def reading(self) -> AbstractContextManager[EnforcingWork]: ...


class Enforcer:
    """Settles acts. `replicas` is None where one process decides alone.

    `longest` is how many seconds whoever acts waits at most: a lease, and some.
    """

    def __init__(
        self, works: EnforcingWorks, replicas: Replicas | None, clock: Clock, *, longest: float
    ) -> None:
        self._works = works
        self._replicas = replicas
        self._clock = clock
        self._longest = longest

    def settle(self, acts: Sequence[Enforcement]) -> tuple[Enforcement, ...]:
        """Returns when acts of one revision bind on every replica, as far as that is seen.

        Those are unsettled of which it was not to be seen.
        """
        return self._settle(acts, self._longest)

    def of(self, key: str) -> Enforcement | None:
        """What is known of the last act on something; what was not settled is looked for now."""
        with self._works.reading() as work:
            found = work.enforcements.last(key)
        if found is None or found.settled is not None:
            return found
        return self._settle((found,), _ASKED_SECONDS)[0]

    def recent(self, limit: int) -> tuple[Enforcement, ...]:
        """The last acts, the newest first, as far as it is known when each was in force."""
        with self._works.reading() as work:
            found = work.enforcements.recent(limit)
        return found if self._replicas is not None else tuple(map(_alone, found))

    def _settle(self, acts: Sequence[Enforcement], longest: float) -> tuple[Enforcement, ...]:
        if self._replicas is None:
            return tuple(map(_alone, acts))
        if not acts:
            return ()
        try:
            found = self._wait(self._replicas, acts[0], longest)
            return tuple(acts) if found is None else self._keep(acts, *found)
        except ChangeoverError as error:
            _log.warning("enforcement_not_seen", revision=acts[0].revision, why=error.code)
            return tuple(acts)

    def _wait(
        self, replicas: Replicas, act: Enforcement, longest: float
    ) -> tuple[int, tuple[Confirmed, ...]] | None:
        until = this_moment().steady + longest
        while this_moment().steady < until:
            now, found = replicas.all()
            how = settled(found, act.revision, now, act.committed)
            if how is not None:
                return now, tuple(how)
            time.sleep(_LOOK_SECONDS)
        return None

    def _keep(
        self, acts: Sequence[Enforcement], at: int, replicas: tuple[Confirmed, ...]
    ) -> tuple[Enforcement, ...]:
        with self._works.begin() as work:
            return tuple(self._kept(work, act, at, replicas) for act in acts)

    def _kept(
        self, work: EnforcingWork, act: Enforcement, at: int, replicas: tuple[Confirmed, ...]
    ) -> Enforcement:
        kept = msgspec.structs.replace(act, settled=at, replicas=replicas)
        if not work.enforcements.settle(kept):
            # Somebody else saw it first.
            return work.enforcements.last(act.key) or kept
        fields = {
            "act": act.kind,
            "key": act.key,
            "legal": from_microseconds(act.legal),
            "in_force": from_microseconds(kept.in_force or at),
            "replicas": [msgspec.structs.asdict(replica) for replica in replicas],
        }
        work.tell("in-force", self._clock.now(), fields)
        return kept


def _alone(enforcement: Enforcement) -> Enforcement:
    """The process that committed it has grown its rules by it, and there is no other."""
    return msgspec.structs.replace(enforcement, settled=enforcement.committed)
