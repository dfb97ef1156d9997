"""Instruments that act on one another in a circle.

An instrument acts on what stands earlier in the record, so of those in a circle
one at least would do nothing (rules of decision, 1).
"""

from collections.abc import Iterator, Mapping
from graphlib import CycleError, TopologicalSorter
from itertools import pairwise

Acting = Mapping[str, frozenset[str]]
"""What each of some instruments acts on."""


def circles(acting: Acting) -> Iterator[tuple[str, ...]]:
    """The circles, each of which ends where it begins; every act is of one at most."""
    left = {name: set(others) - {name} for name, others in acting.items()}
    while True:
        try:
            TopologicalSorter(left).prepare()
        except CycleError as error:
            # Each of the nodes told is acted on by the next.
            found = tuple(reversed(error.args[1]))
            yield found
            for name, other in pairwise(found):
                left[name].discard(other)
        else:
            return


def depths(acting: Acting) -> dict[str, int]:
    """How many instruments must come before each, where there is no circle."""
    found: dict[str, int] = {}
    for name in TopologicalSorter(acting).static_order():
        before = [found[other] + 1 for other in acting.get(name, ())]
        found[name] = max(before, default=0)
    return found
