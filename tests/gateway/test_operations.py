"""What is asked of a model beside chat goes the one way to a vendor, as chat does."""

from typing import Any

import msgspec
import pytest

from changeover.gateway.answer import Answer
from changeover.gateway.exchange import CUT_BY_ORDER
from changeover.gateway.ports import UpstreamError
from changeover.identity.keys import create_key
from changeover.identity.model import KeyRequest, KeyScope
from changeover.orders.ruleset import Known, Ruleset, compile_ruleset
from tests.gateway.worlds import Arriving, World, applications
from tests.orders.worlds import (
    T0,
    bind,
    day,
    directory,
    issued,
    model,
    order,
    reading,
    route,
    service,
)

VECTOR = {"object": "list", "data": [{"index": 0, "embedding": [0.6, 0.8]}], "model": "vec-1"}
COUNTED = b'{"input_tokens": 12}'
CHAT: dict[str, Any] = {"messages": [{"role": "user", "content": "Hello there, keeper."}]}


def ruleset(*instruments, losses: Any = "report") -> Ruleset:
    """The small world with models that embed and speak, and a service that takes replacements."""
    base = directory(bindings=(bind("desk", "alpha/vec", "beta/vec"),))
    models = [
        model("alpha/vec", kind="embedding"),
        model("beta/vec", kind="embedding"),
        model("alpha/voice", kind="audio"),
        model("gamma/voice", kind="audio"),
        model("alpha/counts"),
    ]
    routes = [
        route("alpha/vec@alpha"),
        route("alpha/vec@cloud", protocol="gemini-generate"),
        route("beta/vec@beta"),
        route("alpha/voice@alpha"),
        route("gamma/voice@cloud", protocol="anthropic-messages"),
        route("alpha/counts@alpha", protocol="anthropic-messages"),
    ]
    desk = service("desk", "bureau", when_barred="replace", losses=losses)
    known = Known(
        directory=msgspec.structs.replace(
            base,
            models=base.models | {each.id: each for each in models},
            routes=base.routes | {each.id: each for each in routes},
            services=base.services | {"desk": desk},
        ),
        issued=tuple(issued(each) for each in instruments),
        releases=(),
        calls=(),
    )
    return compile_ruleset(known, version="test")


class Calling:
    """A gateway in a world, and a key of the desk."""

    def __init__(
        self,
        *instruments,
        scopes: tuple[KeyScope, ...] = ("chat", "models"),
        losses: str = "report",
    ) -> None:
        self.world = World(ruleset(*instruments, losses=losses), at=day(1))
        request = KeyRequest(service="desk", slot="chat", scopes=scopes)
        secret, key = create_key(request, now=T0, by="test")
        self.gateway = applications(self.world, key)
        self.key = secret.reveal()

    async def embed(self, name: str = "alpha/vec", **given: Any) -> Answer:
        body = msgspec.json.encode({"model": name, "input": "x", **given})
        return await self.gateway.embed("openai-chat", self.key, body, "")

    async def count(self, name: str) -> Answer:
        body = msgspec.json.encode({"model": name, **CHAT})
        return await self.gateway.count("anthropic-messages", self.key, body, "")

    async def speak(self, name: str) -> Answer:
        body = msgspec.json.encode({"model": name, "input": "x", "voice": "v"})
        return await self.gateway.media("/audio/speech", self.key, body, "application/json")

    @property
    def sent(self) -> list[str]:
        return [each.host for each in self.world.vendor.sent]


def told(answer: Answer) -> Any:
    return msgspec.json.decode(answer.body)


async def test_an_embedding_is_decided_journalled_sent_and_concluded():
    calling = Calling()
    calling.world.vendor.answers["alpha"] = msgspec.json.encode(
        VECTOR | {"usage": {"prompt_tokens": 4}}
    )
    answer = await calling.embed()
    assert told(answer)["data"][0]["embedding"] == [0.6, 0.8]
    assert told(answer)["model"] == "alpha/vec"
    assert answer.headers["changeover-served-model"] == "vec-1"
    (sent,) = calling.world.vendor.sent
    assert (sent.beside, msgspec.json.decode(sent.body)) == (
        "/embeddings",
        {"model": "vec", "input": "x"},
    )
    (intent,) = calling.world.journal.intents
    assert (intent.operation, intent.asked) == ("embed", "alpha/vec")
    assert calling.world.journal.results == ["answered"]
    assert calling.world.journal.outcomes[0].input_tokens == 4
    assert calling.world.vendor.closed == 1


async def test_a_barred_model_embeds_nothing_and_no_other_model_takes_its_place():
    calling = Calling(order("bar"))
    answer = await calling.embed()
    assert (answer.status, calling.sent) == (451, [])
    assert "bar" in told(answer)["error"]["message"]
    assert calling.world.journal.results == ["refused"]


async def test_an_order_that_comes_before_the_write_bites():
    calling = Calling()

    async def order_arrives():
        calling.world.rules.replace(ruleset(order("bar")))

    calling.world.vendor.on_connect = order_arrives
    assert (await calling.embed()).status == 451
    assert calling.sent == []
    assert set(calling.world.journal.results) == {"refused"}


async def test_a_route_that_fails_gives_way_to_another_of_the_same_model():
    calling = Calling()
    values = b'{"embedding": {"values": [1.0, 0.0]}}'
    calling.world.vendor.answers = {"alpha": UpstreamError("It is gone."), "cloud": values}
    answer = await calling.embed()
    assert told(answer)["data"][0]["embedding"] == [1.0, 0.0]
    assert calling.sent == ["alpha", "cloud"]
    assert calling.world.vendor.sent[1].target == "/vec:embedContent"
    assert answer.headers["changeover-losses"] == "usage"


@pytest.mark.parametrize("garbage", [b"<html>", b'{"data": []}', b'{"data": [{"embedding": "?"}]}'])
async def test_garbage_is_no_vector(garbage: bytes):
    calling = Calling()
    calling.world.vendor.answers = {"alpha": garbage, "cloud": garbage}
    assert (await calling.embed()).status == 502
    assert calling.world.journal.results == ["failed", "failed"]


async def test_what_a_host_cannot_be_asked_is_refused_by_name_and_not_sent():
    calling = Calling()
    calling.world.vendor.answers["alpha"] = UpstreamError("It is gone.")
    answer = await calling.embed(input=[1, 2])
    # The first route can take tokens, and failed; the other cannot.
    assert calling.sent == ["alpha"]
    assert answer.status == 502


async def test_a_count_is_asked_of_the_vendor():
    calling = Calling()
    calling.world.vendor.answers["alpha"] = COUNTED
    assert told(await calling.count("alpha/counts")) == {"input_tokens": 12}
    (sent,) = calling.world.vendor.sent
    assert sent.target == "/count_tokens"
    assert set(msgspec.json.decode(sent.body)) == {"model", "messages"}
    assert calling.world.journal.intents[0].operation == "count-tokens"


async def test_where_a_host_cannot_count_it_is_estimated_and_nothing_is_journalled():
    calling = Calling()
    answer = await calling.count("one")
    assert told(answer)["input_tokens"] == 9
    assert answer.headers["changeover-losses"] == "estimated"
    assert answer.headers["changeover-route"] == "alpha/one@alpha"
    assert (calling.sent, calling.world.journal.intents) == ([], [])


async def test_nothing_is_estimated_for_a_barred_model_that_no_model_of_its_kind_replaces():
    calling = Calling(order("bar"))
    answer = await calling.count("one")
    assert answer.status == 451
    assert calling.world.journal.results == ["refused"]


async def test_a_host_of_the_same_protocol_gets_fields_that_nobody_here_knows():
    calling = Calling()
    calling.world.vendor.answers["alpha"] = msgspec.json.encode(VECTOR | {"warmth": 1})
    answer = await calling.embed(colour=1)
    assert msgspec.json.decode(calling.world.vendor.sent[0].body)["colour"] == 1
    assert told(answer) == VECTOR | {"warmth": 1, "model": "alpha/vec"}
    assert "changeover-losses" not in answer.headers


async def test_a_service_that_wants_no_losses_is_refused_by_name_and_nothing_is_sent():
    calling = Calling(losses="refuse")
    answer = await calling.embed("alpha/vec@cloud", colour=1)
    assert (answer.status, told(answer)["error"]["code"]) == (400, "would_lose")
    assert "colour" in told(answer)["error"]["message"]
    assert calling.sent == []
    assert calling.world.journal.results == ["refused"]


async def test_what_another_vendor_sealed_is_not_sent_to_be_counted():
    calling = Calling()
    calling.world.vendor.answers["alpha"] = COUNTED
    thought = {"type": "thinking", "thinking": "Hm.", "signature": "foreign"}
    turns = [
        {"role": "user", "content": "Hello"},
        {"role": "assistant", "content": [thought, {"type": "text", "text": "Yes?"}]},
        {"role": "user", "content": "Count."},
    ]
    body = msgspec.json.encode({"model": "alpha/counts", "messages": turns})
    answer = await calling.gateway.count("anthropic-messages", calling.key, body, "")
    assert told(answer) == {"input_tokens": 12}
    assert b"foreign" not in calling.world.vendor.sent[0].body
    assert "reasoning" in answer.headers["changeover-losses"]


async def test_a_vendors_limit_is_told_in_the_clients_words():
    calling = Calling()
    busy = Arriving([b'{"error": {"message": "Slow down."}}'], status=429)
    busy.headers = {"retry-after": "7"}
    calling.world.vendor.answers = {"alpha": busy, "cloud": busy}
    answer = await calling.embed()
    assert (answer.status, answer.headers["retry-after"]) == (429, "7")


async def read(answer: Answer) -> bytes:
    assert answer.stream is not None
    try:
        return b"".join([piece async for piece in answer.stream])
    finally:
        await answer.stream.aclose()


async def test_sound_is_passed_on_as_it_comes():
    calling = Calling()
    calling.world.vendor.answers["alpha"] = arriving([b"RI", b"FF"], "audio/wav")
    answer = await calling.speak("alpha/voice")
    assert (answer.media_type, await read(answer)) == ("audio/wav", b"RIFF")
    (sent,) = calling.world.vendor.sent
    assert (sent.beside, msgspec.json.decode(sent.body)["model"]) == ("/audio/speech", "voice")
    assert calling.world.journal.intents[0].operation == "speak"
    assert calling.world.journal.results == ["answered"]


async def test_an_order_that_cuts_breaks_sound_off():
    calling = Calling()
    calling.world.vendor.answers["alpha"] = arriving([b"RI"], "audio/wav", hold=True)
    answer = await calling.speak("alpha/voice")
    assert answer.stream is not None
    pieces = aiter(answer.stream)
    assert await anext(pieces) == b"RI"
    calling.world.rules.replace(ruleset(order("bar", reading(in_flight="cut"))))
    calling.world.serving.in_flight.review()
    with pytest.raises(UpstreamError):
        await anext(pieces)
    await answer.stream.aclose()
    assert calling.world.journal.outcomes[0].error == CUT_BY_ORDER


async def test_sound_of_a_host_that_speaks_another_protocol_is_refused_by_name():
    calling = Calling()
    answer = await calling.speak("gamma/voice")
    assert (answer.status, told(answer)["error"]["code"]) == (501, "not_carried")
    assert answer.headers["x-should-retry"] == "false"
    assert calling.sent == []


async def test_the_scope_for_listing_models_is_not_for_asking_them():
    calling = Calling(scopes=("models",))
    for answer in (
        await calling.embed(),
        await calling.count("one"),
        await calling.speak("alpha/voice"),
    ):
        assert (answer.status, told(answer)["error"].get("code", "key_scope")) == (403, "key_scope")


def test_one_model_is_told_by_any_of_its_names_and_refused_as_a_call_would_be():
    calling = Calling(order("bar"))
    assert calling.gateway.model("openai-chat", calling.key, "nothing").status == 404
    refused = calling.gateway.model("openai-chat", calling.key, "one")
    assert (refused.status, told(refused)["error"]["code"]) == (451, "barred_by_order")
    free = Calling()
    for name in ("one", "alpha/one", "alpha/one@alpha"):
        found = free.gateway.model("openai-chat", free.key, name)
        assert (found.status, told(found)["id"]) == (200, "alpha/one")


def arriving(pieces: list[bytes], content_type: str, *, hold: bool = False) -> Arriving:
    incoming = Arriving(pieces, hold=hold)
    incoming.content_type = content_type
    return incoming
