"""How the installation is doing, for operators: routes, processes, record, queues, budgets."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Protocol

import msgspec

from changeover.basics.clock import Clock
from changeover.basics.text import Bilingual
from changeover.chat.choices import Endpoints
from changeover.directory.model import Directory, Route
from changeover.gateway.told_health import ProcessHealth, Standing, together
from changeover.identity.people import Role
from changeover.metering.limits import Measure, Period, Subject
from changeover.orders.ports import Replicas
from changeover.orders.usecases import Office
from changeover.web.api import Caller, Operation, Params, Stream
from changeover.web.limits import LimitLine

READERS: tuple[Role, ...] = ("officer", "administrator")
NEAR = 80
"""Percent of a budget from which it is told as near its end."""


class RouteDoing(msgspec.Struct, frozen=True, kw_only=True):
    """A route: calls, failures and times are of the last five minutes, over all processes.

    `rests_in` of the processes pass it over, for at most `rests_s` seconds more. `median_ms`
    and `slow_ms` (of 95 in a hundred) are to the first event, or the end of a whole answer.
    """

    route: str
    model: str
    maker: Bilingual
    host: Bilingual
    stand_in: bool
    reachable: bool
    state: Standing
    rests_in: int
    rests_s: int
    why: str
    calls: int
    failed: int
    median_ms: int | None
    slow_ms: int | None


class LedgerDoing(msgspec.Struct, frozen=True, kw_only=True):
    """The ledger as last signed: `newest_s` is how old its newest entry is, in seconds."""

    size: int
    newest_s: int | None
    waiting: int


class BudgetDoing(msgspec.Struct, frozen=True, kw_only=True):
    """A limit of which much is used; `percent` may be over 100 by one call's reserve."""

    subject: Subject
    named: str
    measure: Measure
    period: Period
    amount: str
    used: str
    percent: int
    until: datetime


class OperationsPage(msgspec.Struct, frozen=True, kw_only=True):
    """The installation at one instant.

    `processes` serve, `behind` of them have not loaded the newest rules, and `telling` told
    of themselves within fifteen seconds. `undrained` calls wait to be recorded in the database,
    `letters` to be sent. `lapsed` says why this process may call no vendor, if so.
    """

    demonstration: bool
    now: datetime
    zone: str
    version: str
    alone: bool
    processes: int
    behind: int
    telling: int
    lapsed: str | None
    in_flight: int
    undrained: int
    letters: int
    ledger: LedgerDoing
    routes: tuple[RouteDoing, ...]
    budgets: tuple[BudgetDoing, ...]
    limits: int


class Recorded(Protocol):
    """What the database says of the record and its queues."""

    def ledger(self) -> tuple[int, datetime | None, int]:
        """The ledger's size as last signed, when its newest entry is from, how many wait."""
        ...

    def letters(self) -> int:
        """Letters that wait to be sent."""
        ...

    def processes(self) -> Sequence[ProcessHealth]:
        """What the other processes told lately."""
        ...


class OperationsParts(msgspec.Struct, frozen=True, kw_only=True):
    """What this operation reads; `own` is this process's health, `replicas` None where alone."""

    office: Office
    clock: Clock
    endpoints: Endpoints
    recorded: Recorded
    own: Callable[[], ProcessHealth]
    lapsed: Callable[[], str | None]
    limits: Callable[[], Sequence[LimitLine]]
    replicas: Replicas | None
    version: str
    demonstration: bool


def operations(parts: OperationsParts) -> list[Operation | Stream]:
    """`/operations`."""

    def read(_: Caller, __: None, ___: Params) -> OperationsPage:
        return _page(parts)

    summary = "How routes, processes, the record, queues and budgets are doing."
    return [Operation("GET", "/operations", None, OperationsPage, READERS, read, summary)]


def _page(parts: OperationsParts) -> OperationsPage:
    directory, now = parts.office.directory(), parts.clock.now()
    own = parts.own()
    told = [own, *(each for each in parts.recorded.processes() if each.start != own.start)]
    size, newest, waiting = parts.recorded.ledger()
    serving, behind = _serving(parts.replicas)
    limits = parts.limits()
    return OperationsPage(
        demonstration=parts.demonstration,
        now=now,
        zone="UTC" if directory is None else directory.zone,
        version=parts.version,
        alone=parts.replicas is None,
        processes=serving,
        behind=behind,
        telling=len(told),
        lapsed=parts.lapsed(),
        in_flight=sum(each.in_flight for each in told),
        undrained=sum(each.undrained for each in told),
        letters=parts.recorded.letters(),
        ledger=LedgerDoing(
            size=size,
            newest_s=None if newest is None else max(0, int((now - newest).total_seconds())),
            waiting=waiting,
        ),
        routes=() if directory is None else _routes(parts.endpoints, directory, told),
        budgets=_near(limits),
        limits=len(limits),
    )


def _serving(replicas: Replicas | None) -> tuple[int, int]:
    """How many processes serve, and how many of them are behind the newest rules."""
    if replicas is None:
        return 1, 0
    newest = replicas.revision()
    now, found = replicas.all()
    serving = [each for each in found if each.state != "gone" and each.lease_until > now]
    return len(serving), sum(each.revision < newest for each in serving)


def _routes(
    endpoints: Endpoints, directory: Directory, told: Sequence[ProcessHealth]
) -> tuple[RouteDoing, ...]:
    found = []
    for each in together(told, directory.routes):
        route = directory.routes[each.route]
        found.append(
            RouteDoing(
                route=each.route,
                model=directory.models[route.model].name,
                maker=_vendor(directory, directory.models[route.model].maker),
                host=_vendor(directory, route.host),
                stand_in=endpoints.stands_in(route.host),
                reachable=_reaches(endpoints, route),
                state=each.state,
                rests_in=each.rests_in,
                rests_s=round(each.rests_for),
                why=each.why,
                calls=each.calls,
                failed=each.failed,
                median_ms=each.median_ms,
                slow_ms=each.slow_ms,
            )
        )
    return tuple(sorted(found, key=_first))


def _reaches(endpoints: Endpoints, route: Route) -> bool:
    return endpoints.reaches(route.host, route.protocol)


def _vendor(directory: Directory, vendor: str) -> Bilingual:
    return directory.vendors[vendor].name


_ORDER: Sequence[Standing] = ("resting", "trying", "sound", "unasked")


def _first(line: RouteDoing) -> tuple[int, float, str]:
    """What needs an operator comes first, then what is called most."""
    share = line.failed / line.calls if line.calls else 0.0
    return _ORDER.index(line.state), -share, line.route


def _near(limits: Sequence[LimitLine]) -> tuple[BudgetDoing, ...]:
    """The limits near their end, the nearest first; minutes are not told of."""
    found = []
    for limit in limits:
        if limit.used is None or (amount := _number(limit.amount)) == 0:
            continue
        percent = round(_number(limit.used) * 100 / amount)
        if percent >= NEAR:
            found.append(
                BudgetDoing(
                    subject=limit.subject,
                    named=limit.named,
                    measure=limit.measure,
                    period=limit.period,
                    amount=limit.amount,
                    used=limit.used,
                    percent=percent,
                    until=limit.until,
                )
            )
    return tuple(sorted(found, key=lambda budget: -budget.percent))


def _number(written: str) -> float:
    return float(written.replace(",", "") or 0)
