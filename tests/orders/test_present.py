"""What is laid out for the present says what looking at each clause says."""

from datetime import timedelta

import pytest
from hypothesis import given, settings
from msgspec import structs

from changeover.orders.decide import decide
from changeover.orders.decision import Call
from changeover.orders.model import Act, Issued, Stay
from changeover.orders.present import Codes, Present
from changeover.orders.ruleset import Ruleset, call_of, compile_ruleset
from tests.judge.chance import GRID
from tests.judge.worlds import Case, cases
from tests.orders.worlds import T0, bind, day, issued, order, reading, rules, winding

ONE = "alpha/one@alpha"
LEAST = timedelta(microseconds=1)
INSTANTS = sorted({at + by for at in GRID for by in (-LEAST, timedelta(), LEAST)})


class Looking(Ruleset):
    """A ruleset that lays nothing out."""

    def __init__(self, compiled: Ruleset) -> None:
        self.__dict__.update(compiled.__dict__)

    def laid_out(self, call: Call, at: object) -> tuple[Codes, Present]:
        return self._asking


@settings(max_examples=60)
@given(cases)
def test_at_every_instant_of_the_stretch_that_is_laid_out(case: Case):
    compiled = compile_ruleset(case.known, version="test")
    looking = Looking(compiled)
    for asked in case.asked[:2]:
        for at in GRID:
            settle(compiled, asked.call, asked.route, at)
            for other in INSTANTS:
                found = decide(compiled, asked.call, asked.route, other)
                assert found == decide(looking, asked.call, asked.route, other)


@settings(max_examples=60)
@given(cases)
def test_in_a_ruleset_that_grows_or_is_read_otherwise(case: Case):
    known = case.known
    asked = case.asked[0]
    half = len(known.issued) // 2
    growing = compile_ruleset(
        type(known)(directory=known.directory, issued=known.issued[:half]), version="test"
    )
    for entry in known.issued[half:]:
        settle(growing, asked.call, asked.route, asked.at)
        growing = growing.with_issued([entry], version="test", seq=0)
        for one in case.asked:
            for ruleset in (growing, growing.reading(one.readings)):
                found = decide(ruleset, one.call, one.route, asked.at)
                assert found == decide(Looking(ruleset), one.call, one.route, asked.at)


def settle(ruleset: Ruleset, of: Call, route: str, at) -> None:
    """Has the present laid out around an instant."""
    for _ in range(len(ruleset.standings) + 2):
        codes, present = ruleset.laid_out(of, at)
        if present.since <= at < present.until and isinstance(codes, bytearray):
            return
        decide(ruleset, of, route, at)
    pytest.fail("the present was not laid out")


def test_it_is_laid_out_once_it_is_worth_it_and_not_for_every_instant():
    many = [order(f"ban-{n}", reading(), at=day(n)) for n in range(1, 101)]
    ruleset = rules(*many)
    asked = call_of(ruleset.directory.services["desk"], "chat")
    answers = {decide(ruleset, asked, ONE, T0).outcome for _ in range(9)}
    assert ruleset.laid_out(asked, T0)[1].until > T0
    assert answers == {"allow"}
    # Here and there another instant is asked about: what is laid out stays.
    laid_out = ruleset.laid_out(asked, T0)[1]
    assert decide(ruleset, asked, ONE, day(50)).outcome == "refuse"
    assert ruleset.laid_out(asked, T0)[1] is laid_out
    # A time that goes on is followed.
    for _ in range(20):
        decide(ruleset, asked, ONE, day(50))
    assert ruleset.laid_out(asked, day(50))[1] is not laid_out


def test_what_is_noted_of_an_ended_clause_goes_when_it_did_not_refuse_everybody():
    ban = order("ban", reading(wind_down=winding(day(20))), at=day(1))
    ruleset = rules(ban, bindings=(bind("desk", "alpha/one"),))
    asked = call_of(ruleset.directory.services["desk"], "chat")
    stay = Stay(instruments=("ban",))
    ruleset = ruleset.with_issued([act("later", stay, on=30)], version="test", seq=1)
    settle(ruleset, asked, ONE, day(45))
    assert decide(ruleset, asked, ONE, day(45)).held_by == ("ban",)
    # What is on record now also stopped the clocks before: no existing use was refused.
    stopping = Stay(instruments=("ban",), until=day(25), extends=True)
    grown = ruleset.with_issued([act("earlier", stopping, on=10)], version="test", seq=2)
    settle(grown, asked, ONE, day(45))
    assert decide(grown, asked, ONE, day(45)).held_by == ()
    assert decide(Looking(grown), asked, ONE, day(45)).held_by == ()


def act(id_: str, made: Act, *, on: int) -> Issued:
    instrument = order(id_, at=day(on), acts=(made,), kind="ruling")
    return issued(structs.replace(instrument, clauses=()), day(on))
