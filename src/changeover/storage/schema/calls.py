"""Calls of services to vendors: their keys, what came of them, and the vendors' credentials."""

from sqlalchemy import BigInteger, Boolean, Column, Index, Integer, LargeBinary, Table, Text

from changeover.storage.schema.base import metadata

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
    Column("key", Text),
    Column("cost", BigInteger),
    Column("cost_basis", Text),
    Column("cached_tokens", BigInteger),
    Column("cache_written_tokens", BigInteger),
    Column("reasoning_tokens", BigInteger),
)
Index("ix_call_service_route_at", call.c.service, call.c.route, call.c.at)
Index("ix_call_at", call.c.at)

# Days (UTC, counted from 1970-01-01) on which a service called a maker for a purpose.
use = Table(
    "use",
    metadata,
    Column("service", Text, primary_key=True),
    Column("purpose", Text, primary_key=True),
    Column("maker", Text, primary_key=True),
    Column("day", Integer, primary_key=True, autoincrement=False),
)

# Every limit that was set, in order; without an amount, that it was lifted.
spending_limit = Table(
    "spending_limit",
    metadata,
    Column("number", BigInteger, primary_key=True, autoincrement=False),
    Column("subject", Text, nullable=False),
    Column("named", Text, nullable=False),
    Column("measure", Text, nullable=False),
    Column("period", Text, nullable=False),
    Column("amount", BigInteger),
    Column("set_by", Text, nullable=False),
    Column("set_at", BigInteger, nullable=False),
)

# What each process was let out of an account (a limit in a period), and what of it is settled.
# The row without a start holds what was spent before the account was begun.
allowance = Table(
    "allowance",
    metadata,
    Column("account", Text, primary_key=True),
    Column("start", Text, primary_key=True),
    Column("drawn", BigInteger, nullable=False),
    Column("settled", BigInteger, nullable=False),
)

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
