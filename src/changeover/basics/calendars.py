"""Counting periods, and turning local dates into instants.

The rules (design, section 5.2):

* A date named in a text means 00:00 in the issuer's time zone.
* A period of months keeps the day of the month, or takes the month's last day
  where that day does not exist: 27 February + 6 months is 27 August,
  31 August + 6 months is 28 February. (Council Regulation (EEC, Euratom)
  1182/71 art. 3 and ISO 8601 durations agree on this.)
* Every period is counted on the local calendar and lands on the same local time
  of day, so a clock change in between moves the instant, not the hour.
* Business and court days are counted from the day after the trigger: that day is
  the first that may count, and the last counted is the one reached (Fed. R. Civ.
  P. 6(a)(1)(A)). What is open on a day is the caller's to say (`working_days.py`).
* A period may *roll*: where its last day is one on which nothing is open, it runs
  to the same time on the next that is (Fed. R. Civ. P. 6(a)(1)(C)).
* A local time that a clock change skips or repeats is refused: the text must
  say which instant it means.
* An instant that is written is of the years 1900 to 2199, which catches a
  mistyped year and keeps what is counted from it, and what it is in any zone,
  within what a calendar can hold. A count that leads beyond that is refused.
"""

import calendar
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from changeover.basics.errors import InvalidInputError

_YEARS = range(1900, 2200)
_DAY = timedelta(days=1)

IsOpen = Callable[[date], bool]
"""Whether a day counts: one on which business is done, or on which courts sit."""


def zone(name: str) -> ZoneInfo:
    """The IANA time zone `name`; `InvalidInputError` when there is none."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise InvalidInputError(
            f"{name!r} is not a time zone.", do="Use an IANA name such as America/New_York."
        ) from error


def add_months(day: date, months: int) -> date:
    """The same day of the month `months` later, or that month's last day."""
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(day.day, last))


def local_instant(moment: datetime, in_zone: ZoneInfo) -> datetime:
    """The instant of a naive local time; skipped and repeated times are refused."""
    early = moment.replace(tzinfo=in_zone, fold=0)
    late = moment.replace(tzinfo=in_zone, fold=1)
    if early.utcoffset() != late.utcoffset():
        kind = "repeated" if early.utcoffset() > late.utcoffset() else "skipped"  # type: ignore[operator]
        raise InvalidInputError(
            f"{moment.isoformat(sep=' ')} is {kind} by a clock change in {in_zone.key}.",
            do="Write the time with its offset from UTC: "
            f"{early.isoformat()} or {late.isoformat()}.",
        )
    return early.astimezone(UTC)


def read_instant(text: str, in_zone: ZoneInfo) -> datetime:
    """An instant from a date, a local time or a time with offset (ISO 8601).

    A date is 00:00 in `in_zone`; a time without offset is local there.
    Raises `InvalidInputError`.
    """
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise InvalidInputError(
            f"{text!r} is not an instant.",
            do="Write a date (2026-03-02), a local time (2026-03-02T09:00) "
            "or a time with offset (2026-03-02T09:00:00-05:00).",
        ) from error
    if moment.year not in _YEARS:
        raise InvalidInputError(
            f"The year of {text!r} is not one from {_YEARS[0]} to {_YEARS[-1]}."
        )
    if moment.tzinfo is None:
        return local_instant(moment, in_zone)
    return moment.astimezone(UTC)


def after_months(start: datetime, months: int, in_zone: ZoneInfo) -> datetime:
    """`months` after `start` at the same local time of day; `InvalidInputError`."""
    local = start.astimezone(in_zone)
    try:
        day = add_months(local.date(), months)
        return local_instant(datetime.combine(day, local.time()), in_zone)
    except (ValueError, OverflowError) as error:
        raise _beyond(start, f"{months} months") from error


def after_days(start: datetime, days: int, in_zone: ZoneInfo) -> datetime:
    """`days` calendar days after `start` at the same local time of day; `InvalidInputError`."""
    local = start.astimezone(in_zone)
    try:
        return local_instant((local + timedelta(days=days)).replace(tzinfo=None), in_zone)
    except (ValueError, OverflowError) as error:
        raise _beyond(start, f"{days} days") from error


def after_open_days(start: datetime, days: int, in_zone: ZoneInfo, is_open: IsOpen) -> datetime:
    """The `days`-th open day after that of `start`, at its local time; `InvalidInputError`."""
    local = start.astimezone(in_zone)
    day = local.date()
    try:
        for _ in range(days):
            day = _next_open(day + _DAY, is_open)
    except OverflowError as error:
        raise _beyond(start, f"{days} days") from error
    return local_instant(datetime.combine(day, local.time()), in_zone)


def rolled(end: datetime, in_zone: ZoneInfo, is_open: IsOpen) -> datetime:
    """The instant, or the same local time on the next open day; `InvalidInputError`."""
    local = end.astimezone(in_zone)
    try:
        day = _next_open(local.date(), is_open)
    except OverflowError as error:
        raise _beyond(end, "An open day") from error
    return (
        end if day == local.date() else local_instant(datetime.combine(day, local.time()), in_zone)
    )


def lasts_at_most(start: datetime, end: datetime, days: int, in_zone: ZoneInfo) -> bool:
    """Whether `end` comes no later than the same local time so many days after `start`."""
    first, last = (moment.astimezone(in_zone).replace(tzinfo=None) for moment in (start, end))
    return last - first <= timedelta(days=days)


def _next_open(day: date, is_open: IsOpen) -> date:
    """The day itself, or the first after it that is open."""
    while not is_open(day):
        day += _DAY
    return day


def _beyond(start: datetime, count: str) -> InvalidInputError:
    return InvalidInputError(
        f"{count} after {start.isoformat()} is beyond what a calendar holds.",
        do="Correct the count.",
    )
