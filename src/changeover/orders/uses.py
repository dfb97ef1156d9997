"""Which uses existed before an order began (rule 3; rules, section 6).

A use is a (service, purpose, maker) that was bound, or called, within so many
days before the clause began. `maker` is any maker in the lineage: who uses a
fine-tune uses what it derives from.

* A binding shows a use for all the time it stood, and each model in it counts,
  since failover inside a binding is no new use. It counts from the instant that
  it states, but not before the service was created. A route of it that was recorded
  only after the clause's instrument counts from then on: an existing use cannot be
  made up afterwards, by another binding or by an edit of one.
* A use goes on at the hosts, and with the models, that a binding of it reached in
  those days: failing over inside the binding is no new use. And it goes on while
  bindings of it follow one another: one that was moved off after the clause began
  is new when it is resumed. Its end by a stay, or another user, changes neither.
* A service that moved to another party or network is a new use.
* Another host, another model or pinned version, many more users, a higher budget:
  whether that is the same use a person must judge, and until then it is new.
* Calls count by UTC day, which is how the drain keeps them. A day counts only
  when it lies wholly in the window: a call in the hours after the clause began
  must not pass for one before it. Of a call the maker of the model that was
  called is known, not those it derives from, and no host: calls count, at any
  host, where no binding shows the use.
"""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TypeVar

import msgspec

from changeover.basics.instants import microseconds
from changeover.directory.model import Binding, Directory, Route
from changeover.directory.rules import Lineage, derivation
from changeover.orders.decision import Call, Judged

DAY = 86_400_000_000
FOREVER = 2**63 - 1
ALWAYS = -FOREVER
"""Stands for the recording of what was never recorded after anything else."""


class Use(msgspec.Struct, frozen=True, gc=False):
    """What is used: a maker's models by a service for a purpose."""

    service: str
    purpose: str
    maker: str


class Stated(msgspec.Struct, frozen=True, gc=False):
    """What a binding of a directory states: that a slot is bound from then on, for a purpose."""

    service: str
    slot: str
    purpose: str
    since: int


Recorded = Mapping[str, int]
"""Since when (microseconds since 1970) a binding's routes have been on record, by route."""


class Window(msgspec.Struct, frozen=True, order=True, gc=False):
    """Where a use counts as existing: so many days before `begins`, as known at `recorded`."""

    begins: int
    recent_days: int
    recorded: int

    @property
    def opens(self) -> int:
        return self.begins - self.recent_days * DAY


class ServiceThen(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """What a directory recorded then (microseconds since 1970) said of a service."""

    recorded: int
    party: str
    network: str
    users: int | None = None
    budget: int | None = None


class RouteThen(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """What a directory recorded then (microseconds since 1970) said of a route."""

    recorded: int
    upstream_model: str


Then = TypeVar("Then", ServiceThen, RouteThen)


def then(states: Sequence[Then], at: int) -> Then:
    """The last state that was recorded by an instant, else the first."""
    found = states[0]
    for state in states[1:]:
        if state.recorded > at:
            break
        found = state
    return found


class Verdict(msgspec.Struct, frozen=True, gc=False):
    """Whether a use goes on; where it does not, why a person must judge that, if one must."""

    goes_on: bool
    awaits: tuple[Judged, ...] = ()


EXISTING, NEW = Verdict(goes_on=True), Verdict(goes_on=False)


class Span(msgspec.Struct, frozen=True, gc=False):
    """A binding's time, [since, until), when it was first recorded, and what it reached."""

    since: int
    until: int
    recorded: int
    hosts: frozenset[str]
    models: frozenset[str]

    def within(self, window: Window) -> bool:
        since = self.since
        if window.recorded < self.recorded and since < self.recorded:
            since = self.recorded
        return since < window.begins and since < self.until and window.opens < self.until


class Reader:
    """Reads what the bindings of a directory say, each model's makers once."""

    def __init__(self, directory: Directory) -> None:
        self._directory = directory
        self._routes: dict[str, list[Route]] = defaultdict(list)
        for route in directory.routes.values():
            self._routes[route.id].append(route)
            self._routes[route.model].append(route)
        self._makers: dict[str, frozenset[str]] = {}

    def stated(self, binding: Binding) -> Stated | None:
        """What a binding states; None where its service or slot is gone."""
        service = self._directory.services.get(binding.service)
        slots = () if service is None else service.slots
        purpose = next((slot.purpose for slot in slots if slot.name == binding.slot), None)
        if purpose is None:
            return None
        return Stated(binding.service, binding.slot, purpose, microseconds(binding.since))

    def routes(self, binding: Binding) -> dict[str, Route]:
        """What a binding reaches: the routes that it names, and those of models it names."""
        return {route.id: route for name in binding.models for route in self._routes.get(name, ())}

    def spans(
        self, binding: Binding, until: int, recorded: Recorded | int
    ) -> Iterator[tuple[str, Span]]:
        """The times for which the binding shows uses, by maker, its service being there.

        `recorded` is by route, or of all of them. Routes that were recorded together
        show it together.
        """
        since = max(binding.since, self._directory.services[binding.service].created)
        together: dict[int, list[Route]] = defaultdict(list)
        for route in self.routes(binding).values():
            when = recorded if isinstance(recorded, int) else recorded.get(route.id, ALWAYS)
            together[when].append(route)
        for when, routes in together.items():
            span = Span(
                microseconds(since),
                until,
                when,
                frozenset(route.host for route in routes),
                frozenset(route.model for route in routes),
            )
            for maker in sorted({m for model in span.models for m in self._makers_of(model)}):
                yield maker, span

    def _makers_of(self, model: str) -> frozenset[str]:
        if model not in self._makers:
            models = self._directory.models
            below = derivation(self._directory, model)
            self._makers[model] = frozenset(models[one].maker for one in below)
        return self._makers[model]


Spans = Mapping[tuple[str, str], Sequence[Span]]
"""The spans of a service's uses, by purpose and maker."""

_NOTHING: Spans = {}


class Uses:
    """The uses known: the times they were bound, and the days on which they were called.

    `services` and `routes` say what each was over time; of one that they lack
    nothing follows. Immutable.
    """

    def __init__(
        self,
        spans: Mapping[str, Spans],
        days: Iterable[tuple[Use, int]] = (),
        services: Mapping[str, Sequence[ServiceThen]] | None = None,
        routes: Mapping[str, Sequence[RouteThen]] | None = None,
    ) -> None:
        """`spans` are by service; `days` are UTC days counted from 1970-01-01."""
        self._spans = dict(spans)
        called: dict[str, dict[tuple[str, str], set[int]]] = defaultdict(lambda: defaultdict(set))
        for use, day in days:
            called[use.service][use.purpose, use.maker].add(day)
        self._days = {
            service: {place: sorted(found) for place, found in by_place.items()}
            for service, by_place in called.items()
        }
        self._services = services or {}
        self._routes = routes or {}
        self._makers = self._shown({*self._spans, *self._days})

    def with_spans(self, spans: Mapping[str, Spans]) -> "Uses":
        """The uses with those of some services replaced."""
        changed = Uses({}, (), self._services, self._routes)
        changed._spans = {**self._spans, **spans}
        changed._days = self._days
        changed._makers = {**self._makers, **changed._shown(spans)}
        return changed

    def with_days(self, days: Iterable[tuple[Use, int]]) -> "Uses":
        """The uses with these days called, and no others."""
        changed = Uses({}, days, self._services, self._routes)
        changed._spans = self._spans
        changed._makers = changed._shown({*self._spans, *changed._days})
        return changed

    def _shown(self, services: Iterable[str]) -> dict[str, frozenset[str]]:
        """The makers of which anything shows a use by each of the services."""
        return {
            service: frozenset(
                maker
                for shown in (self._spans.get(service, _NOTHING), self._days.get(service, {}))
                for _, maker in shown
            )
            for service in services
        }

    def shows(self, service: str, makers: frozenset[str]) -> bool:
        """Whether anything on record shows a use by the service of one of the makers."""
        shown = self._makers.get(service)
        return shown is not None and not shown.isdisjoint(makers)

    def judge(
        self, call: Call, reached: Lineage, makers: Iterable[str], window: Window, at: int
    ) -> Verdict:
        """Whether the call's use stood in the window and at an instant goes on."""
        states = self._services.get(call.service)
        if states:
            before = then(states, window.begins)
            if (before.party, before.network) != (call.party, call.network):
                return NEW
        of_service = self._spans.get(call.service, _NOTHING)
        awaits: set[Judged] = set()
        for maker in makers:
            spans = of_service.get((call.purpose, maker), ())
            stood = [span for span in spans if span.within(window)]
            if stood:
                if _moved_off(spans, stood, window, at):
                    return NEW
                awaits.update(_reached_elsewhere(stood, reached))
            elif not self._called(call.service, call.purpose, maker, window):
                return NEW
        awaits.update(self._grown(call.service, reached.route, window, at))
        return Verdict(goes_on=False, awaits=tuple(sorted(awaits))) if awaits else EXISTING

    def _grown(self, service: str, route: str, window: Window, at: int) -> Iterator[Judged]:
        versions = self._routes.get(route, ())
        if len(versions) > 1:
            was, now = then(versions, window.begins), then(versions, at)
            if was.upstream_model != now.upstream_model:
                yield "newer-version"
        sizes = self._services.get(service, ())
        if len(sizes) > 1:
            before, after = then(sizes, window.begins), then(sizes, at)
            if _more(before.users, after.users, by=3):
                yield "more-users"
            if _more(before.budget, after.budget, by=2):
                yield "raised-budget"

    def changes(self, service: str, route: str) -> set[int]:
        """The instants at which what is known of the service or route changed."""
        services = {state.recorded for state in self._services.get(service, ())}
        return services.union(state.recorded for state in self._routes.get(route, ()))

    def existed(self, use: Use, window: Window) -> bool:
        """Whether the use stood at some instant in the window."""
        spans = self._spans.get(use.service, _NOTHING).get((use.purpose, use.maker), ())
        return any(span.within(window) for span in spans) or self._called(
            use.service, use.purpose, use.maker, window
        )

    def _called(self, service: str, purpose: str, maker: str, window: Window) -> bool:
        of_service = self._days.get(service)
        if of_service is None:
            return False
        days = of_service.get((purpose, maker), [])
        before = bisect_right(days, window.begins // DAY - 1)
        return before > 0 and days[before - 1] * DAY >= window.opens


def _reached_elsewhere(stood: Iterable[Span], reached: Lineage) -> Iterator[Judged]:
    """Why a person must judge a route that no binding reached in the window."""
    host = version = False
    for span in stood:
        host = host or reached.host in span.hosts
        version = version or reached.model in span.models
    if not host:
        yield "another-host"
    if not version:
        yield "newer-version"


def _more(before: int | None, after: int | None, *, by: int) -> bool:
    """Whether it is more than `by` halves of what it was; not where a number is not stated."""
    return before is not None and after is not None and after * 2 > before * by


def _moved_off(spans: Iterable[Span], stood: Iterable[Span], window: Window, at: int) -> bool:
    """Whether, after the window, no binding of the use stood at some instant until `at`."""
    until = max(span.until for span in stood)
    if until <= window.begins:
        return False
    for span in sorted(spans, key=lambda span: span.since):
        if span.since <= until:
            until = max(until, span.until)
    return until <= at


def falls_in(day: int, window: Window) -> bool:
    """Whether a UTC day lies wholly in the window."""
    return day * DAY >= window.opens and (day + 1) * DAY <= window.begins
