"""The order of 12 June: addressed to a vendor, it concerns two of its models and some persons.

It prohibits the use of the two models by any foreign national. A person whose
attribute is unknown is reached, and so is a call without a person: an application's
key. That the vendor then switches both models off for everyone is a fact of supply:
it is told of the models, and prohibits nothing.
"""

from datetime import datetime

import msgspec
import pytest

from changeover.basics.errors import InvalidInputError
from changeover.directory.model import Directory, Issuer
from changeover.orders.decide import decide
from changeover.orders.decision import Person
from changeover.orders.model import Instrument, Scope, Target
from changeover.orders.query import Answer, Question, answer
from changeover.orders.ruleset import Known, Ruleset, call_of, compile_ruleset
from tests.orders.worlds import (
    bind,
    day,
    directory,
    issued,
    model,
    name,
    order,
    reading,
    route,
    winding,
)

FOREIGN = "foreign-national"
NATIONAL = Person(no=frozenset({FOREIGN}))
FOREIGNER = Person(yes=frozenset({FOREIGN}))
NOT_KNOWN = Person()
KEY = None
AFTER = day(11)
PERSONS = {"no": NATIONAL, "yes": FOREIGNER, "unknown": NOT_KNOWN, "an application's key": KEY}


class World:
    """The small world in which `vendor` makes four models, of which the order names two.

    `cloud` resells one of the two; a model that derives from it is another maker's.
    """

    def __init__(self, vendor: str, other: str) -> None:
        self.vendor = vendor
        self.named = (f"{vendor}/large", f"{vendor}/small")
        self.barred = (
            f"{vendor}/large@{vendor}",
            f"{vendor}/large@cloud",
            f"{vendor}/small@{vendor}",
            "gamma/large-tuned@cloud",
        )
        self.free = (f"{vendor}/old@{vendor}", f"{other}/large@{other}")
        self.directory = self._directory(other)
        targets = (Target(models=self.named),)
        self.reading = reading(targets=targets, scope=Scope(attributes=(FOREIGN,)))

    def _directory(self, other: str) -> Directory:
        models = [
            *(model(f"{self.vendor}/{short}") for short in ("large", "small", "old")),
            model(f"{other}/large"),
            model("gamma/large-tuned", derived_from=(f"{self.vendor}/large",)),
        ]
        base = directory(bindings=(bind("desk", *self.named),))
        return msgspec.structs.replace(
            base,
            models=base.models | {m.id: m for m in models},
            routes=base.routes | {r: route(r) for r in (*self.barred, *self.free)},
            issuers=base.issuers
            | {
                "office": Issuer(id="office", name=name("The vendor's office"), vendor=self.vendor),
            },
        )

    def order(self, **fields) -> Instrument:
        """The order, announced and served to the vendor, in effect on day 10."""
        return order("o", self.reading, at=day(10), served={self.vendor: day(9)}, **fields)

    def rules(self, *instruments: Instrument, over: Directory | None = None) -> Ruleset:
        known = Known(directory=over or self.directory, issued=tuple(map(issued, instruments)))
        return compile_ruleset(known, version="test")

    def ask(
        self, ruleset: Ruleset, route_id: str, person: Person | None, at: datetime = AFTER
    ) -> Answer:
        question = Question(service="desk", model=route_id, at=at, person=person)
        return answer(ruleset, question, at)


@pytest.fixture(params=[("alpha", "beta"), ("beta", "alpha")], ids=["alpha", "beta"])
def world(request: pytest.FixtureRequest) -> World:
    return World(*request.param)


@pytest.mark.parametrize(
    ("person", "outcome"),
    [("yes", "refuse"), ("no", "allow"), ("unknown", "refuse"), ("an application's key", "refuse")],
)
def test_whom_it_reaches(world: World, person: str, outcome: str):
    ruleset = world.rules(world.order())
    for barred in world.barred:
        before = world.ask(ruleset, barred, PERSONS[person], day(10) - (day(1) - day(0)))
        assert before.outcome == "allow"
        found = world.ask(ruleset, barred, PERSONS[person])
        assert (found.outcome, found.because) == (
            outcome,
            "prohibited" if outcome == "refuse" else "permitted",
        )
        assert [i.id for i in found.instruments] == (["o"] if outcome == "refuse" else [])
    for free in world.free:
        assert world.ask(ruleset, free, PERSONS[person]).outcome == "allow"


def test_it_says_whether_attributes_matched_and_never_which(world: World):
    ruleset = world.rules(world.order())
    selected = {}
    for who in ("yes", "unknown", "an application's key"):
        found = world.ask(ruleset, world.barred[0], PERSONS[who])
        [cited] = found.instruments
        selected[who] = cited.attributes
        assert FOREIGN not in msgspec.json.encode(found).decode()
    assert selected == {"yes": "matched", "unknown": "unknown", "an application's key": "unknown"}
    with pytest.raises(InvalidInputError, match="selects persons by colour"):
        world.ask(ruleset, world.barred[0], Person(yes=frozenset({"colour"})))


def test_each_of_two_attributes_must_be_yes_and_one_no_is_enough(world: World):
    world.reading = msgspec.structs.replace(
        world.reading, scope=Scope(attributes=(FOREIGN, "abroad"))
    )
    ruleset = world.rules(world.order())

    def outcome(yes: set[str], no: set[str]) -> str:
        person = Person(yes=frozenset(yes), no=frozenset(no))
        return world.ask(ruleset, world.barred[0], person).outcome

    assert outcome({FOREIGN, "abroad"}, set()) == "refuse"
    assert outcome({FOREIGN}, set()) == "refuse"
    assert outcome({FOREIGN}, {"abroad"}) == "allow"
    assert outcome(set(), {"abroad"}) == "allow"


@pytest.mark.parametrize(
    ("person", "because"),
    [
        ("yes", "permitted"),
        ("no", "network-default"),
        ("unknown", "network-default"),
        ("an application's key", "network-default"),
    ],
)
def test_a_permit_for_such_persons_reaches_only_who_is_known_to_be_one(
    world: World, person: str, because: str
):
    scope = Scope(networks=("closed",), attributes=(FOREIGN,))
    targets = (Target(models=world.named),)
    ruleset = world.rules(order("a", reading(modality="permit", targets=targets, scope=scope)))
    call = msgspec.structs.replace(
        call_of(world.directory.services["secret"], "chat"), person=PERSONS[person]
    )
    assert decide(ruleset, call, world.barred[0], day(1)).because == because


def test_winding_down_an_existing_use_goes_on_for_whom_it_reaches_with_a_notice(world: World):
    world.reading = msgspec.structs.replace(world.reading, wind_down=winding(day(100)))
    ruleset = world.rules(world.order())
    found = {who: world.ask(ruleset, world.barred[0], p) for who, p in PERSONS.items()}
    assert {who: a.outcome for who, a in found.items()} == {
        "no": "allow", "yes": "notice", "unknown": "notice", "an application's key": "notice",
    }  # fmt: skip


def test_that_the_vendor_switches_both_off_is_told_of_the_models_and_prohibits_nothing(
    world: World,
):
    models = dict(world.directory.models)
    for id_ in world.named:
        models[id_] = msgspec.structs.replace(models[id_], retires=day(20))
    off = msgspec.structs.replace(world.directory, models=models)
    ruleset = world.rules(world.order(), over=off)
    for barred in world.barred:
        found = world.ask(ruleset, barred, NATIONAL, day(30))
        assert (found.outcome, found.because, found.instruments) == ("allow", "permitted", ())
        assert found.routes[0].held_by == ()
    # An announcement of it that the vendor's office has recorded binds nobody either.
    note = order(
        "note",
        reading(targets=(Target(models=world.named),), scope=Scope()),
        issuer="office",
        kind="terms",
        at=None,
        announced=day(20),
    )
    announced = world.rules(world.order(), note, over=off)
    found = world.ask(announced, world.barred[0], NATIONAL, day(30))
    assert (found.outcome, [i.status for i in found.instruments]) == ("allow", ["announced"])


def test_what_could_be_used_instead_are_models_that_the_order_does_not_name(world: World):
    found = world.ask(world.rules(world.order()), world.barred[0], FOREIGNER)
    assert set(world.free) <= set(found.instead)
    assert set(world.barred).isdisjoint(found.instead)
