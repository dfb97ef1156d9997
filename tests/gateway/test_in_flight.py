"""Answers on their way when an order begins: cut or let go on, and told with both instants."""

from datetime import timedelta

import msgspec
import pytest

from changeover.conversation.events import Failed, TextDelta
from changeover.directory.model import Directory
from changeover.gateway.conversing import Conversing, ModelAnswer
from changeover.gateway.exchange import CUT_BY_ORDER
from changeover.orders.model import Moment
from changeover.orders.ruleset import Known, compile_ruleset
from tests.gateway.test_serving import asking, replacing
from tests.gateway.worlds import DONE, Arriving, World, chunk
from tests.orders.worlds import day, directory, issued, order, reading, rules

MILLISECOND = timedelta(milliseconds=1)


@pytest.mark.parametrize(("in_flight", "ends"), [("cut", True), ("finish", False)])
async def test_an_order_cuts_an_answer_on_its_way_only_if_it_says_so(in_flight, ends):
    world = replacing()
    world.vendor.answers = {"alpha": Arriving([chunk("Hel")], hold=True)}
    begun = await Conversing(world.serving).ask(asking(stream=True))
    events = begun.events()
    while not isinstance(await anext(events), TextDelta):
        pass
    world.rules.replace(rules(order("bar", reading(in_flight=in_flight))))
    world.serving.in_flight.review()
    if ends:
        (last,) = [event async for event in events]
        assert isinstance(last, Failed)
        assert (last.kind, "bar" in last.message) == (CUT_BY_ORDER, True)
    await events.aclose()
    await begun.aclose()
    assert world.journal.results == ["cut"]
    assert world.journal.outcomes[0].error == (CUT_BY_ORDER if ends else None)


@pytest.mark.parametrize(
    ("removed", "told"), [("services", "service desk"), ("routes", "route alpha/one@alpha")]
)
async def test_an_answer_of_what_left_the_directory_is_cut(removed: str, told: str):
    world = replacing()
    world.vendor.answers = {"alpha": Arriving([chunk("Hel")], hold=True)}
    begun = await Conversing(world.serving).ask(asking(stream=True))
    events = begun.events()
    while not isinstance(await anext(events), TextDelta):
        pass
    ended = order("bar", reading(until=Moment(at=day(1))))
    known = Known(directory=without(removed), issued=(issued(ended),))
    world.rules.replace(compile_ruleset(known, version="later"))
    world.serving.in_flight.review()
    (last,) = [event async for event in events]
    assert isinstance(last, Failed)
    assert f"The {told} was removed from the directory." in last.message
    await begun.aclose()


def without(removed: str) -> Directory:
    base, gone = directory(), {"desk", "alpha/one@alpha"}
    rest = {id_: entry for id_, entry in getattr(base, removed).items() if id_ not in gone}
    return msgspec.structs.replace(base, **{removed: rest})


async def under_way(*instruments) -> tuple[World, ModelAnswer, list[str]]:
    """A world in which an answer is on its way at the end of the first day."""
    world = World(rules(*instruments), at=day(1) - 100 * MILLISECOND)
    world.vendor.answers = {"alpha": Arriving([chunk("Hel")], hold=True)}
    told: list[str] = []
    world.serving.in_flight.subscribe(lambda: told.append("sooner"))
    begun = await Conversing(world.serving).ask(asking(stream=True))
    return world, begun, told


async def test_a_review_is_due_when_an_order_begins():
    world, begun, told = await under_way(order("bar", reading(in_flight="cut"), at=day(1)))
    assert told == ["sooner"]
    assert world.serving.in_flight.wait(0.5) == pytest.approx(0.1)
    world.serving.in_flight.review()
    assert world.serving.in_flight.wait(0.5) == pytest.approx(0.1)
    assert world.serving.in_flight.wait(0.05) == 0.05
    world.clock.move_to(day(1))
    world.serving.in_flight.review()
    assert world.serving.in_flight.wait(0.5) == 0.5
    events = [event async for event in begun.events()]
    assert isinstance(events[-1], Failed)
    await begun.aclose()


async def test_without_an_order_to_come_the_longest_wait_is_taken():
    world, begun, told = await under_way()
    assert (told, world.serving.in_flight.wait(0.5)) == ([], 0.5)
    await begun.aclose()


async def test_a_second_answer_that_awaits_the_same_order_wakes_nobody():
    world, begun, told = await under_way(order("bar", at=day(1)))
    second = await Conversing(world.serving).ask(asking(stream=True))
    assert told == ["sooner"]
    await second.aclose()
    await begun.aclose()


@pytest.mark.parametrize(("in_flight", "result"), [("cut", "cut"), ("finish", "answered")])
async def test_the_outcome_tells_which_order_overtook_the_answer_and_when_it_began(
    in_flight, result
):
    world = World(rules(order("bar", reading(in_flight=in_flight), at=day(1))), at=day(0))
    world.vendor.answers = {"alpha": Arriving([chunk("Hel"), chunk(finish="stop"), DONE])}
    begun = await Conversing(world.serving).ask(asking(stream=True))
    world.clock.move_to(day(1) + MILLISECOND)
    world.serving.in_flight.review()
    _ = [event async for event in begun.events()]
    await begun.aclose()
    (outcome,) = world.journal.outcomes
    assert (outcome.result, outcome.at) == (result, day(1) + MILLISECOND)
    assert (outcome.overtaken_by, outcome.overtaken_at) == (("bar",), day(1))


async def test_what_nothing_overtook_says_so():
    world, begun, _ = await under_way(order("bar", at=day(1)))
    await begun.aclose()
    (outcome,) = world.journal.outcomes
    assert (outcome.overtaken_by, outcome.overtaken_at) == ((), None)


async def test_a_call_that_was_refused_was_overtaken_by_nothing():
    world = replacing(order("bar"))
    begun = await Conversing(world.serving).ask(asking())
    await begun.aclose()
    assert [outcome.overtaken_by for outcome in world.journal.outcomes] == [()]
