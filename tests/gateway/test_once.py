"""Calls that are made once: kept answers, calls under way, other requests, other callers."""

import asyncio
from datetime import timedelta

import msgspec
import pytest

from changeover.basics.clock import FixedClock
from changeover.gateway.answer import Answer
from changeover.gateway.call import Came, Gateway, GatewayParts
from changeover.gateway.door import Door
from changeover.gateway.once import GREATEST_KEPT, Once, Sent
from changeover.identity.keys import KeyRing, create_key
from changeover.identity.model import KeyRequest
from changeover.wire.registry import codec, passage
from tests.gateway.worlds import DONE, WRAPPING, Arriving, World, chunk, reply
from tests.kept_answers import FakeKeptAnswers
from tests.orders.worlds import T0, bind, day, rules

STREAM = [chunk("Yes, "), chunk("indeed."), chunk(finish="stop"), DONE]
BODY = {"model": "alpha/one@alpha", "messages": [{"role": "user", "content": "Hi"}]}


class Site:
    """A gateway with two callers, each with a key of its own."""

    def __init__(self) -> None:
        self.world = World(rules(bindings=(bind("desk", "alpha/one"),)), at=day(1))
        self.kept = FakeKeptAnswers()
        self.clock = FixedClock(T0)
        request = KeyRequest(service="desk", slot="chat")
        made = [create_key(request, now=T0, by="ana") for _ in range(2)]
        self.secrets = [secret.reveal() for secret, _ in made]
        ring = KeyRing([key for _, key in made])
        door = Door(ring, self.world.clock)
        once = Once(self.kept, door, self.clock, "start_1", 24)
        self.gateway = Gateway(
            GatewayParts(
                serving=self.world.serving,
                keys=ring,
                codec=codec,
                passage=passage,
                clock=self.world.clock,
                wrapping=WRAPPING,
                once=once,
            )
        )

    async def call(
        self,
        name: str = "call-1",
        *,
        who: int = 0,
        presented: str | None = None,
        where: str = "/v1/chat/completions?",
        **fields,
    ) -> Answer:
        body = msgspec.json.encode(BODY | fields)
        key = presented or self.secrets[who]
        sent = Sent(presented=key, name=name, where=where, body=body)
        return await self.gateway.once(
            "openai-chat", sent, lambda: self.gateway.chat("openai-chat", key, Came(body=body))
        )

    @property
    def calls(self) -> int:
        return len(self.world.vendor.sent)


@pytest.fixture
def site() -> Site:
    return Site()


async def read(answer: Answer) -> bytes:
    assert answer.stream is not None
    try:
        return b"".join([piece async for piece in answer.stream])
    finally:
        await answer.stream.aclose()


def code(answer: Answer) -> tuple[int, str]:
    return answer.status, msgspec.json.decode(answer.body)["error"]["code"]


async def test_the_same_call_again_is_given_the_same_answer_and_reaches_no_vendor(site: Site):
    first, second = await site.call(), await site.call()
    assert (first.status, site.calls) == (200, 1)
    assert second.body == first.body
    assert second.headers == {**first.headers, "changeover-replayed": "true"}
    assert (await site.call("call-2")).status == 200
    assert site.calls == 2


async def test_a_stream_is_given_again_as_it_was(site: Site):
    site.world.vendor.answers["alpha"] = Arriving(STREAM)
    first = await read(await site.call(stream=True))
    again = await site.call(stream=True)
    assert (await read(again), again.headers["changeover-replayed"]) == (first, "true")
    assert b"indeed." in first
    assert site.calls == 1


async def test_a_call_under_way_is_409_and_then_its_answer(site: Site):
    going = asyncio.Event()

    async def waits() -> None:
        await going.wait()

    site.world.vendor.on_connect = waits
    first = asyncio.create_task(site.call())
    await asyncio.sleep(0.05)
    second = await site.call()
    assert code(second) == (409, "idempotency_key_under_way")
    assert second.headers["retry-after"] == "1"
    going.set()
    answer = await first
    assert (await site.call()).body == answer.body
    assert site.calls == 1


@pytest.mark.parametrize("other", [{"temperature": 1}, {"where": "/v1/messages?"}])
async def test_another_request_under_the_key_is_422(site: Site, other):
    await site.call()
    assert code(await site.call(**other)) == (422, "idempotency_key_reused")
    assert site.calls == 1


async def test_another_caller_has_another_key(site: Site):
    await site.call()
    other = await site.call(who=1)
    assert "changeover-replayed" not in other.headers
    assert site.calls == 2


async def test_a_key_that_opens_nothing_is_given_no_kept_answer(site: Site):
    await site.call()
    wrong = site.secrets[0][:-4] + "aaaa"
    assert (await site.call(presented=wrong)).status == 401
    assert site.calls == 1


async def test_what_is_kept_tells_nothing_without_the_callers_key(site: Site):
    site.world.vendor.answers["alpha"] = reply("A secret of state.")
    await site.call("name-of-the-call")
    ((claim, sealed, _),) = site.kept.rows.values()
    held = repr((claim, sealed))
    for told in ("secret of state", "name-of-the-call", "Hi", site.secrets[0]):
        assert told not in held


async def test_a_call_that_fails_or_breaks_off_frees_its_key(site: Site):
    site.world.vendor.answers["alpha"] = Arriving([b"{}"], status=500)
    assert (await site.call()).status == 500
    site.world.vendor.answers["alpha"] = Arriving(STREAM[:2])
    assert b"error" in await read(await site.call(stream=True))
    del site.world.vendor.answers["alpha"]
    assert (await site.call()).status == 200
    assert site.calls == 3


async def test_a_client_that_leaves_frees_its_key(site: Site):
    async def hangs() -> None:
        await asyncio.sleep(60)

    site.world.vendor.on_connect = hangs
    first = asyncio.create_task(site.call())
    await asyncio.sleep(0.05)
    first.cancel()
    with pytest.raises(asyncio.CancelledError):
        await first
    site.world.vendor.on_connect = None
    site.world.vendor.answers["alpha"] = Arriving(STREAM, hold=True)
    left = await site.call(stream=True)
    assert left.stream is not None
    await anext(aiter(left.stream))
    await left.stream.aclose()
    site.world.vendor.answers.clear()
    assert (await site.call()).status == 200


async def test_an_answer_is_kept_for_its_hours(site: Site):
    await site.call()
    site.clock.move_to(T0 + timedelta(hours=23, minutes=59))
    assert "changeover-replayed" in (await site.call()).headers
    site.clock.move_to(T0 + timedelta(hours=24))
    assert "changeover-replayed" not in (await site.call()).headers


@pytest.mark.parametrize("streamed", [False, True])
async def test_one_that_is_too_long_is_told_to_have_been_given(site: Site, *, streamed: bool):
    long = "x" * GREATEST_KEPT
    answer = Arriving([chunk(long), *STREAM]) if streamed else reply(long)
    site.world.vendor.answers["alpha"] = answer
    first = await site.call(stream=streamed)
    if streamed:
        assert len(await read(first)) > GREATEST_KEPT
    assert code(await site.call(stream=streamed)) == (409, "answer_not_kept")
    assert site.calls == 1


@pytest.mark.parametrize("name", ["", "x" * 256, "with space", "é"])
async def test_a_name_that_is_none_is_400(site: Site, name: str):
    assert code(await site.call(name)) == (400, "idempotency_key_unreadable")
    assert site.calls == 0
