"""An order with effect at T, under load on four replicas: nothing for the vendor after T.

The callers take every path there is to a vendor: each protocol, streamed and not, passing
through and translated, a vendor that fails and its fallbacks, the chat's answers and
titles, and callers that try again and again after a refusal.
"""

from collections.abc import Mapping
from typing import Any

import pytest

from tests.replicas import directory
from tests.replicas.cluster import (
    PASSWORD,
    PERSON,
    SECOND,
    Cluster,
    microseconds,
    now,
    sleep_until,
)
from tests.replicas.load import Caller, Load, Outcome, Way
from tests.replicas.vendor import Received

LATEST = 50_000
RESPONSES: tuple[Way, ...] = ("responses", "responses-stream")
GEMINI: tuple[Way, ...] = ("gemini", "gemini-stream")
CONVERSE: tuple[Way, ...] = ("converse", "converse-stream")
OURS = frozenset({"one", "flaky", "one-at-beta", "three", "four", "five"})
ORDER = "alpha-ends"


class Happened:
    """The order's instant, and what callers, ledger and vendor each say of that time."""

    def __init__(self, cluster: Cluster) -> None:
        with Load(cluster.folder / "load", callers(cluster)) as load:
            self.at = now() + 4 * SECOND
            cluster.issue(ORDER, directory.order(ORDER, directory.ALPHA, at=self.at))
            sleep_until(self.at + 2 * SECOND)
        self.outcomes: list[Outcome] = load.outcomes
        self.calls: list[Mapping[str, Any]] = cluster.settled_calls()
        self.received: list[Received] = cluster.vendor.calls

    def in_flight(self, service: str) -> list[Mapping[str, Any]]:
        """The service's calls that were let out before the instant and ended behind it."""
        return [
            call
            for call in self.calls
            if call["service"] == service
            and call["outcome"] != "refuse"
            and microseconds(call["at"]) < self.at < microseconds(call["ended"])
        ]


def callers(cluster: Cluster) -> list[Caller]:
    urls = tuple(replica.url for replica in cluster.replicas)
    lenient, strict, patient = (cluster.keys[s] for s in ("lenient", "strict", "patient"))
    person = f"{PERSON}:{PASSWORD}"
    told: list[tuple[str, dict[str, Any]]] = [
        (lenient, {}),
        (lenient, {}),
        (strict, {}),
        (strict, {}),
        (lenient, {"model": "flaky"}),
        (lenient, {"model": "two"}),
        (person, {"ways": ("chat",), "seconds": 0.5}),
        (lenient, {"ways": ("openai-stream", "anthropic-stream"), "seconds": 1.5}),
        (lenient, {"ways": ("anthropic-stream", "openai-stream"), "seconds": 1.3}),
        (strict, {"ways": ("anthropic-stream", "openai-stream"), "seconds": 1.4}),
        (strict, {"ways": ("openai-stream", "anthropic-stream"), "seconds": 1.2}),
        (patient, {"ways": ("openai-stream", "anthropic-stream"), "seconds": 1.5}),
        (patient, {"ways": ("openai", "anthropic"), "seconds": 1.2}),
        (strict, {"model": "three", "ways": RESPONSES}),
        (lenient, {"model": "four", "ways": GEMINI}),
        (strict, {"model": "five", "ways": CONVERSE}),
        (strict, {"ways": (*RESPONSES, *GEMINI, *CONVERSE)}),
        (strict, {"model": "three", "ways": ("responses-stream",), "seconds": 1.5}),
        (lenient, {"model": "four", "ways": ("gemini-stream",), "seconds": 1.4}),
        (patient, {"model": "four", "ways": ("gemini-stream",), "seconds": 1.3}),
        (lenient, {"model": "five", "ways": ("converse-stream",), "seconds": 1.5}),
        # A second of each, of another length: one of the two is under way at the instant.
        (strict, {"model": "three", "ways": ("responses-stream",), "seconds": 1.1}),
        (lenient, {"model": "four", "ways": ("gemini-stream",), "seconds": 1.1}),
        (lenient, {"model": "five", "ways": ("converse-stream",), "seconds": 1.2}),
    ]
    return [
        Caller(urls=urls, key=key, marks=tuple(range(i * 20, i * 20 + 20)), **more)
        for i, (key, more) in enumerate(told)
    ]


@pytest.fixture(scope="module")
def happened(cluster: Cluster) -> Happened:
    return Happened(cluster)


def test_every_replica_sent_to_the_vendor_until_shortly_before(happened: Happened):
    shortly = happened.at - SECOND
    sent = [c for c in happened.calls if c["maker"] == "alpha" and c["result"] == "answered"]
    starts = {c["start"] for c in sent if shortly < microseconds(c["at"]) < happened.at}
    assert len(starts) == 4
    paths = {(c["service"], c["slot"]) for c in sent}
    assert {("statechat", "chat"), ("statechat", "title"), ("lenient", "chat")} <= paths


def test_no_decision_lets_a_call_out_to_the_vendor_after_the_instant(happened: Happened):
    late = [
        call
        for call in happened.calls
        if call["maker"] == "alpha"
        and microseconds(call["at"]) >= happened.at
        and call["outcome"] != "refuse"
    ]
    assert late == []


def test_by_the_vendors_own_log_nothing_arrives_later(
    cluster: Cluster, happened: Happened, long: bool
):
    arrived = [call.at for call in happened.received if call.model in OURS]
    assert {call.model for call in happened.received} >= OURS - {"one-at-beta"}
    lateness = max(arrived) - happened.at
    print(f"greatest lateness by the vendor's clock: {lateness / 1000:.1f} ms")  # noqa: T201
    # A vendor that could not run cannot tell when something arrived meanwhile.
    stalled = 0 if long else cluster.vendor.stalled(happened.at, happened.at + SECOND)
    assert lateness <= LATEST + stalled


def test_after_the_instant_callers_are_refused_or_served_by_another(happened: Happened):
    later = [o for o in happened.outcomes if o.began > happened.at and o.status is not None]
    by = {call["call"]: call for call in happened.calls if call["result"] == "answered"}
    assert {o.status for o in later} == {200, 451}
    served = [by[o.call]["maker"] for o in later if o.status == 200 and o.call]
    assert set(served) == {"beta"}


def test_answers_on_their_way_are_cut_at_the_instant_where_the_order_says_so(
    cluster: Cluster, happened: Happened, long: bool
):
    cut = happened.in_flight("lenient") + happened.in_flight("strict")
    streams = [call for call in cut if call["error"] == "cut_by_order"]
    assert streams
    assert {call["result"] for call in streams} == {"cut"}
    lateness = max(microseconds(call["ended"]) for call in streams) - happened.at
    print(f"{len(streams)} streams cut, the last {lateness / 1000:.1f} ms after")  # noqa: T201
    stalled = 0 if long else cluster.vendor.stalled(happened.at, happened.at + SECOND)
    assert lateness <= 2 * LATEST + stalled
    ends = {o.call: o for o in happened.outcomes}
    for call in streams:
        heard = ends[call["call"]]
        assert heard.whole
        assert "cut_by_order" in heard.said or "alpha-ends" in heard.said
        assert heard.ended - happened.at < SECOND


def test_answers_on_their_way_finish_where_the_order_lets_them(happened: Happened):
    finished = happened.in_flight("patient")
    assert len(finished) >= 2
    ends = {o.call: o for o in happened.outcomes}
    for call in finished:
        assert call["result"] == "answered"
        assert (ends[call["call"]].whole, ends[call["call"]].said) == (True, "")


def test_of_an_answer_on_its_way_the_ledger_has_both_instants(happened: Happened):
    under_way = [
        call
        for service in ("statechat", "lenient", "strict", "patient")
        for call in happened.in_flight(service)
        if call["maker"] == "alpha" and call["result"] != "refused"
    ]
    assert under_way
    for call in under_way:
        assert call["overtaken_by"] == [ORDER]
        assert microseconds(call["overtaken_at"]) == happened.at
    others = [call for call in happened.calls if call not in under_way]
    assert not any(ORDER in call["overtaken_by"] for call in others)


def test_each_protocols_own_bytes_pass_until_the_instant_and_end_properly_at_it(
    happened: Happened,
):
    ways = (("responses-stream", "three"), ("gemini-stream", "four"), ("converse-stream", "five"))
    for way, model in ways:
        of_way = [o for o in happened.outcomes if o.way == way and o.mark.startswith(model)]
        before = [o for o in of_way if o.ended < happened.at]
        assert before
        assert {(o.status, o.whole, o.said) for o in before} == {(200, True, "")}
        over = [o for o in of_way if o.status == 200 and o.began < happened.at < o.ended]
        assert over
        assert all(o.whole for o in over), over
        assert any("cut_by_order" in o.said or ORDER in o.said for o in over), over
