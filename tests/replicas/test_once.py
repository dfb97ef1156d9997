"""Idempotency keys across replicas: who asks another one is given what the first was."""

import threading

import httpx2
import pytest

from tests.end_to_end.running import Server
from tests.replicas.cluster import Cluster, body, until


def call(cluster: Cluster, replica: Server, name: str, request: bytes) -> httpx2.Response:
    headers = {"x-api-key": cluster.keys["strict"], "idempotency-key": name}
    url = f"{replica.url}v1/chat/completions"
    return httpx2.post(url, content=request, headers=headers, timeout=20)


def test_an_answer_is_given_once_whichever_replica_is_asked(cluster: Cluster):
    first, second, *_ = cluster.replicas
    slow, mark = body("one-300", seconds=1), "one-300"
    answers: list[httpx2.Response] = []
    asking = threading.Thread(target=lambda: answers.append(call(cluster, first, "a", slow)))
    asking.start()
    assert until(lambda: len(cluster.arrived(mark)) == 1)
    meanwhile = call(cluster, second, "a", slow)
    assert (meanwhile.status_code, meanwhile.json()["error"]["code"]) == (
        409,
        "idempotency_key_under_way",
    )
    asking.join(20)
    again = call(cluster, second, "a", slow)
    assert again.content == answers[0].content
    assert again.headers["changeover-replayed"] == "true"
    assert again.headers["changeover-call"] == answers[0].headers["changeover-call"]
    other = call(cluster, second, "a", body("one-301"))
    assert (other.status_code, other.json()["error"]["code"]) == (422, "idempotency_key_reused")
    assert (len(cluster.arrived(mark)), len(cluster.arrived("one-301"))) == (1, 0)


def test_a_killed_replicas_call_is_taken_over_when_its_lease_has_run_out(
    cluster: Cluster, *, long: bool
):
    if not long:
        pytest.skip("at full length: make chaos")
    other = cluster.replicas[0]
    dying = cluster.begin("dying", CHANGEOVER_LEASE="2")
    slow, mark = body("one-302", seconds=20), "one-302"

    def breaks_off() -> None:
        try:
            call(cluster, dying, "b", slow)
        except httpx2.HTTPError:
            return

    asking = threading.Thread(target=breaks_off)
    asking.start()
    assert until(lambda: len(cluster.arrived(mark)) == 1)
    dying.process.kill()
    dying.wait()
    asking.join(20)
    cluster.replicas.remove(dying)
    quick = body(mark)
    assert until(lambda: call(cluster, other, "b", quick).status_code == 422)
    # The same request: it takes as long as it says, so that it is only seen to be begun.
    again = threading.Thread(target=lambda: _left(cluster, other, slow))
    again.start()
    assert until(lambda: len(cluster.arrived(mark)) == 2)
    again.join(20)


def _left(cluster: Cluster, replica: Server, request: bytes) -> None:
    """Asks until the call is made, and leaves."""
    headers = {"x-api-key": cluster.keys["strict"], "idempotency-key": "b"}
    for _ in range(40):
        try:
            url = f"{replica.url}v1/chat/completions"
            httpx2.post(url, content=request, headers=headers, timeout=0.5)
        except httpx2.TimeoutException:
            return
