"""Limits as officers and administrators handle them. Each act is in force when it returns.

Nothing is deleted: who set or lifted a limit, and when, stays on record. A limit that is set
in the middle of a period counts what is recorded of that period; calls that are on their way
then are not counted.
"""

import threading
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any, Protocol

import msgspec

from changeover.basics.clock import Clock
from changeover.basics.errors import InvalidInputError, NotFoundError
from changeover.basics.nearest import advice
from changeover.directory.model import Directory
from changeover.metering.book import LimitBook
from changeover.metering.limits import PERIODS, Limit, Measure, Period, Subject, limit_id
from changeover.metering.money import trillionths, written
from changeover.metering.ports import Limits

GREATEST_BUDGET = 9_000_000
_GREATEST_COUNT = 10**15
Settle = Callable[[Sequence[Any]], object]


class LimitWork(Protocol):
    """A unit of work on limits."""

    @property
    def limits(self) -> Limits: ...

    def tell(self, kind: str, at: datetime, fields: Mapping[str, Any]) -> None:
        """Tells the ledger, when the work commits."""
        ...

    def enact(self, kind: str, keys: Sequence[str], legal: datetime) -> Sequence[Any]:
        """Counts it as a change that every replica must know; the last thing done."""
        ...


class LimitWorks(Protocol):
    """Opens units of work on limits."""

    def begin(self) -> AbstractContextManager[LimitWork]: ...

    def reading(self) -> AbstractContextManager[LimitWork]: ...


class Wanted(msgspec.Struct, frozen=True, kw_only=True):
    """A limit as somebody wants it: a whole number, or dollars, written out."""

    subject: Subject
    named: str
    measure: Measure
    period: Period
    amount: str


class LimitOffice:
    """Sets, lifts and lists limits. `settle` waits until other replicas have them."""

    def __init__(
        self, works: LimitWorks, book: LimitBook, clock: Clock, settle: Settle | None = None
    ) -> None:
        self._works = works
        self._clock = clock
        self._settle = settle
        self._loading = threading.Lock()
        self.book = book

    def load(self) -> None:
        """Puts in force what is recorded."""
        with self._loading, self._works.reading() as work:
            self.book.replace(work.limits.standing())

    def all(self) -> list[Limit]:
        """Those that stand, by subject."""
        with self._works.reading() as work:
            return work.limits.standing()

    def set(self, directory: Directory, keys: Sequence[str], wanted: Wanted, *, by: str) -> Limit:
        """Sets a limit in the place of any of the same sort; `keys` are the keys' prefixes."""
        now = self._clock.now()
        named = _named(directory, keys, wanted.subject, wanted.named)
        if wanted.period not in PERIODS[wanted.measure]:
            periods = " or ".join(PERIODS[wanted.measure])
            raise InvalidInputError(
                f"{wanted.measure.capitalize()} are not limited by the {wanted.period}.",
                do=f"Limit them by the {periods}.",
            )
        limit = Limit(
            subject=wanted.subject,
            named=named,
            measure=wanted.measure,
            period=wanted.period,
            amount=_amount(wanted),
            set_by=by,
            set_at=now,
        )
        with self._works.begin() as work:
            work.limits.set(limit)
            work.tell("limit", now, _told(limit, limit.amount, by))
            enacted = work.enact("limit", (limit.id,), now)
        self._bring_into_force(enacted)
        return limit

    def lift(
        self, subject: Subject, named: str, measure: Measure, period: Period, *, by: str
    ) -> Limit:
        """Lifts a limit; `NotFoundError` where none of the sort stands."""
        now = self._clock.now()
        name = limit_id(subject, prefix_of(named) if subject == "key" else named, measure, period)
        with self._works.begin() as work:
            found = next((each for each in work.limits.standing() if each.id == name), None)
            if found is None:
                raise NotFoundError(
                    f"There is no limit {name}.", do="See `changeover limits list`."
                )
            work.limits.lift(found, by=by, at=now)
            work.tell("limit", now, _told(found, None, by))
            enacted = work.enact("limit", (name,), now)
        self._bring_into_force(enacted)
        return found

    def _bring_into_force(self, enacted: Sequence[Any]) -> None:
        self.load()
        if self._settle is not None:
            self._settle(enacted)


def _told(limit: Limit, amount: int | None, by: str) -> dict[str, Any]:
    return {
        "subject": limit.subject,
        "named": limit.named,
        "measure": limit.measure,
        "period": limit.period,
        "amount": amount,
        "by": by,
    }


def prefix_of(key: str) -> str:
    """What names a key, of which people may write the whole."""
    return key.removeprefix("co_").partition("_")[0]


def _named(directory: Directory, keys: Sequence[str], subject: Subject, named: str) -> str:
    known: dict[Subject, Sequence[str]] = {
        "key": keys,
        "service": list(directory.services),
        "party": list(directory.parties),
    }
    name = prefix_of(named) if subject == "key" else named
    if name not in known[subject]:
        raise NotFoundError(f"There is no {subject} {named!r}.", do=advice(name, known[subject]))
    return name


def _amount(wanted: Wanted) -> int:
    """The amount in whole numbers; `InvalidInputError`."""
    try:
        amount = Decimal(wanted.amount.replace(",", ""))
    except InvalidOperation:
        amount = Decimal(-1)
    if wanted.measure == "money":
        if amount.is_finite() and 0 < amount <= GREATEST_BUDGET and (exact := trillionths(amount)):
            return exact
        raise InvalidInputError(
            f"{wanted.amount!r} is no budget.",
            do=f"Write US dollars above 0, up to {GREATEST_BUDGET:,}, such as 2500 or 12.50.",
        )
    if amount.is_finite() and 0 < amount <= _GREATEST_COUNT and amount == int(amount):
        return int(amount)
    raise InvalidInputError(
        f"{wanted.amount!r} is no number of {wanted.measure}.", do="Write a whole number above 0."
    )


def written_amount(limit: Limit, amount: int | None = None) -> str:
    """The limit's amount, or one beside it, as it can be set again."""
    shown = limit.amount if amount is None else amount
    return written(shown) if limit.measure == "money" else str(shown)
