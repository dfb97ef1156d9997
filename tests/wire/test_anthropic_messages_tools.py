"""Tools in Messages: choices, calls, results and streams."""

import json
from typing import Any

import pytest

from changeover.conversation.events import (
    ToolCallEnded,
    ToolCallStarted,
    ToolInputDelta,
    fold,
    unfold,
)
from changeover.conversation.model import (
    CacheMark,
    ChatRequest,
    Image,
    Reply,
    Sampling,
    Text,
    Tool,
    ToolCall,
    ToolChoice,
    ToolResult,
    Turn,
)
from changeover.wire.codec import ReplyContext
from changeover.wire.errors import ProtocolError, VendorProtocolError
from tests.wire.test_anthropic_messages import (
    END,
    TOOLS,
    WIRE,
    block,
    decoded,
    message_delta,
    start,
    stop,
    streamed,
)

CONTEXT = ReplyContext(id="r", model="m", created=1)
CALL = ToolCall(id="a", name="now", arguments="{}")
NOW = Tool(name="now")


def sent(**fields: Any) -> tuple[dict[str, Any], list[str]]:
    given: dict[str, Any] = {"model": "m", "system": (), "sampling": Sampling(max_tokens=9)}
    turns = {"turns": (Turn(role="user", parts=(Text(text="?"),)),)}
    body, losses = WIRE.encode_request(ChatRequest(**(given | turns | fields)), "claude")
    return json.loads(body), [loss.field for loss in losses]


def called(index: int = 0, **fields: Any) -> dict[str, Any]:
    content = {"type": "tool_use", "id": "toolu_1", "name": "now", "input": {}, **fields}
    return {"type": "content_block_start", "index": index, "content_block": content}


def more(text: str, index: int = 0) -> dict[str, Any]:
    delta = {"type": "input_json_delta", "partial_json": text}
    return {"type": "content_block_delta", "index": index, "delta": delta}


def test_calls_and_results_with_images_and_errors_are_read():
    source = {"type": "base64", "media_type": "image/png", "data": "AA=="}
    request, losses = decoded(
        tools=TOOLS,
        messages=[
            {"role": "user", "content": "?"},
            {
                "role": "assistant",
                "content": [
                    {"type": "text", "text": "Let me see."},
                    {"type": "tool_use", "id": "a", "name": "now", "input": {"zone": "UTC"}},
                ],
            },
            {
                "role": "user",
                "content": [
                    {
                        "type": "tool_result",
                        "tool_use_id": "a",
                        "is_error": True,
                        "content": [{"type": "image", "source": source}],
                    },
                    {"type": "tool_result", "tool_use_id": "b"},
                    {"type": "text", "text": "Go on."},
                ],
            },
        ],
    )
    assert losses == ()
    assert request.turns[1].parts == (
        Text(text="Let me see."),
        ToolCall(id="a", name="now", arguments='{"zone":"UTC"}'),
    )
    picture = Image(media_type="image/png", data="AA==")
    assert request.turns[2].parts == (
        ToolResult(call="a", parts=(picture,), is_error=True),
        ToolResult(call="b", parts=()),
        Text(text="Go on."),
    )


@pytest.mark.parametrize(
    ("written", "choice", "parallel"),
    [
        ({"type": "none"}, ToolChoice(mode="none"), None),
        (
            {"type": "any", "disable_parallel_tool_use": True},
            ToolChoice(mode="required"),
            False,
        ),
        ({"type": "tool", "name": "now"}, ToolChoice(mode="named", name="now"), None),
    ],
)
def test_each_choice_is_read_and_written(written, choice, parallel):
    request, losses = decoded(tools=TOOLS, tool_choice=written)
    assert (request.tool_choice, request.parallel_calls, losses) == (choice, parallel, ())
    assert json.loads(WIRE.encode_request(request, "m")[0])["tool_choice"] == written


@pytest.mark.parametrize("kind", ["create", "continue"])
def test_a_thread_is_refused_with_the_code_on_which_the_sdk_sends_everything(kind):
    with pytest.raises(ProtocolError) as caught:
        decoded(thread={"type": kind, "previous_message_id": "msg_1"})
    assert (caught.value.field, caught.value.code) == ("thread", "thread_unsupported_request")


def test_fields_that_only_the_vendor_understands_are_reported():
    more_said = {"cache_control": {"type": "ephemeral"}, "input_examples": [{}], "strict": True}
    request, losses = decoded(tools=[TOOLS[0] | more_said | {"defer_loading": False}])
    assert [loss.field for loss in losses] == ["tools[0].input_examples"]
    assert request.tools[0].strict is True
    assert request.tools[0].cache == CacheMark()


@pytest.mark.parametrize(
    ("parallel", "choice"),
    [
        (False, {"type": "auto", "disable_parallel_tool_use": True}),
        (True, None),
        (None, None),
    ],
)
def test_parallel_calls_alone_force_no_tool(parallel, choice):
    body, losses = sent(tools=(NOW,), parallel_calls=parallel)
    assert body.get("tool_choice") == choice
    assert losses == []


def test_a_tool_without_parameters_takes_an_object():
    body, _ = sent(tools=(NOW, Tool(name="b", parameters={"properties": {}})))
    assert [tool["input_schema"] for tool in body["tools"]] == [
        {"type": "object"},
        {"type": "object", "properties": {}},
    ]


def test_calls_in_the_history_without_tools_name_them_with_a_report():
    turns = (
        Turn(role="assistant", parts=(CALL,)),
        Turn(role="user", parts=(ToolResult(call="a", parts=()),)),
    )
    body, losses = sent(turns=turns)
    assert body["tools"] == [{"name": "now", "input_schema": {"type": "object"}}]
    assert body["tool_choice"] == {"type": "none"}
    assert losses == ["tools"]


def test_results_stand_first_under_ids_that_fit():
    call = ToolCall(id="fc_1|rs_2", name="now", arguments="{}")
    results = (Text(text="Look."), ToolResult(call="fc_1|rs_2", parts=(Text(text="noon"),)))
    turns = (Turn(role="assistant", parts=(call,)), Turn(role="user", parts=results))
    body, losses = sent(tools=(NOW,), turns=turns)
    use = body["messages"][0]["content"][0]
    result, text = body["messages"][1]["content"]
    assert use["id"] == result["tool_use_id"]
    assert use["id"].startswith("call_")
    assert result["content"] == "noon"
    assert text == {"type": "text", "text": "Look."}
    assert losses == []


@pytest.mark.parametrize(
    ("arguments", "given", "losses"),
    [
        ("", {}, []),
        ("null", {}, []),
        ('{"a": ', {"INVALID_JSON": '{"a": '}, ["arguments"]),
        ("[1]", {"INVALID_JSON": "[1]"}, ["arguments"]),
    ],
)
def test_arguments_that_are_no_object_are_put_into_one(arguments, given, losses):
    call = ToolCall(id="a", name="now", arguments=arguments)
    body, lost = sent(tools=(NOW,), turns=(Turn(role="assistant", parts=(call,)),))
    assert body["messages"][0]["content"][0]["input"] == given
    assert [field for field in lost if field == "arguments"] == losses


def test_a_streamed_call_as_the_vendor_sends_it():
    events = streamed(
        start(input_tokens=1, output_tokens=1),
        called(),
        more(""),
        more('{"zone": '),
        more('"UTC"}'),
        stop(),
        message_delta("tool_use"),
        END,
    )
    assert events[2:6] == [
        ToolCallStarted(id="toolu_1", name="now"),
        ToolInputDelta(json='{"zone": '),
        ToolInputDelta(json='"UTC"}'),
        ToolCallEnded(),
    ]
    assert fold(events).stop == "tool-use"


@pytest.mark.parametrize(("given", "arguments"), [({}, "{}"), ({"zone": "UTC"}, '{"zone": "UTC"}')])
def test_a_call_without_pieces_has_the_input_it_began_with(given, arguments):
    events = streamed(start(), called(input=given), stop(), message_delta("end_turn"), END)
    reply = fold(events)
    assert reply.parts == (ToolCall(id="toolu_1", name="now", arguments=arguments),)
    assert reply.stop == "tool-use"


@pytest.mark.parametrize("fields", [{"input": []}, {"input": None}, {"id": ""}, {"name": ""}])
def test_a_call_that_is_none_is_named(fields):
    content = {"type": "tool_use", "id": "a", "name": "f", "input": {}, **fields}
    message = start(input_tokens=1)["message"] | {"content": [content], "stop_reason": "tool_use"}
    with pytest.raises(VendorProtocolError):
        WIRE.decode_reply(json.dumps(message).encode())


def test_an_answer_that_says_calls_and_holds_none_is_named():
    with pytest.raises(VendorProtocolError, match="'tool_use'"):
        streamed(start(), block(), stop(), message_delta("tool_use"), END)


def test_a_stream_to_a_client_ends_for_its_calls():
    parts = (Text(text="See"), CALL, ToolCall(id="b", name="f", arguments='{"x":1}'))
    encoder = WIRE.stream_encoder(CONTEXT)
    events = unfold(Reply(id="v", model="m", parts=parts, stop="tool-use"))
    frames = b"".join(encoder.encode(event) for event in events).split(b"\n\n")
    told = [json.loads(frame.split(b"data: ")[1]) for frame in frames if frame]
    begun = [e["content_block"] for e in told if e["type"] == "content_block_start"]
    assert begun[1:] == [
        {"type": "tool_use", "id": "a", "name": "now", "input": {}},
        {"type": "tool_use", "id": "b", "name": "f", "input": {}},
    ]
    deltas = [e for e in told if e["type"] == "content_block_delta"]
    assert [(e["index"], e["delta"]["type"]) for e in deltas] == [
        (0, "text_delta"),
        (1, "input_json_delta"),
        (2, "input_json_delta"),
    ]
    ending = next(e for e in told if e["type"] == "message_delta")
    assert ending["delta"]["stop_reason"] == "tool_use"


def test_a_whole_answer_keeps_the_input_as_written_and_wraps_what_is_none():
    calls = (
        ToolCall(id="a", name="f", arguments='{ "x": 1.0 }'),
        ToolCall(id="b", name="f", arguments='{"x"'),
    )
    body = WIRE.encode_reply(Reply(id="v", model="m", parts=calls, stop="length"), CONTEXT)
    assert b'"input":{ "x": 1.0 }' in body
    assert json.loads(body)["content"][1]["input"] == {"INVALID_JSON": '{"x"'}
