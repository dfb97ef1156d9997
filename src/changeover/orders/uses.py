"""Which uses existed before an order began (rule 3).

A use is a (service, purpose, maker) that was bound, or called, within so many
days before the clause began. `maker` is any maker in the lineage: who uses a
fine-tune uses what it derives from.

* A binding shows a use for all the time it stood, and each model in it counts,
  since failover inside a binding is no new use. It counts from the instant that
  it states, but not before the service was created, and, when it was recorded
  only after the clause's instrument, not before it was recorded: an existing use
  cannot be made up afterwards.
* A use goes on at the hosts that a binding of it reached in those days: failing
  over inside the binding is no new use, another host is one. And it goes on while
  bindings of it follow one another: one that was moved off after the clause began
  is new when it is resumed. Its end by a stay, or another user, changes neither.
* Calls count by UTC day, which is how the drain keeps them. A day counts only
  when it lies wholly in the window: a call in the hours after the clause began
  must not pass for one before it. Of a call the maker of the model that was
  called is known, not those it derives from, and no host: calls count, at any
  host, where no binding shows the use.
"""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator

import msgspec

from changeover.basics.instants import microseconds
from changeover.directory.model import Binding, Directory
from changeover.directory.rules import derivation

DAY = 86_400_000_000
FOREVER = 2**63 - 1
ALWAYS = -FOREVER
"""Stands for the recording of what was never recorded after anything else."""


class Use(msgspec.Struct, frozen=True):
    """What is used: a maker's models by a service for a purpose."""

    service: str
    purpose: str
    maker: str


class Stated(msgspec.Struct, frozen=True):
    """What a binding says of a use: the slot, and since when (microseconds since 1970)."""

    use: Use
    slot: str
    since: int


class Window(msgspec.Struct, frozen=True, order=True):
    """Where a use counts as existing: so many days before `begins`, as known at `recorded`."""

    begins: int
    recent_days: int
    recorded: int

    @property
    def opens(self) -> int:
        return self.begins - self.recent_days * DAY


class Reader:
    """Reads what the bindings of a directory say, each model's makers once."""

    def __init__(self, directory: Directory) -> None:
        self._directory = directory
        self._makers: dict[str, frozenset[str]] = {}
        self._hosts: dict[str, set[str]] = defaultdict(set)
        for route in directory.routes.values():
            self._hosts[route.id].add(route.host)
            self._hosts[route.model].add(route.host)

    def stated(self, binding: Binding) -> Iterator[Stated]:
        """The uses that a binding states; none where its service or slot is gone."""
        service = self._directory.services.get(binding.service)
        slots = () if service is None else service.slots
        purpose = next((slot.purpose for slot in slots if slot.name == binding.slot), None)
        if service is None or purpose is None:
            return
        since = microseconds(max(binding.since, service.created))
        for maker in sorted({m for name in binding.models for m in self._makers_of(name)}):
            yield Stated(Use(service.id, purpose, maker), binding.slot, since)

    def hosts(self, binding: Binding) -> frozenset[str]:
        """Where the binding's routes lead: a model's routes all, a route its own host."""
        return frozenset().union(*(self._hosts.get(name, set()) for name in binding.models))

    def _makers_of(self, name: str) -> frozenset[str]:
        if name not in self._makers:
            models, routes = self._directory.models, self._directory.routes
            model = routes[name].model if name in routes else name
            below = derivation(self._directory, model) if model in models else frozenset()
            self._makers[name] = frozenset(models[one].maker for one in below)
        return self._makers[name]


class _Span(msgspec.Struct, frozen=True):
    """A binding's time, [since, until), and when it was first recorded."""

    since: int
    until: int
    recorded: int
    hosts: frozenset[str]

    def within(self, window: Window) -> bool:
        since = self.since if self.recorded <= window.recorded else max(self.since, self.recorded)
        return since < min(window.begins, self.until) and self.until > window.opens


class Uses:
    """The uses known: the times they were bound, and the days on which they were called."""

    def __init__(self, days: Iterable[tuple[Use, int]] = ()) -> None:
        """`days` are UTC days counted from 1970-01-01."""
        self._spans: dict[Use, list[_Span]] = defaultdict(list)
        called: dict[Use, set[int]] = defaultdict(set)
        for use, day in days:
            called[use].add(day)
        self._days = {use: sorted(found) for use, found in called.items()}

    def bound(self, stated: Stated, until: int, recorded: int, hosts: frozenset[str]) -> None:
        """Notes that a binding that was first recorded then stood until `until`."""
        self._spans[stated.use].append(_Span(stated.since, until, recorded, hosts))

    def goes_on(self, use: Use, window: Window, host: str, at: int) -> bool:
        """Whether the use stood in the window and at an instant goes on, at this host."""
        spans = self._spans.get(use, ())
        stood = [span for span in spans if span.within(window)]
        if not stood:
            return self.existed(use, window)
        return any(host in span.hosts for span in stood) and not _moved_off(
            spans, stood, window, at
        )

    def existed(self, use: Use, window: Window) -> bool:
        """Whether the use stood at some instant in the window."""
        if any(span.within(window) for span in self._spans.get(use, ())):
            return True
        days = self._days.get(use, [])
        before = bisect_right(days, window.begins // DAY - 1)
        return before > 0 and days[before - 1] * DAY >= window.opens


def _moved_off(spans: Iterable[_Span], stood: Iterable[_Span], window: Window, at: int) -> bool:
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
