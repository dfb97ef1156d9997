"""Counting in each protocol that can: every field, there and back, and whatever bytes come."""

import base64
import json
from contextlib import suppress
from typing import Any, get_type_hints

import botocore.loaders
import pytest
from anthropic.types import message_count_tokens_params
from hypothesis import example, given
from hypothesis import strategies as st
from openai.types.responses import input_token_count_params

from changeover.conversation.estimating import estimate
from changeover.conversation.model import (
    ChatRequest,
    File,
    Image,
    Text,
    Tool,
    ToolCall,
    ToolResult,
    Turn,
)
from changeover.wire.anthropic_messages import counting as messages
from changeover.wire.anthropic_messages import fields as messages_fields
from changeover.wire.bedrock_converse import counting as converse
from changeover.wire.errors import ProtocolError, VendorProtocolError
from changeover.wire.openai_responses import counting as responses
from changeover.wire.openai_responses import fields as responses_fields
from changeover.wire.operation import CountingCodec
from changeover.wire.operations import counter, counting_codec

# Blank text is not sent to every vendor.
SAID = st.text(min_size=1, max_size=20).filter(lambda text: text.strip() == text)
TARGETS = {"gemini-generate": "/m:countTokens", "bedrock-converse": "/m/count-tokens"}
MESSAGES: dict[str, Any] = {"model": "m", "messages": [{"role": "user", "content": "Hello"}]}


def found(protocol: Any, dialect: Any = None) -> CountingCodec:
    codec = counting_codec(protocol, dialect)
    assert codec is not None
    return codec


ALL = ("anthropic-messages", "openai-responses", "gemini-generate", "bedrock-converse")
each = pytest.mark.parametrize("protocol", ALL)


def asked(protocol: Any, **given: Any) -> tuple[ChatRequest, set[str]]:
    target = TARGETS.get(protocol, "")
    request, losses = found(protocol).decode_request(json.dumps(given).encode(), target)
    return request, {loss.field for loss in losses}


def test_each_field_of_the_vendors_types_is_counted_or_in_a_table():
    published = set(get_type_hints(message_count_tokens_params.MessageCountTokensParams))
    assert messages.COUNTED <= published <= set(messages_fields.FIELDS)
    published = set(get_type_hints(input_token_count_params.InputTokenCountParams))
    assert published >= responses.COUNTED
    assert published <= set(responses_fields.FIELDS) | set(responses.ONLY_HERE)


def test_no_limit_is_needed_and_one_that_is_sent_changes_nothing():
    for more in ({}, {"max_tokens": 5}, {"max_tokens": 5, "stream": True, "temperature": 0.5}):
        request, losses = asked("anthropic-messages", **MESSAGES, **more)
        assert losses == set()
        assert request.sampling.max_tokens is None
        written = json.loads(found("anthropic-messages").write(request, "pinned").body)
        assert written == {**MESSAGES, "model": "pinned"} or written["model"] == "pinned"
        assert set(written) == {"model", "messages"}


def test_responses_may_leave_everything_out():
    request, losses = asked("openai-responses", personality="friendly", input="Hello")
    assert (request.model, losses) == ("default", {"personality"})
    request, _ = asked("openai-responses", model="m", instructions="Be brief.")
    assert request.system == (Text(text="Be brief."),)
    for name in ("conversation", "previous_response_id"):
        with pytest.raises(ProtocolError, match=name):
            asked("openai-responses", model="m", input="x", **{name: "y"})


def test_googles_two_forms_of_a_request_are_the_same():
    contents = [{"role": "user", "parts": [{"text": "Hello"}]}]
    system = {"parts": [{"text": "Be brief."}]}
    whole = {"model": "models/m", "contents": contents, "systemInstruction": system}
    one, _ = asked("gemini-generate", generateContentRequest=whole)
    other, _ = asked("gemini-generate", contents=contents, system_instruction=system)
    assert one == other
    written = found("gemini-generate").write(one, "pinned")
    assert written.target == "/pinned:countTokens"
    assert json.loads(written.body)["generateContentRequest"]["model"] == "models/pinned"
    flat = found("gemini-generate", "vertex").write(one, "pinned")
    assert set(json.loads(flat.body)) == {"contents", "systemInstruction"}
    with pytest.raises(ProtocolError, match="generateContentRequest"):
        asked("gemini-generate", generateContentRequest=whole, contents=contents)


@each
@given(words=SAID, instructions=SAID)
def test_what_is_written_and_read_is_the_same(protocol: Any, words: str, instructions: str):
    request = ChatRequest(
        model="m",
        system=(Text(text=instructions),),
        turns=(Turn(role="user", parts=(Text(text=words),)),),
        tools=(Tool(name="look", parameters={"type": "object", "properties": {}}),),
    )
    codec = found(protocol)
    written = codec.write(request, "m")
    again, _ = codec.decode_request(written.body, written.target)
    assert (again.system, again.turns) == (request.system, request.turns)
    assert [tool.name for tool in again.tools] == ["look"]
    assert codec.write(again, "m").body == written.body


@each
@given(count=st.integers(0, 2**53))
def test_a_count_that_is_written_and_read_is_the_same(protocol: Any, count: int):
    codec = found(protocol)
    assert codec.decode_reply(codec.encode_reply(count)) == count


@each
@example(body=b"{}")
@given(body=st.binary(max_size=100))
def test_arbitrary_bytes_are_a_protocol_error(protocol: Any, body: bytes):
    # Responses may leave everything out, so that an empty object is a request.
    with suppress(ProtocolError):
        found(protocol).decode_request(body, TARGETS.get(protocol, ""))
    try:
        count = found(protocol).decode_reply(body)
    except VendorProtocolError:
        return
    # Gemini writes protocol buffers as JSON, where a zero may be left out: `{}` counts none.
    assert protocol == "gemini-generate"
    assert count == 0
    assert isinstance(json.loads(body), dict)


def test_each_field_that_bedrock_counts_is_sent_and_no_other():
    model = botocore.loaders.Loader().load_service_model("bedrock-runtime", "service-2")
    assert set(model["shapes"]["ConverseTokensRequest"]["members"]) == converse.COUNTED
    assert set(model["shapes"]["CountTokensInput"]["members"]) == {"converse", "invokeModel"}


def test_bedrock_counts_converse_and_messages_in_the_form_of_its_makers():
    codec = found("bedrock-converse")
    inner = {"messages": [{"role": "user", "content": [{"text": "Hello"}]}]}
    body = json.dumps({"input": {"converse": inner}}).encode()
    one, losses = codec.decode_request(body, "/m/count-tokens")
    packed = base64.b64encode(json.dumps({"messages": MESSAGES["messages"]}).encode()).decode()
    body = json.dumps({"input": {"invokeModel": {"body": packed}}}).encode()
    other, _ = codec.decode_request(body, "/m/count-tokens")
    assert (one, losses) == (other, ())
    written = codec.write(one, "arn:aws:m/1")
    assert written.target == "/arn%3Aaws%3Am%2F1/count-tokens"
    assert json.loads(written.body) == {"input": {"converse": inner}}
    for wrong in ({}, {"converse": inner, "invokeModel": {"body": packed}}, {"converse": 3}):
        with pytest.raises(ProtocolError, match="input"):
            codec.decode_request(json.dumps({"input": wrong}).encode(), "/m/count-tokens")
    strange = json.dumps({"input": {"invokeModel": {"body": "?"}}}).encode()
    with pytest.raises(ProtocolError, match="base64"):
        codec.decode_request(strange, "/m/count-tokens")


def test_hosts_of_messages_are_asked_in_their_own_ways():
    request, _ = asked("anthropic-messages", **MESSAGES)
    on_vertex = found("anthropic-messages", "vertex").write(request, "claude@1")
    assert on_vertex.target == "/count-tokens:rawPredict"
    assert json.loads(on_vertex.body)["model"] == "claude@1"
    bedrock = counter("anthropic-messages", "bedrock")
    assert bedrock is not None
    written = bedrock.write(request, "claude-1")
    assert written.target == "/claude-1/count-tokens"
    inner = json.loads(base64.b64decode(json.loads(written.body)["input"]["invokeModel"]["body"]))
    assert inner["anthropic_version"] == "bedrock-2023-05-31"
    assert "model" not in inner
    assert bedrock.decode_reply(b'{"inputTokens": 3}') == 3
    sent = {**MESSAGES, "anthropic_version": "vertex-2023-10-16"}
    again, losses = found("anthropic-messages", "vertex").decode_request(json.dumps(sent).encode())
    assert (again, losses) == (request, ())


def test_an_estimate_counts_all_that_a_model_is_given():
    bare = ChatRequest(
        model="m", system=(), turns=(Turn(role="user", parts=(Text(text="abcd" * 5),)),)
    )
    assert estimate(bare) == 4 + 5
    result = ToolResult(call="1", parts=(Text(text="é" * 4), Image(url="https://a/b")))
    full = ChatRequest(
        model="m",
        system=(Text(text="abcd"),),
        turns=(
            Turn(
                role="assistant",
                parts=(ToolCall(id="1", name="look", arguments="{}"),),
            ),
            Turn(role="user", parts=(result, File(url="https://a/c"), File(text="abcd"))),
        ),
        tools=(Tool(name="look", description="abcd", parameters={}),),
    )
    around, system, tools = 4 * 4, 1, 2 + 1
    call, answered, files = 4 + 2, 4 + 2 + 1_000, 2_000 + 1
    assert estimate(full) == around + system + tools + call + answered + files
