"""What translation needs from outside: a place to keep it, and readers of documents.

Models are asked through `chat.ports.Models`, which every question of a person's goes through.
"""

from collections.abc import Collection, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Protocol

import msgspec

from changeover.chat.ports import Alive
from changeover.ledger.ports import LedgerQueue
from changeover.translation.model import Counts, Job, Segment


class Due(msgspec.Struct, frozen=True):
    """A translation whose time is over: its owner removed it, or its party's rule says so."""

    job: str
    by_owner: bool


class Jobs(Protocol):
    """Translations with their originals and segments."""

    def add(self, job: Job, original: bytes, segments: Sequence[Segment]) -> None:
        """Keeps a new one."""
        ...

    def get(self, job: str, *, lock: bool = False) -> Job:
        """The translation; `NotFoundError`. One that is locked is this work's to its end."""
        ...

    def of(self, account: str) -> list[tuple[Job, Counts]]:
        """An account's that are not removed, the last changed first."""
        ...

    def removed_of(self, account: str) -> list[Job]:
        """An account's that its owner removed, the last removed first."""
        ...

    def original(self, job: str) -> bytes:
        """What was given to be translated."""
        ...

    def segments(self, job: str, *, after: int = -1) -> list[Segment]:
        """Its segments in order: those that changed after a version of it."""
        ...

    def counts(self, job: str) -> Counts:
        """How many of its segments are in which state."""
        ...

    def waiting(self, job: str, most: int) -> list[Segment]:
        """The first of its segments that wait."""
        ...

    def some(self, job: str, numbers: Collection[int]) -> list[Segment]:
        """Segments by their numbers, in order."""
        ...

    def put(self, job: Job, changed: Sequence[Segment] = ()) -> None:
        """Keeps it as it is now, and the segments that changed."""
        ...

    def running(self) -> list[Job]:
        """Those of all people that are `running`."""
        ...

    def parties(self) -> list[str]:
        """The parties whose people have translations."""
        ...

    def due(
        self, party: str, *, removed_before: datetime, changed_before: datetime | None, most: int
    ) -> list[Due]:
        """Those of a party's people that were removed or last changed before; none that runs."""
        ...

    def remove(self, job: str) -> int:
        """Removes it for good, and says how many segments it had."""
        ...


class JobWork(Protocol):
    """One unit of work."""

    @property
    def translations(self) -> Jobs: ...

    @property
    def queue(self) -> LedgerQueue: ...

    @property
    def alive(self) -> Alive: ...


class JobStore(Protocol):
    """Opens units of work. They block: never on the event loop's thread."""

    def begin(self, *, alone: bool) -> AbstractContextManager[JobWork]: ...

    def reading(self) -> AbstractContextManager[JobWork]: ...
