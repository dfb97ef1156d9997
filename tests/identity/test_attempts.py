from datetime import datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from changeover.identity.attempts import (
    PER_ADDRESS,
    PER_LOGIN,
    WINDOW,
    counted_address,
    counted_login,
    wait,
)
from tests.people import NOW

NONE = timedelta()
ago = st.timedeltas(min_value=NONE, max_value=timedelta(hours=1)).map(lambda passed: NOW - passed)


def test_the_limits():
    assert (PER_LOGIN, PER_ADDRESS, timedelta(minutes=15)) == (5, 20, WINDOW)


def test_fewer_failures_than_the_limit_need_no_wait():
    assert wait([NOW] * 4, 5, NOW) == NONE


def test_at_the_limit_one_waits_until_the_oldest_that_counts_leaves_the_window():
    failures = [NOW - timedelta(minutes=minutes) for minutes in (1, 2, 3, 4, 10)]
    assert wait(failures, 5, NOW) == timedelta(minutes=5)
    assert wait([*failures, NOW - timedelta(minutes=14)], 5, NOW) == timedelta(minutes=5)


@settings(max_examples=100)
@given(st.lists(ago, max_size=12), st.integers(1, 6))
def test_after_the_wait_a_try_is_allowed_and_not_before(failures: list[datetime], limit: int):
    remaining = wait(failures, limit, NOW)
    assert NONE <= remaining <= WINDOW
    assert wait(failures, limit, NOW + remaining) == NONE
    if remaining:
        assert wait(failures, limit, NOW + remaining - timedelta(microseconds=1))


def test_a_login_is_not_kept_as_typed():
    assert "hunter2" not in counted_login("hunter2")
    assert counted_login("ana") != counted_login("ana ")


@pytest.mark.parametrize(
    ("address", "counted"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("testclient", "testclient"),
        ("", ""),
    ],
)
def test_one_subscriber_is_one_address(address: str, counted: str):
    assert counted_address(address) == counted
