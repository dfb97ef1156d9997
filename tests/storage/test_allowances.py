"""Accounts in the database: let out, settled with the calls that took of them, taken back."""

import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import msgspec
import pytest

from changeover.gateway.model import CallRecord, Reserve
from changeover.metering.allowance import NOTHING, Draw, Grant
from changeover.metering.limits import Account, Limit, span_of
from changeover.metering.model import Spent
from changeover.storage.allowances import Standing
from changeover.storage.database import Database
from changeover.storage.process_allowances import ProcessAllowances
from tests.metering.worlds import ZONE, limit
from tests.storage.places import KINDS, Places
from tests.storage.test_calls import AT, made
from tests.storage.test_spending import costing, drain

OF = limit(8000, named="treasury-code")


@pytest.fixture(params=KINDS)
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    with Database(Places(tmp_path, request).empty(request.param)) as database:
        yield database


def account(of: Limit = OF, later: timedelta = timedelta()) -> Account:
    return Account(of, span_of(of.period, AT + later, ZONE))


def covers(party: str) -> tuple[str, ...]:
    return ("treasury", "mint") if party == "government" else (party,)


def drawn(database: Database, start: str, need: int, returned: int = 0, of: Account | None = None):
    asked = Draw(account=of or account(), need=need, returned=returned)
    (granted,) = ProcessAllowances(database, start, covers).draw([asked])
    return granted


def standing(database: Database, of: Account | None = None) -> tuple[int, int]:
    with database.reading() as work:
        found = work.allowances.standing(of or account(), covers)
    return found.settled, found.out


def reserving(
    seq: int, money: int, spent: Spent | None, start: str = "run_1", result: str = "answered"
) -> CallRecord:
    call = costing(seq, spent, start=start, result=result)
    reserve = Reserve(money=money, accounts=(account().id,))
    return msgspec.structs.replace(
        call, intent=msgspec.structs.replace(call.intent, reserve=reserve)
    )


def took(cost: int) -> Spent:
    return Spent(cost=cost, basis="counted")


def test_processes_are_let_shares_until_nothing_is_left(database: Database):
    assert drawn(database, "run_1", 10) == Grant(1000)
    assert drawn(database, "run_2", 10) == Grant(875)
    assert drawn(database, "run_1", 7000) == Grant(7000, over=875)
    assert drawn(database, "run_2", 1) == NOTHING
    assert drawn(database, "run_1", 0, returned=7000) == NOTHING
    assert standing(database) == (0, 1875)
    assert drawn(database, "run_2", 1) == Grant(765)


def test_what_was_spent_before_the_limit_was_set_counts(database: Database):
    drain(database, costing(1, took(500)), costing(2, took(9), service="statechat"))
    assert standing(database) == (500, 0)
    assert drawn(database, "run_1", 1) == Grant(937)
    assert standing(database) == (500, 937)


def test_a_party_s_account_counts_what_is_part_of_it_and_a_key_s_its_own(database: Database):
    drain(database, costing(1, took(500)), costing(2, took(40), service="statechat"))
    party = account(limit(8000, subject="party", named="government"))
    assert standing(database, party) == (540, 0)
    key = account(limit(8000, subject="key", named="co_1"))
    assert standing(database, key) == (540, 0)
    other = account(limit(8000, subject="key", named="co_2"))
    assert standing(database, other) == (0, 0)


def test_another_month_begins_with_nothing(database: Database):
    drain(database, costing(1, took(500)))
    assert standing(database, account(later=timedelta(days=10))) == (0, 0)


def test_calls_settle_once_and_what_ended_processes_did_not_spend_comes_back(database: Database):
    assert drawn(database, "run_1", 1000) == Grant(1000)
    assert drawn(database, "run_2", 875) == Grant(875)
    drain(
        database,
        reserving(1, 300, took(20)),
        # Killed: nobody heard what it cost, so it is what was reserved.
        reserving(2, 300, None, result="unknown"),
        # Of no known price any more: what was reserved for it is taken.
        reserving(3, 100, Spent(cost=None, basis="unpriced")),
        reserving(1, 300, took(5), start="run_2"),
    )
    assert standing(database) == (425, 1450)
    ProcessAllowances(database, "run_3", covers).close(["run_1"])
    assert standing(database) == (425, 870)
    ProcessAllowances(database, "run_2", covers).close()
    assert standing(database) == (425, 0)


def test_a_process_that_took_more_than_it_was_let_has_it_counted(database: Database):
    assert drawn(database, "run_1", 1000) == Grant(1000)
    drain(database, reserving(1, 1000, took(1500)))
    assert standing(database) == (1500, 0)
    assert drawn(database, "run_2", 1) == Grant(812)


def test_a_limit_that_was_lifted_and_set_again_counts_every_call_once(database: Database):
    drawn(database, "run_1", 1000)
    drain(database, reserving(1, 100, took(20)))
    with database.begin() as work:
        work.limits.set(OF)
        work.limits.lift(OF, by="ana", at=AT)
    drain(database, reserving(2, 100, took(30)))
    assert standing(database) == (50, 0)
    # What the process still had of the account before is worth nothing now.
    assert drawn(database, "run_1", 0, returned=980) == NOTHING
    assert drawn(database, "run_1", 100) == Grant(993)
    drain(database, reserving(3, 100, took(40)))
    assert standing(database) == (90, 953)


def test_minutes_are_let_out_and_old_ones_forgotten(database: Database):
    of = limit(100, "requests", "minute")
    assert drawn(database, "run_1", 1, of=account(of)) == Grant(12)
    later = account(of, timedelta(hours=2))
    assert drawn(database, "run_1", 1, of=later) == Grant(12)
    assert standing(database, account(of)) == (0, 0)
    assert standing(database, later) == (0, 12)


def test_several_accounts_are_drawn_in_one_go(database: Database):
    accounts = [account(), account(limit(80, subject="party", named="treasury"))]
    draws = [Draw(account=each, need=1) for each in reversed(accounts)]
    assert ProcessAllowances(database, "run_1", covers).draw(draws) == [Grant(10), Grant(1000)]


def test_two_processes_at_once_are_never_let_more_than_there_is(database: Database):
    """Each draws two accounts in the order opposite to the other's, and both drain beside it."""
    small = account(limit(800, subject="party", named="treasury"))
    granted: dict[str, list[Grant]] = {}

    def play(start: str, accounts: list[Account]) -> None:
        allowances = ProcessAllowances(database, start, covers)
        found = granted.setdefault(start, [])
        for turn in range(30):
            found += allowances.draw([Draw(account=each, need=1) for each in accounts])
            drain(database, reserving(turn, 1, took(1), start=start))

    threads = [
        threading.Thread(target=play, args=("run_1", [account(), small])),
        threading.Thread(target=play, args=("run_2", [small, account()])),
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert [len(found) for found in granted.values()] == [60, 60]
    every = [one for found in granted.values() for one in found]
    assert all(one.over == 0 for one in every)
    settled, out = standing(database)
    _, small_out = standing(database, small)
    assert settled == 60
    assert settled + out <= 8000
    assert small_out <= 800
    assert sum(one.amount for one in every) == settled + out + small_out


def test_an_unknown_account_stands_at_nothing(database: Database):
    with database.reading() as work:
        assert work.allowances.standing(account(limit(1, named="none")), covers) == Standing(0, 0)


def test_a_call_without_a_limit_settles_nothing(database: Database):
    drain(database, made(1))
    assert standing(database) == (0, 0)
