"""What holds for every protocol, as properties."""

import json
from collections.abc import Callable, Iterable
from contextlib import suppress
from functools import partial
from itertools import product
from typing import Any

import msgspec
import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from changeover.conversation.events import (
    Event,
    Failed,
    Fold,
    Started,
    TextDelta,
    TextStarted,
    fold,
)
from changeover.conversation.model import (
    ChatRequest,
    Loss,
    Part,
    Reasoning,
    Reply,
    Role,
    Text,
    Tool,
    ToolCall,
    ToolChoice,
    ToolResult,
    Turn,
)
from changeover.directory.model import Protocol
from changeover.wire.codec import Codec, ReplyContext
from changeover.wire.errors import ProtocolError, VendorProtocolError
from changeover.wire.registry import codec
from tests.strategies import names, pieces, replies, requests, streams
from tests.wire import bedrock_projections, gemini_projections, projections
from tests.wire.responses_projection import responses_reply, responses_request

PROTOCOLS: tuple[Protocol, ...] = (
    "openai-chat",
    "openai-responses",
    "anthropic-messages",
    "gemini-generate",
    "bedrock-converse",
)
# The others' streams end with their response.
WITH_AN_END: tuple[Protocol, ...] = (
    "openai-chat",
    "openai-responses",
    "anthropic-messages",
    "bedrock-converse",
)
CONTEXT = ReplyContext(id="reply-1", model="shown", created=1_772_000_000, include_usage=True)

each = pytest.mark.parametrize("protocol", PROTOCOLS)


def projected_request(protocol: Protocol, request: ChatRequest, model: str) -> ChatRequest:
    if protocol == "openai-chat":
        return projections.openai_request(request, model)
    if protocol == "openai-responses":
        return responses_request(request, model)
    if protocol == "gemini-generate":
        return gemini_projections.gemini_request(request, model)
    if protocol == "bedrock-converse":
        return bedrock_projections.bedrock_request(request, model)
    return projections.anthropic_request(request, model)


def projected_reply(protocol: Protocol, reply: Reply, *, streamed: bool = False) -> Reply:
    if protocol == "openai-chat":
        return projections.openai_reply(reply, CONTEXT, streamed=streamed)
    if protocol == "openai-responses":
        return responses_reply(reply, CONTEXT)
    if protocol == "gemini-generate":
        return gemini_projections.gemini_reply(reply, CONTEXT)
    if protocol == "bedrock-converse":
        return bedrock_projections.bedrock_reply(reply)
    return projections.anthropic_reply(reply, CONTEXT)


def across(
    wire: Codec, request: ChatRequest, model: str
) -> tuple[ChatRequest, tuple[Loss, ...], tuple[Loss, ...]]:
    """The request as it is read after it was written, what was lost then and what now."""
    body, lost = wire.encode_request(request, model)
    read, missed = wire.decode_request(body, wire.target(model, stream=request.stream))
    return read, lost, missed


def through(
    wire: Codec,
    events: Iterable[Event],
    cut: Callable[[bytes], list[bytes]] = lambda whole: [whole],
) -> list[Event]:
    """The events after they were written to a stream and read from its pieces."""
    encoder = wire.stream_encoder(CONTEXT)
    whole = b"".join(encoder.encode(event) for event in events)
    decoder = wire.stream_decoder()
    read = [event for piece in cut(whole) for event in decoder.feed(piece)]
    return read + decoder.close()


@each
def test_the_registry_knows_each_protocol(protocol):
    assert codec(protocol).protocol == protocol
    assert codec(protocol).path.startswith(("/v1", "/model"))


@each
@given(request=requests(), model=names.map("m-{}".format))
def test_a_request_arrives_as_its_projection(protocol, request, model):
    expected = projected_request(protocol, request, model)
    assume(expected.turns)
    assert across(codec(protocol), request, model)[0] == expected


@each
@given(request=requests(), model=names.map("m-{}".format))
def test_a_projection_crosses_unchanged_and_without_loss(protocol, request, model):
    projection = projected_request(protocol, request, model)
    assume(projection.turns)
    assert across(codec(protocol), projection, model) == (projection, (), ())


HI = Turn(role="user", parts=(Text(text="Hi"),))


def said(role: Role, text: str) -> list[Turn]:
    return [Turn(role=role, parts=(Text(text=text),))]


def looked(number: int, *before: Part) -> list[Turn]:
    """A call, with what stands before it in its turn, and its result."""
    call = ToolCall(id=f"c{number}", name="look", arguments="{}")
    result = ToolResult(call=call.id, parts=(Text(text="r"),))
    return [
        Turn(role="assistant", parts=(*before, call)),
        Turn(role="user", parts=(result,)),
    ]


def asked(*turns: Turn) -> ChatRequest:
    return ChatRequest(model="m", system=(), turns=turns, tools=(Tool(name="look"),))


@each
@example(request=asked(HI, *said("assistant", ""), *looked(0)), model="m-")
@example(request=asked(HI, *said("assistant", ""), *said("assistant", ""), *looked(0)), model="m-")
@example(request=asked(HI, *said("assistant", " "), *said("assistant", "w")), model="m-")
@example(request=asked(HI, *looked(0), *said("user", " "), *said("user", "")), model="m-")
@given(request=requests(), model=names.map("m-{}".format))
def test_whatever_differs_is_reported_and_nothing_else(protocol, request, model):
    expected = projected_request(protocol, request, model)
    assume(expected.turns)
    _, losses = codec(protocol).encode_request(request, model)
    assert bool(losses) == (meant(expected) != meant(request))


@each
def test_silence_is_reported_wherever_it_is_lost(protocol):
    """Turns without words, in every order of up to three that the properties may draw."""
    wire = codec(protocol)
    kinds: list[Callable[[int], list[Turn]]] = [
        *(partial(_one_said, role, text) for role, text in product(ROLES, ("", " ", "w"))),
        looked,
        lambda number: looked(number, Text(text=" ")),
    ]
    for length in (1, 2, 3):
        for chosen in product(kinds, repeat=length):
            turns = [turn for number, kind in enumerate(chosen) for turn in kind(number)]
            request = asked(*turns)
            expected = projected_request(protocol, request, "m")
            _, losses = wire.encode_request(request, "m")
            differs = meant(expected) != meant(request)
            assert not expected.turns or bool(losses) == differs, turns


ROLES: tuple[Role, ...] = ("user", "assistant")


def _one_said(role: Role, text: str, _: int) -> list[Turn]:
    return said(role, text)


def meant(request: ChatRequest) -> ChatRequest:
    """The request without what is not the client's to lose.

    These are names, counting, empty parts, how arguments are spaced, which messages
    hold results and what follows them, where an assistant's words are parted, and what
    is as if it were not said.
    """
    names: dict[str, str] = {}
    return msgspec.structs.replace(
        request,
        model="",
        stream_usage=False,
        system=with_words(request.system, names),
        turns=unparted(
            msgspec.structs.replace(turn, parts=(part,))
            for turn in request.turns
            for part in with_words(turn.parts, names) or (Text(text=""),)
        ),
        **said_of_tools(request),
    )


def unparted(turns: Iterable[Turn]) -> tuple[Turn, ...]:
    found: list[Turn] = []
    for turn in turns:
        match found[-1:], turn:
            case [Turn(role="assistant", parts=(Text(text=str(before), refusal=old),))], Turn(
                role="assistant", parts=(Text(text=str(after), refusal=new),)
            ) if old == new and before and after:
                found[-1] = Turn(role="assistant", parts=(Text(text=before + after, refusal=new),))
            case [Turn(role="assistant", parts=(Text(text=""),))], Turn(
                role="assistant", parts=(ToolCall() | Reasoning(),)
            ):
                found[-1] = turn
            case [Turn(role="user", parts=(ToolResult(),))], Turn(
                role="user", parts=(Text(text=""),)
            ):
                pass
            case _:
                found.append(turn)
    return tuple(found)


def said_of_tools(request: ChatRequest) -> dict[str, Any]:
    choice = request.tool_choice or ToolChoice(mode="auto")
    return {
        "tools": tuple(
            msgspec.structs.replace(
                tool,
                parameters={"type": "object", **(tool.parameters or {})},
                strict=bool(tool.strict),
            )
            for tool in request.tools
        ),
        "tool_choice": choice,
        "parallel_calls": request.parallel_calls is not False or choice.mode == "none",
    }


def with_words(parts: tuple[Part, ...], names: dict[str, str]) -> tuple[Part, ...]:
    kept: list[Part] = []
    for part in parts:
        match part:
            case Text() if not part.text.strip():
                pass
            case ToolCall():
                known = names.setdefault(part.id, str(len(names)))
                compact = json.dumps(json.loads(part.arguments))
                kept.append(msgspec.structs.replace(part, id=known, arguments=compact))
            case ToolResult():
                inner = with_words(part.parts, names)
                kept.append(msgspec.structs.replace(part, call=names[part.call], parts=inner))
            case _:
                kept.append(part)
    return tuple(kept)


@each
@given(reply=replies())
def test_a_reply_arrives_as_its_projection(protocol, reply):
    wire = codec(protocol)
    arrived = fold(wire.decode_reply(wire.encode_reply(reply, CONTEXT)))
    assert arrived == projected_reply(protocol, reply)
    assert fold(wire.decode_reply(wire.encode_reply(arrived, CONTEXT))) == arrived


@each
@given(events=streams())
def test_a_stream_arrives_as_the_projection_of_its_fold(protocol, events):
    arrived = through(codec(protocol), events)
    assert fold(arrived) == projected_reply(protocol, fold(events), streamed=True)
    assert words(arrived) == words(events)


def words(events: Iterable[Event]) -> list[str]:
    return [event.text for event in events if isinstance(event, TextDelta) and event.text]


@each
@given(events=streams(), data=st.data())
def test_any_chunking_of_the_bytes_gives_the_same_events(protocol, events, data):
    cut = through(codec(protocol), events, lambda whole: data.draw(pieces(whole)))
    assert cut == through(codec(protocol), events)


@pytest.mark.parametrize(("first", "second"), list(product(PROTOCOLS, PROTOCOLS)))
@given(request=requests())
def test_a_request_crosses_two_protocols_as_both_projections(first, second, request):
    expected = projected_request(second, projected_request(first, request, "client"), "vendor")
    assume(projected_request(first, request, "client").turns)
    assume(expected.turns)
    read, _, _ = across(codec(first), request, "client")
    assert across(codec(second), read, "vendor")[0] == expected


@pytest.mark.parametrize(("vendor", "client"), list(product(PROTOCOLS, PROTOCOLS)))
@given(reply=replies())
def test_a_reply_crosses_two_protocols_as_both_projections(vendor, client, reply):
    events = codec(vendor).decode_reply(codec(vendor).encode_reply(reply, CONTEXT))
    sent = projected_reply(vendor, reply)
    streamed = projected_reply(client, sent, streamed=True)
    assert fold(through(codec(client), events)) == streamed
    whole = codec(client).encode_reply(fold(events), CONTEXT)
    assert fold(codec(client).decode_reply(whole)) == projected_reply(client, sent)


@each
@given(events=streams(), kept=st.floats(0, 1))
def test_a_stream_cut_short_is_a_vendors_error(protocol, events, kept):
    wire = codec(protocol)
    encoder = wire.stream_encoder(CONTEXT)
    whole = b"".join(encoder.encode(event) for event in events[:-1])
    decoder = wire.stream_decoder()
    decoder.feed(whole[: int(len(whole) * kept)])
    with pytest.raises(VendorProtocolError, match="ended before its answer"):
        decoder.close()


@each
@given(events=streams(), kind=names, message=st.text(min_size=1))
def test_a_failure_mid_stream_ends_in_the_protocols_error_form(protocol, events, kind, message):
    arrived = through(codec(protocol), [*events[:-1], Failed(kind=kind, message=message)])
    assert isinstance(arrived[-1], Failed)
    assert arrived[-1].message == message
    assert isinstance(arrived[0], Started)


@pytest.mark.parametrize("protocol", WITH_AN_END)
@given(events=streams(), after=st.binary(max_size=60))
def test_bytes_after_the_end_give_nothing(protocol, events, after):
    wire = codec(protocol)
    encoder, decoder = wire.stream_encoder(CONTEXT), wire.stream_decoder()
    decoder.feed(b"".join(encoder.encode(event) for event in events))
    assert decoder.feed(after) == []
    assert decoder.close() == []


json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**30), 10**30)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=8,
)
FIELDS = [
    "model",
    "contents",
    "parts",
    "candidates",
    "finishReason",
    "functionCall",
    "functionResponse",
    "response",
    "name",
    "generationConfig",
    "messages",
    "role",
    "content",
    "text",
    "type",
    "system",
    "max_tokens",
    "stream",
    "stop",
    "n",
    "tools",
    "choices",
    "message",
    "delta",
    "finish_reason",
    "usage",
    "prompt_tokens",
    "id",
    "index",
    "error",
    "stop_reason",
    "content_block",
    "input_tokens",
    "input",
    "output",
    "arguments",
    "call_id",
    "item",
    "response",
    "status",
]
shaped = st.recursive(
    st.sampled_from([None, True, 1, -1, 1.5, 10**25, "text", "user", "stop", "", "end_turn"]),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(FIELDS), inner, max_size=6)
    ),
    max_leaves=20,
)
documents = st.binary(max_size=100) | (json_values | shaped).map(
    lambda value: json.dumps(value).encode()
)
EVENTS = [
    "message_start",
    "content_block_start",
    "content_block_delta",
    "content_block_stop",
    "message_delta",
    "message_stop",
    "ping",
    "error",
    "response.created",
    "response.output_item.added",
    "response.output_text.delta",
    "response.completed",
    "other",
]


@each
@given(body=documents)
def test_any_body_of_a_client_is_a_request_or_a_protocol_error(protocol, body):
    wire = codec(protocol)
    with suppress(ProtocolError):
        request, _ = wire.decode_request(body, wire.target("m", stream=False))
        for vendor in PROTOCOLS:
            assert codec(vendor).encode_request(request, "m")[0]


@each
@given(body=documents)
def test_any_body_of_a_vendor_is_an_answer_or_a_vendors_error(protocol, body):
    with suppress(VendorProtocolError):
        reply = fold(codec(protocol).decode_reply(body))
        for client in PROTOCOLS:
            assert codec(client).encode_reply(reply, CONTEXT)


@each
@given(status=st.integers(400, 599), body=documents)
def test_any_error_body_gives_a_kind_and_a_message(protocol, status, body):
    failed = codec(protocol).decode_error(status, body)
    assert failed.kind
    assert failed.message


@st.composite
def damaged(draw: st.DrawFn, whole: bytes) -> bytes:
    """`whole` with a stretch of it replaced by noise or by another stretch of it."""
    first, last = sorted(draw(st.tuples(*[st.integers(0, len(whole))] * 2)))
    other = sorted(draw(st.tuples(*[st.integers(0, len(whole))] * 2)))
    return (
        whole[:first] + draw(st.binary(max_size=5) | st.just(whole[slice(*other)])) + whole[last:]
    )


@each
@given(events=streams(), data=st.data())
def test_a_damaged_stream_is_well_formed_events_or_a_vendors_error(protocol, events, data):
    encoder, decoder = codec(protocol).stream_encoder(CONTEXT), codec(protocol).stream_decoder()
    whole = data.draw(damaged(b"".join(encoder.encode(event) for event in events)))
    folding = Fold()
    with suppress(VendorProtocolError):
        for event in (*decoder.feed(whole), *decoder.close()):
            folding.add(event)
        assert folding.done


@each
@given(reply=replies(), data=st.data())
def test_a_damaged_reply_is_an_answer_or_a_vendors_error(protocol, reply, data):
    wire = codec(protocol)
    with suppress(VendorProtocolError):
        assert fold(wire.decode_reply(data.draw(damaged(wire.encode_reply(reply, CONTEXT))))).stop


@each
@given(request=requests(), data=st.data())
def test_a_damaged_request_is_a_request_or_a_protocol_error(protocol, request, data):
    wire = codec(protocol)
    body, _ = wire.encode_request(request, "m")
    with suppress(ProtocolError):
        target = wire.target("m", stream=request.stream)
        assert wire.decode_request(data.draw(damaged(body)), target)[0].turns is not None


@each
@given(
    frames=st.lists(st.tuples(st.sampled_from(["", *EVENTS]), documents), max_size=5),
    noise=st.binary(max_size=20),
)
def test_any_bytes_of_a_vendors_stream_are_events_or_a_vendors_error(protocol, frames, noise):
    decoder = codec(protocol).stream_decoder()
    encoder = codec(protocol).stream_encoder(CONTEXT)
    start = b"".join(encoder.encode(e) for e in (Started(id="a", model="m"), TextStarted()))
    folding = Fold()
    with suppress(VendorProtocolError):
        for chunk in (
            start,
            *(b"event: %b\ndata: %b\n\n" % (n.encode(), d) for n, d in frames),
            noise,
        ):
            for event in decoder.feed(chunk):
                folding.add(event)
        for event in decoder.close():
            folding.add(event)
        assert folding.done


@each
@pytest.mark.parametrize(
    "body", [b"[" * 100_000, b'{"model":' + b"[" * 100_000, b'{"a":"\\ud800"}', b"\xff"]
)
def test_hostile_bodies_are_named_errors(protocol, body):
    wire = codec(protocol)
    with pytest.raises(ProtocolError):
        wire.decode_request(body, wire.target("m", stream=False))
    with pytest.raises(VendorProtocolError):
        wire.decode_reply(body)
    assert wire.decode_error(500, body).kind == "http_500"
