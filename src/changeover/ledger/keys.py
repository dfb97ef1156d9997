"""The file that holds the ledger's private key.

It is one line in the signer form of C2SP signed notes. It is written whole under
another name and then linked into place, so that it is never found half-written
and never replaces a key that stands. Nobody but its owner may read it.
"""

import contextlib
import os
import stat
from pathlib import Path

from changeover.basics.errors import ChangeoverError
from changeover.ledger.checkpoint import NoteError, SigningKey


class KeyFileError(ChangeoverError):
    """The ledger's key file cannot be read, written or trusted."""

    code = "key_file"


def generate(path: Path, name: str) -> SigningKey:
    """A new key in a new file of mode 0600; `KeyFileError` when one stands there already."""
    key = SigningKey.generate(name)
    keep(path, key)
    return key


def keep(path: Path, key: SigningKey) -> None:
    """Puts the key into a new file of mode 0600; `KeyFileError` when one stands there already."""
    written = path.with_name(f"{path.name}.{os.getpid()}.new")
    try:
        _write(written, key.secret_text() + "\n")
        os.link(written, path)
        _sync_directory(path.parent)
    except FileExistsError as error:
        raise KeyFileError(
            f"There is a key in {path} already.",
            means="A new key would make every checkpoint signed so far unverifiable.",
            do="Keep it, or move it away together with its database.",
        ) from error
    except OSError as error:
        raise KeyFileError(
            f"The ledger's key cannot be written to {path}: {error.strerror}.",
            do="Check that the folder exists and may be written.",
        ) from error
    finally:
        with contextlib.suppress(OSError):
            written.unlink()


def load(path: Path) -> SigningKey:
    """The key in the file; `KeyFileError` when it is missing, open to others or no key."""
    try:
        mode = stat.S_IMODE(path.stat().st_mode)
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise KeyFileError(
            f"The ledger's key cannot be read from {path}: {error}.",
            means="Without it nothing can be appended to the ledger.",
            do="Restore the file from its backup.",
        ) from error
    if mode & 0o077:
        raise KeyFileError(
            f"The ledger's key in {path} can be reached by others (mode {mode:04o}).",
            means="Whoever reads it can sign another history.",
            do=f"Run: chmod 600 {path}",
        )
    try:
        return SigningKey.parse(text.removesuffix("\n"))
    except NoteError as error:
        raise KeyFileError(
            f"{path} holds no key of a ledger: {error.what}",
            do="Restore the file from its backup.",
        ) from error


def _write(path: Path, text: str) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(descriptor)


def _sync_directory(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
