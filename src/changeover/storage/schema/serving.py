"""Processes that serve, and what they agree on."""

from sqlalchemy import BigInteger, Column, Index, Integer, LargeBinary, Table, Text

from changeover.storage.schema.base import metadata

setting = Table(
    "setting",
    metadata,
    Column("name", Text, primary_key=True),
    Column("value", Text, nullable=False),
)

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

# Answers under idempotency keys: `name` and `asked` are digests, and `sealed` is None while the
# call is under way in the process `start`.
kept_answer = Table(
    "kept_answer",
    metadata,
    Column("caller", Text, primary_key=True),
    Column("name", Text, primary_key=True),
    Column("asked", LargeBinary, nullable=False),
    Column("start", Text, nullable=False),
    Column("began", BigInteger, nullable=False),
    Column("until", BigInteger, nullable=False),
    Column("sealed", LargeBinary),
)
Index("ix_kept_answer_until", kept_answer.c.until)

# How routes are doing as each process sees it, told every few seconds; `told` is JSON.
process_health = Table(
    "process_health",
    metadata,
    Column("start", Text, primary_key=True),
    Column("at", BigInteger, nullable=False),
    Column("told", LargeBinary, nullable=False),
)
