"""How instruments stood at an instant, and what had moved them by then."""

import pytest

from changeover.orders.as_of import as_of
from changeover.orders.model import Lift, Rescind, Scope, Stay, Vacate
from tests.orders.answers import act
from tests.orders.worlds import day, order, reading, rules, winding

BAN = order("o", at=day(10))


def then(ruleset, number, name="o"):
    return next(found for found in as_of(ruleset, day(number)) if found.id == name)


def statuses(ruleset, *numbers, name="o"):
    return [then(ruleset, number, name).status for number in numbers]


def test_each_instrument_in_the_order_of_the_record():
    assert [found.id for found in as_of(rules(order("b"), order("a")), day(1))] == ["b", "a"]
    assert as_of(rules(), day(1)) == ()


def test_a_status_and_what_ended_it():
    ruleset = rules(BAN, act("r", Rescind(instruments=("o",)), at=20))
    assert statuses(ruleset, 9, 10, 19, 20) == ["pending", "operative", "operative", "ended"]
    assert [then(ruleset, n).ended_by for n in (19, 20)] == [None, "r"]
    assert statuses(rules(order("n", at=None, announced=day(1))), 5, name="n") == ["announced"]


def test_a_stay_of_everybody_and_one_of_some():
    stay = act("s", Stay(instruments=("o",)), at=20)
    partial = act("p", Stay(instruments=("o",), parties=("bureau",)), at=30)
    found = then(rules(BAN, stay), 20)
    assert (found.status, found.kept_off_by, found.partly_off_by) == ("stayed", ("s",), ())
    found = then(rules(BAN, partial), 30)
    assert (found.status, found.kept_off_by, found.partly_off_by) == ("operative", (), ("p",))
    lifted = rules(BAN, stay, act("l", Lift(instruments=("s",)), at=25))
    assert (then(lifted, 25).status, then(lifted, 25).kept_off_by) == ("operative", ())


def test_an_act_without_clauses_ends_too():
    ruleset = rules(BAN, act("s", Stay(instruments=("o",)), at=20), act("v", VACATE, at=30))
    assert statuses(ruleset, 19, 20, 30, name="s") == ["pending", "operative", "ended"]
    assert then(ruleset, 30, "s").ended_by == "v"
    assert then(ruleset, 30).status == "operative"


VACATE = Vacate(instruments=("s",))


@pytest.mark.parametrize(("extends", "deadline"), [(False, 100), (True, 110)])
def test_a_deadline_is_told_as_it_was_moved(extends: bool, deadline: int):
    graced = order("o", reading(wind_down=winding(day(100)), scope=Scope(parties=("state",))))
    stay = Stay(instruments=("o",), until=day(30), extends=extends)
    assert then(rules(graced, act("s", stay, at=20)), 50).deadline == day(deadline)
