"""Acts on keys and credentials on one replica are in force on another, over PostgreSQL."""

import shutil
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx2
import pytest

from tests.end_to_end.running import CLAUDE, MESSAGES, Server, changeover
from tests.end_to_end.vendors import Vendors

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")

ROUTE = f"{CLAUDE}@anthropic"
STORED = "sk-ant-credential-for-every-replica"


class Replicas:
    """Two servers on one database; commands go to the database themselves."""

    def __init__(self, folder: Path, url: str) -> None:
        self._settings: Any = {"CHANGEOVER_DATABASE_URL": url, "CHANGEOVER_SECRET": "s" * 32}
        self.servers = [Server(folder / name, **self._settings) for name in ("one", "two")]

    def start(self) -> None:
        first, second = self.servers
        first.start()
        second.data.mkdir(parents=True)
        shutil.copy(first.data / "ledger.key", second.data / "ledger.key")
        second.start()

    def run(self, *arguments: str, given: str | None = None) -> str:
        return changeover(self.servers[0].data, *arguments, given=given, **self._settings)

    def answers(self, key: str) -> list[httpx2.Response]:
        """What each replica answers to the same call."""
        asked = {"model": ROUTE, "max_tokens": 9, "messages": MESSAGES}
        headers = {"x-api-key": key, "anthropic-version": "2023-06-01"}
        return [
            httpx2.post(f"{server.url}v1/messages", json=asked, headers=headers, timeout=30)
            for server in self.servers
        ]


@pytest.fixture(scope="module")
def replicas(
    tmp_path_factory: pytest.TempPathFactory, postgres: Any, vendors: Vendors
) -> Iterator[Replicas]:
    running = Replicas(tmp_path_factory.mktemp("replicas"), postgres.new())
    running.start()
    yield running
    for server in running.servers:
        server.__exit__()


def _soon(told: Callable[[], list[Any]], expected: list[Any]) -> None:
    """Waits until every replica answers so, five seconds at most."""
    until = time.monotonic() + 5
    while (found := told()) != expected and time.monotonic() < until:
        time.sleep(0.01)
    assert found == expected


def test_a_key_works_and_ends_on_every_replica(replicas: Replicas):
    key = replicas.run("keys", "create", "treasury-code").splitlines()[0]
    statuses = lambda used: [answer.status_code for answer in replicas.answers(used)]  # noqa: E731
    _soon(lambda: statuses(key), [200, 200])
    new = replicas.run("keys", "rotate", key, "--overlap", "1h").splitlines()[0]
    _soon(lambda: statuses(new), [200, 200])
    assert statuses(key) == [200, 200]
    replicas.run("keys", "revoke", key)
    _soon(lambda: statuses(key), [401, 401])
    assert statuses(new) == [200, 200]


def test_a_credential_is_used_and_taken_away_on_every_replica(replicas: Replicas, vendors: Vendors):
    key = replicas.run("keys", "create", "treasury-code").splitlines()[0]

    def stands_in() -> list[str]:
        answers = replicas.answers(key)
        return [answer.headers.get("changeover-stand-in", answer.text) for answer in answers]

    place = ("anthropic", "--protocol", "anthropic-messages")
    _soon(stands_in, ["true", "true"])
    began = len(vendors.calls)
    address = ("--base-url", f"{vendors.url}/anthropic")
    replicas.run("credentials", "set", *place, *address, "--stdin", given=STORED)
    _soon(stands_in, ["false", "false"])
    assert len(vendors.calls) > began
    replicas.run("credentials", "remove", *place)
    _soon(stands_in, ["true", "true"])
