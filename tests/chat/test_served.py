"""The stamp's words for each way in which a model comes to answer."""

from datetime import datetime

import pytest

from changeover.chat.served import Seen, Stamp
from changeover.gateway.exchange import ServedBy
from changeover.orders.decide import decide
from changeover.orders.model import Scope
from changeover.orders.ruleset import Ruleset, call_of
from tests.chat.world import World, memo
from tests.orders import answers
from tests.orders.worlds import day, order, reading, winding


def stamp(world: World, route: str, asked: str = "default", instead_of: str | None = None) -> Stamp:
    return stamp_by(world.ruleset, world.clock.now(), route, asked, instead_of)


def stamp_by(
    ruleset: Ruleset, now: datetime, route: str, asked: str, instead_of: str | None = None
) -> Stamp:
    call = call_of(ruleset.directory.services["desk"], "chat")
    before = None if instead_of is None else decide(ruleset, call, instead_of, now)
    by = ServedBy(
        call_id="call_1",
        asked=asked,
        call=call,
        route=ruleset.directory.routes[route],
        maker="alpha",
        decision=decide(ruleset, call, route, now),
        instead_of=instead_of,
        replaced=before if before is not None and before.outcome == "refuse" else None,
        stand_in=True,
    )
    return Stamp(ruleset, "chat", by)


def test_a_model_that_replaces_a_barred_one_cites_the_order():
    world = World()
    world.bar_alpha()
    replacing = stamp(world, "beta/two@beta", instead_of="alpha/one@alpha")
    served = replacing.served(Seen(), demonstration=False)
    assert served.replaced == "alpha/one@alpha"
    assert [cited.id for cited in served.instruments] == ["ban"]
    assert replacing.cause is not None
    assert served.why.en == "two answers in place of one, which “ban” does not let desk use."
    assert (
        served.why.fr == "two répond à la place de one, dont « ban » ne permet pas l'usage à desk."
    )


def test_a_model_that_replaces_a_silent_one_cites_nothing():
    replacing = stamp(World(), "beta/two@beta", instead_of="alpha/one@alpha")
    served = replacing.served(Seen(), demonstration=False)
    assert served.why.en == "two answers in place of one, which gave no answer."
    assert (replacing.cause, served.instruments) == (None, ())


def test_a_deadline_is_in_the_words_and_its_order_cited_but_not_the_cause():
    world = World()
    world.issue(order("phase-out", reading(wind_down=winding(day(90))), at=day(1)))
    winding_down = stamp(world, "alpha/one@alpha")
    served = winding_down.served(Seen(), demonstration=True)
    assert served.deadline == day(90)
    assert served.why.en.endswith("It may be used until 1 April 2026 (“phase-out”).")
    assert served.why.fr.endswith("Son usage est permis jusqu'au 1er avril 2026 (« phase-out »).")
    assert [cited.id for cited in served.instruments] == ["phase-out"]
    assert winding_down.cause is None


@pytest.mark.parametrize(("asked", "cause"), [("default", "memo"), ("beta/two", None)])
def test_a_binding_is_the_cause_only_for_who_named_no_model(asked, cause):
    world = World()
    world.issue(memo(day(1), "beta/two"))
    found = stamp(world, "beta/two@beta", asked).cause
    assert (None if found is None else found.id) == cause


def test_what_a_vendors_terms_permit_is_not_among_the_orders_that_mattered():
    to_all = reading(modality="permit", scope=Scope())
    ruleset = answers.world(
        order("terms-1", to_all, issuer="alpha-office", kind="terms"),
        order("admission", reading(modality="permit")),
    )
    by = stamp_by(ruleset, day(5), "alpha/one@alpha", "alpha/one")
    served = by.served(Seen(), demonstration=False)
    assert [cited.id for cited in served.instruments] == ["admission"]
