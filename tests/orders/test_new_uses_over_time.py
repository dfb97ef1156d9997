"""Rule 3 over a record that changes: from `changeover apply` to the decision.

An order begins on day 10; a directory that is applied on day 20 changes the service or
the route; the answer is asked of the office on day 21. What a person must judge is
listed until the order's issuer judges it, and listed again when the judgement is off.
"""

from datetime import datetime
from typing import Any, NamedTuple

import msgspec
import pytest

from changeover.basics.errors import NotAuthorisedError
from changeover.directory.model import Binding, Directory, Issuer, Slot
from changeover.orders.awaiting import AwaitedUse, awaiting
from changeover.orders.drawing_up import Judgement
from changeover.orders.model import Stay
from changeover.orders.query import Answer, Question, answer
from tests.orders.answers import act
from tests.orders.conftest import Desk
from tests.orders.worlds import (
    bind,
    day,
    directory,
    name,
    order,
    reading,
    route,
    service,
    source,
    winding,
)

ONE, CLOUD, NEXT = "alpha/one@alpha", "alpha/one@cloud", "alpha/next@alpha"
ORDER = order("o", reading(wind_down=winding(day(100))), at=day(10))
BOUND = (bind("desk", ONE),)
APPLIED, ASKED = 20, 21


def world(*bindings: Binding, pinned: str = "one", **of_service: Any) -> Directory:
    """The small world with a court, in which the desk has 100 users and a budget of 1,000."""
    base = directory(bindings=bindings or BOUND)
    fields: dict[str, Any] = {"party": "bureau", "users": 100, "budget": 1000}
    desk = service("desk", **(fields | of_service))
    court = Issuer(id="court", name=name("The Court"), may_act_on=("head",))
    return msgspec.structs.replace(
        base,
        issuers=base.issuers | {"court": court},
        services=base.services | {"desk": desk},
        routes=base.routes | {ONE: route(ONE, upstream_model=pinned)},
    )


class Story:
    """The order over a desk's record, told in days."""

    def __init__(self, desk: Desk, *, before: Directory | None = None) -> None:
        self.desk = desk
        self.apply(2, before or world())
        desk.clock.move_to(day(10))
        desk.office.issue(ORDER, by="ana")

    def apply(self, at: int, applied: Directory) -> None:
        self.desk.clock.move_to(day(at))
        self.desk.office.apply(applied, by="ana")

    def judge(self, at: int, result: Any, **fields: Any) -> str:
        """The id of the judgement that the order's issuer records on that day."""
        self.desk.clock.move_to(day(at))
        judgement = Judgement(instrument="o", service="desk", result=result, **fields)
        made = self.desk.office.judge(judgement, by="ana", confirmed_by="ben", source=source())
        return made.instrument.id

    def ask(
        self,
        at: int = ASKED,
        route_id: str = ONE,
        known_at: datetime | None = None,
        service_id: str = "desk",
    ) -> Answer:
        self.desk.clock.move_to(max(self.desk.clock.now(), day(at)))
        ruleset = self.desk.office.ruleset(known_at=known_at)
        question = Question(service=service_id, model=route_id, at=day(at))
        return answer(ruleset, question, self.desk.clock.now())

    def told(self, at: int = ASKED, route_id: str = ONE, **other: Any) -> tuple[str, set[str]]:
        """Why it was decided so, and what a person must judge."""
        found = self.ask(at, route_id, **other)
        return found.because, {why for i in found.instruments for why in i.awaits}

    def awaited(self, at: int = ASKED) -> dict[str, AwaitedUse]:
        """The uses of the desk that await a person, by their routes."""
        self.desk.clock.move_to(max(self.desk.clock.now(), day(at)))
        found = awaiting(self.desk.office.rules.current, day(at)).uses
        return {use.route: use for use in found if use.service == "desk"}


GOES_ON: tuple[str, set[str]] = ("winding-down", set())
NEW: tuple[str, set[str]] = ("new-use", set())


def awaits(*why: str) -> tuple[str, set[str]]:
    return "new-use", set(why)


class Row(NamedTuple):
    """A case by its name: a directory, and the answer where it is applied after the order.

    `before` is the answer where it was applied before the order.
    """

    name: str
    applied: Directory
    expected: tuple[str, set[str]]
    route: str = ONE
    before: tuple[str, set[str]] = GOES_ON


ROWS = [
    Row("nothing of the service", world(created=day(0)), GOES_ON),
    Row("another owner", world(owner="someone"), GOES_ON),
    Row("half as many users again", world(users=150), GOES_ON),
    Row("more than that", world(users=151), awaits("more-users")),
    Row("fewer users", world(users=1), GOES_ON),
    Row("users no longer stated", world(users=None), GOES_ON),
    Row("a higher budget", world(budget=1001), awaits("raised-budget")),
    Row("a lower budget", world(budget=999), GOES_ON),
    Row("a budget no longer stated", world(budget=None), GOES_ON),
    Row(
        "many more users and a higher budget",
        world(users=1000, budget=2000),
        awaits("more-users", "raised-budget"),
    ),
    Row("another pinned version", world(pinned="one-2"), awaits("newer-version")),
    Row(
        "another pinned version, and many more users",
        world(pinned="one-2", users=1000),
        awaits("newer-version", "more-users"),
    ),
    Row("another party above", world(party="state"), NEW),
    Row("another party above, and many more users", world(party="state", users=1000), NEW),
    Row("another network", world(network="closed"), NEW, ONE, ("network-default", set())),
    Row("another purpose", world(slots=(Slot(name="chat", purpose="leisure"),)), NEW),
    Row("another slot of the same purpose", world(slots=(Slot(name="chat", purpose="work"),
        Slot(name="title", purpose="work"))), GOES_ON),
    Row("a fallback to another host", world(bind("desk", ONE, CLOUD)), GOES_ON),
    Row(
        "the fallback itself, by an edit of the binding that stood",
        world(bind("desk", ONE, CLOUD)),
        awaits("another-host"),
        CLOUD,
        GOES_ON,
    ),
    Row(
        "another host, by an edit that binds the model",
        world(bind("desk", "alpha/one")),
        awaits("another-host"),
        CLOUD,
        GOES_ON,
    ),
    Row("what was bound, by an edit that binds the model", world(bind("desk", "alpha/one")), GOES_ON),
    Row(
        "the fallback itself, bound since then",
        world(*BOUND, bind("desk", ONE, CLOUD, since=day(20))),
        awaits("another-host"),
        CLOUD,
        awaits("another-host"),
    ),
    Row("moved off", world(*BOUND, bind("desk", "beta/two", since=day(20))), NEW, ONE, NEW),
]  # fmt: skip


@pytest.mark.parametrize("row", [pytest.param(row, id=row.name) for row in ROWS])
def test_a_directory_applied_after_the_order(desk: Desk, row: Row):
    story = Story(desk)
    before = story.told(19, row.route)
    story.apply(APPLIED, row.applied)
    assert story.told(ASKED, row.route) == row.expected
    # What was known before the directory was applied does not change.
    known_at = day(APPLIED) - (day(1) - day(0))
    assert story.told(19, row.route, known_at=known_at) == before
    # What awaits a person is listed with who may judge it, and nothing else is.
    listed = story.awaited().get(row.route)
    assert (set() if listed is None else set(listed.why)) == row.expected[1]
    if listed is not None:
        assert (listed.order, listed.judges) == ("o", ("head",))


@pytest.mark.parametrize("row", [pytest.param(row, id=row.name) for row in ROWS])
def test_the_same_directory_applied_before_the_order(desk: Desk, row: Row):
    """What was so when the order began is what counts."""
    desk.office.apply(world(), by="ana")
    story = Story(desk, before=row.applied)
    assert story.told(ASKED, row.route) == row.before


@pytest.mark.parametrize(
    ("name_", "changed"),
    [
        ("users", {"users": 1000}),
        ("budget", {"budget": 5000}),
        ("pinned version", {"pinned": "one-2"}),
        ("party", {"party": "state"}),
        ("network", {"network": "closed"}),
    ],
)
def test_what_is_put_back_as_it_was_goes_on(desk: Desk, name_: str, changed: dict[str, Any]):
    story = Story(desk)
    story.apply(20, world(**changed))
    assert story.told(21)[0] == "new-use"
    story.apply(30, world())
    assert story.told(31) == GOES_ON


def test_a_service_that_is_created_later_is_a_new_use_also_under_an_older_ones_binding(desk: Desk):
    story = Story(desk)
    added = service("assistant", "bureau", created=day(20))
    applied = world(*BOUND, bind("assistant", ONE))
    services = applied.services | {"assistant": added}
    story.apply(20, msgspec.structs.replace(applied, services=services))
    assert story.told(service_id="assistant") == NEW
    assert story.told() == GOES_ON


class TestJudgements:
    GROWN = world(users=1000)

    @pytest.fixture
    def story(self, desk: Desk) -> Story:
        """The desk has many more users since day 20."""
        story = Story(desk)
        story.apply(20, self.GROWN)
        assert story.told() == awaits("more-users")
        return story

    def test_an_existing_use_goes_on_from_then_until_the_deadline(self, story: Story):
        story.judge(25, "existing")
        assert story.told(24) == awaits("more-users")
        found = story.ask(25)
        assert (found.because, found.deadline) == ("winding-down", day(100))
        assert story.told(100) == ("prohibited", set())
        assert story.awaited(26) == {}

    def test_a_new_one_stays_refused_and_is_settled(self, story: Story):
        assert set(story.awaited()) == {ONE}
        story.judge(25, "new")
        assert story.told(26) == NEW
        assert story.awaited(26) == {}

    def test_it_may_find_new_what_the_rules_take_for_existing(self, desk: Desk):
        story = Story(desk)
        story.judge(25, "new")
        assert [story.told(n) for n in (24, 25)] == [GOES_ON, NEW]

    def test_it_may_find_existing_what_the_rules_take_for_new(self, desk: Desk):
        story = Story(desk, before=world(bind("desk", "beta/two")))
        assert story.told() == NEW
        story.judge(25, "existing")
        assert story.told(26) == GOES_ON

    def test_it_counts_on_the_routes_and_for_the_purposes_that_it_names(self, story: Story):
        story.judge(25, "existing", routes=(CLOUD,))
        assert story.told(26, CLOUD) == GOES_ON
        assert story.told(26) == awaits("more-users")
        story.judge(27, "existing", purposes=("work",), routes=(ONE,))
        assert story.told(28) == GOES_ON

    def test_the_last_one_counts(self, story: Story):
        story.judge(25, "existing")
        story.judge(30, "new")
        story.judge(35, "existing")
        assert [story.told(n)[0] for n in (25, 30, 35)] == [
            "winding-down", "new-use", "winding-down",
        ]  # fmt: skip

    def test_while_it_is_stayed_the_question_is_open_again(self, story: Story):
        judged = story.judge(25, "existing")
        story.desk.clock.move_to(day(30))
        stay = act("s", Stay(instruments=(judged,), until=day(40)), at=30, issuer="court",
                   kind="ruling", sources=(source(),))  # fmt: skip
        story.desk.office.issue(stay, by="ana", confirmed_by="ben")
        assert [story.told(n) for n in (29, 30, 39, 40)] == [
            GOES_ON, awaits("more-users"), awaits("more-users"), GOES_ON,
        ]  # fmt: skip
        assert set(story.awaited(39)) == {ONE}
        assert story.awaited(40) == {}

    def test_it_may_be_rescinded_and_the_question_is_open_again(self, story: Story):
        judged = story.judge(25, "existing")
        story.desk.clock.move_to(day(30))
        story.desk.office.rescind(judged, by="ana", confirmed_by="ben", source=source())
        assert [story.told(n) for n in (29, 30)] == [GOES_ON, awaits("more-users")]
        assert set(story.awaited(30)) == {ONE}
        # What was known while it stood does not change.
        assert story.told(31, known_at=day(26)) == GOES_ON

    def test_who_did_not_issue_the_order_and_is_not_above_may_not_judge(self, story: Story):
        for issuer in ("chief", "other", "court"):
            with pytest.raises(NotAuthorisedError, match="may not judge"):
                story.judge(25, "existing", issuer=issuer)
        assert story.told(26) == awaits("more-users")

    def test_an_existing_use_frees_and_needs_a_second_officer(self, story: Story):
        judgement = Judgement(instrument="o", service="desk", result="existing")
        with pytest.raises(NotAuthorisedError, match="second officer"):
            story.desk.office.judge(judgement, by="ana", confirmed_by=None, source=source())
        assert story.told(26) == awaits("more-users")
