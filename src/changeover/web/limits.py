"""Limits: what stands, how much of it is used, setting and lifting one."""

from collections.abc import Callable
from datetime import datetime
from typing import Annotated
from zoneinfo import ZoneInfo

import msgspec

from changeover.basics.clock import Clock
from changeover.basics.text import Bilingual
from changeover.directory.model import Directory
from changeover.identity.office import KeyOffice
from changeover.identity.people import Role
from changeover.metering.limits import Account, Limit, Measure, Period, Subject, span_of
from changeover.metering.office import LimitOffice, Wanted, written_amount
from changeover.orders.usecases import Office
from changeover.web.api import Caller, Operation, Params, Stream

OFFICERS: tuple[Role, ...] = ("officer", "administrator")
Name = Annotated[str, msgspec.Meta(max_length=200)]
Amount = Annotated[str, msgspec.Meta(max_length=30)]


class LimitLine(msgspec.Struct, frozen=True, kw_only=True):
    """A limit. Amounts are whole numbers, or US dollars, written out.

    `used` is what is recorded of the period under way and `out` what processes were let
    beside it, of which some may be spent already; None for minutes, which are not recorded.
    """

    subject: Subject
    named: str
    measure: Measure
    period: Period
    amount: str
    used: str | None
    out: str | None
    since: datetime
    until: datetime
    set_by: str
    set_at: datetime


class LimitsPage(msgspec.Struct, frozen=True, kw_only=True):
    """The limits that stand, and whom one can be set for: `keys` are prefixes by their service."""

    demonstration: bool
    now: datetime
    zone: str
    limits: tuple[LimitLine, ...]
    parties: dict[str, Bilingual]
    services: dict[str, Bilingual]
    keys: dict[str, str]


class LimitName(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which limit: there is one of each sort for a subject."""

    subject: Subject
    named: Name
    measure: Measure
    period: Period


class NewLimit(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A limit to be set, in the place of any of the same sort."""

    subject: Subject
    named: Name
    measure: Measure
    period: Period
    amount: Amount


class LimitParts(msgspec.Struct, frozen=True, kw_only=True):
    """What these operations work with; `standing` is what is used of an account and let out."""

    limits: LimitOffice
    keys: KeyOffice
    office: Office
    clock: Clock
    machine: Clock
    standing: Callable[[Account], tuple[int, int]]
    demonstration: bool


def operations(parts: LimitParts) -> list[Operation | Stream]:
    """`/limits`."""
    desk = _LimitDesk(parts)
    return [
        Operation("GET", "/limits", None, LimitsPage, OFFICERS, desk.all, "What is limited."),
        Operation("POST", "/limits", NewLimit, LimitLine, OFFICERS, desk.set, "Set a limit."),
        Operation(
            "POST", "/limits/lift", LimitName, LimitLine, OFFICERS, desk.lift, "Lift a limit."
        ),
    ]


def limit_lines(parts: LimitParts) -> tuple[LimitLine, ...]:
    """The limits that stand, and how much of each is used."""
    return _LimitDesk(parts).lines()


class _LimitDesk:
    def __init__(self, parts: LimitParts) -> None:
        self._parts = parts

    def all(self, _: Caller, __: None, ___: Params) -> LimitsPage:
        parts = self._parts
        directory = parts.office.directory() or Directory(zone="UTC")
        return LimitsPage(
            demonstration=parts.demonstration,
            now=parts.clock.now(),
            zone=self._zone().key,
            limits=self.lines(),
            parties={party.id: party.name for party in directory.parties.values()},
            services={service.id: service.name for service in directory.services.values()},
            keys={key.prefix: key.service for key in parts.keys.all() if key.revoked is None},
        )

    def lines(self) -> tuple[LimitLine, ...]:
        return tuple(map(self._line, self._parts.limits.all()))

    def set(self, caller: Caller, body: NewLimit, _: Params) -> LimitLine:
        parts = self._parts
        directory = parts.office.rules.current.directory
        keys = [key.prefix for key in parts.keys.all()]
        wanted = msgspec.convert(msgspec.structs.asdict(body), Wanted)
        return self._line(parts.limits.set(directory, keys, wanted, by=caller.account.name))

    def lift(self, caller: Caller, body: LimitName, _: Params) -> LimitLine:
        lifted = self._parts.limits.lift(
            body.subject, body.named, body.measure, body.period, by=caller.account.name
        )
        return self._line(lifted)

    def _zone(self) -> ZoneInfo:
        directory = self._parts.office.directory()
        return ZoneInfo("UTC" if directory is None else directory.zone)

    def _line(self, limit: Limit) -> LimitLine:
        parts = self._parts
        minute = limit.period == "minute"
        at = (parts.machine if minute else parts.clock).now()
        account = Account(limit, span_of(limit.period, at, self._zone()))
        used, out = (None, None) if minute else parts.standing(account)
        return LimitLine(
            subject=limit.subject,
            named=limit.named,
            measure=limit.measure,
            period=limit.period,
            amount=written_amount(limit),
            used=None if used is None else written_amount(limit, used),
            out=None if out is None else written_amount(limit, out),
            since=account.span.began,
            until=account.span.until,
            set_by=limit.set_by,
            set_at=limit.set_at,
        )
