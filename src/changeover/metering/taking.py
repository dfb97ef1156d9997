"""What a call takes of its limits, and why it may not."""

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

import msgspec

from changeover.metering.limits import Account, Limit, Measure, Subject

Subjects = Sequence[tuple[Subject, str]]


class OverLimitError(Exception):
    """An account has nothing left for the call."""

    def __init__(self, account: Account) -> None:
        super().__init__(account.id)
        self.account = account


class UnpricedError(Exception):
    """A limit counts money, and the call's price is not known."""

    def __init__(self, limit: Limit) -> None:
        super().__init__(limit.id)
        self.limit = limit


class Taking(msgspec.Struct, frozen=True, kw_only=True):
    """What a call may take at most, or took; None is not known."""

    requests: int = 1
    tokens: int | None = 0
    money: int | None = None

    def of(self, measure: Measure) -> int | None:
        """What it takes of one measure."""
        match measure:
            case "requests":
                return self.requests
            case "tokens":
                return self.tokens
            case "money":
                return self.money


class Asking(msgspec.Struct, frozen=True, kw_only=True):
    """A call that is to be reserved for, at the record's instant and the machine's."""

    subjects: Subjects
    most: Taking
    at: datetime
    now: datetime
    zone: ZoneInfo
