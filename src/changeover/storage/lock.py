"""One process at a time has a SQLite database open.

The lock is `flock(2)` on a file beside the database. The kernel frees it when
its holder ends, however it ends, so a leftover file means nothing; the process
number in it is for the message alone.
"""

import fcntl
import os
from pathlib import Path

from changeover.storage.errors import DatabaseBusyError, StorageError


class ProcessLock:
    """Holds the lock of a database from construction to `release`.

    Raises `DatabaseBusyError` when another holder has it, `StorageError` when the
    lock's file cannot be made.
    """

    def __init__(self, database: Path) -> None:
        self._path = database.with_name(database.name + ".lock")
        try:
            self._descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600)
        except OSError as error:
            raise StorageError(
                f"The database {database} cannot be locked: {error.strerror} ({self._path}).",
                means="Without the lock, two processes could write to it at once.",
                do="Check that its folder exists and may be written.",
            ) from error
        try:
            fcntl.flock(self._descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            pid = self._holder()
            os.close(self._descriptor)
            raise _busy(database, pid) from error
        os.ftruncate(self._descriptor, 0)
        os.pwrite(self._descriptor, f"{os.getpid()}\n".encode(), 0)

    def release(self) -> None:
        """Frees the lock; its file stays, for removing it would race with the next holder."""
        os.ftruncate(self._descriptor, 0)
        os.close(self._descriptor)

    def _holder(self) -> int | None:
        written = os.pread(self._descriptor, 32, 0).strip()
        return int(written) if written.isdigit() else None


def _busy(database: Path, pid: int | None) -> DatabaseBusyError:
    holder = f"process {pid}" if pid else "another process"
    return DatabaseBusyError(
        f"The database {database} is held by {holder}.",
        pid=pid,
        means="Only one process may have it open.",
        do="Stop that process first" + (f" (kill {pid})." if pid else "."),
    )
