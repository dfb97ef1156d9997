"""Papers of one kind over a real database: versions, who saw which, undo, the ledger."""

from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from changeover.basics.errors import ConflictError, NotFoundError
from changeover.orders.papers import Folder, OvertakenError, Writer
from changeover.wiring.installation import Installation, open_installation

ADA, BO = Writer(name="Ada", account="a-1"), Writer(name="Bo")


class Note(msgspec.Struct, frozen=True):
    words: str


@pytest.fixture
def installation(tmp_path: Path) -> Iterator[Installation]:
    with open_installation(tmp_path / "data", demo=True) as installation:
        yield installation


@pytest.fixture
def notes(installation: Installation) -> Folder[Note]:
    return Folder(installation.works, installation.clock, "draft", Note)


def _told(installation: Installation) -> list[dict[str, object]]:
    with installation.database.reading() as work:
        bodies = [msgspec.json.decode(entry.body) for entry in work.ledger.entries()]
    return [body for body in bodies if body["kind"] == "paper"]


def test_each_version_is_kept_and_the_ledger_is_told_of_its_digest(
    installation: Installation, notes: Folder[Note]
):
    first = notes.begin(Note("one"), ADA)
    second = notes.write(first.id, Note("two"), BO, seen=first.version)
    assert [(kept.version, kept.value, kept.by) for kept in notes.versions(first.id)] == [
        (1, Note("one"), "Ada"),
        (2, Note("two"), "Bo"),
    ]
    assert notes.all() == [second]
    told = _told(installation)
    assert [(entry["id"], entry["version"], entry["by"]) for entry in told] == [
        (first.id, 1, "Ada"),
        (first.id, 2, "Bo"),
    ]
    assert "two" not in str(told)


def test_whoever_saw_an_older_version_writes_nothing_and_is_given_the_newer(notes: Folder[Note]):
    first = notes.begin(Note("one"), ADA)
    notes.write(first.id, Note("two"), BO, seen=1)
    with pytest.raises(OvertakenError, match="Bo has written version 2") as caught:
        notes.write(first.id, Note("mine"), ADA, seen=1)
    assert caught.value.kept.value == Note("two")
    with pytest.raises(OvertakenError):
        notes.begin(Note("again"), ADA, paper=first.id)
    with pytest.raises(NotFoundError):
        notes.write("nothing", Note("x"), ADA, seen=3)
    assert notes.get(first.id).value == Note("two")


def test_what_was_removed_can_be_restored(notes: Folder[Note]):
    first = notes.begin(Note("one"), ADA)
    with pytest.raises(ConflictError, match="not removed"):
        notes.restore(first.id, ADA, seen=1)
    gone = notes.remove(first.id, BO, seen=1)
    assert (gone.version, gone.value) == (2, None)
    assert notes.all() == []
    assert notes.get(first.id) == gone
    back = notes.restore(first.id, BO, seen=2)
    assert (back.version, back.value) == (3, Note("one"))
    assert notes.all() == [back]


def test_what_was_never_written_is_not_removed_and_leaves_nothing(
    notes: Folder[Note], installation: Installation
):
    for seen in (0, 1):
        with pytest.raises(NotFoundError, match="There is no draft"):
            notes.remove("nothing", ADA, seen=seen)
    assert notes.every() == []
    assert _told(installation) == []


def test_what_fails_beside_a_version_keeps_nothing(notes: Folder[Note]):
    def failing(_: object) -> None:
        raise ConflictError("No.")

    with pytest.raises(ConflictError, match=r"No\."):
        notes.begin(Note("one"), ADA, beside=failing)
    assert notes.all() == []
