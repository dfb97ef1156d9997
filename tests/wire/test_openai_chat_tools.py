"""Tools in Chat Completions: choices, calls, results, and streams in every order."""

import json
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from changeover.conversation.events import (
    TextDelta,
    TextEnded,
    TextStarted,
    ToolCallEnded,
    ToolCallStarted,
    ToolInputDelta,
    fold,
    unfold,
)
from changeover.conversation.model import (
    ChatRequest,
    Image,
    Reply,
    Text,
    Tool,
    ToolCall,
    ToolChoice,
    ToolResult,
    Turn,
)
from changeover.wire.codec import ReplyContext
from changeover.wire.errors import VendorProtocolError
from tests.strategies import arguments, pieces
from tests.wire.test_openai_chat import TOOLS, WIRE, chunk, decoded, piece, streamed

CONTEXT = ReplyContext(id="r", model="m", created=1)
CALLED = {"id": "call_1", "type": "function", "function": {"name": "now", "arguments": ""}}


def sent(**fields: Any) -> tuple[dict[str, Any], list[str]]:
    given: dict[str, Any] = {"model": "m", "system": (), "turns": ()}
    body, losses = WIRE.encode_request(ChatRequest(**(given | fields)), "gpt-4.1")
    return json.loads(body), [loss.field for loss in losses]


def test_a_loop_of_calls_and_results_is_two_turns():
    request, losses = decoded(
        tools=[{"type": "function", "function": {"name": "now", "description": "The time."}}],
        messages=[
            {"role": "user", "content": "?"},
            {"role": "assistant", "content": "Let me see.", "tool_calls": [CALLED]},
            {"role": "tool", "tool_call_id": "call_1", "content": "noon"},
            {"role": "tool", "tool_call_id": "call_2", "content": [{"type": "text", "text": "x"}]},
            {"role": "user", "content": "And?"},
        ],
    )
    assert losses == ()
    assert request.tools == (Tool(name="now", description="The time."),)
    assert request.turns[1:] == (
        Turn(
            role="assistant",
            parts=(
                Text(text="Let me see."),
                ToolCall(id="call_1", name="now", arguments="{}"),
            ),
        ),
        Turn(
            role="user",
            parts=(
                ToolResult(call="call_1", parts=(Text(text="noon"),)),
                ToolResult(call="call_2", parts=(Text(text="x"),)),
            ),
        ),
        Turn(role="user", parts=(Text(text="And?"),)),
    )


@pytest.mark.parametrize("content", [None, "", []])
def test_an_answer_of_calls_alone_has_no_text(content):
    message = {"role": "assistant", "content": content, "tool_calls": [CALLED]}
    request, _ = decoded(messages=[message])
    assert request.turns[0].parts == (ToolCall(id="call_1", name="now", arguments="{}"),)


@pytest.mark.parametrize(
    ("written", "choice"),
    [
        ("none", ToolChoice(mode="none")),
        ("required", ToolChoice(mode="required")),
        (TOOLS[0], ToolChoice(mode="named", name="now")),
    ],
)
def test_each_choice_is_read_and_written(written, choice):
    request, losses = decoded(tools=TOOLS, tool_choice=written)
    assert (request.tool_choice, losses) == (choice, ())
    assert json.loads(WIRE.encode_request(request, "m")[0])["tool_choice"] == written


def test_allowed_tools_leave_the_others_out():
    two = [*TOOLS, {"type": "function", "function": {"name": "then"}}]
    allowed = {"mode": "required", "tools": [TOOLS[0]]}
    choice = {"type": "allowed_tools", "allowed_tools": allowed}
    request, losses = decoded(tools=two, tool_choice=choice)
    assert losses == ()
    assert [tool.name for tool in request.tools] == ["now"]
    assert request.tool_choice == ToolChoice(mode="required")


@pytest.mark.parametrize("fields", [{}, {"tools": []}, {"tools": None}])
def test_without_tools_there_is_nothing_to_choose(fields):
    request, losses = decoded(**fields, tool_choice="auto", parallel_tool_calls=True)
    assert losses == ()
    assert (request.tools, request.tool_choice, request.parallel_calls) == ((), None, None)


def test_parallel_calls_alone_force_no_tool():
    body, _ = sent(tools=(Tool(name="now"),), parallel_calls=False)
    assert "tool_choice" not in body
    assert body["parallel_tool_calls"] is False


def test_results_with_images_and_errors_are_sent_with_a_report():
    picture = Image(media_type="image/png", data="AA==")
    results = (
        ToolResult(call="a", parts=(Text(text="See:"), picture), is_error=True),
        ToolResult(call="b", parts=()),
    )
    body, losses = sent(turns=(Turn(role="user", parts=(*results, Text(text="Go on."))),))
    url = {"type": "image_url", "image_url": {"url": "data:image/png;base64,AA=="}}
    assert body["messages"] == [
        {"role": "tool", "tool_call_id": "a", "content": "See:"},
        {"role": "tool", "tool_call_id": "b", "content": ""},
        {"role": "user", "content": [url]},
        {"role": "user", "content": "Go on."},
    ]
    assert losses == ["is_error", "tool_result"]


def test_text_after_a_call_is_written_before_it_with_a_report():
    call = ToolCall(id="a", name="now", arguments="{}")
    body, losses = sent(turns=(Turn(role="assistant", parts=(call, Text(text="Wait."))),))
    assert body["messages"][0]["content"] == "Wait."
    assert losses == ["messages"]


def test_a_call_without_arguments_is_written_with_an_empty_object():
    body, _ = sent(
        turns=(Turn(role="assistant", parts=(ToolCall(id="a", name="f", arguments=""),)),)
    )
    assert body["messages"][0]["tool_calls"][0]["function"]["arguments"] == "{}"


def test_calls_one_after_the_other_pass_piece_by_piece():
    events = streamed(
        chunk({"role": "assistant", "content": None}),
        chunk({"content": "See"}),
        chunk(piece(0, "", id="a", name="f")),
        chunk(piece(0, '{"x":')),
        chunk(piece(0, "1}")),
        chunk(piece(1, "", id="b", name="g")),
        chunk(piece(1, "{}")),
        chunk(finish="tool_calls"),
    )
    assert events[1:-1] == [
        TextStarted(),
        TextDelta(text="See"),
        TextEnded(),
        ToolCallStarted(id="a", name="f"),
        ToolInputDelta(json='{"x":'),
        ToolInputDelta(json="1}"),
        ToolCallEnded(),
        ToolCallStarted(id="b", name="g"),
        ToolInputDelta(json="{}"),
        ToolCallEnded(),
    ]
    assert fold(events).stop == "tool-use"


written_calls = st.lists(
    st.builds(ToolCall, id=st.just(""), name=st.just("f"), arguments=arguments),
    min_size=1,
    max_size=4,
).map(
    lambda calls: [
        ToolCall(id=f"c{n}", name=c.name, arguments=c.arguments) for n, c in enumerate(calls)
    ]
)


@given(written_calls, st.data())
def test_mixed_pieces_of_several_calls_lose_nothing(calls, data):
    """Every call's pieces in their order, the calls' among each other in any."""
    queues = [
        [piece(n, "", id=call.id, name=call.name)]
        + [piece(n, one) for one in data.draw(pieces(call.arguments)) if one.strip()]
        for n, call in enumerate(calls)
    ]
    whole = [
        "".join(p["tool_calls"][0]["function"]["arguments"] for p in queue) for queue in queues
    ]
    order = data.draw(st.permutations([n for n, queue in enumerate(queues) for _ in queue]))
    chunks = [chunk(queues[n].pop(0)) for n in order]
    # Where a prefix of the pieces is an object already, no reader can know that more follows.
    reply = fold(streamed(*chunks, chunk(finish="tool_calls")))
    found = {p.id: p.arguments for p in reply.parts if isinstance(p, ToolCall)}
    assert found == {call.id: text or "{}" for call, text in zip(calls, whole, strict=True)}


def test_servers_that_give_every_call_one_place_or_no_id():
    same = fold(
        streamed(
            chunk(piece(0, "{}", id="a", name="f")),
            chunk(piece(0, '{"x":1}', id="b", name="f")),
            chunk(finish="stop"),
        )
    )
    assert [p.id for p in same.parts if isinstance(p, ToolCall)] == ["a", "b"]
    assert same.stop == "tool-use"
    unnamed = fold(
        streamed(
            chunk({"tool_calls": [{"function": {"name": "f", "arguments": "{}"}}]}),
            chunk({"tool_calls": [{"function": {"name": "g", "arguments": "{}"}}]}),
            chunk(finish="tool_calls"),
        )
    )
    assert unnamed.parts == (
        ToolCall(id="call_0", name="f", arguments="{}"),
        ToolCall(id="call_1", name="g", arguments="{}"),
    )


@pytest.mark.parametrize("finish", ["tool_calls", "stop", "function_call"])
def test_an_answer_that_holds_calls_stopped_for_them(finish):
    message = {"content": None, "tool_calls": [CALLED, {**CALLED, "id": "call_2"}]}
    body = {"id": "a", "model": "m", "choices": [{"message": message, "finish_reason": finish}]}
    reply = fold(WIRE.decode_reply(json.dumps(body).encode()))
    assert reply.stop == "tool-use"
    assert [p.id for p in reply.parts if isinstance(p, ToolCall)] == ["call_1", "call_2"]


def test_an_answer_that_says_calls_and_holds_none_is_named():
    with pytest.raises(VendorProtocolError, match="'tool_calls'"):
        streamed(chunk({"tool_calls": []}), chunk(finish="tool_calls"))


def test_a_stream_to_a_client_names_a_call_once_and_ends_for_it():
    parts = (
        Text(text="See"),
        ToolCall(id="a", name="f", arguments=""),
        ToolCall(id="b", name="g", arguments='{"x":1}'),
    )
    events = unfold(Reply(id="v", model="m", parts=parts, stop="tool-use"))
    encoder = WIRE.stream_encoder(CONTEXT)
    frames = b"".join(encoder.encode(event) for event in events).split(b"\n\n")
    choices = [json.loads(f[6:])["choices"][0] for f in frames if f and f != b"data: [DONE]"]
    calls = [c["delta"]["tool_calls"][0] for c in choices if "tool_calls" in c["delta"]]
    assert [call["index"] for call in calls] == [0, 0, 1, 1]
    assert [call.get("id") for call in calls] == ["a", None, "b", None]
    assert [call["function"]["arguments"] for call in calls] == ["", "{}", "", '{"x":1}']
    assert [c["finish_reason"] for c in choices][-2:] == [None, "tool_calls"]
    assert all(a["finish_reason"] is None for a, _ in pairwise(choices))


def test_a_whole_answer_of_calls_alone_has_null_for_content():
    call = ToolCall(id="a", name="f", arguments='{ "x": 1 }')
    body = WIRE.encode_reply(Reply(id="v", model="m", parts=(call,), stop="tool-use"), CONTEXT)
    choice = json.loads(body)["choices"][0]
    assert choice["finish_reason"] == "tool_calls"
    assert choice["message"]["content"] is None
    assert choice["message"]["tool_calls"][0]["function"]["arguments"] == '{ "x": 1 }'
