"""What acts do to instruments, from when on, and what puts that off."""

from itertools import pairwise

import pytest

from changeover.basics.instants import microseconds
from changeover.orders.impacts import Impacts
from changeover.orders.model import Confirm, Find, Lift, Rescind, Stay, Supersede, Vacate, Waive
from tests.orders.answers import act
from tests.orders.worlds import day, issued, order, rules

NAMED = ("o",)


def impacts(*instruments, recorded: int = 20) -> Impacts:
    """Of these and of an order `o` before them, recorded from that day on, a day apart."""
    entries = [issued(i, day(recorded + n)) for n, i in enumerate((order("o"), *instruments))]
    return Impacts(frozenset).with_issued(entries)[0]


def at(number: int) -> int:
    return microseconds(day(number))


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
    found = impacts(act("e", what, at=10))
    assert found.ended_by("o", at(begins)) == "e"
    assert found.ended_by("o", at(begins) - 1) is None


def test_what_ends_nothing():
    stands = act("f", Find(instruments=NAMED, result="stands"))
    assert impacts(stands, act("s", Stay(instruments=NAMED))).ended_by("o", at(50)) is None
    announced = act("a", Rescind(instruments=NAMED), published=None)
    assert impacts(announced).ended_by("o", at(50)) is None
    assert impacts(act("l", Rescind(instruments=("later",)), at=5)).on("later") == ()


def test_of_several_the_one_that_did_so_first():
    late, early = (act(n, Rescind(instruments=NAMED), at=d) for n, d in (("l", 20), ("e", 10)))
    assert impacts(late, early).ended_by("o", at(30)) == "e"


@pytest.mark.parametrize(
    ("on_the_ending", "ended"),
    [
        (Stay(instruments=("e",), until=day(30)), [True, False, True]),
        (Vacate(instruments=("e",), from_beginning=True), [False, False, False]),
        (Vacate(instruments=("e",)), [True, False, False]),
        # What was ended stays ended.
        (Rescind(instruments=("e",)), [True, True, True]),
    ],
)
def test_a_vacatur_that_is_stayed_or_vacated_itself(on_the_ending, ended):
    found = impacts(act("e", Vacate(instruments=NAMED), at=10), act("x", on_the_ending, at=20))
    assert [found.ended_by("o", at(n)) is not None for n in (15, 25, 35)] == ended


def test_an_instrument_that_had_ended_by_then_takes_no_act():
    later = act("e", Supersede(instruments=NAMED), at=10)
    rescission = act("r", Rescind(instruments=("e",)), at=5)
    assert impacts(later, rescission, recorded=0).ended_by("o", at(20)) is None
    # Recorded only after that, it had ended nothing yet.
    assert impacts(later, rescission).ended_by("o", at(20)) == "e"


@pytest.mark.parametrize("ending", [Rescind(instruments=("s",)), Lift(instruments=("s",))])
def test_a_stay_ends_with_its_instrument_or_when_it_is_lifted(ending):
    found = impacts(act("s", Stay(instruments=NAMED), at=5), act("x", ending, at=20))
    [stay] = found.on("o")
    assert [stay.covers(at(n), None, "") for n in (4, 5, 19, 20)] == [False, True, True, False]


def test_a_freeze_lapses_unless_it_was_confirmed_before():
    freeze = order("f", at=day(1), kind="freeze", provisional_until=day(10))
    late, early = (act("c", Confirm(instruments=("f",)), at=n) for n in (10, 9))
    for confirming, lapses in (((), True), ((late,), True), ((early,), False)):
        [standing] = rules(freeze, *confirming).standings_of("f")
        assert (standing.status(at(10)) == "ended") is lapses
        assert standing.status(at(9)) == "operative"


def test_whom_it_touches_is_what_it_acts_on_and_what_that_acts_on():
    ruling = act("s", Stay(instruments=NAMED), at=5)
    first, _ = Impacts(frozenset).with_issued([issued(order("o")), issued(ruling)])
    assert first.on("o")[0].covers(at(30), None, "")
    second, touched = first.with_issued([issued(act("t", Stay(instruments=("s",)), at=20))])
    assert touched == {"s", "o"}
    assert not second.on("o")[0].covers(at(30), None, "")
    assert first.on("o")[0].covers(at(30), None, "")


def test_a_chain_of_acts_may_be_long():
    ids = [f"a{number}" for number in range(1000)]
    chain = [
        act(id_, Supersede(instruments=(before,)), at=10 + number)
        for number, (before, id_) in enumerate(pairwise(("o", *ids)))
    ]
    found = impacts(*chain)
    assert found.ended_by("o", at(10)) == "a0"
    assert found.ended_by("a998", at(2000)) == "a999"


def test_what_is_recorded_before_it_takes_effect_does_not_reach_back():
    vacatur = act("e", Vacate(instruments=NAMED, from_beginning=True), at=40)
    assert impacts(vacatur).ended_by("o", at(39)) is None
    assert impacts(vacatur).ended_by("o", at(40)) == "e"


def test_a_requested_waiver_does_nothing():
    waiver = Waive(instruments=NAMED, services=("desk",), requested=True)
    assert impacts(act("w", waiver, at=5)).on("o") == ()
