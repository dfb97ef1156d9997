"""A small generated world, for tests of the benchmarks."""

from benchmarks.world import Size, World

SMALL = Size(parties=200, routes=400, services=300, instruments=400, seed=7)


def small() -> World:
    return World(SMALL)
