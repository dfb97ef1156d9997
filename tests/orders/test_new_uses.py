"""Rule 3, case by case: what is a new use of what is being wound down, and what is not.

Each case is a row with its name: which bindings there were, what is called and when,
and the answer. What a person must judge is refused as new and listed (`awaits`); what
the rules answer by themselves as new is not. Cases in which the record changes over
time are in `test_new_uses_over_time.py`.
"""

from typing import NamedTuple

import msgspec
import pytest

from changeover.directory.model import Binding, Slot
from changeover.orders.decide import decide, next_change
from changeover.orders.decision import Call, Person
from changeover.orders.model import Instrument, Rebinding, Scope, Stay, Target
from changeover.orders.ruleset import Known, Ruleset, call_of, compile_ruleset
from changeover.orders.uses import Use
from tests.orders.answers import act
from tests.orders.worlds import (
    bind,
    day,
    directory,
    issued,
    model,
    order,
    reading,
    route,
    service,
    winding,
)

ONE, CLOUD, TWO = "alpha/one@alpha", "alpha/one@cloud", "beta/two@beta"
NEXT, TUNED = "alpha/next@alpha", "gamma/tuned@cloud"
BEGINS = 20454 + 10  # 2026-01-11 as a day since 1970, the day the order begins
ORDER = order("o", reading(wind_down=winding(day(100))), at=day(10))
DESK = service(
    "desk",
    "bureau",
    slots=(Slot(name="chat", purpose="work"), Slot(name="other", purpose="leisure")),
)
ASSISTANT = service("assistant", "bureau")

Answer = tuple[str, tuple[str, ...]]
GOES_ON: Answer = ("winding-down", ())
NEW: Answer = ("new-use", ())


def awaits(*why: str) -> Answer:
    return "new-use", why


class Asked(NamedTuple):
    """A call on a route and a day, of a slot of a service."""

    route: str = ONE
    at: int = 11
    service: str = "desk"
    slot: str = "chat"


def world(
    *bindings: Binding, order: Instrument = ORDER, others: tuple[Instrument, ...] = (), calls=()
) -> Ruleset:
    """The small world with the order, an assistant, and a newer model of alpha's."""
    base = directory(bindings=bindings)
    more = msgspec.structs.replace(
        base,
        models=base.models | {"alpha/next": model("alpha/next")},
        routes=base.routes | {NEXT: route(NEXT)},
        services=base.services | {"desk": DESK, "assistant": ASSISTANT},
    )
    known = Known(directory=more, issued=tuple(map(issued, (order, *others))), calls=tuple(calls))
    return compile_ruleset(known, version="test")


def told(ruleset: Ruleset, asked: Asked) -> Answer:
    """Why it was decided so, and what a person must judge."""
    call = call_of(ruleset.directory.services[asked.service], asked.slot)
    found = decide(ruleset, call, asked.route, day(asked.at))
    return found.because, next((c.awaits for c in found.citations if c.awaits), ())


def rebound(*models: str, at: int) -> Binding:
    return bind("desk", *models, since=day(at))


BOUND = (bind("desk", ONE),)
FALLBACK_ADDED = (*BOUND, rebound(ONE, CLOUD, at=20))
AND_BACK = (*BOUND, rebound(TWO, at=20), rebound(ONE, at=30))
OFF_BEFORE = (*BOUND, rebound(TWO, at=5), rebound(ONE, at=30))


class Row(NamedTuple):
    """A case by its name."""

    name: str
    bindings: tuple[Binding, ...]
    asked: Asked
    answer: Answer


NOT_NEW = [
    Row("what was bound", BOUND, Asked(), GOES_ON),
    Row("failover to a host of the model bound", (bind("desk", "alpha/one"),), Asked(CLOUD), GOES_ON),
    Row("failover to the next route bound", (bind("desk", ONE, CLOUD),), Asked(CLOUD), GOES_ON),
    Row("failover to the next model bound", (bind("desk", ONE, NEXT),), Asked(NEXT), GOES_ON),
    Row("what was bound, beside an added fallback", FALLBACK_ADDED, Asked(at=21), GOES_ON),
    Row(
        "what was bound, beside an added fallback to another maker",
        (*BOUND, rebound(ONE, TWO, at=20)),
        Asked(at=21),
        GOES_ON,
    ),
    Row("what was bound, made a fallback", (*BOUND, rebound(TWO, ONE, at=20)), Asked(at=21), GOES_ON),
    Row("the day before it is moved off", AND_BACK, Asked(at=19), GOES_ON),
    Row("moved off before the order began", OFF_BEFORE, Asked(), GOES_ON),
    Row("moved off before the order began, and back", OFF_BEFORE, Asked(at=30), GOES_ON),
    Row("bound since the day before the order", (rebound(ONE, at=9),), Asked(), GOES_ON),
]  # fmt: skip
PLAINLY_NEW = [
    Row("never bound", (), Asked(), NEW),
    Row("bound since the order", (rebound(ONE, at=10),), Asked(), NEW),
    Row("bound after the order", (rebound(ONE, at=20),), Asked(at=21), NEW),
    Row("another maker's model was bound", (bind("desk", TWO),), Asked(), NEW),
    Row("another service", BOUND, Asked(service="secret"), NEW),
    Row("another assistant", BOUND, Asked(service="assistant"), NEW),
    Row("a service beside the one bound", (bind("secret", "alpha/one"),), Asked(), NEW),
    Row("another purpose", BOUND, Asked(slot="other"), NEW),
    Row("while it is moved off", AND_BACK, Asked(at=20), NEW),
    Row("resumption after moving off", AND_BACK, Asked(at=30), NEW),
]
TO_BE_JUDGED = [
    Row("another host", BOUND, Asked(CLOUD), awaits("another-host")),
    Row("an added fallback", FALLBACK_ADDED, Asked(CLOUD, 21), awaits("another-host")),
    Row("another model of the maker", BOUND, Asked(NEXT), awaits("newer-version")),
    Row(
        "an added fallback to another model of the maker",
        (*BOUND, rebound(ONE, NEXT, at=20)),
        Asked(NEXT, 21),
        awaits("newer-version"),
    ),
    Row(
        "another maker's model that derives from the one bound",
        BOUND,
        Asked(TUNED),
        awaits("another-host", "newer-version"),
    ),
]


@pytest.mark.parametrize(
    "row",
    [pytest.param(row, id=row.name) for row in (*NOT_NEW, *PLAINLY_NEW, *TO_BE_JUDGED)],
)
def test_uses_by_their_bindings(row: Row):
    assert told(world(*row.bindings), row.asked) == row.answer


@pytest.mark.parametrize("row", [pytest.param(row, id=row.name) for row in PLAINLY_NEW])
def test_what_is_new_is_refused_after_the_deadline_too_and_for_the_orders_own_sake(row: Row):
    assert told(world(*row.bindings), row.asked._replace(at=100)) == ("prohibited", ())


def test_nothing_of_a_key_is_in_a_call_so_that_a_rotated_one_changes_nothing():
    assert set(Call.__struct_fields__) == {
        "service", "party", "network", "purpose", "data_class", "contract", "person", "content",
    }  # fmt: skip


@pytest.mark.parametrize(
    "person", [None, Person(), Person(yes=frozenset({"a"})), Person(no=frozenset({"a"}))]
)
def test_another_user_of_an_entitled_service_is_no_new_use(person: Person | None):
    ruleset = world(*BOUND)
    call = call_of(ruleset.directory.services["desk"], "chat")
    call = msgspec.structs.replace(call, person=person)
    assert decide(ruleset, call, ONE, day(11)).because == "winding-down"


@pytest.mark.parametrize(("ended", "expected"), [(109, NEW), (110, NEW), (111, GOES_ON)])
def test_how_recent_a_use_must_be(ended: int, expected: Answer):
    late = order("o", reading(wind_down=winding(day(300))), at=day(200))
    bindings = (*BOUND, rebound(TWO, at=ended))
    assert told(world(*bindings, order=late), Asked(at=201)) == expected
    longer = order("o", reading(wind_down=winding(day(300), recent_days=120)), at=day(200))
    assert told(world(*bindings, order=longer), Asked(at=201)) == GOES_ON


def test_restoration_after_a_stay_is_no_new_use():
    stay = act("s", Stay(instruments=("o",), until=day(30)), at=20)
    ruleset = world(*BOUND, others=(stay,))
    found = [told(ruleset, Asked(at=n)) for n in (19, 25, 30)]
    assert found == [GOES_ON, ("permitted", ()), GOES_ON]


def test_what_was_taken_up_under_a_stay_is_new_when_the_order_binds_again():
    stay = act("s", Stay(instruments=("o",), until=day(30)), at=20)
    ruleset = world(rebound(ONE, at=22), others=(stay,))
    assert told(ruleset, Asked(at=30)) == NEW


def test_a_memo_that_moves_the_service_off_makes_its_return_new():
    memo = order(
        "m",
        reading(modality="require", scope=Scope(services=("far",))),
        at=day(20),
        rebindings=(Rebinding(service="desk", slots=("chat",), models=("beta/two",)),),
    )
    ruleset = world(*BOUND, others=(memo,))
    assert [told(ruleset, Asked(at=n)) for n in (19, 20)] == [GOES_ON, NEW]
    call = call_of(ruleset.directory.services["desk"], "chat")
    assert next_change(ruleset, call, ONE, day(15)) == day(20)


def test_every_maker_that_the_order_is_aimed_at_must_have_been_used():
    makers = (Target(makers=("alpha", "gamma")),)
    both = order("o", reading(targets=makers, wind_down=winding(day(100))), at=day(10))
    for bindings, expected in (
        (BOUND, NEW),  # of gamma's nothing was used
        ((bind("desk", ONE, "gamma/tuned"),), GOES_ON),
    ):
        assert told(world(*bindings, order=both), Asked(TUNED)) == expected


@pytest.mark.parametrize(
    ("called", "expected"),
    [
        (BEGINS - 91, NEW),  # the day does not lie in the window
        (BEGINS - 90, GOES_ON),
        (BEGINS - 1, GOES_ON),
        (BEGINS, NEW),  # the day on which it began
    ],
)
def test_calls_show_a_use_on_a_day_that_lies_wholly_in_the_window(called: int, expected: Answer):
    assert told(world(calls=[(Use("desk", "work", "alpha"), called)]), Asked()) == expected


def test_calls_alone_show_a_use_whatever_the_host_and_a_binding_says_where():
    calls = [(Use("desk", "work", "alpha"), BEGINS - 3)]
    assert told(world(calls=calls), Asked(CLOUD)) == GOES_ON
    assert told(world(*BOUND, calls=calls), Asked(CLOUD)) == awaits("another-host")
    for other in (Use("desk", "leisure", "alpha"), Use("desk", "work", "beta")):
        assert told(world(calls=[(other, BEGINS - 3)]), Asked()) == NEW
