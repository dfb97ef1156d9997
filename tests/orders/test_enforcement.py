from typing import Any

import msgspec
import pytest

from changeover.orders.enforcement import MARGIN, Enforcement, Replica, settled

SERVING = Replica(
    start="start_1",
    host="here",
    pid=1,
    address="http://here/",
    version="1",
    began=0,
    renewed=1_000,
    lease_until=10_000,
    revision=7,
    skew=0,
    state="serving",
)


def replica(start: str = "start_1", **changed: Any) -> Replica:
    made: Replica = msgspec.structs.replace(SERVING, start=start, **changed)
    return made


def how(*replicas: Replica, revision: int = 8, now: int = 5_000, since: int = 900):
    found = settled(replicas, revision, now, since)
    return None if found is None else {each.start: (each.how, each.at) for each in found}


def test_a_replica_that_has_the_revision_has_confirmed_it():
    assert how(replica(revision=8)) == {"start_1": ("confirmed", 1_000)}
    assert how(replica(revision=9)) == {"start_1": ("confirmed", 1_000)}


def test_one_that_has_not_is_waited_for_while_its_lease_lasts():
    assert how(replica()) is None
    assert how(replica(), now=10_000 + MARGIN) is None
    assert how(replica(), now=10_001 + MARGIN) == {"start_1": ("lease-ran-out", 10_000)}


@pytest.mark.parametrize("state", ["starting", "serving", "leaving"])
def test_whatever_it_says_that_it_does(state):
    assert how(replica(state=state)) is None


def test_one_that_left_is_not_waited_for():
    assert how(replica(state="gone", lease_until=2_000)) == {"start_1": ("left", 2_000)}


def test_one_that_may_still_decide_without_it_holds_all_of_them_up():
    assert how(replica("start_1", revision=8), replica("start_2")) is None


def test_those_that_were_no_more_when_it_was_committed_are_not_told_of():
    gone = replica("start_2", state="gone", lease_until=800)
    silent = replica("start_3", lease_until=850)
    assert how(replica(revision=8), gone, silent, now=900 + 2 * MARGIN) == {
        "start_1": ("confirmed", 1_000)
    }


def test_nobody_is_left_where_nobody_serves():
    assert how() == {}


def test_an_act_is_in_force_when_it_binds_in_law_and_everywhere():
    act = Enforcement(revision=8, kind="instrument", key="order", legal=5_000, committed=1_000)
    assert act.in_force is None
    early = Enforcement(
        revision=8, kind="instrument", key="order", legal=5_000, committed=1_000, settled=2_000
    )
    late = Enforcement(
        revision=8, kind="instrument", key="order", legal=500, committed=1_000, settled=2_000
    )
    assert (early.in_force, late.in_force) == (5_000, 2_000)
