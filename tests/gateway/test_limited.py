"""Limits on the way of a call: reserved before it is journalled, refused in the client's shape."""

from datetime import timedelta

import msgspec
import pytest

from changeover.basics.errors import ChangeoverError
from changeover.gateway.call import Came
from changeover.gateway.limited import Limited
from changeover.gateway.ports import UpstreamError
from changeover.gateway.refusal import Refusal
from changeover.gateway.segments import JournalError
from changeover.identity.keys import create_key
from changeover.identity.model import KeyRequest
from changeover.metering.book import LimitBook
from changeover.metering.limits import Limit
from changeover.metering.meter import Meter
from tests.gateway.test_charging import TARIFF, USAGE, Priced
from tests.gateway.test_operations import ruleset
from tests.gateway.test_serving import TWO, answer
from tests.gateway.worlds import Arriving, World, applications, chunk, reply
from tests.metering.worlds import Accounts
from tests.orders.worlds import bind, day, rules, service

OWN = msgspec.structs.replace(TARIFF, source="override")


class Everything:
    """Implements `TariffSource`: every route has the tariff."""

    def __init__(self, tariff=TARIFF):
        self._tariff = tariff

    def tariff(self, route, at):
        return self._tariff


def limit(amount, measure="money", subject="service", named="desk"):
    return Limit(
        subject=subject,
        named=named,
        measure=measure,
        period="month" if measure == "money" else "minute",
        amount=amount,
        set_by="ana",
        set_at=day(1),
    )


def limited(*limits, prices=None, **desk):
    bindings = (bind("desk", "alpha/one", "beta/two"),)
    served = service("desk", "bureau", **{"when_barred": "replace", **desk})
    meter = Meter(LimitBook(limits), Accounts())
    return World(
        rules(bindings=bindings, services=(served,)),
        at=day(1),
        prices=prices or Everything(),
        meter=meter,
    )


def left(world, of):
    return of.amount - world.serving._parts.meter._allowances.out(of)


async def settled(world, of):
    await world.serving._parts.meter.give_back()
    return left(world, of)


async def test_what_a_call_cost_is_taken_and_the_rest_of_its_reserve_is_free():
    of = limit(10**9)
    world = limited(of)
    world.vendor.answers["alpha"] = reply(usage=USAGE)
    await answer(world)
    assert await settled(world, of) == 10**9 - 990
    (intent,) = world.journal.intents
    assert intent.reserve is not None
    assert intent.reserve.accounts == ("service:desk/money/month/2026-01",)
    assert intent.reserve.money > 990


async def test_a_budget_that_is_spent_refuses_before_anything_is_journalled():
    world = limited(limit(1))
    world.vendor.answers["alpha"] = reply(usage=USAGE)
    await answer(world)  # it takes more than there is, once
    with pytest.raises(Limited) as refused:
        await answer(world)
    assert (refused.value.status, refused.value.kind) == (429, "budget_spent")
    assert "The budget of" in refused.value.message
    assert "this month, US$ 0.0000000000010," in refused.value.message
    assert refused.value.headers["x-should-retry"] == "false"
    assert (len(world.journal.intents), len(world.vendor.sent)) == (1, 1)


async def test_a_party_s_limit_covers_what_is_part_of_it():
    of = limit(10**9, subject="party", named="state")
    world = limited(of)
    world.vendor.answers["alpha"] = reply(usage=USAGE)
    await answer(world)
    assert await settled(world, of) == 10**9 - 990


async def test_a_fallback_reserves_for_itself_and_what_never_left_takes_nothing():
    of, asked = limit(10**9), limit(10, "requests")
    world = limited(of, asked)
    away = UpstreamError("It hung.")
    world.vendor.answers = {"alpha": away, "cloud": Arriving([b"{}"], status=429)}
    world.vendor.answers["beta"] = reply(usage=USAGE)
    await answer(world)
    # What alpha was sent and never answered may be billed: its reserve is taken.
    first = world.journal.intents[0].reserve
    assert first is not None
    assert await settled(world, of) == 10**9 - 990 - first.money
    assert left(world, asked) == 7


async def test_tokens_are_counted_in_and_out():
    of = limit(10**9, "tokens")
    world = limited(of)
    world.vendor.answers["alpha"] = reply(usage=USAGE)
    await answer(world)
    assert await settled(world, of) == 10**9 - 107


async def test_a_stream_that_breaks_off_takes_all_that_was_reserved():
    of = limit(10**12)
    world = limited(of)
    world.vendor.answers["alpha"] = Arriving([chunk("Hel")])
    await answer(world, stream=True)
    (intent,), (outcome,) = world.journal.intents, world.journal.outcomes
    assert intent.reserve is not None
    assert outcome.spent is not None
    assert (outcome.spent.cost, outcome.spent.basis) == (intent.reserve.money, "reserved")
    assert await settled(world, of) == 10**12 - intent.reserve.money


async def test_a_route_without_a_price_gives_way_where_money_is_limited():
    world = limited(limit(10**9), prices=Priced(TWO))
    await answer(world)
    assert [sent.host for sent in world.vendor.sent] == ["beta"]
    nothing = limited(limit(10**9), prices=Priced("none"))
    with pytest.raises(Refusal) as refused:
        await answer(nothing)
    assert (refused.value.status, refused.value.kind) == (403, "no_price")
    assert nothing.vendor.sent == []


async def test_a_journal_that_takes_no_intent_frees_what_was_reserved():
    of = limit(10**9)
    world = limited(of)

    async def full():
        raise JournalError("The disk is full.")

    world.journal.on_intend = full
    with pytest.raises(Refusal):
        await answer(world)
    assert await settled(world, of) == 10**9


class Away(Accounts):
    def draw(self, draws):
        raise ChangeoverError("The database is away.")


async def test_where_nobody_can_say_what_is_left_nothing_is_sent():
    world = limited(limit(10**9))
    world.serving._parts.meter._allowances = Away()
    with pytest.raises(Refusal) as refused:
        await answer(world)
    assert (refused.value.status, refused.value.kind) == (503, "limits_unreachable")
    assert world.vendor.sent == []


BODIES = {
    "openai-chat": {"model": "one", "messages": [{"role": "user", "content": "Hi"}]},
    "anthropic-messages": {
        "model": "one",
        "max_tokens": 50,
        "messages": [{"role": "user", "content": "Hi"}],
    },
    "gemini-generate": {"contents": [{"role": "user", "parts": [{"text": "Hi"}]}]},
}


def _gateway(world):
    request = KeyRequest(service="desk", slot="chat", scopes=("chat",))
    secret, key = create_key(request, now=day(1), by="ana")
    return applications(world, key), secret.reveal()


async def refused_in(protocol, of):
    world = limited(of)
    gateway, secret = _gateway(world)
    came = Came(body=msgspec.json.encode(BODIES[protocol]), target="one:generateContent")
    world.vendor.answers["alpha"] = reply(usage=USAGE)
    assert (await gateway.chat(protocol, secret, came)).status == 200
    return await gateway.chat(protocol, secret, came)


async def test_openai_s_clients_find_what_is_allowed_in_their_headers():
    refused = await refused_in("openai-chat", limit(1, "requests"))
    assert refused.status == 429
    assert refused.headers["x-ratelimit-limit-requests"] == "1"
    assert refused.headers["x-ratelimit-remaining-requests"] == "0"
    assert refused.headers["x-ratelimit-reset-requests"] == "1m0s"
    assert refused.headers["retry-after"] == "60"
    error = msgspec.json.decode(refused.body)["error"]
    assert error["code"] == "requests_limit"
    assert "may take 1 request a minute" in error["message"]


async def test_anthropic_s_clients_find_it_in_theirs():
    refused = await refused_in("anthropic-messages", limit(10, "tokens"))
    assert refused.headers["anthropic-ratelimit-tokens-limit"] == "10"
    reset = (day(1) + timedelta(minutes=1)).strftime("%Y-%m-%dT%H:%M:%SZ")
    assert refused.headers["anthropic-ratelimit-tokens-reset"] == reset
    assert msgspec.json.decode(refused.body)["error"]["type"] == "rate_limit_error"


async def test_google_s_clients_find_it_in_the_error():
    refused = await refused_in("gemini-generate", limit(1, "requests"))
    error = msgspec.json.decode(refused.body)["error"]
    assert error["status"] == "RESOURCE_EXHAUSTED"
    assert error["details"][-1]["retryDelay"] == "60s"


async def test_a_spent_budget_says_when_it_begins_anew():
    refused = await refused_in("openai-chat", limit(1))
    assert refused.status == 429
    assert refused.headers["x-should-retry"] == "false"
    assert int(refused.headers["retry-after"]) > 24 * 3600
    assert not any(name.startswith("x-ratelimit") for name in refused.headers)


def pictured(of):
    """The desk's gateway with a model that takes files, under a limit; and its key."""
    meter = Meter(LimitBook((of,)), Accounts())
    world = World(ruleset(), at=day(1), prices=Everything(OWN), meter=meter)
    gateway, secret = _gateway(world)
    world.vendor.answers["alpha"] = b'{"text": "Hi"}'
    return world, gateway, secret


def form(n):
    field = '--b\r\nContent-Disposition: form-data; name="{}"\r\n\r\n{}\r\n'
    return (field.format("n", n) + field.format("model", "alpha/voice") + "--b--\r\n").encode()


async def post(gateway, secret, body, content_type):
    return await gateway.media("/audio/transcriptions", secret, body, content_type)


@pytest.mark.parametrize("n", [129, 10**20])
async def test_more_answers_than_a_vendor_gives_are_refused_before_anything_is_reserved(n):
    of = limit(10**12, "tokens")
    world, gateway, secret = pictured(of)
    written = msgspec.json.encode({"model": "alpha/voice", "n": n})
    for refused in (
        await post(gateway, secret, form(n), "multipart/form-data; boundary=b"),
        await post(gateway, secret, written, "application/json"),
    ):
        assert refused.status == 400
        error = msgspec.json.decode(refused.body)["error"]
        assert (error["code"], error["param"]) == ("too_many_answers", "n")
    assert (world.vendor.sent, left(world, of)) == ([], of.amount)


async def test_each_answer_that_a_form_asks_for_is_reserved():
    reserved = []
    for n in (1, 128):
        world, gateway, secret = pictured(limit(10**12))
        answered = await post(gateway, secret, form(n), "multipart/form-data; boundary=b")
        assert answered.status == 200
        reserve = world.journal.intents[0].reserve
        assert reserve is not None
        reserved.append(reserve.money)
    assert reserved[1] > 100 * reserved[0]
