from datetime import UTC, datetime
from pathlib import Path

import pytest

from changeover.basics.errors import NotFoundError
from changeover.ledger.checkpoint import SigningKey
from changeover.ledger.entries import fact_entry
from changeover.ledger.facts import DocumentTaken
from changeover.ledger.keys import KeyFileError, generate, load
from changeover.ledger.usecases import Ledger
from changeover.storage.database import Database
from changeover.wiring.installation import open_installation
from changeover.wiring.ledger_key import VERIFIER, OtherLedgerKeyError, open_ledger

ENTRY = fact_entry(
    DocumentTaken(sha256="00"), at=datetime(2026, 2, 26, tzinfo=UTC), demonstration=False
)


def on_record(database: Database) -> str | None:
    with database.reading() as work:
        return work.settings.get(VERIFIER)


def test_the_key_is_made_once_and_its_public_half_is_put_on_record(
    tmp_path: Path, database_url: str
):
    file = tmp_path / "ledger.key"
    with Database(database_url) as database:
        first = open_ledger(file, database)
        again = open_ledger(file, database)
        assert first is not None
        assert again is not None
        assert first.verifier == again.verifier == load(file).verifier
        assert on_record(database) == str(first.verifier)


def test_on_a_shared_database_who_has_no_key_leaves_signing_to_others(
    tmp_path: Path, postgres_url: str
):
    with Database(postgres_url) as database:
        assert open_ledger(tmp_path / "first.key", database) is not None
        assert open_ledger(tmp_path / "second.key", database) is None
    assert not (tmp_path / "second.key").exists()


def test_a_lost_key_of_a_file_is_asked_for(tmp_path: Path):
    file = tmp_path / "ledger.key"
    with Database(f"sqlite:///{tmp_path}/changeover.db") as database:
        open_ledger(file, database)
        file.unlink()
        with pytest.raises(KeyFileError, match="cannot be read"):
            open_ledger(file, database)
    assert not file.exists()


def test_another_ledgers_key_is_refused(tmp_path: Path, database_url: str):
    with Database(database_url) as database:
        open_ledger(tmp_path / "ledger.key", database)
        generate(tmp_path / "other.key", "changeover.ledger")
        with pytest.raises(OtherLedgerKeyError, match=r"other\.key is not the key"):
            open_ledger(tmp_path / "other.key", database)


def test_a_ledger_from_before_its_key_was_on_record_keeps_its_key(
    tmp_path: Path, database_url: str
):
    file, other = tmp_path / "ledger.key", tmp_path / "other.key"
    key: SigningKey = generate(file, "changeover.ledger")
    generate(other, "changeover.ledger")
    with Database(database_url) as database:
        with database.begin() as work:
            Ledger(key).append(work.ledger, [ENTRY])
        with pytest.raises(OtherLedgerKeyError):
            open_ledger(other, database)
        assert on_record(database) is None
        assert open_ledger(file, database) is not None
        assert on_record(database) == str(key.verifier)


def test_a_command_on_a_database_that_holds_nothing_takes_no_key_from_those_who_will_serve(
    tmp_path: Path, postgres_url: str
):
    environment = {"CHANGEOVER_DATABASE_URL": postgres_url}
    asking, serving = tmp_path / "asking", tmp_path / "serving"
    with pytest.raises(NotFoundError), open_installation(asking, environment):
        pass
    assert not (asking / "ledger.key").exists()
    with open_installation(serving, environment, demo=False) as installation:
        assert installation.sequencer.verifier is not None
