"""Many replicas: leases, the ledger's queue, keys' scopes, vendors' credentials."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

_serial = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    _replicas()
    _ledger()
    _keys_and_credentials()
    with op.batch_alter_table("turn") as turn:
        turn.add_column(sa.Column("start", sa.Text))


def _replicas() -> None:
    revision_table = op.create_table(
        "revision",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("number", sa.BigInteger, nullable=False),
    )
    op.bulk_insert(revision_table, [{"id": 1, "number": 0}])
    op.create_table(
        "replica",
        sa.Column("start", sa.Text, primary_key=True),
        sa.Column("host", sa.Text, nullable=False),
        sa.Column("pid", sa.Integer, nullable=False),
        sa.Column("address", sa.Text, nullable=False),
        sa.Column("version", sa.Text, nullable=False),
        sa.Column("began", sa.BigInteger, nullable=False),
        sa.Column("renewed", sa.BigInteger, nullable=False),
        sa.Column("lease_until", sa.BigInteger, nullable=False),
        sa.Column("revision", sa.BigInteger, nullable=False),
        sa.Column("skew", sa.BigInteger, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
    )
    op.create_table(
        "enforcement",
        sa.Column("revision", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("key", sa.Text, primary_key=True),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("legal", sa.BigInteger, nullable=False),
        sa.Column("committed", sa.BigInteger, nullable=False),
        sa.Column("settled", sa.BigInteger),
        sa.Column("replicas", sa.LargeBinary, nullable=False),
    )
    op.create_index("ix_enforcement_key", "enforcement", ["key"])


def _ledger() -> None:
    op.create_table(
        "ledger_queue",
        sa.Column("id", _serial, primary_key=True, autoincrement=True),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("body", sa.LargeBinary, nullable=False),
        sqlite_autoincrement=True,
    )
    # A call's place in the ledger is the sequencer's to give, after the call was recorded.
    with op.batch_alter_table("call") as call:
        call.drop_constraint("uq_call_ledger_index", type_="unique")
        call.drop_column("ledger_index")


def _keys_and_credentials() -> None:
    with op.batch_alter_table("service_key") as key:
        scopes = '["chat","models"]'
        key.add_column(sa.Column("scopes", sa.Text, nullable=False, server_default=scopes))
        key.add_column(sa.Column("replaces", sa.Text))
    op.create_table(
        "credential",
        sa.Column("host", sa.Text, primary_key=True),
        sa.Column("protocol", sa.Text, primary_key=True),
        sa.Column("base_url", sa.Text, nullable=False),
        sa.Column("sealed", sa.LargeBinary, nullable=False),
        sa.Column("set_by", sa.Text, nullable=False),
        sa.Column("set_at", sa.BigInteger, nullable=False),
    )
