import sqlite3
import subprocess
import sys
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, create_engine, inspect, text
from sqlalchemy.dialects import postgresql
from sqlalchemy.schema import CreateTable

from changeover.basics.instants import microseconds
from changeover.identity.keys import KeyRing, create_key
from changeover.identity.model import KeyRequest
from changeover.ledger.checkpoint import SigningKey
from changeover.ledger.crosscheck import verify_record
from changeover.ledger.entries import (
    DirectoryRecorded,
    InstrumentRecorded,
    KeyCreated,
    digest,
    fact_entry,
)
from changeover.ledger.usecases import Ledger
from changeover.ledger.verification import verify
from changeover.storage import upgrade
from changeover.storage.database import Database
from changeover.storage.errors import StorageError
from changeover.storage.ledger import SqlLedger
from changeover.storage.record import SqlRecord
from changeover.storage.schema import metadata
from changeover.storage.settings import SqlSettings


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


def migrate(engine: Engine, version: str) -> None:
    config = Config()
    config.set_main_option("script_location", str(upgrade.MIGRATIONS))
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, version)


@pytest.mark.parametrize("version", upgrade.REVISIONS)
def test_every_earlier_version_comes_to_the_newest(tmp_path: Path, version: str):
    path = tmp_path / "changeover.db"
    engine = create_engine(f"sqlite:///{path}")
    migrate(engine, version)
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
        table.name: str(CreateTable(table).compile(dialect=postgresql.dialect()))
        for table in metadata.sorted_tables
    }
    assert "seq BIGSERIAL NOT NULL" in tables["record"]
    assert "body BYTEA NOT NULL" in tables["ledger_entry"]
    assert "recorded BIGINT NOT NULL" in tables["record"]
    assert "stand_in BOOLEAN NOT NULL" in tables["call"]
    assert "digest BYTEA NOT NULL" in tables["session"]
    assert "seq BIGINT NOT NULL" in tables["chat_event"]


def rows(path: Path) -> dict[str, list[dict[str, Any]]]:
    """Every row of every table but the version's, in the order of its key."""
    with closing(sqlite3.connect(path)) as opened:
        opened.row_factory = sqlite3.Row
        named = opened.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
        return {
            name: [dict(row) for row in opened.execute(f'SELECT * FROM "{name}" ORDER BY 1, 2')]
            for (name,) in named
            if not name.startswith("sqlite_") and name != upgrade.VERSION_TABLE
        }


def test_what_the_first_schema_held_comes_through_unchanged(tmp_path: Path):
    path = tmp_path / "changeover.db"
    engine = create_engine(f"sqlite:///{path}")
    migrate(engine, "0001")
    key = SigningKey("ledger.example", bytes(32))
    at = datetime(2026, 2, 26, 14, tzinfo=UTC)
    with engine.begin() as connection:
        SqlSettings(connection).set("installation", "demonstration")
        SqlRecord(connection).append("directory", "directory@1", at, b"{}")
        SqlRecord(connection).append("instrument", "order-1", at, b'{"id":"order-1"}')
        secret, made = create_key(KeyRequest(service="s", slot="chat"), now=at, by="ada")
        # As the release of that schema wrote it: without scopes.
        connection.execute(
            text(
                "INSERT INTO service_key (prefix, digest, service, slot, label, created, created_by)"
                " VALUES (:prefix, :digest, 's', 'chat', '', :created, 'ada')"
            ),
            {"prefix": made.prefix, "digest": made.digest, "created": microseconds(at)},
        )
        facts = (
            DirectoryRecorded(sha256=digest(b"{}"), by="ada", changes=1),
            InstrumentRecorded(
                id="order-1",
                issuer="president",
                instrument_kind="order",
                sha256=digest(b'{"id":"order-1"}'),
                entered_by="ada",
            ),
            KeyCreated(prefix=made.prefix, service="s", by="ada"),
        )
        entries = [fact_entry(fact, at=at, demonstration=True) for fact in facts]
        Ledger(key).append(SqlLedger(connection), entries)
        connection.execute(
            text("INSERT INTO use (service, purpose, maker, day) VALUES ('s', 'p', 'm', 20510)")
        )
    engine.dispose()
    before = rows(path)
    assert {name for name, held in before.items() if held} == {
        "record", "ledger_entry", "ledger_checkpoint", "ledger_tree", "service_key", "setting", "use",
    }  # fmt: skip

    with Database(f"sqlite:///{path}") as database:
        with database.reading() as work:
            assert verify(work.ledger, key.verifier).ok
            assert verify_record(work.record.entries(), work.ledger.entries()) is None
            assert KeyRing(work.keys.all()).authenticate(secret.reveal(), at) == made
            assert work.accounts.all() == []
        after = rows(path)
        kept = {
            name: [
                {column: new[column] for column in old}
                for old, new in zip(held, after[name], strict=True)
            ]
            for name, held in before.items()
        }
        assert kept == before
        more = {name for name, held in after.items() if held and name not in before}
        assert more == {"revision"}
        with database.begin() as work:
            Ledger(key).append(work.ledger, entries[-1:])
            assert verify(work.ledger, key.verifier).size == 4
