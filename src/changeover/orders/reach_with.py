"""What orders that are not issued yet would change for what a name touches.

The record is compared with and without them (`preview.py`) at every instant at
which they may change something: each route that a slot is bound to and that the
name touches is asked in both. What would be left without a lawful replacement
comes first. Nothing is recorded.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Literal

import msgspec

from changeover.basics.instants import microseconds
from changeover.orders.candidates import routes_named
from changeover.orders.decide import decide
from changeover.orders.decision import Call, Decision
from changeover.orders.preview import Comparison, Place
from changeover.orders.query import alternatives
from changeover.orders.reach import Reach, reach
from changeover.orders.ruleset import Ruleset, call_of

Kind = Literal["stranded", "barred", "freed"]


class WouldChange(msgspec.Struct, frozen=True, kw_only=True):
    """A bound route that would come out otherwise for a slot, from an instant on.

    `replacement` is the first route that the slot could lawfully use instead, its
    binding's own first; None where there is none, or nothing is barred.
    """

    service: str
    party: str
    slot: str
    owner: str
    route: str
    at: datetime
    because: str
    instruments: tuple[str, ...]
    replacement: str | None


class ReachWith(msgspec.Struct, frozen=True, kw_only=True):
    """What a name would touch with orders added, and what they would change.

    `stranded` would be refused with nothing left to replace it lawfully, maybe only
    after it was `barred` with a replacement; `freed` is refused without the orders
    and would not be with them.
    """

    added: tuple[str, ...]
    stranded: tuple[WouldChange, ...]
    barred: tuple[WouldChange, ...]
    freed: tuple[WouldChange, ...]
    touched: Reach


def reach_with(comparison: Comparison, name: str, at: datetime) -> ReachWith:
    """What the comparison's orders would change; `NotFoundError` if the name is nothing."""
    touched = reach(comparison.after, name, at)
    routes = {each.route for each in touched.routes}
    changes = [c for place in comparison.places() for c in _changes(comparison, place, routes, at)]

    def of(kind: Kind) -> tuple[WouldChange, ...]:
        return tuple(change for which, change in changes if which == kind)

    return ReachWith(
        added=tuple(instrument.id for instrument in comparison.added),
        stranded=of("stranded"),
        barred=of("barred"),
        freed=of("freed"),
        touched=touched,
    )


def _instants(comparison: Comparison, at: datetime) -> list[datetime]:
    """From when they are asked about, and when each of the orders may change something."""
    effects = (instrument.takes_effect() for instrument in comparison.added)
    begun = [max(effect, at) for effect in effects if effect is not None]
    if not begun:
        return []
    return sorted({*begun, *comparison.instants(min(begun))})


def _changes(
    comparison: Comparison, place: Place, routes: set[str], at: datetime
) -> Iterator[tuple[Kind, WouldChange]]:
    """What comes out otherwise for the slot's routes, each from the first instant it does."""
    service, slot = place
    call = call_of(comparison.after.directory.services[service], slot)
    seen: set[tuple[Kind, str]] = set()
    for instant in _instants(comparison, at):
        without = _View(comparison.before, call, slot, instant)
        added = _View(comparison.after, call, slot, instant)
        # What the orders bind anew they move away from; what was bound before counts too.
        for route in dict.fromkeys((*without.bound, *added.bound)):
            kind = _kind(without, added, route) if route in routes else None
            if kind is not None and (kind, route) not in seen:
                seen.add((kind, route))
                yield kind, added.change(route)


def _kind(without: "_View", added: "_View", route: str) -> Kind | None:
    """What the orders do to the route here; None for nothing."""
    refused, refuses = without.refuses(route), added.refuses(route)
    if not refuses:
        return "freed" if refused else None
    if added.replacement(route) is None:
        lost = not refused or without.replacement(route) is not None
        return "stranded" if lost else None
    return None if refused else "barred"


class _View:
    """A slot at an instant, under one ruleset."""

    def __init__(self, ruleset: Ruleset, call: Call, slot: str, at: datetime) -> None:
        self._ruleset = ruleset
        self._call = call
        self._slot = slot
        self._at = at
        binding = ruleset.binding(call.service, slot, microseconds(at))
        self.bound = () if binding is None else routes_named(ruleset, binding.models)

    def decide(self, route: str) -> Decision:
        return decide(self._ruleset, self._call, route, self._at)

    def refuses(self, route: str) -> bool:
        return self.decide(route).outcome == "refuse"

    def replacement(self, route: str) -> str | None:
        """The first other route that is not refused: the binding's own before any other."""
        own = (r for r in self.bound if r != route and not self.refuses(r))
        others = alternatives(self._ruleset, self._call, self._slot, self._at, (route,), limit=1)
        return next(own, None) or next(iter(others), None)

    def change(self, route: str) -> WouldChange:
        decision = self.decide(route)
        service = self._ruleset.directory.services[self._call.service]
        cited = (c.instrument for c in decision.citations if c.effect != "none")
        return WouldChange(
            service=service.id,
            party=service.party,
            slot=self._slot,
            owner=service.owner,
            route=route,
            at=self._at,
            because=decision.because,
            instruments=tuple(dict.fromkeys(cited)),
            replacement=self.replacement(route) if decision.outcome == "refuse" else None,
        )
