"""Content of further data classes that goes with a call: each class is decided for."""

import msgspec

from changeover.orders.decide import decide
from changeover.orders.model import Scope
from changeover.orders.overtaking import next_boundary, overtaken
from changeover.orders.ruleset import call_of
from tests.orders.worlds import day, order, reading, rules

ONE = "alpha/one@alpha"
SECRET = Scope(parties=("state",), data_classes=("secret",))


def test_the_strictest_of_the_classes_decides():
    ruleset = rules(order("bar", reading(scope=SECRET)))
    call = call_of(ruleset.directory.services["desk"], "chat")
    for content, outcome in (
        ((), "allow"),
        (("public",), "allow"),
        (("secret",), "refuse"),
        (("public", "secret"), "refuse"),
    ):
        carried = msgspec.structs.replace(call, content=content)
        decision = decide(ruleset, carried, ONE, day(1))
        assert decision.outcome == outcome
        assert [c.instrument for c in decision.citations] == ["bar"] * (outcome == "refuse")


def test_an_order_about_the_content_overtakes_what_carries_it():
    later = order("bar", reading(scope=SECRET), at=day(5))
    ruleset = rules(later)
    call = call_of(ruleset.directory.services["desk"], "chat")
    carried = msgspec.structs.replace(call, content=("secret",))
    five = int(day(5).timestamp() * 1e6)
    assert next_boundary(ruleset, carried, ONE, five - 1) == five
    assert next_boundary(ruleset, call, ONE, five - 1) > five
    assert overtaken(ruleset, call, ONE, day(6)) is None
    found = overtaken(ruleset, carried, ONE, day(6))
    assert found is not None
    assert (found.by, found.at) == (("bar",), day(5))
