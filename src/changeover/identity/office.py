"""Keys as officers handle them: kept, told to the ledger, and in every gateway's ring at once.

An act is in force like an order's: on every replica when it returns.

What is read for the ring before another's commit never replaces what is read after
it, so that a revoked key stays revoked.
"""

import threading
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Any, Protocol

from changeover.basics.clock import Clock
from changeover.directory.model import Directory
from changeover.identity.keys import KeyRing
from changeover.identity.model import Key, KeyRequest
from changeover.identity.ports import Keys
from changeover.identity.usecases import (
    IssuedKey,
    RotatedKey,
    Rotation,
    create,
    list_keys,
    revoke,
    rotate,
)

Settle = Callable[[Sequence[Any]], object]


class KeyWork(Protocol):
    """A unit of work on keys; what it tells commits with it."""

    @property
    def keys(self) -> Keys: ...

    def tell(self, kind: str, at: datetime, fields: Mapping[str, Any]) -> None: ...

    def enact(self, kind: str, keys: Sequence[str], legal: datetime) -> Sequence[Any]:
        """Counts it as a change that every replica must know; the last thing done."""
        ...


class KeyWorks(Protocol):
    """Opens units of work on keys."""

    def begin(self) -> AbstractContextManager[KeyWork]: ...

    def reading(self) -> AbstractContextManager[KeyWork]: ...


class KeyOffice:
    """Creates, lists, rotates and revokes keys. Each act is in force when it returns.

    `settle` waits for the acts that `enact` gave to be in force elsewhere.
    """

    def __init__(
        self, works: KeyWorks, ring: KeyRing, clock: Clock, settle: Settle | None = None
    ) -> None:
        self._works = works
        self._ring = ring
        self._clock = clock
        self._settle = settle
        self._loading = threading.Lock()

    def load(self) -> None:
        """Fills the ring from what is kept."""
        with self._loading:
            self._ring.replace(self.all())

    def all(self, service: str | None = None) -> list[Key]:
        """Every key by creation, revoked ones too; those of one service if it is named."""
        with self._works.reading() as work:
            return list_keys(work.keys, service)

    def create(self, directory: Directory, request: KeyRequest, *, by: str) -> IssuedKey:
        """A new key; its secret is in what this returns and nowhere else."""
        now = self._clock.now()
        with self._works.begin() as work:
            issued = create(work.keys, directory, request, now=now, by=by)
            key = issued.key
            told = {"prefix": key.prefix, "service": key.service, "by": by}
            work.tell("key-created", now, told)
            enacted = work.enact("key", (key.prefix,), now)
        self._bring_into_force(enacted)
        return issued

    def rotate(self, rotation: Rotation, *, by: str) -> RotatedKey:
        """A new key in another's place; both work until the overlap ends."""
        now = self._clock.now()
        with self._works.begin() as work:
            rotated = rotate(work.keys, rotation, now=now, by=by)
            new, old = rotated.issued.key, rotated.old
            told = {
                "prefix": new.prefix,
                "replaces": old.prefix,
                "until": old.expires,
                "service": new.service,
                "by": by,
            }
            work.tell("key-rotated", now, told)
            enacted = work.enact("key", (new.prefix, old.prefix), now)
        self._bring_into_force(enacted)
        return rotated

    def revoke(self, named: str, *, by: str) -> Key:
        """Revokes a key by its prefix; `NotFoundError`."""
        now = self._clock.now()
        with self._works.begin() as work:
            key = revoke(work.keys, named, now=now)
            told = {"prefix": key.prefix, "service": key.service, "by": by}
            work.tell("key-revoked", now, told)
            enacted = work.enact("key", (key.prefix,), now)
        self._bring_into_force(enacted)
        return key

    def _bring_into_force(self, enacted: Sequence[Any]) -> None:
        self.load()
        if self._settle is not None:
            self._settle(enacted)
