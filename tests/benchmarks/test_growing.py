"""What is added one by one decides as what is compiled anew."""

import pytest
from benchmarks.asking import DisagreementError
from benchmarks.growing import About, Grown
from benchmarks.instruments import SORTS
from benchmarks.world import World

from changeover.orders.ruleset import compile_ruleset
from tests.benchmarks.worlds import small


def grown(world: World) -> Grown:
    return Grown(world, compile_ruleset(world.known, version="test"))


def test_every_instrument_is_timed_and_the_ruleset_answers_as_one_compiled_anew() -> None:
    ruleset = grown(small())
    assert len(ruleset.orders(3)) == 3 * len(SORTS)
    assert len(ruleset.stays(3, 50)) == 3
    ruleset.check(500)


def test_what_was_not_added_is_found() -> None:
    ruleset = grown(small())
    ruleset.orders(1)
    del ruleset._issued[::2]
    with pytest.raises(DisagreementError, match="compiled anew"):
        ruleset.check(500)


def test_a_call_is_found_that_the_clause_meets() -> None:
    world = small()
    ruleset = compile_ruleset(world.known, version="test")
    about = About(world)
    found = 0
    orders = [entry for entry in world.known.issued if entry.instrument.clauses]
    for entry in orders:
        call, route = about.call(entry.instrument.clauses[0].reading())
        met = {standing.instrument for standing in ruleset.collect(call, route)}
        found += entry.instrument.id in met
    # Some scopes are so narrow that no service of this small world is within.
    assert found > len(orders) / 2
