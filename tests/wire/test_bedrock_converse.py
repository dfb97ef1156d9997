"""What Converse has of its own: seals, documents, marks, models' own fields, its stream."""

import base64
import json
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from changeover.conversation.events import (
    Event,
    Failed,
    Finished,
    LossSeen,
    Started,
    fold,
    unfold,
)
from changeover.conversation.model import (
    CacheMark,
    ChatRequest,
    Citation,
    File,
    Image,
    OutputForm,
    Reasoning,
    Reply,
    Sampling,
    Sealed,
    Text,
    Thinking,
    Tool,
    ToolCall,
    ToolChoice,
    ToolResult,
    Turn,
    Usage,
)
from changeover.wire.bedrock_converse.families import known
from changeover.wire.bedrock_converse.media import DocumentNames
from changeover.wire.codec import ReplyContext
from changeover.wire.errors import VendorProtocolError
from changeover.wire.event_stream import encode_event, encode_exception, encode_message
from changeover.wire.registry import codec
from tests.strategies import pieces
from tests.wire import rich_bedrock

WIRE = codec("bedrock-converse")
CONTEXT = ReplyContext(id="reply-1", model="shown", created=0, thinking=True)
QUIET = msgspec.structs.replace(CONTEXT, thinking=False)
CLAUDE = rich_bedrock.CLAUDE
OLDER = "anthropic.claude-sonnet-4-5-20250929-v1:0"
NEWER = "us.anthropic.claude-opus-4-7"
NOVA = "amazon.nova-2-lite-v1:0"
ASKED = Turn(role="user", parts=(Text(text="Hi"),))


def request(*turns: Turn, **more: Any) -> ChatRequest:
    return ChatRequest(model="m", system=(), turns=turns or (ASKED,), **more)


def sent(asked: ChatRequest, model: str = CLAUDE) -> tuple[dict[str, Any], list[str]]:
    body, losses = WIRE.encode_request(asked, model)
    return json.loads(body), [loss.field for loss in losses]


def wrapped(asked: ChatRequest) -> ChatRequest:
    """The request as a client's: what is sealed is wrapped, whatever it is."""

    def turned(turn: Turn) -> Turn:
        parts = tuple(
            Reasoning(text=part.text, sealed=Sealed(form="wrapped", value=part.sealed.value))
            if isinstance(part, Reasoning) and part.sealed
            else part
            for part in turn.parts
        )
        return Turn(role=turn.role, parts=parts)

    return msgspec.structs.replace(asked, turns=tuple(map(turned, asked.turns)))


@given(asked=rich_bedrock.requests())
def test_all_that_converse_can_say_crosses_it_without_loss(asked):
    body, losses = WIRE.encode_request(asked, CLAUDE)
    assert losses == ()
    read, missed = WIRE.decode_request(body, WIRE.target(CLAUDE, stream=asked.stream))
    assert missed == ()
    # Redacted bytes are the vendor's here and the gateway's where a client sends them.
    assert without_seals(read) == without_seals(wrapped(unasked(asked)))


def unasked(asked: ChatRequest) -> ChatRequest:
    """The request without the wish not to reason, which this model needs not be told."""
    if asked.thinking is None or asked.thinking.effort != "none":
        return asked
    return msgspec.structs.replace(asked, thinking=None)


def without_seals(asked: ChatRequest) -> ChatRequest:
    def opened(part: Any) -> Any:
        redacted = isinstance(part, Reasoning) and part.sealed is not None and not part.text
        return Reasoning(text="redacted") if redacted else part

    turns = tuple(Turn(role=t.role, parts=tuple(map(opened, t.parts))) for t in asked.turns)
    return msgspec.structs.replace(asked, turns=turns)


@given(value=st.binary(min_size=1, max_size=30))
def test_redacted_reasoning_goes_back_byte_for_byte(value):
    given = base64.b64encode(value).decode()
    events = WIRE.decode_reply(
        answer({"reasoningContent": {"redactedContent": given}}, {"text": "So."})
    )
    (thought, _) = fold(events).parts
    assert thought == Reasoning(sealed=Sealed(form="redacted", value=given, bound="model"))
    said = Turn(role="assistant", parts=(thought, Text(text="So.")))
    body, losses = sent(request(ASKED, said, ASKED))
    assert losses == []
    block = {"reasoningContent": {"redactedContent": given}}
    assert body["messages"][1]["content"] == [block, {"text": "So."}]


@given(reply=rich_bedrock.replies(form="wrapped"), data=st.data())
def test_a_clients_answer_crosses_whole_and_streamed_in_any_pieces(reply, data):
    whole = fold(WIRE.decode_reply(WIRE.encode_reply(reply, CONTEXT)))
    assert whole == vendors(reply)
    encoder, decoder = WIRE.stream_encoder(CONTEXT), WIRE.stream_decoder()
    stream = b"".join(encoder.encode(event) for event in unfold(reply))
    chunks = data.draw(pieces(stream))
    events = [event for chunk in chunks for event in decoder.feed(chunk)]
    assert fold([*events, *decoder.close()]) == whole


def vendors(reply: Reply) -> Reply:
    """The answer as one reads it who takes the seals for the vendor's."""

    def read(part: Any) -> Any:
        if not isinstance(part, Reasoning) or part.sealed is None:
            return part
        value = part.sealed.value
        if part.text:
            return Reasoning(
                text=part.text, sealed=Sealed(form="signature", value=value, bound="model")
            )
        encoded = base64.b64encode(value.encode()).decode()
        return Reasoning(sealed=Sealed(form="redacted", value=encoded, bound="model"))

    return msgspec.structs.replace(reply, parts=tuple(map(read, reply.parts)))


def answer(*blocks: Any, **more: Any) -> bytes:
    whole = {
        "output": {"message": {"role": "assistant", "content": list(blocks)}},
        "stopReason": "end_turn",
        "usage": {"inputTokens": 3, "outputTokens": 2, "totalTokens": 5},
        "metrics": {"latencyMs": 1},
        **more,
    }
    return json.dumps(whole).encode()


def streamed(*events: tuple[str, Any]) -> list[Event]:
    decoder = WIRE.stream_decoder()
    data = b"".join(encode_event(name, json.dumps(payload).encode()) for name, payload in events)
    return [*decoder.feed(data), *decoder.close()]


def delta(index: int, **given: Any) -> tuple[str, Any]:
    return "contentBlockDelta", {"contentBlockIndex": index, "delta": given, "p": "abc"}


def stop(index: int) -> tuple[str, Any]:
    return "contentBlockStop", {"contentBlockIndex": index}


START = ("messageStart", {"role": "assistant", "p": "ab"})
STOP = ("messageStop", {"stopReason": "end_turn"})
COUNTS = ("metadata", {"usage": {"inputTokens": 3, "outputTokens": 2, "totalTokens": 5}})
CALL = (
    "contentBlockStart",
    {"contentBlockIndex": 1, "start": {"toolUse": {"toolUseId": "t1", "name": "look_up"}}},
)


def test_a_stream_with_reasoning_words_and_a_call_is_read():
    thought = {"reasoningContent": {"text": "Hm"}}
    reply = fold(
        streamed(
            START,
            delta(0, **thought),
            delta(0, **thought),
            delta(0, reasoningContent={"signature": "ab"}),
            delta(0, reasoningContent={"signature": "cd"}),
            stop(0),
            CALL,
            delta(1, toolUse={"input": ""}),
            delta(1, toolUse={"input": '{"a":'}),
            delta(1, toolUse={"input": " 1}"}),
            stop(1),
            ("messageStop", {"stopReason": "tool_use"}),
            ("other", {"a": 1}),
            COUNTS,
        )
    )
    assert reply.parts == (
        Reasoning(text="HmHm", sealed=Sealed(form="signature", value="abcd", bound="model")),
        ToolCall(id="t1", name="look_up", arguments='{"a": 1}'),
    )
    assert reply.stop == "tool-use"
    assert reply.usage == Usage(input_tokens=3, output_tokens=2)


def test_redacted_pieces_are_put_together_as_bytes():
    pieces = [base64.b64encode(raw).decode() for raw in (b"a", b"bcd", b"ef")]
    deltas = [delta(0, reasoningContent={"redactedContent": piece}) for piece in pieces]
    (thought,) = fold(streamed(START, *deltas, stop(0), STOP, COUNTS)).parts
    assert isinstance(thought, Reasoning)
    assert thought.sealed is not None
    assert base64.b64decode(thought.sealed.value) == b"abcdef"


def test_a_block_without_its_stop_ends_where_the_next_begins():
    reply = fold(streamed(START, delta(0, text="a"), delta(1, text="b"), STOP, COUNTS))
    assert reply.parts == (Text(text="a"), Text(text="b"))


@pytest.mark.parametrize(
    "metadata",
    [[], [("metadata", {"metrics": {"latencyMs": 5}})], [("metadata", {"metrics": {}}), COUNTS]],
)
def test_the_answer_ends_with_the_counts_or_without_them(metadata):
    events = streamed(START, delta(0, text="a"), stop(0), STOP, *metadata)
    assert isinstance(events[-1], Finished)
    assert [type(event) for event in events].count(Finished) == 1
    assert fold(events).usage.output_tokens == (2 if COUNTS in metadata else None)


@pytest.mark.parametrize(
    "events",
    [
        (START, START),
        (delta(0, text="a"),),
        (START, delta(0, text="a"), stop(0), delta(0, text="b")),
        (START, delta(0, text="a"), (CALL[0], {**CALL[1], "contentBlockIndex": 0})),
        (START, delta(0, toolUse={"input": "{}"})),
        (START, CALL, delta(1, text="a")),
        (START, delta(0, image={"source": {}})),
        (START, ("contentBlockStart", {"contentBlockIndex": 0, "start": {"image": {}}})),
        (STOP,),
        (START, STOP, STOP),
        (START, STOP, delta(0, text="a")),
        (START, ("messageStop", {"stopReason": "malformed_tool_use"})),
        (START, delta(0, text="a")),
        (START, delta(0, text="a"), COUNTS),
    ],
)
def test_events_that_form_no_answer_are_a_vendors_error(events):
    with pytest.raises(VendorProtocolError):
        streamed(*events)


def test_an_exception_in_the_middle_is_the_vendors_own():
    decoder = WIRE.stream_decoder()
    said = json.dumps({"message": "Slow down."}).encode()
    events = decoder.feed(
        encode_event("messageStart", b'{"role":"assistant"}')
        + encode_exception("throttlingException", said)
    )
    assert events[-1] == Failed(kind="throttlingException", message="Slow down.")
    assert decoder.feed(b"anything") == decoder.close() == []


def test_an_error_that_is_no_exception_tells_itself_in_headers():
    headers = {":message-type": "error", ":error-code": "Internal", ":error-message": "Broke."}
    assert WIRE.stream_decoder().feed(encode_message(headers, b"")) == [
        Failed(kind="Internal", message="Broke.")
    ]


@pytest.mark.parametrize(
    ("body", "failed"),
    [
        (b'{"message": "No."}', Failed(kind="AccessDeniedException", message="No.")),
        (
            b'{"__type": "com.amazon.coral#UnrecognizedClientException", "Message": "Who?"}',
            Failed(kind="UnrecognizedClientException", message="Who?"),
        ),
    ],
)
def test_an_error_is_told_by_its_type_or_by_the_status(body, failed):
    assert WIRE.decode_error(403, body) == failed


def test_citations_are_read_whole_and_streamed():
    location = {"documentPage": {"documentIndex": 0, "start": 1, "end": 2}}
    cited = {"title": "R", "sourceContent": [{"text": "quo"}, {"text": "te"}], "location": location}
    web = {"location": {"web": {"url": "https://a.example"}}, "source": "A"}
    text = Text(
        text="So.",
        citations=(
            Citation(title="R", quote="quote", document=0, unit="page", first=1, last=2),
            Citation(url="https://a.example"),
        ),
    )
    block = {"citationsContent": {"content": [{"text": "So."}], "citations": [cited, web]}}
    assert fold(WIRE.decode_reply(answer(block))).parts == (text,)
    deltas = (delta(0, text="So."), delta(0, citation=cited), delta(0, citation=web))
    assert fold(streamed(START, *deltas, stop(0), STOP, COUNTS)).parts == (text,)


def test_citations_of_the_web_do_not_go_back_and_that_is_told():
    text = Text(text="So.", citations=(Citation(url="https://a.example"),))
    body, losses = sent(request(ASKED, Turn(role="assistant", parts=(text,)), ASKED))
    assert body["messages"][1]["content"] == [{"text": "So."}]
    assert losses == ["citations"]


def test_what_a_guardrail_did_is_told_as_lost():
    events = WIRE.decode_reply(
        answer({"text": "No."}, stopReason="guardrail_intervened", trace={"guardrail": {}})
    )
    assert fold(events).stop == "filtered"
    assert [event.loss.field for event in events if isinstance(event, LossSeen)] == ["trace"]


@pytest.mark.parametrize("block", [{"image": {}}, {"toolUse": {"toolUseId": "", "name": "a"}}])
def test_a_block_that_was_not_asked_for_is_a_vendors_error(block):
    with pytest.raises(VendorProtocolError):
        WIRE.decode_reply(answer(block))


def test_the_stop_sequence_that_was_met_is_asked_for_and_read():
    body, losses = sent(request(sampling=Sampling(stop=("END", " "))))
    assert body["additionalModelResponseFieldPaths"] == ["/stop_sequence"]
    assert losses == ["stop"]
    met = {"stopReason": "stop_sequence", "additionalModelResponseFields": {"stop_sequence": "END"}}
    assert fold(WIRE.decode_reply(answer({"text": "a"}, **met))).stop_sequence == "END"
    assert (
        "additionalModelResponseFieldPaths"
        not in sent(request(sampling=Sampling(stop=("END",))), NOVA)[0]
    )


def test_unasked_reasoning_is_left_out_but_for_the_seal_of_a_call():
    next_ = Sealed(form="wrapped", value="v1.k", on="next")
    reply = Reply(
        id="",
        model="",
        parts=(
            Reasoning(text="Hm", sealed=Sealed(form="wrapped", value="v1.a")),
            Text(text="So."),
            Reasoning(sealed=next_),
            ToolCall(id="1", name="a", arguments="{}"),
        ),
        stop="tool-use",
    )
    content = json.loads(WIRE.encode_reply(reply, QUIET))["output"]["message"]["content"]
    assert content == [
        {"text": "So."},
        {"reasoningContent": {"redactedContent": base64.b64encode(b"v1.k").decode()}},
        {"toolUse": {"toolUseId": "1", "name": "a", "input": {}}},
    ]
    encoder, decoder = WIRE.stream_encoder(QUIET), WIRE.stream_decoder()
    events = decoder.feed(b"".join(encoder.encode(event) for event in unfold(reply)))
    assert [type(part).__name__ for part in fold(events).parts] == ["Text", "Reasoning", "ToolCall"]


@pytest.mark.parametrize(
    "sealed",
    [
        None,
        Sealed(form="thought", value="x", on="next"),
        Sealed(form="encrypted", value="x", bound="account", id="rs_1"),
        Sealed(form="wrapped", value="x"),
    ],
)
def test_reasoning_that_bedrock_would_refuse_is_left_out_and_told(sealed):
    thought = Reasoning(text="Hm", sealed=sealed)
    turn = Turn(role="assistant", parts=(thought, Text(text="So.")))
    body, losses = sent(request(ASKED, turn, ASKED))
    assert body["messages"][1]["content"] == [{"text": "So."}]
    assert losses == ["reasoning"]


def test_documents_get_names_that_bedrock_takes_and_no_two_the_same():
    names = DocumentNames()
    given = ["report.pdf", "report.pdf", "John's  rép\u3000ort.v2.pdf", "", "...", "n" * 300]
    fitted = [names.fitted(name, "pdf") for name in given]
    assert fitted == [
        "report",
        "report (2)",
        "John-s r-p ort-v2",
        "document",
        "document (2)",
        "n" * 200,
    ]


def test_a_document_alone_gets_words_beside_it():
    file = File(media_type="application/pdf", data="aGk=", name="a.pdf")
    body, losses = sent(request(Turn(role="user", parts=(file,))))
    document, text = body["messages"][0]["content"]
    assert document["document"] == {"format": "pdf", "name": "a", "source": {"bytes": "aGk="}}
    assert text == {"text": "a"}
    assert losses == ["content"]


@pytest.mark.parametrize(
    ("part", "block", "lost"),
    [
        (File(url="https://a.example/a.pdf"), {"text": "A document at https://a.example/a.pdf"}, "url"),
        (File(media_type="application/zip", data="aGk="), None, "media_type"),
        (File(media_type="application/json", text="{}", name="n"), {"document": {"format": "txt", "name": "n", "source": {"text": "{}"}}}, None),
        (Image(media_type="image/tiff", data="aGk="), None, "media_type"),
        (Image(media_type="image/jpg", data="aGk="), {"image": {"format": "jpeg", "source": {"bytes": "aGk="}}}, None),
    ],
)  # fmt: skip
def test_what_bedrock_takes_of_images_and_documents(part, block, lost):
    body, losses = sent(request(Turn(role="user", parts=(Text(text="Hi"), part))))
    assert body["messages"][0]["content"] == [{"text": "Hi"}] + ([block] if block else [])
    assert losses == ([lost] if lost else [])


def test_cache_marks_are_written_where_the_model_takes_them():
    asked = request(
        Turn(role="user", parts=(Text(text="Hi", cache=CacheMark(ttl="1h")),)),
        tools=(Tool(name="a", cache=CacheMark()),),
        cache=CacheMark(),
    )
    body, losses = sent(asked)
    assert losses == []
    within = ToolResult(call="1", parts=(Text(text="x", cache=CacheMark()),))
    loop = (*LOOP[:2], Turn(role="user", parts=(within,)))
    assert "cachePoint" in sent(request(*loop, tools=TOOLS))[0]["messages"][2]["content"][1]
    assert body["messages"][0]["content"][-1] == {"cachePoint": {"type": "default", "ttl": "1h"}}
    assert body["toolConfig"]["tools"][-1] == {"cachePoint": {"type": "default"}}
    body, losses = sent(asked, NOVA)
    assert body["messages"][0]["content"][-1] == {"cachePoint": {"type": "default"}}
    assert losses == ["cache_control", "tools"]
    body, losses = sent(asked, "meta.llama3-8b")
    assert body["messages"][0]["content"] == [{"text": "Hi"}]
    assert losses == ["cache_control", "tools"]


@pytest.mark.parametrize(
    ("model", "thinking", "own", "effort", "lost"),
    [
        (CLAUDE, Thinking(effort="high"), {"thinking": {"type": "adaptive"}}, "high", []),
        (CLAUDE, Thinking(budget=2000), {"thinking": {"type": "enabled", "budget_tokens": 2000}}, None, []),
        (NEWER, Thinking(budget=2000, show="auto"), {"thinking": {"type": "adaptive", "display": "summarized"}}, None, ["thinking"]),
        (NEWER, Thinking(effort="minimal"), {"thinking": {"type": "adaptive"}}, "low", ["thinking"]),
        (OLDER, Thinking(effort="low"), {"thinking": {"type": "enabled", "budget_tokens": 2048}}, None, ["thinking"]),
        (OLDER, Thinking(budget=9), {"thinking": {"type": "enabled", "budget_tokens": 1024}}, None, ["thinking"]),
        (OLDER, Thinking(effort="none"), None, None, []),
        ("anthropic.claude-opus-5", Thinking(effort="none"), {"thinking": {"type": "disabled"}}, None, []),
        ("anthropic.claude-sonnet-5-5", Thinking(effort="none"), {"thinking": {"type": "between_tools"}}, None, []),
        ("anthropic.claude-opus-5-5", Thinking(effort="none"), None, None, ["thinking"]),
        ("anthropic.claude-opus-4-5", Thinking(effort="max"), {"thinking": {"type": "enabled", "budget_tokens": 4999}}, "high", ["thinking"]),
        ("anthropic.claude-3-5-sonnet-20240620-v1:0", Thinking(effort="none"), None, None, []),
        ("anthropic.claude-3-haiku-20240307-v1:0", Thinking(effort="low"), None, None, ["thinking"]),
        (NOVA, Thinking(effort="low"), {"reasoningConfig": {"type": "enabled", "maxReasoningEffort": "low"}}, None, []),
        (NOVA, Thinking(effort="none"), {"reasoningConfig": {"type": "disabled"}}, None, []),
        (NOVA, Thinking(effort="max"), {"reasoningConfig": {"type": "enabled", "maxReasoningEffort": "high"}}, None, ["thinking", "max_tokens"]),
        ("openai.gpt-oss-120b-1:0", Thinking(effort="none"), {"reasoning_effort": "low"}, None, ["thinking"]),
        ("deepseek.r1-v1:0", Thinking(effort="low"), None, None, ["thinking"]),
        ("deepseek.r1-v1:0", Thinking(effort="none"), None, None, []),
    ],
)  # fmt: skip
def test_each_model_is_asked_to_reason_in_its_own_words(model, thinking, own, effort, lost):
    asked = request(thinking=thinking, sampling=Sampling(max_tokens=5000))
    body, losses = sent(asked, model)
    assert body.get("additionalModelRequestFields") == own
    assert body.get("outputConfig", {}).get("effort") == effort
    assert losses == lost


def test_sampling_that_claude_refuses_beside_reasoning_is_told():
    sampling = Sampling(max_tokens=5000, temperature=0.5, top_p=0.5, top_k=3)
    body, losses = sent(request(thinking=Thinking(budget=2000), sampling=sampling))
    assert body["inferenceConfig"] == {"maxTokens": 5000}
    assert sorted(losses) == ["temperature", "top_k", "top_p"]


TOOLS = (Tool(name="a", parameters={"type": "object"}),)
LOOP = (
    ASKED,
    Turn(role="assistant", parts=(ToolCall(id="1", name="a", arguments="{}"),)),
    Turn(role="user", parts=(ToolResult(call="1", parts=(Text(text="x"),)),)),
)


@pytest.mark.parametrize(
    "more",
    [
        {"tools": TOOLS, "tool_choice": ToolChoice(mode="required")},
        {"sampling": Sampling(max_tokens=1000)},
    ],
)
def test_claude_does_not_reason_where_it_cannot(more):
    body, losses = sent(request(thinking=Thinking(budget=2000), **more))
    assert "thinking" not in body.get("additionalModelRequestFields", {})
    assert losses == ["thinking"]


def test_a_loop_of_tools_goes_on_without_reasoning_where_another_model_began_it():
    thinking = Thinking(budget=2000)
    body, losses = sent(request(*LOOP, tools=TOOLS, thinking=thinking), OLDER)
    assert "additionalModelRequestFields" not in body
    assert losses == ["thinking"]
    signed = Reasoning(text="Hm", sealed=Sealed(form="signature", value="s"))
    loop = (ASKED, Turn(role="assistant", parts=(signed, *LOOP[1].parts)), LOOP[2])
    body, losses = sent(request(*loop, tools=TOOLS, thinking=thinking), OLDER)
    assert body["additionalModelRequestFields"]["thinking"]["budget_tokens"] == 2000
    assert losses == []
    longer = (*loop, *(msgspec.structs.replace(turn) for turn in LOOP[1:]))
    body, losses = sent(request(*longer, tools=TOOLS, thinking=thinking), OLDER)
    assert body["additionalModelRequestFields"]["thinking"]["budget_tokens"] == 2000
    assert losses == []


@pytest.mark.parametrize("thinking", [None, Thinking(effort="none")])
def test_a_loop_holds_no_reasoning_where_claude_does_not_reason(thinking):
    signed = Reasoning(text="Hm", sealed=Sealed(form="signature", value="s"))
    before = Turn(role="assistant", parts=(signed, Text(text="So.")))
    loop = (ASKED, before, ASKED, Turn(role="assistant", parts=(signed, *LOOP[1].parts)), LOOP[2])
    body, losses = sent(request(*loop, tools=TOOLS, thinking=thinking), OLDER)
    kinds = [[next(iter(block)) for block in m["content"]] for m in body["messages"]]
    assert kinds[1] == ["reasoningContent", "text"]
    assert kinds[3] == ["toolUse"]
    assert losses == ["reasoning"]


@pytest.mark.parametrize(
    ("model", "choice", "parallel", "of_config", "own", "lost"),
    [
        (CLAUDE, ToolChoice(mode="named", name="a"), None, {"tool": {"name": "a"}}, None, []),
        (CLAUDE, None, False, None, {"type": "auto", "disable_parallel_tool_use": True}, []),
        (CLAUDE, ToolChoice(mode="required"), False, None, {"type": "any", "disable_parallel_tool_use": True}, []),
        (CLAUDE, ToolChoice(mode="none"), False, None, {"type": "none"}, []),
        (NOVA, ToolChoice(mode="auto"), False, {"auto": {}}, None, ["parallel_tool_calls"]),
        (NOVA, None, True, None, None, []),
    ],
)  # fmt: skip
def test_the_choice_among_tools_is_written_once(model, choice, parallel, of_config, own, lost):
    asked = request(tools=TOOLS, tool_choice=choice, parallel_calls=parallel)
    body, losses = sent(asked, model)
    assert body["toolConfig"].get("toolChoice") == of_config
    assert body.get("additionalModelRequestFields", {}).get("tool_choice") == own
    assert losses == lost


def test_tools_that_may_not_be_called_are_left_out_or_that_is_told():
    none = ToolChoice(mode="none")
    body, losses = sent(request(tools=TOOLS, tool_choice=none), NOVA)
    assert "toolConfig" not in body
    assert losses == ["tools"]
    body, losses = sent(request(*LOOP, tools=TOOLS, tool_choice=none), NOVA)
    assert "toolChoice" not in body["toolConfig"]
    assert losses == ["tool_choice"]
    body, losses = sent(request(*LOOP))
    assert body["toolConfig"]["tools"][0]["toolSpec"]["name"] == "a"
    assert body["additionalModelRequestFields"] == {"tool_choice": {"type": "none"}}
    assert losses == ["tools"]


def test_a_schema_for_the_answer_is_written_as_text_and_any_json_is_not():
    form = OutputForm(schema={"type": "object"}, name="n", strict=False)
    body, losses = sent(request(output=form))
    inner = body["outputConfig"]["textFormat"]["structure"]["jsonSchema"]
    assert inner == {"schema": '{"type":"object"}', "name": "n"}
    assert losses == ["strict"]
    body, losses = sent(request(output=OutputForm()))
    assert "outputConfig" not in body
    assert losses == ["response_format"]


def test_what_converse_has_no_word_for_is_told():
    sampling = Sampling(seed=1, frequency_penalty=0.5, presence_penalty=0.5, chances=2)
    asked = request(
        sampling=sampling,
        verbosity="low",
        user="u",
        cache_key="k",
        metadata={"a": "1", "b": "é"},
    )
    body, losses = sent(asked)
    assert body["requestMetadata"] == {"a": "1"}
    assert losses == [
        "metadata",
        "seed",
        "frequency_penalty",
        "presence_penalty",
        "logprobs",
        "verbosity",
        "user",
        "prompt_cache_key",
    ]


@pytest.mark.parametrize(
    ("model", "family"),
    [
        ("arn:aws:bedrock:us-east-1:1:inference-profile/us.anthropic.claude-sonnet-5", "claude"),
        ("eu.amazon.nova-2-lite-v1:0", "nova"),
        ("openai.gpt-oss-120b-1:0", "openai"),
        ("mistral.mistral-large-2407-v1:0", "mistral"),
        ("arn:aws:bedrock:us-east-1:1:application-inference-profile/abc", "other"),
    ],
)
def test_a_models_family_is_read_from_its_name(model, family):
    assert known(model).family == family


def test_a_claude_of_today_is_sent_nothing_that_it_refuses():
    turns = (ASKED, Turn(role="assistant", parts=(Text(text="So "),)))
    asked = request(
        *turns,
        prefill=True,
        tools=TOOLS,
        tool_choice=ToolChoice(mode="required"),
        sampling=Sampling(temperature=0.5, top_p=0.5, top_k=3),
    )
    body, losses = sent(asked, "us.anthropic.claude-opus-5-5")
    assert body["messages"][-1] == {"role": "user", "content": [{"text": "Go on."}]}
    assert "inferenceConfig" not in body
    assert "toolChoice" not in body["toolConfig"]
    assert losses == ["messages", "tool_choice", "temperature", "top_p", "top_k"]


def test_a_turn_does_not_end_with_reasoning():
    signed = Reasoning(text="Hm", sealed=Sealed(form="signature", value="s"))
    turns = (ASKED, Turn(role="assistant", parts=(signed,)), ASKED)
    body, losses = sent(request(*turns), OLDER)
    assert [message["role"] for message in body["messages"]] == ["user"]
    assert losses == ["reasoning", "messages"]


def test_an_answer_bears_no_name_of_the_vendors():
    events = WIRE.decode_reply(answer({"text": "a"}))
    assert events[0] == Started(id="", model="")
