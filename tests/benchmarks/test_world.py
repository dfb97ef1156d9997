"""The generated world: whole, as large as stated, the same for a seed, with acts in it."""

import statistics
from collections import Counter

import msgspec
from benchmarks.asking import met
from benchmarks.instruments import SORTS
from benchmarks.world import Size, World, calls

from changeover.directory.rules import ancestors, check
from changeover.orders.contradictions import check_contradictions
from changeover.orders.model import Stay, Waive
from changeover.orders.references import check_references
from changeover.orders.ruleset import compile_ruleset
from tests.benchmarks.worlds import SMALL, small


def test_the_world_is_whole_and_as_large_as_stated() -> None:
    world = small()
    directory = world.directory
    assert list(check(directory)) == []
    sizes = (directory.parties, directory.routes, directory.services, world.known.issued)
    assert [len(each) for each in sizes] == [200, 400, 300, 400]
    assert max(len(ancestors(directory, party)) for party in directory.parties) == 10


def test_the_same_seed_gives_the_same_world_and_calls_and_another_does_not() -> None:
    once, again = small(), small()
    assert once.known == again.known
    assert calls(once.directory, 20, 1) == calls(again.directory, 20, 1)
    assert calls(once.directory, 20, 1) != calls(once.directory, 20, 2)
    assert World(msgspec.structs.replace(SMALL, seed=8)).known != once.known


def test_worlds_with_more_instruments_share_the_directory_and_begin_alike() -> None:
    few, many = World(msgspec.structs.replace(SMALL, instruments=100)), small()
    assert few.directory == many.directory
    assert few.known.issued == many.known.issued[:100]
    assert few.following.draw(300) == list(many.known.issued[100:])


def test_every_call_is_drawn_once() -> None:
    directory = World(Size(parties=20, routes=10, services=10, instruments=0)).directory
    drawn = calls(directory, 100, 1)
    assert len({(call.service, route) for call, route in drawn}) == 100


def test_instruments_refer_to_what_is_on_record_and_do_not_contradict_themselves() -> None:
    world = small()
    earlier: set[str] = set()
    for sort in SORTS * 20:
        entry = world.following.one(sort)
        check_references(world.directory, entry.instrument)
        check_contradictions(world.directory, entry.instrument)
    for entry in world.known.issued:
        named = {name for act in entry.instrument.acts for name in act.instruments}
        assert named <= earlier
        assert entry.instrument.clauses or named
        earlier.add(entry.instrument.id)


def test_the_whole_world_has_acts_of_every_sort_and_calls_that_meet_three_clauses() -> None:
    world = World(Size())
    assert max(len(ancestors(world.directory, p)) for p in world.directory.parties) == 10
    acting = [e.instrument for e in world.known.issued if not e.instrument.clauses]
    assert 300 <= len(acting) <= 700
    sorts = Counter(instrument.id.split("-", maxsplit=1)[0] for instrument in acting)
    assert sorts.keys() == set(SORTS) - {"order", "implementing"}
    freed = [a for i in acting for a in i.acts if isinstance(a, Stay | Waive)]
    assert 0.3 < sum(bool(act.parties) for act in freed) / len(freed) < 0.7
    ruleset = compile_ruleset(world.known, version="test")
    assert statistics.median(met(ruleset, *one) for one in calls(world.directory, 5_000, 1)) == 3
