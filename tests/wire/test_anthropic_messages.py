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
    UsageSeen,
    fold,
)
from changeover.conversation.model import (
    CacheMark,
    ChatRequest,
    Loss,
    Role,
    Sampling,
    Text,
    Turn,
    Usage,
)
from changeover.wire.anthropic_messages.codec import AnthropicMessages
from changeover.wire.anthropic_messages.reply import usage_for_client
from changeover.wire.errors import ProtocolError, VendorProtocolError

WIRE = AnthropicMessages()


def decoded(**fields: Any) -> tuple[ChatRequest, tuple[Loss, ...]]:
    base = {"model": "claude", "max_tokens": 9, "messages": [{"role": "user", "content": "Hello"}]}
    return WIRE.decode_request(json.dumps(base | fields).encode())


def asked(*turns: tuple[Role, str], **fields: Any) -> ChatRequest:
    said = tuple(Turn(role=role, parts=(Text(text=text),)) for role, text in turns)
    given: dict[str, Any] = {"model": "m", "system": (), "turns": said}
    return ChatRequest(**(given | fields))


def sent(request: ChatRequest) -> tuple[dict[str, Any], list[str]]:
    body, losses = WIRE.encode_request(request, "claude-sonnet-4-5")
    return json.loads(body), [loss.field for loss in losses]


TOOLS = [{"name": "now", "input_schema": {"type": "object"}}]


def picture(**source: str) -> dict[str, Any]:
    return {"type": "image", "source": source}


def start(**usage: int) -> dict[str, Any]:
    message = {
        "id": "msg_1",
        "type": "message",
        "role": "assistant",
        "model": "claude",
        "content": [],
    }
    return {"type": "message_start", "message": message | {"stop_reason": None, "usage": usage}}


def block(index: int = 0, **content: str) -> dict[str, Any]:
    return {
        "type": "content_block_start",
        "index": index,
        "content_block": {"type": "text", "text": "", **content},
    }


def delta(text: str, index: int = 0, kind: str = "text_delta") -> dict[str, Any]:
    return {"type": "content_block_delta", "index": index, "delta": {"type": kind, "text": text}}


def stop(index: int = 0) -> dict[str, Any]:
    return {"type": "content_block_stop", "index": index}


def message_delta(
    reason: str = "end_turn", usage: dict[str, int] | None = None, **fields: Any
) -> dict[str, Any]:
    ending = {"stop_reason": reason, "stop_sequence": None, **fields}
    return {"type": "message_delta", "delta": ending, "usage": usage or {"output_tokens": 7}}


END = {"type": "message_stop"}


def streamed(*events: dict[str, Any], named: bool = True) -> list[Event]:
    decoder = WIRE.stream_decoder()
    frames = b""
    for event in events:
        name = b"event: " + event["type"].encode() + b"\n" if named else b""
        frames += name + b"data: " + json.dumps(event).encode() + b"\n\n"
    return decoder.feed(frames) + decoder.close()


@pytest.mark.parametrize("named", [True, False])
def test_a_stream_as_the_vendor_sends_it(named):
    events = streamed(
        start(
            input_tokens=10,
            cache_read_input_tokens=5,
            cache_creation_input_tokens=2,
            output_tokens=1,
        ),
        block(),
        {"type": "ping"},
        delta("Hel"),
        {"type": "something_new", "delta": 5},
        delta("lo"),
        stop(),
        message_delta(usage={"output_tokens": 7, "brand_new": 1}),
        END,
        named=named,
    )
    counted = Usage(input_tokens=17, output_tokens=1, cached_tokens=5, cache_written_tokens=2)
    whole = Usage(input_tokens=17, output_tokens=7, cached_tokens=5, cache_written_tokens=2)
    assert events == [
        Started(id="msg_1", model="claude"),
        UsageSeen(usage=counted),
        TextStarted(),
        TextDelta(text="Hel"),
        TextDelta(text="lo"),
        TextEnded(),
        UsageSeen(usage=whole),
        Finished(stop="end"),
    ]


def test_later_counts_replace_one_by_one():
    usage = fold(
        streamed(
            start(input_tokens=10, cache_read_input_tokens=5, output_tokens=1),
            message_delta(usage={"input_tokens": 12, "output_tokens": 7}),
            END,
        )
    ).usage
    assert usage == Usage(input_tokens=17, output_tokens=7, cached_tokens=5)


def test_why_the_vendor_refused_is_a_reported_loss():
    details = {"type": "refusal", "category": "bio"}
    reply = fold(
        streamed(start(), block(), stop(), message_delta("refusal", stop_details=details), END)
    )
    assert reply.stop == "refusal"
    assert [loss.field for loss in reply.losses] == ["stop_details"]


def test_a_window_that_is_full_ends_an_answer_by_its_length():
    events = streamed(start(), message_delta("model_context_window_exceeded"), END)
    assert fold(events).stop == "length"


def test_tokens_kept_for_an_hour_are_told_apart():
    kept = {"ephemeral_5m_input_tokens": 3, "ephemeral_1h_input_tokens": 4}
    message = start(input_tokens=1, output_tokens=2)["message"] | {"stop_reason": "end_turn"}
    message["usage"]["cache_creation"] = kept
    usage = fold(WIRE.decode_reply(json.dumps(message).encode())).usage
    assert usage == Usage(
        input_tokens=8, output_tokens=2, cache_written_tokens=7, cache_written_hour_tokens=4
    )
    assert usage_for_client(usage)["cache_creation"] == kept


@pytest.mark.parametrize(
    ("events", "message"),
    [
        ([block()], "content_block_start where none"),
        ([start(), start()], "second message_start"),
        ([start(), delta("x")], "content_block_delta where none"),
        ([start(), block(), delta("x", 1)], "content_block_delta where none"),
        ([start(), block(), block(1)], "content_block_start where none"),
        ([start(), block(), stop(1)], "content_block_stop where none"),
        ([start(), block(), message_delta()], "message_delta where none"),
        ([start(), END], "message_stop where none"),
        ([start(), message_delta(), block()], "content_block_start where none"),
        ([start(), block(type="tool_use")], "tool_use block"),
        ([start(), block(type="server_tool_use", id="a", name="web_search")], "server_tool_use"),
        ([start(), block(type="tool_use", id="a", name="f"), delta("x")], "inside a tool_use"),
        ([start(), block(), delta("x", kind="input_json_delta")], "input_json_delta"),
        ([start(), message_delta("tool_use")], "'tool_use'"),
        ([start(), message_delta("pause_turn")], "'pause_turn'"),
        ([start(), message_delta("compaction")], "'compaction'"),
        ([start(), block(type="thinking"), delta("x")], "text_delta inside a thinking"),
        ([start(), block(), delta("x")], "ended before"),
        ([start(), message_delta()], "ended before"),
        ([{"type": "message_start"}], "message_start that cannot be read"),
    ],
)
def test_what_is_no_answer_is_named(events, message):
    with pytest.raises(VendorProtocolError, match=message):
        streamed(*events)


def test_an_error_mid_stream_is_the_vendors_own():
    error = {"type": "error", "error": {"type": "overloaded_error", "message": "Overloaded"}}
    assert streamed(start(), error)[-1] == Failed(kind="overloaded_error", message="Overloaded")


def test_system_strings_blocks_and_messages():
    request, losses = decoded(
        system=[{"type": "text", "text": "One.", "cache_control": {"type": "ephemeral"}}],
        messages=[{"role": "user", "content": "Hi"}, {"role": "system", "content": "Two."}],
    )
    assert request.system == (Text(text="One.", cache=CacheMark()), Text(text="Two."))
    assert [loss.field for loss in losses] == ["messages[1].role"]


def test_a_last_assistant_turn_is_a_prefill():
    request, losses = decoded(
        messages=[
            {"role": "user", "content": "?"},
            {"role": "assistant", "content": "The answer is ("},
        ]
    )
    assert request.prefill
    assert losses == ()
    assert sent(request)[1] == []


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"max_tokens": None}, "max_tokens"),
        ({"messages": []}, "messages"),
        ({"messages": [{"role": "user"}]}, "messages[0].content"),
        ({"messages": [{"role": "developer", "content": "x"}]}, "messages[0].role"),
        (
            {"messages": [{"role": "user", "content": [{"type": "image"}]}]},
            "messages[0].content[0].source",
        ),
        (
            {"messages": [{"role": "user", "content": [picture(type="base64", data="AA")]}]},
            "messages[0].content[0].source",
        ),
        (
            {"messages": [{"role": "user", "content": [picture(type="file", file_id="f")]}]},
            "messages[0].content[0].source.file_id",
        ),
        (
            {"messages": [{"role": "user", "content": [{"type": "tool_result"}]}]},
            "messages[0].content[0].tool_use_id",
        ),
        (
            {"messages": [{"role": "user", "content": [{"type": "tool_use"}]}]},
            "messages[0].content[0].type",
        ),
        (
            {"messages": [{"role": "assistant", "content": [{"type": "tool_result"}]}]},
            "messages[0].content[0].type",
        ),
        (
            {"messages": [{"role": "assistant", "content": [{"type": "server_tool_use"}]}]},
            "messages[0].content[0].type",
        ),
        ({"thinking": {"type": "enabled"}}, "thinking.budget_tokens"),
        ({"thinking": {"type": "deep"}}, "thinking.type"),
        ({"thinking": {"type": "adaptive", "display": "all"}}, "thinking.display"),
        ({"output_config": {"effort": "utmost"}}, "output_config.effort"),
        ({"output_config": {"format": {"type": "json_schema"}}}, "output_config.format.schema"),
        ({"cache_control": {"type": "lasting"}}, "cache_control.type"),
        (
            {"system": [{"type": "text", "text": "x", "cache_control": {"ttl": "1h"}}]},
            "system[0].cache_control.type",
        ),
        (
            {"messages": [{"role": "user", "content": [{"type": "document", "source": {}}]}]},
            "messages[0].content[0].source.type",
        ),
        (
            {"messages": [{"role": "user", "content": [{"type": "thinking", "thinking": "x"}]}]},
            "messages[0].content[0].type",
        ),
        ({"compaction": {"trigger": 1}}, "compaction"),
        ({"tools": [{"name": "x"}]}, "tools[0].input_schema"),
        ({"tools": [{"type": "bash_20250124", "name": "bash"}]}, "tools[0].type"),
        ({"tools": TOOLS, "tool_choice": {"type": "tool"}}, "tool_choice.name"),
        ({"tools": TOOLS, "tool_choice": {"type": "required"}}, "tool_choice.type"),
        (
            {"messages": [{"role": "user", "content": [{"type": "text"}]}]},
            "messages[0].content[0].text",
        ),
        ({"messages": [{"role": "user", "content": ["x"]}]}, "messages[0].content[0]"),
        ({"temperature": 1.1}, "temperature"),
        ({"stop_sequences": "END"}, "stop_sequences"),
    ],
)
def test_a_malformed_request_is_refused_by_the_fields_name(fields, field):
    with pytest.raises(ProtocolError) as caught:
        decoded(**fields)
    assert caught.value.field == field


def test_what_another_protocols_client_asked_is_fitted_and_reported():
    body, losses = sent(
        asked(
            ("user", "Hi"),
            ("assistant", "Well,  "),
            sampling=Sampling(temperature=1.7, top_p=0.9, stop=("\n", "END")),
        )
    )
    assert body == {
        "model": "claude-sonnet-4-5",
        "max_tokens": 4096,
        "messages": [{"role": "user", "content": "Hi"}, {"role": "assistant", "content": "Well,"}],
        "temperature": 1.0,
        "stop_sequences": ["END"],
    }
    assert losses == ["messages", "max_tokens", "temperature", "top_p", "stop"]


def test_instructions_alone_are_sent_as_the_users_turn():
    body, losses = sent(asked(system=(Text(text="Say hello."),)))
    assert body["messages"] == [{"role": "user", "content": "Say hello."}]
    assert "system" not in body
    assert losses == ["messages", "max_tokens"]


def test_empty_words_are_left_out_and_an_empty_turn_is_reported():
    body, losses = sent(asked(("user", ""), ("user", "Hi"), sampling=Sampling(max_tokens=1)))
    assert body["messages"] == [{"role": "user", "content": "Hi"}]
    assert losses == ["messages"]


def test_a_refusals_words_are_sent_as_text():
    turn = Turn(role="assistant", parts=(Text(text="No.", refusal=True),))
    after = Turn(role="user", parts=(Text(text="?"),))
    body, losses = sent(asked(turns=(turn, after), sampling=Sampling(max_tokens=1)))
    assert body["messages"][0] == {"role": "assistant", "content": "No."}
    assert losses == ["refusal"]
