"""Files in the fake and in both databases."""

import hashlib
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from changeover.basics.errors import NotFoundError
from changeover.chat.model import StoredConversation
from changeover.documents.model import FileText, Found, Indexed, Passage, StoredFile
from changeover.documents.ports import Files
from changeover.storage.database import Database
from tests.chat.world import ANA
from tests.documents.fakes import FakeFiles
from tests.orders.worlds import T0

CONTENT = b"The office moved."
FILE = StoredFile(
    id="file_1",
    account=ANA.id,
    conversation="conv_1",
    name="a.txt",
    size=len(CONTENT),
    sha256=hashlib.sha256(CONTENT).hexdigest(),
    created=T0,
)
SECOND = msgspec.structs.replace(FILE, id="file_2", name="b.txt")
INDEX = Indexed(passages=(Passage(start=0, end=17, page=1),), stems=(("en:offic", "en:move"),))


@pytest.fixture(params=["fake", "sqlite", "postgresql"])
def files(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Files]:
    if request.param == "fake":
        yield FakeFiles({"conv_1": ANA.id})
        return
    url = f"sqlite:///{tmp_path}/changeover.db"
    if request.param == "postgresql":
        url = request.getfixturevalue("postgres_url")
    with Database(url) as database, database.begin() as work:
        work.accounts.add(ANA, None)
        work.conversations.add(
            StoredConversation(
                id="conv_1", account=ANA.id, service="desk", title="", created=T0, changed=T0
            )
        )
        yield work.files


def bring(files: Files, file: StoredFile) -> StoredFile:
    files.add(file)
    assert files.receive(file.id, 0, CONTENT)
    read = msgspec.structs.replace(files.get(file.id), state="reading", start="s1")
    files.settle(read, files.received(file.id))
    return read


def test_pieces_are_taken_where_those_before_them_ended_and_only_there(files: Files):
    files.add(FILE)
    assert files.owner("conv_1") == ANA.id
    assert files.owner("conv_2") is None
    assert files.receive(FILE.id, 0, CONTENT[:6])
    assert not files.receive(FILE.id, 0, CONTENT[:6])
    assert not files.receive(FILE.id, 7, CONTENT[7:])
    assert files.get(FILE.id).received == 6
    assert files.receive(FILE.id, 6, CONTENT[6:])
    assert files.received(FILE.id) == CONTENT


def test_the_same_bytes_are_kept_until_the_last_file_that_has_them_goes(files: Files):
    bring(files, FILE)
    bring(files, SECOND)
    assert [file.id for file in files.of("conv_1")] == ["file_1", "file_2"]
    files.remove(FILE.id)
    assert files.content(FILE.sha256) == CONTENT
    files.remove(SECOND.id)
    assert files.of("conv_1") == []
    with pytest.raises(NotFoundError):
        files.content(FILE.sha256)
    with pytest.raises(NotFoundError):
        files.get(FILE.id)


def test_one_process_takes_up_what_another_left_unread(files: Files):
    read = bring(files, FILE)
    assert files.reading() == [read]
    assert not files.take(FILE.id, "s3", "s2")
    assert files.take(FILE.id, "s2", "s1")
    assert not files.take(FILE.id, "s3", "s1")
    ready = msgspec.structs.replace(
        read, state="ready", start=None, found=Found(passages=1, language="fr")
    )
    files.settle(ready, None)
    assert files.reading() == []
    assert files.get(FILE.id) == ready


def test_text_and_index_stay_and_an_index_replaces_the_one_before(files: Files):
    bring(files, FILE)
    assert files.text(FILE.id) is None
    assert files.index(FILE.id) is None
    text = FileText(text="The office\nmoved — là.", pages=(0, 11), notes=("So.",))
    files.put_text(FILE.id, text)
    files.put_index(FILE.id, "one", INDEX)
    assert files.text(FILE.id) == text
    assert files.index(FILE.id) == ("one", INDEX)
    assert files.made_otherwise("two") == [FILE.id]
    files.put_index(FILE.id, "two", INDEX)
    assert files.made_otherwise("two") == []
    files.remove(FILE.id)
    assert files.text(FILE.id) is None
    assert files.index(FILE.id) is None


def test_what_was_removed_while_it_was_read_is_not_kept(files: Files):
    bring(files, FILE)
    files.remove(FILE.id)
    files.put_text(FILE.id, FileText(text="x"))
    files.put_index(FILE.id, "one", INDEX)
    assert files.text(FILE.id) is None
    assert files.index(FILE.id) is None
