"""Bringing a database's schema to this program's version.

The version stands in Alembic's own table. When it is the newest, which is every
start but the first after an update, that one look is all: Alembic is imported
only to migrate.
"""

from pathlib import Path

from sqlalchemy import Connection, inspect, text

from changeover.storage.errors import StorageError

# Every schema version, oldest first; a test holds this equal to the migrations.
REVISIONS = (
    "0001", "0002", "0003", "0004", "0005", "0006", "0007", "0008", "0009", "0010", "0011", "0012",
    "0013", "0014", "0015", "0016", "0017", "0018", "0019", "0020",
)  # fmt: skip
HEAD = REVISIONS[-1]
MIGRATIONS = Path(__file__).with_name("migrations")
VERSION_TABLE = "alembic_version"


def upgrade(connection: Connection, name: str) -> None:
    """Migrates the database called `name` to `HEAD`, in the caller's transaction.

    Raises `StorageError` when its schema is newer than the program, or not ours.
    """
    if known_version(connection, name) != HEAD:
        migrate(connection, HEAD)


def known_version(connection: Connection, name: str) -> str | None:
    """The schema version of the database called `name`; None when it has no tables.

    Raises `StorageError` when it is newer than the program, or not ours.
    """
    version = _version(connection, name)
    if version is not None and version not in REVISIONS:
        raise StorageError(
            f"The database {name} has schema version {version}, which this program does not know.",
            means=f"A newer Changeover wrote it; this one knows versions up to {HEAD}.",
            do="Run that newer version, or restore a backup made before the update.",
        )
    return version


def migrate(connection: Connection, version: str) -> None:
    """Runs what migrations lead to the version, in the caller's transaction."""
    from alembic import command  # noqa: PLC0415 - see above
    from alembic.config import Config  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, version)


def _version(connection: Connection, name: str) -> str | None:
    tables = inspect(connection).get_table_names()
    if VERSION_TABLE in tables:
        found = connection.scalar(text(f"SELECT version_num FROM {VERSION_TABLE}"))  # noqa: S608 - a constant
        return None if found is None else str(found)
    if tables:
        raise StorageError(
            f"The database {name} holds tables that are not Changeover's ({tables[0]} …).",
            means="It belongs to another program.",
            do="Name another file.",
        )
    return None
