"""A generated record to decide on, the same for the same seed.

A directory (`directory.py`) and instruments on it (`instruments.py`), drawn from
random streams of their own: worlds of one seed share parties, routes and services
however many instruments they have. Clauses are spread so that a call drawn
uniformly meets a few of them: three, at the median of the whole world.
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from random import Random

import msgspec

from benchmarks import directory
from benchmarks.instruments import Instruments
from changeover.directory.model import Directory
from changeover.orders.decision import Call
from changeover.orders.model import Issued
from changeover.orders.ruleset import Known, call_of

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)


class Size(msgspec.Struct, frozen=True, kw_only=True):
    """How large a world is."""

    parties: int = 1_000
    routes: int = 5_000
    services: int = 10_000
    instruments: int = 10_000
    seed: int = 2026

    def words(self) -> str:
        return (
            f"{self.parties:,} parties in a tree {directory.DEPTH} deep, {self.routes:,} routes, "
            f"{self.services:,} services, {self.instruments:,} instruments, seed {self.seed}"
        )


class World:
    """The record of a world of this size, and the instruments that may follow."""

    def __init__(self, size: Size) -> None:
        extent = directory.Extent(parties=size.parties, routes=size.routes, services=size.services)
        self.size = size
        self.directory = directory.draw(extent, size.seed)
        self.following = Instruments(self.directory, f"{size.seed}")
        self.known = known_of(self.directory, self.following.draw(size.instruments))

    def beside(self, number: int, instruments: int) -> Known:
        """Another record on the same directory: so many instruments, drawn apart."""
        apart = Instruments(self.directory, f"{self.size.seed} beside {number}")
        return known_of(self.directory, apart.draw(instruments))


def known_of(parties_and_routes: Directory, issued: Sequence[Issued]) -> Known:
    return Known(directory=parties_and_routes, issued=tuple(issued))


def calls(drawn_on: Directory, count: int, seed: int) -> list[tuple[Call, str]]:
    """Calls drawn uniformly, each once: any service on any route."""
    random = Random(f"calls {seed}")
    services, routes = list(drawn_on.services.values()), list(drawn_on.routes)
    places = random.sample(range(len(services) * len(routes)), count)
    return [
        (call_of(services[place // len(routes)], directory.SLOT), routes[place % len(routes)])
        for place in places
    ]
