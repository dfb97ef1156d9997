"""A witness's memory and key as files in a folder of its own.

For each ledger the note of the longest checkpoint that was signed, in a file named by the
digest of the ledger's name. It is written whole beside its place, put on the disk, and moved
there, and the folder is put on the disk too: what was signed is never forgotten. Refused
requests that the ledger's key signed are kept, as they may show a fork; at most so many.

One process has the folder at a time.
"""

import fcntl
import hashlib
import os
from pathlib import Path

from changeover.basics.errors import ChangeoverError, ConflictError
from changeover.ledger.checkpoint import NoteError
from changeover.ledger.cosignatures import WitnessSigner

_KEY = "witness.key"
_MOST_REFUSED = 100


class WitnessKeyError(ChangeoverError):
    """The witness's key cannot be read or trusted."""

    code = "witness_key"


class WitnessFolder:
    """Implements `ledger.witnessing.Memory`, from when it is opened to the end of the process."""

    def __init__(self, folder: Path) -> None:
        """Raises `ConflictError` while another process has the folder."""
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._folder = folder
        self._lock = os.open(folder / "lock", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            os.close(self._lock)
            raise ConflictError(
                f"Another witness runs in {folder}.",
                means="Two that share a folder could sign what does not go together.",
                do="Stop it, or give this one a folder of its own.",
            ) from error

    def close(self) -> None:
        os.close(self._lock)

    def newest(self, origin: str) -> bytes | None:
        path = self._path(origin)
        return path.read_bytes() if path.is_file() else None

    def keep(self, origin: str, note: bytes) -> None:
        _write(self._path(origin), note)

    def refuse(self, origin: str, request: bytes) -> None:
        digest = hashlib.sha256(request).hexdigest()[:16]
        folder = self._folder / "refused"
        folder.mkdir(mode=0o700, exist_ok=True)
        if sum(1 for _ in folder.iterdir()) < _MOST_REFUSED:
            _write(folder / f"{self._path(origin).name}.{digest}", request)

    def _path(self, origin: str) -> Path:
        return self._folder / hashlib.sha256(origin.encode()).hexdigest()[:32]


def witness_key(folder: Path, name: str | None) -> WitnessSigner:
    """The key in the folder; made there under the name where there is none.

    Raises `WitnessKeyError` where there is none and no name, for a key of another name,
    and for one that others can read or that is none.
    """
    path = folder / _KEY
    if not path.is_file():
        if name is None:
            raise WitnessKeyError(
                f"There is no witness's key in {folder}.",
                do="Give the witness a name once, with --name, such as example.org/witness.",
            )
        signer = WitnessSigner.generate(name)
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        _write(path, (signer.secret_text() + "\n").encode())
        return signer
    signer = _read_key(path)
    if name not in {None, signer.key.name}:
        raise WitnessKeyError(
            f"The key in {folder} is of {signer.key.name}, not of {name}.",
            do="Leave --name out, or give another folder.",
        )
    return signer


def _read_key(path: Path) -> WitnessSigner:
    if path.stat().st_mode & 0o077:
        raise WitnessKeyError(
            f"The witness's key in {path} can be reached by others.",
            means="Whoever reads it can sign as this witness.",
            do=f"Run: chmod 600 {path}",
        )
    try:
        return WitnessSigner.parse(path.read_text(encoding="utf-8").removesuffix("\n"))
    except (NoteError, UnicodeDecodeError) as error:
        raise WitnessKeyError(
            f"{path} holds no key of a witness.", do="Restore it from its backup."
        ) from error


def _write(path: Path, content: bytes) -> None:
    written = path.with_name(f"{path.name}.new")
    descriptor = os.open(written, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(descriptor)
    written.replace(path)
    folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
