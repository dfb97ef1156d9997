"""Where the installation's secret is: in the environment, or in a file of the data folder.

The environment wins; it may hold several secrets, the first of which seals. Without
it, a file with a secret of 256 random bits is made when something is first to be
sealed. Where the database is shared no file is made: another machine would not
have it, and could not send with what was sealed here.
"""

import os
import stat
import threading
from pathlib import Path

from changeover.basics.errors import ChangeoverError
from changeover.basics.ids import new_secret
from changeover.identity.sealing import Seal
from changeover.identity.secret import Secret

SECRET_VARIABLE = "CHANGEOVER_SECRET"  # noqa: S105 - its name
_CHARACTERS = 52


class SecretError(ChangeoverError):
    """The installation's secret is missing, or its file cannot be read, written or trusted."""

    code = "installation_secret"


class InstallationSecret:
    """Gives the seal of the installation, `given` being what the environment holds.

    `InvalidInputError` when that is too short, `SecretError` for a file that others
    may read.
    """

    def __init__(self, given: str | None, file: Path, *, shared: bool) -> None:
        self._file = file
        self._shared = shared
        self._making = threading.Lock()
        self._seal: Seal | None = None
        if given and given.strip():
            self._seal = Seal([Secret(each.strip()) for each in given.split(",")])
        elif not shared and file.exists():
            self._seal = Seal([_read(file)])

    def opener(self) -> Seal | None:
        """What opens; None while there is no secret."""
        return self._seal

    def sealer(self) -> Seal:
        """What seals; a secret is made where there is none. `SecretError`."""
        with self._making:
            if self._seal is None:
                if self._shared:
                    raise SecretError(
                        "This installation has no secret to seal credentials with.",
                        means="On a shared database, a secret that is made here would be missing "
                        "on every other replica. Nothing was kept.",
                        do=f"Set {SECRET_VARIABLE} to the same text on every replica, such as one "
                        "from `openssl rand -hex 32`, and start them again.",
                    )
                self._seal = Seal([_make(self._file)])
            return self._seal


def _make(file: Path) -> Secret:
    text = new_secret(_CHARACTERS)
    try:
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="ascii") as written:
            written.write(text + "\n")
            written.flush()
            os.fsync(descriptor)
    except OSError as error:
        raise SecretError(
            f"The installation's secret cannot be written to {file}: {error.strerror}.",
            means="Nothing was sealed.",
            do=f"Check that the folder may be written, or set {SECRET_VARIABLE}.",
        ) from error
    return Secret(text)


def _read(file: Path) -> Secret:
    try:
        mode = stat.S_IMODE(file.stat().st_mode)
        text = file.read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise SecretError(
            f"The installation's secret cannot be read from {file}.",
            means="Stored credentials cannot be opened without it.",
            do="Restore the file from its backup.",
        ) from error
    if mode & 0o077:
        raise SecretError(
            f"The installation's secret in {file} can be reached by others (mode {mode:04o}).",
            means="Whoever reads it can open the vendors' credentials in the database.",
            do=f"Run: chmod 600 {file}",
        )
    return Secret(text)
