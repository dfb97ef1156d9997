"""One more order: adding an instrument to a ruleset, and the first decision after it.

What is put off until somebody asks counts: the time ends when a call that the new
instrument is about was decided. Every instrument is added to the ruleset that the one
before it made, sorts by turns. At the end, what has grown must answer as what is
compiled anew does.
"""

import time
from collections.abc import Sequence
from random import Random

from benchmarks.asking import Asked, agree
from benchmarks.directory import SLOT
from benchmarks.instruments import SORTS
from benchmarks.scan import reaches
from benchmarks.world import NOW, World, calls, known_of
from changeover.directory.rules import ancestors, lineage
from changeover.orders.decide import decide
from changeover.orders.model import Issued, Reading
from changeover.orders.ruleset import Ruleset, call_of, compile_ruleset
from changeover.orders.status import target_matches


class Grown:
    """A world's ruleset, and what has been added to it so far."""

    def __init__(self, world: World, ruleset: Ruleset) -> None:
        self._world = world
        self._ruleset = ruleset
        self._about = About(world)
        self._issued = list(world.known.issued)
        self._asked: list[Asked] = []

    def orders(self, rounds: int) -> list[float]:
        """The milliseconds that one instrument takes, `rounds` of each sort, by turns."""
        drawn = [self._world.following.one(sort) for _ in range(rounds) for sort in SORTS]
        return self._add(drawn)

    def stays(self, rounds: int, reached: int) -> list[float]:
        """The milliseconds that a stay takes of so many orders."""
        return self._add([self._world.following.stay_of(reached) for _ in range(rounds)])

    def check(self, count: int) -> None:
        """Raises `DisagreementError` where a ruleset compiled anew answers otherwise."""
        directory = self._world.directory
        anew = compile_ruleset(known_of(directory, self._issued), version=self._ruleset.version)
        asked = [*self._asked, *calls(directory, count, self._world.size.seed + 2)]
        agree(self._ruleset, anew, asked, "a ruleset grown and the same compiled anew")

    def _add(self, drawn: Sequence[Issued]) -> list[float]:
        by_id = {e.instrument.id: e for e in (*self._issued, *drawn)}
        asked = [self._about.call(_reading(entry, by_id)) for entry in drawn]
        times = []
        for entry, (call, route) in zip(drawn, asked, strict=True):
            seq = len(self._issued)
            began = time.perf_counter_ns()
            self._ruleset = self._ruleset.with_issued([entry], version=f"{seq}", seq=seq)
            decide(self._ruleset, call, route, NOW)
            times.append((time.perf_counter_ns() - began) / 1e6)
            self._issued.append(entry)
        self._asked += asked
        return times


def _reading(entry: Issued, by_id: dict[str, Issued]) -> Reading:
    """A clause that the instrument is about: its own, or one that it acts on in the end."""
    while not entry.instrument.clauses:
        entry = by_id[entry.instrument.acts[0].instruments[0]]
    return entry.instrument.clauses[0].reading()


class About:
    """Finds a call that a clause meets."""

    def __init__(self, world: World) -> None:
        directory = world.directory
        random = Random(f"about {world.size.seed}")
        self._above = {party: set(ancestors(directory, party)) for party in directory.parties}
        self._lines = [lineage(directory, route) for route in directory.routes]
        self._calls = [call_of(service, SLOT) for service in directory.services.values()]
        random.shuffle(self._lines)
        random.shuffle(self._calls)

    def call(self, reading: Reading) -> Asked:
        """A call that the clause meets, or any on its target where no service makes one."""
        line = next(
            (line for line in self._lines if any(target_matches(t, line) for t in reading.targets)),
            self._lines[0],
        )
        call = next(
            (c for c in self._calls if reaches(reading.scope, c, self._above[c.party])),
            self._calls[0],
        )
        return call, line.route
