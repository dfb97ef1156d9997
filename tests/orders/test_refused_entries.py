"""Whatever is wrong with an entry, nothing of it is recorded."""

from typing import Any

import msgspec
import pytest

from changeover.basics.errors import ChangeoverError
from changeover.orders.drawing_up import Freeze, confirmation_of, freeze_of
from changeover.orders.model import (
    Act,
    Amend,
    Confirm,
    Instrument,
    Judge,
    Rescind,
    Scope,
    Stay,
    Target,
    Waive,
)
from tests.orders.conftest import Desk
from tests.orders.worlds import day, directory, name, order, reading, source, winding

GOOD = order("good", at=day(1))


def doing(*acts: Act, **fields: Any) -> Instrument:
    given: dict[str, Any] = {"issuer": "head", "kind": "order", "title": name("x")}
    return Instrument(id="x", acts=acts, published=day(1), sources=(source(),), **(given | fields))


WRONG = {
    "an unknown issuer": (order("x", issuer="nemo"), "issuer 'nemo'"),
    "an unknown target": (order("x", reading(targets=(Target(makers=("y",)),))), "vendor 'y'"),
    "an unknown scope": (order("x", reading(scope=Scope(parties=("y",)))), "party 'y'"),
    "an unknown name in an amendment": (
        doing(
            Amend(
                instruments=("good",),
                clause="one",
                becomes=order("x", reading(scope=Scope(services=("y",)))).clauses[0],
            )
        ),
        "service 'y'",
    ),
    "an unknown instrument": (doing(Rescind(instruments=("y",))), "y, which is not on record"),
    "itself": (doing(Rescind(instruments=("x",))), "x, which is not on record"),
    "an unknown clause": (doing(Amend(instruments=("good",), clause="y")), "has no such clause"),
    "nothing required": (order("x", reading(modality="require")), "does not say what"),
    "a service of another party": (
        order("x", reading(scope=Scope(parties=("bureau",), services=("far",)))),
        "far belongs to elsewhere",
    ),
    "a service on another network": (
        order("x", reading(scope=Scope(networks=("closed",), services=("desk",)))),
        "desk runs on open",
    ),
    "grace for others": (
        order("x", reading(wind_down=winding(day(90), parties=("elsewhere",)))),
        "elsewhere is given time to wind down",
    ),
    "a freeze without an end": (order("x", kind="freeze"), "does not say when"),
    "a lasting freeze": (
        order("x", kind="freeze", at=day(1), provisional_until=day(40)),
        "at most 30 days",
    ),
    "a provisional order": (order("x", provisional_until=day(9)), "Only a freeze is provisional"),
    "a waiver of what is not barred": (
        doing(Waive(instruments=("good",), services=("far",))),
        "no prohibition of good reaches what is freed",
    ),
    "a confirmation of what lasts": (
        doing(Confirm(instruments=("good",))),
        "nothing is provisional in good",
    ),
    "a judgement where nothing winds down": (
        doing(Judge(instruments=("good",), service="desk", result="new")),
        "no use winds down under good",
    ),
    "terms of no vendor": (order("x", kind="terms"), "only by a vendor's own office"),
    "an act beyond the issuer": (doing(Stay(instruments=("good",))), "it may not act on"),
}


@pytest.mark.parametrize(("wrong", "said"), WRONG.values(), ids=WRONG.keys())
def test_what_is_wrong_is_told_and_nothing_is_recorded(desk: Desk, wrong: Instrument, said: str):
    before = desk.office.rules.current.version
    with pytest.raises(ChangeoverError) as caught:
        desk.office.issue_together((GOOD, wrong), by="ana", confirmed_by="ben")
    assert said in caught.value.what
    assert desk.recorded() == 1
    assert desk.office.rules.current.version == before
    assert desk.office.instruments() == {}


def test_a_freeze_is_issued_and_confirmed_by_another_and_in_time(desk: Desk):
    now = desk.clock.now()
    given = Freeze(name="alpha", issuer="head", parties=("state",), by="ana")
    freeze = freeze_of(given, directory(), now)
    desk.office.issue(freeze, by="ana")
    confirmation = confirmation_of(freeze, None, now)
    with pytest.raises(ChangeoverError, match="cannot confirm it too"):
        desk.office.issue(confirmation, by="Ana")
    late = msgspec.structs.replace(confirmation, id="late")
    with pytest.raises(ChangeoverError, match="will have lapsed"):
        desk.office.issue(late, by="ben", recorded=day(4))
    assert desk.recorded() == 2
    desk.office.issue(confirmation, by="ben")
    with pytest.raises(ChangeoverError, match="is confirmed already"):
        desk.office.issue(late, by="cleo")
    assert desk.recorded() == 3
