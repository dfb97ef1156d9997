"""A tree whose every full node is at hand, in files without a name: for proofs of a long ledger.

Level 0 holds the leaf hashes, level n the nodes over 2^n leaves, one after the other. Memory
stays small whatever the size; the files take 64 bytes a leaf, and end with the tree.
"""

import tempfile
from types import TracebackType
from typing import IO, Self

from changeover.ledger.tree import (
    EMPTY_ROOT,
    HASH_SIZE,
    consistency_path,
    inclusion_path,
    node_hash,
    split,
)


class SpooledTree:
    """Grows by leaves first; then gives proofs for any of its sizes. Use it in a `with` block."""

    def __init__(self) -> None:
        self.size = 0
        self._levels: list[IO[bytes]] = []
        self._last: list[bytes] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for file in self._levels:
            file.close()

    def add(self, leaf: bytes) -> None:
        """Appends one leaf hash; before anything is asked."""
        node, level, number = leaf, 0, self.size
        while True:
            self._write(level, node)
            if not number & 1:
                break
            node = node_hash(self._before, node)
            level, number = level + 1, number >> 1
        self.size += 1

    def root(self, size: int) -> bytes:
        """The root over the first `size` leaves."""
        return self.root_of(0, size) if size else EMPTY_ROOT

    def subtrees(self, size: int) -> list[bytes]:
        """The full subtrees of the tree of the first `size` leaves, largest first."""
        found, start = [], 0
        for level in reversed(range(size.bit_length())):
            if size >> level & 1:
                found.append(self._node(level, start >> level))
                start += 1 << level
        return found

    def inclusion(self, index: int, size: int) -> list[bytes]:
        """The inclusion proof of a leaf in the tree of `size` leaves."""
        return inclusion_path(self.root_of, index, size)

    def consistency(self, first: int, size: int) -> list[bytes]:
        """The proof that the tree of `first` leaves began that of `size`."""
        return consistency_path(self.root_of, first, size)

    def root_of(self, start: int, stop: int) -> bytes:
        """The root over a part of the leaves as the tree splits them."""
        width = stop - start
        if width & (width - 1) == 0:
            level = width.bit_length() - 1
            return self._node(level, start >> level)
        middle = start + split(width)
        return node_hash(self.root_of(start, middle), self.root_of(middle, stop))

    def _write(self, level: int, node: bytes) -> None:
        if level == len(self._levels):
            self._levels.append(tempfile.TemporaryFile())  # noqa: SIM115 - closed with the tree
            self._last.append(node)
        self._levels[level].write(node)
        self._before, self._last[level] = self._last[level], node

    def _node(self, level: int, number: int) -> bytes:
        file = self._levels[level]
        file.seek(number * HASH_SIZE)
        return file.read(HASH_SIZE)
