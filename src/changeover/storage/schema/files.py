"""Files of people's conversations and of parties' collections, and indexes of their passages."""

from sqlalchemy import BigInteger, Column, ForeignKey, Index, LargeBinary, Table, Text

from changeover.storage.schema.base import metadata

# One that was removed is kept for a time, so that it can be brought back with what is in it.
# The body has who looks after it, as JSON.
collection = Table(
    "collection",
    metadata,
    Column("id", Text, primary_key=True),
    Column("party", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("data_class", Text, nullable=False),
    Column("body", LargeBinary, nullable=False),
    Column("created", BigInteger, nullable=False),
    Column("removed", BigInteger),
)
Index("ix_collection_party", collection.c.party)

# Which collections a conversation asks, under the name that each had when it was chosen.
asked_collection = Table(
    "asked_collection",
    metadata,
    Column("conversation", Text, ForeignKey("conversation.id"), primary_key=True),
    Column("collection", Text, primary_key=True),
    Column("account", Text, nullable=False),
    Column("name", Text, nullable=False),
)
Index("ix_asked_collection_account", asked_collection.c.account, asked_collection.c.collection)

# Files of a conversation or of a collection. A piece of one that is coming stands under its
# offset; the same bytes are kept once. `found` is what reading told, JSON; `start` the process
# that reads.
file = Table(
    "file",
    metadata,
    Column("id", Text, primary_key=True),
    Column("account", Text, ForeignKey("account.id"), nullable=False),
    Column("conversation", Text, ForeignKey("conversation.id")),
    Column("name", Text, nullable=False),
    Column("size", BigInteger, nullable=False),
    Column("sha256", Text, nullable=False),
    Column("created", BigInteger, nullable=False),
    Column("state", Text, nullable=False),
    Column("received", BigInteger, nullable=False),
    Column("start", Text),
    Column("found", LargeBinary, nullable=False),
    Column("collection", Text),
    Column("removed", BigInteger),
)
Index("ix_file_conversation", file.c.conversation)
Index("ix_file_collection", file.c.collection)
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

# Which model and version made the vectors of an index, of passages cut how, and which process
# works at it. The pieces hold
# the vectors of some of a file's passages, beginning with the `first`, as numbers of two bytes.
vector_index = Table(
    "vector_index",
    metadata,
    Column("id", Text, primary_key=True),
    Column("model", Text, nullable=False),
    Column("version", Text, nullable=False),
    Column("cut", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("begun", BigInteger, nullable=False),
    Column("start", Text),
)

vector_piece = Table(
    "vector_piece",
    metadata,
    Column("index", Text, primary_key=True),
    Column("file", Text, primary_key=True),
    Column("first", BigInteger, primary_key=True, autoincrement=False),
    Column("count", BigInteger, nullable=False),
    Column("body", LargeBinary, nullable=False),
)
Index("ix_vector_piece_file", vector_piece.c.file)
