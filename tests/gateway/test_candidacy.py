"""Who is asked where vendors fail: weights, resting routes, one more try, the last resort."""

import asyncio
from collections import Counter

import msgspec
import pytest

from changeover.directory.model import Waits, Weight
from changeover.gateway.conversing import Conversing
from changeover.gateway.ports import UpstreamError
from changeover.gateway.refusal import Refusal
from tests.gateway.test_serving import answer, asking, replacing, words
from tests.gateway.worlds import Arriving, World
from tests.orders.worlds import bind, day, rules, service

DOWN = UpstreamError("Down.", unsent=True)
HUNG = UpstreamError("It hung.")
BUSY = Arriving([b'{"error":{"message":"busy"}}'], status=529)


def hosts(world: World) -> list[str]:
    return [sent.host for sent in world.vendor.sent]


async def answered(world: World, times: int = 1) -> None:
    for _ in range(times):
        assert words(await answer(world)) == "Hello."


async def test_a_route_that_fails_call_after_call_is_passed_over():
    world = replacing()
    world.vendor.answers["alpha"] = HUNG
    await answered(world, 7)
    assert hosts(world) == ["alpha", "cloud"] * 5 + ["cloud"] * 2
    # Nothing is journalled for a route that is not asked.
    assert [intent.host for intent in world.journal.intents] == hosts(world)


async def test_when_all_rest_one_of_them_is_asked_all_the_same():
    world = replacing()
    world.vendor.answers = dict.fromkeys(("alpha", "cloud", "beta"), HUNG)
    for _ in range(6):
        with pytest.raises(Refusal):
            await answer(world)
    asked = hosts(world)
    assert asked == ["alpha", "cloud", "beta"] * 5 + [asked[-1]]
    world.vendor.answers.clear()
    await answered(world)
    assert len(hosts(world)) == 17


async def test_more_calls_than_a_few_do_not_wait_for_vendors_that_hang():
    world = World(rules(bindings=(bind("desk", "alpha/one@alpha"),)), at=day(1))
    world.vendor.answers["alpha"] = HUNG
    for _ in range(5):
        with pytest.raises(Refusal):
            await answer(world, model="alpha/one@alpha")
    going = asyncio.Event()

    async def waits() -> None:
        await going.wait()

    world.vendor.on_connect = waits
    calls = [asyncio.create_task(answer(world, model="alpha/one@alpha")) for _ in range(6)]
    done, waiting = await asyncio.wait(calls, timeout=0.2)
    assert (len(done), len(waiting)) == (2, 4)
    refusals = [call.exception() for call in done]
    for refusal in refusals:
        assert isinstance(refusal, Refusal)
        assert (refusal.status, refusal.kind) == (503, "vendor_fails")
        assert int(refusal.headers["retry-after"]) >= 1
    going.set()
    assert {type(e) for e in await asyncio.gather(*waiting, return_exceptions=True)} == {Refusal}


@pytest.mark.parametrize(("fault", "again"), [(DOWN, True), (BUSY, True), (HUNG, False)])
async def test_what_was_asked_for_is_tried_once_more_only_where_that_is_safe(fault, *, again: bool):
    world = replacing()
    await answered(world, 10)
    world.vendor.sent.clear()
    world.vendor.answers = {"alpha": fault, "cloud": HUNG}
    await answered(world)
    assert hosts(world) == ["alpha", "cloud", *(["alpha"] if again else []), "beta"]


async def test_a_second_try_that_serves_needs_no_replacement_and_is_a_line_of_its_own():
    world = replacing()
    await answered(world, 10)
    world.vendor.sent.clear()
    world.vendor.answers = {"alpha": DOWN, "cloud": HUNG}

    def recovers() -> None:
        world.vendor.answers.pop("alpha", None)

    world.vendor.on_write = lambda: recovers() if world.vendor.sent[-1].host == "cloud" else None
    begun = await Conversing(world.serving).ask(asking())
    assert begun.served.instead_of is None
    await begun.aclose()
    assert hosts(world) == ["alpha", "cloud", "alpha"]
    assert world.journal.results[-3:] == ["failed", "failed", "answered"]


async def test_a_vendor_that_asks_for_a_long_wait_is_not_tried_again():
    world = replacing()
    await answered(world, 10)
    world.vendor.sent.clear()
    late = Arriving([b"{}"], status=429, headers={"retry-after": "30"})
    world.vendor.answers = {"alpha": late, "cloud": HUNG}
    await answered(world)
    assert hosts(world) == ["alpha", "cloud", "beta"]


async def test_a_vendor_that_refuses_requests_is_sound():
    world = replacing()
    world.vendor.answers["alpha"] = Arriving([b'{"error":{"message":"no"}}'], status=400)
    for _ in range(30):
        with pytest.raises(Refusal):
            await answer(world)
    assert world.serving.health.told()[0].state == "sound"


async def test_calls_to_a_model_are_shared_by_weight_and_the_rest_follow():
    shares = (
        Weight(route="alpha/one@alpha", share=1),
        Weight(route="alpha/one@cloud", share=3),
    )
    bound = msgspec.structs.replace(bind("desk", "alpha/one", "beta/two"), weights=shares)
    desk = service("desk", "bureau", when_barred="replace")
    world = World(rules(bindings=(bound,), services=(desk,)), at=day(1))
    await answered(world, 200)
    counted = Counter(hosts(world))
    assert counted["alpha"] + counted["cloud"] == 200
    assert 25 < counted["alpha"] < 80
    world.vendor.sent.clear()
    world.vendor.answers["cloud"] = HUNG
    await answered(world, 20)
    assert set(hosts(world)) == {"alpha", "cloud"}
    assert hosts(world).count("cloud") <= 5


async def test_a_service_says_how_long_its_calls_wait():
    desk = service("desk", "bureau", waits=Waits(first_token=7))
    world = World(rules(bindings=(bind("desk", "alpha/one"),), services=(desk,)), at=day(1))
    await answered(world)
    assert world.vendor.sent[0].waits == Waits(first_token=7)


async def test_what_failed_is_told_with_the_refusal():
    world = replacing()
    world.vendor.answers = dict.fromkeys(("alpha", "cloud", "beta"), HUNG)
    with pytest.raises(Refusal) as refused:
        await answer(world)
    assert refused.value.down == ("alpha/one@alpha", "alpha/one@cloud", "beta/two@beta")
