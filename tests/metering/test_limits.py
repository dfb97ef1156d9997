from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from changeover.metering.limits import span_of

ZONE = ZoneInfo("America/New_York")


@pytest.mark.parametrize(
    ("period", "name", "began", "until"),
    [
        ("minute", "2026-03-01T04:59", "2026-03-01T04:59+00:00", "2026-03-01T05:00+00:00"),
        ("day", "2026-02-28", "2026-02-28T05:00+00:00", "2026-03-01T05:00+00:00"),
        ("month", "2026-02", "2026-02-01T05:00+00:00", "2026-03-01T05:00+00:00"),
    ],
)
def test_days_and_months_are_those_of_the_zone(period, name, began, until):
    found = span_of(period, datetime(2026, 3, 1, 4, 59, 59, tzinfo=UTC), ZONE)
    assert found.name == name
    assert (found.began, found.until) == (
        datetime.fromisoformat(began),
        datetime.fromisoformat(until),
    )


def test_a_month_in_which_the_clocks_change_ends_at_its_own_midnight():
    found = span_of("month", datetime(2026, 3, 20, tzinfo=UTC), ZONE)
    assert (found.began.hour, found.until.hour) == (5, 4)


def test_a_day_whose_midnight_is_skipped_begins_all_the_same():
    havana = ZoneInfo("America/Havana")  # 2026-03-08 00:00 becomes 01:00
    before = span_of("day", datetime(2026, 3, 8, 4, 59, tzinfo=UTC), havana)
    after = span_of("day", datetime(2026, 3, 8, 6, tzinfo=UTC), havana)
    assert (before.name, after.name) == ("2026-03-07", "2026-03-08")
    assert before.until == after.began
