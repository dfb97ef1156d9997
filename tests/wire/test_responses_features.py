"""Responses: what it knows beside words, images and functions, case by case."""

import json
from typing import Any

import pytest

from changeover.conversation.events import (
    ChancesSeen,
    CitationSeen,
    Event,
    Finished,
    ReasoningDelta,
    ReasoningEnded,
    ReasoningSealed,
    ReasoningStarted,
    Started,
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
    CacheMark,
    ChatRequest,
    Citation,
    File,
    Freeform,
    OutputForm,
    Reasoning,
    Reply,
    Sampling,
    Sealed,
    Text,
    Thinking,
    TokenChance,
    Tool,
    ToolCall,
    ToolResult,
    Turn,
)
from changeover.wire.codec import ReplyContext
from changeover.wire.errors import ProtocolError
from changeover.wire.openai_responses.codec import OpenAIResponses
from changeover.wire.registry import codec

WIRE = OpenAIResponses()
ASKED = ReplyContext(id="call_1", model="shown", created=1, thinking=True)
SEALED = Sealed(form="encrypted", value="gAAAA==", bound="account", id="rs_9")
THOUGHT = Reasoning(text="First.\n\n\nThen.", summary=True, sealed=SEALED)
CALL = ToolCall(id="c1", name="look", arguments="{}")
RESULT = ToolResult(call="c1", parts=(Text(text="found"),))


def decoded(**fields: Any) -> tuple[ChatRequest, list[str]]:
    body = json.dumps({"model": "gpt", "input": "Hello"} | fields).encode()
    request, losses = WIRE.decode_request(body)
    return request, [loss.field for loss in losses]


def asking(*turns: Turn, **fields: Any) -> ChatRequest:
    said = turns or (Turn(role="user", parts=(Text(text="Hello"),)),)
    return ChatRequest(model="m", system=(), turns=said, **fields)


def sent(request: ChatRequest, model: str = "gpt-5.6") -> tuple[dict[str, Any], list[str]]:
    body, losses = WIRE.encode_request(request, model)
    return json.loads(body), [loss.field for loss in losses]


def answer(*parts: Any) -> Turn:
    return Turn(role="assistant", parts=parts)


# Reasoning, to vendors


def test_reasoning_goes_back_as_it_came_before_what_it_led_to():
    body, losses = sent(asking(answer(THOUGHT, CALL), Turn(role="user", parts=(RESULT,))))
    summary = [{"type": "summary_text", "text": text} for text in ("First.", "Then.")]
    assert body["input"][:2] == [
        {"type": "reasoning", "id": "rs_9", "summary": summary, "encrypted_content": "gAAAA=="},
        {"type": "function_call", "call_id": "c1", "name": "look", "arguments": "{}"},
    ]
    assert body["include"] == ["reasoning.encrypted_content"]
    assert body["store"] is False
    assert losses == []


@pytest.mark.parametrize(
    ("parts", "kinds"),
    [
        ((THOUGHT, Text(text="Yes.")), ["reasoning", "message"]),
        ((Text(text="Well."), THOUGHT, Text(text="Yes.")), ["message", "reasoning", "message"]),
        ((Text(text="Well."), THOUGHT), ["message"]),
        ((THOUGHT,), []),
        ((THOUGHT, CALL, THOUGHT, CALL), ["reasoning", "function_call", "function_call"]),
    ],
)
def test_reasoning_never_stands_where_the_vendor_refuses_it(parts, kinds):
    body, losses = sent(asking(answer(*parts)))
    assert [item["type"] for item in body["input"]] == kinds
    assert not any("id" in item for item in body["input"] if item["type"] != "reasoning")
    assert losses == (["reasoning"] if isinstance(parts[-1], Reasoning) else [])


@pytest.mark.parametrize(
    "sealed",
    [
        None,
        Sealed(form="signature", value="x", bound="model"),
        Sealed(form="wrapped", value="x"),
    ],
)
def test_reasoning_that_is_not_this_vendors_is_left_out_and_told(sealed):
    body, losses = sent(asking(answer(Reasoning(text="hm", sealed=sealed), Text(text="Yes."))))
    assert [item["type"] for item in body["input"]] == ["message"]
    assert losses == ["reasoning"]
    assert "include" not in body


@pytest.mark.parametrize(
    ("thinking", "reasoning", "losses"),
    [
        (Thinking(effort="low", show="auto"), {"effort": "low", "summary": "auto"}, []),
        (Thinking(effort="none"), {"effort": "none"}, []),
        (Thinking(budget=2000, show="none"), {"effort": "low"}, ["thinking.budget"]),
        (Thinking(budget=9000), {"effort": "medium"}, ["thinking.budget"]),
        (Thinking(effort="high", budget=1), {"effort": "high"}, ["thinking.budget"]),
    ],
)
def test_how_much_to_reason(thinking, reasoning, losses):
    body, lost = sent(asking(thinking=thinking))
    assert body["reasoning"] == reasoning
    assert ("include" in body) is (reasoning["effort"] != "none")
    assert lost == losses


@pytest.mark.parametrize(
    ("model", "effort", "lost"),
    [
        ("gpt-4.1", "low", ["thinking", "verbosity"]),
        ("gpt-4.1", "none", ["verbosity"]),
        ("gpt-5", None, ["temperature", "top_p", "chances"]),
        ("o3-2025-04-16", "low", ["temperature", "top_p", "chances"]),
        ("gpt-5.6", None, []),
        ("gpt-5.6", "none", []),
        ("gpt-5.6", "low", ["temperature", "top_p", "chances"]),
        ("a-deployment", "low", []),
    ],
)
def test_what_a_model_refuses_is_left_out_and_told(model, effort, lost):
    request = asking(
        sampling=Sampling(temperature=0.5, top_p=0.5, chances=1),
        thinking=Thinking(effort=effort),
        verbosity="low",
    )
    body, losses = sent(request, model)
    assert losses == lost
    assert ("temperature" in body) is ("temperature" not in lost)
    assert ("reasoning" in body) is (effort is not None and model != "gpt-4.1")


# Reasoning, from vendors


def event(kind: str, **fields: Any) -> dict[str, Any]:
    return {"type": f"response.{kind}", **fields}


def streamed(*events: Any) -> list[Event]:
    response = {"id": "resp_1", "model": "gpt-1", "output": []}
    every = [
        event("created", response={**response, "status": "in_progress"}),
        *events,
        event("completed", response={**response, "status": "completed"}),
    ]
    decoder = WIRE.stream_decoder()
    frames = [b"data: " + json.dumps(e).encode() + b"\n\n" for e in every]
    return (decoder.feed(b"".join(frames)) + decoder.close())[1:-1]


def summary(index: int, text: str) -> dict[str, Any]:
    return event("reasoning_summary_text.delta", delta=text, summary_index=index, output_index=0)


ITEM = {
    "type": "reasoning",
    "id": "rs_9",
    "summary": [{"type": "summary_text", "text": t} for t in ("First.", "Then.")],
    "encrypted_content": "gAAAA==",
}


def test_a_summarys_parts_are_kept_apart_and_the_seal_comes_with_the_whole_item():
    part = {"type": "summary_text", "text": ""}
    begun = ITEM | {"summary": [], "encrypted_content": "partial"}
    events = streamed(
        event("output_item.added", output_index=0, item=begun),
        event("reasoning_summary_part.added", summary_index=0, part=part),
        summary(0, "Fir"),
        summary(0, "st."),
        event("reasoning_summary_text.done", summary_index=0, text="First."),
        event("reasoning_summary_part.added", summary_index=1, part=part),
        summary(1, "Then."),
        event("output_item.done", output_index=0, item=ITEM),
    )
    assert events == [
        ReasoningStarted(summary=True),
        ReasoningDelta(text="Fir"),
        ReasoningDelta(text="st."),
        ReasoningDelta(text="\n\n\n"),
        ReasoningDelta(text="Then."),
        ReasoningSealed(sealed=SEALED),
        ReasoningEnded(),
    ]


def test_reasoning_that_came_in_no_piece_or_without_words_is_not_lost():
    whole = fold([Started(id="a", model="b"), *streamed_item(ITEM), Finished(stop="end")])
    assert whole.parts == (THOUGHT,)
    bare = fold(
        [Started(id="a", model="b"), *streamed_item(ITEM | {"summary": []}), Finished(stop="end")]
    )
    assert bare.parts == (Reasoning(sealed=SEALED),)
    assert streamed_item({"type": "reasoning", "id": "rs_1", "summary": []}) == []


def streamed_item(item: dict[str, Any]) -> list[Event]:
    return streamed(event("output_item.done", output_index=0, item=item))


def test_reasoning_that_a_vendor_shows_whole_is_no_summary():
    content = [{"type": "reasoning_text", "text": "hmm"}]
    events = streamed(
        event("output_item.added", item={"type": "reasoning", "id": "rs_1", "summary": []}),
        event("content_part.added", part={"type": "reasoning_text", "text": ""}),
        event("reasoning_text.delta", delta="hmm"),
        event("reasoning_text.done", text="hmm"),
        event("content_part.done", part=content[0]),
        event("output_item.done", item={"type": "reasoning", "summary": [], "content": content}),
    )
    assert events == [ReasoningStarted(), ReasoningDelta(text="hmm"), ReasoningEnded()]


# Reasoning, to and from clients


def frames(context: ReplyContext, *events: Event) -> list[dict[str, Any]]:
    encoder = WIRE.stream_encoder(context)
    every = (Started(id="v", model="m"), *events, Finished(stop="end"))
    whole = b"".join(encoder.encode(e) for e in every).decode()
    return [json.loads(frame.partition("data: ")[2]) for frame in whole.strip().split("\n\n")][2:]


WRAPPED = Sealed(form="wrapped", value="co1.abc", id="rs_9")


def test_a_client_that_asked_sees_the_reasoning_as_it_comes():
    part = Reasoning(text="First.\n\n\nThen.", summary=True, sealed=WRAPPED)
    cut = ("Fir", "st.\n", "\n\nTh", "en.")
    events = frames(
        ASKED,
        ReasoningStarted(summary=True),
        *[ReasoningDelta(text=piece) for piece in cut],
        ReasoningSealed(sealed=WRAPPED),
        ReasoningEnded(),
    )
    kinds = [e["type"].removeprefix("response.") for e in events]
    assert kinds == [
        "output_item.added",
        "reasoning_summary_part.added",
        "reasoning_summary_text.delta",
        "reasoning_summary_text.delta",
        "reasoning_summary_text.done",
        "reasoning_summary_part.done",
        "reasoning_summary_part.added",
        "reasoning_summary_text.delta",
        "reasoning_summary_text.delta",
        "reasoning_summary_text.done",
        "reasoning_summary_part.done",
        "output_item.done",
        "completed",
    ]
    item = events[-2]["item"]
    assert item["id"] == events[0]["item"]["id"]
    assert item["encrypted_content"] == "co1.abc"
    assert [each["text"] for each in item["summary"]] == ["First.", "Then."]
    request, losses = decoded(input=[item, {"role": "assistant", "content": "Yes."}])
    back = request.turns[0].parts
    assert back[0] == Reasoning(
        text=part.text, summary=True, sealed=Sealed(form="wrapped", value="co1.abc", id=item["id"])
    )
    assert losses == []


def test_a_client_that_did_not_ask_gets_only_what_is_sealed():
    unasked = ReplyContext(id="call_1", model="shown", created=1)
    words = (ReasoningStarted(), ReasoningDelta(text="hm"))
    assert [e["type"] for e in frames(unasked, *words, ReasoningEnded())] == ["response.completed"]
    sealed = frames(unasked, *words, ReasoningSealed(sealed=WRAPPED), ReasoningEnded())
    assert sealed[-1]["response"]["output"][0]["content"][0]["text"] == "hm"
    assert sealed[-1]["response"]["output"][0]["encrypted_content"] == "co1.abc"


def test_a_message_that_is_open_ends_before_reasoning():
    events = frames(
        ASKED,
        TextStarted(),
        TextDelta(text="a"),
        TextEnded(),
        ReasoningStarted(),
        ReasoningDelta(text="b"),
        ReasoningEnded(),
        TextStarted(),
        TextEnded(),
    )
    places = [(e["output_index"], e["item"]["type"]) for e in events if "output_item" in e["type"]]
    kinds = ["message", "reasoning", "message"]
    assert places == [(at, kind) for at, kind in enumerate(kinds) for _ in range(2)]


def test_reasoning_that_a_vendor_keeps_is_told():
    kept = {"type": "reasoning", "id": "rs_1", "summary": []}
    request, losses = decoded(input=[kept, {"role": "user", "content": "Hi"}])
    assert len(request.turns) == 1
    assert losses == ["input[0].id"]


# The form of the answer, files, citations, probabilities, caching and names


def test_a_form_with_a_schema():
    schema = {"type": "object", "properties": {}, "additionalProperties": False}
    form = {"type": "json_schema", "name": "person", "schema": schema, "strict": True}
    request, losses = decoded(text={"format": form, "verbosity": "low"})
    assert request.output == OutputForm(schema=schema, name="person", strict=True)
    assert (request.verbosity, losses) == ("low", [])
    body, lost = sent(request)
    assert body["text"] == {"format": form, "verbosity": "low"}
    assert lost == []


def test_a_schema_that_the_vendor_would_not_take_as_strict_is_sent_as_not_strict():
    schema = {"type": "object", "properties": {"a": {"type": "string"}}}
    body, losses = sent(asking(output=OutputForm(schema=schema, strict=True)))
    assert body["text"]["format"] == {
        "type": "json_schema", "name": "answer", "schema": schema, "strict": False,
    }  # fmt: skip
    assert losses == ["output.strict"]


def test_json_without_a_schema_is_asked_for_in_words_too():
    body, losses = sent(asking(output=OutputForm()))
    assert body["text"] == {"format": {"type": "json_object"}}
    assert body["input"][0] == {
        "type": "message", "role": "developer", "content": "Answer with a JSON object.",
    }  # fmt: skip
    assert losses == ["output"]
    said = Turn(role="user", parts=(Text(text="In json, please."),))
    assert sent(asking(said, output=OutputForm()))[1] == []
    instructed = ChatRequest(
        model="m", system=(Text(text="Use JSON."),), turns=asking().turns, output=OutputForm()
    )
    body, losses = sent(instructed)
    assert body["input"][0] == {"type": "message", "role": "system", "content": "Use JSON."}
    assert losses == []


@pytest.mark.parametrize(
    ("part", "file"),
    [
        (
            {"filename": "a.pdf", "file_data": "data:application/pdf;base64,JVBERi0="},
            File(media_type="application/pdf", data="JVBERi0=", name="a.pdf"),
        ),
        (
            {"filename": "a.txt", "file_data": "data:text/plain;base64,aGk="},
            File(media_type="text/plain", text="hi", name="a.txt"),
        ),
        ({"file_url": "https://a.example/b.pdf"}, File(url="https://a.example/b.pdf")),
    ],
)
def test_files_in_messages_and_in_results(part, file):
    given = {"type": "input_file", **part}
    output = {"type": "function_call_output", "call_id": "c1", "output": [given]}
    call = {"type": "function_call", "call_id": "c1", "name": "look", "arguments": "{}"}
    request, losses = decoded(input=[{"role": "user", "content": [given]}, call, output])
    assert request.turns[0].parts == (file,)
    assert request.turns[2].parts == (ToolResult(call="c1", parts=(file,)),)
    assert losses == []
    body, lost = sent(request)
    assert body["input"][0]["content"] == body["input"][2]["output"] == [given]
    assert lost == []


def test_bytes_alone_are_what_their_name_says():
    part = {"type": "input_file", "filename": "a.csv", "file_data": "aGk="}
    request, _ = decoded(input=[{"role": "user", "content": [part]}])
    assert request.turns[0].parts == (File(media_type="text/csv", text="hi", name="a.csv"),)


def test_a_file_that_its_vendor_keeps_is_refused_by_its_field():
    part = {"type": "input_file", "file_id": "file-1"}
    with pytest.raises(ProtocolError, match="Send the bytes") as caught:
        decoded(input=[{"role": "user", "content": [part]}])
    assert caught.value.field == "input[0].content[0].file_id"


PAGE = {
    "type": "url_citation",
    "url": "https://a.example",
    "title": "A",
    "start_index": 0,
    "end_index": 2,
}
TOKEN = {"token": "Hi", "logprob": -0.5, "bytes": [72, 105]}


def test_citations_and_probabilities_come_once_however_often_they_are_told():
    logprobs = [TOKEN | {"top_logprobs": [TOKEN]}]
    part = {"type": "output_text", "text": "Hi", "annotations": [PAGE], "logprobs": logprobs}
    place = {"output_index": 0, "content_index": 0}
    message = {"type": "message", "content": [part]}
    chance = TokenChance(
        token="Hi",
        logprob=-0.5,
        octets=(72, 105),
        others=(TokenChance(token="Hi", logprob=-0.5, octets=(72, 105)),),
    )
    cited = Citation(url="https://a.example", title="A", start=0, end=2)
    whole = [
        TextStarted(),
        TextDelta(text="Hi"),
        ChancesSeen(chances=(chance,)),
        CitationSeen(citation=cited),
        TextEnded(),
    ]
    told = streamed(
        event("output_text.delta", delta="Hi", logprobs=logprobs, **place),
        event("output_text.annotation.added", annotation=PAGE, annotation_index=0, **place),
        event("output_text.done", text="Hi", logprobs=logprobs, **place),
        event("content_part.done", part=part, **place),
        event("output_item.done", item=message),
    )
    assert told == whole
    assert streamed(event("output_item.done", item=message)) == whole


def test_citations_of_files_are_carried_without_their_vendors_id():
    cited = {"type": "file_citation", "file_id": "file-1", "filename": "a.pdf", "index": 2}
    made = {"type": "file_path", "file_id": "file-2", "index": 0}
    part = {"type": "output_text", "text": "Hi", "annotations": [cited, made]}
    events = streamed(event("output_item.done", item={"type": "message", "content": [part]}))
    reply = fold([Started(id="a", model="b"), *events, Finished(stop="end")])
    assert reply.parts == (Text(text="Hi", citations=(Citation(title="a.pdf", start=2, end=2),)),)
    assert [loss.field for loss in reply.losses] == ["annotations.file_id", "annotations"]


def test_probabilities_are_asked_for_by_both_fields():
    body, _ = sent(asking(sampling=Sampling(chances=2)))
    assert (body["top_logprobs"], body["include"]) == (2, ["message.output_text.logprobs"])
    assert decoded(top_logprobs=2)[0].sampling.chances == 2
    assert decoded(include=body["include"])[0].sampling.chances == 0
    assert decoded()[0].sampling.chances is None


def test_marks_for_the_cache_go_to_models_that_take_them():
    marked = Text(text="long", cache=CacheMark(ttl="1h"))
    request = asking(Turn(role="user", parts=(marked,)), cache_key="k" * 65)
    body, losses = sent(request)
    assert body["input"][0]["content"] == [
        {
            "type": "input_text",
            "text": "long",
            "prompt_cache_breakpoint": {"mode": "explicit", "ttl": "30m"},
        }
    ]
    assert len(body["prompt_cache_key"]) == 64
    assert losses == ["cache.ttl"]
    for wire, model in ((WIRE, "gpt-4.1"), (codec("openai-responses", "azure"), "gpt-5.6")):
        older, told = wire.encode_request(request, model)
        assert b"breakpoint" not in older
        assert [loss.field for loss in told] == ["cache"]


def test_marks_of_a_client():
    part = {"type": "input_text", "text": "a", "prompt_cache_breakpoint": {"mode": "explicit"}}
    later = part | {"prompt_cache_breakpoint": {"mode": "explicit", "ttl": "12h"}}
    request, losses = decoded(
        input=[{"role": "user", "content": [part, later]}],
        prompt_cache_options={"mode": "explicit", "prewarm": True},
    )
    assert [part.cache for part in request.turns[0].parts if isinstance(part, Text)] == [
        CacheMark(),
        CacheMark(ttl="1h"),
    ]
    assert sorted(losses) == [
        "input[0].content[1].prompt_cache_breakpoint.ttl",
        "prompt_cache_options.mode",
        "prompt_cache_options.prewarm",
    ]


def test_names_of_the_clients_own():
    request, losses = decoded(user="a", safety_identifier="b", metadata={"case": "7"})
    assert (request.user, request.metadata, losses) == ("b", {"case": "7"}, ["user"])
    body, _ = sent(request)
    assert (body["safety_identifier"], body["metadata"]) == ("b", {"case": "7"})
    long = asking(user="u" * 200, metadata={"k" * 65: "v", "k": "v"})
    body, lost = sent(long)
    assert len(body["safety_identifier"]) == 64
    assert (body["metadata"], lost) == ({"k": "v"}, ["metadata"])


def test_what_is_included_from_ones_vendors_tools_is_told():
    _, losses = decoded(include=["reasoning.encrypted_content", "file_search_call.results"])
    assert losses == ["include[1]"]


# Tools whose input is no JSON

PATCH = {
    "type": "custom",
    "name": "apply_patch",
    "description": "Edits files.",
    "format": {"type": "grammar", "syntax": "lark", "definition": "start: WORD"},
}
PATCH_CALL = {"type": "custom_tool_call", "call_id": "c1", "name": "apply_patch", "input": '*"\n'}
PATCH_OUTPUT = {"type": "custom_tool_call_output", "call_id": "c1", "output": "Done."}


def test_a_custom_tool_is_a_function_of_one_text_and_custom_again_for_its_own_protocol():
    request, losses = decoded(
        tools=[PATCH],
        tool_choice={"type": "custom", "name": "apply_patch"},
        input=[{"role": "user", "content": "Go"}, PATCH_CALL, PATCH_OUTPUT],
    )
    (tool,) = request.tools
    assert tool.freeform == Freeform(
        description="Edits files.", syntax="lark", definition="start: WORD"
    )
    assert tool.description is not None
    assert "start: WORD" in tool.description
    assert tool.parameters is not None
    assert tool.parameters["required"] == ["input"]
    (call,) = request.turns[1].parts
    assert isinstance(call, ToolCall)
    assert json.loads(call.arguments) == {"input": '*"\n'}
    assert losses == ["tools[0].format"]
    body, lost = sent(request)
    assert body["tools"] == [PATCH]
    assert body["tool_choice"] == {"type": "custom", "name": "apply_patch"}
    assert body["input"][1:] == [PATCH_CALL, PATCH_OUTPUT]
    assert lost == []
    for protocol in ("anthropic-messages", "openai-chat", "gemini-generate"):
        other, _ = codec(protocol).encode_request(request, "m")
        assert b"start: WORD" in other


def test_a_custom_call_of_a_vendor_is_a_call_with_json():
    added = PATCH_CALL | {"input": ""}
    pieces = [event("custom_tool_call_input.delta", delta=piece) for piece in ('*"', "\n")]
    events = streamed(
        event("output_item.added", item=added),
        *pieces,
        event("custom_tool_call_input.done", input='*"\n'),
        event("output_item.done", item=PATCH_CALL),
    )
    assert events[0] == ToolCallStarted(id="c1", name="apply_patch")
    assert events[-1] == ToolCallEnded()
    text = "".join(e.json for e in events if isinstance(e, ToolInputDelta))
    assert json.loads(text) == {"input": '*"\n'}
    assert len(events) == 6
    assert streamed_item(PATCH_CALL)[-1] == ToolCallEnded()


@pytest.mark.parametrize(
    ("arguments", "words"), [('{"input": "*\\"\\n"}', '*"\n'), ("{oops", "{oops"), ("{}", "{}")]
)
def test_a_client_gets_its_custom_call_as_it_knows_it(arguments, words):
    context = ReplyContext(id="call_1", model="shown", created=1, freeform=("apply_patch",))
    call = ToolCall(id="c1", name="apply_patch", arguments=arguments)
    reply = Reply(id="v", model="m", parts=(call,), stop="tool-use")
    item = {
        "id": "ctc_call_1_0",
        "type": "custom_tool_call",
        "status": "completed",
        "call_id": "c1",
        "name": "apply_patch",
        "input": words,
    }
    assert json.loads(WIRE.encode_reply(reply, context))["output"] == [item]
    encoder = WIRE.stream_encoder(context)
    whole = b"".join(encoder.encode(e) for e in unfold(reply)).decode()
    bodies = [json.loads(frame.partition("data: ")[2]) for frame in whole.strip().split("\n\n")]
    assert [b["type"].removeprefix("response.") for b in bodies[2:]] == [
        "output_item.added",
        "custom_tool_call_input.delta",
        "custom_tool_call_input.done",
        "output_item.done",
        "completed",
    ]
    assert bodies[-1]["response"]["output"] == [item]


@pytest.mark.parametrize(
    ("tool", "instead"),
    [
        ({"type": "local_shell"}, "Send a function that takes the command"),
        ({"type": "apply_patch"}, "a custom tool or a function"),
        ({"type": "web_search"}, 'web_search = "disabled"'),
        ({"type": "namespace", "name": "n", "tools": []}, "one by one"),
        ({"type": "mcp"}, "Send functions and custom tools only"),
    ],
)
def test_a_tool_of_one_vendor_is_refused_with_what_to_do_instead(tool, instead):
    with pytest.raises(ProtocolError, match=instead) as caught:
        decoded(tools=[tool])
    assert caught.value.field == "tools[0].type"


@pytest.mark.parametrize(
    ("field", "value", "instead"),
    [
        ("previous_response_id", "resp_1", "Send the earlier turns in input"),
        ("conversation", "conv_1", "Send the conversation's items in input"),
        ("prompt", {"id": "pmpt_1"}, "the prompt's own text"),
        ("background", True, "read the stream"),
    ],
)
def test_what_a_vendor_keeps_is_refused_with_what_to_do_instead(field, value, instead):
    with pytest.raises(ProtocolError, match=instead) as caught:
        decoded(**{field: value})
    assert caught.value.field == field


def test_a_request_as_codex_writes_it():
    """As `codex-rs` builds it: its request's fields, items without ids, freeform tools."""
    schema = {"type": "object", "properties": {}, "additionalProperties": False}
    shell = {
        "type": "function",
        "name": "exec_command",
        "description": "Runs a command.",
        "strict": False,
        "parameters": {"type": "object", "properties": {"cmd": {"type": "string"}}},
    }
    call = {"type": "function_call", "call_id": "c0", "name": "exec_command", "arguments": "{}"}
    request, losses = decoded(
        instructions="You are a coding agent.",
        input=[
            {
                "type": "message",
                "role": "developer",
                "content": [{"type": "input_text", "text": "The sandbox is read-only."}],
            },
            {
                "type": "message",
                "role": "user",
                "content": [{"type": "input_text", "text": "Fix it."}],
            },
            {
                "type": "reasoning",
                "summary": [{"type": "summary_text", "text": "**Looking**"}],
                "encrypted_content": "co1.abc",
            },
            call,
            {"type": "function_call_output", "call_id": "c0", "output": "Exit code: 0"},
            {"type": "reasoning", "summary": [], "encrypted_content": "co1.def"},
            PATCH_CALL,
            PATCH_OUTPUT,
        ],
        tools=[shell, PATCH],
        tool_choice="auto",
        parallel_tool_calls=True,
        reasoning={"effort": "medium", "summary": "auto"},
        store=False,
        stream=True,
        include=["reasoning.encrypted_content"],
        prompt_cache_key="0199a213-81c0-7800-8aa1-bbab2a035a53",
        text={
            "verbosity": "low",
            "format": {
                "type": "json_schema",
                "strict": True,
                "schema": schema,
                "name": "codex_output_schema",
            },
        },
    )
    assert losses == ["tools[1].format"]
    assert [turn.role for turn in request.turns] == ["user", "assistant", "user", "assistant",
                                                     "user"]  # fmt: skip
    assert [type(part) for part in request.turns[1].parts] == [Reasoning, ToolCall]
    assert request.thinking == Thinking(effort="medium", show="auto")
    assert request.cache_key == "0199a213-81c0-7800-8aa1-bbab2a035a53"
    assert [text.text for text in request.system] == [
        "You are a coding agent.",
        "The sandbox is read-only.",
    ]


def test_a_loss_of_a_vendors_annotation_is_named():
    request, losses = decoded(
        input=[
            {
                "role": "assistant",
                "content": [
                    {"type": "output_text", "text": "Hi", "annotations": [PAGE, {"type": "x"}]}
                ],
            }
        ]
    )
    (text,) = request.turns[0].parts
    assert isinstance(text, Text)
    assert text.citations == (Citation(url="https://a.example", title="A", start=0, end=2),)
    assert losses == ["input[0].content[0].annotations"]
    body, _ = sent(request)
    assert body["input"][0]["content"][0]["annotations"] == [PAGE]


def test_the_losses_say_why():
    _, losses = WIRE.encode_request(
        asking(tools=(Tool(name="a", cache=CacheMark()),), sampling=Sampling(seed=1)), "gpt-5.6"
    )
    assert all(loss.why for loss in losses)
    assert [loss.field for loss in losses] == ["cache", "seed"]
