"""Captures know where they were found, and on whose account."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    op.add_column("document", sa.Column("address", sa.Text, nullable=False, server_default=""))
    op.add_column("document", sa.Column("account", sa.Text))
