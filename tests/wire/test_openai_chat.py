import json
from typing import Any

import pytest

from changeover.conversation.events import (
    Event,
    Failed,
    Finished,
    LossSeen,
    Started,
    TextDelta,
    TextEnded,
    TextStarted,
    UsageSeen,
    fold,
)
from changeover.conversation.model import (
    CacheMark,
    ChatRequest,
    Loss,
    Reasoning,
    Sampling,
    Text,
    Turn,
    Usage,
)
from changeover.wire.errors import ProtocolError, VendorProtocolError
from changeover.wire.openai_chat.codec import OpenAIChat

WIRE = OpenAIChat()


def decoded(**fields: Any) -> tuple[ChatRequest, tuple[Loss, ...]]:
    base: dict[str, Any] = {"model": "gpt-4.1", "messages": [{"role": "user", "content": "Hello"}]}
    return WIRE.decode_request(json.dumps(base | fields).encode())


def refused(**fields: Any) -> ProtocolError:
    with pytest.raises(ProtocolError) as caught:
        decoded(**fields)
    return caught.value


def chunk(
    delta: dict[str, Any] | None = None, finish: str | None = None, **fields: Any
) -> dict[str, Any]:
    choice = {"index": 0, "delta": delta or {}, "finish_reason": finish}
    return {"id": "c-1", "model": "gpt-4.1-2025", "choices": [choice], **fields}


TOOLS = [{"type": "function", "function": {"name": "now"}}]


def picture(url: str) -> dict[str, Any]:
    return {"type": "image_url", "image_url": {"url": url}}


def piece(index: int, arguments: str, **fields: Any) -> dict[str, Any]:
    """A delta with more of the call at `index`; `name` is its function's."""
    function = {
        "arguments": arguments,
        **({"name": fields.pop("name")} if "name" in fields else {}),
    }
    return {"tool_calls": [{"index": index, "function": function, **fields}]}


def streamed(*chunks: Any, end: bytes = b"data: [DONE]\n\n") -> list[Event]:
    decoder = WIRE.stream_decoder()
    frames = [b"data: " + json.dumps(c).encode() + b"\n\n" for c in chunks]
    return decoder.feed(b"".join(frames) + end) + decoder.close()


def test_instructions_stand_anywhere_and_are_moved_with_a_report():
    request, losses = decoded(
        messages=[
            {"role": "developer", "content": "One."},
            {"role": "system", "content": [{"type": "text", "text": "Two."}]},
            {"role": "user", "content": "Hi"},
            {"role": "system", "content": "Three."},
            {
                "role": "user",
                "content": [{"type": "text", "text": "a"}, {"type": "text", "text": "b"}],
            },
        ]
    )
    assert request.system == (Text(text="One."), Text(text="Two."), Text(text="Three."))
    assert request.turns == (
        Turn(role="user", parts=(Text(text="Hi"),)),
        Turn(role="user", parts=(Text(text="a"), Text(text="b"))),
    )
    assert [loss.field for loss in losses] == ["messages[3].role"]


def test_refusals_of_earlier_turns_stay_marked():
    request, losses = decoded(
        messages=[
            {"role": "user", "content": "Hi"},
            {"role": "assistant", "content": None, "refusal": "I cannot."},
            {"role": "assistant", "content": [{"type": "refusal", "refusal": "No."}]},
        ]
    )
    assert losses == ()
    assert request.turns[1].parts == (Text(text="I cannot.", refusal=True),)
    assert request.turns[2].parts == (Text(text="No.", refusal=True),)
    sent, _ = WIRE.encode_request(request, "m")
    assert json.loads(sent)["messages"][2]["content"] == [{"type": "refusal", "refusal": "No."}]


def test_the_newer_limit_counts_and_a_single_stop_is_a_list():
    request, losses = decoded(max_tokens=5, max_completion_tokens=7, stop="END")
    assert request.sampling == Sampling(max_tokens=7, stop=("END",))
    assert [loss.field for loss in losses] == ["max_tokens"]


def test_what_is_sent_asks_for_the_counts_and_names_the_vendors_model():
    request = ChatRequest(
        model="asked",
        system=(Text(text="Be brief."),),
        turns=(Turn(role="user", parts=(Text(text="Hi"),)),),
        sampling=Sampling(max_tokens=3, top_k=2, stop=("a", "b", "c", "d", "e")),
        stream=True,
    )
    body, losses = WIRE.encode_request(request, "gpt-4.1-2025-04-14")
    assert json.loads(body) == {
        "model": "gpt-4.1-2025-04-14",
        "messages": [
            {"role": "system", "content": "Be brief."},
            {"role": "user", "content": "Hi"},
        ],
        "max_completion_tokens": 3,
        "stop": ["a", "b", "c", "d"],
        "stream": True,
        "stream_options": {"include_usage": True},
    }
    assert [loss.field for loss in losses] == ["top_k", "stop_sequences"]


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"model": 5}, "model"),
        ({"messages": []}, "messages"),
        ({"messages": "Hello"}, "messages"),
        ({"messages": [{"role": "user"}]}, "messages[0].content"),
        ({"messages": [{"content": "x"}]}, "messages[0].role"),
        (
            {"messages": [{"role": "user", "content": "x"}, {"role": "tool", "content": "x"}]},
            "messages[1].tool_call_id",
        ),
        ({"messages": [{"role": "function", "content": "x"}]}, "messages[0].role"),
        (
            {"messages": [{"role": "user", "content": [{"type": "image_url"}]}]},
            "messages[0].content[0].image_url",
        ),
        (
            {"messages": [{"role": "user", "content": [picture("cat.png")]}]},
            "messages[0].content[0].image_url.url",
        ),
        (
            {"messages": [{"role": "system", "content": [picture("https://example.org/cat")]}]},
            "messages[0].content[0].type",
        ),
        (
            {"messages": [{"role": "user", "content": [{"type": "input_audio"}]}]},
            "messages[0].content[0].type",
        ),
        (
            {"messages": [{"role": "user", "content": [{"type": "text"}]}]},
            "messages[0].content[0].text",
        ),
        (
            {"messages": [{"role": "user", "content": [{"type": "text", "text": 1}]}]},
            "messages[0].content[0].text",
        ),
        ({"messages": [{"role": "user", "content": []}]}, "messages[0].content"),
        (
            {"messages": [{"role": "assistant", "tool_calls": [{"id": "x"}]}]},
            "messages[0].tool_calls[0].function",
        ),
        ({"messages": [{"role": "assistant", "tool_calls": []}]}, "messages[0].content"),
        ({"tools": [{"type": "function"}]}, "tools[0].function"),
        ({"tools": [{"type": "custom", "custom": {"name": "x"}}]}, "tools[0].custom"),
        ({"tools": TOOLS, "tool_choice": "any"}, "tool_choice"),
        ({"tools": TOOLS, "tool_choice": {"type": "function"}}, "tool_choice"),
        ({"tool_choice": {"type": "function", "function": {"name": "x"}}}, "tool_choice"),
        ({"temperature": 2.1}, "temperature"),
        ({"top_p": "high"}, "top_p"),
        ({"max_tokens": -1}, "max_tokens"),
        ({"stop": ["a"] * 5}, "stop"),
        ({"stream": "yes"}, "stream"),
        ({"stream_options": {"include_usage": 1}}, "stream_options.include_usage"),
    ],
)
def test_a_malformed_request_is_refused_by_the_fields_name(fields, field):
    error = refused(**fields)
    assert error.field == field
    assert error.status == 400
    assert error.do


def test_a_participants_name_and_how_long_a_cache_keeps_are_reported():
    part = {"type": "text", "text": "x", "prompt_cache_breakpoint": {"mode": "explicit"}}
    later = {**part, "prompt_cache_breakpoint": {"mode": "explicit", "ttl": "12h"}}
    request, losses = decoded(messages=[{"role": "user", "name": "ann", "content": [part, later]}])
    marks = [CacheMark(), CacheMark(ttl="1h")]
    assert request.turns[0].parts == tuple(Text(text="x", cache=mark) for mark in marks)
    assert [loss.field for loss in losses] == [
        "messages[0].name",
        "messages[0].content[1].prompt_cache_breakpoint.ttl",
    ]


def test_a_stream_as_azure_sends_it():
    events = streamed(
        {"id": "", "model": "", "choices": [], "prompt_filter_results": [{}]},
        chunk({"role": "assistant", "content": "", "refusal": None}),
        chunk({"content": "Hel"}),
        chunk({"content": "lo"}),
        {
            "id": "",
            "model": "",
            "choices": [{"index": 0, "finish_reason": None, "content_filter_offsets": {}}],
        },
        chunk(finish="stop"),
        {
            "id": "c-1",
            "choices": [],
            "usage": {
                "prompt_tokens": 9,
                "completion_tokens": 2,
                "total_tokens": 11,
                "prompt_tokens_details": {"cached_tokens": 4},
            },
        },
    )
    assert events == [
        Started(id="c-1", model="gpt-4.1-2025"),
        TextStarted(),
        TextDelta(text="Hel"),
        TextDelta(text="lo"),
        TextEnded(),
        UsageSeen(usage=Usage(input_tokens=9, output_tokens=2, cached_tokens=4)),
        Finished(stop="end"),
    ]


def test_a_stream_without_done_is_whole_after_its_finish_reason():
    assert fold(streamed(chunk({"content": "x"}, "length"), end=b"")).stop == "length"


def test_a_refusal_and_reasoning_in_a_stream():
    reply = fold(
        streamed(
            chunk({"reasoning_content": "hm"}),
            chunk({"reasoning": "h"}),
            chunk({"refusal": "No"}),
            chunk(finish="stop"),
        )
    )
    words = (Reasoning(text="hmh"), Text(text="No", refusal=True))
    assert (reply.parts, reply.stop, reply.losses) == (words, "refusal", ())


def test_an_error_mid_stream_is_the_vendors_own():
    events = streamed(
        chunk({"content": "x"}),
        {"error": {"message": "Down.", "type": "server_error", "code": None}},
    )
    assert events[-1] == Failed(kind="server_error", message="Down.")


@pytest.mark.parametrize(
    ("chunks", "message"),
    [
        ([chunk({"tool_calls": [{"index": 0}]})], "without naming it"),
        (
            [
                chunk(piece(0, "{}", id="a", name="f")),
                chunk(piece(1, "", id="b", name="f")),
                chunk(piece(0, "{}")),
            ],
            "adds to a call that was whole",
        ),
        ([chunk(finish="stop"), chunk(piece(0, "", id="a", name="f"))], "after its finish_reason"),
        ([chunk({"function_call": {"name": "x"}})], "function_call"),
        ([chunk(finish="tool_calls")], "'tool_calls'"),
        ([chunk(finish="brand_new")], "'brand_new'"),
        ([chunk(finish="stop"), chunk({"content": "more"})], "after its finish_reason"),
        ([{"id": "a", "choices": [{"index": 1, "delta": {}}]}], "second answer"),
        ([chunk({"content": "cut"})], "ended before"),
        ([], "ended before"),
        ([7], "cannot be read"),
        ([{"choices": "none"}], "cannot be read"),
    ],
)
def test_what_is_no_answer_is_named(chunks, message):
    with pytest.raises(VendorProtocolError, match=message):
        streamed(*chunks)


def test_empty_tool_calls_are_as_absent():
    events = streamed(
        chunk({"content": "x", "tool_calls": [], "audio": None}), chunk(finish="stop")
    )
    assert not [event for event in events if isinstance(event, LossSeen)]


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ({"id": "a", "model": "m", "choices": []}, "cannot be read"),
        (
            {
                "id": "a",
                "model": "m",
                "choices": [{"message": {"content": "x"}, "finish_reason": "tool_calls"}],
            },
            "tool_calls",
        ),
        (
            {
                "id": "a",
                "model": "m",
                "choices": [{"message": {"tool_calls": [{}]}, "finish_reason": "stop"}],
            },
            "without naming it",
        ),
    ],
)
def test_a_whole_answer_that_is_none_is_named(body, message):
    with pytest.raises(VendorProtocolError, match=message):
        WIRE.decode_reply(json.dumps(body).encode())


@pytest.mark.parametrize(
    ("body", "failed"),
    [
        (
            b'{"error": {"message": "No.", "type": "invalid_request_error"}}',
            ("invalid_request_error", "No."),
        ),
        (b'{"error": "model not found"}', ("http_404", "model not found")),
        (b'{"message": "No.", "code": "gone"}', ("gone", "No.")),
        (b'{"detail": "No."}', ("http_404", "No.")),
        (b"<html>", ("http_404", "The vendor sent an error that does not say what is wrong.")),
    ],
)
def test_a_vendors_error_in_its_many_shapes(body, failed):
    assert WIRE.decode_error(404, body) == Failed(kind=failed[0], message=failed[1])


def test_prefill_is_a_reported_loss_here():
    request = ChatRequest(
        model="m",
        system=(),
        turns=(Turn(role="assistant", parts=(Text(text="The answer is ("),)),),
        prefill=True,
    )
    _, losses = WIRE.encode_request(request, "m")
    assert [(type(loss), loss.field) for loss in losses] == [(Loss, "messages")]
