"""Limits: how much a key, a service or a party may ask and spend.

A party's limit covers the services of all that is part of it. Requests and tokens are
limited by the minute; money by the day and the month, which begin at midnight in the
directory's zone and by the organisation's clock, as orders do. A minute is one of the
machine's clock.

An *account* is one limit in one period. What is reserved and spent is counted on accounts.
"""

from datetime import UTC, datetime, timedelta
from typing import Literal, get_args
from zoneinfo import ZoneInfo

import msgspec

Subject = Literal["key", "service", "party"]
Measure = Literal["requests", "tokens", "money"]
Period = Literal["minute", "day", "month"]
SUBJECTS: tuple[Subject, ...] = get_args(Subject)
MEASURES: tuple[Measure, ...] = get_args(Measure)

PERIODS: dict[Measure, tuple[Period, ...]] = {
    "requests": ("minute",),
    "tokens": ("minute",),
    "money": ("day", "month"),
}
"""The periods that each measure can be limited by."""

_MINUTE = timedelta(minutes=1)


class Limit(msgspec.Struct, frozen=True, kw_only=True):
    """At most `amount` in each period: a count, or money in trillionths of a US dollar."""

    subject: Subject
    named: str
    measure: Measure
    period: Period
    amount: int
    set_by: str
    set_at: datetime

    @property
    def id(self) -> str:
        return limit_id(self.subject, self.named, self.measure, self.period)


class Span(msgspec.Struct, frozen=True):
    """One period: its name, when it began and when the next one begins."""

    name: str
    began: datetime
    until: datetime


class Account(msgspec.Struct, frozen=True):
    """A limit in one of its periods."""

    limit: Limit
    span: Span

    @property
    def id(self) -> str:
        return f"{self.limit.id}/{self.span.name}"


def limit_id(subject: Subject, named: str, measure: Measure, period: Period) -> str:
    """A limit's name: there is one of each sort for a subject."""
    return f"{subject}:{named}/{measure}/{period}"


def span_of(period: Period, at: datetime, zone: ZoneInfo) -> Span:
    """The period that an instant lies in."""
    if period == "minute":
        began = at.replace(second=0, microsecond=0)
        return Span(began.strftime("%Y-%m-%dT%H:%M"), began, began + _MINUTE)
    day = at.astimezone(zone).replace(hour=0, minute=0, second=0, microsecond=0, tzinfo=None)
    if period == "day":
        name, first, after = day.strftime("%Y-%m-%d"), day, day + timedelta(days=1)
    else:
        first = day.replace(day=1)
        name, after = first.strftime("%Y-%m"), next_month(first)
    return Span(name, _midnight(first, zone), _midnight(after, zone))


def next_month(first: datetime) -> datetime:
    """The first day of the month after the one that begins with `first`."""
    return (first + timedelta(days=31)).replace(day=1)


def _midnight(day: datetime, zone: ZoneInfo) -> datetime:
    """When a day begins, also where a clock change skips or repeats its midnight."""
    return day.replace(tzinfo=zone).astimezone(UTC)
