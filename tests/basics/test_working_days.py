"""Public holidays where they are known, and days that are closed besides."""

from datetime import date, timedelta

import holidays
import pytest

from changeover.basics.errors import InvalidInputError
from changeover.basics.working_days import WorkingDays, countries, subdivisions

WASHINGTON = WorkingDays(
    country="US", subdivision="DC", closed=frozenset({date(2026, 12, 24), date(2026, 12, 26)})
)


@pytest.mark.parametrize(
    ("day", "business", "court"),
    [
        (date(2026, 3, 6), True, True),
        (date(2026, 3, 7), False, False),  # Saturday
        (date(2026, 3, 8), False, False),  # Sunday
        (date(2026, 4, 16), False, False),  # Emancipation Day, in the District alone
        (date(2026, 7, 3), False, False),  # Independence Day is observed on the Friday
        (date(2027, 12, 31), False, False),  # the next year's New Year's Day is
        (date(2026, 12, 24), True, False),  # closed by the court
        (date(2026, 12, 25), False, False),
    ],
)
def test_what_kind_of_day_it_is(day: date, business: bool, court: bool):
    assert WASHINGTON.is_business_day(day) is business
    assert WASHINGTON.is_court_day(day) is court


def test_a_part_has_holidays_of_its_own_and_another_country_others():
    day = date(2026, 4, 16)
    assert WorkingDays(country="US").is_business_day(day)
    assert not WorkingDays(country="FR").is_business_day(date(2026, 7, 14))
    assert WorkingDays(country="US").is_business_day(date(2026, 7, 14))


def test_a_year_by_itself_has_what_the_library_says_of_several():
    years = range(2024, 2031)
    several = holidays.country_holidays("US", subdiv="DC", years=years)
    day, ends = date(years[0], 1, 1), date(years[-1], 12, 1)
    while day < ends:
        open_ = day.weekday() < 5 and day not in several
        assert WASHINGTON.is_business_day(day) is open_, day
        day += timedelta(days=1)


def test_years_of_which_nothing_is_known_are_refused():
    with pytest.raises(InvalidInputError, match="known from 1777 to 2100, and not those of 2101"):
        WASHINGTON.is_business_day(date(2101, 1, 3))


def test_countries_and_their_parts_are_listed():
    assert {"US", "FR", "GB"} <= set(countries())
    assert "DC" in subdivisions("US")
