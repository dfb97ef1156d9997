import stat
from pathlib import Path

import pytest

from changeover.basics.errors import InvalidInputError
from changeover.identity.installation_secret import InstallationSecret, SecretError
from changeover.identity.secret import Secret

PLACE = ("a place",)
TEXT = Secret("a text")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "secret.key"


def test_a_file_of_the_owners_alone_is_made_when_something_is_first_sealed(file: Path):
    made = InstallationSecret(None, file, shared=False)
    assert made.opener() is None
    assert not file.exists()
    sealed = made.sealer().seal(TEXT, PLACE)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    again = InstallationSecret(None, file, shared=False).opener()
    assert again is not None
    assert again.open(sealed, PLACE) == TEXT


def test_on_a_shared_database_no_file_is_made_and_the_variable_is_asked_for(file: Path):
    secret = InstallationSecret(" ", file, shared=True)
    assert secret.opener() is None
    with pytest.raises(SecretError, match="CHANGEOVER_SECRET"):
        secret.sealer()
    assert not file.exists()


def test_the_environment_wins_and_may_hold_several_secrets(file: Path):
    old, new = "o" * 32, "n" * 32
    sealed = InstallationSecret(old, file, shared=True).sealer().seal(TEXT, PLACE)
    both = InstallationSecret(f"{new}, {old}", file, shared=False)
    assert both.sealer().open(sealed, PLACE) == TEXT
    assert not file.exists()


@pytest.mark.parametrize("given", ["short", f"{'o' * 32},", f"{'o' * 32},short"])
def test_a_secret_that_is_too_short_is_refused(file: Path, given: str):
    with pytest.raises(InvalidInputError, match="32"):
        InstallationSecret(given, file, shared=False)


def test_a_file_that_others_may_read_is_not_trusted(file: Path):
    InstallationSecret(None, file, shared=False).sealer()
    file.chmod(0o640)
    with pytest.raises(SecretError, match="chmod 600"):
        InstallationSecret(None, file, shared=False)


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path):
    secret = InstallationSecret(None, tmp_path / "nowhere" / "secret.key", shared=False)
    with pytest.raises(SecretError, match="cannot be written"):
        secret.sealer()
