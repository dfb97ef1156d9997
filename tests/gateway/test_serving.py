"""The one way to a vendor: candidates, decisions, journal, the second look, the answer."""

from typing import Any

import msgspec
import pytest

from changeover.conversation.events import Event, Failed, Finished, TextDelta, ToolCallStarted
from changeover.conversation.model import ChatRequest, Image, Sampling, Text, Tool, Turn
from changeover.directory.model import Slot
from changeover.gateway.conversing import Asking, Conversing
from changeover.gateway.ports import UpstreamError
from changeover.gateway.refusal import Refusal
from changeover.gateway.serving import BARRED_WHILE_WRITTEN
from changeover.orders.model import Scope
from tests.gateway.worlds import DONE, Arriving, World, chunk
from tests.orders.worlds import (
    bind,
    day,
    order,
    reading,
    route,
    rules,
    service,
    winding,
)

ONE, TWO = "alpha/one@alpha", "beta/two@beta"


def asking(model: str = "one", *, stream: bool = False) -> Asking:
    turn = Turn(role="user", parts=(Text(text="Hi"),))
    request = ChatRequest(model=model, system=(), turns=(turn,), stream=stream)
    return Asking(service="desk", slot="chat", account="acc", request=request)


def replacing(*instruments) -> World:
    desk = service("desk", "bureau", when_barred="replace")
    bindings = (bind("desk", "alpha/one", "beta/two"),)
    return World(rules(*instruments, bindings=bindings, services=(desk,)), at=day(1))


async def answer(world: World, **asked) -> list[Event]:
    begun = await Conversing(world.serving).ask(asking(**asked))
    try:
        return [event async for event in begun.events()]
    finally:
        await begun.aclose()


def words(events: list[Event]) -> str:
    return "".join(event.text for event in events if isinstance(event, TextDelta))


async def test_an_allowed_call_is_journalled_sent_once_and_concluded():
    world = replacing()
    assert words(await answer(world)) == "Hello."
    assert [sent.host for sent in world.vendor.sent] == ["alpha"]
    assert world.journal.results == ["answered"]
    assert world.vendor.closed == 1


async def test_a_barred_call_is_replaced_under_its_own_models_name():
    world = replacing(order("bar"))
    assert words(await answer(world)) == "Hello."
    assert [(s.host, b'"two"' in s.body, b'"one"' in s.body) for s in world.vendor.sent] == [
        ("beta", True, False)
    ]


async def test_a_service_that_wants_a_refusal_gets_451_and_nothing_is_sent():
    world = World(rules(order("bar"), bindings=(bind("desk", "alpha/one", "beta/two"),)), at=day(1))
    with pytest.raises(Refusal) as refused:
        await answer(world)
    assert refused.value.status == 451
    assert refused.value.headers["link"] == (
        '<http://here/>; rel="blocked-by", <http://here/orders/bar>; rel="describedby"'
    )
    assert world.vendor.sent == []
    assert world.journal.results == ["refused"]


async def test_an_order_that_comes_between_the_decision_and_the_write_bites():
    world = replacing()
    desk = service("desk", "bureau")
    barred = rules(order("bar"), bindings=(bind("desk", "alpha/one"),), services=(desk,))

    async def order_arrives():
        world.rules.replace(barred)
        world.journal.on_intend = None

    world.journal.on_intend = order_arrives
    # Its binding had a fallback when the call came, and that one may still be used.
    assert words(await answer(world)) == "Hello."
    assert [sent.host for sent in world.vendor.sent] == ["beta"]
    assert world.journal.results == ["refused", "answered"]


async def test_an_order_that_comes_while_connecting_bites():
    world = World(rules(), at=day(1))

    async def order_arrives():
        world.rules.replace(rules(order("bar")))

    world.vendor.on_connect = order_arrives
    with pytest.raises(Refusal) as refused:
        await answer(world)
    assert (refused.value.status, world.vendor.sent) == (451, [])
    assert set(world.journal.results) == {"refused"}


async def test_an_order_that_only_winds_down_while_connecting_is_told_as_a_notice():
    bindings = (bind("desk", "alpha/one"),)
    world = World(rules(bindings=bindings), at=day(1))
    winding_down = order("bar", reading(wind_down=winding(day(30))), at=day(1))

    async def order_arrives():
        world.rules.replace(rules(winding_down, bindings=bindings))

    world.vendor.on_connect = order_arrives
    begun = await Conversing(world.serving).ask(asking())
    assert begun.served.decision.outcome == "notice"
    await begun.aclose()


async def test_a_service_moved_to_a_barred_party_while_connecting_is_refused():
    bar = order("bar", reading(scope=Scope(parties=("elsewhere",))), issuer="other")
    world = World(rules(bar), at=day(1))
    moved = service("desk", "elsewhere")

    async def directory_changes():
        world.rules.replace(rules(bar, services=(moved,)))

    world.vendor.on_connect = directory_changes
    with pytest.raises(Refusal) as refused:
        await answer(world)
    assert (refused.value.status, world.vendor.sent) == (451, [])


async def test_a_key_of_a_slot_that_is_gone_is_refused():
    gone = service("desk", "bureau", slots=(Slot(name="other", purpose="work"),))
    world = World(rules(services=(gone,)), at=day(1))
    with pytest.raises(Refusal) as refused:
        await answer(world)
    assert (refused.value.status, refused.value.kind) == (403, "unknown_service")


async def test_a_replacement_that_fails_is_a_failure_and_the_refusal_is_recorded():
    world = replacing(order("bar"))
    world.vendor.answers = {"beta": UpstreamError("It hung.")}
    with pytest.raises(Refusal) as refused:
        await answer(world)
    assert refused.value.status == 502
    assert world.journal.results == ["failed", "refused"]


async def test_a_replacement_without_an_endpoint_leaves_the_refusal():
    desk = service("desk", "bureau", when_barred="replace")
    nowhere = route("beta/two@unreachable")
    bindings = (bind("desk", "alpha/one", nowhere.id),)
    ruleset = rules(order("bar"), bindings=bindings, services=(desk,), routes=(nowhere,))
    world = World(ruleset, at=day(1))
    with pytest.raises(Refusal) as refused:
        await answer(world)
    assert refused.value.status == 451


async def test_a_replacement_after_a_failure_says_what_it_stands_for():
    world = replacing()
    world.vendor.answers = {"alpha": UpstreamError("Down."), "cloud": UpstreamError("Down.")}
    begun = await Conversing(world.serving).ask(asking())
    assert (begun.served.instead_of, begun.served.replaced) == (ONE, None)
    await begun.aclose()


async def test_an_instant_that_passes_between_the_decision_and_the_write_bites():
    world = replacing(order("bar", at=day(2)))

    async def time_passes():
        world.clock.move_to(day(2))
        world.journal.on_intend = None

    world.journal.on_intend = time_passes
    await answer(world)
    assert [sent.host for sent in world.vendor.sent] == ["beta"]


@pytest.mark.parametrize(
    "fault",
    [
        UpstreamError("It hung."),
        Arriving([b"garbage"]),
        Arriving([b"{}"], status=503),
        Arriving([b"{}"], status=401),
    ],
)
async def test_a_vendor_that_fails_gives_way_before_anything_was_passed_on(fault):
    world = replacing()
    world.vendor.answers = {"alpha": fault, "cloud": fault}
    assert words(await answer(world)) == "Hello."
    assert [sent.host for sent in world.vendor.sent] == ["alpha", "cloud", "beta"]
    assert world.journal.results == ["failed", "failed", "answered"]


async def test_a_vendors_refusal_of_the_request_itself_is_the_answer():
    world = replacing()
    world.vendor.answers = {"alpha": Arriving([b'{"error":{"message":"too long"}}'], status=400)}
    with pytest.raises(Refusal) as refused:
        await answer(world)
    assert (refused.value.status, len(world.vendor.sent)) == (400, 1)
    assert "too long" in refused.value.message


async def test_a_stream_is_passed_on_and_concluded_at_its_end():
    world = replacing()
    world.vendor.answers = {
        "alpha": Arriving([chunk("Hel"), chunk("lo."), chunk(finish="stop"), DONE])
    }
    events = await answer(world, stream=True)
    assert words(events) == "Hello."
    assert isinstance(events[-1], Finished)
    assert world.journal.results == ["answered"]


async def test_a_stream_that_breaks_off_ends_as_failed_and_keeps_what_came():
    world = replacing()
    world.vendor.answers = {"alpha": Arriving([chunk("Hel")])}
    events = await answer(world, stream=True)
    assert words(events) == "Hel"
    assert isinstance(events[-1], Failed)
    assert world.journal.results == ["failed"]


@pytest.mark.parametrize("read", [0, 1])
async def test_a_stream_that_is_left_is_cut_and_its_connection_closed(read):
    world = replacing()
    world.vendor.answers = {"alpha": Arriving([chunk("Hel")], hold=True)}
    begun = await Conversing(world.serving).ask(asking(stream=True))
    events = begun.events()
    for _ in range(read):
        await anext(events)
    await events.aclose()
    await begun.aclose()
    assert world.journal.results == ["cut"]
    assert world.vendor.closed == 1


async def test_a_stream_that_is_left_after_its_end_was_answered():
    world = replacing()
    arriving = [chunk("Hel"), chunk(finish="stop"), DONE]
    world.vendor.answers = {"alpha": Arriving(arriving, hold=True)}
    begun = await Conversing(world.serving).ask(asking(stream=True))
    events = begun.events()
    while not isinstance(await anext(events), Finished):
        pass
    await events.aclose()
    await begun.aclose()
    assert world.journal.results == ["answered"]


async def test_without_any_route_left_the_refusal_names_what_to_use_instead():
    world = World(rules(order("bar"), bindings=(bind("desk", "alpha/one"),)), at=day(1))
    with pytest.raises(Refusal, match="Use beta/two@beta instead"):
        await answer(world)


async def test_an_unknown_model_is_404_and_leaves_no_intent():
    world = replacing()
    with pytest.raises(Refusal) as refused:
        await answer(world, model="nobody/knows")
    assert (refused.value.status, world.journal.intents) == (404, [])


async def test_what_is_barred_while_it_is_written_is_broken_off_and_told_apart():
    world = World(rules(), at=day(1))
    world.vendor.on_write = lambda: world.rules.replace(rules(order("bar")))
    with pytest.raises(Refusal) as refused:
        await answer(world)
    assert refused.value.status == 451
    (first, second) = world.journal.outcomes
    assert (first.result, first.error) == ("cut", BARRED_WHILE_WRITTEN)
    assert (second.result, second.error) == ("refused", None)


class Lapsing:
    """A lease that lapses after it was looked at so many times."""

    def __init__(self, looks: int) -> None:
        self.looks = looks

    def lapsed(self) -> str | None:
        self.looks -= 1
        return "its lease ran out" if self.looks < 0 else None


@pytest.mark.parametrize(
    ("looks", "results"),
    [
        (0, []),
        (1, [("refused", "no_lease")]),
        (2, [("cut", BARRED_WHILE_WRITTEN)]),
    ],
)
async def test_without_a_lease_nothing_is_sent(looks, results):
    world = World(rules(), at=day(1), lease=Lapsing(looks))
    with pytest.raises(Refusal) as refused:
        await answer(world)
    assert (refused.value.status, refused.value.kind) == (503, "no_lease")
    assert refused.value.headers["retry-after"] == "1"
    assert [(o.result, o.error) for o in world.journal.outcomes] == results
    assert len(world.vendor.sent) == (looks == 2)


# What a route cannot be asked


def wanting_nothing_lost() -> World:
    """Alpha's routes take no `top_k`; Beta's, of another protocol, does."""
    desk = service("desk", "bureau", when_barred="replace", losses="refuse")
    taking = route("beta/two@beta", protocol="anthropic-messages")
    bindings = (bind("desk", "alpha/one@alpha", "beta/two"),)
    ruleset = rules(bindings=bindings, services=(desk,), routes=(taking,))
    return World(ruleset, at=day(1))


def with_top_k() -> Asking:
    plain = asking("default")
    request = msgspec.structs.replace(plain.request, sampling=Sampling(top_k=5, max_tokens=9))
    return msgspec.structs.replace(plain, request=request)


async def test_a_route_that_would_lose_something_gives_way_where_nothing_may_be_lost():
    world = wanting_nothing_lost()
    message: dict[str, Any] = {
        "id": "m",
        "model": "two",
        "content": [{"type": "text", "text": "Hi."}],
    }
    message |= {"usage": {"input_tokens": 1, "output_tokens": 1}, "stop_reason": "end_turn"}
    world.vendor.answers = {"beta": msgspec.json.encode(message)}
    begun = await Conversing(world.serving).ask(with_top_k())
    await begun.aclose()
    assert [sent.host for sent in world.vendor.sent] == ["beta"]
    assert [(o.result, o.error, o.losses) for o in world.journal.outcomes] == [
        ("refused", "would_lose", ("top_k",)),
        ("answered", None, ()),
    ]


async def test_without_a_route_that_loses_nothing_the_fields_are_named_and_nothing_is_sent():
    world = wanting_nothing_lost()
    asked = msgspec.structs.replace(with_top_k(), only=True)
    with pytest.raises(Refusal, match=r"top_k.*Nothing was sent") as refused:
        await Conversing(world.serving).ask(asked)
    assert (refused.value.status, refused.value.kind) == (400, "would_lose")
    assert refused.value.headers["changeover-losses"] == "top_k"
    assert world.vendor.sent == []


async def test_losses_are_only_told_unless_the_service_says_otherwise():
    world = replacing()
    begun = await Conversing(world.serving).ask(with_top_k())
    assert begun.losses == ("top_k",)
    await begun.aclose()


def seeing() -> World:
    """Alpha's server takes pictures as bytes alone; Beta's takes their address too."""
    desk = service("desk", "bureau", when_barred="replace")
    blind = route("alpha/one@alpha", dialect="ollama")
    bindings = (bind("desk", "alpha/one@alpha", "beta/two"),)
    return World(rules(bindings=bindings, services=(desk,), routes=(blind,)), at=day(1))


def with_picture() -> Asking:
    plain = asking("default")
    turn = Turn(role="user", parts=(Image(url="https://example.org/cat"),))
    request = msgspec.structs.replace(plain.request, turns=(turn,))
    return msgspec.structs.replace(plain, request=request)


async def test_a_route_whose_server_cannot_be_asked_gives_way():
    world = seeing()
    begun = await Conversing(world.serving).ask(with_picture())
    await begun.aclose()
    assert [sent.host for sent in world.vendor.sent] == ["beta"]


async def test_without_a_server_that_can_be_asked_the_field_is_named_and_nothing_is_sent():
    world = seeing()
    asked = msgspec.structs.replace(with_picture(), only=True)
    with pytest.raises(Refusal, match=r"by their address.*Nothing was sent") as refused:
        await Conversing(world.serving).ask(asked)
    assert (refused.value.status, refused.value.kind) == (400, "cannot_be_asked")
    assert refused.value.field == "image_url"
    assert world.vendor.sent == []


async def test_a_tools_name_that_the_vendor_refuses_comes_back_as_it_was_written():
    world = replacing()
    plain, name = asking(), "files/read: any file at all"
    request = msgspec.structs.replace(plain.request, tools=(Tool(name=name),))

    def call_it() -> None:
        body = msgspec.json.decode(world.vendor.sent[0].body)
        function = {"name": body["tools"][0]["function"]["name"], "arguments": "{}"}
        calls = [{"id": "a", "type": "function", "function": function}]
        message = {"role": "assistant", "content": None, "tool_calls": calls}
        choice = {"index": 0, "message": message, "finish_reason": "tool_calls"}
        answered = {"id": "r1", "model": "m", "choices": [choice]}
        world.vendor.answers = {"alpha": msgspec.json.encode(answered)}

    world.vendor.on_write = call_it
    begun = await Conversing(world.serving).ask(msgspec.structs.replace(plain, request=request))
    events = [event async for event in begun.events()]
    await begun.aclose()
    assert [e.name for e in events if isinstance(e, ToolCallStarted)] == [name]
    assert begun.losses == ("tools",)
