"""What a vendor, a model or an order touches, for the desk: how it stands, owners, volumes."""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import Protocol

import msgspec

from changeover.basics.calendars import read_instant, zone
from changeover.basics.clock import Clock
from changeover.basics.text import Bilingual
from changeover.directory.model import Directory
from changeover.orders.drafts import DraftOffice
from changeover.orders.ports import ServiceConversations, ServiceKeys
from changeover.orders.preview import Comparison
from changeover.orders.reach import Reach, count, reach
from changeover.orders.reach_with import ReachWith, reach_with
from changeover.orders.usecases import Office
from changeover.web.api import Caller, Operation, Params, Stream
from changeover.web.prepared import OFFICERS

_DAYS = 30


class RouteVolume(Protocol):
    """How much a service called a route: what went out, what was refused, tokens, the last call."""

    @property
    def service(self) -> str: ...
    @property
    def route(self) -> str: ...
    @property
    def calls(self) -> int: ...
    @property
    def refused(self) -> int: ...
    @property
    def tokens(self) -> int: ...
    @property
    def last(self) -> datetime | None: ...


class Volume(msgspec.Struct, frozen=True, kw_only=True):
    """The calls of a service on a route in the last 30 days; `last` is of those that went out."""

    service: str
    route: str
    calls: int
    refused: int
    tokens: int
    last: datetime | None


class ReachNames(msgspec.Struct, frozen=True, kw_only=True):
    """Names of what is touched, by id."""

    parties: dict[str, Bilingual]
    services: dict[str, Bilingual]
    vendors: dict[str, Bilingual]
    orders: dict[str, Bilingual]


class ReachPage(msgspec.Struct, frozen=True, kw_only=True):
    """What a name touches at an instant; `would` with a draft as if it were issued.

    `users` are those that the services are entitled to, where the directory says so.
    """

    demonstration: bool
    now: datetime
    zone: str
    title: Bilingual
    found: Reach
    would: ReachWith | None
    volumes: tuple[Volume, ...]
    users: dict[str, int]
    makers: dict[str, str]
    names: ReachNames


class ReachChoices(msgspec.Struct, frozen=True, kw_only=True):
    """What may be asked about: vendors, models and orders, by id and name."""

    vendors: dict[str, Bilingual]
    models: dict[str, Bilingual]
    orders: dict[str, Bilingual]
    drafts: dict[str, str]


class ReachParts(msgspec.Struct, frozen=True, kw_only=True):
    """What these operations work with; `volumes` tells calls since an instant."""

    office: Office
    drafts: DraftOffice
    keys: ServiceKeys
    conversations: ServiceConversations
    volumes: Callable[[datetime], Iterable[RouteVolume]]
    clock: Clock
    demonstration: bool


def operations(parts: ReachParts) -> list[Operation | Stream]:
    """`/desk/reach`."""
    desk = _Reaching(parts)
    query = {"of": str, "at": str, "with": str}
    return [
        Operation(
            "GET", "/desk/reach", None, ReachPage, OFFICERS, desk.page, "What it touches.", query
        ),
        Operation(
            "GET",
            "/desk/reach/choices",
            None,
            ReachChoices,
            OFFICERS,
            desk.choices,
            "What may be asked about.",
        ),
    ]


class _Reaching:
    def __init__(self, parts: ReachParts) -> None:
        self._parts = parts

    def page(self, _: Caller, __: None, params: Params) -> ReachPage:
        parts, now = self._parts, self._parts.clock.now()
        ruleset = parts.office.rules.current
        local = zone(ruleset.directory.zone)
        at = read_instant(params["at"], local) if params.get("at") else now
        name = params.get("of", "")
        would = None
        if params.get("with"):
            instrument = parts.drafts.instrument(params["with"])
            would = reach_with(Comparison(ruleset, [instrument], now), name or instrument.id, at)
            found = would.touched
        else:
            found = reach(ruleset, name, at)
        found = count(found, parts.keys, parts.conversations)
        touched = {each.route for each in found.routes}
        volumes = [v for v in parts.volumes(now - timedelta(days=_DAYS)) if v.route in touched]
        directory = ruleset.directory
        return ReachPage(
            demonstration=parts.demonstration,
            now=now,
            zone=directory.zone,
            title=self._title(found.name),
            found=found,
            would=would,
            volumes=tuple(
                Volume(
                    service=v.service,
                    route=v.route,
                    calls=v.calls,
                    refused=v.refused,
                    tokens=v.tokens,
                    last=v.last,
                )
                for v in volumes
            ),
            users={
                s: users
                for s in found.services
                if (users := directory.services[s].users) is not None
            },
            makers={r.route: directory.models[r.model].maker for r in found.routes},
            names=self._names(directory),
        )

    def choices(self, _: Caller, __: None, ___: Params) -> ReachChoices:
        ruleset = self._parts.office.rules.current
        directory = ruleset.directory
        return ReachChoices(
            vendors={v.id: v.name for v in directory.vendors.values()},
            models={m.id: Bilingual(en=m.name, fr=m.name) for m in directory.models.values()},
            orders={name: entry.instrument.title for name, entry in ruleset.issued.items()},
            drafts={
                draft.id: draft.instrument or draft.id
                for draft in self._parts.drafts.all()
                if draft.state == "open" and not draft.problems
            },
        )

    def _title(self, name: str) -> Bilingual:
        ruleset = self._parts.office.rules.current
        if name in ruleset.directory.vendors:
            return ruleset.directory.vendors[name].name
        if name in ruleset.issued:
            return ruleset.issued[name].instrument.title
        known = ruleset.directory.models.get(name)
        text = name if known is None else known.name
        return Bilingual(en=text, fr=text)

    def _names(self, directory: Directory) -> ReachNames:
        issued = self._parts.office.instruments()
        return ReachNames(
            parties={p.id: p.name for p in directory.parties.values()},
            services={s.id: s.name for s in directory.services.values()},
            vendors={v.id: v.name for v in directory.vendors.values()},
            orders={name: entry.instrument.title for name, entry in issued.items()},
        )
