"""Instants at the edges of what can be written and counted."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from changeover.basics.calendars import add_months, after_days, after_months, read_instant
from changeover.basics.errors import InvalidInputError

WASHINGTON = ZoneInfo("America/New_York")


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
