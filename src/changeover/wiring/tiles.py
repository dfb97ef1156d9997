"""The ledger as tiles: served where the setting says so, and written to a folder."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from starlette.routing import Route

from changeover.basics.errors import NotFoundError
from changeover.ledger.ports import StoredCheckpoint
from changeover.ledger.tile_folder import write_tiles
from changeover.storage.database import Work
from changeover.web.tiles import tile_routes
from changeover.wiring.installation import Installation
from changeover.wiring.known_settings import BY_NAME, is_on
from changeover.wiring.proof import reading_ledger, shown_checkpoint, trusted_key


class _Shown:
    """A ledger as it is shown: its newest checkpoint with its witnesses' lines."""

    def __init__(self, work: Work) -> None:
        self._work = work
        self.entries = work.ledger.entries
        self.leaves = work.ledger.leaves

    def last_checkpoint(self) -> StoredCheckpoint | None:
        return shown_checkpoint(self._work)


def served_tiles(installation: Installation) -> list[Route]:
    """The routes of the tiles; none unless the operator has them served."""
    if not is_on(installation.environment.get(BY_NAME["tiles"].variable, "")):
        return []

    @contextmanager
    def reading() -> Iterator[_Shown]:
        with installation.database.reading() as work:
            yield _Shown(work)

    return tile_routes(reading)


def export_tiles(
    data: Path,
    environment: Mapping[str, str],
    folder: Path,
    progress: Callable[[str, int, int], None],
) -> tuple[int, int]:
    """Writes what the folder lacks of the ledger's tiles; how many files, and the tree's size."""
    with reading_ledger(data, environment) as work:
        newest = shown_checkpoint(work)
        if newest is None:
            raise NotFoundError("The ledger is empty, so there are no tiles yet.")

        def far(done: int, total: int) -> None:
            progress("tiles", done, total)

        key, _ = trusted_key(data, work, None)
        return write_tiles(work.ledger, newest, folder, key, far), newest.size
