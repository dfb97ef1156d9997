"""What still bars a use that instruments would free from something else (rule 6).

A stay or a waiver frees from what it names and from nothing more. So whoever is about
to issue one is told which other prohibitions would still stand: of each use that an
order named bars, or lets go on only for a time, and that it no longer would.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime

import msgspec

from changeover.basics.text import Bilingual
from changeover.orders.candidates import routes_named
from changeover.orders.decide import decide
from changeover.orders.decision import Citation, Decision, Outcome
from changeover.orders.model import Implement
from changeover.orders.names import NamedOrder, named_order
from changeover.orders.preview import Comparison
from changeover.orders.ruleset import Ruleset, call_of

_RESTRICTS = frozenset({"refuses", "notice"})


class StillBarred(msgspec.Struct, frozen=True, kw_only=True):
    """A use that is freed from `freed` and nevertheless refused, or only allowed for a time.

    `by` are the orders that still stand; none where the network's default or a hold
    refuses, which `because` says.
    """

    service: str
    service_name: Bilingual
    slot: str
    route: str
    outcome: Outcome
    because: str
    deadline: datetime | None
    freed: tuple[NamedOrder, ...]
    by: tuple[NamedOrder, ...]


def still_barred(comparison: Comparison) -> list[StillBarred]:
    """The uses of services that would be freed from something and still not be free.

    On routes that a slot is bound to, or ever was.
    """
    at = comparison.at
    named = {
        name
        for instrument in comparison.added
        for act in instrument.acts
        if not isinstance(act, Implement)
        for name in act.instruments
        if name in comparison.before.issued
    }
    if at is None or not named:
        return []
    return list(_found(comparison, at, named))


def _found(comparison: Comparison, at: datetime, named: set[str]) -> Iterator[StillBarred]:
    before, after = comparison.before, comparison.after
    services = after.directory.services
    for service, slot in comparison.places():
        call = call_of(services[service], slot)
        for route in _routes(before, service, slot, named):
            was, now = decide(before, call, route, at), decide(after, call, route, at)
            freed = (_restricting(was) & named) - _restricting(now)
            if freed and now.outcome != "allow":
                yield StillBarred(
                    service=service,
                    service_name=services[service].name,
                    slot=slot,
                    route=route,
                    outcome=now.outcome,
                    because=now.because,
                    deadline=now.deadline,
                    freed=_named(after, sorted(freed)),
                    by=_named(after, sorted(_restricting(now))),
                )


def _restricting(decision: Decision) -> set[str]:
    """The instruments that refuse, or give notice."""
    return {c.instrument for c in decision.citations if _restricts(c)}


def _restricts(citation: Citation) -> bool:
    return citation.effect in _RESTRICTS


def _routes(ruleset: Ruleset, service: str, slot: str, named: set[str]) -> Iterator[str]:
    """The routes that the slot is or was bound to, and that one of the orders is aimed at."""
    bound = (
        route
        for binding in ruleset.bindings(service, slot)
        for route in routes_named(ruleset, binding.models)
    )
    standings = [s for name in named for s in ruleset.standings_of(name)]
    for route in dict.fromkeys(bound):
        lineage = ruleset.reached(route).lineage
        if any(standing.matches(lineage) for standing in standings):
            yield route


def _named(ruleset: Ruleset, names: Iterable[str]) -> tuple[NamedOrder, ...]:
    issued = ruleset.issued
    return tuple(named_order(ruleset.directory, issued[name].instrument) for name in names)
