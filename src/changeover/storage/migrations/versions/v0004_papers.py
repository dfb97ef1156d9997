"""Papers: what officers write beside the record, version by version."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

_serial = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "paper",
        sa.Column("seq", _serial, primary_key=True, autoincrement=True),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.Column("by", sa.Text, nullable=False),
        sa.Column("account", sa.Text),
        sa.Column("body", sa.LargeBinary),
        sa.UniqueConstraint("kind", "id", "version"),
        sqlite_autoincrement=True,
    )
