"""Ledgers that were apart are joined by what they signed, and no entry changes its ledger."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from changeover.basics.clock import FixedClock
from changeover.basics.errors import ConflictError, InvalidInputError
from changeover.ledger.checkpoint import Checkpoint, NoteError, SigningKey
from changeover.ledger.entries import Entry, entry
from changeover.ledger.joining import Joining, Other, verify_folder
from changeover.ledger.leaves import entry_leaf
from changeover.ledger.ports import StoredCheckpoint, StoredEntry
from changeover.ledger.tile_folder import write_tiles
from changeover.ledger.tree import Subtrees
from tests.fakes import FakeLedgerQueue, FakeLedgerStore
from tests.ledger.test_call_pages import call

OWN = SigningKey("here.example/ledger", bytes(range(32)))
APART = SigningKey("apart.example/ledger", bytes([9] * 32))


class Works:
    def __init__(self) -> None:
        self.ledger = FakeLedgerStore()
        self.queue = FakeLedgerQueue()

    def tell(self, kind: str, at: datetime, fields: Mapping[str, Any]) -> None:
        self.queue.add([entry(kind, fields, at=at, demonstration=False)])

    @contextmanager
    def begin(self) -> Iterator["Works"]:
        yield self

    reading = begin


def tiles(folder: Path, size: int, key: SigningKey = APART, first: int = 0) -> Path:
    """A folder of the tiles of a ledger of calls, numbered from `first`."""
    store, tree = FakeLedgerStore(), Subtrees()
    for index in range(size):
        made = call(first + index)
        leaf = entry_leaf(made.body)
        tree.add(leaf)
        store.stored.append(StoredEntry(index=index, kind="call", body=made.body, leaf=leaf))
    text = Checkpoint(origin=key.verifier.name, size=size, root=tree.root()).text()
    newest = StoredCheckpoint(size=size, root=tree.root(), note=key.sign(text))
    write_tiles(store, newest, folder, key.verifier, lambda *_: None)
    return folder


@pytest.fixture
def works() -> Works:
    return Works()


@pytest.fixture
def joining(works: Works) -> Joining:
    clock = FixedClock(datetime(2026, 2, 26, 14, tzinfo=UTC))
    return Joining(works, clock, OWN.verifier)


def seen(joining: Joining, folder: Path) -> Other:
    key = APART.verifier
    return verify_folder(folder, key, joining.joined(str(key)))


def test_a_ledger_is_joined_and_later_what_has_come_since(
    works: Works, joining: Joining, tmp_path: Path
):
    told = joining.join(seen(joining, tiles(tmp_path, 300)), by="ana")
    assert (told.ledger, told.size) == ("apart.example/ledger", 300)
    assert joining.join(seen(joining, tiles(tmp_path, 700)), by="ana").size == 700
    entries: list[Entry] = works.queue.entries
    assert [made.kind for made in entries] == ["joined", "joined"]
    last = json.loads(entries[1].body)
    assert (last["size"], last["by"]) == (700, "ana")
    assert last["note"] == (tmp_path / "checkpoint").read_text()


def test_one_that_does_not_begin_with_what_was_joined_is_refused(joining: Joining, tmp_path: Path):
    joining.join(seen(joining, tiles(tmp_path / "one", 300)), by="ana")
    with pytest.raises(ConflictError, match="does not begin with the 300 entries"):
        joining.join(seen(joining, tiles(tmp_path / "anew", 700, first=1)), by="ana")
    with pytest.raises(InvalidInputError, match="shorter than the 300"):
        seen(joining, tiles(tmp_path / "cut", 200))
    assert joining.joined(str(APART.verifier)) == 300


def test_an_entry_that_was_altered_or_a_checkpoint_of_another_key_is_found(
    joining: Joining, tmp_path: Path
):
    bundle = tiles(tmp_path, 300) / "tile/entries/000"
    whole = bundle.read_bytes()
    bundle.write_bytes(whole.replace(b'"outcome":"allow"', b'"outcome":"alloy"', 1))
    with pytest.raises(InvalidInputError, match="Entries 0 to 255"):
        seen(joining, tmp_path)
    bundle.write_bytes(whole)
    with pytest.raises(InvalidInputError, match="not signed by the key"):
        verify_folder(tmp_path, OWN.verifier, 0)
    (tmp_path / "tile/0/000").unlink()
    with pytest.raises(InvalidInputError, match="cannot be read"):
        seen(joining, tmp_path)


def test_what_its_key_did_not_sign_is_not_recorded(works: Works, joining: Joining, tmp_path: Path):
    found = seen(joining, tiles(tmp_path, 300))
    forged = Other(key=found.key, note=found.note.replace("\n300\n", "\n301\n"), since=0, proof=())
    with pytest.raises(NoteError):
        joining.join(forged, by="mallory")
    assert works.queue.empty()


def test_a_state_of_the_ledger_itself_is_not_joined(joining: Joining, tmp_path: Path):
    tiles(tmp_path, 300, OWN)
    other = verify_folder(tmp_path, OWN.verifier, 0)
    with pytest.raises(InvalidInputError, match="state of the ledger itself"):
        joining.join(other, by="ana")


def test_two_joinings_at_once_are_one_after_the_other(joining: Joining, tmp_path: Path):
    first = seen(joining, tiles(tmp_path / "a", 300))
    second = seen(joining, tiles(tmp_path / "b", 700))
    joining.join(first, by="ana")
    with pytest.raises(ConflictError, match="came between"):
        joining.join(second, by="ben")
