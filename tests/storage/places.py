"""Where tests of backups put their databases, folders and files."""

from pathlib import Path

import pytest

from changeover.ledger.keys import keep
from changeover.wiring.backups import write_backup
from tests.postgres import PostgresServer
from tests.storage.filling import KEY

KINDS = ("sqlite", "postgresql")


class Places:
    """Empty databases, and the folders of their installations."""

    def __init__(self, folder: Path, request: pytest.FixtureRequest) -> None:
        self.folder = folder
        self._request = request
        self._made = 0

    def empty(self, kind: str) -> str:
        if kind == "postgresql":
            server: PostgresServer = self._request.getfixturevalue("postgres")
            return server.empty()
        self._made += 1
        return f"sqlite:///{self.folder}/{self._made}.db"

    def data(self, name: str, *, key: bool = True) -> Path:
        data = self.folder / name
        data.mkdir()
        if key:
            keep(data / "ledger.key", KEY)
        return data


def quiet(_doing: str, _done: int, _total: int) -> None:
    pass


def backed_up(places: Places, url: str, *, with_key: bool = True) -> Path:
    path = places.folder / "it.backup"
    data = places.folder / "source"
    if not data.exists():
        places.data("source")
    write_backup(data, url, path, with_key=with_key, progress=quiet)
    return path
