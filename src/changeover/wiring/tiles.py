"""The ledger as tiles: served where the setting says so, and written to a folder."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from starlette.routing import Route

from changeover.basics.errors import NotFoundError
from changeover.ledger.tile_folder import write_tiles
from changeover.storage.database import Database
from changeover.storage.ledger import SqlLedger
from changeover.web.tiles import tile_routes
from changeover.wiring.known_settings import BY_NAME, is_on
from changeover.wiring.proof import reading_ledger, trusted_key


def served_tiles(database: Database, environment: Mapping[str, str]) -> list[Route]:
    """The routes of the tiles; none unless the operator has them served."""
    if not is_on(environment.get(BY_NAME["tiles"].variable, "")):
        return []

    @contextmanager
    def reading() -> Iterator[SqlLedger]:
        with database.reading() as work:
            yield work.ledger

    return tile_routes(reading)


def export_tiles(
    data: Path,
    environment: Mapping[str, str],
    folder: Path,
    progress: Callable[[str, int, int], None],
) -> tuple[int, int]:
    """Writes what the folder lacks of the ledger's tiles; how many files, and the tree's size."""
    with reading_ledger(data, environment) as work:
        newest = work.ledger.last_checkpoint()
        if newest is None:
            raise NotFoundError("The ledger is empty, so there are no tiles yet.")

        def far(done: int, total: int) -> None:
            progress("tiles", done, total)

        key, _ = trusted_key(data, work, None)
        return write_tiles(work.ledger, newest, folder, key, far), newest.size
