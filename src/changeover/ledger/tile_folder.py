"""A folder of tiles: the ledger as files that any server of files can serve.

Everything is written beside its place and moved there, and the checkpoint last, so that
whoever reads the folder meanwhile finds a whole tree. What stands there already is
compared, never replaced: a folder that holds another tree is refused.
"""

import os
from collections.abc import Callable
from pathlib import Path

from changeover.basics.errors import ConflictError
from changeover.ledger.checkpoint import NoteError, VerifierKey, open_checkpoint
from changeover.ledger.ports import StoredCheckpoint
from changeover.ledger.tiles import WIDTH, Tile, TiledStore, Tiles, tiles_of

CHECKPOINT = "checkpoint"


def write_tiles(
    store: TiledStore,
    newest: StoredCheckpoint,
    folder: Path,
    key: VerifierKey,
    progress: Callable[[int, int], None],
) -> int:
    """Writes the tiles of the checkpoint's tree that are not there yet; how many it wrote.

    `progress` is told how many are there, of how many. Raises `ConflictError` where the
    folder holds a longer ledger or another, and then nothing of it was replaced.
    """
    _check_before(folder, newest, key)
    tiles, made, total = Tiles(), 0, sum(1 for _ in tiles_of(newest.size))
    for done, tile in enumerate(tiles_of(newest.size), 1):
        path = folder / tile.path
        if not (tile.width == WIDTH and path.is_file()):
            made += _put(path, tiles.made(store, newest.size, tile))
            _remove_partial(folder, tile)
        progress(done, total)
    _write(folder / CHECKPOINT, newest.note)
    return made


def _check_before(folder: Path, newest: StoredCheckpoint, key: VerifierKey) -> None:
    path = folder / CHECKPOINT
    if not path.is_file():
        return
    try:
        before = open_checkpoint(path.read_bytes(), key)
    except NoteError as error:
        raise _other(folder, error.what) from error
    if before.size > newest.size:
        raise _other(folder, f"Its {before.size} entries are more than the {newest.size} here.")
    if before.size == newest.size and before.root != newest.root:
        raise _other(folder, "Its root is another.")


def _put(path: Path, content: bytes) -> int:
    if path.is_file():
        if path.read_bytes() != content:
            raise _other(path.parent, f"{path.name} holds other hashes or entries.")
        return 0
    _write(path, content)
    return 1


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    written = path.with_name(f"{path.name}.{os.getpid()}.new")
    written.write_bytes(content)
    written.replace(path)


def _remove_partial(folder: Path, tile: Tile) -> None:
    """A full tile makes its partial ones needless."""
    if tile.width != WIDTH:
        return
    partial = folder / f"{tile.path}.p"
    if partial.is_dir():
        for path in partial.iterdir():
            path.unlink()
        partial.rmdir()


def _other(folder: Path, why: str) -> ConflictError:
    return ConflictError(
        f"The folder {folder} holds the tiles of another ledger, or of a later state of it. {why}",
        means="Nothing of it was replaced. A ledger that was cut back looks like this too.",
        do="Verify the ledger against the folder's checkpoint: "
        f"`changeover ledger verify --known {folder / CHECKPOINT}`.",
    )
