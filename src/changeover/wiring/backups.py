"""Backing up and restoring an installation, beside a running server or without one."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from changeover.basics.clock import SystemClock
from changeover.basics.errors import ConflictError, NotFoundError
from changeover.ledger.checkpoint import SigningKey
from changeover.ledger.controls import Restored
from changeover.ledger.entries import Entry, fact_entry, read_instant
from changeover.ledger.keys import keep, load
from changeover.storage.archive import Archive, BackupError, Manifest
from changeover.storage.backup import Asked, back_up
from changeover.storage.beside import reading_beside
from changeover.storage.progress import Progress
from changeover.storage.restoring import check, restore
from changeover.wiring.installation import KIND_SETTING
from changeover.wiring.places import ledger_key_file
from changeover.wiring.replacing import replaced


def write_backup(
    data: Path, url: str, path: Path, *, with_key: bool, progress: Progress
) -> Manifest:
    """Backs up the installation of a data folder and the database at `url` to a file."""
    key_file = ledger_key_file(data)
    key = load(key_file) if key_file.exists() else None
    asked = Asked(
        at=SystemClock().now(),
        verifier=None if key is None else key.verifier,
        key=key.secret_text() if key is not None and with_key else None,
        installation_setting=KIND_SETTING,
    )
    with reading_beside(url) as (connection, name), replaced(path) as file:
        return back_up(connection, name, file, asked, progress)


def check_backup(path: Path, progress: Progress) -> Manifest:
    """Reads a backup to its end; `BackupError` when it does not hold."""
    with _opened(path) as file:
        return check(Archive(file, str(path)), progress)


def restore_backup(data: Path, url: str, path: Path, progress: Progress) -> Manifest:
    """Restores a backup into a data folder and the empty database at `url`.

    The whole file is checked before the database is touched, and again while it is
    loaded. The ledger's key is put in its place before the database commits: an
    installation that stood without its key would begin another.
    """
    with _opened(path) as file:
        manifest = check(Archive(file, str(path)), progress)
        file.seek(0)
        archive = Archive(file, str(path))
        if archive.manifest != manifest:
            raise BackupError(f"The backup {path} changed while it was read.")
        key = None if archive.key is None else SigningKey.parse(archive.key)
        if key is not None and str(key.verifier) != manifest.verifier:
            raise BackupError(f"The key in the backup {path} is not that of its ledger.")
        _require_same_key(data, manifest)
        data.mkdir(mode=0o700, parents=True, exist_ok=True)
        with _key_kept(ledger_key_file(data), key) as keep_key:
            restore(url, archive, [_restored(manifest)], keep_key, progress)
    return manifest


def _restored(manifest: Manifest) -> Entry:
    """What the ledger is told of a restoring, by the machine's clock."""
    fact = Restored(
        made=read_instant(manifest.at),
        size=manifest.ledger.size,
        root=manifest.ledger.root,
        version=manifest.product,
    )
    demonstration = manifest.installation == "demonstration"
    return fact_entry(fact, at=SystemClock().now(), demonstration=demonstration)


@contextmanager
def _key_kept(path: Path, key: SigningKey | None) -> Iterator[Callable[[], None]]:
    """What puts the key in its file if there is none; taken back when the block fails."""
    put = False

    def keep_key() -> None:
        nonlocal put
        if key is not None and not path.exists():
            keep(path, key)
            put = True

    try:
        yield keep_key
    except BaseException:
        if put:
            path.unlink()
        raise


def _require_same_key(data: Path, manifest: Manifest) -> None:
    path = ledger_key_file(data)
    if not path.exists() or manifest.verifier is None:
        return
    if str(load(path).verifier) != manifest.verifier:
        raise ConflictError(
            f"{path} holds the key of another ledger.",
            means="Nothing could be appended to the restored ledger with it.",
            do="Name another data folder with --data, before the command.",
        )


@contextmanager
def _opened(path: Path) -> Iterator[BinaryIO]:
    try:
        file = path.open("rb")
    except OSError as error:
        raise NotFoundError(f"The backup {path} cannot be read: {error.strerror}.") from error
    with file:
        yield file
