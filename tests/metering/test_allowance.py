from hypothesis import given
from hypothesis import strategies as st

from changeover.metering.allowance import NOTHING, Draw, Grant, MinuteAllowances, grant
from changeover.metering.limits import Account, span_of
from tests.metering.worlds import NOW, ZONE, limit


@given(st.integers(1, 10**18), st.integers(0, 2 * 10**18), st.integers(1, 10**15))
def test_no_more_is_let_out_than_is_left_but_for_one_call(amount, out, need):
    found = grant(amount, out, need)
    if out >= amount:
        assert found == NOTHING
    else:
        assert found.amount >= need
        assert found.amount - found.over <= amount - out
        assert found.over < need
        assert found.over == max(0, out + found.amount - amount)


def test_shares_grow_smaller_as_little_is_left():
    assert grant(8_000, 0, 1) == Grant(1000)
    assert grant(8_000, 7_200, 1) == Grant(100)
    assert grant(8_000, 7_999, 1) == Grant(1)


def draw(need, *, returned=0, seconds=0):
    minute = limit(1000, "tokens", "minute")
    at = NOW.replace(second=0).fromtimestamp(NOW.timestamp() + seconds, tz=NOW.tzinfo)
    return Draw(account=Account(minute, span_of("minute", at, ZONE)), need=need, returned=returned)


def test_a_minute_begins_anew_and_the_one_before_is_gone():
    accounts = MinuteAllowances()
    assert accounts.draw([draw(1000)]) == [Grant(1000)]
    assert accounts.draw([draw(1)]) == [NOTHING]
    assert accounts.draw([draw(1, seconds=60)]) == [Grant(125)]
    assert accounts.draw([draw(0, returned=1000)]) == [NOTHING]
    assert accounts.draw([draw(875, seconds=60)]) == [Grant(875)]
    assert accounts.draw([draw(1, seconds=60)]) == [NOTHING]
