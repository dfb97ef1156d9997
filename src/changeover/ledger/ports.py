"""What the ledger needs from outside: a place that keeps entries and checkpoints."""

from collections.abc import Iterator, Sequence
from typing import Protocol

import msgspec


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

    def entries(self, start: int = 0) -> Iterator[StoredEntry]:
        """Entries from index `start`, in order, read in bounded memory."""
        ...

    def checkpoints(self) -> Iterator[StoredCheckpoint]:
        """All checkpoints by size."""
        ...
