"""Deciding by looking at every clause in turn: slow, and plain to see through.

It keeps no index. Who is part of whom and what a route is made of are found anew
for every clause, from the directory as it is written.
"""

from datetime import datetime

from changeover.directory.rules import ancestors, lineage
from changeover.orders.decision import Call
from changeover.orders.model import Scope
from changeover.orders.present import Codes, Present
from changeover.orders.ruleset import Ruleset
from changeover.orders.status import target_matches


class Scan(Ruleset):
    """A compiled ruleset, but that it scans all clauses and lays nothing out.

    `collected` counts how often it was asked to, so that nobody measures a decision
    that went around it.
    """

    def __init__(self, compiled: Ruleset) -> None:
        self.__dict__.update(compiled.__dict__)
        self._all = [(p, one) for p, one in enumerate(self._standings) if one is not None]
        self.collected = 0

    def laid_out(self, call: Call, at: datetime) -> tuple[Codes, Present]:  # noqa: ARG002
        """Every clause asks."""
        return self._asking

    def places(self, call: Call, route: str) -> list[int]:
        """The places of all clauses whose target matches the route and whose scope the call."""
        self.collected += 1
        line = lineage(self.directory, route)
        above = set(ancestors(self.directory, call.party))
        return [
            place
            for place, standing in self._all
            if any(target_matches(target, line) for target in standing.targets)
            and reaches(standing.scope, call, above)
        ]


def reaches(scope: Scope, call: Call, above: set[str]) -> bool:
    """Whether a scope of the generated world matches a call of a party with these above it."""
    return (
        (not scope.parties or not above.isdisjoint(scope.parties))
        and (not scope.networks or call.network in scope.networks)
        and (not scope.services or call.service in scope.services)
        and (not scope.purposes or call.purpose in scope.purposes)
        and (not scope.data_classes or call.data_class in scope.data_classes)
    )
