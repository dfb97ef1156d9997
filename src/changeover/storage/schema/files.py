"""Files of people's conversations."""

from sqlalchemy import BigInteger, Column, ForeignKey, Index, LargeBinary, Table, Text

from changeover.storage.schema.base import metadata

# Files of people's conversations. A piece of one that is coming stands under its offset; the
# same bytes are kept once. `found` is what reading told, JSON; `start` the process that reads.
file = Table(
    "file",
    metadata,
    Column("id", Text, primary_key=True),
    Column("account", Text, ForeignKey("account.id"), nullable=False),
    Column("conversation", Text, ForeignKey("conversation.id"), nullable=False),
    Column("name", Text, nullable=False),
    Column("size", BigInteger, nullable=False),
    Column("sha256", Text, nullable=False),
    Column("created", BigInteger, nullable=False),
    Column("state", Text, nullable=False),
    Column("received", BigInteger, nullable=False),
    Column("start", Text),
    Column("found", LargeBinary, nullable=False),
)
Index("ix_file_conversation", file.c.conversation)
Index("ix_file_sha256", file.c.sha256)

file_chunk = Table(
    "file_chunk",
    metadata,
    Column("file", Text, primary_key=True),
    Column("offset", BigInteger, primary_key=True, autoincrement=False),
    Column("content", LargeBinary, nullable=False),
)

file_content = Table(
    "file_content",
    metadata,
    Column("sha256", Text, primary_key=True),
    Column("content", LargeBinary, nullable=False),
)

# A file's text, and the index of its passages with what made it, both JSON.
file_text = Table(
    "file_text",
    metadata,
    Column("file", Text, primary_key=True),
    Column("body", LargeBinary, nullable=False),
)

file_index = Table(
    "file_index",
    metadata,
    Column("file", Text, primary_key=True),
    Column("maker", Text, nullable=False),
    Column("body", LargeBinary, nullable=False),
)
