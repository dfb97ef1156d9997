"""Appending to the ledger.

An append extends the tree by its entries and signs a checkpoint over the whole,
in the caller's unit of work, so that an instrument and its entry commit
together or not at all.

Before it signs, it requires that the tree it continues is the one it signed
last. Otherwise somebody who altered entries and hashes in the database could
have the next append sign the altered history.
"""

from collections.abc import Sequence
from typing import Protocol

import msgspec

from changeover.basics.errors import ChangeoverError
from changeover.ledger.checkpoint import (
    Checkpoint,
    NoteError,
    SigningKey,
    VerifierKey,
    open_checkpoint,
)
from changeover.ledger.entries import Entry
from changeover.ledger.leaves import entry_leaf
from changeover.ledger.ports import LedgerStore, StoredCheckpoint, StoredEntry
from changeover.ledger.tree import Subtrees


class LedgerError(ChangeoverError):
    """The ledger that stands in the store is not the one that was signed last."""

    code = "ledger"


class GrowingStore(LedgerStore, Protocol):
    """A ledger's store that entries can be appended to."""

    def checkpoint_at(self, size: int) -> StoredCheckpoint | None:
        """The checkpoint of a size; None where none was made at it."""
        ...

    def last_checkpoint(self) -> StoredCheckpoint | None:
        """The checkpoint of the greatest size; None in an empty ledger."""
        ...


class Appended(msgspec.Struct, frozen=True, kw_only=True):
    """Where an append begins, and the checkpoint after it."""

    start: int
    checkpoint: StoredCheckpoint


class Ledger:
    """Appends entries and signs checkpoints with one key."""

    def __init__(self, key: SigningKey) -> None:
        self._key = key

    @property
    def key(self) -> SigningKey:
        """The key, for what else the installation signs."""
        return self._key

    @property
    def verifier(self) -> VerifierKey:
        """The public key, to be kept by whoever wants to verify."""
        return self._key.verifier

    def append(self, store: GrowingStore, entries: Sequence[Entry]) -> Appended:
        """Adds the entries in order, with one checkpoint after them.

        Raises `LedgerError` when the tree in the store is not the one this key
        signed last, and `ValueError` without entries.
        """
        if not entries:
            raise ValueError("an append has at least one entry")
        tree = self._continued(store)
        start = tree.size
        stored: list[StoredEntry] = []
        for index, entry in enumerate(entries, start):
            leaf = entry_leaf(entry.body)
            tree.add(leaf)
            stored.append(StoredEntry(index=index, kind=entry.kind, body=entry.body, leaf=leaf))
        checkpoint = self._sign(tree)
        store.append(stored, tree.hashes, checkpoint)
        return Appended(start=start, checkpoint=checkpoint)

    def _sign(self, tree: Subtrees) -> StoredCheckpoint:
        checkpoint = Checkpoint(origin=self.verifier.name, size=tree.size, root=tree.root())
        note = self._key.sign(checkpoint.text())
        return StoredCheckpoint(size=checkpoint.size, root=checkpoint.root, note=note)

    def _continued(self, store: GrowingStore) -> Subtrees:
        last = store.last_checkpoint()
        try:
            tree = Subtrees(*store.tree_state())
            signed = open_checkpoint(last.note, self.verifier) if last else None
        except (TypeError, ValueError, NoteError) as error:
            raise _altered(str(error)) from error
        expected = (signed.size, signed.root) if signed else (0, tree.root())
        if (tree.size, tree.root()) != expected:
            raise _altered(f"It holds {tree.size} entries, {expected[0]} were signed.")
        return tree


def _altered(why: str) -> LedgerError:
    return LedgerError(
        f"The ledger is not as it was last signed. {why}",
        means="It was altered, or it belongs to another key. Nothing was appended.",
        do="Run `changeover ledger verify` to see where it differs.",
    )
