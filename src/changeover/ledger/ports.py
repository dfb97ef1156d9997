"""What the ledger needs from outside: a place that keeps entries and checkpoints."""

from collections.abc import Collection, Iterator, Sequence
from typing import Protocol

import msgspec

from changeover.ledger.entries import Entry


class StoredEntry(msgspec.Struct, frozen=True, kw_only=True):
    """An entry as stored: its index from 0, kind, canonical bytes and RFC 6962 leaf hash."""

    index: int
    kind: str
    body: bytes
    leaf: bytes


class StoredCheckpoint(msgspec.Struct, frozen=True, kw_only=True):
    """A signed note over the tree of the first `size` entries."""

    size: int
    root: bytes
    note: bytes


class LedgerStore(Protocol):
    """Entries and checkpoints, appended in one transaction with what they tell of."""

    def tree_state(self) -> tuple[int, tuple[bytes, ...]]:
        """The tree's size and the hashes of its full subtrees, largest first."""
        ...

    def append(
        self,
        entries: Sequence[StoredEntry],
        subtrees: tuple[bytes, ...],
        checkpoint: StoredCheckpoint,
    ) -> None:
        """Adds entries that continue the tree, its new subtrees and a checkpoint."""
        ...

    def entries(self, start: int = 0, kinds: Collection[str] = ()) -> Iterator[StoredEntry]:
        """Entries from index `start`, of some kinds or of all, in order, in bounded memory."""
        ...

    def calls(self, start: int, stop: int) -> list[tuple[bytes, bytes]]:
        """Body and leaf of what stands under the kind `call` from `start` up to `stop`, in order.

        For verifying: as they stand in the columns, of whatever type.
        """
        ...

    def leaves(self, start: int, stop: int) -> list[bytes]:
        """The leaf hashes from `start` up to `stop`, in order."""
        ...

    def checkpoints(self) -> Iterator[StoredCheckpoint]:
        """All checkpoints by size."""
        ...


class LedgerQueue(Protocol):
    """Entries that wait for the sequencer, in the order in which they were queued."""

    def add(self, entries: Sequence[Entry]) -> None:
        """Queues entries; they wait once the unit of work commits."""
        ...

    def empty(self) -> bool:
        """Whether nothing waits."""
        ...

    def take(self, most: int) -> list[Entry]:
        """Takes out those that wait longest."""
        ...

    def count(self) -> int:
        """How many wait."""
        ...

    def waiting(self) -> Iterator[Entry]:
        """Those that wait, in order; they are left there."""
        ...
