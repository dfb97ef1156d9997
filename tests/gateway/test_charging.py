"""What the journal says that calls cost, by how they ended."""

from zoneinfo import ZoneInfo

import msgspec
import pytest

from changeover.conversation.model import Usage
from changeover.gateway.charging import Charge, spent_on
from changeover.gateway.model import CallOutcome, CallRecord
from changeover.gateway.ports import UpstreamError
from changeover.gateway.refusal import Refusal
from changeover.metering.lease import Lease
from changeover.metering.limits import Account, span_of
from changeover.metering.meter import Reservation
from changeover.metering.model import Rates, Tariff
from tests.gateway.calls import intent, outcome
from tests.gateway.test_serving import ONE, TWO, answer
from tests.gateway.worlds import DONE, Arriving, World, chunk, reply
from tests.metering.worlds import limit
from tests.orders.worlds import bind, day, order, rules, service

RATES = Rates(input=10, cached=1, written=12, written_hour=20, output=50, reasoning=None)
TARIFF = Tariff(steps=((0, RATES),), source="list", caches=True)
COUNTED = Usage(input_tokens=100, cached_tokens=40, output_tokens=7)


def closed(charge, result="answered", status=200, usage=COUNTED):
    charge.written()
    found = charge.close(result, status, usage)
    return found.cost, found.basis


def test_an_answer_costs_what_its_vendor_counted():
    assert closed(Charge("chat", TARIFF)) == (60 * 10 + 40 + 7 * 50, "counted")


def test_what_never_left_and_what_a_vendor_refused_is_free():
    never = Charge("chat", TARIFF).close("failed", None, Usage())
    assert (never.cost, never.basis) == (0, "unbilled")
    assert closed(Charge("chat", TARIFF), "failed", 429, Usage()) == (0, "unbilled")
    assert closed(Charge("count-tokens", TARIFF)) == (0, "unbilled")


@pytest.mark.parametrize(("result", "status"), [("cut", 200), ("failed", 200), ("failed", None)])
def test_what_broke_off_has_no_cost_that_is_known(result, status):
    assert closed(Charge("chat", TARIFF), result, status) == (None, "uncounted")


def test_an_answer_without_a_price_says_so_and_keeps_its_counts():
    charge = Charge("chat", None)
    charge.written()
    found = charge.close("answered", 200, COUNTED)
    assert (found.cost, found.basis, found.cached_tokens) == (None, "unpriced", 40)


FREE = Rates(input=0, cached=0, written=0, written_hour=0, output=0, reasoning=None, request=5)


def own(**rates):
    """A price of the installation's own, by the request but for the rates that are given."""
    steps = ((0, msgspec.structs.replace(FREE, **rates)),)
    return msgspec.structs.replace(TARIFF, source="override", steps=steps)


def test_sound_is_priced_by_the_installation_s_own_price_alone():
    assert closed(Charge("speak", TARIFF)) == (None, "unpriced")
    assert closed(Charge("speak", own()), usage=Usage()) == (5, "counted")
    assert closed(Charge("draw", own(output=50))) == (5 + 7 * 50, "counted")


@pytest.mark.parametrize(
    ("rates", "usage"),
    [
        ({"input": 10, "output": 50}, Usage()),
        ({"output": 50}, Usage(input_tokens=3)),
        ({"reasoning": 50}, Usage(input_tokens=3)),
        ({"written_hour": 10}, Usage(output_tokens=3)),
    ],
)
def test_sound_by_the_token_without_counts_has_no_cost_that_is_known(rates, usage):
    assert closed(Charge("speak", own(**rates)), usage=usage) == (None, "uncounted")
    charge = Charge("draw", own(**rates))
    budget = limit(1_000)
    lease = Lease(Account(budget, span_of("month", day(1), ZoneInfo("UTC"))), day(1))
    lease.left = 1_000
    lease.take(900, day(1))
    charge.reservation = Reservation([(lease, 900)])
    assert closed(charge, usage=usage) == (900, "reserved")


def test_sound_needs_counts_only_of_the_tokens_that_have_a_price():
    assert closed(Charge("speak", own(input=10)), usage=Usage(input_tokens=3)) == (35, "counted")
    assert closed(Charge("draw", own(output=50)), usage=Usage(output_tokens=3)) == (155, "counted")


def test_a_call_whose_process_was_killed_is_uncounted_and_a_refused_one_is_free():
    unknown = CallOutcome(start="start_1", seq=1, at=intent(1).at, result="unknown")
    assert spent_on(CallRecord(intent=intent(1), outcome=unknown)).basis == "uncounted"
    refused = msgspec.structs.replace(outcome(1), result="refused")
    assert spent_on(CallRecord(intent=intent(1), outcome=refused)).cost == 0


class Priced:
    """Implements `TariffSource`: one route has the tariff."""

    def __init__(self, route):
        self._route = route

    def tariff(self, route, at):
        return TARIFF if route.id == self._route else None


def serving(priced):
    desk = service("desk", "bureau", when_barred="replace")
    bindings = (bind("desk", "alpha/one", "beta/two"),)
    return World(rules(bindings=bindings, services=(desk,)), at=day(1), prices=Priced(priced))


def journalled(world):
    return [(spent.cost, spent.basis) for o in world.journal.outcomes if (spent := o.spent)]


USAGE = {
    "prompt_tokens": 100,
    "completion_tokens": 7,
    "total_tokens": 107,
    "prompt_tokens_details": {"cached_tokens": 40},
}


async def test_the_journal_says_what_a_call_cost():
    world = serving(ONE)
    world.vendor.answers["alpha"] = reply(usage=USAGE)
    await answer(world)
    assert journalled(world) == [(60 * 10 + 40 + 7 * 50, "counted")]


async def test_a_fallback_costs_what_its_own_route_costs():
    world = serving(TWO)
    away = UpstreamError("It hung.")
    world.vendor.answers = {"alpha": away, "cloud": away, "beta": reply(usage=USAGE)}
    await answer(world)
    assert journalled(world) == [*[(None, "unpriced")] * 2, (990, "counted")]


async def test_a_vendor_that_is_too_busy_bills_nothing():
    world = serving(TWO)
    busy = Arriving([b"{}"], status=429)
    world.vendor.answers = {"alpha": busy, "cloud": busy, "beta": reply(usage=USAGE)}
    await answer(world)
    assert journalled(world) == [*[(0, "unbilled")] * 2, (990, "counted")]


async def test_a_stream_that_breaks_off_has_no_cost_that_is_known():
    world = serving(ONE)
    world.vendor.answers["alpha"] = Arriving([chunk("Hel")])
    await answer(world, stream=True)
    assert journalled(world) == [(None, "uncounted")]


async def test_a_stream_is_priced_by_the_counts_at_its_end():
    world = serving(ONE)
    counts = {"id": "r1", "object": "chat.completion.chunk", "created": 1, "model": "m"}
    last = b"data: " + msgspec.json.encode(counts | {"choices": [], "usage": USAGE}) + b"\n\n"
    world.vendor.answers["alpha"] = Arriving([chunk("Hello."), chunk(finish="stop"), last, DONE])
    await answer(world, stream=True)
    assert journalled(world) == [(990, "counted")]


async def test_what_an_order_bars_before_the_write_costs_nothing():
    world = World(rules(), at=day(1), prices=Priced(ONE))

    async def order_arrives():
        world.rules.replace(rules(order("bar")))

    world.vendor.on_connect = order_arrives
    with pytest.raises(Refusal):
        await answer(world)
    assert set(journalled(world)) == {(0, "unbilled")}
