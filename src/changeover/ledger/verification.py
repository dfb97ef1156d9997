"""Verifying a ledger without trusting whoever keeps it.

`verify` reads every entry once, in order, in bounded memory, and builds the tree
anew. Pages of calls are checked at once (`call_pages`); where that does not find all of
a page right, its entries are checked one by one. For each entry, in this order:

1. its index follows the one before, from 0;
2. the stored leaf is the hash that its bytes give (`leaves`);
3. its bytes are canonical JSON of a known form, and open if that form opens;
4. the kind it is stored under is the kind it tells.

At the size of each checkpoint:

5. the note is signed by the ledger's key, in its one written form, and gives the
   size and root that it is stored under;
6. that root is the one computed from the entries.

At the end:

7. the last checkpoint covers the last entry;
8. the subtrees kept for appending are those computed;
9. a checkpoint kept outside (`known`), if given, is signed by the key and is the
   root of this ledger at its size.

The first fault ends it: whatever follows would be judged against a tree that is
wrong already. A fault names the entry, or the sizes between which something was
altered together with its hash.

What no ledger can show by itself is that it was cut back, entries and
checkpoints alike, to an earlier state that was signed once. Step 9 shows it to
whoever kept a later checkpoint. A checkpoint missing between two others hides
nothing: the next one signs the same entries.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import groupby, islice
from typing import Any, Protocol

import msgspec

from changeover.basics.canonical import read_canonical
from changeover.basics.errors import InvalidInputError
from changeover.ledger.call_pages import check_calls
from changeover.ledger.checkpoint import (
    Checkpoint,
    NoteError,
    VerifierKey,
    checkpoint_of,
    open_checkpoint,
    open_note,
    write_note,
)
from changeover.ledger.entries import Entry, read_instant
from changeover.ledger.facts import VERSIONS
from changeover.ledger.leaves import OPENED, entry_leaf, opening_of
from changeover.ledger.ports import LedgerStore, StoredCheckpoint, StoredEntry
from changeover.ledger.tree import EMPTY_ROOT, Subtrees
from changeover.ledger.verified import Fault, FaultKind, Verification

_EVERY = 10_000
_PAGE = 1000
_RUN = 20


class Watching(Protocol):
    """Whoever is told of the entries as they are read."""

    def take(self, entry: Mapping[str, Any], /) -> None:
        """An entry that holds in itself."""
        ...

    def take_calls(self, starts: Sequence[str], numbers: Sequence[int], /) -> None:
        """Calls that hold in themselves: the start and number of each, in order."""
        ...


class _Found(Exception):  # noqa: N818 - a way out of the walk, never seen outside
    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.what)
        self.fault = fault


def verify(
    store: LedgerStore,
    key: VerifierKey,
    *,
    known: bytes | None = None,
    watching: Watching | None = None,
    progress: Callable[[int], None] | None = None,
) -> Verification:
    """Checks the whole ledger; `known` is a note kept outside.

    `watching` is told of each entry that holds in itself; `progress` how many were read.
    Never raises for a ledger that is altered: that is what it reports. What the
    store raises when it cannot be read passes through.
    """
    walk = _Walk(store, key, watching)
    try:
        walk.run(known, progress or (lambda _: None))
    except _Found as found:
        return walk.result(found.fault)
    return walk.result(None)


def verify_waiting(
    waiting: Iterable[Entry], *, seen: Callable[[Mapping[str, Any]], None] | None = None
) -> int:
    """How many entries wait to be sequenced, each of which must have an entry's form.

    Nothing signs them yet. Raises `InvalidInputError` for one that is no entry.
    """
    number = 0
    for number, entry in enumerate(waiting, 1):
        read = _Read(entry.body)
        try:
            kind = read.common().kind
        except InvalidInputError as error:
            raise _not_taken(number, error.what) from error
        if kind != entry.kind:
            raise _not_taken(number, f"It stands under {entry.kind!r}, but tells another kind.")
        if seen is not None:
            seen(read.value)
    return number


def _not_taken(number: int, why: str) -> InvalidInputError:
    return InvalidInputError(f"Entry {number} of those that wait cannot be taken. {why}")


class _Walk:
    """One pass over a ledger."""

    def __init__(self, store: LedgerStore, key: VerifierKey, watching: Watching | None) -> None:
        self._store = store
        self._key = key
        self._watching = watching
        self._tree = Subtrees()
        self._counts: Counter[str] = Counter()
        self._instants: tuple[str, str] | None = None
        self._signed = 0
        self._checkpoints = store.checkpoints()
        self._next = next(self._checkpoints, None)

    def run(self, known: bytes | None, progress: Callable[[int], None]) -> None:
        expected = self._open_known(known) if known is not None else None
        self._at_size(expected)
        while self._take_calls(expected) or self._take_page(expected):
            if self._tree.size % _EVERY == 0:
                progress(self._tree.size)
        if self._tree.size % _EVERY:
            progress(self._tree.size)
        self._end(expected)

    def result(self, fault: Fault | None) -> Verification:
        first, last = self._instants or (None, None)
        return Verification(
            size=self._tree.size,
            root=self._tree.root(),
            first=read_instant(first) if first else None,
            last=read_instant(last) if last else None,
            counts=dict(sorted(self._counts.items())),
            signed=self._signed,
            fault=fault,
        )

    def _take_calls(self, known: Checkpoint | None) -> bool:
        """A page of calls at once; False where it holds something else, or is not all right."""
        start = self._tree.size
        rows = self._store.calls(start, start + _PAGE)
        if len(rows) < _PAGE:
            return False
        bodies, leaves = zip(*rows, strict=True)
        return self._take_right(bodies, leaves, known)

    def _take_page(self, known: Checkpoint | None) -> bool:
        """A page of entries, runs of calls at once; False when it was the last."""
        page = list(islice(self._store.entries(self._tree.size), _PAGE))
        for are_calls, entries in groupby(page, key=lambda entry: entry.kind == "call"):
            run = list(entries)
            if not (are_calls and len(run) >= _RUN and self._take_run(run, known)):
                for entry in run:
                    self._take(entry)
                    self._at_size(known)
        return len(page) == _PAGE

    def _take_run(self, run: Sequence[StoredEntry], known: Checkpoint | None) -> bool:
        start = self._tree.size
        if [entry.index for entry in run] != list(range(start, start + len(run))):
            return False
        bodies, leaves = [entry.body for entry in run], [entry.leaf for entry in run]
        return self._take_right(bodies, leaves, known)

    def _take_right(
        self, bodies: Sequence[bytes], leaves: Sequence[bytes], known: Checkpoint | None
    ) -> bool:
        """Calls that follow, which stand under their kind, if all of steps 2 and 3 is right."""
        found = check_calls(bodies, leaves)
        if found is None:
            return False
        self._note_instants(found.first, found.last)
        if self._watching is not None:
            self._watching.take_calls(found.starts, found.numbers)
        start = self._tree.size
        stop = start + len(leaves)
        while self._tree.size < stop:
            size = self._tree.size
            until = self._next_size(stop, known)
            self._tree.extend(leaves[size - start : until - start])
            self._counts["call"] += until - size
            self._at_size(known)
        return True

    def _next_size(self, most: int, known: Checkpoint | None) -> int:
        """The next size at which something is to be compared, at most `most`."""
        sizes = [most]
        if self._next is not None and self._next.size > self._tree.size:
            sizes.append(self._next.size)
        if known is not None and known.size > self._tree.size:
            sizes.append(known.size)
        return min(sizes)

    def _take(self, entry: StoredEntry) -> None:
        """Steps 1 to 4."""
        index = self._tree.size
        if entry.index != index:
            raise self._at(index, "index", f"It is missing: entry {entry.index} stands next.")
        read = _Read(entry.body)
        if read.leaf != entry.leaf:
            raise self._at(
                index, "leaf", "Its bytes do not hash to its leaf: one of them was altered."
            )
        told, at = self._read(index, read)
        if told != entry.kind:
            raise self._at(index, "kind", f"It tells {told!r}, but stands under {entry.kind!r}.")
        self._tree.add(entry.leaf)
        self._counts[told] += 1
        self._note_instants(at, at)
        if self._watching is not None:
            self._watching.take(read.value)

    def _note_instants(self, earliest: str, latest: str) -> None:
        first, last = self._instants or (earliest, latest)
        self._instants = min(first, earliest), max(last, latest)

    def _read(self, index: int, read: "_Read") -> tuple[str, str]:
        try:
            common = read.common()
        except InvalidInputError as error:
            raise self._at(index, "form", error.what) from error
        return common.kind, common.at

    def _at_size(self, known: Checkpoint | None) -> None:
        """Steps 5, 6 and 9 at the size reached."""
        size = self._tree.size
        while self._next is not None and self._next.size <= size:
            self._check(self._next)
            self._next = next(self._checkpoints, None)
        if known is not None and known.size == size and known.root != self._tree.root():
            raise _Found(
                Fault(
                    kind="known",
                    what="The checkpoint kept outside signs other entries than these.",
                    after=0,
                    before=size,
                )
            )

    def _check(self, stored: StoredCheckpoint) -> None:
        try:
            text, signature = open_note(stored.note, self._key)
            signed = checkpoint_of(text, self._key)
        except NoteError as error:
            raise self._between(stored.size, "checkpoint", error.what, same=True) from error
        if write_note(text, self._key, signature) != stored.note:
            what = "The checkpoint's note was added to."
            raise self._between(stored.size, "checkpoint", what, same=True)
        if (signed.size, signed.root) != (stored.size, stored.root):
            what = "The checkpoint's size or root is not what its note signs."
            raise self._between(stored.size, "checkpoint", what, same=True)
        if stored.size != self._tree.size or stored.size == 0:
            what = f"A checkpoint of size {stored.size} stands where none can."
            raise self._between(stored.size, "checkpoint", what, same=True)
        if signed.root != self._tree.root():
            what = "Entries were altered together with their hashes, or taken out, or moved."
            raise self._between(stored.size, "root", what)
        self._signed = stored.size

    def _end(self, known: Checkpoint | None) -> None:
        """Steps 7 to 9."""
        size = self._tree.size
        if self._next is not None:
            what = f"A checkpoint signs {self._next.size} entries, {size} are there."
            raise _Found(Fault(kind="missing", what=what, after=size, before=self._next.size))
        if known is not None and known.size > size:
            what = f"The checkpoint kept outside signs {known.size} entries, {size} are there."
            raise _Found(Fault(kind="known", what=what, after=size, before=known.size))
        if self._signed != size:
            what = f"{size - self._signed} entries stand after the last checkpoint, unsigned."
            raise self._between(size, "unsigned", what)
        if self._store.tree_state() != (size, self._tree.hashes):
            what = "The subtrees kept for appending are not those of the entries."
            raise self._between(size, "state", what, same=True)

    def _open_known(self, note: bytes) -> Checkpoint:
        try:
            known = open_checkpoint(note, self._key)
        except NoteError as error:
            what = f"The checkpoint kept outside is not of this ledger: {error.what}"
            raise self._between(0, "known", what, same=True) from error
        if known.size == 0 and known.root != EMPTY_ROOT:
            what = "The checkpoint kept outside gives the empty ledger another root."
            raise self._between(0, "known", what, same=True)
        return known

    def _at(self, index: int, kind: FaultKind, what: str) -> _Found:
        return _Found(Fault(kind=kind, what=what, index=index))

    def _between(self, size: int, kind: FaultKind, what: str, *, same: bool = False) -> _Found:
        after = size if same else self._signed
        return _Found(Fault(kind=kind, what=what, after=after, before=size))


class _Common(msgspec.Struct, frozen=True):
    """What every entry holds."""

    v: int
    kind: str
    at: str
    demonstration: bool


class _Read:
    """An entry's bytes as they were read, or why they cannot be."""

    def __init__(self, body: bytes) -> None:
        self._unread: InvalidInputError | None = None
        self.value: Any = None
        try:
            self.value = read_canonical(body)
        except InvalidInputError as error:
            self._unread = error
        self._opening = opening_of(self.value)
        self.leaf = entry_leaf(body) if self._opening is None else self._opening.leaf()

    def common(self) -> _Common:
        """What it has of an entry's form; `InvalidInputError` when it is none of a known form."""
        if self._unread is not None:
            raise self._unread
        try:
            common = msgspec.convert(self.value, _Common)
            read_instant(common.at)
        except (msgspec.ValidationError, ValueError) as error:
            raise InvalidInputError(f"It is no entry: {error}.") from error
        if common.v not in VERSIONS:
            raise InvalidInputError(f"Its version {common.v} is not known here.")
        if common.v >= OPENED and self._opening is None:
            raise InvalidInputError("Its leaf does not open.")
        return common
