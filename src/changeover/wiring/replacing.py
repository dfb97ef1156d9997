"""A file that is written whole under another name, and then put in its place."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from changeover.basics.errors import ChangeoverError


class UnwrittenError(ChangeoverError):
    """The file could not be written; what stood under its name stands there still."""

    code = "unwritten"


@contextmanager
def replaced(path: Path) -> Iterator[BinaryIO]:
    """A new file of mode 0600 that is at `path`, and on the disk, when the block has ended.

    Where the block fails nothing is left of it. `UnwrittenError` when the disk is
    full, or the file cannot be written for another reason.
    """
    if path.exists() and not path.is_file():
        raise UnwrittenError(f"{path} is no file.", do="Name a file that may be replaced.")
    written = path.with_name(f"{path.name}.{os.getpid()}.part")
    try:
        descriptor = os.open(written, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except OSError as error:
        raise _unwritten(path, error) from error
    try:
        with os.fdopen(descriptor, "wb") as file:
            yield file
            file.flush()
            os.fsync(descriptor)
        written.replace(path)
        _sync_folder(path.parent)
    except OSError as error:
        raise _unwritten(path, error) from error
    finally:
        written.unlink(missing_ok=True)


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _unwritten(path: Path, error: OSError) -> UnwrittenError:
    stands = " What stood there before stands there still." if path.is_file() else ""
    return UnwrittenError(
        f"{path} cannot be written: {error.strerror}.",
        means=f"Nothing was left of it.{stands}",
        do="Check the folder and its disk, or name another file.",
    )
