"""People who sign in."""

from sqlalchemy import BigInteger, Column, ForeignKey, Index, LargeBinary, Table, Text

from changeover.storage.schema.base import Serial, metadata

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
