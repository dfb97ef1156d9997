"""People who sign in."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    LargeBinary,
    Table,
    Text,
    text,
)

from changeover.storage.schema.base import Serial, metadata

# Roles are a JSON list; no password means that the account cannot sign in with one. The
# subject is who the person is to the identity provider.
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
    Column("source", Text, nullable=False, server_default=text("'local'")),
    Column("subject", Text),
    Column("removed", BigInteger),
)
Index("ix_account_subject", account.c.subject, unique=True)

# What provisioning (SCIM) keeps beside an account: the person as it was told, in JSON.
provisioned_user = Table(
    "provisioned_user",
    metadata,
    Column("account", Text, ForeignKey("account.id"), primary_key=True),
    Column("external_id", Text),
    Column("profile", Text, nullable=False),
    Column("active", Boolean),
    Column("created", BigInteger, nullable=False),
    Column("changed", BigInteger, nullable=False),
    Column("version", BigInteger, nullable=False),
)
Index("ix_provisioned_user_external_id", provisioned_user.c.external_id)

provisioned_group = Table(
    "provisioned_group",
    metadata,
    Column("id", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("external_id", Text),
    Column("created", BigInteger, nullable=False),
    Column("changed", BigInteger, nullable=False),
    Column("version", BigInteger, nullable=False),
)
Index("ix_provisioned_group_name", provisioned_group.c.name)

provisioned_member = Table(
    "provisioned_member",
    metadata,
    Column("group", Text, ForeignKey("provisioned_group.id"), primary_key=True),
    Column("account", Text, ForeignKey("account.id"), primary_key=True),
)
Index("ix_provisioned_member_account", provisioned_member.c.account)

# What a provisioning client shows; only its digest is kept.
provisioning_token = Table(
    "provisioning_token",
    metadata,
    Column("prefix", Text, primary_key=True),
    Column("digest", LargeBinary, nullable=False),
    Column("label", Text, nullable=False),
    Column("created", BigInteger, nullable=False),
    Column("created_by", Text, nullable=False),
    Column("revoked", BigInteger),
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
