"""What may be used instead, and how far that is searched."""

import msgspec
import pytest

from changeover.orders import query
from changeover.orders.decide import decide
from changeover.orders.decision import Person
from changeover.orders.model import Amend, Scope
from changeover.orders.query import Question, alternatives, answer
from changeover.orders.ruleset import Ruleset, call_of
from tests.orders.worlds import bind, day, order, reading, route, rules

ONE = "alpha/one@alpha"


def call(ruleset: Ruleset):
    return call_of(ruleset.directory.services["desk"], "chat")


def test_alternatives_are_the_bindings_own_first_then_the_makers_own():
    more = (route("beta/two@cloud"), route("beta/two@alpha"))
    ruleset = rules(
        order("bar"), routes=more, bindings=(bind("desk", "alpha/one", "beta/two@cloud"),)
    )
    found = alternatives(ruleset, call(ruleset), "chat", day(1), (ONE,))
    assert found == ("beta/two@cloud", "beta/two@beta", "beta/two@alpha")


@pytest.mark.parametrize("limit", [0, 1, 2])
def test_the_search_ends_at_the_limit(monkeypatch: pytest.MonkeyPatch, limit: int):
    asked: list[str] = []
    real = decide

    def counted(ruleset, call, route, at):
        asked.append(route)
        return real(ruleset, call, route, at)

    monkeypatch.setattr(query, "decide", counted)
    ruleset = rules(routes=(route("beta/two@cloud"), route("beta/two@alpha")))
    found = alternatives(ruleset, call(ruleset), "chat", day(1), (ONE,), limit)
    assert len(found) == len(asked) == limit


def test_an_attribute_that_an_amendment_asks_for_may_be_given():
    selecting = reading(scope=Scope(parties=("state",), attributes=("seconded",)))
    becomes = order("m", selecting).clauses[0]
    amend = order("m", acts=(Amend(instruments=("o",), clause="one", becomes=becomes),))
    ruleset = rules(order("o"), msgspec.structs.replace(amend, clauses=()))
    asked = Question(
        service="desk", model="alpha/one@alpha", person=Person(no=frozenset({"seconded"}))
    )
    assert answer(ruleset, asked, day(1)).outcome == "allow"


def test_the_clauses_of_an_instrument_are_found_by_it():
    ruleset = rules(order("a", at=day(3)), order("b"))
    assert [s.instrument for s in ruleset.standings_of("b")] == ["b"]
    assert ruleset.standings_of("c") == ()
    assert ruleset.begins("a", "one") == day(3)
    assert ruleset.begins("a", "two") is None
