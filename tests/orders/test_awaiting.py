"""What awaits a person, and what does not any more."""

import msgspec
import pytest

from changeover.orders import awaiting as module
from changeover.orders.awaiting import awaiting
from changeover.orders.decide import decide
from changeover.orders.model import (
    Amend,
    Clause,
    Confirm,
    Find,
    Implement,
    Release,
    Rescind,
    Scope,
    Stay,
    Waive,
)
from tests.orders.answers import act
from tests.orders.worlds import bind, day, order, reading, rules, winding

ONE = "alpha/one@alpha"
BAN = order("o")
BOUND = (bind("desk", "alpha/one"),)


def test_nothing_awaits_where_everything_is_answered():
    found = awaiting(rules(BAN, bindings=BOUND), day(5))
    lists = [getattr(found, f) for f in found.__struct_fields__ if f not in {"at", "zone"}]
    assert lists == [()] * 6


def test_uses_that_a_person_must_judge(monkeypatch: pytest.MonkeyPatch):
    def judged(ruleset, call, route, at):
        found = decide(ruleset, call, route, at)
        cited = [msgspec.structs.replace(c, awaits=("another-host",)) for c in found.citations]
        return msgspec.structs.replace(found, citations=tuple(cited))

    monkeypatch.setattr(module, "decide", judged)
    graced = order("o", reading(wind_down=winding(day(40))), issuer="chief")
    found = awaiting(rules(graced, bindings=BOUND), day(5)).uses
    assert [(use.service, use.slot, use.route) for use in found] == [
        ("desk", "chat", ONE),
        ("desk", "chat", "alpha/one@cloud"),
    ]
    assert found[0].why == ("another-host",)
    assert found[0].judges == ("chief", "head")


DERIVED = order(
    "d",
    reading(scope=Scope(parties=("bureau",))),
    acts=(Implement(instruments=("o",)),),
    issuer="chief",
)
STAY = act("s", Stay(instruments=("o",)), at=3)


def test_open_questions_until_a_finding_even_where_nothing_is_bound():
    [found] = awaiting(rules(BAN, DERIVED, STAY), day(5)).findings
    question = found.question
    assert (question.instrument, question.implements, question.by) == ("d", "o", ("s",))
    assert found.judges == ("chief", "head")
    settled = act("f", Find(instruments=("d",), result="stands"), at=4)
    assert awaiting(rules(BAN, DERIVED, STAY, settled), day(5)).findings == ()
    assert awaiting(rules(BAN, DERIVED), day(5)).findings == ()


def test_freezes_until_they_are_confirmed_or_lapse():
    freeze = order("f", kind="freeze", provisional_until=day(9))
    [found] = awaiting(rules(freeze), day(5)).confirmations
    assert (found.freeze, found.until, found.judges) == ("f", day(9), ("head",))
    assert awaiting(rules(freeze), day(9)).confirmations == ()
    confirmed = act("c", Confirm(instruments=("f",)), at=4)
    assert awaiting(rules(freeze, confirmed), day(5)).confirmations == ()


def requested(**other):
    return Waive(instruments=("o",), services=("desk", "secret"), requested=True, **other)


def granted(*services, **other):
    return act("g", Waive(instruments=("o",), services=services, **other), at=4)


def test_requested_waivers():
    ban = order("o", issuer="chief")
    [found] = awaiting(rules(ban, act("w", requested(until=day(50)))), day(5)).waivers
    assert (found.request, found.orders, found.services) == ("w", ("o",), ("desk", "secret"))
    assert (found.until, found.grants) == (day(50), ("chief", "head"))


@pytest.mark.parametrize(
    ("later", "waits"),
    [
        (granted("desk", "secret", "far"), False),
        (granted(), False),
        (granted("desk"), True),
        (granted("desk", "secret", routes=(ONE,)), True),
        (act("r", Rescind(instruments=("w",)), at=4), False),
        (act("r", Rescind(instruments=("o",)), at=4), False),
    ],
)
def test_a_request_waits_until_all_of_it_is_granted_or_it_falls_away(later, waits: bool):
    ruleset = rules(BAN, act("w", requested()), later)
    assert bool(awaiting(ruleset, day(5)).waivers) == waits


def test_a_request_that_has_run_out_waits_no_more():
    ruleset = rules(BAN, act("w", requested(until=day(4))))
    assert awaiting(ruleset, day(5)).waivers == ()


def test_readings_that_counsel_has_not_signed():
    def with_readings(*ids, signed):
        clause = Clause(
            id="one",
            words="Words.",
            readings=tuple(reading(id=id_) for id_ in ids),
            chosen=ids[0],
            chosen_by="ana",
            signed_by_counsel=signed,
        )
        return rules(msgspec.structs.replace(BAN, clauses=(clause,)))

    [found] = awaiting(with_readings("a", "b", signed=False), day(5)).signatures
    assert (found.order, found.chosen, found.readings) == ("o", "a", ("a", "b"))
    assert awaiting(with_readings("a", "b", signed=True), day(5)).signatures == ()
    assert awaiting(with_readings("a", signed=False), day(5)).signatures == ()


def test_readings_are_those_of_the_clause_as_it_was_amended():
    two = (reading(id="a"), reading(id="b"))
    becomes = msgspec.structs.replace(order("m", *two).clauses[0], chosen="b")
    amend = act("m", Amend(instruments=("o",), clause="one", becomes=becomes), at=4)
    [found] = awaiting(rules(BAN, amend), day(5)).signatures
    assert (found.order, found.clause, found.chosen) == ("o", "one", "b")
    struck = act("s", Amend(instruments=("o",), clause="one"), at=5)
    assert awaiting(rules(BAN, amend, struck), day(6)).signatures == ()


def test_held_routes_also_where_the_service_was_moved_off():
    rescinded = act("r", Rescind(instruments=("o",)), at=3)
    moved = (*BOUND, bind("desk", "beta/two", since=day(2)))
    ruleset = rules(BAN, rescinded, bindings=moved)
    found = awaiting(ruleset, day(5)).releases
    assert [(r.service, r.route, r.held_by) for r in found] == [
        ("desk", ONE, ("o",)),
        ("desk", "alpha/one@cloud", ("o",)),
    ]
    release = Release(service="desk", route=ONE, at=day(4), by="ana")
    released = rules(BAN, rescinded, bindings=moved, releases=(release,))
    assert [r.route for r in awaiting(released, day(5)).releases] == ["alpha/one@cloud"]
