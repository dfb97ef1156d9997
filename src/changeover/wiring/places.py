"""Where the things of a data folder stand."""

import contextlib
import hashlib
import os
import stat
import tempfile
from collections.abc import Mapping
from pathlib import Path

from changeover.basics.errors import ChangeoverError

DATABASE_VARIABLE = "CHANGEOVER_DATABASE_URL"
_LONGEST_SOCKET_PATH = 100


class UnsafeFolderError(ChangeoverError):
    """The folder where the desk's socket would stand is not this account's alone."""

    code = "unsafe_folder"


def database_file(data: Path) -> Path:
    return data / "changeover.db"


def database_url(data: Path, environment: Mapping[str, str]) -> str:
    """The database of an installation: the one of PostgreSQL that is named, or the folder's."""
    return environment.get(DATABASE_VARIABLE) or f"sqlite:///{database_file(data).resolve()}"


def is_shared(url: str) -> bool:
    """Whether other processes may have the database open at the same time."""
    return not url.startswith("sqlite:")


def ledger_key_file(data: Path) -> Path:
    return data / "ledger.key"


def secret_file(data: Path) -> Path:
    return data / "secret.key"


def journal_folder(data: Path) -> Path:
    return data / "journal"


def desk_socket(data: Path) -> Path:
    """Where the desk of a data folder listens while a server runs.

    The kernel takes at most 107 bytes for such a path (unix(7)), so that of a
    deep folder stands in the temporary directory, in a folder of this account,
    which is made if there is none. `UnsafeFolderError` when others may enter it:
    whoever holds the socket is told what officers do, and does it.
    """
    beside = (data / "desk.sock").resolve()
    if len(str(beside)) <= _LONGEST_SOCKET_PATH:
        return beside
    name = hashlib.sha256(str(beside).encode()).hexdigest()[:16]
    folder = Path(tempfile.gettempdir()) / f"changeover-{os.getuid()}"
    with contextlib.suppress(FileExistsError):
        folder.mkdir(mode=0o700)
    _check_private(folder)
    return folder / f"{name}.sock"


def _check_private(folder: Path) -> None:
    """Raises `UnsafeFolderError` unless it is a real folder that this account alone may enter."""
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode):
        why = "it is no folder"
    elif found.st_uid != os.getuid():
        why = "it belongs to another account"
    elif stat.S_IMODE(found.st_mode) & 0o077:
        why = "other accounts may enter it"
    else:
        return
    raise UnsafeFolderError(
        f"{folder} cannot hold the desk's socket: {why}.",
        means="The path of the data folder is too long for a socket beside it.",
        do="Remove it, or choose a data folder with a shorter path with --data.",
    )
