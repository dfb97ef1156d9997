import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine, inspect
from sqlalchemy.dialects import postgresql
from sqlalchemy.schema import CreateTable

from changeover.storage import upgrade
from changeover.storage.database import Database
from changeover.storage.errors import StorageError
from changeover.storage.schema import metadata


def test_the_known_versions_are_the_migrations():
    config = Config()
    config.set_main_option("script_location", str(upgrade.MIGRATIONS))
    script = ScriptDirectory.from_config(config)
    walked = [revision.revision for revision in script.walk_revisions()]
    assert tuple(reversed(walked)) == upgrade.REVISIONS
    assert script.get_current_head() == upgrade.HEAD


def described(path: Path) -> dict[str, Any]:
    engine = create_engine(f"sqlite:///{path}")
    seen = inspect(engine)
    tables = {
        name: {
            "columns": [
                (c["name"], str(c["type"]), c["nullable"], c.get("default"))
                for c in seen.get_columns(name)
            ],
            "key": seen.get_pk_constraint(name)["constrained_columns"],
            "foreign": [(f["referred_table"], f["name"]) for f in seen.get_foreign_keys(name)],
            "indexes": [
                (i["name"], i["column_names"], i["unique"]) for i in seen.get_indexes(name)
            ],
            "unique": [(u["name"], u["column_names"]) for u in seen.get_unique_constraints(name)],
        }
        for name in seen.get_table_names()
        if name != upgrade.VERSION_TABLE
    }
    engine.dispose()
    return tables


def test_the_migrations_make_the_tables_of_the_schema(tmp_path: Path):
    migrated, made = tmp_path / "migrated.db", tmp_path / "made.db"
    Database(f"sqlite:///{migrated}").close()
    engine = create_engine(f"sqlite:///{made}")
    metadata.create_all(engine)
    engine.dispose()
    assert described(migrated) == described(made)
    engine = create_engine(f"sqlite:///{migrated}")
    with engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []
    engine.dispose()


@pytest.mark.parametrize("version", upgrade.REVISIONS)
def test_every_earlier_version_comes_to_the_newest(tmp_path: Path, version: str):
    path = tmp_path / "changeover.db"
    engine = create_engine(f"sqlite:///{path}")
    config = Config()
    config.set_main_option("script_location", str(upgrade.MIGRATIONS))
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, version)
    engine.dispose()
    Database(f"sqlite:///{path}").close()
    with sqlite3.connect(path) as opened:
        found = opened.execute("SELECT version_num FROM alembic_version").fetchall()
    opened.close()
    assert found == [(upgrade.HEAD,)]


def test_a_schema_newer_than_the_program_is_left_alone(tmp_path: Path):
    path = tmp_path / "changeover.db"
    Database(f"sqlite:///{path}").close()
    with sqlite3.connect(path) as newer:
        newer.execute("UPDATE alembic_version SET version_num = '9999'")
    newer.close()
    before = path.read_bytes()
    with pytest.raises(StorageError, match="9999") as raised:
        Database(f"sqlite:///{path}")
    assert raised.value.do.startswith("Run that newer version")
    assert path.read_bytes() == before


def test_a_migration_that_fails_leaves_nothing_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    path = tmp_path / "changeover.db"
    monkeypatch.setattr(upgrade, "HEAD", "no-such-version")
    with pytest.raises(Exception, match="no-such-version"):
        Database(f"sqlite:///{path}")
    monkeypatch.undo()
    Database(f"sqlite:///{path}").close()


def test_opening_a_database_that_is_up_to_date_does_not_load_alembic(tmp_path: Path):
    url = f"sqlite:///{tmp_path}/changeover.db"
    Database(url).close()
    program = (
        "import sys; from changeover.storage.database import Database\n"
        "Database(sys.argv[1]).close(); print('alembic' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, url], capture_output=True, check=True, text=True
    )
    assert done.stdout == "False\n"


def test_the_schema_reads_on_postgresql_too():
    tables = {
        table.name: str(CreateTable(table).compile(dialect=postgresql.dialect()))  # type: ignore[no-untyped-call]
        for table in metadata.sorted_tables
    }
    assert "seq BIGSERIAL NOT NULL" in tables["record"]
    assert "body BYTEA NOT NULL" in tables["ledger_entry"]
    assert "recorded BIGINT NOT NULL" in tables["record"]
    assert "stand_in BOOLEAN NOT NULL" in tables["call"]
