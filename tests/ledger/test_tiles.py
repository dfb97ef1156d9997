"""Tiles, against those that golang.org/x/mod/sumdb made (`vectors/tiles.go`)."""

import base64
import hashlib
import json
from pathlib import Path
from typing import Any

import pytest

from changeover.basics.errors import ConflictError, InvalidInputError, NotFoundError
from changeover.ledger.checkpoint import Checkpoint, SigningKey, open_checkpoint
from changeover.ledger.entries import Entry
from changeover.ledger.leaves import entry_leaf, shown
from changeover.ledger.ports import StoredCheckpoint, StoredEntry
from changeover.ledger.spooled_tree import SpooledTree
from changeover.ledger.tile_folder import write_tiles
from changeover.ledger.tiles import (
    Tile,
    Tiles,
    bundle,
    read_path,
    tiles_of,
    written_number,
)
from changeover.ledger.tree import leaf_hash, node_hash, verify_consistency, verify_inclusion
from tests.fakes import FakeLedgerStore
from tests.ledger.test_call_pages import call, other

VECTORS: dict[str, Any] = json.loads(
    (Path(__file__).parent / "vectors" / "tiles.json").read_text(encoding="utf-8")
)
KEY = SigningKey.parse(VECTORS["skey"])


class Leaves:
    """A store of the vectors' leaves, which are of no entries."""

    def __init__(self, size: int) -> None:
        self.hashes = [leaf_hash(b"entry %d" % number) for number in range(size)]

    def leaves(self, start: int, stop: int) -> list[bytes]:
        return self.hashes[start:stop]

    def entries(self, start: int = 0) -> Any:
        raise NotImplementedError


@pytest.fixture(scope="module")
def leaves() -> Leaves:
    return Leaves(VECTORS["size"])


def ours(path: str) -> Tile:
    """The tile that the Go library calls tile/8/L/N."""
    return read_path(path.replace("tile/8/", "tile/"))


def test_the_same_tiles_as_the_checksum_database_has(leaves: Leaves):
    tiles = Tiles()
    assert len(VECTORS["tiles"]) == 25
    for path, expected in VECTORS["tiles"].items():
        made = tiles.made(leaves, VECTORS["size"], ours(path))
        assert hashlib.sha256(made).hexdigest() == expected, path


def test_the_same_root_proofs_and_signed_note(leaves: Leaves):
    size = VECTORS["size"]
    root = base64.b64decode(VECTORS["root"])
    with SpooledTree() as tree:
        for leaf in leaves.hashes:
            tree.add(leaf)
        assert tree.root(size) == root
        for index, proof in VECTORS["inclusion"].items():
            hashes = [base64.b64decode(each) for each in proof]
            assert tree.inclusion(int(index), size) == hashes
            assert verify_inclusion(int(index), size, leaves.hashes[int(index)], hashes, root)
        for first, proof in VECTORS["consistency"].items():
            hashes = [base64.b64decode(each) for each in proof]
            assert tree.consistency(int(first), size) == hashes
            before = tree.root(int(first))
            assert verify_consistency((int(first), size), (before, root), hashes)
    assert str(KEY.verifier) == VECTORS["vkey"]
    text = Checkpoint(origin=KEY.verifier.name, size=size, root=root).text()
    assert KEY.sign(text).decode() == VECTORS["note"]
    assert open_checkpoint(VECTORS["note"].encode(), KEY.verifier).size == size


def test_the_tiles_of_a_size_are_those_of_the_specification():
    """The example of tlog-tiles: a tree of 70,000 entries."""
    hashes = [tile for tile in tiles_of(70_000) if tile.level is not None]
    assert len([tile for tile in hashes if (tile.level, tile.width) == (0, 256)]) == 273
    assert [tile for tile in hashes if tile.level or tile.width < 256] == [
        Tile(0, 273, 112),
        Tile(1, 0),
        Tile(1, 1, 17),
        Tile(2, 0, 1),
    ]
    assert list(tiles_of(256)) == [Tile(None, 0), Tile(0, 0), Tile(1, 0, 1)]
    assert list(tiles_of(0)) == []


def test_numbers_are_written_in_groups():
    assert written_number(1234067) == "x001/x234/067"
    assert Tile(None, 1000, 3).path == "tile/entries/x001/000.p/3"
    assert read_path("tile/entries/x001/000.p/3") == Tile(None, 1000, 3)


@pytest.mark.parametrize(
    "path",
    [
        "tile/00/000",
        "tile/8/000",
        "tile/0/0",
        "tile/0/1000",
        "tile/0/x000/001",
        "tile/0/000.p/0",
        "tile/0/000.p/256",
        "tile/0/000.p/01",
        "tile/0/000/",
        "tile/0/../000",
        "tile/0/٠٠٠",
        "tile/data/000",
        "",
    ],
)
def test_what_names_no_tile_is_refused(path: str):
    with pytest.raises(NotFoundError):
        read_path(path)


def test_what_is_longer_than_the_ledger_is_not_there(leaves: Leaves):
    with pytest.raises(NotFoundError):
        Tiles().made(leaves, 255, Tile(0, 0))
    with pytest.raises(NotFoundError):
        Tiles().made(leaves, 65_535, Tile(1, 0))


def test_an_entry_too_long_for_a_bundle_is_refused():
    assert bundle([b"a", b""]) == b"\x00\x01a\x00\x00"
    with pytest.raises(InvalidInputError, match="65536 bytes"):
        bundle([bytes(65_536)])


def ledger(size: int) -> FakeLedgerStore:
    store, entries = FakeLedgerStore(), list[Entry]()
    with SpooledTree() as tree:
        for index in range(size):
            entry = other(index) if index % 7 == 0 else call(index)
            entries.append(entry)
            leaf = entry_leaf(entry.body)
            tree.add(leaf)
            made = StoredEntry(index=index, kind=entry.kind, body=entry.body, leaf=leaf)
            store.stored.append(made)
        root = tree.root(size)
    note = KEY.sign(Checkpoint(origin=KEY.verifier.name, size=size, root=root).text())
    store.signed = [StoredCheckpoint(size=size, root=root, note=note)]
    return store


def export(store: FakeLedgerStore, folder: Path) -> int:
    newest = store.last_checkpoint()
    assert newest is not None
    return write_tiles(store, newest, folder, KEY.verifier, lambda *_: None)


def read_as_others_do(folder: Path) -> list[bytes]:
    """The entries of a folder of tiles, proved by what the specification alone says."""
    origin, count, root, _, line = (folder / "checkpoint").read_text().split("\n")[:5]
    assert origin == "ledger.example/changeover"
    assert line.startswith("— ledger.example/changeover ")
    size = int(count)
    entries = list[bytes]()
    level = list[bytes]()
    for number in range(-(-size // 256)):
        width = min(256, size - 256 * number)
        partial = "" if width == 256 else f".p/{width}"
        content = (folder / f"tile/entries/{number:03}{partial}").read_bytes()
        found = list[bytes]()
        while content:
            length = int.from_bytes(content[:2], "big")
            found.append(content[2 : 2 + length])
            content = content[2 + length :]
        hashes = (folder / f"tile/0/{number:03}{partial}").read_bytes()
        tile = [hashes[at : at + 32] for at in range(0, len(hashes), 32)]
        assert [hashlib.sha256(b"\x00" + each).digest() for each in found] == tile
        entries += found
        level += tile
    assert len(entries) == size
    assert base64.b64encode(mth(level)).decode() == root
    return entries


def mth(hashes: list[bytes]) -> bytes:
    """RFC 6962, section 2.1, as it is written there, from leaf hashes."""
    if len(hashes) == 1:
        return hashes[0]
    k = 1
    while 2 * k < len(hashes):
        k *= 2
    return node_hash(mth(hashes[:k]), mth(hashes[k:]))


def test_a_folder_is_read_by_what_knows_the_specification_alone(tmp_path: Path):
    assert export(ledger(600), tmp_path) == 3 + 3 + 1
    entries = read_as_others_do(tmp_path)
    assert entries == [shown(entry.body) for entry in ledger(600).stored]
    assert not any(b"statechat" in entry or b"start_1" in entry for entry in entries)


def test_a_folder_is_continued_and_its_partial_tiles_become_full(tmp_path: Path):
    export(ledger(600), tmp_path)
    before = (tmp_path / "tile/0/000").stat().st_mtime_ns
    assert export(ledger(600), tmp_path) == 0
    export(ledger(768), tmp_path)
    assert (tmp_path / "tile/0/000").stat().st_mtime_ns == before
    assert not (tmp_path / "tile/0/002.p").exists()
    assert len(read_as_others_do(tmp_path)) == 768


def test_a_folder_of_a_later_state_or_another_ledger_is_refused(tmp_path: Path):
    export(ledger(600), tmp_path)
    kept = (tmp_path / "checkpoint").read_bytes()
    with pytest.raises(ConflictError, match="more than the 500 here"):
        export(ledger(500), tmp_path)
    other_ledger = ledger(600)
    other_ledger.signed[0] = StoredCheckpoint(
        size=600,
        root=bytes(32),
        note=KEY.sign(Checkpoint(origin=KEY.verifier.name, size=600, root=bytes(32)).text()),
    )
    with pytest.raises(ConflictError, match="Its root is another"):
        export(other_ledger, tmp_path)
    assert (tmp_path / "checkpoint").read_bytes() == kept


def test_only_what_opens_is_served():
    store = ledger(3)
    old = b'{"at":"2026-02-26T14:00:00.000000Z","demonstration":true,"kind":"intake","sha256":"","v":1}'
    assert Tiles().made(store, 3, Tile(None, 0, 3), opened=True)
    store.stored[1] = StoredEntry(index=1, kind="intake", body=old, leaf=entry_leaf(old))
    assert old in Tiles().made(store, 3, Tile(None, 0, 3))
    with pytest.raises(NotFoundError, match="version 1"):
        Tiles().made(store, 3, Tile(None, 0, 3), opened=True)
