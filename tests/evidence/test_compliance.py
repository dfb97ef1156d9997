"""How parties keep an order, by hand: each state, what is observed and what is only stated."""

from datetime import datetime, timedelta
from typing import Any

import msgspec
import pytest

from changeover.basics.errors import InvalidInputError
from changeover.evidence.compliance import Barred, Compliance, Observed, compliance
from changeover.evidence.register import StatedUse
from changeover.orders.model import Instrument, Moment, Scope, Target, Waive, WindDown
from changeover.orders.ruleset import Ruleset
from tests.orders.worlds import bind, day, order, reading, rules

ALPHA = "alpha/one@alpha"


class Volume(msgspec.Struct, frozen=True, kw_only=True):
    service: str = "desk"
    route: str = ALPHA
    calls: int = 0
    refused: int = 0
    last: datetime | None = None
    last_refused: datetime | None = None


def bar(**fields: Any) -> Instrument:
    winding = WindDown(until=Moment(at=day(60)))
    read = reading(scope=Scope(parties=("state",)), wind_down=winding, **fields)
    return order("bar", read, at=day(10))


def board(
    ruleset: Ruleset, now: datetime, *, stated: tuple[StatedUse, ...] = (), **observed: Any
) -> Compliance:
    seen = Observed(**({"since_began": (), "recent": (), "before": (), "weekly": ()} | observed))
    barred = Barred(ruleset, ruleset.issued["bar"].instrument)
    return compliance(barred, now, seen, stated)


def state(found: Compliance, party: str) -> str:
    return next(line.state for line in found.parties if line.party == party)


def test_bound_and_calling_as_before_it_has_not_started():
    ruleset = rules(bar(), bindings=(bind("desk", ALPHA),))
    found = board(
        ruleset,
        day(20),
        before=[Volume(calls=10)],
        recent=[Volume(calls=9)],
        since_began=[Volume(calls=9, last=day(19), refused=2, last_refused=day(18))],
        weekly=[("bureau", 2922, 9), ("elsewhere", 2922, 4)],
    )
    line = next(line for line in found.parties if line.party == "bureau")
    assert (line.state, line.calls, line.last_call) == ("not-started", 9, day(19))
    assert (line.refused, line.last_refused, line.days_left) == (2, day(18), 40)
    assert [(week.begins.isoformat(), week.calls) for week in line.weeks] == [("2026-01-01", 9)]
    assert "elsewhere" not in {line.party for line in found.parties}


def test_halved_or_moved_it_winds_down_and_quiet_and_unbound_it_has_ended():
    bound = rules(bar(), bindings=(bind("desk", ALPHA),))
    halved = board(bound, day(20), before=[Volume(calls=10)], recent=[Volume(calls=4)])
    assert state(halved, "bureau") == "winding-down"
    moved = rules(
        bar(), bindings=(bind("desk", ALPHA), bind("desk", "beta/two@beta", since=day(12)))
    )
    lately = [Volume(calls=1, last=day(18))]
    assert state(board(moved, day(20), since_began=lately), "bureau") == "winding-down"
    assert state(board(moved, day(40), since_began=lately), "bureau") == "ended"


def test_a_party_without_a_service_is_unknown_and_what_it_states_is_only_stated():
    ruleset = rules(bar(), bindings=(bind("desk", ALPHA),))
    stated = (
        StatedUse(party="elsewhere", use="Seats", vendor="alpha", count=40),
        StatedUse(party="elsewhere", use="Old seats", vendor="alpha", until="2026-01-05"),
        StatedUse(party="elsewhere", use="Another's", vendor="beta"),
    )
    found = board(ruleset, day(20), stated=stated)
    line = next(line for line in found.parties if line.party == "elsewhere")
    assert (line.state, line.stated, line.stated_count, line.calls) == ("unknown", 1, 40, 0)


def test_what_is_waived_is_told():
    waiver = order(
        "waiver",
        at=day(11),
        kind="waiver",
        acts=(Waive(instruments=("bar",), services=("desk",), until=day(90)),),
    )
    waiver = msgspec.structs.replace(waiver, clauses=())
    ruleset = rules(bar(), waiver, bindings=(bind("desk", ALPHA),))
    assert state(board(ruleset, day(20)), "bureau") == "waived"


def test_an_order_that_prohibits_nothing_has_no_board():
    ruleset = rules(order("bar", reading(modality="permit", targets=(Target(makers=("alpha",)),))))
    with pytest.raises(InvalidInputError, match="prohibits nothing"):
        board(ruleset, day(20))


def test_the_least_advanced_stands_first():
    ruleset = rules(bar(), bindings=(bind("desk", ALPHA),))
    found = board(ruleset, day(20))
    assert found.parties[0].state == "not-started"
    assert found.deadline == day(60)
    assert found.makers == ("alpha", "gamma")
    assert timedelta(days=found.parties[0].days_left or 0) == day(60) - day(20)
