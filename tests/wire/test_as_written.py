"""A request that goes on as it was written goes on as it would if it were read field by field."""

from collections.abc import Iterator
from importlib import import_module
from typing import Any
from unittest import mock

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from changeover.directory.model import PROTOCOLS, Protocol
from changeover.wire.as_written import beginning_with
from changeover.wire.errors import ProtocolError
from changeover.wire.passing import Passage, Towards
from changeover.wire.registry import codec, passage
from changeover.wire.renaming import renamed
from tests.strategies import json_values, requests
from tests.wire import rich_anthropic, rich_bedrock, rich_gemini, rich_responses
from tests.wire.passings import TOWARDS

each = pytest.mark.parametrize("protocol", PROTOCOLS)
_RICH: dict[Protocol, Any] = {
    "openai-chat": requests(),
    "openai-responses": rich_responses.rich_requests(),
    "anthropic-messages": rich_anthropic.requests(),
    "gemini-generate": rich_gemini.requests(),
    "bedrock-converse": rich_bedrock.requests(),
}
_MODELS = (
    "gpt-4.1",
    "gpt-5.5",
    "o3-mini",
    "claude-sonnet-4-5",
    "claude-opus-4-8",
    "us.anthropic.claude-opus-4-8",
    "amazon.nova-pro-v1:0",
    "gemini-3-pro",
)
_CONCERNS = [
    "additionalModelRequestFields",
    "audio",
    "background",
    "cachedContent",
    "cachePoint",
    "call_id",
    "container",
    "continuation_token",
    "conversation",
    "cached_content",
    "encrypted_content",
    "fallbacks",
    "fileData",
    "fileSearch",
    "file_ids",
    "file_id",
    "frequency_penalty",
    "functionCall",
    "generation_config",
    "guardrailConfig",
    "id",
    "include_usage",
    "max_tokens",
    "messages",
    "model",
    "moderation",
    "output_config",
    "parsed",
    "parsed_arguments",
    "previous_response_id",
    "projectIdentifier",
    "prompt",
    "promptVariables",
    "reasoning",
    "reasoning_content",
    "reasoning_effort",
    "response_format",
    "retrieval",
    "role",
    "routingConfig",
    "s3Location",
    "signature",
    "store",
    "stream",
    "stream_options",
    "system",
    "temperature",
    "text",
    "thinking",
    "thought",
    "thoughtSignature",
    "thread",
    "toolUse",
    "toolUseId",
    "tool_calls",
    "tool_call_id",
    "tool_choice",
    "tool_use_id",
    "top_p",
    "topP",
    "type",
    "vector_store_ids",
]
_VALUES = (
    st.none()
    | st.booleans()
    | st.sampled_from(
        [
            "",
            " ",
            "assistant",
            "co1-sealed",
            "file-1",
            "high",
            "item_reference",
            "json_object",
            "tool_use",
            "thinking",
            "x" * 65,
            {"effort": "max"},
            {"file_id": "file-1"},
            {"include_usage": True},
            {"type": "enabled", "budget_tokens": 1024},
            ["file-1"],
            [],
            {},
        ]
    )
    | json_values
)


def _objects(value: Any) -> Iterator[dict[str, Any]]:
    """The objects of a request, but for those that are a program's own."""
    match value:
        case dict():
            yield value
            for name, held in value.items():
                if name not in {"input", "args", "parameters", "schema", "json", "response"}:
                    yield from _objects(held)
        case list():
            for held in value:
                yield from _objects(held)
        case _:
            pass


@st.composite
def bodies(draw: st.DrawFn, protocol: Protocol) -> bytes:
    """A client's request, mostly with something in it that may matter."""
    body, _ = codec(protocol).encode_request(draw(requests() | _RICH[protocol]), "asked")
    fields: dict[str, Any] = msgspec.json.decode(body)
    for name in draw(st.lists(st.sampled_from(_CONCERNS), max_size=2)):
        within = draw(st.sampled_from([*_objects(fields)]))
        within[name] = draw(_VALUES)
    return msgspec.json.encode(fields)


def _through(protocol: Protocol) -> Passage:
    found = passage(protocol)
    assert found is not None
    return found


def _passed(protocol: Protocol, body: bytes, model: str) -> Any:
    """What of a request goes on, whatever the order of its fields."""
    towards = Towards(model=model, shown=TOWARDS.shown, seals=TOWARDS.seals)
    target = codec(protocol).target("asked", stream=True)
    try:
        came = _through(protocol).read(body, target)
        out = came.outbound(towards)
    except ProtocolError as error:
        return type(error), error.field, str(error)
    if out is None:
        return came.model, came.stream, None
    sent = msgspec.json.decode(out.body)
    return came.model, came.stream, sent, out.target, out.losses, type(out.answer)


def _field_by_field(protocol: Protocol) -> Any:
    module = import_module(f"changeover.wire.{protocol.replace('-', '_')}.passing")
    return mock.patch.object(module, "straight", return_value=None)


@each
@settings(max_examples=150)
@given(data=st.data(), model=st.sampled_from(_MODELS))
def test_both_ways_pass_the_same_on(protocol: Protocol, data: st.DataObject, model: str):
    body = data.draw(bodies(protocol))
    as_written = _passed(protocol, body, model)
    with _field_by_field(protocol):
        assert _passed(protocol, body, model) == as_written


@each
@given(data=st.data())
def test_what_goes_on_as_it_was_written_is_not_read_again(protocol: Protocol, data: st.DataObject):
    """Plain requests and calls of tools need no other way; spaces and order stay."""
    body = msgspec.json.encode(data.draw(st.sampled_from(_SPOKEN[protocol])))
    spaced = msgspec.json.format(body, indent=data.draw(st.sampled_from([-1, 0, 3])))
    out = _through(protocol).read(spaced, codec(protocol).target("asked", stream=True))
    module = import_module(f"changeover.wire.{protocol.replace('-', '_')}.passing")
    with mock.patch.object(module, "_Request", side_effect=AssertionError):
        sent = out.outbound(TOWARDS)
    assert sent is not None
    expected = spaced.replace(b'"asked"', msgspec.json.encode(TOWARDS.model))
    assert sent.body in {expected, *(b"{" + one + b"," + expected[1:] for one in _ADDED)}


_ADDED = (b'"stream_options":{"include_usage":true}', b'"store":false')
_SAID = {"role": "user", "content": "Hi"}
_SPOKEN: dict[Protocol, list[object]] = {
    "openai-chat": [
        {"messages": [_SAID], "model": "asked", "stream": True, "new": 1.5},
        {
            "messages": [
                {
                    "role": "user",
                    "content": [
                        {"type": "text", "text": "Hi"},
                        {"type": "image_url", "image_url": {"url": "https://example.org/a.png"}},
                    ],
                },
                {
                    "role": "assistant",
                    "tool_calls": [
                        {
                            "id": "call_1",
                            "type": "function",
                            "function": {"name": "look", "arguments": "{}"},
                        }
                    ],
                },
                {"role": "tool", "tool_call_id": "call_1", "content": "12"},
            ],
            "model": "asked",
            "tools": [{"type": "function", "function": {"name": "look"}}],
        },
    ],
    "openai-responses": [
        {"model": "asked", "input": "Hi", "stream": True, "new": 1.5},
        {
            "model": "asked",
            "input": [
                {"role": "user", "content": [{"type": "input_text", "text": "Hi"}]},
                {
                    "type": "function_call",
                    "id": "fc_1",
                    "call_id": "call_1",
                    "name": "look",
                    "arguments": "{}",
                },
                {"type": "function_call_output", "call_id": "call_1", "output": "12"},
            ],
            "store": False,
            "reasoning": {"effort": "low"},
            "tools": [{"type": "function", "name": "look"}],
        },
    ],
    "anthropic-messages": [
        {"max_tokens": 9, "messages": [_SAID], "model": "asked", "new": 1.5},
        {
            "model": "asked",
            "max_tokens": 9,
            "messages": [
                {
                    "role": "user",
                    "content": [
                        {"type": "text", "text": "Hi", "cache_control": {"type": "ephemeral"}}
                    ],
                },
                {
                    "role": "assistant",
                    "content": [
                        {"type": "tool_use", "id": "toolu_1", "name": "look", "input": {"of": "x"}}
                    ],
                },
                {
                    "role": "user",
                    "content": [{"type": "tool_result", "tool_use_id": "toolu_1", "content": "12"}],
                },
            ],
        },
    ],
    "gemini-generate": [
        {
            "contents": [
                {"role": "user", "parts": [{"text": "Hi"}]},
                {"role": "model", "parts": [{"text": "Yes?"}]},
                {"parts": [{"inlineData": {"mimeType": "image/png", "data": "aGk="}}]},
            ],
            "new": 1.5,
        }
    ],
    "bedrock-converse": [
        {
            "messages": [
                {
                    "role": "user",
                    "content": [
                        {"text": "Hi"},
                        {"image": {"format": "png", "source": {"bytes": "aGk="}}},
                    ],
                },
                {
                    "role": "assistant",
                    "content": [{"toolUse": {"toolUseId": "t_1", "name": "look", "input": {}}}],
                },
                {
                    "role": "user",
                    "content": [{"toolResult": {"toolUseId": "t_1", "content": [{"text": "12"}]}}],
                },
            ],
            "toolConfig": {"tools": [{"toolSpec": {"name": "look"}}]},
            "new": 1.5,
        }
    ],
}


def test_the_name_is_replaced_where_it_stands_once():
    assert renamed(b'{"a":[1],"model":"x"}', "x", "y/z") == b'{"a":[1],"model":"y/z"}'
    assert renamed(b'{ "model" :\t"x\\"\\\\", "a": 1}', 'x"\\', "y") == b'{ "model" :\t"y", "a": 1}'


@pytest.mark.parametrize(
    "body",
    [
        b'{"model":"x","tools":[{"model":"x"}]}',
        b'{"model":"x","model":"x"}',
        b'{"\\u006dodel":"x","a":{"model":"x"}}',
        b'{"\\u006dodel":"x","a":["model"]}',
        b'{"\\u006dodel":"x"}',
    ],
)
def test_a_name_that_may_stand_elsewhere_is_not_replaced(body: bytes):
    assert renamed(body, "x", "y") is None


@pytest.mark.parametrize("protocol", ["openai-chat", "openai-responses", "anthropic-messages"])
@pytest.mark.parametrize(
    "names", [b'"model":"m","model":"asked"', b'"\\u006dodel":"asked","metadata":{"model":"asked"}']
)
def test_only_the_decided_model_is_named(protocol: Protocol, names: bytes):
    said = b'"input":"Hi"' if protocol == "openai-responses" else b'"messages":[]'
    out = _through(protocol).read(b"{" + names + b"," + said + b"}", "").outbound(TOWARDS)
    assert out is not None
    given = msgspec.json.decode(out.body, type=dict[str, msgspec.Raw])
    assert bytes(given["model"]) == msgspec.json.encode(TOWARDS.model)
    assert out.body.count(b'"model":') == 1 + names.count(b"metadata")


def test_a_field_is_put_before_all_others():
    assert beginning_with(b'{"a":1}', b'"b":2') == b'{"b":2,"a":1}'
    assert beginning_with(b' {"a":1}', b'"b":2') is None
    assert beginning_with(None, b'"b":2') is None
