"""The generated world: whole, the same for a seed, and decided alike by index and by scan."""

import msgspec
from benchmarks.scan import Scan, answer
from benchmarks.world import NOW, Size, calls, generate

from changeover.directory.rules import ancestors, check
from changeover.orders.decide import decide
from changeover.orders.ruleset import compile_ruleset

SMALL = Size(parties=200, routes=400, services=300, instruments=400, seed=7)


def test_the_world_is_whole_and_as_large_as_stated() -> None:
    known = generate(SMALL)
    directory = known.directory
    assert list(check(directory)) == []
    sizes = (directory.parties, directory.routes, directory.services, known.issued)
    assert [len(each) for each in sizes] == [200, 400, 300, 400]
    assert max(len(ancestors(directory, party)) for party in directory.parties) == 10


def test_the_same_seed_gives_the_same_world_and_calls_and_another_does_not() -> None:
    once, again = generate(SMALL), generate(SMALL)
    assert once == again
    assert calls(once, 20, 1) == calls(again, 20, 1)
    assert calls(once, 20, 1) != calls(once, 20, 2)
    assert generate(msgspec.structs.replace(SMALL, seed=8)) != once


def test_the_index_and_the_scan_answer_alike_and_every_outcome_occurs() -> None:
    known = generate(SMALL)
    ruleset = compile_ruleset(known, version="test")
    scan = Scan(ruleset)
    seen = set()
    for call, route in calls(known, 2_000, 3):
        found = decide(ruleset, call, route, NOW)
        assert answer(found) == answer(decide(scan, call, route, NOW))
        seen.add((found.outcome, found.because))
    outcomes = {outcome for outcome, _ in seen}
    reasons = {because for _, because in seen}
    assert outcomes >= {"allow", "refuse"}
    assert reasons >= {"permitted", "prohibited", "new-use", "network-default", "held"}
