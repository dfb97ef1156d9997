"""Accounts tell where they come from and may be removed; what provisioning (SCIM) keeps."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"


def upgrade() -> None:
    op.add_column(
        "account", sa.Column("source", sa.Text, nullable=False, server_default=sa.text("'local'"))
    )
    op.add_column("account", sa.Column("subject", sa.Text))
    op.add_column("account", sa.Column("removed", sa.BigInteger))
    op.create_index("ix_account_subject", "account", ["subject"], unique=True)
    op.create_table(
        "provisioned_user",
        sa.Column("account", sa.Text, sa.ForeignKey("account.id"), primary_key=True),
        sa.Column("external_id", sa.Text),
        sa.Column("profile", sa.Text, nullable=False),
        sa.Column("active", sa.Boolean),
        sa.Column("created", sa.BigInteger, nullable=False),
        sa.Column("changed", sa.BigInteger, nullable=False),
        sa.Column("version", sa.BigInteger, nullable=False),
    )
    op.create_index("ix_provisioned_user_external_id", "provisioned_user", ["external_id"])
    op.create_table(
        "provisioned_group",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("external_id", sa.Text),
        sa.Column("created", sa.BigInteger, nullable=False),
        sa.Column("changed", sa.BigInteger, nullable=False),
        sa.Column("version", sa.BigInteger, nullable=False),
    )
    op.create_index("ix_provisioned_group_name", "provisioned_group", ["name"])
    op.create_table(
        "provisioned_member",
        sa.Column("group", sa.Text, sa.ForeignKey("provisioned_group.id"), primary_key=True),
        sa.Column("account", sa.Text, sa.ForeignKey("account.id"), primary_key=True),
    )
    op.create_index("ix_provisioned_member_account", "provisioned_member", ["account"])
    op.create_table(
        "provisioning_token",
        sa.Column("prefix", sa.Text, primary_key=True),
        sa.Column("digest", sa.LargeBinary, nullable=False),
        sa.Column("label", sa.Text, nullable=False),
        sa.Column("created", sa.BigInteger, nullable=False),
        sa.Column("created_by", sa.Text, nullable=False),
        sa.Column("revoked", sa.BigInteger),
    )
