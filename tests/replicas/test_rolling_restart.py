"""Replicas that are stopped and begun again one after the other, behind a balancer, under load.

Callers are those with the vendors' SDKs and their usual retries, and bare ones that keep
their connections and try nothing twice.
"""

import itertools
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Self
from urllib.parse import urlsplit

import anthropic
import httpx2
import openai
import pytest

from tests.end_to_end.running import Server
from tests.replicas.agreement import check_agreement, check_heard
from tests.replicas.cluster import Cluster, ready, until
from tests.replicas.forwarder import Forwarder
from tests.replicas.load import Caller, Load

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")

_ASKED_EVERY = 0.1


class Balancer:
    """Gives each new connection to the next of the replicas whose `/readyz` says yes."""

    def __init__(self, replicas: list[Server]) -> None:
        self._replicas = replicas
        self._turns = itertools.count()
        self._ready: list[int] = []
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._watch)

    @contextmanager
    def running(self) -> Iterator[str]:
        """The address to call."""
        self._thread.start()
        try:
            assert until(lambda: len(self._ready) == len(self._replicas))
            with Forwarder(self._next) as forwarder:
                yield f"http://127.0.0.1:{forwarder.port}/"
        finally:
            self._stopping.set()
            self._thread.join(10)

    def _next(self) -> int | None:
        ports = self._ready
        return ports[next(self._turns) % len(ports)] if ports else None

    def _watch(self) -> None:
        while not self._stopping.wait(_ASKED_EVERY):
            found = [replica for replica in self._replicas if ready(replica) is None]
            self._ready = [port for r in found if (port := urlsplit(r.url).port) is not None]


class Programs:
    """Programs with the SDKs, each in a thread, which note what they could not have answered."""

    def __init__(self, url: str, key: str) -> None:
        self.answered = 0
        self.failures: list[str] = []
        self._stopping = threading.Event()
        self._claude = anthropic.Anthropic(base_url=url, api_key=key, timeout=20)
        self._gpt = openai.OpenAI(base_url=f"{url}v1", api_key=key, timeout=20)
        ways: tuple[Callable[[str], Any], ...] = (self._claude_whole, self._gpt_whole)
        self._threads = [
            threading.Thread(target=self._call_on, args=(way, 300 + 10 * n))
            for n, way in enumerate((*ways, self._claude_stream, self._gpt_stream))
        ]

    def __enter__(self) -> Self:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stopping.set()
        for thread in self._threads:
            thread.join(60)
        self._claude.close()
        self._gpt.close()

    def _call_on(self, way: Callable[[str], Any], first: int) -> None:
        for number in itertools.count():
            if self._stopping.is_set():
                return
            try:
                way(f"two-{first + number % 10}")
                self.answered += 1
            except (anthropic.AnthropicError, openai.OpenAIError, httpx2.HTTPError) as error:
                self.failures.append(f"{way.__name__}: {type(error).__name__}: {error}")

    def _claude_whole(self, mark: str) -> None:
        self._claude.messages.create(model=mark, max_tokens=9, messages=_messages(mark))

    def _gpt_whole(self, mark: str) -> None:
        self._gpt.chat.completions.create(model=mark, messages=_messages(mark))

    def _claude_stream(self, mark: str) -> None:
        said = _messages(mark, 0.3)
        with self._claude.messages.stream(model=mark, max_tokens=9, messages=said) as stream:
            assert stream.get_final_message().stop_reason == "end_turn"

    def _gpt_stream(self, mark: str) -> None:
        said = _messages(mark, 0.3)
        chunks = list(self._gpt.chat.completions.create(model=mark, messages=said, stream=True))
        assert chunks[-1].choices[0].finish_reason == "stop"


def _messages(mark: str, seconds: float = 0) -> Any:
    return [{"role": "user", "content": f"mark={mark} seconds={seconds}"}]


def test_a_rolling_restart_under_load_loses_no_call_and_no_record(cluster: Cluster, long: bool):
    replicas = cluster.replicas if long else cluster.replicas[:2]
    key = cluster.keys["lenient"]
    with Balancer(cluster.replicas).running() as url:
        bare = [
            Caller(
                urls=(url,),
                key=key,
                model="two",
                marks=tuple(range(20 * n, 20 * n + 20)),
                seconds=seconds,
            )
            for n, seconds in enumerate((0, 0, 0.3))
        ]
        with Programs(url, key) as programs, Load(cluster.folder / "rolling", bare) as load:
            for replica in replicas:
                assert replica.stop() == 0, replica.log
                cluster.start(replica)
                assert until(lambda r=replica: ready(r) is None)  # type: ignore[misc]
                time.sleep(0.3)
    print(f"{programs.answered} answers to programs, {len(load.outcomes)} to bare callers")  # noqa: T201
    assert programs.failures == []
    assert programs.answered > 20
    assert {(o.status, o.said, o.whole) for o in load.outcomes} == {(200, "", True)}
    calls = cluster.settled_calls()
    check_heard(load.outcomes, calls)
    results = check_agreement(cluster.vendor.calls, calls, marked="two-")
    assert not results["unknown"]
