"""Where the things of a data folder stand."""

import hashlib
import os
import tempfile
from pathlib import Path

_LONGEST_SOCKET_PATH = 100


def database_file(data: Path) -> Path:
    return data / "changeover.db"


def ledger_key_file(data: Path) -> Path:
    return data / "ledger.key"


def journal_folder(data: Path) -> Path:
    return data / "journal"


def desk_socket(data: Path) -> Path:
    """Where the desk of a data folder listens while a server runs.

    The kernel takes at most 107 bytes for such a path (unix(7)), so that of a
    deep folder stands in the temporary directory, in a folder of this account.
    """
    beside = (data / "desk.sock").resolve()
    if len(str(beside)) <= _LONGEST_SOCKET_PATH:
        return beside
    name = hashlib.sha256(str(beside).encode()).hexdigest()[:16]
    return Path(tempfile.gettempdir()) / f"changeover-{os.getuid()}" / f"{name}.sock"
