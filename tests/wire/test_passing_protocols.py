"""What each protocol's passage changes, and what it refuses by name."""

import re
from base64 import b64decode, b64encode
from typing import Any

import msgspec
import pytest
from hypothesis import given as drawn
from hypothesis import strategies as st

from changeover.conversation.events import Failed, Finished, UsageSeen
from changeover.directory.model import Protocol
from changeover.wire.errors import ProtocolError, VendorProtocolError
from changeover.wire.passing import Outbound
from changeover.wire.registry import passage
from tests.wire.passings import SHOWN, THEIRS, TOWARDS, Marked, passed

USER = {"role": "user", "content": "Hi"}
GEMINI_USER = {"role": "user", "parts": [{"text": "Hi"}]}


def asked(protocol: Protocol, body: bytes, target: str = "") -> Outbound | None:
    found = passage(protocol)
    assert found is not None
    return found.read(body, target).outbound(TOWARDS)


def out(protocol: Protocol, body: dict[str, Any], target: str = "") -> Outbound | None:
    return asked(protocol, msgspec.json.encode(body), target)


def sent(protocol: Protocol, body: dict[str, Any], target: str = "") -> Any:
    found = out(protocol, body, target)
    assert found is not None
    return msgspec.json.decode(found.body)


def messages(**more: Any) -> dict[str, Any]:
    return {"model": "claude", "max_tokens": 9, "messages": [USER], **more}


def chat(**more: Any) -> dict[str, Any]:
    return {"model": "gpt", "messages": [USER], **more}


def responses(**more: Any) -> dict[str, Any]:
    return {"model": "gpt", "input": "Hi", **more}


def gemini(**more: Any) -> dict[str, Any]:
    return {"contents": [GEMINI_USER], **more}


def frame(data: Any, event: str = "") -> bytes:
    head = f"event: {event}\n".encode() if event else b""
    return head + b"data: " + msgspec.json.encode(data) + b"\n\n"


def datas(stream: bytes) -> list[Any]:
    lines = [line[6:] for line in stream.splitlines() if line.startswith(b"data: {")]
    return [msgspec.json.decode(line) for line in lines]


FILE = {"role": "user", "content": [{"type": "image", "source": {"type": "file", "file_id": "f"}}]}


def escaped(body: Any) -> bytes:
    """JSON with every letter of its names and texts escaped."""

    def letters(text: re.Match[bytes]) -> bytes:
        return re.sub(rb"[A-Za-z_]", lambda letter: b"\\u%04x" % letter[0][0], text[0])

    return re.sub(rb'"[^"]*"', letters, msgspec.json.encode(body))


@pytest.mark.parametrize(
    ("protocol", "body", "field"),
    [
        ("anthropic-messages", messages(container="c_1"), "container"),
        ("anthropic-messages", messages(thread={"id": "t"}), "thread"),
        ("anthropic-messages", messages(fallbacks=[{"model": "other"}]), "fallbacks"),
        ("anthropic-messages", messages(tools=[{"type": "advisor", "model": "x"}]), "tools[0].model"),
        ("anthropic-messages", messages(messages=[FILE]), "messages[0].content[0].source.file_id"),
        ("openai-chat", chat(moderation={"model": "m"}), "moderation"),
        ("openai-chat", chat(models=["a", "b"]), "models"),
        (
            "openai-chat",
            chat(messages=[{"role": "user", "content": [{"type": "file", "file": {"file_id": "f"}}]}]),
            "messages[0].content[0].file.file_id",
        ),
        (
            "openai-chat",
            chat(messages=[{"role": "assistant", "audio": {"id": "a"}}, {"type": "x"}]),
            "messages[0].audio.id",
        ),
        ("openai-responses", responses(previous_response_id="r"), "previous_response_id"),
        ("openai-responses", responses(conversation="c"), "conversation"),
        ("openai-responses", responses(background=True), "background"),
        ("openai-responses", responses(prompt={"id": "p"}), "prompt"),
        (
            "openai-responses",
            responses(input=[{"type": "item_reference", "id": "i"}]),
            "input[0].id",
        ),
        (
            "openai-responses",
            responses(input=[{"type": "message", "content": [{"type": "input_file", "file_id": "f"}]}]),
            "input[0].content[0].file_id",
        ),
        (
            "openai-responses",
            responses(tools=[{"type": "image_generation", "model": "m"}]),
            "tools[0].model",
        ),
        (
            "openai-responses",
            responses(tools=[{"type": "file_search", "vector_store_ids": ["v"]}]),
            "tools[0].vector_store_ids",
        ),
        (
            "openai-responses",
            responses(tools=[{"type": "code_interpreter", "container": "c"}]),
            "tools[0].container",
        ),
        ("gemini-generate", gemini(cachedContent="c"), "cachedContent"),
        ("gemini-generate", gemini(cached_content="c"), "cached_content"),
        ("gemini-generate", gemini(generationConfig={"routingConfig": {"a": 1}}), "routingConfig"),
        ("gemini-generate", gemini(tools=[{"fileSearch": {"stores": ["s"]}}]), "tools[0].fileSearch"),
        (
            "gemini-generate",
            gemini(
                contents=[
                    {"parts": [{"fileData": {
                        "fileUri": "https://generativelanguage.googleapis.com/v1beta/files/x"
                    }}]}
                ]
            ),
            "contents.fileData.fileUri",
        ),
    ],
)  # fmt: skip
@pytest.mark.parametrize("written", [msgspec.json.encode, escaped])
def test_what_lives_at_a_vendor_or_names_another_model_is_refused_by_name(
    written, protocol, body, field
):
    target = "/m:generateContent" if protocol == "gemini-generate" else ""
    with pytest.raises(ProtocolError) as refused:
        asked(protocol, written(body), target)
    assert refused.value.field == field


@pytest.mark.parametrize(
    ("protocol", "more"),
    [
        ("anthropic-messages", {"tools": [{"type": "web_search_20260318", "name": "web_search"}]}),
        ("anthropic-messages", {"context_management": {"edits": []}, "service_tier": "auto"}),
        ("anthropic-messages", {"tools": [{"name": "f", "input_schema": {"properties": {"file_id": {}}}}]}),
        ("openai-chat", {"web_search_options": {}, "n": 2, "metadata": {"a": "b"}, "logit_bias": {"5": 1}}),
        ("openai-responses", {"tools": [{"type": "web_search"}], "metadata": {"a": "b"}}),
        ("gemini-generate", {"tools": [{"googleSearch": {}}], "labels": {"a": "b"}}),
    ],
)  # fmt: skip
def test_what_only_one_vendor_knows_passes(protocol, more):
    bodies = {"anthropic-messages": messages, "openai-chat": chat, "openai-responses": responses}
    target = "/m:generateContent" if protocol == "gemini-generate" else ""
    found = sent(protocol, bodies.get(protocol, gemini)(**more), target)
    assert {name: found[name] for name in more} == more


# Messages


def thinking(signature: str) -> dict[str, str]:
    return {"type": "thinking", "thinking": "Hm.", "signature": signature}


CALL = {"type": "tool_use", "id": "toolu_1", "name": "now", "input": {}}
RESULT = {"role": "user", "content": [{"type": "tool_result", "tool_use_id": "toolu_1"}]}


def talk(*blocks: Any, after: Any = USER) -> dict[str, Any]:
    return messages(messages=[USER, {"role": "assistant", "content": [*blocks]}, after])


def test_reasoning_goes_back_as_its_vendor_wrote_it():
    redacted = {"type": "redacted_thinking", "data": "co1-D"}
    said = {"type": "text", "text": "Yes."}
    found = sent("anthropic-messages", talk(thinking("co1-S"), redacted, said))
    assert found["messages"][1]["content"] == [
        thinking("S"),
        {"type": "redacted_thinking", "data": "D"},
        said,
    ]


def test_foreign_reasoning_is_taken_out_and_told():
    said = {"type": "text", "text": "Yes."}
    found = out("anthropic-messages", talk(thinking("foreign"), said))
    assert found is not None
    assert msgspec.json.decode(found.body)["messages"][1]["content"] == [said]
    assert [loss.field for loss in found.losses] == ["messages[1].content[0]"]
    nothing_else = sent("anthropic-messages", talk(thinking("foreign")))
    assert [message["role"] for message in nothing_else["messages"]] == ["user", "user"]


def test_a_loop_of_tools_that_has_no_reasoning_of_this_model_is_translated_if_it_reasons():
    for reasons in ({"type": "enabled", "budget_tokens": 1024}, {"type": "adaptive"}):
        asked = {"thinking": reasons}
        lost = talk(thinking("foreign"), CALL, after=RESULT) | asked
        assert out("anthropic-messages", lost) is None
        assert out("anthropic-messages", talk(CALL, after=RESULT) | asked) is None
        whole = talk(thinking("co1-S"), CALL, after=RESULT) | asked
        assert out("anthropic-messages", whole) is not None
    silent = talk(thinking("foreign"), CALL, after=RESULT)
    assert out("anthropic-messages", silent) is not None
    disabled = silent | {"thinking": {"type": "disabled"}}
    assert out("anthropic-messages", disabled) is not None


def test_ids_that_the_vendor_would_refuse_are_translated():
    odd = {**CALL, "id": "call|1"}
    assert out("anthropic-messages", talk(odd)) is None
    long = [{"role": "assistant", "tool_calls": [{"type": "function", "id": "c" * 41}]}]
    assert out("openai-chat", chat(messages=[USER, *long])) is None
    longer = [{"type": "function_call", "call_id": "c" * 65}]
    assert out("openai-responses", responses(input=longer)) is None


def test_reasoning_without_a_signature_is_taken_out():
    said = {"type": "text", "text": "Yes."}
    found = out("anthropic-messages", talk(thinking(""), said))
    assert found is not None
    assert msgspec.json.decode(found.body)["messages"][1]["content"] == [said]


@pytest.mark.parametrize(
    ("protocol", "model", "taken", "refused"),
    [
        ("openai-chat", "gpt-4o", {"temperature": 1}, {"reasoning_effort": "low"}),
        ("openai-chat", "gpt-4o", {"max_tokens": 5}, {"verbosity": "low"}),
        ("openai-chat", "o3", {"reasoning_effort": "low"}, {"temperature": 1}),
        ("openai-chat", "o3", {"max_completion_tokens": 5}, {"max_tokens": 5}),
        ("openai-chat", "gpt-5.2", {"temperature": 1}, {"temperature": 1, "reasoning_effort": "low"}),
        ("openai-chat", "gpt-5", {"reasoning_effort": "minimal"}, {"reasoning_effort": "max"}),
        ("openai-chat", "gpt-5.4", {"tools": [{}]}, {"tools": [{}], "reasoning_effort": "low"}),
        ("openai-chat", "a-fine-tune", {"reasoning_effort": "max", "temperature": 1}, None),
        ("openai-responses", "gpt-4.1", {"temperature": 1}, {"reasoning": {"effort": "low"}}),
        ("openai-responses", "gpt-4.1", {}, {"text": {"verbosity": "low"}}),
        ("openai-responses", "o3", {"reasoning": {"effort": "low"}}, {"top_p": 0.5}),
        ("anthropic-messages", "claude-sonnet-4-5", {"thinking": {"type": "enabled"}}, {"thinking": {"type": "adaptive"}}),
        ("anthropic-messages", "claude-sonnet-4-5", {"temperature": 1}, {"output_config": {"effort": "low"}}),
        ("anthropic-messages", "claude-opus-4-7", {"thinking": {"type": "adaptive"}}, {"thinking": {"type": "enabled"}}),
        ("anthropic-messages", "claude-opus-4-7", {}, {"temperature": 1}),
        ("anthropic-messages", "claude-opus-5-5", {}, {"thinking": {"type": "disabled"}}),
        ("anthropic-messages", "claude-opus-5-5", {"tool_choice": {"type": "auto"}}, {"tool_choice": {"type": "any"}}),
        ("anthropic-messages", "claude-opus-4-7", {}, {"messages": [USER, {"role": "assistant", "content": "x"}]}),
    ],
)  # fmt: skip
def test_a_setting_that_the_model_refuses_is_translated(protocol, model, taken, refused):
    bodies = {"anthropic-messages": messages, "openai-chat": chat, "openai-responses": responses}
    towards = msgspec.structs.replace(TOWARDS, model=model)
    found = passage(protocol)
    assert found is not None

    def goes(more: dict[str, Any]) -> bool:
        came = found.read(msgspec.json.encode(bodies[protocol](**more)), "")
        return came.outbound(towards) is not None

    assert goes(taken)
    assert refused is None or not goes(refused)


def test_reasoning_in_a_stream_of_messages_is_wrapped_with_all_its_words():
    wrapped: list[tuple[str, str]] = []

    class Seen(Marked):
        def wrapped(self, sealed, words: str) -> str:
            wrapped.append((sealed.form, words))
            return f"co1-{sealed.value}"

    found = passage("anthropic-messages")
    assert found is not None
    towards = msgspec.structs.replace(TOWARDS, seals=Seen())
    outbound = found.read(msgspec.json.encode(messages(stream=True)), "").outbound(towards)
    assert outbound is not None
    usage = {"input_tokens": 3, "output_tokens": 1}
    start = {"id": "m", "type": "message", "model": THEIRS, "content": [], "usage": usage}
    events: list[Any] = [
        {"type": "message_start", "message": start},
        {"type": "content_block_start", "index": 0, "content_block": thinking("")},
        {"type": "content_block_delta", "index": 0, "delta": {"type": "thinking_delta", "thinking": " I see."}},
        {"type": "content_block_delta", "index": 0, "delta": {"type": "signature_delta", "signature": "S"}},
        {"type": "content_block_stop", "index": 0},
        {"type": "content_block_start", "index": 1, "content_block": {"type": "redacted_thinking", "data": "D"}},
        {"type": "content_block_stop", "index": 1},
        {"type": "message_delta", "delta": {"stop_reason": "pause_turn"}, "usage": {"output_tokens": 8}},
        {"type": "message_stop"},
    ]  # fmt: skip
    data, told = passed(outbound.answer, [frame(event, event["type"]) for event in events])
    assert wrapped == [("signature", "Hm. I see."), ("redacted", "")]
    given = datas(data)
    assert given[0]["message"]["model"] == SHOWN
    assert given[3]["delta"]["signature"] == "co1-S"
    assert given[5]["content_block"]["data"] == "co1-D"
    assert given[7] == events[7]
    usages = [event.usage for event in told if isinstance(event, UsageSeen)]
    assert (usages[-1].input_tokens, usages[-1].output_tokens) == (3, 8)


def test_a_whole_message_leaves_with_its_reasoning_wrapped():
    found = out("anthropic-messages", messages())
    assert found is not None
    message = {
        "id": "m", "model": THEIRS, "usage": {"input_tokens": 1, "output_tokens": 2},
        "content": [thinking("S"), {"type": "redacted_thinking", "data": "D"}, {"type": "text", "text": "x"}],
        "stop_reason": "end_turn",
    }  # fmt: skip
    given = msgspec.json.decode(found.answer.whole(msgspec.json.encode(message)).data)
    assert given["content"][0] == thinking("co1-S")
    assert given["content"][1]["data"] == "co1-D"
    assert (given["model"], given["id"]) == (SHOWN, "m")


# Chat Completions


def chunk(delta: Any, finish: str | None = None, usage: Any = None) -> bytes:
    choices = [] if delta is None else [{"index": 0, "delta": delta, "finish_reason": finish}]
    return frame({"id": "c", "model": THEIRS, "choices": choices, "usage": usage})


CHUNKS = [
    chunk({"role": "assistant", "content": ""}),
    chunk({"content": f'"model":"{THEIRS}"'}),
    chunk({}, "stop"),
    chunk(None, usage={"prompt_tokens": 3, "completion_tokens": 4}),
    b"data: [DONE]\n\n",
]


@pytest.mark.parametrize("asks", [False, True])
def test_counts_are_always_asked_for_and_given_to_who_asked(asks: bool):
    options = {"stream_options": {"include_usage": True}} if asks else {}
    found = out("openai-chat", chat(stream=True, **options))
    assert found is not None
    assert msgspec.json.decode(found.body)["stream_options"] == {"include_usage": True}
    data, told = passed(found.answer, CHUNKS)
    assert [len(each["choices"]) for each in datas(data)] == ([1, 1, 1, 0] if asks else [1, 1, 1])
    assert {each["model"] for each in datas(data)} == {SHOWN}
    assert datas(data)[1]["choices"][0]["delta"]["content"] == f'"model":"{THEIRS}"'
    assert [e.usage.output_tokens for e in told if isinstance(e, UsageSeen)] == [4]
    assert isinstance(told[-1], Finished)


def test_reasoning_that_openai_has_no_name_for_goes_back_to_nobody():
    said = {"role": "assistant", "content": "Yes.", "reasoning_content": "Hm."}
    found = out("openai-chat", chat(messages=[USER, said]))
    assert found is not None
    assert msgspec.json.decode(found.body)["messages"][1] == {
        "role": "assistant",
        "content": "Yes.",
    }
    assert [loss.field for loss in found.losses] == ["messages[1].reasoning_content"]


# Responses


def test_nothing_is_stored_and_who_asked_for_it_is_told():
    found = out("openai-responses", responses(store=True))
    assert found is not None
    assert msgspec.json.decode(found.body)["store"] is False
    assert [loss.field for loss in found.losses] == ["store"]
    silent = out("openai-responses", responses())
    assert silent is not None
    assert (msgspec.json.decode(silent.body)["store"], silent.losses) == (False, ())


def test_a_model_that_reasons_is_asked_for_what_it_must_be_given_back():
    found = sent("openai-responses", responses(reasoning={"effort": "low"}, include=["x"]))
    assert found["include"] == ["x", "reasoning.encrypted_content"]
    assert "include" not in sent("openai-responses", responses(reasoning={}, store=False))
    assert "include" not in sent("openai-responses", responses())


def test_a_foreign_item_of_reasoning_is_taken_out_with_the_ids_that_ask_for_it():
    item = {"type": "reasoning", "id": "rs_1", "summary": []}
    call = {"type": "function_call", "id": "fc_1", "call_id": "c", "name": "now", "arguments": "{}"}
    result = {"type": "function_call_output", "call_id": "c", "output": "x"}
    ours = {**item, "encrypted_content": "co1-E"}
    found = sent("openai-responses", responses(input=[ours, call, result]))
    assert found["input"] == [{**item, "encrypted_content": "E"}, call, result]
    for foreign in (item, {**item, "encrypted_content": "foreign"}):
        without = out("openai-responses", responses(input=[foreign, call, result]))
        assert without is not None
        bare = {name: value for name, value in call.items() if name != "id"}
        assert msgspec.json.decode(without.body)["input"] == [bare, result]
        assert [loss.field for loss in without.losses] == ["input[0]"]


def test_what_the_sdk_read_out_of_an_item_does_not_go_back():
    call = {"type": "function_call", "call_id": "c", "name": "now", "arguments": "{}"}
    part = {"type": "output_text", "text": "x"}
    said = {"type": "message", "role": "assistant", "content": [{**part, "parsed": None}]}
    found = sent("openai-responses", responses(input=[said, {**call, "parsed_arguments": {}}]))
    assert found["input"] == [{**said, "content": [part]}, call]


def test_encrypted_reasoning_is_wrapped_wherever_it_stands():
    found = out("openai-responses", responses(stream=True))
    assert found is not None
    item = {"type": "reasoning", "id": "rs_1", "summary": [], "encrypted_content": "E"}
    response = {"id": "resp_1", "model": THEIRS, "status": "in_progress", "output": []}
    usage = {"input_tokens": 1, "output_tokens": 2}
    done = {**response, "status": "completed", "output": [item], "usage": usage}
    events: list[Any] = [
        {"type": "response.created", "sequence_number": 0, "response": response},
        {"type": "response.output_item.done", "sequence_number": 1, "item": item},
        {"type": "response.completed", "sequence_number": 2, "response": done},
    ]
    data, told = passed(found.answer, [frame(event, event["type"]) for event in events])
    given = datas(data)
    assert given[1]["item"]["encrypted_content"] == "co1-E"
    assert given[2]["response"]["output"][0]["encrypted_content"] == "co1-E"
    assert [each["response"]["model"] for each in (given[0], given[2])] == [SHOWN, SHOWN]
    assert isinstance(told[-1], Finished)


def test_a_response_that_breaks_off_goes_on_counting_its_events():
    found = out("openai-responses", responses(stream=True))
    assert found is not None
    response = {"id": "resp_1", "model": THEIRS, "status": "in_progress", "output": []}
    found.answer.feed(
        frame({"type": "response.created", "sequence_number": 0, "response": response})
    )
    found.answer.feed(frame({"type": "x.delta", "sequence_number": 7, "delta": "x"}))
    (event,) = datas(found.answer.broken("cut_by_order", "An order.", "call_1"))
    assert (event["type"], event["sequence_number"]) == ("response.failed", 8)
    assert event["response"]["id"] == "resp_1"


# generateContent


def encoded(text: str) -> str:
    return b64encode(text.encode()).decode()


def model_turn(*parts: Any) -> dict[str, Any]:
    return gemini(contents=[GEMINI_USER, {"role": "model", "parts": [*parts]}, GEMINI_USER])


GENERATE = "/m:generateContent"
FUNCTION = {"functionCall": {"name": "now", "args": {}}}


def test_signatures_go_back_and_those_of_others_are_taken_out():
    ours = {"text": "Yes.", "thoughtSignature": encoded("co1-S")}
    thought = {"text": "Hm.", "thought": True, "thoughtSignature": encoded("foreign")}
    found = out("gemini-generate", model_turn(thought, ours), GENERATE)
    assert found is not None
    parts = msgspec.json.decode(found.body)["contents"][1]["parts"]
    assert parts == [{"text": "Yes.", "thoughtSignature": "S"}]
    assert [loss.field for loss in found.losses] == ["contents[1].parts[0].thoughtSignature"]


def test_a_signature_may_come_back_in_the_alphabet_for_addresses():
    value = encoded("co1-???>>>").replace("+", "-").replace("/", "_").rstrip("=")
    found = sent("gemini-generate", model_turn({**FUNCTION, "thoughtSignature": value}), GENERATE)
    assert found["contents"][1]["parts"][0]["thoughtSignature"] == "???>>>"


def test_a_call_without_a_signature_of_this_model_is_translated():
    assert out("gemini-generate", model_turn(FUNCTION), GENERATE) is None
    foreign = {**FUNCTION, "thoughtSignature": encoded("foreign")}
    assert out("gemini-generate", model_turn(foreign), GENERATE) is None
    ours = {**FUNCTION, "thoughtSignature": encoded("co1-S")}
    assert out("gemini-generate", model_turn(ours, FUNCTION), GENERATE) is not None


def piece(*parts: Any, **more: Any) -> Any:
    candidate = {"content": {"role": "model", "parts": [*parts]}, "index": 0, **more}
    usage = {"promptTokenCount": 3, "candidatesTokenCount": len(parts)}
    return {"candidates": [candidate], "usageMetadata": usage, "modelVersion": THEIRS}


def test_a_stream_of_pieces_has_our_name_and_wrapped_signatures():
    found = out("gemini-generate", gemini(), "/m:streamGenerateContent?alt=sse")
    assert found is not None
    signed = {
        "functionCall": {"name": "f", "args": {"modelVersion": THEIRS}},
        "thoughtSignature": "S",
    }
    pieces = [piece({"text": "a"}), piece({"text": f'"modelVersion":"{THEIRS}"'}), piece(signed)]
    pieces.append(piece(finishReason="STOP"))
    data, told = passed(found.answer, [frame(each) for each in pieces])
    given = datas(data)
    assert {each["modelVersion"] for each in given} == {SHOWN}
    assert given[1]["candidates"] == pieces[1]["candidates"]
    part = given[2]["candidates"][0]["content"]["parts"][0]
    assert part["functionCall"] == signed["functionCall"]
    assert b64decode(part["thoughtSignature"]) == b"co1-S"
    assert isinstance(told[-1], UsageSeen)


def test_of_an_answer_that_is_left_the_last_counts_are_told():
    found = out("gemini-generate", gemini(), "/m:streamGenerateContent?alt=sse")
    assert found is not None
    for count in (1, 2, 3):
        found.answer.feed(frame(piece(*[{"text": "a"}] * count)))
    (seen,) = found.answer.left()
    assert isinstance(seen, UsageSeen)
    assert seen.usage.output_tokens == 3


def test_a_prompt_that_was_blocked_is_an_answer():
    found = out("gemini-generate", gemini(), GENERATE)
    assert found is not None
    blocked = {"promptFeedback": {"blockReason": "SAFETY"}, "modelVersion": THEIRS}
    given = found.answer.whole(msgspec.json.encode(blocked))
    assert given.told[-1] == Finished(stop="filtered")
    assert not any(isinstance(event, Failed) for event in given.told)


def test_geminis_empty_texts_of_a_stream_are_left_out_of_what_it_is_given_back():
    said = [{"parts": [{"text": ""}], "role": "model"}, {"parts": [{"text": "Yes"}, {"text": ""}],
            "role": "model"}]  # fmt: skip
    given = sent("gemini-generate", {"contents": [GEMINI_USER, *said]}, "/m:generateContent")
    assert given["contents"] == [GEMINI_USER, {"parts": [{"text": "Yes"}], "role": "model"}]


def test_words_that_begin_like_others_hide_no_end():
    found = out("anthropic-messages", messages(stream=True))
    assert found is not None
    usage = {"input_tokens": 3, "output_tokens": 1}
    start = {"id": "m", "type": "message", "model": THEIRS, "content": [], "usage": usage}
    said = {"type": "text_delta", "text": 'say "message_stop" of thinking'}
    events: list[Any] = [
        {"type": "message_start", "message": start},
        {"type": "content_block_start", "index": 0, "content_block": {"type": "text", "text": ""}},
        *({"type": "content_block_delta", "index": 0, "delta": said} for _ in range(3)),
        {"type": "content_block_stop", "index": 0},
        {"type": "message_delta", "delta": {"stop_reason": "max_tokens"}, "usage": usage},
        {"type": "message_stop"},
    ]
    frames = [frame(event, event["type"]) for event in events]
    data, told = passed(found.answer, [*frames[:4], b"".join(frames[4:])])
    assert datas(data)[1:] == events[1:]
    assert told[-1] == Finished(stop="length")


said = st.lists(
    st.text(max_size=6)
    | st.sampled_from(["\\", '"', "error", '"usage":{', "\n", "é", "", '","model":"x'])
)


@drawn(texts=said, cut=st.booleans())
def test_pieces_that_differ_by_their_words_alone_go_on_as_each_would(texts: list[str], cut: bool):
    found = out("openai-chat", chat(stream=True))
    assert found is not None
    chunks = [CHUNKS[0], *(chunk({"content": text}) for text in texts), *CHUNKS[2:]]
    data, told = passed(found.answer, chunks if cut else [b"".join(chunks)])
    given = datas(data)[1:-1]
    assert [each["choices"][0]["delta"]["content"] for each in given] == texts
    assert {each["model"] for each in datas(data)} == {SHOWN}
    assert told[-1] == Finished(stop="end")


@drawn(texts=said)
def test_pieces_of_gemini_that_differ_by_their_words_alone_do_so_too(texts: list[str]):
    found = out("gemini-generate", gemini(), "/m:streamGenerateContent?alt=sse")
    assert found is not None
    pieces = [piece({"text": text}) for text in ["a", *texts]]
    data, _ = passed(found.answer, map(frame, [*pieces, piece(finishReason="STOP")]))
    given = datas(data)
    assert [one["candidates"] for one in given[:-1]] == [one["candidates"] for one in pieces]
    assert {one["modelVersion"] for one in given} == {SHOWN}


def test_what_is_no_text_is_no_answer_among_pieces_that_are_alike_either():
    found = out("openai-chat", chat(stream=True))
    assert found is not None
    for each in (*CHUNKS[:1], chunk({"content": "a"}), chunk({"content": "b"})):
        found.answer.feed(each)
    with pytest.raises(VendorProtocolError, match="no text"):
        found.answer.feed(chunk({"content": "c"}).replace(b'"c"}', b'"\xff"}'))
