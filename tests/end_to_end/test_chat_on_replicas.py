"""One conversation through two servers on one database: followed, stopped, and outliving one."""

import json
import shutil
import signal
import time
import uuid
from collections.abc import Callable, Iterator
from typing import Any

import httpx2
import pytest

from tests.end_to_end.running import Server, changeover
from tests.end_to_end.vendors import Vendors

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")

PASSWORD = "one memo changes it"
QUESTION = "Quote this: " + "the lighthouse keeper counts the boats. " * 30


class Window:
    """A browser's window, whose requests go to whichever server is named."""

    def __init__(self, servers: list[Server]) -> None:
        self._servers = servers
        self._client = httpx2.Client(timeout=30)
        body = {"login": "ana.silva", "password": PASSWORD}
        signed_in = self._client.post(f"{servers[0].url}api/session", json=body)
        assert signed_in.status_code == 200, signed_in.text
        self.csrf: str = signed_in.json()["csrf"]

    def close(self) -> None:
        self._client.close()

    def ask(self, which: int, method: str, path: str, body: Any = None) -> httpx2.Response:
        url = f"{self._servers[which].url}api/{path}"
        headers = {"x-csrf-token": self.csrf}
        return self._client.request(method, url, json=body, headers=headers)

    def send(self, which: int, conversation: str, text: str = QUESTION) -> httpx2.Response:
        message = {"client_id": str(uuid.uuid4()), "text": text}
        return self.ask(which, "POST", f"conversations/{conversation}/turns", message)

    def shown(self, which: int, conversation: str) -> Any:
        return self.ask(which, "GET", f"conversations/{conversation}").json()

    def followed(self, which: int, conversation: str) -> tuple[str, str]:
        """Follows the conversation from its beginning to an answer's end: the text, the state."""
        text = ""
        url = f"{self._servers[which].url}api/conversations/{conversation}/events"
        with self._client.stream("GET", url, timeout=60) as response:
            kind = ""
            for line in response.iter_lines():
                if line.startswith("event: "):
                    kind = line.removeprefix("event: ")
                elif line.startswith("data: "):
                    data = json.loads(line.removeprefix("data: "))
                    if kind == "delta":
                        text += data["text"]
                    elif kind == "end":
                        return text, data["state"]
        raise AssertionError("the events ended before the answer did")


@pytest.fixture(scope="module")
def settings(postgres: Any) -> Iterator[Any]:
    with Vendors(delay_ms=20) as vendors:
        yield {
            "CHANGEOVER_DATABASE_URL": postgres.new(),
            "CHANGEOVER_SECRET": "s" * 32,
            "CHANGEOVER_STAND_IN_URL": vendors.url,
            "CHANGEOVER_LEASE": "2",
        }


@pytest.fixture(scope="module")
def servers(tmp_path_factory: pytest.TempPathFactory, settings: Any) -> Iterator[list[Server]]:
    folder = tmp_path_factory.mktemp("chatting")
    both = [Server(folder / name, **settings) for name in ("one", "two")]
    both[0].start()
    both[1].data.mkdir(parents=True)
    shutil.copy(both[0].data / "ledger.key", both[1].data / "ledger.key")
    both[1].start()
    yield both
    for server in both:
        server.__exit__()


@pytest.fixture
def window(servers: list[Server]) -> Iterator[Window]:
    opened = Window(servers)
    yield opened
    opened.close()


def _soon(true: Callable[[], bool], seconds: float = 15) -> None:
    until = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < until, "not in time"
        time.sleep(0.02)


def test_a_conversation_goes_on_through_either_server_and_outlives_one(
    servers: list[Server], window: Window
):
    conversation = window.ask(0, "POST", "conversations", {}).json()["id"]

    # One writes, the other follows.
    assert window.send(0, conversation).status_code == 200
    text, state = window.followed(1, conversation)
    assert state == "complete"
    answer = window.shown(0, conversation)["turns"][-1]
    assert (answer["text"], answer["state"]) == (text, "complete")

    # Stop reaches the one that writes; meanwhile the other takes no message.
    window.send(0, conversation)
    _soon(lambda: window.shown(1, conversation)["turns"][-1]["text"] != "")
    assert window.send(1, conversation).status_code == 409
    began = time.monotonic()
    assert window.ask(1, "POST", f"conversations/{conversation}/stop", {}).status_code == 200
    assert time.monotonic() - began < 2
    assert window.shown(0, conversation)["turns"][-1]["state"] == "stopped"

    # The one that writes is killed: the other ends its answer and goes on from it.
    window.send(0, conversation)
    _soon(lambda: window.shown(1, conversation)["turns"][-1]["text"] != "")
    kept = window.shown(1, conversation)["turns"][-1]["text"]
    servers[0].stop(signal.SIGKILL)
    _soon(lambda: window.shown(1, conversation)["generating"] is None)
    broken = window.shown(1, conversation)["turns"][-1]
    assert broken["state"] == "interrupted"
    assert broken["text"].startswith(kept)
    path = f"conversations/{conversation}/turns/{broken['id']}/continuation"
    assert window.ask(1, "POST", path, {}).status_code == 200
    _soon(lambda: window.shown(1, conversation)["turns"][-1]["state"] == "complete")
    servers[0].start()


def test_who_signs_out_at_one_server_is_signed_out_at_the_other(window: Window):
    assert window.ask(1, "GET", "chat").status_code == 200
    assert window.ask(1, "GET", "chat").status_code == 200
    assert window.ask(0, "DELETE", "session").status_code in {200, 204}
    _soon(lambda: window.ask(1, "GET", "chat").status_code == 401, seconds=1)


def test_who_is_disabled_is_signed_out_at_every_server(
    servers: list[Server], settings: Any, window: Window
):
    assert [window.ask(which, "GET", "chat").status_code for which in (0, 1)] == [200, 200]
    changeover(servers[0].data, "accounts", "disable", "ana.silva", **settings)
    assert [window.ask(which, "GET", "chat").status_code for which in (0, 1)] == [401, 401]
