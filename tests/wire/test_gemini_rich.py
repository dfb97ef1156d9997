"""Thoughts, seals, files, sources and probabilities through Google's protocol, as properties."""

from collections.abc import Callable, Iterable
from contextlib import suppress

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from changeover.conversation.events import Event, fold, unfold
from changeover.conversation.model import ChatRequest, Loss, Reasoning, Reply
from changeover.wire.codec import ReplyContext
from changeover.wire.errors import ProtocolError, VendorProtocolError
from changeover.wire.gemini_generate.codec import GeminiGenerate
from tests.strategies import pieces
from tests.wire import rich_gemini
from tests.wire.gemini_projections import gemini_reply, gemini_request

WIRE = GeminiGenerate()
ASKED = ReplyContext(id="reply-1", model="shown", created=0, thinking=True)
UNASKED = ReplyContext(id="reply-1", model="shown", created=0)
each_client = pytest.mark.parametrize("client", [ASKED, UNASKED], ids=["asked", "unasked"])


def across(request: ChatRequest) -> tuple[ChatRequest, tuple[Loss, ...], tuple[Loss, ...]]:
    body, lost = WIRE.encode_request(request, "newest")
    read, missed = WIRE.decode_request(body, WIRE.target("newest", stream=request.stream))
    return read, lost, missed


@given(request=rich_gemini.requests())
def test_a_request_arrives_as_its_projection(request: ChatRequest):
    read, _, missed = across(request)
    assert (read, missed) == (gemini_request(request, "newest"), ())


@given(request=rich_gemini.requests())
def test_only_media_by_address_in_results_are_moved(request: ChatRequest):
    moved = any(
        getattr(inner, "url", "")
        for turn in request.turns
        for part in turn.parts
        for inner in getattr(part, "parts", ())
    )
    _, lost, _ = across(request)
    fields = {loss.field for loss in lost if loss.field != "detail"}
    assert fields == ({"tool_result"} if moved else set())


def through(
    events: Iterable[Event],
    context: ReplyContext,
    cut: Callable[[bytes], list[bytes]] = lambda whole: [whole],
) -> list[Event]:
    encoder, decoder = WIRE.stream_encoder(context), WIRE.stream_decoder()
    whole = b"".join(encoder.encode(event) for event in events)
    return [*(e for piece in cut(whole) for e in decoder.feed(piece)), *decoder.close()]


@each_client
@given(reply=rich_gemini.replies())
def test_a_reply_arrives_as_its_projection(client: ReplyContext, reply: Reply):
    arrived = fold(WIRE.decode_reply(WIRE.encode_reply(reply, client)))
    assert arrived == gemini_reply(reply, client)
    assert fold(WIRE.decode_reply(WIRE.encode_reply(arrived, client))) == arrived


@each_client
@given(reply=rich_gemini.replies())
def test_a_stream_adds_up_to_the_same(client: ReplyContext, reply: Reply):
    arrived = fold(through(unfold(reply), client))
    assert arrived == gemini_reply(reply, client)


@given(reply=rich_gemini.replies(), data=st.data())
def test_any_chunking_gives_the_same_events(reply: Reply, data: st.DataObject):
    events = unfold(reply)
    cut = through(events, ASKED, lambda whole: data.draw(pieces(whole)))
    assert cut == through(events, ASKED)


@each_client
@given(reply=rich_gemini.replies(), text=rich_gemini.opaque)
def test_what_is_wrapped_for_a_client_comes_back_as_it_was(
    client: ReplyContext, reply: Reply, text: str
):
    """The turn that a client sends back holds the seals that it was given, where they stood."""
    wrapped = [_wrapped(p, text) if isinstance(p, Reasoning) else p for p in reply.parts]
    given_out = msgspec.structs.replace(reply, parts=tuple(wrapped))
    body = msgspec.json.decode(WIRE.encode_reply(given_out, client))
    answer = body["candidates"][0]["content"]
    contents = [{"parts": [{"text": "Hi"}]}, answer]
    asked, _ = WIRE.decode_request(
        msgspec.json.encode({"contents": contents}), WIRE.target("m", stream=False)
    )
    held = [p.sealed for p in asked.turns[-1].parts if isinstance(p, Reasoning) and p.sealed]
    expected = [
        p.sealed
        for p in wrapped
        if isinstance(p, Reasoning) and p.sealed and (client.thinking or p.sealed.on != "self")
    ]
    assert [(s.form, s.value, s.on) for s in held] == [("wrapped", text, s.on) for s in expected]


def _wrapped(part: Reasoning, text: str) -> Reasoning:
    if part.sealed is None:
        return part
    sealed = msgspec.structs.replace(part.sealed, form="wrapped", value=text)
    return msgspec.structs.replace(part, sealed=sealed)


NAMES = [
    "contents", "parts", "role", "text", "thought", "thoughtSignature", "functionCall", "name",
    "functionResponse", "response", "inlineData", "fileData", "mimeType", "data", "fileUri",
    "displayName", "generationConfig", "responseMimeType", "responseSchema", "responseJsonSchema",
    "type", "properties", "propertyOrdering", "items", "anyOf", "nullable", "enum", "const", "$ref",
    "allOf", "required", "maxItems", "thinkingConfig", "thinkingLevel", "thinkingBudget", "tools",
    "functionDeclarations", "parameters", "toolConfig", "functionCallingConfig", "mode", "labels",
    "responseLogprobs", "logprobs", "candidates", "content", "finishReason", "groundingMetadata",
    "groundingChunks", "groundingSupports", "segment", "startIndex", "endIndex", "web", "uri",
    "groundingChunkIndices", "citationMetadata", "citationSources", "logprobsResult", "token",
    "chosenCandidates", "topCandidates", "logProbability", "promptFeedback", "blockReason",
    "error", "details", "retryDelay", "fieldViolations", "description", "message",
]  # fmt: skip
VALUES = [
    None, True, 0, 1, -1, 2.5, 10**25, "", "text", "model", "user", "application/json", "OBJECT",
    "LOW", "text/plain", "aGk=", "STOP", "ANY", "https://example.org/a.pdf", "image/png", "/w==",
]  # fmt: skip
shaped = st.recursive(
    st.sampled_from(VALUES),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(NAMES), inner, max_size=6)
    ),
    max_leaves=30,
)
parts = st.lists(st.dictionaries(st.sampled_from(NAMES), shaped, max_size=4), max_size=3)
configs = st.dictionaries(st.sampled_from(NAMES), shaped, max_size=6)


@given(given_parts=parts, config=configs, tools=shaped, role=st.sampled_from(["user", "model"]))
def test_any_request_of_its_fields_is_a_request_or_a_protocol_error(
    given_parts, config, tools, role
):
    contents = [{"parts": [{"text": "Hi"}]}, {"role": role, "parts": given_parts}]
    body = {"contents": contents, "generationConfig": config, "tools": tools}
    with suppress(ProtocolError):
        request, _ = WIRE.decode_request(msgspec.json.encode(body), WIRE.target("m", stream=False))
        for model in ("gemini-2.5-pro", "gemini-3-flash-preview"):
            assert WIRE.encode_request(request, model)[0]


@given(given_parts=parts, beside=st.dictionaries(st.sampled_from(NAMES), shaped, max_size=4))
def test_any_answer_of_its_fields_is_an_answer_or_a_vendors_error(given_parts, beside):
    candidate = {"finishReason": "STOP", **beside, "content": {"parts": given_parts}}
    body = msgspec.json.encode({"candidates": [candidate]})
    with suppress(VendorProtocolError):
        reply = fold(WIRE.decode_reply(body))
        for client in (ASKED, UNASKED):
            assert WIRE.encode_reply(reply, client)


@given(error=shaped)
def test_any_error_gives_a_kind_and_a_message(error):
    failed = WIRE.decode_error(400, msgspec.json.encode({"error": error}))
    assert failed.kind
    assert failed.message
