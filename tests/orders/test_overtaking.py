"""What overtakes a call that was let out, since when, and when next."""

import pytest

from changeover.basics.instants import microseconds
from changeover.orders.model import Moment
from changeover.orders.overtaking import next_boundary, overtaken
from changeover.orders.ruleset import call_of
from changeover.orders.uses import FOREVER
from tests.orders.worlds import bind, day, directory, order, reading, rules, winding

ROUTE = "alpha/one@alpha"
CALL = call_of(directory().services["desk"], "chat")


def test_nothing_overtakes_what_would_be_let_out_still():
    assert overtaken(rules(), CALL, ROUTE, day(1)) is None
    assert overtaken(rules(order("bar", at=day(2))), CALL, ROUTE, day(1)) is None


def test_of_several_orders_the_instant_is_that_of_the_first():
    ruleset = rules(order("later", at=day(2)), order("first", at=day(1)))
    found = overtaken(ruleset, CALL, ROUTE, day(3))
    assert found is not None
    assert (set(found.by), found.at) == ({"later", "first"}, day(1))


def test_an_order_overtakes_at_its_deadline_where_it_lets_existing_use_go_on_until_then():
    bar = order("bar", reading(wind_down=winding(day(30))), at=day(1))
    ruleset = rules(bar, bindings=(bind("desk", "alpha/one"),))
    assert overtaken(ruleset, CALL, ROUTE, day(2)) is None
    found = overtaken(ruleset, CALL, ROUTE, day(31))
    assert found is not None
    assert found.at == day(30)


@pytest.mark.parametrize("route", ["nobody/has@it", ROUTE])
def test_what_left_the_directory_is_no_longer_asked_for(route):
    gone = call_of(directory().services["desk"], "chat")
    elsewhere = type(gone)(
        **{f: getattr(gone, f) for f in gone.__struct_fields__} | {"service": "x"}
    )
    assert overtaken(rules(order("bar")), elsewhere, route, day(1)) is None


def test_the_next_boundary_is_the_first_of_any_clause_behind_the_instant():
    ruleset = rules(
        order("later", at=day(5)), order("first", reading(until=Moment(at=day(3))), at=day(1))
    )
    asked = [next_boundary(ruleset, CALL, ROUTE, microseconds(day(d))) for d in (0, 1, 2, 3, 5)]
    told = [microseconds(day(d)) for d in (1, 3, 3, 5)]
    assert asked == [*told, FOREVER]
