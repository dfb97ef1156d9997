"""Deciding by looking at every clause in turn: slow, and plain to see through.

It keeps no index. Who is part of whom and what a route is made of are found anew
for every clause, from the directory as it is written.
"""

import copy

from changeover.directory.rules import ancestors, lineage
from changeover.orders.model import Call, Decision, Scope
from changeover.orders.ruleset import Ruleset
from changeover.orders.status import Standing, target_matches


class Scan(Ruleset):
    """A ruleset that collects clauses by a scan over all of them."""

    def __init__(self, compiled: Ruleset) -> None:
        self.__dict__.update(copy.copy(compiled).__dict__)
        self._all = self.standings

    def collect(self, call: Call, route: str) -> list[Standing]:
        """Every clause whose target matches the route and whose scope matches the call."""
        line = lineage(self.directory, route)
        above = set(ancestors(self.directory, call.party))
        return [
            standing
            for standing in self._all
            if any(target_matches(target, line) for target in standing.targets)
            and _reaches(standing.scope, call, above)
        ]


def _reaches(scope: Scope, call: Call, above: set[str]) -> bool:
    return (
        (not scope.parties or not above.isdisjoint(scope.parties))
        and (not scope.networks or call.network in scope.networks)
        and (not scope.services or call.service in scope.services)
        and (not scope.purposes or call.purpose in scope.purposes)
        and (not scope.data_classes or call.data_class in scope.data_classes)
    )


def answer(decision: Decision) -> tuple[object, ...]:
    """What two ways of deciding must agree on; the order of citations is free."""
    return (
        decision.outcome,
        decision.because,
        frozenset(decision.citations),
        decision.network,
        frozenset(decision.held_by),
        decision.deadline,
    )
