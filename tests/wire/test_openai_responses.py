import json
from typing import Any

import pytest

from changeover.conversation.events import (
    Event,
    Failed,
    Finished,
    Started,
    TextDelta,
    TextEnded,
    TextStarted,
    ToolCallEnded,
    ToolCallStarted,
    ToolInputDelta,
    UsageSeen,
    fold,
)
from changeover.conversation.model import (
    ChatRequest,
    Image,
    Loss,
    Sampling,
    Text,
    Tool,
    ToolCall,
    ToolChoice,
    ToolResult,
    Turn,
    Usage,
)
from changeover.wire.codec import ReplyContext
from changeover.wire.errors import ProtocolError, VendorProtocolError
from changeover.wire.openai_responses.codec import OpenAIResponses

WIRE = OpenAIResponses()
CONTEXT = ReplyContext(id="call_1", model="shown", created=1)
CALL = {"type": "function_call", "call_id": "c1", "name": "look", "arguments": '{"a": 1}'}
OUTPUT = {"type": "function_call_output", "call_id": "c1", "output": "found"}


def decoded(**fields: Any) -> tuple[ChatRequest, tuple[Loss, ...]]:
    return WIRE.decode_request(json.dumps({"model": "gpt", "input": "Hello"} | fields).encode())


def turns(*items: Any) -> tuple[Turn, ...]:
    request, losses = decoded(input=items)
    assert losses == ()
    return request.turns


def sent(request: ChatRequest) -> tuple[dict[str, Any], list[str]]:
    body, losses = WIRE.encode_request(request, "vendor-model")
    return json.loads(body), [loss.field for loss in losses]


def user(text: str) -> Turn:
    return Turn(role="user", parts=(Text(text=text),))


def test_a_string_is_a_persons_turn():
    request, losses = decoded(instructions="Be brief.", max_output_tokens=50, stream=True)
    assert losses == ()
    assert request == ChatRequest(
        model="gpt",
        system=(Text(text="Be brief."),),
        turns=(user("Hello"),),
        sampling=Sampling(max_tokens=50),
        stream=True,
        stream_usage=True,
    )


def test_instructions_stand_anywhere_and_are_moved_with_a_report():
    request, losses = decoded(
        instructions="One.",
        input=[
            {"role": "developer", "content": "Two."},
            {"role": "user", "content": "Hi"},
            {"role": "system", "content": [{"type": "input_text", "text": "Three."}]},
        ],
    )
    assert [part.text for part in request.system] == ["One.", "Two.", "Three."]
    assert [loss.field for loss in losses] == ["input[2].role"]


def test_an_earlier_answer_comes_back_as_it_was_given():
    message = {
        "type": "message",
        "id": "msg_1",
        "status": "completed",
        "role": "assistant",
        "content": [
            {"type": "output_text", "text": "a", "annotations": [], "logprobs": []},
            {"type": "refusal", "refusal": "b"},
        ],
    }
    empty = message | {"content": []}
    assert turns({"role": "user", "content": "x"}, message, empty) == (
        user("x"),
        Turn(role="assistant", parts=(Text(text="a"), Text(text="b", refusal=True))),
    )


def test_what_one_answer_said_and_called_is_one_turn_and_so_are_the_results():
    second = CALL | {"call_id": "c2", "arguments": ""}
    assert turns(
        {"role": "user", "content": "Go"},
        {"role": "assistant", "content": "Looking."},
        CALL,
        second,
        OUTPUT,
        OUTPUT | {"call_id": "c2", "output": [{"type": "input_text", "text": "two"}]},
        {"role": "user", "content": "Well?"},
    ) == (
        user("Go"),
        Turn(
            role="assistant",
            parts=(
                Text(text="Looking."),
                ToolCall(id="c1", name="look", arguments='{"a": 1}'),
                ToolCall(id="c2", name="look", arguments="{}"),
            ),
        ),
        Turn(
            role="user",
            parts=(
                ToolResult(call="c1", parts=(Text(text="found"),)),
                ToolResult(call="c2", parts=(Text(text="two"),)),
                Text(text="Well?"),
            ),
        ),
    )


def test_messages_of_one_side_without_calls_stay_apart():
    said = {"role": "user", "content": "x"}
    assert turns(said, said) == (user("x"), user("x"))


def test_images_by_address_and_by_bytes():
    parts = [
        {"type": "input_image", "image_url": "https://a.example/b.png", "detail": "auto"},
        {"type": "input_image", "image_url": "data:image/png;base64,QUJD", "detail": "low"},
    ]
    (turn,) = turns({"role": "user", "content": parts})
    assert turn.parts == (
        Image(url="https://a.example/b.png"),
        Image(media_type="image/png", data="QUJD", detail="low"),
    )
    body, losses = sent(ChatRequest(model="m", system=(), turns=(turn,)))
    assert body["input"][0]["content"] == parts
    assert losses == []


def test_tools_and_the_choice_among_them():
    function = {"type": "function", "name": "look", "parameters": {"type": "object"}}
    request, losses = decoded(
        tools=[function | {"strict": True, "description": "Looks."}],
        tool_choice={"type": "function", "name": "look"},
        parallel_tool_calls=False,
    )
    assert losses == ()
    assert request.tools == (
        Tool(name="look", description="Looks.", parameters={"type": "object"}, strict=True),
    )
    assert request.tool_choice == ToolChoice(mode="named", name="look")
    assert request.parallel_calls is False
    body, _ = sent(request)
    assert body["tools"] == [function | {"strict": True, "description": "Looks."}]
    assert body["tool_choice"] == {"type": "function", "name": "look"}
    assert body["parallel_tool_calls"] is False


def test_a_function_of_another_protocol_is_not_made_strict():
    request = ChatRequest(model="m", system=(), turns=(user("x"),), tools=(Tool(name="look"),))
    body, losses = sent(request)
    assert body["tools"] == [
        {"type": "function", "name": "look", "parameters": None, "strict": False}
    ]
    assert "tool_choice" not in body
    assert losses == []


def test_allowed_tools_leave_the_others_out():
    named = [{"type": "function", "name": name} for name in ("a", "b")]
    choice = {"type": "allowed_tools", "mode": "required", "tools": [named[1]]}
    request, losses = decoded(tools=named, tool_choice=choice)
    assert [loss.field for loss in losses] == ["tools[0].strict", "tools[1].strict"]
    assert [tool.name for tool in request.tools] == ["b"]
    assert request.tool_choice == ToolChoice(mode="required")


@pytest.mark.parametrize("choice", ["auto", "none"])
def test_a_choice_without_tools_asks_for_nothing(choice):
    assert decoded(tool_choice=choice, parallel_tool_calls=True) == decoded()


def test_what_is_sent_is_not_stored_and_says_what_it_cannot():
    result = ToolResult(call="c" * 65, parts=(), is_error=True)
    called = ToolCall(id="c" * 65, name="look", arguments="{}")
    request = ChatRequest(
        model="asked",
        system=(Text(text="Be brief."),),
        turns=(
            user("Hi"),
            Turn(role="assistant", parts=(Text(text="No", refusal=True), called)),
            Turn(role="user", parts=(result,)),
        ),
        sampling=Sampling(max_tokens=3, top_k=2, stop=("a",)),
        stream=True,
    )
    body, losses = sent(request)
    name = body["input"][2]["call_id"]
    assert len(name) <= 64
    assert body == {
        "model": "vendor-model",
        "instructions": "Be brief.",
        "input": [
            {"type": "message", "role": "user", "content": "Hi"},
            {
                "type": "message",
                "role": "assistant",
                "content": [{"type": "refusal", "refusal": "No"}],
            },
            {"type": "function_call", "call_id": name, "name": "look", "arguments": "{}"},
            {"type": "function_call_output", "call_id": name, "output": ""},
        ],
        "store": False,
        "max_output_tokens": 16,
        "stream": True,
    }
    assert losses == ["is_error", "max_tokens", "top_k", "stop"]


def test_instructions_of_several_texts_or_alone_are_a_message():
    one, two = Text(text="One."), Text(text="Two.")
    several, _ = sent(ChatRequest(model="m", system=(one, two), turns=(user("x"),)))
    alone, _ = sent(ChatRequest(model="m", system=(one,), turns=()))
    assert "instructions" not in several
    assert [part["text"] for part in several["input"][0]["content"]] == ["One.", "Two."]
    assert alone["input"] == [{"type": "message", "role": "system", "content": "One."}]


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"input": None}, "input"),
        ({"input": []}, "input"),
        ({"input": ["x"]}, "input[0]"),
        ({"input": [{"role": "king", "content": "x"}]}, "input[0].role"),
        ({"input": [{"role": "user"}]}, "input[0].content"),
        ({"input": [{"type": "item_reference", "id": "msg_1"}]}, "input[0].type"),
        ({"input": [{"type": "web_search_call"}]}, "input[0].type"),
        ({"input": [{"role": "user", "content": [{"type": "input_file"}]}]},
         "input[0].content[0].file_data"),
        ({"input": [{"role": "user", "content": [{"type": "input_audio"}]}]},
         "input[0].content[0].type"),
        ({"input": [{"role": "user", "content": [{"type": "input_text"}]}]},
         "input[0].content[0].text"),
        ({"input": [{"role": "user", "content": [{"type": "input_image", "file_id": "f"}]}]},
         "input[0].content[0].file_id"),
        ({"input": [CALL | {"call_id": None}]}, "input[0].call_id"),
        ({"input": [CALL | {"namespace": "x"}]}, "input[0].namespace"),
        ({"input": [{"type": "function_call_output", "output": "x"}]}, "input[0].call_id"),
        ({"tools": [{"type": "web_search"}]}, "tools[0].type"),
        ({"tools": [{"type": "function"}]}, "tools[0].name"),
        ({"tool_choice": "required"}, "tool_choice"),
        ({"tool_choice": {"type": "web_search"}}, "tool_choice"),
        ({"temperature": 2.1}, "temperature"),
        ({"max_output_tokens": -1}, "max_output_tokens"),
        ({"stream": "yes"}, "stream"),
    ],
)  # fmt: skip
def test_a_malformed_or_unsupported_request_is_refused_by_the_fields_name(fields, field):
    with pytest.raises(ProtocolError) as caught:
        decoded(**fields)
    assert caught.value.field == field
    assert caught.value.do


# Answers


def event(kind: str, **fields: Any) -> dict[str, Any]:
    return {"type": f"response.{kind}", **fields}


def response(status: str, **fields: Any) -> dict[str, Any]:
    return {"id": "resp_1", "model": "gpt-1", "status": status, "output": [], **fields}


CREATED = event("created", response=response("in_progress"))
COMPLETED = event("completed", response=response("completed"))
MESSAGE = event("output_item.added", output_index=0, item={"type": "message", "content": []})
PART = event("content_part.added", part={"type": "output_text", "text": ""})


def streamed(*events: Any) -> list[Event]:
    decoder = WIRE.stream_decoder()
    frames = [b"data: " + json.dumps(e).encode() + b"\n\n" for e in events]
    return decoder.feed(b"".join(frames)) + decoder.close()


def words(text: str) -> dict[str, Any]:
    return event("output_text.delta", delta=text, output_index=0, content_index=0)


def test_a_stream_as_the_vendor_sends_it():
    usage = {
        "input_tokens": 9,
        "input_tokens_details": {"cached_tokens": 4, "cache_write_tokens": 1},
        "output_tokens": 7,
        "output_tokens_details": {"reasoning_tokens": 5},
        "total_tokens": 16,
    }
    call = CALL | {"arguments": "", "id": "fc_1"}
    events = streamed(
        CREATED,
        event("in_progress", response=response("in_progress")),
        {"type": "keepalive", "sequence_number": 2},
        MESSAGE,
        PART,
        words("Hel"),
        words("lo"),
        event("output_text.done", text="Hello"),
        event("content_part.done", part={"type": "output_text", "text": "Hello"}),
        event(
            "output_item.done",
            item={"type": "message", "content": [{"type": "output_text", "text": "Hello"}]},
        ),
        event("output_item.added", output_index=1, item=call),
        event("function_call_arguments.delta", output_index=1, delta='{"a"'),
        event("function_call_arguments.delta", output_index=1, delta=": 1}"),
        event("function_call_arguments.done", output_index=1, arguments='{"a": 1}'),
        event("output_item.done", output_index=1, item=CALL),
        event("completed", response=response("completed", usage=usage)),
    )
    counted = Usage(
        input_tokens=9,
        output_tokens=7,
        cached_tokens=4,
        cache_written_tokens=1,
        reasoning_tokens=5,
    )
    assert events == [
        Started(id="resp_1", model="gpt-1"),
        TextStarted(),
        TextDelta(text="Hel"),
        TextDelta(text="lo"),
        TextEnded(),
        ToolCallStarted(id="c1", name="look"),
        ToolInputDelta(json='{"a"'),
        ToolInputDelta(json=": 1}"),
        ToolCallEnded(),
        UsageSeen(usage=counted),
        Finished(stop="tool-use"),
    ]


@pytest.mark.parametrize(
    "events",
    [
        [words("He"), event("output_text.done", text="Hello")],
        [event("content_part.done", part={"type": "output_text", "text": "Hello"})],
        [event("output_item.done",
               item={"type": "message", "content": [{"type": "output_text", "text": "Hello"}]})],
        [],
    ],
)  # fmt: skip
def test_words_that_came_in_no_piece_are_not_lost(events):
    item = {"type": "message", "content": [{"type": "output_text", "text": "Hello"}]}
    completed = event("completed", response=response("completed", output=[item]))
    assert fold(streamed(CREATED, *events, completed)).parts == (Text(text="Hello"),)


def test_arguments_that_came_in_no_piece_are_not_lost():
    reply = fold(streamed(CREATED, event("output_item.done", item=CALL), COMPLETED))
    assert reply.parts == (ToolCall(id="c1", name="look", arguments='{"a": 1}'),)


def test_an_unknown_event_is_told_once():
    unknown = event("brand_new")
    reply = fold(streamed(CREATED, words("x"), unknown, unknown, COMPLETED))
    assert reply.parts == (Text(text="x"),)
    assert [loss.field for loss in reply.losses] == ["event"]


@pytest.mark.parametrize(
    ("end", "stop"),
    [
        (response("completed"), "end"),
        (response("incomplete", incomplete_details={"reason": "max_output_tokens"}), "length"),
        (response("incomplete", incomplete_details={"reason": "content_filter"}), "filtered"),
    ],
)
def test_how_an_answer_ends(end, stop):
    assert fold(streamed(CREATED, event(end["status"], response=end))).stop == stop
    assert fold(WIRE.decode_reply(json.dumps(end).encode())).stop == stop


def test_a_refusal_is_the_reason_for_stopping():
    refusal = {"type": "message", "content": [{"type": "refusal", "refusal": "No."}]}
    whole = fold(WIRE.decode_reply(json.dumps(response("completed", output=[refusal])).encode()))
    pieces = fold(streamed(CREATED, MESSAGE, event("refusal.delta", delta="No."), COMPLETED))
    assert whole.parts == pieces.parts == (Text(text="No.", refusal=True),)
    assert whole.stop == pieces.stop == "refusal"


@pytest.mark.parametrize(
    "last",
    [
        event(
            "failed", response=response("failed", error={"code": "server_error", "message": "X"})
        ),
        {"type": "error", "code": "server_error", "message": "X", "param": None},
        {"type": "error", "error": {"type": "server_error", "message": "X"}},
    ],
)
def test_a_failure_mid_stream_is_the_vendors_own(last):
    assert streamed(CREATED, words("a"), last)[-1] == Failed(kind="server_error", message="X")


@pytest.mark.parametrize(
    ("events", "message"),
    [
        ([CREATED, words("cut")], "ended before"),
        ([CREATED, CREATED], "begins twice"),
        ([words("x")], "begins with response.output_text.delta"),
        ([event("created")], "without a response"),
        ([CREATED, event("output_item.added", item={"type": "web_search_call"})],
         "web_search_call, which was not asked for"),
        ([CREATED, event("output_item.added", item={"type": "function_call"})], "without an id"),
        ([CREATED, event("function_call_arguments.delta", delta="{")], "a call that is not open"),
        ([CREATED, words("Hello"), event("output_text.done", text="Other")], "contradicts itself"),
        ([CREATED, event("output_text.delta", delta="b", content_index=1), words("c")],
         "goes back"),
        ([CREATED, event("incomplete", response=response("incomplete"))], "reason None"),
        ([7], "cannot be read"),
    ],
)  # fmt: skip
def test_what_is_no_answer_is_named(events, message):
    with pytest.raises(VendorProtocolError, match=message):
        streamed(*events)


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (response("failed", error={"code": "server_error", "message": "Down."}), r"Down\."),
        (response("queued"), "status 'queued'"),
        (response("completed", output=[{"type": "image_generation_call"}]), "not asked for"),
        ({"id": "x"}, "cannot be read"),
    ],
)
def test_a_whole_answer_that_is_none_is_named(body, message):
    with pytest.raises(VendorProtocolError, match=message):
        WIRE.decode_reply(json.dumps(body).encode())


def frames(*events: Event) -> list[dict[str, Any]]:
    encoder = WIRE.stream_encoder(CONTEXT)
    whole = b"".join(encoder.encode(event) for event in events).decode()
    read = [frame.split("\n") for frame in whole.strip().split("\n\n")]
    bodies = [json.loads(data.removeprefix("data: ")) for _, data in read]
    assert [name.removeprefix("event: ") for name, _ in read] == [b["type"] for b in bodies]
    assert [b["sequence_number"] for b in bodies] == list(range(len(bodies)))
    return bodies


def test_a_call_is_written_with_its_pieces_and_whole():
    bodies = frames(
        Started(id="v", model="m"),
        TextStarted(),
        TextDelta(text="Look"),
        TextEnded(),
        ToolCallStarted(id="c1", name="look"),
        ToolInputDelta(json="{"),
        ToolInputDelta(json="}"),
        ToolCallEnded(),
        ToolCallStarted(id="c2", name="look"),
        ToolCallEnded(),
        Finished(stop="tool-use"),
    )
    kinds = [b["type"].removeprefix("response.") for b in bodies]
    assert kinds == [
        "created", "in_progress",
        "output_item.added", "content_part.added", "output_text.delta", "output_text.done",
        "content_part.done", "output_item.done",
        "output_item.added", "function_call_arguments.delta", "function_call_arguments.delta",
        "function_call_arguments.done", "output_item.done",
        "output_item.added", "function_call_arguments.delta", "function_call_arguments.done",
        "output_item.done", "completed",
    ]  # fmt: skip
    final = bodies[-1]["response"]
    assert [item["type"] for item in final["output"]] == ["message", *["function_call"] * 2]
    assert [item.get("arguments") for item in final["output"]] == [None, "{}", "{}"]
    assert [item["id"] for item in final["output"]] == [
        "msg_call_1_0",
        "fc_call_1_1",
        "fc_call_1_2",
    ]


def test_calls_to_which_a_vendor_gave_one_id_get_two():
    call: list[Event] = [ToolCallStarted(id="0", name="look"), ToolCallEnded()]
    *_, last = frames(Started(id="v", model="m"), *call, *call, Finished(stop="tool-use"))
    first, second = (item["call_id"] for item in last["response"]["output"])
    assert first == "0"
    assert second not in {"", "0"}


def test_a_failure_has_a_code_that_every_client_knows():
    last = frames(Started(id="v", model="m"), Failed(kind="overloaded_error", message="Later."))[-1]
    assert last["type"] == "response.failed"
    assert last["response"]["status"] == "failed"
    assert last["response"]["error"] == {
        "code": "server_error",
        "message": "Later.",
        "type": "overloaded_error",
    }
