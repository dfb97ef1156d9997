import asyncio
import threading
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from changeover.basics.errors import ChangeoverError
from changeover.metering.allowance import MinuteAllowances
from changeover.metering.book import LimitBook
from changeover.metering.meter import Meter
from changeover.metering.taking import OverLimitError, Taking, UnpricedError
from tests.metering.worlds import NOW, SERVICE, Accounts, asking, limit, meter


async def test_without_a_limit_nothing_is_asked():
    accounts = Accounts()
    found = meter(limit(1, named="another"), accounts=accounts)
    reserved = await found.reserve(asking(money=10**15))
    assert (reserved.accounts, accounts.asked) == ((), 0)


async def test_what_a_call_does_not_need_is_free_again():
    found = meter(limit(100))
    for _ in range(50):
        reserved = await found.reserve(asking(money=60))
        assert (reserved.money, reserved.accounts) == (
            60,
            ("service:statechat/money/month/2026-03",),
        )
        reserved.settle(Taking(money=2))
        reserved.settle(Taking(money=100))  # a second time does nothing
    with pytest.raises(OverLimitError) as over:
        await found.reserve(asking(money=1))
    assert over.value.account.id == "service:statechat/money/month/2026-03"


async def test_a_call_that_needs_more_than_is_left_gets_it_once():
    found = meter(limit(100))
    first = await found.reserve(asking(money=90))
    over = await found.reserve(asking(money=90))
    with pytest.raises(OverLimitError):
        await found.reserve(asking(money=1))
    first.settle(Taking(money=90))
    with pytest.raises(OverLimitError):  # 10 are left of the limit, and 80 over it are out
        await found.reserve(asking(money=1, seconds=2))
    over.settle(Taking(money=5))
    last = await found.reserve(asking(money=50, seconds=4))
    last.settle(Taking(money=5))
    with pytest.raises(OverLimitError):
        await found.reserve(asking(money=1, seconds=6))


async def test_a_call_without_counts_takes_what_was_reserved():
    found = meter(limit(100))
    (await found.reserve(asking(money=100))).settle(Taking(money=None))
    with pytest.raises(OverLimitError):
        await found.reserve(asking(money=1))


async def test_a_call_falls_under_every_limit_and_gets_all_or_none():
    tokens = limit(50, "tokens", "minute", "key", "abcd")
    found = meter(limit(1000), tokens, limit(10, "requests", "minute", "party", "state"))
    subjects = (("key", "abcd"), SERVICE, ("party", "state"), ("party", "government"))
    for _ in range(5):
        reserved = await found.reserve(asking(money=10, tokens=10, subjects=subjects))
        reserved.settle(Taking(money=10, tokens=10))
    with pytest.raises(OverLimitError) as over:
        await found.reserve(asking(money=10, tokens=10, subjects=subjects))
    assert over.value.account.limit == tokens
    # What the refused call would have had of the others is still there.
    (await found.reserve(asking(money=950))).settle(Taking(money=950))
    again = asking(money=0, tokens=10, subjects=subjects[:1], seconds=60)
    (await found.reserve(again)).settle(Taking(tokens=10))


async def test_a_route_without_a_price_is_refused_where_money_is_counted():
    found = meter(limit(100))
    with pytest.raises(UnpricedError):
        await found.reserve(asking(money=None))


async def test_calls_that_wait_are_drawn_for_together_and_most_ask_nobody():
    accounts = Accounts()
    found = meter(limit(10**9), accounts=accounts)
    held = await asyncio.gather(*(found.reserve(asking(money=1000)) for _ in range(1000)))
    assert accounts.asked == 1
    for each in held:
        each.settle(Taking(money=7))
    await found.give_back()
    assert accounts.out(limit(10**9)) == 7000


async def test_nobody_is_asked_again_within_a_second_unless_something_came_back():
    accounts = Accounts()
    found = meter(limit(10), accounts=accounts)
    reserved = await found.reserve(asking(money=10))
    for seconds in (0, 0.5, 0.9):
        with pytest.raises(OverLimitError):
            await found.reserve(asking(money=1, seconds=seconds))
    assert accounts.asked == 2
    reserved.settle(Taking(money=0))
    await found.reserve(asking(money=1, seconds=0.95))


async def test_what_is_not_needed_for_a_while_is_given_back_and_forgotten():
    accounts, of = Accounts(), limit(10**6)
    found = meter(of, accounts=accounts)
    reserved = await found.reserve(asking(money=10))
    await found.tidy(NOW + timedelta(seconds=4))
    assert accounts.out(of) > 10
    await found.tidy(NOW + timedelta(seconds=6))
    assert accounts.out(of) == 10
    reserved.settle(Taking(money=3))
    await found.tidy(NOW + timedelta(seconds=7))
    assert accounts.out(of) == 3
    await found.tidy(NOW + timedelta(seconds=8))
    assert found._leases == {}


async def test_a_limit_that_is_lowered_bites_at_once():
    accounts, book = Accounts(), LimitBook([limit(8000)])
    found = Meter(book, accounts)
    (await found.reserve(asking(money=10))).settle(Taking(money=10))
    book.replace([limit(10)])
    with pytest.raises(OverLimitError):
        await found.reserve(asking(money=1))
    book.replace([limit(8000)])
    await found.reserve(asking(money=1, seconds=2))


class Slow(Accounts):
    """Answers when its test lets it."""

    def __init__(self):
        super().__init__()
        self.asked_now, self.go_on = threading.Event(), threading.Event()

    def draw(self, draws):
        self.asked_now.set()
        self.go_on.wait(5)
        return super().draw(draws)


async def test_a_caller_that_leaves_while_the_database_is_asked_loses_and_gains_nothing():
    accounts, of = Slow(), limit(800)
    found = meter(of, accounts=accounts)
    leaving = asyncio.create_task(found.reserve(asking(money=50)))
    await asyncio.to_thread(accounts.asked_now.wait, 5)
    leaving.cancel()
    with pytest.raises(asyncio.CancelledError):
        await leaving
    accounts.go_on.set()
    (await found.reserve(asking(money=100))).settle(Taking(money=30))
    await found.give_back()
    assert accounts.out(of) == 30


async def test_the_same_limits_read_again_are_no_change():
    accounts, book = Accounts(), LimitBook([limit(8000)])
    found = Meter(book, accounts)
    (await found.reserve(asking(money=10))).settle(Taking(money=10))
    book.replace([limit(8000)])
    (await found.reserve(asking(money=10))).settle(Taking(money=10))
    assert accounts.asked == 1


class Broken(Accounts):
    """Fails where its test says so."""

    broken = False

    def draw(self, draws):
        if self.broken:
            raise ChangeoverError("The database is away.")
        return super().draw(draws)


async def test_a_draw_that_fails_loses_nothing():
    accounts, of = Broken(), limit(800)
    found = meter(of, accounts=accounts)
    (await found.reserve(asking(money=50))).settle(Taking(money=50))
    accounts.broken = True
    with pytest.raises(ChangeoverError):
        await found.reserve(asking(money=90))
    (await found.reserve(asking(money=50))).settle(Taking(money=50))  # of the 100 it was let
    accounts.broken = False
    await found.give_back()
    assert accounts.out(of) == 100


async def test_what_is_owed_is_not_spent_after_a_draw_that_failed():
    accounts, of = Broken(), limit(100)
    found = meter(of, accounts=accounts)
    first = await found.reserve(asking(money=90))
    over = await found.reserve(asking(money=90))  # 80 of it are over the limit
    first.settle(Taking(money=90))
    over.settle(Taking(money=5))
    accounts.broken = True
    for seconds in (2, 4):
        with pytest.raises(ChangeoverError):
            await found.reserve(asking(money=50, seconds=seconds))
    (await found.reserve(asking(money=5, seconds=5))).settle(Taking(money=5))  # what is left
    accounts.broken = False
    await found.give_back()
    assert accounts.out(of) == 100


async def test_minutes_of_a_lone_process_are_let_out_in_memory():
    accounts = Accounts()
    book = LimitBook([limit(2, "requests", "minute"), limit(10**6)])
    found = Meter(book, accounts, MinuteAllowances())
    for _ in range(2):
        (await found.reserve(asking(money=1))).settle(Taking(money=1))
    with pytest.raises(OverLimitError):
        await found.reserve(asking(money=1))
    assert accounts.asked == 1


CALLS = st.lists(
    st.tuples(st.integers(0, 2), st.integers(1, 400), st.integers(0, 400)), max_size=60
)


@settings(max_examples=200)
@given(CALLS, st.randoms())
def test_processes_together_never_exceed_a_limit_by_more_than_one_reserve(calls, chance):
    """Whatever they reserve and in whatever order calls end, each within its reserve."""

    async def play():
        of = limit(1000)
        accounts = Accounts()
        meters = [meter(of, accounts=accounts) for _ in range(3)]
        open_calls, spent, seconds, greatest = [], 0, 0, 1
        for process, need, takes in calls:
            seconds += 2
            try:
                reserved = await meters[process].reserve(asking(money=need, seconds=seconds))
            except OverLimitError:
                pass
            else:
                open_calls.append((reserved, min(need, takes)))
                greatest = max(greatest, need)
            assert spent + sum(each.money for each, _ in open_calls) - 1000 < greatest
            while open_calls and chance.random() < 0.5:
                ended, took = open_calls.pop(chance.randrange(len(open_calls)))
                ended.settle(Taking(money=took))
                spent += took
        for ended, took in open_calls:
            ended.settle(Taking(money=took))
            spent += took
        for each in meters:
            await each.give_back()
        assert accounts.out(of) == spent

    asyncio.run(play())
