"""Which acts are on an instrument, who ended it first, and whom stays and waivers free."""

import pytest

from changeover.orders.acted_on import ActedOn
from changeover.orders.model import Find, Rescind, Stay, Supersede, Vacate, Waive
from tests.orders.answers import act
from tests.orders.worlds import day, issued, order

NAMED = ("o",)


def acted_on(*instruments):
    return ActedOn({i.id: issued(i, day(n)) for n, i in enumerate((order("o"), *instruments))})


@pytest.mark.parametrize(
    ("what", "begins"),
    [
        (Rescind(instruments=NAMED), 10),
        (Rescind(instruments=NAMED, since=day(5)), 5),
        (Vacate(instruments=NAMED, since=day(15)), 15),
        (Vacate(instruments=NAMED, from_beginning=True), 0),
        (Supersede(instruments=NAMED), 10),
        (Find(instruments=NAMED, result="falls"), 10),
    ],
)
def test_who_ended_it_and_from_when_on(what, begins: int):
    found = acted_on(act("e", what, at=10))
    assert found.ender("o", day(begins)) == "e"
    assert begins == 0 or found.ender("o", day(begins - 1)) is None


def test_what_ends_nothing():
    stands = act("f", Find(instruments=NAMED, result="stands"))
    announced = act("a", Rescind(instruments=NAMED))
    found = acted_on(stands, act("s", Stay(instruments=NAMED)))
    assert found.ender("o", day(50)) is None
    assert [acted.by for acted in found.on("o")] == ["f", "s"]
    assert acted_on(announced).ender("nothing", day(50)) is None


def test_of_several_the_one_that_did_so_first():
    late, early = (act(n, Rescind(instruments=NAMED), at=at) for n, at in (("l", 20), ("e", 10)))
    assert acted_on(late, early).ender("o", day(30)) == "e"


def test_a_call_stands_for_whom_a_waiver_frees():
    waiver = Waive(instruments=NAMED, services=("desk",), routes=("r",), purposes=("work",))
    [(acted, freed)] = acted_on(act("w", waiver)).keeping_off("o")
    assert (acted.by, freed.route) == ("w", "r")
    assert (freed.call.service, freed.call.purpose, freed.call.party) == ("desk", "work", "")


def test_the_last_that_bears_on_it_dates_it():
    found = acted_on(act("s", Stay(instruments=NAMED)), act("t", Stay(instruments=("s",))))
    assert found.recorded(issued(order("o"))) == day(1)
    assert found.recorded(issued(order("s"))) == day(2)
