"""Messages as Bedrock and Vertex AI host it: the same within another envelope."""

import base64
import json
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from changeover.conversation.events import Failed, fold
from changeover.directory.model import Dialect
from changeover.wire.codec import ReplyContext
from changeover.wire.errors import ProtocolError, VendorProtocolError
from changeover.wire.event_stream import encode_event, encode_exception
from changeover.wire.registry import codec
from tests.strategies import pieces, requests, streams
from tests.wire.projections import anthropic_request

PLAIN = codec("anthropic-messages")
BEDROCK = codec("anthropic-messages", "bedrock")
VERTEX = codec("anthropic-messages", "vertex")
HOSTS: tuple[Dialect, ...] = ("bedrock", "vertex")
CONTEXT = ReplyContext(id="reply-1", model="shown", created=0, include_usage=True)
BODY = {"anthropic_version": "x", "max_tokens": 5, "messages": [{"role": "user", "content": "Hi"}]}

each = pytest.mark.parametrize("host", HOSTS)


def test_the_model_stands_in_the_address_and_the_version_in_the_body():
    model = "anthropic.claude-sonnet-4-5-20250929-v1:0"
    encoded = "/anthropic.claude-sonnet-4-5-20250929-v1%3A0"
    assert BEDROCK.target(model, stream=False) == f"{encoded}/invoke"
    assert BEDROCK.target(model, stream=True) == f"{encoded}/invoke-with-response-stream"
    dated = "claude-sonnet-4-5@20250929"
    assert VERTEX.target(dated, stream=False) == f"/{dated}:rawPredict"
    assert VERTEX.target(dated, stream=True) == f"/{dated}:streamRawPredict"
    assert (BEDROCK.path, VERTEX.path) == ("/model", "/publishers/anthropic/models")


@given(asked=requests())
def test_the_body_is_that_of_messages_without_what_the_address_says(asked):
    plain = json.loads(PLAIN.encode_request(asked, "m")[0])
    del plain["model"]
    on_vertex = json.loads(VERTEX.encode_request(asked, "m")[0])
    assert on_vertex == {"anthropic_version": "vertex-2023-10-16", **plain}
    plain.pop("stream", None)
    on_bedrock = json.loads(BEDROCK.encode_request(asked, "m")[0])
    assert on_bedrock == {"anthropic_version": "bedrock-2023-05-31", **plain}


@each
@given(asked=requests())
def test_a_request_arrives_as_in_messages(host, asked):
    wire = codec("anthropic-messages", host)
    expected = anthropic_request(asked, "m/n:1@2")
    if expected.turns:
        body, _ = wire.encode_request(asked, "m/n:1@2")
        read, _ = wire.decode_request(body, wire.target("m/n:1@2", stream=asked.stream))
        assert read == expected


@each
@pytest.mark.parametrize("target", ["/m/converse", "/m:countTokens", "/invoke", "", "/:rawPredict"])
def test_an_operation_that_is_not_served_is_refused(host, target):
    with pytest.raises(ProtocolError, match="Send POST to") as caught:
        codec("anthropic-messages", host).decode_request(json.dumps(BODY).encode(), target)
    assert caught.value.status == 404


@each
def test_features_in_trial_are_told_as_lost(host):
    wire = codec("anthropic-messages", host)
    body = json.dumps({**BODY, "anthropic_beta": ["a"]}).encode()
    _, losses = wire.decode_request(body, wire.target("m", stream=False))
    assert [loss.field for loss in losses] == ["anthropic_beta"]


@each
@given(events=streams(), data=st.data())
def test_a_stream_in_any_pieces_is_that_of_messages(host, events, data):
    wire = codec("anthropic-messages", host)
    encoder, decoder = wire.stream_encoder(CONTEXT), wire.stream_decoder()
    plain, reader = PLAIN.stream_encoder(CONTEXT), PLAIN.stream_decoder()
    whole = b"".join(encoder.encode(event) for event in events)
    read = [event for piece in data.draw(pieces(whole)) for event in decoder.feed(piece)]
    expected = reader.feed(b"".join(plain.encode(event) for event in events))
    assert [*read, *decoder.close()] == expected
    assert fold(read) == fold(expected)


def chunk(payload: Any) -> bytes:
    encoded = base64.b64encode(json.dumps(payload, indent=1).encode()).decode()
    return encode_event("chunk", json.dumps({"bytes": encoded, "p": "abcd"}).encode())


MESSAGE = {"id": "m", "model": "v", "content": [], "usage": {"input_tokens": 1}}


def test_chunks_are_read_whatever_else_stands_among_them():
    decoder = BEDROCK.stream_decoder()
    events = decoder.feed(
        chunk({"type": "message_start", "message": MESSAGE})
        + encode_event("initial-response", b"{}")
        + chunk({"type": "ping"})
        + chunk({"type": "message_delta", "delta": {"stop_reason": "end_turn"}})
        + chunk({"type": "message_stop", "amazon-bedrock-invocationMetrics": {}})
    )
    assert decoder.close() == []
    assert fold(events).model == "v"


def test_an_exception_ends_the_stream_as_the_vendors_own():
    decoder = BEDROCK.stream_decoder()
    data = encode_exception("modelTimeoutException", b'{"message":"Late."}')
    assert decoder.feed(data) == [Failed(kind="modelTimeoutException", message="Late.")]
    assert decoder.feed(b"more") == decoder.close() == []


@pytest.mark.parametrize("payload", [b"{}", b'{"bytes":"%"}', b'{"bytes":"e30="}', b"\xff"])
def test_a_chunk_that_is_none_is_a_vendors_error(payload):
    with pytest.raises(VendorProtocolError):
        BEDROCK.stream_decoder().feed(encode_event("chunk", payload))


def test_a_stream_cut_short_is_a_vendors_error():
    decoder = BEDROCK.stream_decoder()
    decoder.feed(chunk({"type": "message_start", "message": MESSAGE}))
    with pytest.raises(VendorProtocolError, match="ended before its answer"):
        decoder.close()


@each
@given(data=st.binary(max_size=60))
def test_any_bytes_are_events_or_a_vendors_error(host, data):
    decoder = codec("anthropic-messages", host).stream_decoder()
    with suppress(VendorProtocolError):
        decoder.feed(data)
        decoder.close()


@given(body=st.binary(max_size=60))
def test_any_body_is_a_request_or_a_protocol_error(body):
    for wire in (BEDROCK, VERTEX):
        with suppress(ProtocolError):
            wire.decode_request(body, wire.target("m", stream=False))


def test_errors_on_bedrock_have_amazons_shape():
    body = BEDROCK.encode_error(429, "too_many", "Slow.", "call_1")
    assert json.loads(body)["__type"] == "ThrottlingException"
    assert BEDROCK.decode_error(429, body) == Failed(kind="ThrottlingException", message="Slow.")
    given = b'{"error":{"code":429,"message":"Slow.","status":"RESOURCE_EXHAUSTED"}}'
    assert VERTEX.decode_error(429, given) == Failed(kind="RESOURCE_EXHAUSTED", message="Slow.")
