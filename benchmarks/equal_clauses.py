"""What the instruments that a call does not meet cost its decision.

Calls are drawn uniformly in the whole world. Batches of them are decided also by a
ruleset of few instruments on the same directory: those whose clauses the batch
meets, what acts on these and what these implement, and others to make up the
number. So a call meets the same clauses with few instruments as with many, and is
answered alike; what differs is how many it does not meet. The two take turns, and
each decides each call once, after others to warm up on.
"""

from collections.abc import Iterator, Sequence

import msgspec

from benchmarks.asking import Asked, agree, decide_each
from benchmarks.results import Against, Goal, Row, median, row
from benchmarks.world import World, calls, known_of
from changeover.orders.model import Issued
from changeover.orders.ruleset import Ruleset, compile_ruleset


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    """How few instruments, how many rulesets of so many, and the calls to warm up on."""

    few: int = 100
    rulesets: int = 50
    warming: int = 500


class Batch(msgspec.Struct, frozen=True):
    """Calls, and few instruments among which are all that they meet, in the record's order."""

    asked: list[Asked]
    issued: list[Issued]


def measure(plan: Plan, world: World, ruleset: Ruleset) -> Row:
    """The row of the same calls with many instruments and with few."""
    empty = compile_ruleset(known_of(world.directory, ()), version=ruleset.version)
    batches = Batches(world, ruleset, plan.few)
    warming = calls(world.directory, plan.warming, world.size.seed + 4)
    few: list[float] = []
    many: list[float] = []
    for number in range(plan.rulesets):
        batch = batches.next()
        small = empty.with_issued(batch.issued, version=ruleset.version, seq=number)
        turns = [(ruleset, many), (small, few)]
        # One decides first in every other round, since the first finds the caches cold.
        for one, times in turns[:: 1 if number % 2 else -1]:
            decide_each(one, warming)
            times.extend(decide_each(one, batch.asked))
        agree(ruleset, small, batch.asked, "many instruments and few")
    words = (
        f"the same {len(many):,} calls, meeting the same clauses, in {plan.rulesets} rulesets "
        f"of {plan.few} instruments"
    )
    goal = Goal(1.5, "most", "ratio")
    return row("decide-equal-clauses", median(many), "µs", Against(words, median(few)), goal)


class Batches:
    """Draws calls for one ruleset of few instruments after another."""

    def __init__(self, world: World, ruleset: Ruleset, few: int) -> None:
        self._ruleset = ruleset
        self._few = few
        self._issued = {entry.instrument.id: entry for entry in world.known.issued}
        self._order = {name: place for place, name in enumerate(self._issued)}
        self._ties = ties(world.known.issued)
        self._calls = calls(world.directory, few * few, world.size.seed + 3)

    def next(self) -> Batch:
        """The next calls, until their instruments would be more than few."""
        asked: list[Asked] = []
        names: set[str] = set()
        while self._calls:
            call, route = self._calls[-1]
            met = {standing.instrument for standing in self._ruleset.collect(call, route)}
            more = names.union(*(closure(name, self._ties) for name in met))
            if len(more) <= self._few:
                asked.append(self._calls.pop())
                names = more
            elif asked:
                break
            else:
                self._calls.pop()  # It has more to do with than few: no batch can hold it.
        for other in self._others(names):
            if len(names) == self._few:
                break
            names.add(other)
        ordered = sorted(names, key=self._order.__getitem__)
        return Batch(asked, [self._issued[name] for name in ordered])

    def _others(self, names: set[str]) -> Iterator[str]:
        return (name for name in self._issued if name not in names)


def ties(issued: Sequence[Issued]) -> dict[str, set[str]]:
    """What decides with each instrument: what acts on it, and what it implements."""
    found: dict[str, set[str]] = {entry.instrument.id: set() for entry in issued}
    for entry in issued:
        own = entry.instrument.id
        found[own].update(entry.instrument.implements())
        for act in entry.instrument.acts:
            for name in act.instruments:
                found[name].add(own)
    return found


def closure(name: str, tied: dict[str, set[str]]) -> set[str]:
    """The instrument with all that decides with it, directly or not."""
    found: set[str] = set()
    waiting = [name]
    while waiting:
        one = waiting.pop()
        if one not in found:
            found.add(one)
            waiting += tied[one]
    return found
