"""What was recorded: instruments and the ledger, and what officers write beside them."""

from sqlalchemy import (
    BigInteger,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from changeover.storage.schema.base import Serial, metadata

record = Table(
    "record",
    metadata,
    Column("seq", Serial, primary_key=True, autoincrement=True),
    Column("kind", Text, nullable=False),
    Column("key", Text, nullable=False),
    Column("recorded", BigInteger, nullable=False),
    Column("body", LargeBinary, nullable=False),
    sqlite_autoincrement=True,
)
_instrument = text("kind = 'instrument'")
Index(
    "ux_record_instrument",
    record.c.key,
    unique=True,
    sqlite_where=_instrument,
    postgresql_where=_instrument,
)

ledger_entry = Table(
    "ledger_entry",
    metadata,
    Column("index", Serial, primary_key=True, autoincrement=False),
    Column("kind", Text, nullable=False),
    Column("body", LargeBinary, nullable=False),
    Column("leaf", LargeBinary, nullable=False),
)

ledger_checkpoint = Table(
    "ledger_checkpoint",
    metadata,
    Column("size", Serial, primary_key=True, autoincrement=False),
    Column("root", LargeBinary, nullable=False),
    Column("note", LargeBinary, nullable=False),
)

# What others say of checkpoints: authorities that stamp a time, and witnesses.
ledger_stamp = Table(
    "ledger_stamp",
    metadata,
    Column("size", BigInteger, primary_key=True, autoincrement=False),
    Column("kind", Text, primary_key=True),
    Column("name", Text, primary_key=True),
    Column("body", LargeBinary, nullable=False),
    Column("at", BigInteger, nullable=False),
)

# What waits for the sequencer: entries in the order of their transactions, as far as there is one.
ledger_queue = Table(
    "ledger_queue",
    metadata,
    Column("id", Serial, primary_key=True, autoincrement=True),
    Column("kind", Text, nullable=False),
    Column("body", LargeBinary, nullable=False),
    sqlite_autoincrement=True,
)

# One row: the tree's size and the hashes of its full subtrees, one after the other.
ledger_tree = Table(
    "ledger_tree",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("size", BigInteger, nullable=False),
    Column("subtrees", LargeBinary, nullable=False),
)

document = Table(
    "document",
    metadata,
    Column("sha256", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("content", LargeBinary, nullable=False),
    Column("captured", BigInteger, nullable=False),
    Column("address", Text, nullable=False, server_default=""),
    Column("account", Text),
    Column("reading", LargeBinary),
)

draft = Table(
    "draft",
    metadata,
    Column("seq", Serial, primary_key=True, autoincrement=True),
    Column("id", Text, nullable=False, unique=True),
    Column("document", Text, ForeignKey("document.sha256"), nullable=False),
    Column("body", LargeBinary, nullable=False),
    Column("created", BigInteger, nullable=False),
    Column("issued_as", Text),
    sqlite_autoincrement=True,
)

claim = Table(
    "claim",
    metadata,
    Column("seq", Serial, primary_key=True, autoincrement=True),
    Column("id", Text, nullable=False, unique=True),
    Column("document", Text, ForeignKey("document.sha256"), nullable=False),
    Column("body", LargeBinary, nullable=False),
    Column("created", BigInteger, nullable=False),
    sqlite_autoincrement=True,
)

proposal = Table(
    "proposal",
    metadata,
    Column("id", Text, primary_key=True),
    Column("body", LargeBinary, nullable=False),
    Column("entered_by", Text, nullable=False),
    Column("entered", BigInteger, nullable=False),
    Column("state", Text, nullable=False),
    Column("settled_by", Text),
    Column("settled", BigInteger),
)

# What officers write beside the record, version by version; no body where it was removed.
paper = Table(
    "paper",
    metadata,
    Column("seq", Serial, primary_key=True, autoincrement=True),
    Column("kind", Text, nullable=False),
    Column("id", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("by", Text, nullable=False),
    Column("account", Text),
    Column("body", LargeBinary),
    UniqueConstraint("kind", "id", "version"),
    sqlite_autoincrement=True,
)

# Letters on their way. Only what is queued or being sent is looked for by `due`.
delivery = Table(
    "delivery",
    metadata,
    Column("seq", Serial, primary_key=True, autoincrement=True),
    Column("id", Text, nullable=False, unique=True),
    Column("message", Text, nullable=False, index=True),
    Column("place", Integer, nullable=False),
    Column("channel", Text, nullable=False),
    Column("to", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("due", BigInteger, nullable=False),
    Column("said", Text, nullable=False),
    Column("changed", BigInteger, nullable=False),
    sqlite_autoincrement=True,
)
Index("delivery_due", delivery.c.state, delivery.c.due)
