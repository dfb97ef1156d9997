"""Permission that returns moves no traffic (rule 9), by whichever path traffic could come back."""

from contextlib import suppress

import pytest

from changeover.gateway.conversing import Conversing
from changeover.gateway.ports import UpstreamError
from changeover.gateway.refusal import Refusal
from changeover.orders.model import Instrument, Release, Rescind
from tests.gateway.test_serving import asking
from tests.gateway.worlds import World
from tests.orders.worlds import bind, day, issued, name, order, rules, service

ONE = "alpha/one@alpha"
BARRED = order("bar", at=day(1))
BACK = Instrument(
    id="back",
    issuer="head",
    kind="order",
    title=name("back"),
    published=day(10),
    clauses=(),
    acts=(Rescind(instruments=("bar",)),),
)


def world(*models: str, release: bool = False, since: int = 0) -> World:
    """After the order was rescinded, with what the service was bound to all the while."""
    releases = (Release(service="desk", route=ONE, at=day(11), by="officer"),) if release else ()
    ruleset = rules(
        issued(BARRED, day(1)),
        issued(BACK, day(10)),
        bindings=(bind("desk", *models, since=day(since)),),
        services=(service("desk", "bureau", when_barred="replace"),),
        releases=releases,
    )
    return World(ruleset, at=day(12))


async def called(made: World, model: str) -> list[str]:
    """The hosts that were called for a model, in their order."""
    with suppress(Refusal):
        await (await Conversing(made.serving).ask(asking(model))).aclose()
    return [sent.host for sent in made.vendor.sent]


async def test_a_binding_that_stood_before_the_order_does_not_bring_traffic_back():
    assert await called(world("alpha/one", "beta/two"), "one") == ["beta"]
    assert await called(world("alpha/one"), "one") == []


async def test_a_fallback_chain_does_not_either():
    made = world("beta/two", "alpha/one")
    made.vendor.answers["beta"] = UpstreamError("The vendor is away.")
    assert await called(made, "two") == ["beta"]


async def test_nor_a_binding_made_after_the_permission_returned():
    assert await called(world("alpha/one", since=11), "one") == []


async def test_the_caller_is_told_that_an_officer_has_to_release_it():
    with pytest.raises(Refusal) as refused:
        await Conversing(world("alpha/one").serving).ask(asking("one"))
    assert (refused.value.status, refused.value.kind) == (403, "held")
    assert "until an officer releases it" in refused.value.message


@pytest.mark.parametrize("models", [("alpha/one",), ("beta/two", "alpha/one")])
async def test_once_released_each_path_is_open(models: tuple[str, ...]):
    made = world(*models, release=True)
    if models[0] == "beta/two":
        made.vendor.answers["beta"] = UpstreamError("The vendor is away.")
    assert (await called(made, models[0].partition("/")[2]))[-1] == "alpha"
