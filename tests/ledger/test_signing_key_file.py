import stat
from pathlib import Path

import pytest

from changeover.ledger.keys import KeyFileError, generate, keep, load


def test_a_generated_key_is_its_owners_alone_and_loads_again(tmp_path: Path):
    path = tmp_path / "ledger.key"
    key = generate(path, "ledger.example")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert load(path).verifier == key.verifier
    assert [file.name for file in tmp_path.iterdir()] == ["ledger.key"]


def test_a_key_that_stands_is_never_replaced(tmp_path: Path):
    path = tmp_path / "ledger.key"
    key = generate(path, "ledger.example")
    with pytest.raises(KeyFileError, match="already"):
        generate(path, "ledger.example")
    assert load(path).verifier == key.verifier
    assert [file.name for file in tmp_path.iterdir()] == ["ledger.key"]


def test_a_key_from_elsewhere_is_kept_as_it_is_and_replaces_none(tmp_path: Path):
    path, other = tmp_path / "ledger.key", tmp_path / "other.key"
    keep(path, generate(other, "ledger.example"))
    assert path.read_bytes() == other.read_bytes()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    with pytest.raises(KeyFileError, match="already"):
        keep(path, generate(tmp_path / "third.key", "ledger.example"))
    assert path.read_bytes() == other.read_bytes()


def test_a_key_that_others_can_reach_is_refused(tmp_path: Path):
    path = tmp_path / "ledger.key"
    generate(path, "ledger.example")
    path.chmod(0o640)
    with pytest.raises(KeyFileError, match="chmod 600"):
        load(path)


@pytest.mark.parametrize("content", [b"", b"PRIVATE+KEY+x", b"\xff\xfe"])
def test_a_file_that_holds_no_key_is_refused(tmp_path: Path, content: bytes):
    path = tmp_path / "ledger.key"
    path.write_bytes(content)
    path.chmod(0o600)
    with pytest.raises(KeyFileError):
        load(path)


def test_a_missing_file_or_folder_is_explained(tmp_path: Path):
    with pytest.raises(KeyFileError, match="cannot be read"):
        load(tmp_path / "none.key")
    with pytest.raises(KeyFileError, match="cannot be written"):
        generate(tmp_path / "none" / "ledger.key", "ledger.example")
