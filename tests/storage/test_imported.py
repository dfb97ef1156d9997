"""What undoing an import leaves in the database: nothing."""

import hashlib
from pathlib import Path

import pytest
from sqlalchemy import create_engine, func, select

from changeover.chat.imported import Imported
from changeover.documents.model import FileText, Indexed, Passage, StoredFile
from changeover.storage.database import Database
from changeover.storage.schema import file_chunk, file_content, file_index, file_text
from tests.chat.world import ANA
from tests.contracts.test_conversations_contract import CONVERSATION
from tests.orders.worlds import T0

CONTENT = b"Minutes of the meeting."
FILE = StoredFile(
    id="file_1",
    account=ANA.id,
    conversation=CONVERSATION.id,
    name="minutes.txt",
    size=len(CONTENT),
    sha256=hashlib.sha256(CONTENT).hexdigest(),
    created=T0,
)


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_files_that_were_attached_go_with_their_conversation(
    kind: str, request: pytest.FixtureRequest, tmp_path: Path
):
    url = f"sqlite:///{tmp_path}/changeover.db"
    if kind == "postgresql":
        url = request.getfixturevalue("postgres_url")
    with Database(url) as database:
        with database.begin() as work:
            work.accounts.add(ANA, None)
            work.conversations.add(CONVERSATION)
            work.imported.add(
                Imported(
                    conversation=CONVERSATION.id,
                    account=ANA.id,
                    act="import_1",
                    file="conversations.json",
                    source="chatgpt",
                    source_id="c0ffee",
                    digest="d1",
                    at=T0,
                )
            )
            work.files.add(FILE)
            work.files.settle(FILE, CONTENT)
            work.files.put_text(FILE.id, FileText(text=CONTENT.decode()))
            passage = Passage(start=0, end=len(CONTENT), page=1)
            work.files.put_index(
                FILE.id, "words", Indexed(passages=(passage,), stems=(("en:minut",),))
            )
        with database.begin() as work:
            work.removed.remove(CONVERSATION.id)
    engine = create_engine(url)
    try:
        with engine.connect() as connection:
            for table in (file_chunk, file_content, file_text, file_index):
                count = connection.scalar(select(func.count()).select_from(table))
                assert count == 0, table.name
    finally:
        engine.dispose()
