"""Conversations and what belongs to their owners."""

from sqlalchemy import (
    BigInteger,
    Column,
    ForeignKey,
    Index,
    LargeBinary,
    Table,
    Text,
    UniqueConstraint,
)

from changeover.storage.schema.base import Serial, metadata

# One that was removed is kept, so that it can be brought back with what is in it.
folder = Table(
    "folder",
    metadata,
    Column("id", Text, primary_key=True),
    Column("account", Text, ForeignKey("account.id"), nullable=False),
    Column("name", Text, nullable=False),
    Column("created", BigInteger, nullable=False),
    Column("removed", BigInteger),
)
Index("ix_folder_account", folder.c.account)

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
    Column("folder", Text),
    Column("temporary_until", BigInteger),
    Column("removed", BigInteger),
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

# With a `party` it is shared there. One that was removed is kept, so that it can be brought back.
prompt = Table(
    "prompt",
    metadata,
    Column("id", Text, primary_key=True),
    Column("account", Text, ForeignKey("account.id"), nullable=False),
    Column("party", Text),
    Column("name", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("changed", BigInteger, nullable=False),
    Column("removed", BigInteger),
)
Index("ix_prompt_account", prompt.c.account)
Index("ix_prompt_party", prompt.c.party)

# What others of a party read, up to a turn and until an instant; `by` is its owner's name.
share = Table(
    "share",
    metadata,
    Column("id", Text, primary_key=True),
    Column("conversation", Text, ForeignKey("conversation.id"), nullable=False),
    Column("account", Text, nullable=False),
    Column("by", Text, nullable=False),
    Column("party", Text, nullable=False),
    Column("up_to", Text, nullable=False),
    Column("begun", BigInteger, nullable=False),
    Column("until", BigInteger, nullable=False),
    Column("ended", BigInteger),
)
Index("ix_share_account", share.c.account)

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

# What a person says of an answer: `rating` is 1 or -1.
feedback = Table(
    "feedback",
    metadata,
    Column("turn", Text, ForeignKey("turn.id"), primary_key=True),
    Column("account", Text, ForeignKey("account.id"), nullable=False),
    Column("rating", BigInteger, nullable=False),
    Column("words", Text, nullable=False),
    Column("at", BigInteger, nullable=False),
)
Index("ix_feedback_at", feedback.c.at)

notice_ack = Table(
    "notice_ack",
    metadata,
    Column("account", Text, primary_key=True),
    Column("notice", Text, primary_key=True),
    Column("at", BigInteger, nullable=False),
)
