"""Where the desk's socket stands, and who may be there."""

import stat
import tempfile
from pathlib import Path

import pytest

from changeover.web.server import listen_at
from changeover.wiring.places import UnsafeFolderError, database_url, desk_socket


@pytest.fixture
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A temporary directory of the test's own."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


def deep(folder: Path) -> Path:
    return folder / ("x" * 120) / "data"


def ours(temporary: Path) -> Path:
    import os

    return temporary / f"changeover-{os.getuid()}"


def test_beside_the_data_where_the_path_is_short():
    assert desk_socket(Path("/var/data")) == Path("/var/data/desk.sock")


def test_a_deep_folders_socket_stands_in_a_folder_of_this_account_alone(temporary: Path):
    socket = desk_socket(deep(temporary))
    assert socket.parent == ours(temporary)
    assert stat.S_IMODE(socket.parent.stat().st_mode) == 0o700
    assert desk_socket(deep(temporary)) == socket
    with listen_at(socket):
        assert stat.S_IMODE(socket.stat().st_mode) == 0o600


@pytest.mark.parametrize("mode", [0o777, 0o750, 0o701])
def test_a_folder_that_others_may_enter_is_refused(temporary: Path, mode: int):
    ours(temporary).mkdir()
    ours(temporary).chmod(mode)
    with pytest.raises(UnsafeFolderError, match="other accounts may enter"):
        desk_socket(deep(temporary))


def test_a_link_or_a_file_in_its_place_is_refused(temporary: Path):
    private = temporary / "private"
    private.mkdir(mode=0o700)
    ours(temporary).symlink_to(private)
    with pytest.raises(UnsafeFolderError, match="it is no folder"):
        desk_socket(deep(temporary))
    ours(temporary).unlink()
    ours(temporary).write_text("")
    with pytest.raises(UnsafeFolderError, match="it is no folder"):
        desk_socket(deep(temporary))


def test_another_accounts_folder_is_refused(temporary: Path, monkeypatch: pytest.MonkeyPatch):
    ours(temporary).mkdir(mode=0o700)
    theirs = ours(temporary)
    uid = theirs.stat().st_uid + 1
    monkeypatch.setattr("os.getuid", lambda: uid)
    theirs.rename(temporary / f"changeover-{uid}")
    with pytest.raises(UnsafeFolderError, match="belongs to another account"):
        desk_socket(deep(temporary))


def test_the_database_is_the_folders_own_unless_another_is_named(tmp_path: Path):
    own = f"sqlite:///{tmp_path}/changeover.db"
    assert database_url(tmp_path, {}) == own
    named = {"CHANGEOVER_DATABASE_URL": "postgresql://u@h/n"}
    assert database_url(tmp_path, named) == "postgresql://u@h/n"
