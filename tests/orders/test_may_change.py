"""Who may change an instrument: its issuer, those above, delegates, and who may act on it."""

from changeover.orders.may_change import Changers
from changeover.orders.model import Delegate, Rescind
from tests.orders.answers import world
from tests.orders.worlds import day, order, reading

OWN = order("o", issuer="chief")


def delegation(**other):
    act = Delegate(to="other", instruments=("o",), **other)
    return order("d", issuer="chief", at=day(2), acts=(act,))


def test_the_issuer_those_above_it_and_who_may_act_on_it():
    found = Changers(world(OWN), day(5)).of("o")
    assert (found.issuer, found.waive, found.stay) == ("chief", ("head",), ("court",))


def test_nobody_stands_above_the_top():
    found = Changers(world(order("o")), day(5)).of("o")
    assert (found.issuer, found.waive, found.stay) == ("head", (), ("court",))


def test_delegates_while_the_delegation_stands():
    standing = world(OWN, delegation(until=day(10)))
    waive = [Changers(standing, day(n)).of("o").waive for n in (1, 2, 9, 10)]
    assert waive == [("head",), ("head", "other"), ("head", "other"), ("head",)]
    rescinded = order("r", issuer="chief", at=day(3), acts=(Rescind(instruments=("d",)),))
    assert Changers(world(OWN, delegation(), rescinded), day(5)).of("o").waive == ("head",)


def test_a_delegation_by_somebody_else_gives_nothing():
    foreign = order("d", issuer="other", acts=(Delegate(to="other", instruments=("o",)),))
    assert Changers(world(OWN, foreign), day(5)).of("o").waive == ("head",)


def test_what_prohibits_nothing_cannot_be_waived():
    permit = order("o", reading(modality="permit"), issuer="chief")
    assert Changers(world(permit), day(5)).of("o").waive == ()


def test_its_issuer_and_those_above_may_judge():
    changers = Changers(world(OWN, order("p")), day(5))
    assert (changers.judges("o"), changers.judges("p")) == (("chief", "head"), ("head",))
