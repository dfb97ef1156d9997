"""Which acts are on an instrument, and whom stays and waivers free."""

from changeover.orders.acted_on import ActedOn
from changeover.orders.model import Find, Stay, Waive
from tests.orders.answers import act
from tests.orders.worlds import day, issued, order

NAMED = ("o",)


def acted_on(*instruments):
    return ActedOn({i.id: issued(i, day(n)) for n, i in enumerate((order("o"), *instruments))})


def test_the_acts_on_an_instrument_in_the_order_of_the_record():
    stands = act("f", Find(instruments=NAMED, result="stands"))
    found = acted_on(stands, act("s", Stay(instruments=NAMED)))
    assert [acted.by for acted in found.on("o")] == ["f", "s"]
    assert found.on("nothing") == ()


def test_a_call_stands_for_whom_a_waiver_frees():
    waiver = Waive(instruments=NAMED, services=("desk",), routes=("r",), purposes=("work",))
    [(acted, freed)] = acted_on(act("w", waiver)).keeping_off("o")
    assert (acted.by, freed.route) == ("w", "r")
    assert (freed.call.service, freed.call.purpose, freed.call.party) == ("desk", "work", "")


def test_the_last_that_bears_on_it_dates_it():
    found = acted_on(act("s", Stay(instruments=NAMED)), act("t", Stay(instruments=("s",))))
    assert found.recorded(issued(order("o"))) == day(1)
    assert found.recorded(issued(order("s"))) == day(2)
