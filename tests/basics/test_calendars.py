"""Instants at the edges of what can be written and counted."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from changeover.basics.calendars import (
    add_months,
    after_days,
    after_months,
    after_open_days,
    lasts_at_most,
    read_instant,
    rolled,
)
from changeover.basics.errors import InvalidInputError
from changeover.basics.working_days import WorkingDays

WASHINGTON = ZoneInfo("America/New_York")
COURT = WorkingDays(country="US", subdivision="DC", closed=frozenset({date(2026, 12, 24)}))
# From 04:00 on, so that no clock change falls on the time of day.
STARTS = st.builds(
    datetime.combine,
    st.dates(date(2020, 1, 1), date(2060, 1, 1)),
    st.times(time(4)),
    st.just(WASHINGTON),
)
KINDS = st.sampled_from([COURT.is_business_day, COURT.is_court_day])


@pytest.mark.parametrize(
    ("text", "instant"),
    [
        ("2026-03-02", datetime(2026, 3, 2, 5, tzinfo=UTC)),
        ("2026-03-02T09:30", datetime(2026, 3, 2, 14, 30, tzinfo=UTC)),
        ("2026-03-02T09:30:00+01:00", datetime(2026, 3, 2, 8, 30, tzinfo=UTC)),
        ("1900-01-01T00:00Z", datetime(1900, 1, 1, tzinfo=UTC)),
        ("2199-12-31T23:59:59.999999Z", datetime(2199, 12, 31, 23, 59, 59, 999999, tzinfo=UTC)),
    ],
)
def test_instants_as_they_are_written(text, instant):
    assert read_instant(text, WASHINGTON) == instant


@pytest.mark.parametrize(
    "text",
    [
        "0001-01-01", "0001-01-01T00:00:00+14:00", "1899-12-31", "2200-01-01", "9999-12-31",
        "9999-12-31T23:59:59.999999", "9999-12-31T23:59:59-12:00",
    ],
)  # fmt: skip
def test_years_that_no_order_is_of_are_refused(text):
    with pytest.raises(InvalidInputError, match="is not one from 1900 to 2199"):
        read_instant(text, WASHINGTON)


@pytest.mark.parametrize("text", ["", "yesterday", "2026-02-30", "2026-13-01T00:00", "26-02-27"])
def test_what_is_no_instant_is_refused(text):
    with pytest.raises(InvalidInputError, match="is not an instant"):
        read_instant(text, WASHINGTON)


@pytest.mark.parametrize(
    ("text", "kind"), [("2026-03-08T02:30", "skipped"), ("2026-11-01T01:30", "repeated")]
)
def test_local_times_that_a_clock_change_skips_or_repeats_are_refused(text, kind):
    with pytest.raises(InvalidInputError, match=kind):
        read_instant(text, WASHINGTON)


def test_months_keep_the_day_or_take_the_last():
    assert add_months(date(2026, 2, 27), 6) == date(2026, 8, 27)
    assert add_months(date(2026, 8, 31), 6) == date(2027, 2, 28)
    start = datetime(2026, 2, 27, 21, tzinfo=UTC)
    assert after_months(start, 6, WASHINGTON) == datetime(2026, 8, 27, 20, tzinfo=UTC)
    assert after_days(start, 180, WASHINGTON) == datetime(2026, 8, 26, 20, tzinfo=UTC)


@pytest.mark.parametrize("count", [after_months, after_days])
@pytest.mark.parametrize("number", [10**7, -(10**7), 10**30])
def test_counts_beyond_the_calendar_are_refused(count, number):
    with pytest.raises(InvalidInputError, match="beyond what a calendar holds"):
        count(datetime(2026, 2, 27, tzinfo=UTC), number, WASHINGTON)


def local(text: str) -> datetime:
    return read_instant(text, WASHINGTON)


@pytest.mark.parametrize(
    ("start", "days", "end"),
    [
        ("2026-03-06T16:00", 1, "2026-03-09T16:00"),  # Friday to Monday, over a clock change
        ("2026-03-07T16:00", 1, "2026-03-09T16:00"),  # the day after a Saturday is none either
        ("2026-04-09T09:00", 7, "2026-04-21T09:00"),  # 16 April is a holiday in the District
        ("2026-12-23T12:00", 1, "2026-12-28T12:00"),  # the court is closed on the 24th
        ("2026-12-23T12:00", 0, "2026-12-23T12:00"),
    ],
)
def test_court_days_count_from_the_day_after_and_land_on_the_same_time(start, days, end):
    assert after_open_days(local(start), days, WASHINGTON, COURT.is_court_day) == local(end)


@given(STARTS, st.integers(1, 60), KINDS)
def test_open_days_agree_with_a_naive_count(start, days, is_open: Callable[[date], bool]):
    end = after_open_days(start, days, WASHINGTON, is_open).astimezone(WASHINGTON)
    between = (end.date() - start.date()).days
    passed = [start.date() + timedelta(days=n) for n in range(1, between + 1)]
    assert sum(map(is_open, passed)) == days
    assert is_open(end.date())
    assert end.time() == start.time()


@given(STARTS, KINDS)
def test_a_period_that_rolls_ends_on_the_first_open_day(start, is_open: Callable[[date], bool]):
    end = rolled(start, WASHINGTON, is_open).astimezone(WASHINGTON)
    between = (end.date() - start.date()).days
    assert is_open(end.date())
    assert not any(is_open(start.date() + timedelta(days=n)) for n in range(between))
    assert end.time() == start.time()
    assert (end == start) is is_open(start.date())


def test_open_days_that_never_come_are_refused():
    start = datetime(2199, 12, 31, tzinfo=UTC)
    with pytest.raises(InvalidInputError, match="beyond what a calendar holds"):
        after_open_days(start, 1, WASHINGTON, lambda day: False)
    with pytest.raises(InvalidInputError, match="beyond what a calendar holds"):
        rolled(start, WASHINGTON, lambda day: False)


def test_how_long_something_lasts_is_told_by_the_local_clock():
    # A day of 23 hours lies between; the last microsecond decides.
    start, end = local("2026-03-07T12:00"), local("2026-03-09T12:00")
    assert lasts_at_most(start, end, 2, WASHINGTON)
    assert not lasts_at_most(start, end + timedelta(microseconds=1), 2, WASHINGTON)
    assert not lasts_at_most(start, end, 1, WASHINGTON)
