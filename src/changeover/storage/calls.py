"""Finished calls in the database, and the uses that they show.

A call is one row and one entry for the ledger, committed together.

A *use* is a (service, purpose, maker) on a UTC day. Every call that was let out
counts, whatever came of it: a vendor's failure does not make an existing use a
new one. A refused call never reached a maker and shows no use.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

import msgspec
from sqlalchemy import Connection, func, select

from changeover.basics.instants import from_microseconds, microseconds
from changeover.gateway.charging import spent_on
from changeover.gateway.model import CallRecord
from changeover.orders.ports import CallMade
from changeover.storage.insertion import insert_all_new
from changeover.storage.schema import call, use

_DAY = 86_400_000_000


class UseDay(NamedTuple):
    """A use on a day, counted from 1970-01-01 in UTC."""

    service: str
    purpose: str
    maker: str
    day: int


class RouteCalls(msgspec.Struct, frozen=True, kw_only=True):
    """The calls of a service that went out on a route."""

    service: str
    route: str
    calls: int
    answered: int
    first: datetime
    last: datetime


class RouteVolume(msgspec.Struct, frozen=True, kw_only=True):
    """How much a service called a route: what went out, what was refused, tokens of both ways.

    `first` is when one was first answered, `last` when a call last went out, None where
    none was or did. `failed` counts those that ended without a whole answer.
    """

    service: str
    route: str
    maker: str
    party: str
    calls: int
    refused: int
    failed: int
    tokens: int
    first: datetime | None
    last: datetime | None
    last_refused: datetime | None


class SqlCalls:
    """The calls recorded so far."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, calls: Iterable[CallRecord]) -> list[CallRecord]:
        """Records those of the calls that are not recorded yet, and gives them, in order.

        Another process may be recording the same ones: each call is new to one of the two.
        """
        places = {(made.intent.start, made.intent.seq): made for made in calls}
        in_order = [places[place] for place in sorted(places)]
        new = insert_all_new(self._connection, call, [_row(made) for made in in_order])
        return [made for made in in_order if (made.intent.start, made.intent.seq) in new]

    def show(self, calls: Iterable[CallRecord]) -> list[UseDay]:
        """Records the uses that calls show; gives those that were not recorded for their day."""
        shown = sorted({_use(made) for made in calls if made.outcome.result != "refused"})
        new = insert_all_new(self._connection, use, [each._asdict() for each in shown])
        return [each for each in shown if each in new]

    def uses(self, since_day: int = 0) -> set[UseDay]:
        """The uses on `since_day` and later."""
        rows = self._connection.execute(select(use).where(use.c.day >= since_day))
        return {UseDay(row.service, row.purpose, row.maker, row.day) for row in rows}

    def made(self, since: datetime, until: datetime) -> list[CallMade]:
        """The calls that were let out in [since, until), in their order."""
        rows = self._connection.execute(
            select(call)
            .where(
                call.c.at >= microseconds(since),
                call.c.at < microseconds(until),
                call.c.result != "refused",
            )
            .order_by(call.c.at, call.c.start, call.c.seq)
        )
        return [
            CallMade(
                start=row.start,
                seq=row.seq,
                at=from_microseconds(row.at),
                service=row.service,
                slot=row.slot,
                route=row.route,
                result=row.result,
            )
            for row in rows
        ]

    def volumes(self, since: datetime) -> list[RouteVolume]:
        """How much each service called each route since an instant, by service and route."""
        out = call.c.result != "refused"
        refused = call.c.result == "refused"
        answered = call.c.result == "answered"
        tokens = func.coalesce(call.c.input_tokens, 0) + func.coalesce(call.c.output_tokens, 0)
        rows = self._connection.execute(
            select(
                call.c.service,
                call.c.route,
                func.max(call.c.maker).label("maker"),
                func.max(call.c.party).label("party"),
                func.count().filter(out).label("calls"),
                func.count().filter(refused).label("refused"),
                func.count().filter(out & ~answered).label("failed"),
                func.min(call.c.at).filter(answered).label("first"),
                func.sum(tokens).label("tokens"),
                func.max(call.c.at).filter(out).label("last"),
                func.max(call.c.at).filter(refused).label("last_refused"),
            )
            .where(call.c.at >= microseconds(since))
            .group_by(call.c.service, call.c.route)
            .order_by(call.c.service, call.c.route)
        )
        return [
            RouteVolume(
                service=row.service,
                route=row.route,
                maker=row.maker,
                party=row.party,
                calls=row.calls,
                refused=row.refused,
                failed=row.failed,
                tokens=int(row.tokens or 0),
                first=_instant(row.first),
                last=_instant(row.last),
                last_refused=_instant(row.last_refused),
            )
            for row in rows
        ]

    def weekly(self, makers: Iterable[str], since: datetime) -> list[tuple[str, int, int]]:
        """Calls that went out to makers, by party and week counted from 1970-01-01 (a Thursday)."""
        week = (call.c.at // (_DAY * 7)).label("week")
        rows = self._connection.execute(
            select(call.c.party, week, func.count().label("calls"))
            .where(
                call.c.at >= microseconds(since),
                call.c.maker.in_(list(makers)),
                call.c.result != "refused",
            )
            .group_by(call.c.party, week)
            .order_by(call.c.party, week)
        )
        return [(row.party, int(row.week), row.calls) for row in rows]

    def by_route(self) -> list[RouteCalls]:
        """How many calls each service sent out on each route, and when, by service and route."""
        answered = func.count().filter(call.c.result == "answered")
        rows = self._connection.execute(
            select(
                call.c.service,
                call.c.route,
                func.count().label("calls"),
                answered.label("answered"),
                func.min(call.c.at).label("first"),
                func.max(call.c.at).label("last"),
            )
            .where(call.c.result != "refused")
            .group_by(call.c.service, call.c.route)
            .order_by(call.c.service, call.c.route)
        )
        return [
            RouteCalls(
                service=row.service,
                route=row.route,
                calls=row.calls,
                answered=row.answered,
                first=from_microseconds(row.first),
                last=from_microseconds(row.last),
            )
            for row in rows
        ]


def _instant(count: int | None) -> datetime | None:
    return None if count is None else from_microseconds(count)


def _use(made: CallRecord) -> UseDay:
    intent = made.intent
    return UseDay(intent.service, intent.purpose, intent.maker, microseconds(intent.at) // _DAY)


def _row(made: CallRecord) -> dict[str, object]:
    intent, outcome, spent = made.intent, made.outcome, spent_on(made)
    return {
        "start": intent.start,
        "seq": intent.seq,
        "at": microseconds(intent.at),
        "ended": microseconds(outcome.at),
        "service": intent.service,
        "party": intent.party,
        "slot": intent.slot,
        "purpose": intent.purpose,
        "maker": intent.maker,
        "host": intent.host,
        "route": intent.route,
        "model": intent.model,
        "asked": intent.asked.replace("\0", "\ufffd"),  # PostgreSQL's texts hold no NUL
        "outcome": intent.outcome,
        "result": outcome.result,
        "status": outcome.status,
        "input_tokens": outcome.input_tokens,
        "output_tokens": outcome.output_tokens,
        "stand_in": intent.stand_in,
        "key": intent.key,
        "cost": spent.cost,
        "cost_basis": spent.basis,
        "cached_tokens": spent.cached_tokens,
        "cache_written_tokens": spent.cache_written_tokens,
        "reasoning_tokens": spent.reasoning_tokens,
    }
