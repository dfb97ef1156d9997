"""The dates that lie ahead: all that stand then, none that were ended before."""

import pytest

from changeover.basics.errors import NotFoundError
from changeover.orders.ahead import Concerned, ahead
from changeover.orders.model import Confirm, Moment, Rebinding, Rescind, Scope, Stay, Waive
from tests.orders.answers import act
from tests.orders.worlds import bind, day, order, reading, rules, winding

EVERYBODY = Concerned()


def told(ruleset, now=0, concerned=EVERYBODY):
    return [
        (date.kind, date.instrument, date.clause, date.at)
        for date in ahead(ruleset, day(now), concerned)
    ]


def test_a_clauses_beginning_deadline_and_end_in_order():
    graced = reading(wind_down=winding(day(40)), until=Moment(at=day(90)))
    ruleset = rules(order("o", graced, at=day(10)))
    every = [
        ("effective", "o", "one", day(10)),
        ("deadline", "o", "one", day(40)),
        ("end", "o", "one", day(90)),
    ]
    assert told(ruleset) == every
    assert told(ruleset, 10) == every[1:]
    assert told(ruleset, 90) == []


def test_what_is_ended_before_has_no_deadline():
    graced = order("o", reading(wind_down=winding(day(40))))
    ruleset = rules(graced, act("r", Rescind(instruments=("o",)), at=30))
    assert told(ruleset) == [
        ("end", "o", "one", day(30)),
        ("effective", "r", "", day(30)),
    ]


def test_what_is_only_announced_has_no_dates():
    announced = order("o", reading(wind_down=winding(day(40))), at=None, announced=day(1))
    assert told(rules(announced)) == []


def test_the_ends_of_stays_and_waivers():
    stay = act("s", Stay(instruments=("o",), until=day(30)), at=0)
    waiver = act("w", Waive(instruments=("o",), parties=("bureau",), until=day(50)), at=0)
    ruleset = rules(order("o"), stay, waiver)
    assert told(ruleset) == [
        ("stay-end", "s", "o", day(30)),
        ("waiver-end", "w", "o", day(50)),
    ]


def test_a_freeze_lapses_unless_it_is_confirmed():
    freeze = order("f", kind="freeze", provisional_until=day(3))
    assert ("freeze-end", "f", "one", day(3)) in told(rules(freeze))
    confirmed = rules(freeze, act("c", Confirm(instruments=("f",)), at=2))
    assert [kind for kind, *_ in told(confirmed)] == ["effective"]


def test_only_what_reaches_the_party_or_the_service():
    bureau = order("b", reading(scope=Scope(parties=("bureau",))), at=day(10))
    elsewhere = order("e", reading(scope=Scope(parties=("elsewhere",))), at=day(20))
    ruleset = rules(bureau, elsewhere)

    def instruments(**concerned):
        return [date.instrument for date in ahead(ruleset, day(0), Concerned(**concerned))]

    assert instruments() == ["b", "e"]
    assert instruments(party="state") == ["b"]
    assert instruments(party="elsewhere") == ["e"]
    assert instruments(service="desk") == ["b"]
    assert instruments(service="desk", party="elsewhere") == []


def test_a_rebinding_concerns_the_service_that_it_moves():
    change = Rebinding(service="desk", slots=("chat",), models=("beta/two",))
    memo = act("m", at=10, rebindings=(change,))
    ruleset = rules(memo, bindings=(bind("desk", "alpha/one"),))
    assert told(ruleset, 0, Concerned(service="desk")) == [("effective", "m", "", day(10))]
    assert told(ruleset, 0, Concerned(service="far")) == []


def test_a_deadline_is_the_one_moved_for_the_party():
    graced = order("o", reading(wind_down=winding(day(40))))
    stay = Stay(instruments=("o",), parties=("bureau",), since=day(10), until=day(20), extends=True)
    ruleset = rules(graced, act("s", stay, at=5))

    def deadline(service):
        dates = ahead(ruleset, day(15), Concerned(service=service))
        return next(date.at for date in dates if date.kind == "deadline")

    assert deadline("desk") == day(50)
    assert deadline("secret") == day(40)


def test_a_stay_that_lasts_is_told_with_the_deadline_that_comes_all_the_same():
    graced = order("o", reading(wind_down=winding(day(40))))
    ruleset = rules(graced, act("s", Stay(instruments=("o",)), at=5))
    [date] = ahead(ruleset, day(10), EVERYBODY)
    assert (date.kind, date.kept_off_by) == ("deadline", ("s",))


def test_a_uid_stays_when_the_date_moves():
    def uid(until):
        [date] = ahead(rules(order("o", reading(wind_down=winding(until)))), day(1), EVERYBODY)
        return date.uid

    assert uid(day(40)) == uid(day(50)) == "o.one.deadline@changeover"


@pytest.mark.parametrize("concerned", [Concerned(party="x"), Concerned(service="x")])
def test_an_unknown_name_is_an_error(concerned: Concerned):
    with pytest.raises(NotFoundError, match=r"no (party|service) 'x'"):
        ahead(rules(), day(0), concerned)
