import sqlite3
import subprocess
import sys
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine, inspect, text
from sqlalchemy.dialects import postgresql
from sqlalchemy.schema import CreateTable

from changeover.basics.instants import microseconds
from changeover.identity.keys import KeyRing, create_key
from changeover.identity.model import KeyRequest
from changeover.ledger.checkpoint import SigningKey
from changeover.ledger.crosscheck import verify_record
from changeover.ledger.entries import Entry, digest, fact_entry
from changeover.ledger.facts import DirectoryRecorded, InstrumentRecorded, KeyCreated
from changeover.ledger.sequencing import Sequencer
from changeover.ledger.usecases import Ledger
from changeover.ledger.verification import verify
from changeover.storage import upgrade
from changeover.storage.database import Database
from changeover.storage.errors import StorageError
from changeover.storage.ledger import SqlLedger
from changeover.storage.record import SqlRecord
from changeover.storage.schema import metadata
from changeover.storage.search_index import is_index, make_index
from changeover.storage.settings import SqlSettings
from tests.postgres import PostgresServer
from tests.storage.filling import everything, fill, opened


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
            # A table that was made anew has them in another order.
            "foreign": sorted(
                (f["referred_table"], f["name"]) for f in seen.get_foreign_keys(name)
            ),
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
    with engine.begin() as connection:
        metadata.create_all(connection)
        make_index(connection)
    engine.dispose()
    assert described(migrated) == described(made)
    engine = create_engine(f"sqlite:///{migrated}")
    with engine.connect() as connection:
        ours = {"include_name": lambda name, kind, _: kind != "table" or not is_index(name)}
        assert compare_metadata(MigrationContext.configure(connection, opts=ours), metadata) == []
    engine.dispose()


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A database without tables, on each of the two."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/changeover.db"
    server: PostgresServer = request.getfixturevalue("postgres")
    return server.empty()


def versions(url: str) -> list[str]:
    with opened(url) as connection:
        return list(connection.scalars(text(f"SELECT version_num FROM {upgrade.VERSION_TABLE}")))


@pytest.mark.parametrize("version", upgrade.REVISIONS)
def test_every_earlier_version_comes_to_the_newest(empty_url: str, version: str):
    with opened(empty_url) as connection:
        upgrade.migrate(connection, version)
    assert versions(empty_url) == [version]
    Database(empty_url).close()
    assert versions(empty_url) == [upgrade.HEAD]


@pytest.mark.parametrize("version", upgrade.REVISIONS)
def test_every_row_of_an_earlier_version_is_kept(empty_url: str, version: str):
    fill(empty_url, version)
    before = everything(empty_url, named=True)
    assert all(before.values())
    Database(empty_url).close()
    after = everything(empty_url, named=True)
    gone = {"call": {"ledger_index"}} if version < "0003" else {}
    for name, rows in before.items():
        kept = [{c: v for c, v in row.items() if c not in gone.get(name, set())} for row in rows]
        columns = list(kept[0])
        found = [{c: row[c] for c in columns} for row in after[name]]
        assert sorted(found, key=repr) == sorted(kept, key=repr), name
    more = {name for name, rows in after.items() if rows and name not in before}
    revision = {"revision"} if version < "0003" else set()
    # The first version had no conversations.
    searched = {"searched"} if "0002" <= version < "0012" else set()
    assert more == revision | searched


def test_a_key_of_an_earlier_version_may_do_what_it_could(empty_url: str):
    fill(empty_url, "0002")
    Database(empty_url).close()
    rows = everything(empty_url, named=True)["service_key"]
    assert {row["scopes"] for row in rows} == {'["chat","models"]'}
    assert {row["replaces"] for row in rows} == {None}


OPENER = """
import sys
from changeover.storage.database import Database
print("ready", flush=True)
sys.stdin.readline()
with Database(sys.argv[1]) as database, database.reading() as work:
    print(work.revisions.number(), flush=True)
"""


# That one process migrates at a time is the same for every version; these are the ends and between.
BEFORE = (None, upgrade.REVISIONS[0], upgrade.REVISIONS[9], upgrade.REVISIONS[-2])


@pytest.mark.parametrize("version", BEFORE)
def test_processes_that_open_a_database_at_one_instant_migrate_it_once(
    postgres: PostgresServer, version: str | None
):
    url = postgres.empty()
    if version is not None:
        fill(url, version)
    before = None if version is None else everything(url)
    with ExitStack() as ended:
        opening = [
            ended.enter_context(
                subprocess.Popen(
                    [sys.executable, "-c", OPENER, url],
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    stderr=subprocess.PIPE,
                    text=True,
                )
            )
            for _ in range(3)
        ]
        for process in opening:
            assert process.stdout is not None
            assert process.stdout.readline() == "ready\n"
        for process in opening:
            assert process.stdin is not None
            process.stdin.write("go\n")
            process.stdin.flush()
        told = [process.communicate(timeout=60) for process in opening]
    assert told == [("0\n", "")] * 3
    assert versions(url) == [upgrade.HEAD]
    if before is not None:
        after = everything(url)
        assert {name: len(rows) for name, rows in before.items()}.items() <= {
            name: len(rows) for name, rows in after.items()
        }.items()


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


def first_form(entry: Entry) -> Entry:
    """The entry as the first version wrote it, whose leaf was hashed over these bytes."""
    return Entry(entry.kind, entry.body.replace(b'"v":2', b'"v":1'))


def test_what_the_first_schema_held_is_read_and_continued(empty_url: str):
    with opened(empty_url) as connection:
        upgrade.migrate(connection, "0001")
        key = SigningKey("ledger.example", bytes(32))
        at = datetime(2026, 2, 26, 14, tzinfo=UTC)
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
        entries = [first_form(fact_entry(fact, at=at, demonstration=True)) for fact in facts]
        Ledger(key).append(SqlLedger(connection), entries)
    with Database(empty_url) as database:
        with database.reading() as work:
            assert verify(work.ledger, key.verifier).ok
            assert verify_record(work.record.entries(), work.ledger.entries()) is None
            assert KeyRing(work.keys.all()).authenticate(secret.reveal(), at) == made
            assert work.accounts.all() == []
        with database.begin() as work:
            work.queue.add([fact_entry(facts[-1], at=at, demonstration=True)])
        assert Sequencer(database, Ledger(key)).run_once() == 1
        with database.reading() as work:
            assert verify(work.ledger, key.verifier).size == 4
