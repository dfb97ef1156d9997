"""What orders that are not issued yet would change for what a name touches.

The record is compared with and without them (`preview.py`) at every instant at
which they may change something: each route that a slot is bound to and that the
name touches is asked in both. What would be left without a lawful replacement
comes first. Nothing is recorded.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime

import msgspec

from changeover.basics.instants import microseconds
from changeover.orders.candidates import routes_named
from changeover.orders.decide import decide
from changeover.orders.model import Call, Decision
from changeover.orders.preview import Comparison, Place
from changeover.orders.query import alternatives
from changeover.orders.reach import Reach, reach
from changeover.orders.ruleset import Ruleset, call_of


class WouldChange(msgspec.Struct, frozen=True, kw_only=True):
    """A bound route that would be barred (or freed) for a slot, from an instant on.

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

    `stranded` would be barred without a lawful replacement, `barred` with one;
    `freed` is refused now and would not be.
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
    barred = [c for c, freed in changes if not freed]
    return ReachWith(
        added=tuple(instrument.id for instrument in comparison.added),
        stranded=tuple(c for c in barred if c.replacement is None),
        barred=tuple(c for c in barred if c.replacement is not None),
        freed=tuple(c for c, freed in changes if freed),
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
) -> Iterator[tuple[WouldChange, bool]]:
    """The slot's routes that come out otherwise, each from the first instant at which it does."""
    service, slot = place
    call = call_of(comparison.after.directory.services[service], slot)
    seen: set[str] = set()
    for instant in _instants(comparison, at):
        bound = _bound(comparison.after, call, slot, instant)
        # What the orders bind anew they move away from; that was bound before counts too.
        was = _bound(comparison.before, call, slot, instant)
        for route in dict.fromkeys((*was, *bound)):
            if route in seen or route not in routes:
                continue
            before = decide(comparison.before, call, route, instant)
            after = decide(comparison.after, call, route, instant)
            if (before.outcome == "refuse") != (after.outcome == "refuse"):
                seen.add(route)
                change = _change(comparison.after, call, slot, after, bound)
                yield change, after.outcome != "refuse"


def _bound(ruleset: Ruleset, call: Call, slot: str, at: datetime) -> tuple[str, ...]:
    binding = ruleset.binding(call.service, slot, microseconds(at))
    return () if binding is None else routes_named(ruleset, binding.models)


def _change(
    after: Ruleset, call: Call, slot: str, decision: Decision, bound: Iterable[str]
) -> WouldChange:
    service = after.directory.services[call.service]
    return WouldChange(
        service=service.id,
        party=service.party,
        slot=slot,
        owner=service.owner,
        route=decision.route,
        at=decision.at,
        because=decision.because,
        instruments=tuple(
            dict.fromkeys(c.instrument for c in decision.citations if c.effect != "none")
        ),
        replacement=_replacement(after, call, slot, decision, bound),
    )


def _replacement(
    after: Ruleset, call: Call, slot: str, decision: Decision, bound: Iterable[str]
) -> str | None:
    if decision.outcome != "refuse":
        return None
    own = (
        route
        for route in bound
        if route != decision.route and decide(after, call, route, decision.at).outcome != "refuse"
    )
    first = next(own, None)
    others = alternatives(after, call, slot, decision.at, (decision.route,), limit=1)
    return first or next(iter(others), None)
