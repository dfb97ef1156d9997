"""The strictest reading stands beside an answer until counsel has signed another."""

import msgspec
import pytest

from changeover.orders.beside import with_strictest
from changeover.orders.model import Amend, Clause, Scope
from changeover.orders.query import Question, answer
from changeover.orders.ruleset import Known, compile_ruleset
from tests.orders.answers import act
from tests.orders.worlds import bind, day, directory, issued, order, reading, winding

ALL = reading(id="all", wind_down=winding(day(100)))
NAMED = reading(id="named", wind_down=winding(day(100), parties=("elsewhere",)))
ELSEWHERE = reading(id="elsewhere", scope=Scope(parties=("elsewhere",)))


def asked(*readings, chosen: str, signed: bool = False, **question):
    clause = Clause(
        id="one",
        words="Words.",
        readings=readings,
        chosen=chosen,
        chosen_by="ana",
        signed_by_counsel=signed,
    )
    instrument = msgspec.structs.replace(order("o"), clauses=(clause,), published=day(2))
    known = Known(
        directory=directory(bindings=(bind("desk", "alpha/one"),)), issued=(issued(instrument),)
    )

    given = Question(service="desk", model="alpha/one", **question)
    ruleset = compile_ruleset(known, version="x", readings=given.readings)
    return with_strictest(answer(ruleset, given, day(5)), ruleset, given, day(5))


def test_the_strictest_is_shown_with_its_outcome():
    found = asked(ALL, NAMED, chosen="all")
    assert found.outcome == "notice"
    [beside] = found.beside
    assert (beside.instrument, beside.chosen, beside.reading) == ("o", "all", "named")
    assert (beside.outcome, beside.because, beside.route) == ("refuse", "prohibited", None)


def test_the_chosen_one_is_shown_where_none_is_stricter():
    [beside] = asked(ALL, NAMED, chosen="named").beside
    assert (beside.reading, beside.outcome) == ("named", "refuse")


def test_a_reading_that_does_not_reach_the_call_hides_no_strict_one():
    found = asked(ELSEWHERE, ALL, NAMED, chosen="elsewhere")
    assert (found.outcome, found.instruments) == ("allow", ())
    [beside] = found.beside
    assert (beside.chosen, beside.reading, beside.outcome) == ("elsewhere", "named", "refuse")


def test_it_stands_beside_another_reading_that_was_asked_for_too():
    found = asked(ALL, NAMED, chosen="named", readings={"o": "all"})
    [beside] = found.beside
    assert (found.outcome, beside.chosen, beside.reading) == ("notice", "all", "named")


@pytest.mark.parametrize("readings", [(ALL, NAMED), (ALL,)])
def test_what_counsel_signed_or_bears_one_reading_stands_alone(readings):
    assert asked(*readings, chosen="all", signed=len(readings) > 1).beside == ()


def unsigned(id_: str, *readings, chosen: str) -> Clause:
    return Clause(id=id_, words="Words.", readings=readings, chosen=chosen, chosen_by="ana")


def beside_of(*instruments):
    known = Known(
        directory=directory(bindings=(bind("desk", "alpha/one"),)),
        issued=tuple(issued(instrument) for instrument in instruments),
    )
    given = Question(service="desk", model="alpha/one")
    ruleset = compile_ruleset(known, version="x")
    found = with_strictest(answer(ruleset, given, day(5)), ruleset, given, day(5))
    return [(beside.chosen, beside.reading, beside.outcome) for beside in found.beside]


def test_each_unsigned_clause_of_an_instrument_counts():
    loose = unsigned("one", ELSEWHERE, reading(id="far", targets=()), chosen="elsewhere")
    strict = unsigned("two", ALL, NAMED, chosen="all")
    two = msgspec.structs.replace(order("o"), clauses=(loose, strict), published=day(2))
    assert beside_of(two)[-1] == ("all", "named", "refuse")


def test_a_clause_that_an_amendment_wrote_counts():
    becomes = unsigned("one", ALL, NAMED, chosen="all")
    amend = act("m", Amend(instruments=("o",), clause="one", becomes=becomes), at=2)
    assert beside_of(order("o", at=day(2)), amend) == [("all", "named", "refuse")]
