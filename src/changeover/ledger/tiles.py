"""The ledger as tiles: C2SP tlog-tiles (https://c2sp.org/tlog-tiles).

Public tooling reads a log as files that never change: a tile at level L holds up to 256
hashes, each the root over 256^L leaves, and an entry bundle the entries under a tile of
level 0, each after its length in two bytes. Rightmost ones are partial, and named with
their width. Proofs are computed from tiles by whoever wants one.

An entry's bytes in a bundle are those that its leaf is hashed over: its opening
(`leaves`). So whoever reads the tiles sees how many calls went to which maker and what
came of them, and neither who called nor when. Entries of version 1 do not open: they are
their own bytes, and stay in what an operator exports; they are not served to everybody.
"""

import re
from collections.abc import Iterator, Sequence
from functools import partial
from itertools import islice
from typing import Protocol

import msgspec

from changeover.basics.errors import InvalidInputError, NotFoundError
from changeover.ledger.leaves import shown
from changeover.ledger.ports import StoredEntry
from changeover.ledger.tree import consistency_path, node_hash, root, split

WIDTH = 256
_HEIGHT = 8
_LONGEST = 0xFFFF
_MOST_LEVEL = 7  # 2^64 leaves
_PATH = re.compile(
    r"tile/(?P<level>0|[1-9]\d?|entries)/(?P<number>(?:x\d{3}/)*\d{3})"
    r"(?:\.p/(?P<width>[1-9]\d{0,2}))?",
    re.ASCII,
)


class TiledStore(Protocol):
    """What tiles are made of."""

    def entries(self, start: int = 0) -> Iterator[StoredEntry]: ...
    def leaves(self, start: int, stop: int) -> list[bytes]:
        """The leaf hashes from `start` up to `stop`, in order."""
        ...


class Tile(msgspec.Struct, frozen=True):
    """Which tile: its level (None for a bundle of entries), number, and how many it holds."""

    level: int | None
    number: int
    width: int = WIDTH

    @property
    def path(self) -> str:
        level = "entries" if self.level is None else self.level
        rightmost = "" if self.width == WIDTH else f".p/{self.width}"
        return f"tile/{level}/{written_number(self.number)}{rightmost}"

    @property
    def start(self) -> int:
        """The index of the first entry that it covers."""
        return self.number * WIDTH * self.span

    @property
    def span(self) -> int:
        """How many entries each of its hashes covers."""
        return 1 if self.level is None else 1 << (_HEIGHT * self.level)

    @property
    def stop(self) -> int:
        """The index behind the last entry that it covers."""
        return self.start + self.width * self.span


def written_number(number: int) -> str:
    """A tile's number in groups of three digits: 1234067 is `x001/x234/067`."""
    groups = [f"{number % 1000:03}"]
    while number := number // 1000:
        groups.insert(0, f"x{number % 1000:03}")
    return "/".join(groups)


def read_path(path: str) -> Tile:
    """The tile that a path names; `NotFoundError` where it names none."""
    found = _PATH.fullmatch(path)
    if found is None:
        raise _no_tile(path)
    level = None if found["level"] == "entries" else int(found["level"])
    number = int(found["number"].replace("x", "").replace("/", ""))
    tile = Tile(level, number, int(found["width"] or WIDTH))
    if (level or 0) > _MOST_LEVEL or tile.path != path:
        raise _no_tile(path)
    return tile


def tiles_of(size: int) -> Iterator[Tile]:
    """Every tile and bundle of a tree of `size` entries; the partial ones are its rightmost."""
    for level in (None, *range(_MOST_LEVEL + 1)):
        hashes = size if level is None else size >> (_HEIGHT * level)
        for number in range(hashes // WIDTH):
            yield Tile(level, number)
        if width := hashes % WIDTH:
            yield Tile(level, hashes // WIDTH, width)


def bundle(entries: Sequence[bytes]) -> bytes:
    """Entries one after the other, each after its length."""
    for entry in entries:
        if len(entry) > _LONGEST:
            raise InvalidInputError(
                f"An entry of {len(entry)} bytes does not fit into a bundle.",
                means=f"The format of tiles knows entries of {_LONGEST} bytes at most.",
            )
    return b"".join(len(entry).to_bytes(2) + entry for entry in entries)


class Tiles:
    """Makes tiles of a ledger as they are asked for.

    It keeps the root over each full 256 entries that it has read (32 bytes), so that tiles
    of higher levels need not read the ledger again. Entries never change; one of these is
    for one ledger.
    """

    def __init__(self) -> None:
        self._roots: list[bytes] = []

    def made(self, store: TiledStore, size: int, tile: Tile, *, opened: bool = False) -> bytes:
        """The tile's bytes in the ledger of `size` entries.

        `NotFoundError` where the ledger is not that long, and, if only what is `opened`
        may be shown, for a bundle with an entry that does not open.
        """
        if tile.stop > size:
            raise _no_tile(tile.path)
        if tile.level is None:
            return self._bundle(store, tile, opened=opened)
        if tile.level == 0:
            return b"".join(store.leaves(tile.start, tile.stop))
        self._read_roots(store, tile.stop // WIDTH)
        first, width = tile.start // WIDTH, tile.span // WIDTH
        hashes = (
            root(self._roots[first + at * width : first + (at + 1) * width])
            for at in range(tile.width)
        )
        return b"".join(hashes)

    def root_of(self, store: TiledStore, start: int, stop: int) -> bytes:
        """The root over a part of the leaves as the tree splits them, for proofs."""
        width = stop - start
        if width <= WIDTH:
            return root(store.leaves(start, stop))
        if width & (width - 1) == 0:
            self._read_roots(store, stop // WIDTH)
            return root(self._roots[start // WIDTH : stop // WIDTH])
        middle = start + split(width)
        return node_hash(self.root_of(store, start, middle), self.root_of(store, middle, stop))

    def consistency(self, store: TiledStore, first: int, size: int) -> list[bytes]:
        """The proof that the ledger of `first` entries began that of `size`; none from nothing."""
        if not first:
            return []
        return consistency_path(partial(self.root_of, store), first, size)

    def _bundle(self, store: TiledStore, tile: Tile, *, opened: bool) -> bytes:
        bodies = [entry.body for entry in islice(store.entries(tile.start), tile.width)]
        entries = [shown(body) for body in bodies]
        if opened and any(body == entry for body, entry in zip(bodies, entries, strict=True)):
            raise NotFoundError(
                "This bundle holds entries of version 1, which do not open.",
                means="They would tell who called and when, so they are not served. Tiles of "
                "hashes are.",
            )
        return bundle(entries)

    def _read_roots(self, store: TiledStore, wanted: int) -> None:
        known = len(self._roots)
        for number in range(known, wanted):
            leaves = store.leaves(number * WIDTH, (number + 1) * WIDTH)
            # Another thread may have been faster; what it read is the same.
            if number == len(self._roots):
                self._roots.append(root(leaves))


def _no_tile(path: str) -> NotFoundError:
    return NotFoundError(
        f"There is no {path}.",
        means="It names no tile, or the ledger is not that long.",
        do="Read the checkpoint: its size says which tiles there are (c2sp.org/tlog-tiles).",
    )
