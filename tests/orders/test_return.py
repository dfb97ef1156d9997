"""Return is deliberate (rule 9), and what was known then does not change (two times).

Each story is entered at the office day by day, and then asked at every day of it: what
counts now of that day, and what was known on it. An act that reaches back changes the
first for days past, and nothing of the second.
"""

from datetime import datetime
from typing import Any

import msgspec
import pytest

from changeover.basics.errors import ConflictError
from changeover.directory.model import Issuer
from changeover.orders.model import (
    Act,
    Amend,
    Instrument,
    Lift,
    Rescind,
    Scope,
    Stay,
    Vacate,
    Waive,
)
from changeover.orders.query import Answer, Question, answer
from tests.orders.answers import act
from tests.orders.conftest import Desk
from tests.orders.worlds import bind, day, directory, name, order, reading, source, winding

ONE, CLOUD = "alpha/one@alpha", "alpha/one@cloud"
LAST = 60
BAN = order("o", at=day(10))
WINDING = order("o", reading(wind_down=winding(day(50))), at=day(10))


class Story:
    """An office told day by day; `answers` are asked once it stands."""

    def __init__(self, desk: Desk) -> None:
        self.office, self.clock = desk.office, desk.clock
        base = directory(bindings=(bind("desk", ONE),))
        offices = (
            Issuer(id="court", name=name("The Court"), may_act_on=("head",)),
            Issuer(id="alpha-office", name=name("Alpha's office"), vendor="alpha"),
        )
        issuers = base.issuers | {office.id: office for office in offices}
        self.office.apply(msgspec.structs.replace(base, issuers=issuers), by="ana")

    def issue(self, on: int, instrument: Instrument) -> None:
        """Enters it on that day; two officers and a source are named where it needs them."""
        self.clock.move_to(day(on))
        entered = msgspec.structs.replace(instrument, sources=(source(),))
        self.office.issue(entered, by="ana", confirmed_by="ben")

    def acts(self, id_: str, *acts: Act, on: int, at: int | None = None, by: str = "court") -> None:
        """An instrument that only acts, entered on one day, effective on another."""
        kind = "ruling" if by == "court" else "order"
        self.issue(on, act(id_, *acts, at=on if at is None else at, issuer=by, kind=kind))

    def release(self, on: int, route: str = ONE, service: str = "desk") -> None:
        self.clock.move_to(day(on))
        self.office.release(service, route, by="ana")

    def ask(
        self, on: int, *, known: int | None = None, route: str = ONE, service: str = "desk"
    ) -> Answer:
        """What counts of a day, as known on another (now, when None)."""
        self.clock.move_to(max(self.clock.now(), day(on)))
        known_at: datetime | None = None if known is None else day(known)
        question = Question(service=service, model=route, at=day(on), known_at=known_at)
        return answer(self.office.ruleset(known_at=known_at), question, self.clock.now())

    def told(self, *days: int, **other: Any) -> list[str]:
        return [self.ask(on, **other).because for on in days]

    def beliefs(self, until: int) -> dict[tuple[int, int], str]:
        """What was known on each fifth day, of every fifth day."""
        days = range(5, LAST, 5)
        return {(k, d): self.ask(d, known=k).because for k in days if k < until for d in days}


@pytest.fixture
def story(desk: Desk) -> Story:
    return Story(desk)


class TestReturn:
    def test_what_was_refused_is_held_until_it_is_released(self, story: Story):
        story.issue(10, BAN)
        story.acts("s", Stay(instruments=("o",), until=day(40)), on=20)
        assert story.told(19, 20, 24) == ["prohibited", "held", "held"]
        assert story.ask(24).routes[0].held_by == ("o",)
        story.release(25)
        assert story.told(24, 25, 39) == ["held", "permitted", "permitted"]

    def test_barring_again_is_immediate_and_holds_anew(self, story: Story):
        story.issue(10, BAN)
        story.acts("s", Stay(instruments=("o",), until=day(40)), on=20)
        story.release(25)
        story.acts("t", Stay(instruments=("o",)), on=45)
        # No release reaches beyond the next refusal.
        assert story.told(39, 40, 44, 45) == ["permitted", "prohibited", "prohibited", "held"]
        story.release(46)
        assert story.told(46) == ["permitted"]

    def test_a_lifted_stay_bars_at_once(self, story: Story):
        story.issue(10, BAN)
        story.acts("s", Stay(instruments=("o",)), on=20)
        story.release(21)
        story.acts("l", Lift(instruments=("s",)), on=30)
        assert story.told(29, 30) == ["permitted", "prohibited"]

    def test_another_order_bars_what_was_released(self, story: Story):
        story.issue(10, BAN)
        story.acts("r", Rescind(instruments=("o",)), on=20, by="head")
        story.release(21)
        story.issue(30, order("p", at=day(30)))
        assert story.told(29, 30) == ["permitted", "prohibited"]
        story.acts("q", Rescind(instruments=("p",)), on=40, by="head")
        found = story.ask(40)
        assert (found.because, found.routes[0].held_by) == ("held", ("p",))

    def test_a_use_that_went_on_goes_on_and_what_was_refused_beside_it_is_held(self, story: Story):
        story.issue(10, WINDING)
        story.acts("s", Stay(instruments=("o",)), on=20)
        assert story.told(19, 20) == ["winding-down", "permitted"]
        assert story.told(19, 20, route=CLOUD) == ["new-use", "held"]

    def test_after_the_deadline_it_was_refused_and_is_held(self, story: Story):
        story.issue(10, WINDING)
        story.acts("s", Stay(instruments=("o",)), on=55)
        assert story.told(49, 50, 55) == ["winding-down", "prohibited", "held"]

    def test_a_release_is_for_one_service_and_one_route(self, story: Story):
        story.issue(10, BAN)
        story.acts("s", Stay(instruments=("o",)), on=20)
        story.release(25)
        assert story.told(26) == ["permitted"]
        assert story.told(26, route=CLOUD) == ["held"]
        assert story.ask(26, service="secret").routes[0].held_by == ("o",)

    def test_nothing_is_released_before_it_is_held_nor_twice(self, story: Story):
        story.issue(10, BAN)
        for on in (11, 19):
            with pytest.raises(ConflictError, match="is not held"):
                story.release(on)
        story.acts("s", Stay(instruments=("o",)), on=20)
        story.release(21)
        with pytest.raises(ConflictError, match="is not held"):
            story.release(22)
        assert story.told(22) == ["permitted"]

    def test_a_waiver_frees_at_once_and_its_end_bars_at_once(self, story: Story):
        story.issue(10, BAN)
        waive = Waive(instruments=("o",), services=("desk",), until=day(30))
        story.acts("w", waive, on=20, by="head")
        assert story.told(19, 20, 29, 30) == ["prohibited", "permitted", "permitted", "prohibited"]

    @pytest.mark.parametrize(
        ("instrument", "before"),
        [
            (order("o", reading(modality="require", requirements=("no-retention",)), at=day(10)),
             "requirement"),
            (order("o", reading(scope=Scope()), at=day(10), issuer="alpha-office", kind="terms"),
             "terms"),
        ],
    )  # fmt: skip
    def test_requirements_and_terms_leave_nothing_held(
        self, story: Story, instrument: Instrument, before: str
    ):
        story.issue(10, instrument)
        story.acts("r", Rescind(instruments=("o",)), on=20, by=instrument.issuer)
        assert story.told(19, 20) == [before, "permitted"]

    def test_a_network_that_admits_again_leaves_nothing_held(self, story: Story):
        scope = Scope(networks=("closed",))
        story.issue(10, order("a", reading(modality="permit", scope=scope), at=day(10)))
        story.acts("s", Stay(instruments=("a",), until=day(30)), on=20)
        assert story.told(19, 20, 30, service="secret") == [
            "permitted", "network-default", "permitted",
        ]  # fmt: skip


REACHING_BACK: list[tuple[str, Act, str, list[str]]] = [
    # Of days 5, 10, 15, 20, 29, 30 and 31, once all is known. The order was kept until
    # day 30, so that what it refused is held where in law it was ended already.
    (
        "rescinded as of day 15",
        Rescind(instruments=("o",), since=day(15)),
        "head",
        ["permitted", "prohibited", "held", "held", "held", "held", "held"],
    ),
    (
        "vacated as of day 15",
        Vacate(instruments=("o",), since=day(15)),
        "court",
        ["permitted", "prohibited", "held", "held", "held", "held", "held"],
    ),
    (
        "vacated from the beginning",
        Vacate(instruments=("o",), from_beginning=True),
        "court",
        ["permitted", "held", "held", "held", "held", "held", "held"],
    ),
    (
        "struck as of day 15",
        Amend(instruments=("o",), clause="one", since=day(15)),
        "head",
        ["permitted", "prohibited", "held", "held", "held", "held", "held"],
    ),
    (
        "stayed as of day 15: a stay begins when its ruling takes effect",
        Stay(instruments=("o",), since=day(15)),
        "court",
        ["permitted", "prohibited", "prohibited", "prohibited", "prohibited", "held", "held"],
    ),
]


@pytest.mark.parametrize(
    ("made", "by", "expected"),
    [pytest.param(made, by, expected, id=id_) for id_, made, by, expected in REACHING_BACK],
)
def test_a_correction_that_reaches_back(story: Story, made: Act, by: str, expected: list[str]):
    days = (5, 10, 15, 20, 29, 30, 31)
    story.issue(10, BAN)
    story.clock.move_to(day(29))
    before = story.beliefs(29)
    assert story.told(*days[:5]) == ["permitted"] + ["prohibited"] * 4
    story.acts("c", made, on=30, by=by)
    assert story.told(*days) == expected
    # What was known until then does not change; with what is known since, it is as above.
    assert story.beliefs(29) == before
    assert story.told(*days, known=29) == ["permitted"] + ["prohibited"] * 6
    assert story.told(*days, known=30) == expected
    # What was held is released from then on, and not for the days past.
    story.release(31)
    assert story.told(*days[:6]) == expected[:6]
    assert story.told(31, 40) == ["permitted", "permitted"]
    assert story.told(31, known=30) == ["held"]
    assert story.beliefs(29) == before


def test_an_order_that_is_recorded_late_binds_from_its_own_instant_and_was_not_known(story: Story):
    story.clock.move_to(day(19))
    before = story.beliefs(19)
    assert set(before.values()) == {"permitted"}
    story.issue(20, BAN)
    assert story.told(9, 10, 15, 20) == ["permitted", "prohibited", "prohibited", "prohibited"]
    assert story.told(15, 20, known=19) == ["permitted", "permitted"]
    assert story.told(15, known=20) == ["prohibited"]
    assert story.beliefs(19) == before


def test_a_stay_that_is_known_before_it_begins_is_no_stay_yet(story: Story):
    story.issue(10, BAN)
    story.acts("s", Stay(instruments=("o",)), on=20, at=30)
    assert story.told(29, 30) == ["prohibited", "held"]
    assert story.told(30, 31, known=19) == ["prohibited", "prohibited"]
    assert story.told(29, 30, known=20) == ["prohibited", "held"]
    assert story.ask(25).instruments[0].status == "operative"
    # Two questions: what was in force on day 30, and what was believed on day 19 of it.
    assert story.ask(30).instruments[0].status == "stayed"
    assert story.ask(30, known=19).instruments[0].status == "operative"


def test_the_order_was_kept_until_a_ruling_on_it_was_recorded(story: Story):
    story.issue(10, BAN)
    story.acts("s", Stay(instruments=("o",), until=day(40)), on=30, at=20)
    assert story.told(19, 20, 29, 30, 40) == ["prohibited", "held", "held", "held", "prohibited"]
    assert story.told(20, 29, known=29) == ["prohibited", "prohibited"]
    # What may be released is what is held now: for the days past it stays held.
    story.release(31)
    assert story.told(29, 31, 39, 40) == ["held", "permitted", "permitted", "prohibited"]
