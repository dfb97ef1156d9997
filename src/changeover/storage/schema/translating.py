"""Translations of texts and documents, with what was given and their segments."""

from sqlalchemy import BigInteger, Column, ForeignKey, Index, LargeBinary, Table, Text

from changeover.storage.schema.base import metadata

# The body has what only translation understands, as JSON; `start` is the process that works at it.
translation = Table(
    "translation",
    metadata,
    Column("id", Text, primary_key=True),
    Column("account", Text, ForeignKey("account.id"), nullable=False),
    Column("state", Text, nullable=False),
    Column("start", Text),
    Column("changed", BigInteger, nullable=False),
    Column("removed", BigInteger),
    Column("body", LargeBinary, nullable=False),
    Column("original", LargeBinary, nullable=False),
)
Index("ix_translation_account", translation.c.account)
Index("ix_translation_state", translation.c.state)

translation_segment = Table(
    "translation_segment",
    metadata,
    Column("translation", Text, ForeignKey("translation.id"), primary_key=True),
    Column("number", BigInteger, primary_key=True, autoincrement=False),
    Column("state", Text, nullable=False),
    Column("version", BigInteger, nullable=False),
    Column("body", LargeBinary, nullable=False),
)
Index(
    "ix_translation_segment_state", translation_segment.c.translation, translation_segment.c.state
)
