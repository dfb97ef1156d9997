"""What instant a period of an instrument comes to.

Two ask: reading a file, and bringing an order forward, which counts anew. Business
and court days, and the roll of what ends on a day on which courts do not sit, go by
the public holidays that the directory names.
"""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from changeover.basics.calendars import after_days, after_months, after_open_days, rolled
from changeover.basics.errors import InvalidInputError
from changeover.basics.working_days import WorkingDays
from changeover.directory.model import Directory
from changeover.orders.model import Instrument, Period


def trigger_of(instrument: Instrument, period: Period) -> datetime | None:
    """The instant of the instrument that the period counts from; None when it has none."""
    match period.after:
        case "signed":
            return instrument.signed
        case "published":
            return instrument.published
        case "effective":
            return instrument.takes_effect()


def counted(directory: Directory, trigger: datetime, period: Period) -> datetime:
    """The instant so long after the trigger.

    Raises `InvalidInputError` where it needs holidays that are not known, lies
    beyond what a calendar holds, or falls on a time that a clock change skips or
    repeats.
    """
    zone = ZoneInfo(directory.zone)
    match period.unit:
        case "months":
            end = after_months(trigger, period.count, zone)
        case "calendar-days":
            end = after_days(trigger, period.count, zone)
        case "business-days":
            is_open = _working_days(directory).is_business_day
            end = after_open_days(trigger, period.count, zone, is_open)
        case "court-days":
            is_open = _working_days(directory).is_court_day
            end = after_open_days(trigger, period.count, zone, is_open)
    return rolled(end, zone, _working_days(directory).is_court_day) if period.rolls else end


def _working_days(directory: Directory) -> WorkingDays:
    named = directory.holidays
    if named is None:
        raise InvalidInputError(
            "The directory does not say whose public holidays count.",
            means="Without them no business or court day can be told.",
            do="Add holidays: to it, such as {country: US, subdivision: DC}.",
        )
    return WorkingDays(
        country=named.country,
        subdivision=named.subdivision,
        closed=frozenset(map(date.fromisoformat, named.closed)),
    )
