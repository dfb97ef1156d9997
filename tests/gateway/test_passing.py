"""An application's bytes pass through to a vendor of its own protocol, and nowhere else."""

from typing import Any

import msgspec

from changeover.directory.model import Protocol
from changeover.gateway.answer import Answer
from changeover.gateway.call import Came
from changeover.gateway.ports import UpstreamError
from changeover.identity.keys import create_key
from changeover.identity.model import KeyRequest
from tests.gateway.worlds import DONE, Arriving, World, applications, chunk, reply
from tests.orders.worlds import bind, day, order, reading, route, rules, service

UNHEARD: dict[str, Any] = {"unheard_of": [1.5]}
SEARCH: dict[str, Any] = {"web_search_options": {}}


class Site:
    """A desk whose binding names Alpha's model, which speaks as its clients do, and Beta's."""

    def __init__(self, *instruments, beta: Protocol = "anthropic-messages", **desk) -> None:
        other = route("beta/two@beta", protocol=beta)
        desk_ = service("desk", "bureau", **{"when_barred": "replace", **desk})
        bindings = (bind("desk", "alpha/one@alpha", "beta/two"),)
        ruleset = rules(*instruments, bindings=bindings, services=(desk_,), routes=(other,))
        self.world = World(ruleset, at=day(1))
        secret, key = create_key(KeyRequest(service="desk", slot="chat"), now=day(1), by="ana")
        self.gateway = applications(self.world, key)
        self._key = secret.reveal()

    async def ask(self, headers: dict[str, str] | None = None, **more: Any) -> Answer:
        body = {"model": "default", "messages": [{"role": "user", "content": "Hi"}], **more}
        came = Came(body=msgspec.json.encode(body), headers=headers or {})
        return await self.gateway.chat("openai-chat", self._key, came)

    @property
    def sent(self) -> Any:
        (outgoing,) = self.world.vendor.sent
        return msgspec.json.decode(outgoing.body)


def message(text: str) -> bytes:
    said = {"id": "m", "model": "two", "content": [{"type": "text", "text": text}]}
    counts = {"usage": {"input_tokens": 1, "output_tokens": 1}, "stop_reason": "end_turn"}
    return msgspec.json.encode(said | counts)


async def test_what_nobody_here_knows_reaches_a_vendor_of_the_clients_protocol_and_back():
    site = Site()
    whole = msgspec.json.decode(reply()) | {"news": {"x": 1.5}}
    whole |= {"usage": {"prompt_tokens": 3, "completion_tokens": 2}}
    site.world.vendor.answers = {"alpha": msgspec.json.encode(whole)}
    answer = await site.ask(**UNHEARD, **SEARCH, seed=4)
    assert site.sent["unheard_of"] == [1.5]
    assert (site.sent["model"], site.sent["web_search_options"], site.sent["seed"]) == (
        "one",
        {},
        4,
    )
    given = msgspec.json.decode(answer.body)
    assert (given["news"], given["model"], given["id"]) == ({"x": 1.5}, "alpha/one", "r1")
    assert "changeover-losses" not in answer.headers
    (outcome,) = site.world.journal.outcomes
    assert (outcome.result, outcome.served_model, outcome.input_tokens) == ("answered", "m", 3)


async def test_a_replacement_of_another_protocol_gets_what_it_can_be_asked():
    site = Site(order("bar"))
    site.world.vendor.answers = {"beta": message("Hi.")}
    answer = await site.ask(**UNHEARD, max_tokens=9)
    assert answer.headers["changeover-losses"] == "unheard_of"
    assert "unheard_of" not in site.sent
    assert msgspec.json.decode(answer.body)["choices"][0]["message"]["content"] == "Hi."


async def test_a_replacement_of_the_same_protocol_gets_what_its_model_takes():
    site = Site(order("bar"), beta="openai-chat")
    site.world.vendor.answers = {"beta": reply()}
    answer = await site.ask(**UNHEARD)
    assert answer.headers["changeover-losses"] == "unheard_of"
    assert (site.sent["model"], "unheard_of" in site.sent) == ("two", False)


async def test_what_another_protocol_cannot_be_asked_is_refused_only_there():
    assert (await Site().ask(**SEARCH, n=2)).status == 200
    site = Site(order("bar"))
    refused = await site.ask(n=2)
    assert refused.status == 400
    assert "n is not supported" in msgspec.json.decode(refused.body)["error"]["message"]
    assert site.world.vendor.sent == []


async def test_where_the_first_vendor_fails_its_failure_is_heard_and_not_what_the_next_lacks():
    site = Site()
    site.world.vendor.answers = {"alpha": UpstreamError("Down.")}
    refused = await site.ask(n=2)
    assert refused.status == 502


async def test_what_would_be_lost_is_no_loss_where_it_passes():
    site = Site(losses="refuse")
    assert (await site.ask(**UNHEARD)).status == 200
    site = Site(order("bar"), losses="refuse")
    refused = await site.ask(**UNHEARD, max_tokens=9)
    assert (refused.status, refused.headers["changeover-losses"]) == (400, "unheard_of")
    assert b"would_lose" in refused.body
    assert site.world.vendor.sent == []


async def test_state_at_a_vendor_is_refused_whoever_serves():
    site = Site()
    parts = [{"type": "file", "file": {"file_id": "f"}}]
    refused = await site.ask(messages=[{"role": "user", "content": parts}])
    assert refused.status == 400
    assert b"file_id" in refused.body
    assert site.world.journal.intents == []


async def streamed(answer: Answer) -> bytes:
    assert answer.stream is not None
    pieces = b"".join([piece async for piece in answer.stream])
    await answer.stream.aclose()
    return pieces


async def test_a_streams_frames_pass_as_they_come():
    site = Site()
    news = b'event: news\ndata: {"choices":[],"x":1.50}\n\n'
    frames = [chunk("Hel"), news, chunk("lo."), chunk(finish="stop"), DONE]
    site.world.vendor.answers = {"alpha": Arriving(frames)}
    given = await streamed(await site.ask(stream=True))
    assert given == b"".join(frames).replace(b'"model":"m"', b'"model":"alpha/one"')
    assert site.world.journal.results == ["answered"]


async def test_a_stream_that_breaks_off_ends_with_an_error_behind_its_last_whole_frame():
    site = Site()
    site.world.vendor.answers = {"alpha": Arriving([chunk("Hel"), chunk("lo")[:20]])}
    given = await streamed(await site.ask(stream=True))
    first, last, rest = given.split(b"\n\n")
    assert (b"Hel" in first, b'"error"' in last, rest) == (True, True, b"")
    assert site.world.journal.results == ["failed"]


async def test_an_order_cuts_a_passing_stream_in_its_clients_protocol():
    site = Site(when_barred="refuse")
    site.world.vendor.answers = {"alpha": Arriving([chunk("Hel"), chunk("lo")[:20]], hold=True)}
    answer = await site.ask(stream=True)
    assert answer.stream is not None
    pieces = aiter(answer.stream)
    first = await anext(pieces)
    barring = order("bar", reading(in_flight="cut"))
    desk = service("desk", "bureau")
    site.world.rules.replace(rules(barring, services=(desk,)))
    site.world.serving.in_flight.review()
    rest = b"".join([piece async for piece in pieces])
    await answer.stream.aclose()
    assert b"Hel" in first
    error = msgspec.json.decode(rest.removeprefix(b"data: "))["error"]
    assert error["code"] == "cut_by_order"
    assert "bar" in error["message"]
    assert [(o.result, o.error) for o in site.world.journal.outcomes] == [("cut", "cut_by_order")]


async def test_headers_that_say_what_a_body_means_go_with_it():
    desk = service("desk", "bureau")
    anthropic = route("alpha/one@alpha", protocol="anthropic-messages")
    ruleset = rules(services=(desk,), routes=(anthropic,), bindings=(bind("desk", anthropic.id),))
    world = World(ruleset, at=day(1))
    secret, key = create_key(KeyRequest(service="desk", slot="chat"), now=day(1), by="ana")
    world.vendor.answers = {"alpha": message("Hi.")}
    body = {"model": "default", "max_tokens": 9, "messages": [{"role": "user", "content": "Hi"}]}
    headers = {"anthropic-beta": "context-1m", "authorization": "Bearer x", "cookie": "y"}
    came = Came(body=msgspec.json.encode(body), headers=headers)
    answer = await applications(world, key).chat("anthropic-messages", secret.reveal(), came)
    assert answer.status == 200
    assert world.vendor.sent[0].headers == {"anthropic-beta": "context-1m"}
