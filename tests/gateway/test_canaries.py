"""Canaries: what is barred refuses them, what is not lets them out, and no vendor hears of either."""

import pytest

from changeover.directory.model import PROTOCOLS
from changeover.gateway.canaries import Canaries, Canary
from changeover.orders.lease import EndlessLease
from changeover.upstream.endpoint import Endpoint
from changeover.upstream.http import HttpUpstream
from changeover.upstream.sink import Sink
from changeover.upstream.waits import Timeouts
from tests.gateway.worlds import World
from tests.orders.worlds import bind, day, order, rules

ONE, TWO = "alpha/one@alpha", "beta/two@beta"


class Lapsed(EndlessLease):
    def lapsed(self) -> str | None:
        return "its lease ran out"


STATE = {"bureau", "state"}


async def made(*instruments, lease=None, routes=(ONE, TWO)) -> tuple[World, Sink, list[Canary]]:
    world = World(rules(*instruments, bindings=(bind("desk", "alpha/one", "beta/two"),)), at=day(1))
    async with Sink() as sink:
        endpoints = [
            Endpoint(host=host, protocol=protocol, base_url=sink.url)
            for host in ("alpha", "beta")
            for protocol in PROTOCOLS
        ]
        async with HttpUpstream(endpoints, Timeouts(total=5)) as upstream:
            parts = world.parts(upstream=upstream, lease=lease or EndlessLease())
            found = await Canaries(parts, lambda: sink.reached).of(routes)
    return world, sink, found


def of_the_state(counts: dict[str, int]) -> int:
    return sum(number for party, number in counts.items() if party in STATE)


async def test_a_barred_route_refuses_every_service_in_reach_and_no_vendor_hears_of_it():
    world, sink, (one, two) = await made(order("bar"))
    assert of_the_state(one.asked) == of_the_state(one.refused) >= 1
    assert one.instruments == ("bar",)
    assert (one.route, one.maker, one.host) == (ONE, "alpha", "alpha")
    assert "desk/chat" not in one.let_out
    assert "desk/chat" in two.let_out
    assert sink.reached == len(one.let_out) + len(two.let_out)
    assert (world.vendor.sent, world.journal.intents) == ([], [])


async def test_what_nothing_bars_is_let_out_to_the_sink_alone():
    world, sink, (one, two) = await made()
    assert one.instruments == ()
    assert "desk/chat" in one.let_out
    assert sink.reached == len(one.let_out) + len(two.let_out) > 2
    assert sum(one.asked.values()) == len(one.let_out) + sum(one.refused.values())
    assert (world.vendor.sent, world.journal.intents) == ([], [])


async def test_what_something_else_than_the_rules_stops_is_not_asked():
    _, sink, (one, _) = await made(lease=Lapsed())
    assert (one.refused, one.let_out, sink.reached) == ({}, (), 0)
    assert len(one.not_asked) == sum(one.asked.values())


async def test_a_route_that_left_the_directory_is_passed_over():
    _, _, found = await made(order("bar"), routes=["alpha/none@alpha", ONE])
    assert [one.route for one in found] == [ONE]


@pytest.mark.parametrize("begins", [True, False])
async def test_an_order_that_begins_while_it_connects_refuses_it_at_the_last_look(begins: bool):
    """The look that is taken when the connection stands is the canary's too."""
    world = World(rules(bindings=(bind("desk", "alpha/one"),)), at=day(1))

    async def connected() -> None:
        if begins:
            world.rules.replace(rules(order("bar"), bindings=(bind("desk", "alpha/one"),)))

    world.vendor.on_connect = connected
    canaries = Canaries(world.parts(), lambda: len(world.vendor.sent))
    (one,) = await canaries.of([ONE])
    assert (of_the_state(one.refused) == of_the_state(one.asked)) is begins
    assert ("desk/chat" in one.let_out) is not begins
