"""Joining the ledger of an installation that was apart, without making its entries one's own.

Two ledgers have two keys, and neither can tell the other's entries without forging them. So
the other ledger is verified whole, from its tiles, and what is recorded here is that it
stood so: its key's note over its size and root. Its entries stay in it, and whoever has its
tiles proves each against that. Joined again, it must begin with what was joined before.

A ledger of this one's own key is refused. Two states of one ledger are either one the
beginning of the other, and then the longer is all of it, or a fork, which no joining mends.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from itertools import chain
from pathlib import Path
from typing import Any, Protocol

import msgspec

from changeover.basics.clock import Clock
from changeover.basics.errors import ConflictError, InvalidInputError
from changeover.ledger.checkpoint import (
    Checkpoint,
    NoteError,
    VerifierKey,
    decode,
    encode,
    open_checkpoint,
)
from changeover.ledger.controls import LedgerJoined
from changeover.ledger.entries import Entry
from changeover.ledger.ports import LedgerQueue, LedgerStore, StoredEntry
from changeover.ledger.spooled_tree import SpooledTree
from changeover.ledger.tile_folder import CHECKPOINT
from changeover.ledger.tiles import WIDTH, Tile
from changeover.ledger.tree import EMPTY_ROOT, HASH_SIZE, leaf_hash, verify_consistency


class JoiningWork(Protocol):
    """A unit of work that reads the ledger and tells it more."""

    @property
    def ledger(self) -> LedgerStore: ...
    @property
    def queue(self) -> LedgerQueue: ...

    def tell(self, kind: str, at: datetime, fields: Mapping[str, Any]) -> None: ...


class JoiningWorks(Protocol):
    """Opens such units."""

    def begin(self) -> AbstractContextManager[JoiningWork]: ...
    def reading(self) -> AbstractContextManager[JoiningWork]: ...


class Other(msgspec.Struct, frozen=True, kw_only=True):
    """Another ledger, verified: its key, its note, and the proof that it began with `since`."""

    key: str
    note: str
    since: int
    proof: tuple[str, ...]


class Joining:
    """Records how other ledgers stand. `own` is this ledger's key, where this process has it."""

    def __init__(self, works: JoiningWorks, clock: Clock, own: VerifierKey | None) -> None:
        self._works = works
        self._clock = clock
        self._own = own

    def joined(self, key: str) -> int:
        """How many entries of the ledger of that key were joined so far."""
        with self._works.reading() as work:
            last = self._last(work, key)
        return 0 if last is None else last.size

    def join(self, other: Other, *, by: str) -> LedgerJoined:
        """Records another ledger's state.

        Raises `NoteError` for a note that its key did not sign, `ConflictError` where it does
        not begin with what was joined before, and `InvalidInputError` for this ledger's own.
        """
        key = VerifierKey.parse(other.key)
        if key == self._own:
            raise InvalidInputError(
                "This is a state of the ledger itself.",
                means="It is a part of what is here, or a fork of it. Neither is joined.",
                do="Compare them: `changeover ledger verify --known CHECKPOINT`.",
            )
        signed = open_checkpoint(other.note.encode(), key)
        with self._works.begin() as work:
            self._check(self._last(work, other.key), signed, other)
            told = LedgerJoined(
                ledger=key.name,
                key=other.key,
                size=signed.size,
                root=signed.root.hex(),
                note=other.note,
                by=by,
            )
            work.tell("joined", self._clock.now(), msgspec.structs.asdict(told))
        return told

    def _check(self, last: LedgerJoined | None, signed: Checkpoint, other: Other) -> None:
        size, root = (0, EMPTY_ROOT) if last is None else (last.size, bytes.fromhex(last.root))
        if other.since != size:
            raise ConflictError(
                "Another joining came between.", means="Nothing was recorded.", do="Join it again."
            )
        proof = [decode(each) for each in other.proof]
        if not verify_consistency((size, signed.size), (root, signed.root), proof):
            raise ConflictError(
                f"The ledger {signed.origin} does not begin with the {size} entries that were "
                "joined before.",
                means="It was cut back or written anew. Nothing was recorded.",
                do="Keep its tiles as they are, and ask whoever runs it.",
            )

    def _last(self, work: JoiningWork, key: str) -> LedgerJoined | None:
        entries = chain[StoredEntry | Entry](
            work.ledger.entries(kinds=("joined",)), work.queue.waiting()
        )
        told = [_read(entry.body) for entry in entries if entry.kind == "joined"]
        return next((each for each in reversed(told) if each.key == key), None)


def verify_folder(folder: Path, key: VerifierKey, since: int) -> Other:
    """The ledger in a folder of tiles, every entry of it verified, with the proof from `since`.

    Raises `InvalidInputError` where something in it does not hold, and says what.
    """
    try:
        note = (folder / CHECKPOINT).read_bytes()
        signed = open_checkpoint(note, key)
        with SpooledTree() as tree:
            for leaf in _leaves(folder, signed.size):
                tree.add(leaf)
            if tree.root(signed.size) != signed.root:
                raise _wrong(folder, "Its entries are not those that its checkpoint signs.")
            if since > signed.size:
                raise _wrong(folder, f"It is shorter than the {since} entries joined before.")
            proof = tree.consistency(since, signed.size) if since else []
    except OSError as error:
        raise _wrong(folder, f"{error.filename} cannot be read.") from error
    except NoteError as error:
        raise _wrong(folder, error.what) from error
    written = tuple(encode(each) for each in proof)
    return Other(key=str(key), note=note.decode(), since=since, proof=written)


def _leaves(folder: Path, size: int) -> Iterator[bytes]:
    for number in range(-(-size // WIDTH)):
        width = min(WIDTH, size - number * WIDTH)
        entries = _entries((folder / Tile(None, number, width).path).read_bytes())
        hashes = (folder / Tile(0, number, width).path).read_bytes()
        leaves = [leaf_hash(each) for each in entries]
        if len(hashes) != width * HASH_SIZE or b"".join(leaves) != hashes:
            first = number * WIDTH
            raise _wrong(folder, f"Entries {first} to {first + width - 1} are not as hashed.")
        yield from leaves


def _entries(bundle: bytes) -> Iterator[bytes]:
    at = 0
    while at < len(bundle):
        length = int.from_bytes(bundle[at : at + 2])
        yield bundle[at + 2 : at + 2 + length]
        at += 2 + length


def _read(body: bytes) -> LedgerJoined:
    told: dict[str, Any] = msgspec.json.decode(body)
    names: Sequence[str] = LedgerJoined.__struct_fields__
    return LedgerJoined(**{name: told[name] for name in names})


def _wrong(folder: Path, why: str) -> InvalidInputError:
    return InvalidInputError(
        f"The ledger in {folder} does not hold: {why}", means="Nothing was recorded."
    )
