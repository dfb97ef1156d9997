"""Limits, and a meter that draws on accounts in memory."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from changeover.metering.allowance import MinuteAllowances
from changeover.metering.book import LimitBook
from changeover.metering.limits import Limit
from changeover.metering.meter import Meter
from changeover.metering.taking import Asking, Taking

NOW = datetime(2026, 3, 2, 14, 5, 10, tzinfo=UTC)
ZONE = ZoneInfo("America/New_York")
SERVICE = ("service", "statechat")


def limit(amount, measure="money", period="month", subject="service", named="statechat"):
    return Limit(
        subject=subject,
        named=named,
        measure=measure,
        period=period,
        amount=amount,
        set_by="ana",
        set_at=NOW,
    )


def asking(*, money=0, tokens=0, subjects=(SERVICE,), seconds=0):
    now = NOW + timedelta(seconds=seconds)
    most = Taking(tokens=tokens, money=money)
    return Asking(subjects=subjects, most=most, at=now, now=now, zone=ZONE)


class Accounts(MinuteAllowances):
    """Implements `Allowances` for several processes, and counts how often it is asked."""

    def __init__(self):
        super().__init__()
        self.asked = 0

    def draw(self, draws):
        self.asked += 1
        return super().draw(draws)

    def out(self, limit):
        return self._out.get(limit.id, ("", 0))[1]


def meter(*limits, accounts=None):
    return Meter(LimitBook(limits), accounts or Accounts())
