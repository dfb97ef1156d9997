"""Collections of files, what of them a conversation asks, and vectors of their passages."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"


def upgrade() -> None:
    op.create_table(
        "collection",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("party", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("data_class", sa.Text, nullable=False),
        sa.Column("body", sa.LargeBinary, nullable=False),
        sa.Column("created", sa.BigInteger, nullable=False),
        sa.Column("removed", sa.BigInteger),
    )
    op.create_index("ix_collection_party", "collection", ["party"])
    op.create_table(
        "asked_collection",
        sa.Column("conversation", sa.Text, sa.ForeignKey("conversation.id"), primary_key=True),
        sa.Column("collection", sa.Text, primary_key=True),
        sa.Column("account", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
    )
    op.create_index("ix_asked_collection_account", "asked_collection", ["account", "collection"])
    with op.batch_alter_table("file") as file:
        file.alter_column("conversation", existing_type=sa.Text, nullable=True)
        file.add_column(sa.Column("collection", sa.Text))
        file.add_column(sa.Column("removed", sa.BigInteger))
        file.create_index("ix_file_collection", ["collection"])
    op.create_table(
        "vector_index",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("model", sa.Text, nullable=False),
        sa.Column("version", sa.Text, nullable=False),
        sa.Column("cut", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("begun", sa.BigInteger, nullable=False),
        sa.Column("start", sa.Text),
    )
    op.create_table(
        "vector_piece",
        sa.Column("index", sa.Text, primary_key=True),
        sa.Column("file", sa.Text, primary_key=True),
        sa.Column("first", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("count", sa.BigInteger, nullable=False),
        sa.Column("body", sa.LargeBinary, nullable=False),
    )
    op.create_index("ix_vector_piece_file", "vector_piece", ["file"])
