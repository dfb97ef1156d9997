"""Tiles over HTTP."""

from collections.abc import Iterator
from contextlib import contextmanager

from starlette.applications import Starlette
from starlette.testclient import TestClient

from changeover.web.tiles import tile_routes
from tests.fakes import FakeLedgerStore
from tests.ledger.test_tiles import ledger


def client(store: FakeLedgerStore) -> TestClient:
    @contextmanager
    def reading() -> Iterator[FakeLedgerStore]:
        yield store

    return TestClient(Starlette(routes=tile_routes(reading)))


def test_checkpoint_tiles_and_bundles_are_served_as_the_specification_says():
    store = ledger(300)
    asking = client(store)
    checkpoint = asking.get("/ledger/checkpoint")
    assert (checkpoint.status_code, checkpoint.content) == (200, store.signed[0].note)
    assert checkpoint.headers["content-type"] == "text/plain; charset=utf-8"
    tile = asking.get("/ledger/tile/0/000")
    assert (tile.status_code, len(tile.content)) == (200, 8192)
    assert tile.headers["content-type"] == "application/octet-stream"
    assert "immutable" in tile.headers["cache-control"]
    assert asking.get("/ledger/tile/0/001.p/44").status_code == 200
    assert asking.get("/ledger/tile/1/000.p/1").status_code == 200
    assert asking.get("/ledger/tile/entries/001.p/44").content.count(b'"rest"') == 44


def test_what_is_not_there_is_said():
    asking = client(ledger(300))
    for path in ("0/001", "0/001.p/45", "entries/002.p/1", "0/x000/000", "data/000"):
        assert asking.get(f"/ledger/tile/{path}").status_code == 404, path
    assert client(FakeLedgerStore()).get("/ledger/checkpoint").status_code == 404
