"""Rule 3, case by case: what is a new use of what is being wound down, and what is not."""

import msgspec
import pytest

from changeover.directory.model import Binding
from changeover.orders.decide import decide, next_change
from changeover.orders.model import Rebinding, Scope, Stay
from changeover.orders.ruleset import Ruleset, call_of
from changeover.orders.uses import Use
from tests.orders.worlds import bind, day, order, reading, rules, service, winding

ONE, CLOUD, TWO = "alpha/one@alpha", "alpha/one@cloud", "beta/two@beta"
BEGINS = 20454 + 10  # 2026-01-11 as a day since 1970, the day the order begins
ORDER = order("o", reading(wind_down=winding(day(100))), at=day(10))


def because(ruleset: Ruleset, at: int, route: str = ONE, service_id: str = "desk") -> str:
    call = call_of(ruleset.directory.services[service_id], "chat")
    return decide(ruleset, call, route, day(at)).because


def rebound(*models: str, at: int) -> Binding:
    return bind("desk", *models, since=day(at))


@pytest.mark.parametrize(
    ("bindings", "route", "at", "expected"),
    [
        # Failing over inside the binding: a model's hosts are all in it.
        ((bind("desk", "alpha/one"),), CLOUD, 11, "winding-down"),
        ((bind("desk", ONE, CLOUD),), CLOUD, 11, "winding-down"),
        # Another host than the one bound, and a fallback added after the order.
        ((bind("desk", ONE),), CLOUD, 11, "new-use"),
        ((bind("desk", ONE), rebound(ONE, CLOUD, at=20)), CLOUD, 21, "new-use"),
        ((bind("desk", ONE), rebound(ONE, CLOUD, at=20)), ONE, 21, "winding-down"),
        ((bind("desk", ONE), rebound(ONE, TWO, at=20)), ONE, 21, "winding-down"),
        # Resumption after moving off; the instant before, and while it is off.
        ((bind("desk", ONE), rebound(TWO, at=20), rebound(ONE, at=30)), ONE, 19, "winding-down"),
        ((bind("desk", ONE), rebound(TWO, at=20), rebound(ONE, at=30)), ONE, 20, "new-use"),
        ((bind("desk", ONE), rebound(TWO, at=20), rebound(ONE, at=30)), ONE, 30, "new-use"),
        # Moved off before the order began: a use within ninety days counts as existing.
        ((bind("desk", ONE), rebound(TWO, at=5), rebound(ONE, at=30)), ONE, 30, "winding-down"),
        # Another party's service, bound as this one.
        ((bind("secret", "alpha/one"),), ONE, 11, "new-use"),
    ],
)
def test_uses_by_their_bindings(bindings, route, at, expected):
    assert because(rules(ORDER, bindings=bindings), at, route) == expected


def test_restoration_after_a_stay_is_no_new_use():
    ruling = order("s", at=day(20), acts=(Stay(instruments=("o",), until=day(30)),))
    stay = msgspec.structs.replace(ruling, clauses=())
    ruleset = rules(ORDER, stay, bindings=(bind("desk", ONE),))
    assert [because(ruleset, n) for n in (19, 25, 30)] == [
        "winding-down",
        "permitted",
        "winding-down",
    ]


def test_a_memo_that_moves_the_service_off_makes_its_return_new():
    memo = order(
        "m",
        reading(modality="require", scope=Scope(services=("far",))),
        at=day(20),
        rebindings=(Rebinding(service="desk", slots=("chat",), models=("beta/two",)),),
    )
    ruleset = rules(ORDER, memo, bindings=(bind("desk", ONE),))
    assert [because(ruleset, n) for n in (19, 20)] == ["winding-down", "new-use"]
    call = call_of(ruleset.directory.services["desk"], "chat")
    assert next_change(ruleset, call, ONE, day(15)) == day(20)


def test_another_network_of_the_same_use_changes_nothing_and_another_service_is_new():
    moved = service("desk", "bureau", network="open")
    assistant = service("assistant", "bureau")
    ruleset = rules(ORDER, bindings=(bind("desk", ONE),), services=(moved, assistant))
    assert because(ruleset, 11) == "winding-down"
    assert because(ruleset, 11, service_id="assistant") == "new-use"


def test_calls_alone_show_a_use_whatever_the_host_and_a_binding_says_where():
    calls = [(Use("desk", "work", "alpha"), BEGINS - 3)]
    assert because(rules(ORDER, calls=calls), 11, CLOUD) == "winding-down"
    bound = rules(ORDER, calls=calls, bindings=(bind("desk", ONE),))
    assert because(bound, 11, CLOUD) == "new-use"
