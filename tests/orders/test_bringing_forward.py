"""Taking effect at once: what moves, what is counted anew, and what stays."""

import msgspec
import pytest

from changeover.basics.errors import InvalidInputError
from changeover.directory.model import Holidays
from changeover.orders.bringing_forward import bring_forward
from changeover.orders.model import Amend, Clause, Instrument, Moment, Period, Rescind
from tests.orders.worlds import day, directory, name, order, reading, source, winding

HERE = msgspec.structs.replace(
    directory(), zone="America/New_York", holidays=Holidays(country="US", subdivision="DC")
)


def test_bringing_forward_leaves_what_is_past_and_what_is_named_as_a_date():
    named = order(
        "o",
        reading(since=day(30), until=Moment(at=day(90)), wind_down=winding(day(60))),
        at=day(2),
        signed=day(1),
        effective=day(20),
    )
    moved = bring_forward(named, day(10), HERE)
    assert (moved.signed, moved.published, moved.effective) == (day(1), day(2), day(10))
    changed = moved.clauses[0].reading()
    assert changed.since == day(10)
    assert changed.until == Moment(at=day(90))
    assert changed.wind_down is not None
    assert changed.wind_down.until.at == day(60)


@pytest.mark.parametrize(
    ("after", "count", "unit", "until"),
    [
        ("effective", 30, "calendar-days", day(40)),
        ("published", 30, "calendar-days", day(40)),
        ("signed", 30, "calendar-days", day(31)),
        ("effective", 1, "months", day(41)),
    ],
)
def test_periods_are_counted_anew_from_what_moved(after, count, unit, until):
    period = Period(count=count, unit=unit, after=after)
    named = order(
        "o",
        reading(until=Moment(at=day(200), period=period)),
        at=day(12),
        signed=day(1),
        effective=day(20),
    )
    moved = bring_forward(named, day(10), HERE)
    moment = moved.clauses[0].reading().until
    assert moment == Moment(at=until, period=period)


def test_bringing_forward_what_is_past_changes_nothing():
    past = order("o", at=day(1), sources=(source(),), acts=(Rescind(instruments=("x",)),))
    assert bring_forward(past, day(10), HERE) == past


@pytest.mark.parametrize(
    ("unit", "until"),
    [
        ("business-days", day(15)),  # from Saturday the 10th, 19:00 there, to Thursday
        ("court-days", day(15)),
    ],
)
def test_working_days_are_counted_anew(unit, until):
    period = Period(count=4, unit=unit, after="effective")
    named = order("o", reading(until=Moment(at=day(200), period=period)), effective=day(20))
    moved = bring_forward(named, day(10), HERE)
    assert moved.clauses[0].reading().until == Moment(at=until, period=period)
    with pytest.raises(InvalidInputError, match="whose public holidays count"):
        bring_forward(named, day(10), directory())


def test_what_an_amendment_writes_moves_as_a_clause_does():
    period = Period(count=30, unit="calendar-days", after="effective")
    read = reading(since=day(30), until=Moment(at=day(200), period=period))
    clause = Clause(id="one", words="W.", readings=(read,), chosen="plain", chosen_by="counsel")
    act = Amend(instruments=("x",), clause="one", becomes=clause, since=day(25), anew=True)
    struck = Amend(instruments=("x",), clause="two")
    named = Instrument(
        id="a", kind="order", issuer="head", title=name("a"), effective=day(20), acts=(act, struck)
    )
    [moved, other] = bring_forward(named, day(10), HERE).acts
    assert isinstance(moved, Amend)
    assert (moved.since, moved.anew, moved.clause) == (day(10), True, "one")
    assert moved.becomes is not None
    assert moved.becomes.reading().since == day(10)
    assert moved.becomes.reading().until == Moment(at=day(40), period=period)
    assert other == struck


def test_a_freeze_lasts_as_long_as_it_would_have():
    freeze = order("f", kind="freeze", effective=day(20), provisional_until=day(23))
    assert bring_forward(freeze, day(10), HERE).provisional_until == day(13)
    assert bring_forward(freeze, day(21), HERE).provisional_until == day(23)
