"""Reasoning, files, citations, cache marks and answer forms in Messages, one by one."""

import base64
import json
from typing import Any

import pytest

from changeover.conversation.events import (
    CitationSeen,
    ReasoningDelta,
    ReasoningEnded,
    ReasoningSealed,
    ReasoningStarted,
)
from changeover.conversation.model import (
    CacheMark,
    ChatRequest,
    Citation,
    File,
    OutputForm,
    Part,
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
)
from changeover.wire.anthropic_messages.schemas import fitted
from changeover.wire.claude import UNKNOWN, generation_of
from changeover.wire.codec import ReplyContext
from tests.wire.test_anthropic_messages import (
    END,
    WIRE,
    block,
    decoded,
    delta,
    message_delta,
    start,
    stop,
    streamed,
)

MANUAL, ADAPTIVE, ALWAYS = "claude-sonnet-4-5", "claude-opus-4-8", "claude-opus-5-5"
ASK = Turn(role="user", parts=(Text(text="?"),))
SIGNED = Reasoning(
    text="Hm.", summary=True, sealed=Sealed(form="signature", value="EqQB+/=", bound="model")
)
HIDDEN = Reasoning(summary=True, sealed=Sealed(form="redacted", value="data+/=", bound="model"))
CALL = ToolCall(id="a", name="now", arguments="{}")
NOON = ToolResult(call="a", parts=(Text(text="noon"),))


def sent(model: str = MANUAL, **fields: Any) -> tuple[dict[str, Any], list[str]]:
    given: dict[str, Any] = {"model": "m", "system": (), "turns": (ASK,)}
    given["sampling"] = Sampling(max_tokens=20_000)
    body, losses = WIRE.encode_request(ChatRequest(**(given | fields)), model)
    return json.loads(body), [loss.field for loss in losses]


def loop(*parts: Part) -> tuple[Turn, ...]:
    return (ASK, Turn(role="assistant", parts=parts), Turn(role="user", parts=(NOON,)))


@pytest.mark.parametrize(
    ("model", "budget", "adaptive", "off", "sampling", "forced"),
    [
        ("claude-3-5-haiku-20241022", False, False, "disabled", True, True),
        ("claude-3-7-sonnet-20250219", True, False, "disabled", True, True),
        ("claude-opus-4-20250514", True, False, "disabled", True, True),
        ("us.anthropic.claude-sonnet-4-5-20250929-v1:0", True, False, "disabled", True, True),
        ("claude-haiku-4.5", True, False, "disabled", True, True),
        ("claude-sonnet-4-6", True, True, "disabled", True, True),
        ("claude-opus-4-7", False, True, "disabled", False, True),
        ("claude-opus-5", False, True, "disabled", False, True),
        ("claude-fable-5", False, True, None, False, True),
        ("claude-fable-5-1", False, True, None, False, False),
        ("claude-opus-5-5", False, True, None, False, False),
        ("claude-sonnet-5-5", False, True, "between_tools", False, False),
        ("claude-haiku-5-5", False, True, "disabled", False, False),
        ("claude-mythos-preview", True, True, None, False, True),
    ],
)
def test_each_generation_takes_its_own(model, budget, adaptive, off, sampling, forced):
    takes = generation_of(model)
    assert (takes.budget, takes.adaptive, takes.off) == (budget, adaptive, off)
    assert (takes.sampling, takes.forced) == (sampling, forced)


def test_a_model_of_no_known_name_takes_everything():
    assert generation_of("deepseek-chat") is UNKNOWN


@pytest.mark.parametrize(
    ("written", "config", "thinking"),
    [
        ({"type": "enabled", "budget_tokens": 2000}, None, Thinking(budget=2000)),
        ({"type": "adaptive"}, None, Thinking()),
        ({"type": "adaptive", "display": "omitted"}, None, Thinking(show="none")),
        (
            {"type": "adaptive", "display": "summarized"},
            {"effort": "xhigh"},
            Thinking(effort="xhigh", show="auto"),
        ),
        ({"type": "disabled"}, None, Thinking(effort="none")),
        (None, {"effort": "low"}, Thinking(effort="low")),
        (None, None, None),
    ],
)
def test_each_way_to_ask_for_reasoning_is_read(written, config, thinking):
    request, losses = decoded(thinking=written, output_config=config)
    assert (request.thinking, losses) == (thinking, ())


BUDGET = {"type": "enabled", "budget_tokens": 16384}


@pytest.mark.parametrize(
    ("model", "thinking", "written", "effort", "losses"),
    [
        (MANUAL, Thinking(effort="high"), BUDGET, None, ["thinking"]),
        (MANUAL, Thinking(), BUDGET, None, ["thinking"]),
        (MANUAL, Thinking(effort="none"), {"type": "disabled"}, None, []),
        (MANUAL, Thinking(budget=0), {"type": "disabled"}, None, []),
        (MANUAL, Thinking(budget=5000), {"type": "enabled", "budget_tokens": 5000}, None, []),
        (
            MANUAL,
            Thinking(budget=500),
            {"type": "enabled", "budget_tokens": 1024},
            None,
            ["budget_tokens"],
        ),
        (
            MANUAL,
            Thinking(budget=90_000),
            {"type": "enabled", "budget_tokens": 10_000},
            None,
            ["budget_tokens"],
        ),
        ("claude-opus-4-5", Thinking(effort="low"),
         {"type": "enabled", "budget_tokens": 2048}, "low", ["thinking"]),
        (ADAPTIVE, Thinking(effort="low"), {"type": "adaptive"}, "low", []),
        (ADAPTIVE, Thinking(effort="minimal"), {"type": "adaptive"}, "low", ["effort"]),
        (ADAPTIVE, Thinking(budget=5000), {"type": "adaptive"}, "medium", ["thinking"]),
        (
            ADAPTIVE,
            Thinking(show="detailed"),
            {"type": "adaptive", "display": "summarized"},
            None,
            ["summary"],
        ),
        ("claude-sonnet-4-6", Thinking(effort="xhigh"), {"type": "adaptive"}, "high", ["effort"]),
        (ALWAYS, Thinking(effort="none"), None, "low", ["thinking"]),
        ("claude-sonnet-5-5", Thinking(effort="none"), {"type": "between_tools"}, None, []),
        ("claude-3-haiku-20240307", Thinking(effort="high"), None, None, ["thinking"]),
    ],
)  # fmt: skip
def test_reasoning_is_asked_for_as_the_model_takes_it(model, thinking, written, effort, losses):
    body, lost = sent(model, thinking=thinking)
    assert (body.get("thinking"), body.get("output_config", {}).get("effort")) == (written, effort)
    assert lost == losses


def test_without_a_limit_the_answer_has_room_beside_its_reasoning():
    body, losses = sent(thinking=Thinking(budget=8000), sampling=Sampling())
    assert body["max_tokens"] == 12_096
    assert losses == ["max_tokens"]


def test_without_room_the_model_does_not_reason():
    body, losses = sent(thinking=Thinking(effort="low"), sampling=Sampling(max_tokens=300))
    assert body["thinking"] == {"type": "disabled"}
    assert losses == ["thinking", "thinking"]


def test_a_tool_that_is_forced_goes_before_reasoning_with_a_budget():
    forced: dict[str, Any] = {
        "tools": (Tool(name="now"),),
        "tool_choice": ToolChoice(mode="required"),
    }
    body, losses = sent(thinking=Thinking(budget=2000), **forced)
    assert (body["thinking"], body["tool_choice"]) == ({"type": "disabled"}, {"type": "any"})
    assert losses == ["thinking"]
    assert sent(ADAPTIVE, thinking=Thinking(), **forced)[1] == []
    body, losses = sent(ALWAYS, **forced)
    assert (body["tool_choice"], losses) == ({"type": "auto"}, ["tool_choice"])


def test_with_reasoning_the_model_chooses_its_words():
    sampling = Sampling(max_tokens=9000, temperature=0.5, top_k=3)
    body, losses = sent(thinking=Thinking(budget=2000), sampling=sampling)
    assert "temperature" not in body
    assert "top_k" not in body
    assert losses == ["temperature", "top_k"]
    assert sent(ADAPTIVE, sampling=Sampling(max_tokens=9, top_p=0.5))[1] == ["top_p"]


def test_reasoning_goes_back_byte_for_byte_in_a_loop():
    body, losses = sent(
        thinking=Thinking(budget=2000), turns=loop(SIGNED, HIDDEN, CALL), tools=(Tool(name="now"),)
    )
    assert body["messages"][1]["content"][:2] == [
        {"type": "thinking", "thinking": "Hm.", "signature": "EqQB+/="},
        {"type": "redacted_thinking", "data": "data+/="},
    ]
    assert losses == []


@pytest.mark.parametrize("parts", [(CALL,), (Text(text="Well."), SIGNED, CALL)])
def test_a_loop_that_began_without_reasoning_goes_on_without(parts):
    body, losses = sent(
        thinking=Thinking(budget=2000), turns=loop(*parts), tools=(Tool(name="now"),)
    )
    assert body["thinking"] == {"type": "disabled"}
    kinds = [one["type"] for one in body["messages"][1]["content"]]
    assert "thinking" not in kinds
    assert losses == ["thinking", *["reasoning"] * (SIGNED in parts)]


def test_a_finished_turn_needs_no_reasoning_and_keeps_its_own():
    done = (*loop(SIGNED, CALL), Turn(role="assistant", parts=(Text(text="Noon."),)), ASK)
    body, losses = sent(turns=done, tools=(Tool(name="now"),))
    assert body["messages"][1]["content"][0]["type"] == "thinking"
    assert losses == []
    body, losses = sent(turns=loop(SIGNED, CALL), tools=(Tool(name="now"),))
    assert [one["type"] for one in body["messages"][1]["content"]] == ["tool_use"]
    assert losses == ["reasoning"]


def test_foreign_reasoning_is_left_out_and_adaptive_reasoning_goes_on():
    foreign = Reasoning(text="Hm.", sealed=Sealed(form="encrypted", value="x", id="rs_1"))
    body, losses = sent(
        ADAPTIVE, thinking=Thinking(), turns=loop(foreign, CALL), tools=(Tool(name="now"),)
    )
    assert body["thinking"] == {"type": "adaptive"}
    assert losses == ["reasoning"]


def test_reasoning_comes_back_from_a_client_as_something_wrapped():
    blocks = [
        {"type": "thinking", "thinking": "hm", "signature": "w.1"},
        {"type": "redacted_thinking", "data": "w.2"},
        {"type": "thinking", "thinking": "hm", "signature": ""},
        {"type": "text", "text": "A"},
    ]
    request, losses = decoded(
        messages=[{"role": "assistant", "content": blocks}, {"role": "user", "content": "?"}]
    )
    assert request.turns[0].parts == (
        Reasoning(text="hm", summary=True, sealed=Sealed(form="wrapped", value="w.1")),
        Reasoning(summary=True, sealed=Sealed(form="wrapped", value="w.2")),
        Reasoning(text="hm", summary=True),
        Text(text="A"),
    )
    assert losses == ()


def test_streamed_reasoning_as_the_vendor_sends_it():
    def thought(index: int, **fields: str) -> dict[str, Any]:
        return {"type": "content_block_delta", "index": index, "delta": fields}

    events = streamed(
        start(),
        block(type="thinking", thinking="", signature=""),
        thought(0, type="thinking_delta", thinking="H"),
        thought(0, type="thinking_delta", thinking="m."),
        thought(0, type="signature_delta", signature="EqQB+/="),
        stop(),
        block(1, type="thinking", thinking="", signature=""),
        thought(1, type="signature_delta", signature="omitted"),
        stop(1),
        block(2, type="redacted_thinking", data="data+/="),
        stop(2),
        message_delta(),
        END,
    )
    omitted = Sealed(form="signature", value="omitted", bound="model")
    assert events[2:-2] == [
        ReasoningStarted(summary=True),
        ReasoningDelta(text="H"),
        ReasoningDelta(text="m."),
        ReasoningSealed(sealed=SIGNED.sealed or omitted),
        ReasoningEnded(),
        ReasoningStarted(summary=True),
        ReasoningSealed(sealed=omitted),
        ReasoningEnded(),
        ReasoningStarted(summary=True),
        ReasoningSealed(sealed=HIDDEN.sealed or omitted),
        ReasoningEnded(),
    ]


def test_a_client_that_did_not_ask_gets_only_what_a_call_needs():
    context = ReplyContext(id="r", model="m", created=1)
    needed = Reasoning(text="Hm.", sealed=Sealed(form="wrapped", value="w.3", on="next"))
    reply = Reply(id="v", model="m", parts=(SIGNED, needed, CALL), stop="tool-use")
    told = json.loads(WIRE.encode_reply(reply, context))["content"]
    assert told[0] == {"type": "redacted_thinking", "data": "w.3"}
    assert [one["type"] for one in told] == ["redacted_thinking", "tool_use"]


def message(*content: dict[str, Any]) -> list[dict[str, Any]]:
    return [{"role": "user", "content": list(content)}]


PDF = base64.b64encode(b"%PDF-1.7 x").decode()


@pytest.mark.parametrize(
    ("source", "file"),
    [
        ({"type": "base64", "media_type": "application/pdf", "data": PDF},
         File(media_type="application/pdf", data=PDF)),
        ({"type": "text", "media_type": "text/plain", "data": "Words."},
         File(media_type="text/plain", text="Words.")),
        ({"type": "url", "url": "https://example.org/a.pdf"},
         File(url="https://example.org/a.pdf")),
        ({"type": "content", "content": "Words."}, File(media_type="text/plain", text="Words.")),
    ],
)  # fmt: skip
def test_each_document_is_read_also_within_a_tools_result(source, file):
    given = {"type": "document", "source": source}
    result = {"type": "tool_result", "tool_use_id": "a", "content": [given]}
    request, losses = decoded(messages=message(result, given))
    assert request.turns[0].parts == (ToolResult(call="a", parts=(file,)), file)
    assert losses == ()


def test_a_documents_name_context_citing_and_mark_are_carried():
    whole = {
        "type": "document",
        "source": {"type": "text", "media_type": "text/plain", "data": "Words."},
        "title": "T",
        "context": "C",
        "citations": {"enabled": True},
        "cache_control": {"type": "ephemeral", "ttl": "1h"},
    }
    request, _ = decoded(messages=message(whole))
    assert json.loads(WIRE.encode_request(request, MANUAL)[0])["messages"] == message(whole)


def test_search_results_and_blocks_of_content_are_files_with_a_report():
    words = [{"type": "text", "text": "One."}, {"type": "text", "text": "Two."}]
    found = {"type": "search_result", "source": "kb/1", "title": "T", "content": words}
    parted = {"type": "document", "source": {"type": "content", "content": words}}
    request, losses = decoded(messages=message(found, parted))
    assert request.turns[0].parts == (
        File(media_type="text/plain", text="One.\n\nTwo.", name="T", context="kb/1"),
        File(media_type="text/plain", text="One.\n\nTwo."),
    )
    assert [loss.field for loss in losses] == [
        "messages[0].content[0].type",
        "messages[0].content[0].content",
        "messages[0].content[1].source.content",
    ]


@pytest.mark.parametrize(
    ("file", "kind", "losses"),
    [
        (File(media_type="text/csv", data=base64.b64encode(b"a,b").decode()), "text", []),
        (File(data=PDF), "base64", []),
        (File(media_type="application/zip", data="AA=="), None, ["file"]),
        (File(media_type="text/plain", data="/w=="), None, ["file"]),
    ],
)
def test_files_of_other_protocols_are_fitted_or_left_out(file, kind, losses):
    body, lost = sent(turns=(Turn(role="user", parts=(file, Text(text="?"))),))
    content = body["messages"][0]["content"]
    assert (content[0]["source"]["type"] if kind else content) == (kind or "?")
    assert lost == losses


def test_a_note_stands_for_files_where_nothing_else_is_left():
    file = File(media_type="application/zip", data="AA==")
    body, losses = sent(turns=(Turn(role="user", parts=(file,)),))
    assert body["messages"] == [
        {"role": "user", "content": "(A file was sent here that cannot be shown.)"}
    ]
    assert losses == ["file"]


def test_a_model_that_continues_no_turn_is_asked_to_go_on():
    turns = (ASK, Turn(role="assistant", parts=(Text(text="Well"),)))
    assert sent(turns=turns, prefill=True)[1] == []
    body, losses = sent(ADAPTIVE, turns=turns, prefill=True)
    assert body["messages"][2] == {"role": "user", "content": "Continue."}
    assert losses == ["messages"]


def test_a_picture_that_comes_as_a_file_is_a_picture():
    file = File(media_type="image/png", data="AA==")
    body, losses = sent(turns=(Turn(role="user", parts=(file,)),))
    assert body["messages"][0]["content"][0]["type"] == "image"
    assert losses == []


CITED = Citation(title="T", quote="Words.", document=1, unit="character", first=0, last=6)


def test_citations_go_back_under_the_numbers_of_the_files_that_are_sent():
    turns = (
        Turn(role="user", parts=(File(media_type="a/b", data="AA=="), File(text="Words."))),
        Turn(role="assistant", parts=(Text(text="So.", citations=(CITED,)),)),
        ASK,
    )
    body, losses = sent(turns=turns)
    assert body["messages"][1]["content"][0]["citations"] == [
        {
            "type": "char_location",
            "cited_text": "Words.",
            "document_index": 0,
            "document_title": "T",
            "start_char_index": 0,
            "end_char_index": 6,
        }
    ]
    assert losses == ["file"]
    assert sent(turns=turns[1:])[1] == ["citations"]


LOCATIONS: list[tuple[dict[str, Any], Citation]] = [
    ({"type": "page_location", "document_index": 2, "document_title": None,
      "start_page_number": 1, "end_page_number": 3},
     Citation(quote="Q", document=2, unit="page", first=1, last=3)),
    ({"type": "content_block_location", "document_index": 0, "document_title": "T",
      "start_block_index": 0, "end_block_index": 1},
     Citation(title="T", quote="Q", document=0, unit="block", first=0, last=1)),
    ({"type": "search_result_location", "search_result_index": 0, "source": "kb/1",
      "title": "T", "start_block_index": 0, "end_block_index": 2},
     Citation(title="T", url="kb/1", quote="Q", document=0, unit="block", first=0, last=2)),
    ({"type": "web_search_result_location", "url": "https://a", "title": None,
      "encrypted_index": ""},
     Citation(url="https://a", quote="Q")),
]  # fmt: skip


@pytest.mark.parametrize(("written", "cited"), LOCATIONS)
def test_each_citation_is_read_and_told(written, cited):
    given = written | {"cited_text": "Q"}
    content = {"type": "content_block_delta", "index": 0}
    seen = content | {"delta": {"type": "citations_delta", "citation": given}}
    events = streamed(start(), block(), delta("So."), seen, stop(), message_delta(), END)
    assert CitationSeen(citation=cited) in events
    reply = Reply(id="v", model="m", parts=(Text(text="So.", citations=(cited,)),), stop="end")
    told = json.loads(WIRE.encode_reply(reply, ReplyContext(id="r", model="m", created=1)))
    assert told["content"] == [{"type": "text", "text": "So.", "citations": [given]}]


def test_a_citation_of_an_unknown_kind_is_reported():
    content = {"type": "text", "text": "A", "citations": [{"type": "star_location"}]}
    answer = start(input_tokens=1)["message"] | {"content": [content], "stop_reason": "end_turn"}
    losses = [
        e.loss.field for e in WIRE.decode_reply(json.dumps(answer).encode()) if hasattr(e, "loss")
    ]
    assert losses == ["citations"]


def marked(ttl: str | None = None) -> dict[str, Any]:
    mark = {"type": "ephemeral"} | ({"ttl": ttl} if ttl else {})
    return {"type": "text", "text": "x", "cache_control": mark}


def recrossed(**fields: Any) -> tuple[dict[str, Any], list[str]]:
    request, losses = decoded(**fields)
    body, lost = WIRE.encode_request(request, MANUAL)
    return json.loads(body), [loss.field for loss in (*losses, *lost)]


def test_marks_stay_on_every_kind_of_block_and_on_the_request():
    mark = {"cache_control": {"type": "ephemeral", "ttl": "5m"}}
    tools = [{"name": "now", "input_schema": {"type": "object"}, **mark}]
    use = {"type": "tool_use", "id": "a", "name": "now", "input": {}, **mark}
    result = {"type": "tool_result", "tool_use_id": "a", "content": [marked()]}
    messages = [
        {"role": "user", "content": "?"},
        {"role": "assistant", "content": [use]},
        {"role": "user", "content": [result]},
    ]
    body, losses = recrossed(tools=tools, messages=messages, cache_control={"type": "ephemeral"})
    assert body["tools"] == tools
    assert body["messages"] == messages
    assert body["cache_control"] == {"type": "ephemeral"}
    assert losses == []


def test_the_last_four_marks_are_sent_and_the_rest_reported():
    content = [marked() | {"text": str(n)} for n in range(5)]
    body, losses = recrossed(
        system=[marked()], messages=message(*content), cache_control={"type": "ephemeral"}
    )
    assert [one["text"] for one in body["messages"][0]["content"] if "cache_control" in one] == [
        "2", "3", "4",
    ]  # fmt: skip
    assert body["cache_control"] == {"type": "ephemeral"}
    assert losses == ["cache_control"]


def test_an_hour_after_five_minutes_becomes_five_minutes():
    body, losses = recrossed(system=[marked("1h"), marked()], messages=message(marked("1h")))
    assert [one["cache_control"].get("ttl") for one in body["system"]] == ["1h", None]
    assert "ttl" not in body["messages"][0]["content"][0]["cache_control"]
    assert losses == ["cache_control"]


def test_two_times_for_the_last_block_are_reported():
    body, losses = recrossed(
        messages=message(marked("1h")), cache_control={"type": "ephemeral", "ttl": "5m"}
    )
    assert "cache_control" not in body
    assert losses == ["cache_control"]


def test_a_mark_on_what_is_left_out_is_reported():
    parts = (Text(text=" ", cache=CacheMark()), Text(text="?"))
    assert sent(turns=(Turn(role="user", parts=parts),))[1] == ["cache_control"]


SCHEMA = {
    "type": "object",
    "properties": {"a": {"type": "string", "format": "date"}, "b": {"$ref": "#/$defs/b"}},
    "required": ["a"],
    "additionalProperties": False,
    "$defs": {"b": {"type": "array", "items": {"enum": ["x", None]}, "minItems": 1}},
}


def test_a_form_is_read_and_written():
    form = {"type": "json_schema", "schema": SCHEMA}
    for fields in ({"output_config": {"format": form}}, {"output_format": form}):
        request, losses = decoded(**fields)
        assert (request.output, losses) == (OutputForm(schema=SCHEMA, strict=True), ())
        body, lost = WIRE.encode_request(request, MANUAL)
        assert json.loads(body)["output_config"] == {"format": form}
        assert lost == ()


@pytest.mark.parametrize(
    ("given", "made", "lost"),
    [
        ({"type": "integer", "minimum": 1},
         {"type": "integer", "description": '{"minimum":1}'}, ("minimum",)),
        ({"type": "string", "description": "D", "format": "phone"},
         {"type": "string", "description": 'D\n\n{"format":"phone"}'}, ("format",)),
        ({"oneOf": [{"type": "null"}]}, {"anyOf": [{"type": "null"}]}, ("oneOf",)),
        ({"type": "object", "properties": {"a": {}}},
         {"type": "object", "properties": {"a": {}}, "additionalProperties": False}, ()),
        ({"type": "object", "additionalProperties": {"type": "string"}},
         {"type": "object", "additionalProperties": False}, ("additionalProperties",)),
        ({"type": "array", "minItems": 2},
         {"type": "array", "description": '{"minItems":2}'}, ("minItems",)),
        ({"enum": [{"a": 1}]}, {"description": '{"enum":[{"a":1}]}'}, ("enum",)),
        ({"type": "object"}, {"type": "object", "additionalProperties": False},
         ("additionalProperties",)),
    ],
)  # fmt: skip
def test_a_schema_is_fitted_and_what_is_lost_is_named(given, made, lost):
    fit = fitted(given)
    assert fit is not None
    assert (fit.schema, fit.lost) == (made, lost)
    again = fitted(made)
    assert again is not None
    assert (again.schema, again.lost) == (made, ())


@pytest.mark.parametrize(
    "schema",
    [
        {"type": "object", "properties": {"a": {"$ref": "#"}}},
        {"$ref": "#/$defs/a", "$defs": {"a": {"items": {"$ref": "#/$defs/b"}},
                                        "b": {"anyOf": [{"$ref": "#/$defs/a"}]}}},
    ],
)  # fmt: skip
def test_a_schema_that_refers_to_itself_gives_no_form(schema):
    assert fitted(schema) is None
    body, losses = sent(output=OutputForm(schema=schema))
    assert "output_config" not in body
    assert losses == ["schema.$ref"]
    body, losses = sent(
        tools=(Tool(name="f", parameters={"type": "object", **schema}, strict=True),)
    )
    assert (body["tools"][0]["strict"], losses) == (False, ["strict"])


def test_a_forms_name_and_description_go_into_its_schema():
    form = OutputForm(schema={"type": "string"}, name="answer", description="Short.")
    body, losses = sent(output=form)
    schema = body["output_config"]["format"]["schema"]
    assert schema == {"type": "string", "title": "answer", "description": "Short."}
    assert losses == []
    assert sent(output=OutputForm())[1] == ["response_format"]


def test_whom_the_client_asks_for_is_passed_and_the_rest_named():
    assert decoded(metadata={"user_id": "anna"})[0].user == "anna"
    body, losses = sent(user="anna", metadata={"a": "b"}, cache_key="k", verbosity="low")
    assert body["metadata"] == {"user_id": "anna"}
    assert losses == ["verbosity", "metadata", "prompt_cache_key"]
    assert sent(user="a" * 257)[1] == ["user"]


def test_a_request_as_claude_code_sends_it_is_carried():
    fields = {
        "max_tokens": 32_000,
        "stream": True,
        "system": [
            {"type": "text", "text": "x-anthropic-billing-header: cc_version=2.1.306"},
            marked("1h") | {"text": "You are a command line tool."},
        ],
        "messages": message({"type": "text", "text": "<system-reminder>"}, marked("1h")),
        "tools": [
            {"name": "Bash", "input_schema": {"type": "object"}, "eager_input_streaming": True}
        ],
        "metadata": {"user_id": '{"device_id":"d","session_id":"s"}'},
        "thinking": {"type": "adaptive"},
        "output_config": {"effort": "high"},
        "context_management": {"edits": [{"type": "clear_thinking_20251015", "keep": "all"}]},
    }
    request, losses = decoded(**fields)
    assert [loss.field for loss in losses] == ["tools[0].eager_input_streaming"]
    body, lost = WIRE.encode_request(request, ADAPTIVE)
    kept = {k: v for k, v in fields.items() if k not in {"context_management", "tools"}}
    assert {name: json.loads(body)[name] for name in kept} == kept
    assert lost == ()


def test_a_tool_that_a_client_found_is_carried_by_its_name():
    found = {"type": "tool_reference", "tool_name": "now"}
    result = {"type": "tool_result", "tool_use_id": "a", "content": [found]}
    request, losses = decoded(messages=message(result))
    assert request.turns[0].parts == (ToolResult(call="a", parts=(Text(text="now"),)),)
    assert [loss.field for loss in losses] == ["messages[0].content[0].content[0].type"]
