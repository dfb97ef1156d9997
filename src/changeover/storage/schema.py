"""The tables, portable between SQLite and PostgreSQL.

Instants are whole microseconds since 1970-01-01T00:00Z. Bodies are the canonical
bytes that digests were taken of, so they are kept as bytes. Migrations make the
tables; a test holds the two equal.
"""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
    text,
)

metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    }
)

# SQLite numbers rows by itself only in a column declared INTEGER.
Serial = BigInteger().with_variant(Integer(), "sqlite")

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

service_key = Table(
    "service_key",
    metadata,
    Column("prefix", Text, primary_key=True),
    Column("digest", LargeBinary, nullable=False),
    Column("service", Text, nullable=False),
    Column("slot", Text, nullable=False),
    Column("label", Text, nullable=False),
    Column("created", BigInteger, nullable=False),
    Column("created_by", Text, nullable=False),
    Column("expires", BigInteger),
    Column("revoked", BigInteger),
    Column("scopes", Text, nullable=False, server_default='["chat","models"]'),
    Column("replaces", Text),
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

setting = Table(
    "setting",
    metadata,
    Column("name", Text, primary_key=True),
    Column("value", Text, nullable=False),
)

call = Table(
    "call",
    metadata,
    Column("start", Text, primary_key=True),
    Column("seq", BigInteger, primary_key=True, autoincrement=False),
    Column("at", BigInteger, nullable=False),
    Column("ended", BigInteger, nullable=False),
    Column("service", Text, nullable=False),
    Column("party", Text, nullable=False),
    Column("slot", Text, nullable=False),
    Column("purpose", Text, nullable=False),
    Column("maker", Text, nullable=False),
    Column("host", Text, nullable=False),
    Column("route", Text, nullable=False),
    Column("model", Text, nullable=False),
    Column("asked", Text, nullable=False),
    Column("outcome", Text, nullable=False),
    Column("result", Text, nullable=False),
    Column("status", Integer),
    Column("input_tokens", BigInteger),
    Column("output_tokens", BigInteger),
    Column("stand_in", Boolean, nullable=False),
)
Index("ix_call_service_route_at", call.c.service, call.c.route, call.c.at)

# Days (UTC, counted from 1970-01-01) on which a service called a maker for a purpose.
use = Table(
    "use",
    metadata,
    Column("service", Text, primary_key=True),
    Column("purpose", Text, primary_key=True),
    Column("maker", Text, primary_key=True),
    Column("day", Integer, primary_key=True, autoincrement=False),
)

# Roles are a JSON list; no password means that the account cannot sign in with one.
account = Table(
    "account",
    metadata,
    Column("id", Text, primary_key=True),
    Column("login", Text, nullable=False, unique=True),
    Column("name", Text, nullable=False),
    Column("party", Text, nullable=False),
    Column("roles", Text, nullable=False),
    Column("language", Text, nullable=False),
    Column("password", Text),
    Column("created", BigInteger, nullable=False),
    Column("disabled", BigInteger),
)

# Sessions and failures are on the machine's clock, also in a demonstration.
session = Table(
    "session",
    metadata,
    Column("digest", LargeBinary, primary_key=True),
    Column("account", Text, ForeignKey("account.id"), nullable=False),
    Column("csrf", Text, nullable=False),
    Column("created", BigInteger, nullable=False),
    Column("seen", BigInteger, nullable=False),
    Column("expires", BigInteger, nullable=False),
)
Index("ix_session_account", session.c.account)

sign_in_failure = Table(
    "sign_in_failure",
    metadata,
    Column("seq", Serial, primary_key=True, autoincrement=True),
    Column("login", Text, nullable=False),
    Column("address", Text, nullable=False),
    Column("at", BigInteger, nullable=False),
    sqlite_autoincrement=True,
)
Index("ix_sign_in_failure_login_at", sign_in_failure.c.login, sign_in_failure.c.at)
Index("ix_sign_in_failure_address_at", sign_in_failure.c.address, sign_in_failure.c.at)

conversation = Table(
    "conversation",
    metadata,
    Column("id", Text, primary_key=True),
    Column("account", Text, ForeignKey("account.id"), nullable=False),
    Column("service", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("created", BigInteger, nullable=False),
    Column("changed", BigInteger, nullable=False),
    Column("archived", BigInteger),
    Column("pinned", BigInteger),
)
Index("ix_conversation_account_changed", conversation.c.account, conversation.c.changed)

# The body is the turn's parts and `served` what answered, both JSON. A client's own
# id makes a turn that is sent twice one turn. `start` is the process that writes it.
turn = Table(
    "turn",
    metadata,
    Column("id", Text, primary_key=True),
    Column("conversation", Text, ForeignKey("conversation.id"), nullable=False),
    Column("parent", Text),
    Column("role", Text, nullable=False),
    Column("created", BigInteger, nullable=False),
    Column("state", Text, nullable=False),
    Column("body", LargeBinary, nullable=False),
    Column("served", LargeBinary),
    Column("client_id", Text),
    Column("start", Text),
    UniqueConstraint("conversation", "client_id"),
)
Index("ix_turn_state", turn.c.state)

chat_event = Table(
    "chat_event",
    metadata,
    Column("conversation", Text, primary_key=True),
    Column("seq", BigInteger, primary_key=True, autoincrement=False),
    Column("at", BigInteger, nullable=False),
    Column("kind", Text, nullable=False),
    Column("body", LargeBinary, nullable=False),
)

# What is searched: folded words of titles (`id` is the conversation's) and of turns. The
# database's own index over it is made in `search_index`.
searched = Table(
    "searched",
    metadata,
    Column("number", Serial, primary_key=True, autoincrement=True),
    Column("id", Text, nullable=False, unique=True),
    Column("conversation", Text, ForeignKey("conversation.id"), nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("words", Text, nullable=False),
    sqlite_autoincrement=True,
)

chat_instructions = Table(
    "chat_instructions",
    metadata,
    Column("account", Text, ForeignKey("account.id"), primary_key=True),
    Column("text", Text, nullable=False),
    Column("changed", BigInteger, nullable=False),
)

# What an account took in from a file, and by which act; `digest` is of what was said in it.
imported_conversation = Table(
    "imported_conversation",
    metadata,
    Column("conversation", Text, ForeignKey("conversation.id"), primary_key=True),
    Column("account", Text, nullable=False),
    Column("act", Text, nullable=False),
    Column("file", Text, nullable=False),
    Column("source", Text, nullable=False),
    Column("source_id", Text, nullable=False),
    Column("digest", Text, nullable=False),
    Column("at", BigInteger, nullable=False),
    UniqueConstraint("account", "digest"),
)
Index(
    "ix_imported_conversation_account_source_id",
    imported_conversation.c.account,
    imported_conversation.c.source_id,
)

notice_ack = Table(
    "notice_ack",
    metadata,
    Column("account", Text, primary_key=True),
    Column("notice", Text, primary_key=True),
    Column("at", BigInteger, nullable=False),
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

# One row: how often anything changed that every replica must know before its next call.
revision = Table(
    "revision",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("number", BigInteger, nullable=False),
)

# Processes that serve, by their start. Instants are on the database's clock; `revision`
# is what a process has loaded, `skew` how far its clock is from the database's.
replica = Table(
    "replica",
    metadata,
    Column("start", Text, primary_key=True),
    Column("host", Text, nullable=False),
    Column("pid", Integer, nullable=False),
    Column("address", Text, nullable=False),
    Column("version", Text, nullable=False),
    Column("began", BigInteger, nullable=False),
    Column("renewed", BigInteger, nullable=False),
    Column("lease_until", BigInteger, nullable=False),
    Column("revision", BigInteger, nullable=False),
    Column("skew", BigInteger, nullable=False),
    Column("state", Text, nullable=False),
)

# Acts that are in force at once: when each was in law, and when on every replica.
# `replicas` is JSON: who confirmed when, and whose lease ran out.
enforcement = Table(
    "enforcement",
    metadata,
    Column("revision", BigInteger, primary_key=True, autoincrement=False),
    Column("key", Text, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("legal", BigInteger, nullable=False),
    Column("committed", BigInteger, nullable=False),
    Column("settled", BigInteger),
    Column("replicas", LargeBinary, nullable=False),
)
Index("ix_enforcement_key", enforcement.c.key)

# Vendors' credentials, sealed with the installation's secret.
credential = Table(
    "credential",
    metadata,
    Column("host", Text, primary_key=True),
    Column("protocol", Text, primary_key=True),
    Column("base_url", Text, nullable=False),
    Column("sealed", LargeBinary, nullable=False),
    Column("set_by", Text, nullable=False),
    Column("set_at", BigInteger, nullable=False),
)

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
