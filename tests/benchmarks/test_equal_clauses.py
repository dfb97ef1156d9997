"""Few instruments among which are all that a batch of calls meets."""

from benchmarks.asking import agree, met
from benchmarks.equal_clauses import Batches, Plan, closure, measure, ties

from changeover.orders.ruleset import compile_ruleset
from tests.benchmarks.worlds import small


def test_calls_meet_as_many_clauses_of_few_instruments_as_of_all() -> None:
    world = small()
    ruleset = compile_ruleset(world.known, version="test")
    empty = compile_ruleset(type(world.known)(directory=world.directory, issued=()), version="test")
    batches = Batches(world, ruleset, 60)
    for _ in range(5):
        batch = batches.next()
        assert len(batch.asked) > 0
        assert len(batch.issued) == 60
        few = empty.with_issued(batch.issued, version="test", seq=0)
        assert [met(few, *one) for one in batch.asked] == [met(ruleset, *o) for o in batch.asked]
        agree(ruleset, few, batch.asked, "many instruments and few")


def test_what_acts_on_an_instrument_comes_with_it() -> None:
    issued = small().known.issued
    tied = ties(issued)
    acting = next(e.instrument for e in issued if not e.instrument.clauses)
    for name in acting.acts[0].instruments:
        assert {name, acting.id} <= closure(name, tied)


def test_the_row_names_the_instruments_and_compares() -> None:
    world = small()
    ruleset = compile_ruleset(world.known, version="test")
    row = measure(Plan(few=60, rulesets=2, warming=5), world, ruleset)
    assert "2 rulesets of 60 instruments" in row.against
    assert row.ratio is not None
