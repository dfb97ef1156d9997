"""All that Responses knows, as properties."""

from collections.abc import Callable
from contextlib import suppress

import msgspec
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from changeover.conversation.events import Event, Fold, fold
from changeover.conversation.model import CacheMark, ChatRequest, Part, Reasoning, Text, Turn
from changeover.wire.codec import ReplyContext
from changeover.wire.errors import ProtocolError, VendorProtocolError
from changeover.wire.openai_responses.codec import OpenAIResponses
from tests.strategies import pieces
from tests.wire.rich_responses import (
    models,
    projected,
    projected_reply,
    rich_replies,
    rich_requests,
    rich_streams,
    unwrapped,
)
from tests.wire.test_codecs import damaged, meant

WIRE = OpenAIResponses()
few = settings(max_examples=40)
"""These values are large; the plain ones are tried more often in test_codecs.py."""
contexts = st.builds(
    ReplyContext,
    id=st.just("reply-1"),
    model=st.just("shown"),
    created=st.just(1),
    thinking=st.booleans(),
)


def written(request: ChatRequest, model: str) -> ChatRequest:
    body, _ = WIRE.encode_request(request, model)
    return WIRE.decode_request(body)[0]


@few
@given(request=rich_requests(), model=models)
def test_a_request_arrives_as_its_projection(request, model):
    expected = projected(request, model)
    assume(expected.turns)
    assert written(request, model) == expected


@few
@given(request=rich_requests(), model=models)
def test_a_projection_crosses_unchanged(request, model):
    arrived = projected(request, model)
    assume(arrived.turns)
    assert written(unwrapped(arrived), model) == arrived


FIVE_MINUTES = Text(text="Hi", cache=CacheMark(ttl="5m"))
MARKED = ChatRequest(model="m", system=(), turns=(Turn(role="user", parts=(FIVE_MINUTES,)),))


@few
@example(request=MARKED, model="gpt-5.6")
@example(
    request=msgspec.structs.replace(MARKED, turns=MARKED.turns, cache=CacheMark(ttl="5m")),
    model="gpt-5.6",
)
@given(request=rich_requests(), model=models)
def test_what_is_lost_is_reported(request, model):
    _, losses = WIRE.encode_request(request, model)
    if meant(plainly(projected(request, model))) != meant(plainly(request)):
        assert losses


def plainly(request: ChatRequest) -> ChatRequest:
    """The request without what is not lost where it differs.

    These are instructions' and results' own marks, which stand elsewhere, names of files,
    kinds of words, the vendor's ids, a summary's words, which the sealed whole holds, and
    what changes without words (forms, lengths, efforts).
    """
    return msgspec.structs.replace(
        request,
        turns=tuple(
            Turn(role=turn.role, parts=tuple(_plainly(part) for part in turn.parts))
            for turn in request.turns
        ),
        output=None,
        cache=None,
        thinking=None,
        verbosity=None,
        sampling=msgspec.structs.replace(
            request.sampling, presence_penalty=request.sampling.presence_penalty or None
        ),
    )


def _plainly(part: Part) -> Part:
    if isinstance(part, Reasoning) and part.sealed is not None:
        sealed = msgspec.structs.replace(part.sealed, form="wrapped", bound="route", id="")
        return Reasoning(sealed=sealed)
    return part


@few
@given(reply=rich_replies(), context=contexts)
def test_a_reply_arrives_as_its_projection(reply, context):
    body = WIRE.encode_reply(reply, context)
    assert fold(WIRE.decode_reply(body)) == projected_reply(reply, context)


def through(
    events: list[Event],
    context: ReplyContext,
    cut: Callable[[bytes], list[bytes]] = lambda whole: [whole],
) -> list[Event]:
    encoder, decoder = WIRE.stream_encoder(context), WIRE.stream_decoder()
    whole = b"".join(encoder.encode(event) for event in events)
    return [e for piece in cut(whole) for e in decoder.feed(piece)] + decoder.close()


@few
@given(events=rich_streams(), context=contexts)
def test_a_stream_arrives_as_the_projection_of_its_fold(events, context):
    assert fold(through(events, context)) == projected_reply(fold(events), context)


@few
@given(events=rich_streams(), context=contexts)
def test_the_last_event_holds_the_answer_as_it_is_written_whole(events, context):
    encoder = WIRE.stream_encoder(context)
    frames = b"".join(encoder.encode(event) for event in events).strip().split(b"\n\n")
    last = msgspec.json.decode(frames[-1].partition(b"data: ")[2])
    assert last["response"] == msgspec.json.decode(WIRE.encode_reply(fold(events), context))


@few
@given(events=rich_streams(), context=contexts, data=st.data())
def test_any_chunking_of_the_bytes_gives_the_same_events(events, context, data):
    cut = through(events, context, lambda whole: data.draw(pieces(whole)))
    assert cut == through(events, context)


@few
@given(events=rich_streams(), context=contexts, data=st.data())
def test_items_that_are_mixed_come_in_order(events, context, data):
    encoder = WIRE.stream_encoder(context)
    frames = [f for e in events for f in encoder.encode(e).split(b"\n\n") if f]
    begun, ended = frames[:2], frames[-1:]
    queues: dict[int, list[bytes]] = {}
    for frame in frames[2:-1]:
        index = msgspec.json.decode(frame.partition(b"data: ")[2])["output_index"]
        queues.setdefault(index, []).append(frame)
    mixed: list[bytes] = []
    begun_items = 0
    while queues:
        index = data.draw(st.sampled_from([i for i in sorted(queues) if i <= begun_items]))
        begun_items = max(begun_items, index + 1)
        mixed.append(queues[index].pop(0))
        queues = {key: left for key, left in queues.items() if left}
    decoder = WIRE.stream_decoder()
    arrived = decoder.feed(b"".join(frame + b"\n\n" for frame in (*begun, *mixed, *ended)))
    in_order = through(events, context)
    assert fold(arrived).parts == fold(in_order).parts


@few
@given(events=rich_streams(), context=contexts, data=st.data())
def test_a_damaged_stream_is_well_formed_events_or_a_vendors_error(events, context, data):
    encoder, decoder = WIRE.stream_encoder(context), WIRE.stream_decoder()
    whole = data.draw(damaged(b"".join(encoder.encode(event) for event in events)))
    folding = Fold()
    with suppress(VendorProtocolError):
        for event in (*decoder.feed(whole), *decoder.close()):
            folding.add(event)
        assert folding.done


@few
@given(request=rich_requests(), model=models, data=st.data())
def test_a_damaged_request_is_a_request_or_a_protocol_error(request, model, data):
    body, _ = WIRE.encode_request(request, model)
    with suppress(ProtocolError):
        assert WIRE.decode_request(data.draw(damaged(body)))[0].turns is not None
