import pytest

from changeover.basics.errors import ConflictError, NotFoundError
from changeover.chat.choices import Choosing, choices
from changeover.directory.model import Slot
from tests.chat.world import Endpoints, World, memo
from tests.orders.worlds import day, order, reading, rules, service, winding


def choosing(world: World, *, slot: str = "chat", at=None) -> Choosing:
    return Choosing(world.ruleset, "desk", slot, at or world.clock.now(), world.endpoints)


def test_every_model_that_can_be_called_is_offered_the_binding_first():
    world = World()
    world.endpoints.stand_ins.add("beta")
    found = choices(world.ruleset, "desk", "chat", world.clock.now(), world.endpoints)
    assert [(c.id, c.bound, c.outcome, c.route) for c in found] == [
        ("alpha/one", True, "allow", "alpha/one@alpha"),
        ("beta/two", False, "allow", "beta/two@beta"),
        ("gamma/tuned", False, "allow", "gamma/tuned@cloud"),
    ]
    assert [c.stand_in for c in found] == [False, True, False]
    assert found[0].context == 1000


def test_a_barred_model_is_shown_with_the_order_and_what_derives_from_it_too():
    world = World()
    world.issue(memo(day(1), "beta/two"))
    world.bar_alpha()
    by_id = {choice.id: choice for choice in choosing(world).all()}
    assert list(by_id) == ["beta/two", "alpha/one", "gamma/tuned"]
    for barred in ("alpha/one", "gamma/tuned"):
        choice = by_id[barred]
        assert (choice.outcome, choice.because, choice.route) == ("refuse", "prohibited", None)
        assert choice.order is not None
        assert (choice.order.id, choice.order.issuer_name.en) == ("ban", "The Head")
        assert "Refusé" in choice.explanation.fr
    assert [choice.id for choice in choosing(world).instead("alpha/one")] == ["beta/two"]


def test_a_winding_down_model_is_offered_with_its_deadline():
    world = World()
    world.issue(order("phase-out", reading(wind_down=winding(day(90))), at=day(1)))
    choice = choosing(world).default()
    assert (choice.outcome, choice.deadline) == ("notice", day(90))
    assert choice.order is not None
    assert choice.order.id == "phase-out"
    ordered = choosing(world).instead("gamma/tuned")
    assert [c.outcome for c in ordered] == ["allow", "notice"]


def test_the_default_is_what_the_binding_lets_answer():
    world = World()
    world.issue(memo(day(1), "alpha/one", "beta/two"))
    assert choosing(world).default().id == "alpha/one"
    world.bar_alpha()
    assert choosing(world).default().id == "beta/two"


def test_when_all_is_refused_the_default_says_why():
    world = World()
    world.bar_alpha()
    assert (choosing(world).default().id, choosing(world).default().outcome) == (
        "alpha/one",
        "refuse",
    )


def test_what_cannot_be_called_is_not_offered():
    world = World()
    world.endpoints.missing.update({"beta", "alpha"})
    found = {choice.id: choice.route for choice in choosing(world).all()}
    assert found == {"alpha/one": "alpha/one@cloud", "gamma/tuned": "gamma/tuned@cloud"}
    world.endpoints.missing.add("cloud")
    with pytest.raises(ConflictError, match="No endpoint"):
        choosing(world).default()


def test_unknown_services_and_unbound_slots_are_said():
    with pytest.raises(NotFoundError, match="nowhere"):
        Choosing(World().ruleset, "nowhere", "chat", day(1), Endpoints())
    bare = service("bare", "bureau", slots=(Slot(name="chat", purpose="work"),))
    ruleset = rules(services=(bare,))
    with pytest.raises(NotFoundError):
        Choosing(ruleset, "bare", "chat", day(1), Endpoints()).default()
