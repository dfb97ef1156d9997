"""Limits as officers set and lift them, over a database."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from changeover.basics.errors import InvalidInputError, NotFoundError
from changeover.metering.book import LimitBook
from changeover.metering.money import DOLLAR
from changeover.metering.office import LimitOffice, Wanted, written_amount
from changeover.storage.database import Database
from tests.orders.conftest import Desk
from tests.orders.worlds import day, directory

BUDGET = Wanted(subject="service", named="desk", measure="money", period="month", amount="2,500.5")


@pytest.fixture
def office(tmp_path: Path) -> Iterator[LimitOffice]:
    with Database(f"sqlite:///{tmp_path}/changeover.db") as database:
        desk = Desk(database)
        yield LimitOffice(desk.works, LimitBook(), desk.clock)


def put(office: LimitOffice, wanted: Wanted = BUDGET, **changes: str):
    given = {name: getattr(wanted, name) for name in wanted.__struct_fields__} | changes
    return office.set(directory(), ["abcd"], Wanted(**given), by="ana")


def test_a_limit_is_in_force_when_the_act_returns(office: LimitOffice):
    found = put(office)
    assert found.amount == 2500 * DOLLAR + DOLLAR // 2
    assert written_amount(found) == "2500.5"
    assert (found.set_by, found.set_at) == ("ana", day(1))
    assert office.book.over([("service", "desk")]) == [found]
    assert office.all() == [found]
    lifted = office.lift("service", "desk", "money", "month", by="ben")
    assert lifted == found
    assert not office.book.any


def test_the_ledger_is_told_of_a_limit_that_is_set_and_lifted(tmp_path: Path):
    with Database(f"sqlite:///{tmp_path}/changeover.db") as database:
        desk = Desk(database)
        limits = LimitOffice(desk.works, LimitBook(), desk.clock)
        put(limits)
        limits.lift("service", "desk", "money", "month", by="ben")
        with database.reading() as work:
            bodies = [entry.body for entry in work.ledger.entries(kinds=("limit",))]
            bodies += [entry.body for entry in work.queue.waiting() if entry.kind == "limit"]
    told = [json.loads(body) for body in bodies]
    assert [(each["amount"], each["by"]) for each in told] == [
        (2500 * DOLLAR + DOLLAR // 2, "ana"),
        (None, "ben"),
    ]


def test_a_key_is_named_by_its_prefix_or_as_it_stands(office: LimitOffice):
    found = put(
        office,
        subject="key", named="co_abcd_secret", measure="tokens", period="minute", amount="1000",
    )  # fmt: skip
    assert found.id == "key:abcd/tokens/minute"
    assert office.lift("key", "co_abcd_…", "tokens", "minute", by="ana") == found


@pytest.mark.parametrize(
    ("changes", "what"),
    [
        ({"named": "dessk"}, "There is no service 'dessk'. Did you mean desk"),
        ({"subject": "key", "named": "co_none_x"}, "There is no key 'co_none_x'"),
        ({"period": "minute"}, "Limit them by the day or month"),
        ({"measure": "tokens"}, "Tokens are not limited by the month"),
        ({"amount": "much"}, "'much' is no budget"),
        ({"amount": "0"}, "Write US dollars above 0"),
        ({"amount": "1e-13"}, "Write US dollars above 0"),
        ({"amount": "0.0000000000001"}, "no budget"),
        ({"amount": "9000001"}, "up to 9,000,000"),
        ({"amount": "NaN"}, "no budget"),
        ({"measure": "requests", "period": "minute", "amount": "1.5"}, "no number of requests"),
        ({"measure": "requests", "period": "minute", "amount": "-1"}, "above 0"),
    ],
)
def test_what_cannot_be_limited_is_refused_with_what_to_do(office: LimitOffice, changes, what):
    with pytest.raises((InvalidInputError, NotFoundError)) as refused:
        put(office, **changes)
    assert what in str(refused.value)
    assert office.all() == []


def test_what_does_not_stand_cannot_be_lifted(office: LimitOffice):
    with pytest.raises(NotFoundError, match="changeover limits list"):
        office.lift("service", "desk", "money", "day", by="ana")
