"""The chat holds its conversations itself: they go to another vendor and back, too.

A person chooses another model between turns, through the chat's own API. Each vendor is sent
all that was said, none rejects it, and what one of them sealed goes back to that one alone.
"""

import time
import uuid
from collections.abc import Iterator
from itertools import permutations
from typing import Any

import httpx2
import pytest

from tests.end_to_end.running import Server
from tests.matrix.conversing import FACT, QUESTION
from tests.matrix.seals import Call, minted, misplaced
from tests.matrix.upstreams import UPSTREAMS
from tests.matrix.vendors import Vendors

LOGIN = {"login": "ana.silva", "password": "one memo changes it"}
OWN = ("chat", "responses", "messages", "gemini", "converse", "mistral")
ROUTES = [(*pair, pair[0], third) for *pair, third in permutations(OWN, 3)]
STEP = 7
"""A few of all orders, in which each vendor is gone from and come back to."""


class Person:
    """Somebody who is signed in, and writes."""

    def __init__(self, server: Server) -> None:
        self._client = httpx2.Client(base_url=f"{server.url}api/", timeout=30)
        signed_in = self._client.post("session", json=LOGIN)
        assert signed_in.status_code == 200, signed_in.text
        self._client.headers["x-csrf-token"] = signed_in.json()["csrf"]

    def close(self) -> None:
        self._client.close()

    def begin(self) -> str:
        conversation: str = self._client.post("conversations", json={}).json()["id"]
        return conversation

    def say(self, conversation: str, text: str, model: str) -> Any:
        """The answer's turn, whole."""
        message = {"client_id": str(uuid.uuid4()), "text": text, "model": model}
        sent = self._client.post(f"conversations/{conversation}/turns", json=message)
        assert sent.status_code == 200, sent.text
        until = time.monotonic() + 20
        while time.monotonic() < until:
            turn = self._client.get(f"conversations/{conversation}").json()["turns"][-1]
            if turn["state"] != "generating":
                return turn
            time.sleep(0.02)
        raise AssertionError("the answer did not end")


@pytest.fixture(scope="module")
def person(matrix_server: Server) -> Iterator[Person]:
    somebody = Person(matrix_server)
    yield somebody
    somebody.close()


@pytest.mark.parametrize("order", ROUTES[::STEP], ids="-".join)
def test_a_chat_goes_there_and_back_and_on(
    order: tuple[str, ...], person: Person, matrix_vendors: Vendors
):
    conversation, calls = person.begin(), []
    for number, name in enumerate(order):
        upstream, earlier = UPSTREAMS[name], len(matrix_vendors.sent)
        turn = person.say(conversation, QUESTION if number else FACT, upstream.route)
        assert turn["state"] == "complete", turn
        # Beside the answer, a title is asked for, of the model that is bound.
        answers = [each for each in matrix_vendors.sent[earlier:] if each.host == upstream.host]
        assert [each.status for each in answers] == [200] * len(answers)
        calls += [Call(upstream, each) for each in answers if FACT.encode() in each.body]
    assert len(calls) >= len(order)
    assert misplaced(calls) == []
    assert "gemini" not in order or any(minted(call.sent.answer) for call in calls)
