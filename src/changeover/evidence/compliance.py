"""How each party and contractor keeps an order: what is observed, and what is only stated.

Of an order that prohibits, each party is looked at that its scope names or reaches with a
service, and each that states a use of what it bars. *Observed* is what passed through the
gateway on the routes that the order's clauses match. At an instant, a party is

* *waived*, when every use of its services that the order would bar is waived;
* *ended*, when no slot of its services is bound to what is barred, and no call went out
  to it since the order began, or in the last 14 days if that is longer ago;
* *not started*, when every slot that was bound to what is barred when the order began
  still is, and calls of the last 14 days are at least half of those of the 14 days before
  the order began (and there were any);
* *winding down* otherwise;
* *unknown*, when it has no service here that could call what is barred: whatever it does
  passes by the gateway, and only statements tell of it.

`Refused` counts calls that the gateway refused on these routes since the order began.
"""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import Literal, Protocol

import msgspec

from changeover.basics.errors import InvalidInputError
from changeover.basics.instants import microseconds
from changeover.basics.text import Bilingual
from changeover.directory.model import Party, Service
from changeover.evidence.register import StatedUse
from changeover.orders.as_of import earliest_deadline, status_of
from changeover.orders.candidates import routes_named
from changeover.orders.decide import decide
from changeover.orders.extent import Extent
from changeover.orders.model import Instrument, Status
from changeover.orders.ruleset import Ruleset, call_of

State = Literal["not-started", "winding-down", "ended", "waived", "unknown"]
STATES: tuple[State, ...] = ("not-started", "winding-down", "unknown", "waived", "ended")
"""The least advanced first."""
RECENT = timedelta(days=14)
_WEEK = timedelta(days=7)
_EPOCH = date(1970, 1, 1)


class Calls(Protocol):
    """How much a service called a route since some instant."""

    @property
    def service(self) -> str: ...
    @property
    def route(self) -> str: ...
    @property
    def calls(self) -> int: ...
    @property
    def refused(self) -> int: ...
    @property
    def last(self) -> datetime | None: ...
    @property
    def last_refused(self) -> datetime | None: ...


class Observed(msgspec.Struct, frozen=True, kw_only=True):
    """The calls recorded that count for an order, each kind since its own instant."""

    since_began: Sequence[Calls]
    recent: Sequence[Calls]
    before: Sequence[Calls]
    weekly: Sequence[tuple[str, int, int]]


class Week(msgspec.Struct, frozen=True, kw_only=True):
    """The calls that went out to what is barred in a week, which begins on `begins`."""

    begins: date
    calls: int


class PartyCompliance(msgspec.Struct, frozen=True, kw_only=True):
    """How a party keeps an order. `observed` figures are the gateway's, `stated` are not.

    `days_left` is negative once the deadline has passed; None where there is none.
    """

    party: str
    name: Bilingual
    contractor_of: str | None
    state: State
    services: tuple[str, ...]
    bound: tuple[str, ...]
    calls: int
    last_call: datetime | None
    refused: int
    last_refused: datetime | None
    deadline: datetime | None
    days_left: int | None
    weeks: tuple[Week, ...]
    stated: int
    stated_count: int


class Compliance(msgspec.Struct, frozen=True, kw_only=True):
    """An order's board."""

    order: str
    title: Bilingual
    status: Status
    began: datetime | None
    deadline: datetime | None
    makers: tuple[str, ...]
    parties: tuple[PartyCompliance, ...]


class Barred:
    """What an order bars: its routes, makers, and since when."""

    def __init__(self, ruleset: Ruleset, instrument: Instrument) -> None:
        standings = [s for s in ruleset.standings_of(instrument.id) if s.modality == "prohibit"]
        if not standings:
            raise InvalidInputError(
                f"{instrument.id} prohibits nothing.",
                means="Who keeps an order is told of orders that prohibit.",
                do="Choose an order that does.",
            )
        self.ruleset = ruleset
        self.instrument = instrument
        self.standings = standings
        self.routes = frozenset(
            route
            for route in ruleset.directory.routes
            if any(s.matches(ruleset.reached(route).lineage) for s in standings)
        )
        models = (ruleset.directory.routes[route].model for route in self.routes)
        self.makers = tuple(sorted({ruleset.directory.models[model].maker for model in models}))
        self.began = instrument.takes_effect()
        self.deadline = earliest_deadline(standings)


def compliance(
    barred: Barred, now: datetime, observed: Observed, stated: Iterable[StatedUse]
) -> Compliance:
    """The board of an order at an instant."""
    ruleset = barred.ruleset
    by_party: dict[str, list[StatedUse]] = {}
    for use in stated:
        if use.vendor in barred.makers and not (use.until and use.until <= f"{now:%Y-%m-%d}"):
            by_party.setdefault(use.party, []).append(use)
    reader = _Reader(barred, now, observed)
    named = {name for name in _reached(barred) if name in ruleset.directory.parties}
    known = {*named, *(name for name in by_party if name in ruleset.directory.parties)}
    lines = [reader.line(ruleset.directory.parties[name], by_party.get(name, [])) for name in known]
    return Compliance(
        order=barred.instrument.id,
        title=barred.instrument.title,
        status=status_of(ruleset, barred.instrument, now)[0],
        began=barred.began,
        deadline=barred.deadline,
        makers=barred.makers,
        parties=tuple(sorted(lines, key=lambda line: (STATES.index(line.state), line.party))),
    )


def _reached(barred: Barred) -> set[str]:
    """The parties that the order's scopes name, and those that own a service it reaches."""
    directory = barred.ruleset.directory
    extent = Extent(directory)
    found: set[str] = set()
    for standing in barred.standings:
        found.update((*standing.scope.parties, *standing.scope.regulated))
        for service in directory.services.values():
            if extent.serves(standing.scope, service):
                found.add(service.party)
    return found


class _Reader:
    """Reads one party after the other."""

    def __init__(self, barred: Barred, now: datetime, observed: Observed) -> None:
        self.barred = barred
        self.now = now
        self.observed = observed
        self.extent = Extent(barred.ruleset.directory)

    def line(self, party: Party, stated: Sequence[StatedUse]) -> PartyCompliance:
        services = self.services(party.id)
        began = self._calls(self.observed.since_began, services)
        bound = [s.id for s in services if self.is_bound(s, self.now)]
        deadline = self.barred.deadline
        return PartyCompliance(
            party=party.id,
            name=party.name,
            contractor_of=next((r.to for r in party.relations if r.kind == "contracted-to"), None),
            state=self.state(services, bound),
            services=tuple(service.id for service in services),
            bound=tuple(bound),
            calls=sum(c.calls for c in began),
            last_call=max((c.last for c in began if c.last is not None), default=None),
            refused=sum(c.refused for c in began),
            last_refused=max(
                (c.last_refused for c in began if c.last_refused is not None), default=None
            ),
            deadline=deadline,
            days_left=None if deadline is None else (deadline - self.now).days,
            weeks=tuple(self._weeks(party.id)),
            stated=len(stated),
            stated_count=sum(use.count or 0 for use in stated),
        )

    def services(self, party: str) -> list[Service]:
        """The party's services that the order reaches."""
        return [
            service
            for service in self.barred.ruleset.directory.services.values()
            if service.party == party
            and any(self.extent.serves(s.scope, service) for s in self.barred.standings)
        ]

    def state(self, services: Sequence[Service], bound: Sequence[str]) -> State:
        if not services:
            return "unknown"
        if bound and all(self.is_waived(service) for service in services if service.id in bound):
            return "waived"
        since = self._calls(self.observed.since_began, services)
        recent = sum(c.calls for c in self._calls(self.observed.recent, services))
        last = max((c.last for c in since if c.last is not None), default=None)
        quiet = last is None or last <= self.now - RECENT
        if not bound and quiet:
            return "ended"
        began = self.barred.began or self.now
        then = [service.id for service in services if self.is_bound(service, began)]
        before = sum(c.calls for c in self._calls(self.observed.before, services))
        if bound and set(then) <= set(bound) and (before == 0 or 2 * recent >= before):
            return "not-started"
        return "winding-down"

    def is_bound(self, service: Service, at: datetime) -> bool:
        return any(self._routes(service, slot.name, at) for slot in service.slots)

    def is_waived(self, service: Service) -> bool:
        """Whether each barred route of the service is waived for it."""
        ruleset, name = self.barred.ruleset, self.barred.instrument.id
        for slot in service.slots:
            call = call_of(service, slot.name)
            for route in self._routes(service, slot.name, self.now):
                cited = [
                    citation
                    for citation in decide(ruleset, call, route, self.now).citations
                    if citation.instrument == name
                ]
                if not cited or any(citation.status != "waived" for citation in cited):
                    return False
        return True

    def _routes(self, service: Service, slot: str, at: datetime) -> list[str]:
        binding = self.barred.ruleset.binding(service.id, slot, microseconds(at))
        if binding is None:
            return []
        bound = routes_named(self.barred.ruleset, binding.models)
        return [route for route in bound if route in self.barred.routes]

    def _calls(self, calls: Sequence[Calls], services: Sequence[Service]) -> list[Calls]:
        own = {service.id for service in services}
        return [c for c in calls if c.service in own and c.route in self.barred.routes]

    def _weeks(self, party: str) -> Iterable[Week]:
        for name, week, calls in self.observed.weekly:
            if name == party:
                yield Week(begins=_EPOCH + _WEEK * week, calls=calls)
