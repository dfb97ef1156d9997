"""Collections and the indexes of their files, in the fake and in both databases."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import msgspec
import pytest

from changeover.chat.model import StoredConversation
from changeover.documents.collections import Asked, Counts, StoredCollection
from changeover.documents.model import Found, Indexed, StoredFile
from changeover.documents.ports import FileWork
from changeover.documents.vectors import Piece, VectorIndex
from changeover.storage.database import Database
from tests.chat.world import ANA, MARC
from tests.documents.fakes import FakeFileStore
from tests.orders.worlds import T0

HANDBOOK = StoredCollection(
    id="coll_1",
    party="bureau",
    name="Handbook",
    description="Rules.",
    data_class="internal",
    owners=(ANA.id,),
    edited_by=("officer",),
    created=T0,
)
CANTEEN = msgspec.structs.replace(HANDBOOK, id="coll_2", party="state", name="Canteen")
FILE = StoredFile(
    id="file_1", account=ANA.id, collection="coll_1", name="a.txt", size=3, sha256="", created=T0
)
INDEX = VectorIndex(
    id="vect_1", model="beta/far", version="far-1", cut="1", state="building", begun=T0
)
LATER = T0 + timedelta(days=1)


@pytest.fixture(params=["fake", "sqlite", "postgresql"])
def work(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[FileWork]:
    if request.param == "fake":
        yield FakeFileStore({"conv_1": ANA.id, "conv_2": MARC.id}, ANA, MARC)
        return
    url = f"sqlite:///{tmp_path}/changeover.db"
    if request.param == "postgresql":
        url = request.getfixturevalue("postgres_url")
    with Database(url) as database, database.begin() as opened:
        for account, name in ((ANA, "conv_1"), (MARC, "conv_2")):
            opened.accounts.add(account, None)
            opened.conversations.add(
                StoredConversation(
                    id=name, account=account.id, service="s", title="", created=T0, changed=T0
                )
            )
        yield opened


def bring(work: FileWork, file: StoredFile, passages: int = 2) -> None:
    work.files.add(file)
    assert work.files.receive(file.id, 0, b"abc")
    ready = msgspec.structs.replace(file, state="ready", received=3, found=Found(passages=passages))
    work.files.settle(ready, b"abc")


def test_collections_are_kept_and_found_by_their_parties(work: FileWork):
    for one in (HANDBOOK, CANTEEN):
        work.collections.put(one)
    assert work.collections.of(("bureau", "state")) == [HANDBOOK, CANTEEN]
    assert work.collections.of(("state",)) == [CANTEEN]
    assert work.collections.get("coll_3") is None
    anew = msgspec.structs.replace(HANDBOOK, name="Rules", data_class="secret", owners=(MARC.id,))
    work.collections.put(anew)
    assert work.collections.get("coll_1") == anew


def test_a_removed_collection_is_kept_until_it_is_forgotten(work: FileWork):
    work.collections.put(HANDBOOK)
    work.collections.remove("coll_1", T0)
    assert work.collections.of(("bureau",)) == []
    assert work.collections.get("coll_1") == msgspec.structs.replace(HANDBOOK, removed=T0)
    work.collections.put(HANDBOOK)
    assert work.collections.of(("bureau",)) == []
    work.collections.remove("coll_1", None)
    assert work.collections.of(("bureau",)) == [HANDBOOK]
    work.collections.remove("coll_1", T0)
    assert work.collections.removed_before(T0) == []
    assert [one.id for one in work.collections.removed_before(LATER)] == ["coll_1"]
    work.collections.forget([])
    assert work.collections.get("coll_1") is not None
    work.collections.forget(["coll_1"])
    assert work.collections.get("coll_1") is None


def test_what_a_conversation_asks_keeps_the_name_by_which_it_was_chosen(work: FileWork):
    work.collections.put(HANDBOOK)
    asked = [Asked(collection="coll_1", name="Handbook"), Asked(collection="coll_2", name="Old")]
    work.collections.ask("conv_1", ANA.id, asked)
    work.collections.ask("conv_2", MARC.id, [asked[1]])
    assert work.collections.asked("conv_1") == asked
    assert work.collections.asked_as(ANA.id, "coll_1") == "Handbook"
    assert work.collections.asked_as(MARC.id, "coll_1") is None
    work.collections.ask("conv_1", ANA.id, [])
    assert work.collections.asked("conv_1") == []
    assert work.collections.asked_as(ANA.id, "coll_2") is None
    assert work.collections.asked_as(MARC.id, "coll_2") == "Old"


def test_files_of_collections_are_counted_and_put_away(work: FileWork):
    for one in (HANDBOOK, CANTEEN):
        work.collections.put(one)
    bring(work, FILE)
    work.files.add(msgspec.structs.replace(FILE, id="file_2", name="b.txt"))
    assert work.collections.counts(["coll_1", "coll_2"]).get("coll_1") == Counts(
        files=2, unread=1, passages=2
    )
    assert [file.id for file in work.files.of_collections(["coll_1"])] == ["file_1", "file_2"]
    assert [(file.id, name) for file, name in work.files.collected()] == [("file_1", "internal")]
    work.files.put_away("file_1", T0)
    assert work.files.get("file_1").removed == T0
    assert [file.id for file in work.files.of_collections(["coll_1"])] == ["file_2"]
    assert work.files.collected() == []
    assert work.files.put_away_before(T0) == []
    assert [file.id for file in work.files.put_away_before(LATER)] == ["file_1"]
    work.files.put_away("file_1", None)
    assert len(work.files.collected()) == 1
    work.collections.remove("coll_1", T0)
    assert work.files.collected() == []


def test_what_made_the_indexes_of_files_is_told_together(work: FileWork):
    bring(work, FILE)
    work.files.put_index("file_1", "words 1", Indexed(passages=(), stems=()))
    assert work.files.makers(["file_1", "file_2"]) == {"file_1": "words 1"}


def test_pieces_are_kept_once_and_only_of_files_that_stand(work: FileWork):
    bring(work, FILE, passages=3)
    work.vectors.add(INDEX)
    first = Piece(file="file_1", first=0, count=2, body=b"\0\1\2\3")
    last = Piece(file="file_1", first=2, count=1, body=b"\4\5")
    for piece in (last, first, msgspec.structs.replace(first, body=b"other")):
        work.vectors.add_piece("vect_1", piece)
    work.vectors.add_piece("vect_1", msgspec.structs.replace(first, file="gone"))
    work.vectors.add_piece("vect_2", first)
    assert work.vectors.covered("vect_1") == {"file_1": 3}
    assert work.vectors.pieces("vect_1", ["file_1", "gone"]) == [first, last]
    work.files.remove("file_1")
    assert work.vectors.covered("vect_1") == {}


def test_an_index_serves_in_place_of_every_other(work: FileWork):
    bring(work, FILE)
    piece = Piece(file="file_1", first=0, count=2, body=b"\0\1")
    new = msgspec.structs.replace(INDEX, id="vect_2", version="far-2", begun=LATER)
    for one in (new, INDEX):
        work.vectors.add(one)
        work.vectors.add_piece(one.id, piece)
    assert work.vectors.all() == [INDEX, new]
    work.vectors.serve("vect_2")
    assert work.vectors.all() == [msgspec.structs.replace(new, state="serving")]
    assert work.vectors.covered("vect_1") == {}
    assert work.vectors.covered("vect_2") == {"file_1": 2}
    work.vectors.forget("vect_2")
    assert work.vectors.all() == []


def test_one_process_works_at_an_index(work: FileWork):
    work.vectors.add(INDEX)
    assert work.vectors.take("vect_1", "s1", None)
    assert not work.vectors.take("vect_1", "s2", None)
    assert work.vectors.take("vect_1", "s2", "s1")
    assert not work.vectors.take("vect_2", "s2", None)
    assert [one.start for one in work.vectors.all()] == ["s2"]
