"""A replica that keeps up, over a database that the test steers."""

import threading
import time
from collections.abc import Callable

import pytest

from changeover.basics.clock import this_moment
from changeover.basics.errors import ChangeoverError
from changeover.orders.enforcement import Renewal, Renewed
from changeover.orders.lease import RenewedLease, Terms
from changeover.orders.membership import Membership

WHO = Renewal(
    start="start_1",
    host="here",
    pid=1,
    address="",
    version="1",
    lease=0,
    revision=0,
    skew=0,
    state="starting",
)
WITHIN = 5.0


class Shared:
    """Implements `Replicas`: a revision that is moved, and what replicas told."""

    def __init__(self) -> None:
        self.number = 3
        self.told: list[Renewal] = []
        self.left: list[str] = []
        self.away = False
        self.answers = threading.Event()
        self.answers.set()
        self.moves_before_renewal = 0
        self.ahead = 0

    def revision(self) -> int:
        self._reach()
        return self.number

    def renew(self, renewal: Renewal) -> Renewed:
        self._reach()
        if self.moves_before_renewal:
            self.moves_before_renewal -= 1
            self.number += 1
        self.told.append(renewal)
        return Renewed(now=this_moment().wall + self.ahead, revision=self.number)

    def leave(self, start: str) -> None:
        self.left.append(start)

    def all(self):
        return this_moment().wall, ()

    def _reach(self) -> None:
        self.answers.wait(WITHIN)
        if self.away:
            raise ChangeoverError("The database is away.")


class Replica:
    def __init__(self, *, seconds: float = 10) -> None:
        self.shared = Shared()
        self.loads = 0
        self.fails: Exception | None = None
        self.loading: Callable[[], object] = lambda: None
        self.lease = RenewedLease(Terms(seconds=seconds))
        self.membership = Membership(self.shared, self.lease, WHO, self.load)

    def load(self) -> None:
        self.loads += 1
        self.loading()
        if self.fails is not None:
            raise self.fails


@pytest.fixture
def replica():
    made = Replica()
    yield made
    made.shared.away = False
    made.membership.leave()


def until(true) -> None:
    deadline = time.monotonic() + WITHIN
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.005)


def test_it_loads_what_is_committed_before_it_takes_a_lease(replica: Replica):
    assert replica.lease.lapsed() is not None
    replica.membership.join()
    assert replica.loads == 1
    assert replica.lease.lapsed() is None
    assert [(r.revision, r.lease) for r in replica.shared.told] == [(3, 10_000_000)]


def test_no_lease_begins_for_rules_that_are_behind(replica: Replica):
    lapsed: list[bool] = []
    replica.loading = lambda: lapsed.append(replica.lease.lapsed() is not None)
    replica.shared.moves_before_renewal = 2
    replica.membership.join()
    # Something was committed between the load and the renewal: it is loaded first.
    assert lapsed[:2] == [True, True]
    assert replica.lease.lapsed() is None
    until(lambda: replica.shared.told[-1].revision == 5)
    assert [renewal.revision for renewal in replica.shared.told] == [3, 4, 5]
    assert replica.loads == 3


def test_a_lease_that_begins_after_a_load_is_counted_from_before_it_was_asked_for():
    made = Replica(seconds=1)
    made.shared.moves_before_renewal = 1
    slow = [0.0, 0.7]
    made.loading = lambda: time.sleep(slow.pop(0))
    began = this_moment().steady
    made.membership._keep_up()
    assert made.lease.lapsed() is None
    assert made.lease.remaining(this_moment()) < began + 1 - this_moment().steady + 0.2
    assert made.lease.remaining(this_moment()) < 0.4


def test_changes_that_come_faster_than_they_are_loaded_take_no_lease_away():
    made = Replica(seconds=0.5)
    made.shared.moves_before_renewal = 1_000_000
    made.loading = lambda: time.sleep(0.05)
    made.membership.join()
    try:
        ends = time.monotonic() + 2
        while time.monotonic() < ends:
            assert made.lease.lapsed() is None
            time.sleep(0.01)
    finally:
        made.shared.moves_before_renewal = 0
        made.membership.leave()


def test_told_of_a_change_it_loads_and_confirms_at_once(replica: Replica):
    replica.membership.join()
    replica.shared.number = 4
    replica.membership.tell("4")
    until(lambda: replica.shared.told[-1].revision == 4)
    assert replica.loads == 2


def test_what_it_presents_is_told_with_the_next_renewal(replica: Replica):
    replica.membership.join()
    replica.membership.present("serving", "http://here/")
    until(lambda: replica.shared.told[-1].state == "serving")
    replica.membership.present("leaving")
    until(lambda: replica.shared.told[-1].state == "leaving")
    assert replica.shared.told[-1].address == "http://here/"


def test_a_clock_that_is_off_is_told_and_lapses_the_lease(replica: Replica):
    replica.shared.ahead = 60_000_000
    replica.membership.join()
    assert "behind" in str(replica.lease.lapsed())
    replica.membership.tell()
    until(lambda: replica.shared.told[-1].skew < -59_000_000)


def test_leaving_ends_the_lease_and_says_so():
    made = Replica()
    made.membership.join()
    made.membership.leave()
    assert made.lease.lapsed() is not None
    assert made.shared.left == ["start_1"]


def test_while_the_database_is_away_the_lease_runs_out_and_comes_back_with_it():
    made = Replica(seconds=1)
    made.membership.join()
    try:
        made.shared.away = True
        made.membership.tell()
        until(lambda: not made.membership.heard)
        assert made.lease.lapsed() is None
        until(lambda: made.lease.lapsed() is not None)
        made.shared.away = False
        until(lambda: made.lease.lapsed() is None)
        assert made.membership.heard
    finally:
        made.membership.leave()


def test_a_database_that_is_away_at_the_start_is_told(replica: Replica):
    replica.shared.away = True
    with pytest.raises(ChangeoverError, match="away"):
        replica.membership.join()


def test_what_nobody_foresaw_is_tried_again_and_keeps_the_lease_from_beginning_anew():
    made = Replica(seconds=1)
    made.membership.join()
    try:
        made.fails = ZeroDivisionError()
        made.shared.number = 4
        made.membership.tell("4")
        until(lambda: made.lease.lapsed() is not None)
        assert not made.membership.heard
        assert {renewal.revision for renewal in made.shared.told} == {3}
        made.fails = None
        until(lambda: made.lease.lapsed() is None)
        assert made.shared.told[-1].revision == 4
    finally:
        made.membership.leave()


def test_a_database_that_was_turned_back_confirms_nothing_that_it_counts_anew(replica: Replica):
    replica.membership.join()
    replica.shared.number = 2
    replica.membership.tell()
    until(lambda: replica.lease.lapsed() is not None)
    assert "started anew" in str(replica.lease.lapsed())
    told = len(replica.shared.told)
    # Another change has now the number of one that was loaded and is lost.
    replica.shared.number = 3
    replica.membership.tell("3")
    until(lambda: not replica.membership.heard)
    assert replica.lease.lapsed() is not None
    assert len(replica.shared.told) == told


def test_a_database_that_hangs_counts_as_out_of_reach_before_the_lease_runs_out():
    made = Replica(seconds=2)
    made.membership.join()
    try:
        assert made.membership.heard
        made.shared.answers.clear()
        until(lambda: not made.membership.heard)
        assert made.lease.lapsed() is None
        made.shared.answers.set()
        until(lambda: made.membership.heard)
    finally:
        made.shared.answers.set()
        made.membership.leave()
