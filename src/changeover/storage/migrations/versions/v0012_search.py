"""People search their conversations: what there is already is indexed."""

import msgspec
import sqlalchemy as sa
from alembic import op

from changeover.chat.finding import indexed
from changeover.storage.bodies import words_of_body
from changeover.storage.search_index import fill_index, make_index

revision = "0012"
down_revision = "0011"

_AT_ONCE = 200


def upgrade() -> None:
    searched = op.create_table(
        "searched",
        sa.Column(
            "number",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            primary_key=True,
            autoincrement=True,
        ),
        sa.Column("id", sa.Text, nullable=False, unique=True),
        sa.Column("conversation", sa.Text, sa.ForeignKey("conversation.id"), nullable=False),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.Column("words", sa.Text, nullable=False),
        sqlite_autoincrement=True,
    )
    connection = op.get_bind()
    make_index(connection)
    titles = sa.text("SELECT id, id, created, title FROM conversation")
    for name, conversation, at, title in sorted(map(tuple, connection.execute(titles))):
        _keep(connection, searched, (name, conversation, at, title))
    last = ""
    turns = sa.text(
        "SELECT id, conversation, created, body FROM turn "
        "WHERE id > :last AND state <> 'generating' ORDER BY id LIMIT :most"
    )
    while rows := connection.execute(turns, {"last": last, "most": _AT_ONCE}).all():
        for name, conversation, at, body in rows:
            _keep(connection, searched, (name, conversation, at, _words(bytes(body))))
        last = rows[-1].id
    fill_index(connection)


def _words(body: bytes) -> str:
    try:
        return words_of_body(body)
    except msgspec.DecodeError:
        return ""  # No turn of ours: what cannot be read cannot be searched.


def _keep(connection: sa.Connection, searched: sa.Table, found: tuple[str, str, int, str]) -> None:
    name, conversation, at, text = found
    if words := indexed(text):
        row = {"id": name, "conversation": conversation, "at": at, "words": words}
        connection.execute(sa.insert(searched).values(row))
