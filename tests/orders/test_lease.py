import pytest
from hypothesis import given
from hypothesis import strategies as st

from changeover.basics.clock import Moment
from changeover.orders.lease import Comparison, EndlessLease, RenewedLease, Terms

TERMS = Terms(seconds=10, most_skew=0.05)
WALL = 1_800_000_000_000_000


def moment(seconds: float, *, wall: int | None = None) -> Moment:
    """`seconds` after the tests' beginning, on both clocks unless the wall's is given."""
    return Moment(WALL + int(seconds * 1e6) if wall is None else wall, 100.0 + seconds)


def compared(before: float, after: float, theirs: float) -> Comparison:
    return Comparison(before=moment(before), after=moment(after), theirs=WALL + int(theirs * 1e6))


def renewed(before: float = 0, after: float = 0.002, theirs: float = 0.001) -> RenewedLease:
    lease = RenewedLease(TERMS)
    lease.renew(compared(before, after, theirs))
    return lease


def test_a_lease_that_was_never_given_does_not_hold():
    lease = RenewedLease(TERMS)
    assert "ran out" in str(lease.why_lapsed(moment(0)))
    assert lease.remaining(moment(0)) <= 0


def test_it_counts_from_before_it_was_asked_for():
    lease = renewed(before=1, after=4, theirs=2)
    assert lease.why_lapsed(moment(10.999)) is None
    assert "ran out" in str(lease.why_lapsed(moment(11)))
    assert lease.remaining(moment(4)) == pytest.approx(7)


def test_one_that_was_ended_does_not_hold():
    lease = renewed()
    lease.end()
    assert lease.why_lapsed(moment(1)) is not None


def test_the_lease_of_a_lone_process_never_ends():
    assert EndlessLease().lapsed() is None


@pytest.mark.parametrize(
    ("theirs", "words"),
    [
        (-60.0, "60.00 s ahead of"),
        (60.0, "60.00 s behind"),
        (-0.06, "0.06 s ahead of"),
        (0.062, "0.06 s behind"),
    ],
)
def test_a_clock_that_is_wrong_lets_nothing_be_sent(theirs: float, words: str):
    assert words in str(renewed(0, 0.001, theirs).why_lapsed(moment(1)))


@pytest.mark.parametrize("theirs", [-0.05, 0.0, 0.051])
def test_a_small_difference_is_borne(theirs: float):
    assert renewed(0, 0.001, theirs).why_lapsed(moment(1)) is None


@given(st.floats(0, 5), st.floats(0, 5))
def test_a_slow_exchange_proves_no_difference(asked: float, answered: float):
    """What the database read between our two moments may be our own clock's time."""
    found = compared(0, asked + answered, asked)
    assert abs(found.least_skew) <= 1


@pytest.mark.parametrize("by", [-60.0, 0.06])
def test_a_clock_that_is_moved_after_it_was_compared_lets_nothing_be_sent(by: float):
    lease = renewed()
    moved = moment(1, wall=WALL + int((1 + by) * 1e6))
    assert "was moved" in str(lease.why_lapsed(moved))
    assert lease.why_lapsed(moment(1)) is None


def test_a_machine_that_slept_finds_its_lease_run_out():
    # Both clocks went on meanwhile; one that stands in sleep would still show one second.
    assert renewed().why_lapsed(moment(3_600)) is not None
