"""Which uses existed before an order began (rule 3).

A use is a (service, purpose, maker) that was called, or bound, within so many
days before the clause began. A binding counts for all the time it stood, and
each model in it counts, since failover inside a binding is no new use. Calls
count by UTC day, which is how the ledger's batcher keeps them.
"""

from collections import defaultdict
from collections.abc import Iterable

import msgspec

DAY = 86_400_000_000
FOREVER = 2**63 - 1


class Use(msgspec.Struct, frozen=True):
    """What is used: a maker's models by a service for a purpose."""

    service: str
    purpose: str
    maker: str


class Uses:
    """The uses known, by the instants (whole microseconds since 1970) at which they stood."""

    def __init__(self) -> None:
        self._spans: dict[Use, list[tuple[int, int]]] = defaultdict(list)

    def bound(self, use: Use, since: int, until: int) -> None:
        """Notes that a binding gave the service this maker in [since, until)."""
        self._spans[use].append((since, until))

    def called(self, days: Iterable[tuple[Use, int]]) -> None:
        """Notes calls, each on a UTC day counted from 1970-01-01."""
        for use, day in days:
            self._spans[use].append((day * DAY, (day + 1) * DAY))

    def existed(self, use: Use, before: int, within_days: int) -> bool:
        """Whether the use stood at some instant in the days before `before`."""
        earliest = before - within_days * DAY
        return any(since < before and until > earliest for since, until in self._spans.get(use, ()))

    def all(self) -> frozenset[Use]:
        return frozenset(self._spans)
