"""The ledger served as tiles to whoever reaches the port, where the operator has it so.

`/ledger/checkpoint`, `/ledger/tile/…`: see `ledger.tiles` for what they show and hide.
Tiles never change and may be kept for ever; the checkpoint may not.
"""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Protocol

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from changeover.basics.errors import NotFoundError
from changeover.ledger.ports import StoredCheckpoint
from changeover.ledger.tiles import Tile, TiledStore, Tiles, read_path
from changeover.web.json import error_response

_FOREVER = {"cache-control": "public, max-age=31536000, immutable"}
_BRIEFLY = {"cache-control": "public, max-age=2"}


class ShownStore(TiledStore, Protocol):
    """A ledger's store whose newest checkpoint is shown."""

    def last_checkpoint(self) -> StoredCheckpoint | None: ...


ReadsLedger = Callable[[], AbstractContextManager[ShownStore]]


def tile_routes(reading: ReadsLedger) -> list[Route]:
    """Answered in threads: each reads the database once."""
    tiles = Tiles()

    def checkpoint(_: Request) -> Response:
        with reading() as store:
            last = store.last_checkpoint()
        if last is None:
            return error_response(NotFoundError("The ledger is empty: there is no checkpoint yet."))
        return Response(last.note, media_type="text/plain; charset=utf-8", headers=_BRIEFLY)

    def tile(request: Request) -> Response:
        try:
            content = made(read_path(f"tile/{request.path_params['path']}"))
        except NotFoundError as error:
            return error_response(error)
        return Response(content, media_type="application/octet-stream", headers=_FOREVER)

    def made(asked: Tile) -> bytes:
        with reading() as store:
            last = store.last_checkpoint()
            return tiles.made(store, last.size if last else 0, asked, opened=True)

    return [
        Route("/ledger/checkpoint", checkpoint, methods=["GET"]),
        Route("/ledger/tile/{path:path}", tile, methods=["GET"]),
    ]
