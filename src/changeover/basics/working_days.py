"""On which days business is done, and on which courts sit, in a country or a part of it.

The rules:

* A *business day* is no Saturday, no Sunday and no public holiday there.
* A *court day* is a business day that is not one of the further days named as
  closed: a court's own closures, a day declared a holiday by executive order.

Which days are public holidays is the `holidays` library's to know, days observed
instead of one that falls on a weekend included (`docs/decisions/0012`). It knows
each country's from one year to another; outside of these a count would take
holidays for working days, so it is refused.

A year's holidays are read once and kept as a set, because the library's own
mapping grows as it is asked and threads may ask together.
"""

from collections.abc import Sequence
from datetime import date
from functools import cache

import holidays
import msgspec

from changeover.basics.errors import InvalidInputError

_SATURDAY = 5


class WorkingDays(msgspec.Struct, frozen=True, kw_only=True):
    """A country (ISO 3166-1, two letters), maybe a part of it, and the days closed besides.

    The country and the part must be ones that `countries` and `subdivisions` list.
    """

    country: str
    subdivision: str | None = None
    closed: frozenset[date] = frozenset()

    def is_business_day(self, day: date) -> bool:
        """Whether business is done; `InvalidInputError` for years that are not known."""
        public = _public_holidays(self.country, self.subdivision, day.year)
        return day.weekday() < _SATURDAY and day not in public

    def is_court_day(self, day: date) -> bool:
        """Whether courts sit; `InvalidInputError` for years that are not known."""
        return self.is_business_day(day) and day not in self.closed


@cache
def countries() -> Sequence[str]:
    """The countries whose public holidays are known."""
    return tuple(holidays.list_supported_countries(include_aliases=False))


@cache
def subdivisions(country: str) -> Sequence[str]:
    """The parts of a known country that have holidays of their own."""
    return tuple(holidays.list_supported_countries(include_aliases=False)[country])


@cache
def _public_holidays(country: str, subdivision: str | None, year: int) -> frozenset[date]:
    found = holidays.country_holidays(country, subdiv=subdivision, years=year, expand=False)
    if not found.start_year <= year <= found.end_year:
        raise InvalidInputError(
            f"The public holidays of {country} are known from {found.start_year} to "
            f"{found.end_year}, and not those of {year}.",
            do="Write the instant itself in place of the count.",
        )
    return frozenset(found)
