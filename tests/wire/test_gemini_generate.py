"""What Google's protocol has of its own: pieces, reasons, ids, schemas and errors."""

import json
from typing import Any

import pytest

from changeover.conversation.events import Event, Failed, Finished, fold
from changeover.conversation.model import (
    ChatRequest,
    Reply,
    StopReason,
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
from changeover.wire.gemini_generate.codec import GeminiGenerate
from changeover.wire.gemini_generate.schemas import json_schema

WIRE = GeminiGenerate()
CONTEXT = ReplyContext(id="reply-1", model="shown", created=0)
WHOLE = WIRE.target("m", stream=False)


def piece(*parts: Any, finish: str | None = None, **more: Any) -> dict[str, Any]:
    candidate: dict[str, Any] = {"content": {"role": "model", "parts": list(parts)}, "index": 0}
    if finish is not None:
        candidate["finishReason"] = finish
    return {"candidates": [candidate], "responseId": "r-1", "modelVersion": "v", **more}


def text(words: str) -> dict[str, str]:
    return {"text": words}


def streamed(*pieces: Any) -> list[Event]:
    decoder = WIRE.stream_decoder()
    data = b"".join(b"data: %b\r\n\r\n" % json.dumps(each).encode() for each in pieces)
    return [*decoder.feed(data), *decoder.close()]


def whole(given: Any) -> Reply:
    return fold(WIRE.decode_reply(json.dumps(given).encode()))


def test_a_reason_on_every_piece_ends_nothing_before_the_response_does():
    reply = fold(streamed(piece(finish="STOP"), piece(text("Hel"), finish="STOP"),
                          piece(text("lo"), finish="STOP")))  # fmt: skip
    assert reply.parts == (Text(text="Hello"),)
    assert reply.stop == "end"


def test_the_counts_may_come_after_the_reason_and_without_content():
    usage = {"promptTokenCount": 9, "candidatesTokenCount": 4, "thoughtsTokenCount": 3,
             "cachedContentTokenCount": 2, "toolUsePromptTokenCount": 1}  # fmt: skip
    reply = fold(streamed(piece(text("Hi")), {"candidates": [{"finishReason": "MAX_TOKENS"}]},
                          {"usageMetadata": usage}))  # fmt: skip
    assert reply.stop == "length"
    assert reply.usage == Usage(
        input_tokens=10, output_tokens=7, cached_tokens=2, reasoning_tokens=3
    )
    assert (reply.id, reply.model) == ("r-1", "v")


def test_a_blocked_prompt_is_a_withheld_answer_and_its_reason_is_told():
    for reply in (
        whole({"promptFeedback": {"blockReason": "SAFETY"}}),
        fold(streamed({"promptFeedback": {"blockReason": "PROHIBITED_CONTENT"}})),
    ):
        assert (reply.parts, reply.stop) == ((), "filtered")
        assert [loss.field for loss in reply.losses] == ["promptFeedback"]


@pytest.mark.parametrize("finish", ["RECITATION", "BLOCKLIST", "SPII", "OTHER", "IMAGE_SAFETY"])
def test_a_withheld_answers_reason_is_told_by_name(finish):
    reply = whole(piece(text("Hi"), finish=finish))
    assert reply.stop == "filtered"
    assert finish in reply.losses[0].why


@pytest.mark.parametrize("finish", ["MALFORMED_FUNCTION_CALL", "MISSING_THOUGHT_SIGNATURE", "NEW"])
def test_a_reason_that_ends_no_answer_is_a_vendors_error(finish):
    with pytest.raises(VendorProtocolError, match=finish):
        whole(piece(text("Hi"), finish=finish))


@pytest.mark.parametrize("kind", ["inlineData", "executableCode", "codeExecutionResult"])
def test_a_part_that_was_not_asked_for_is_a_vendors_error(kind):
    with pytest.raises(VendorProtocolError, match=kind):
        whole(piece({kind: {"data": "aGk="}}, finish="STOP"))


def test_a_second_candidate_is_a_vendors_error():
    second = {"candidates": [{"index": 1, "content": {"parts": [text("b")]}}]}
    with pytest.raises(VendorProtocolError, match="second answer"):
        streamed(piece(text("a")), second)


def test_calls_without_ids_get_ids_of_this_answer_alone():
    call = {"functionCall": {"name": "look_up", "args": {"a": 1.50}}}
    reply = whole(piece(text("So."), call, {"functionCall": {"name": "b"}}, finish="STOP"))
    assert reply.parts == (
        Text(text="So."),
        ToolCall(id="r-1-1", name="look_up", arguments='{"a": 1.5}'),
        ToolCall(id="r-1-2", name="b", arguments="{}"),
    )
    assert reply.stop == "tool-use"


def test_a_call_that_is_no_object_ends_the_answer_as_the_vendors_own_does():
    call = ToolCall(id="1", name="look_up", arguments='{"a": ')
    ends: tuple[tuple[StopReason, str], ...] = (
        ("tool-use", "MALFORMED_FUNCTION_CALL"),
        ("length", "MAX_TOKENS"),
    )
    for stop, finish in ends:
        reply = Reply(id="a", model="b", parts=(call,), stop=stop)
        (candidate,) = json.loads(WIRE.encode_reply(reply, CONTEXT))["candidates"]
        assert candidate["content"]["parts"] == [{"text": ""}]
        assert candidate["finishReason"] == finish
    assert (
        'look_up({"a": '
        in json.loads(
            WIRE.encode_reply(Reply(id="a", model="b", parts=(call,), stop="tool-use"), CONTEXT)
        )["candidates"][0]["finishMessage"]
    )


def test_an_error_mid_stream_is_the_vendors_own():
    error = {"error": {"code": 503, "message": "Overloaded.", "status": "UNAVAILABLE"}}
    assert streamed(piece(text("Hi")), error)[-1] == Failed(
        kind="UNAVAILABLE", message="Overloaded."
    )


@pytest.mark.parametrize("wrapped", [False, True])
def test_an_error_is_read_alone_and_in_a_list(wrapped):
    error: Any = {"error": {"code": 429, "message": "Slow.", "status": "RESOURCE_EXHAUSTED"}}
    failed = WIRE.decode_error(429, json.dumps([error] if wrapped else error).encode())
    assert failed == Failed(kind="RESOURCE_EXHAUSTED", message="Slow.")


def test_the_streams_end_comes_with_the_response_and_once():
    decoder = WIRE.stream_decoder()
    data = b"data: %b\n\n" % json.dumps(piece(text("Hi"), finish="STOP")).encode()
    assert not any(isinstance(event, Finished) for event in decoder.feed(data))
    assert isinstance(decoder.close()[-1], Finished)
    assert decoder.close() == []


def test_googles_dialect_of_a_schema_becomes_json_schema():
    given = {
        "type": "OBJECT",
        "properties": {
            "day": {"type": "STRING", "nullable": True, "enum": ["MONDAY"]},
            "type": {"type": "INTEGER", "minimum": 1},
            "all": {"type": "ARRAY", "items": {"type": "NUMBER"}, "max_items": "3"},
        },
        "propertyOrdering": ["day"],
        "required": ["day"],
    }
    assert json_schema(given) == {
        "type": "object",
        "properties": {
            "day": {"type": ["string", "null"], "enum": ["MONDAY", None]},
            "type": {"type": "integer", "minimum": 1},
            "all": {"type": "array", "items": {"type": "number"}, "maxItems": 3},
        },
        "required": ["day"],
    }


def asked(**given: Any) -> ChatRequest:
    body = {"contents": {"parts": text("Hi")}, **given}
    return WIRE.decode_request(json.dumps(body).encode(), WHOLE)[0]


@pytest.mark.parametrize(
    ("calling", "choice"),
    [
        ({"mode": "ANY"}, ToolChoice(mode="required")),
        ({"mode": "NONE"}, ToolChoice(mode="none")),
        ({"mode": "ANY", "allowedFunctionNames": ["a"]}, ToolChoice(mode="named", name="a")),
        ({"mode": "ANY", "allowedFunctionNames": ["b", "a"]}, ToolChoice(mode="required")),
    ],
)
def test_the_choice_among_tools_is_read(calling, choice):
    tools = [{"function_declarations": [{"name": "a"}, {"name": "b"}]}]
    request = asked(tools=tools, tool_config={"function_calling_config": calling})
    assert request.tool_choice == choice
    assert request.tools == (Tool(name="a"), Tool(name="b"))


def test_a_choice_that_others_cannot_say_is_refused_by_name():
    tools = [{"functionDeclarations": [{"name": "a"}, {"name": "b"}, {"name": "c"}]}]
    calling = {"mode": "ANY", "allowedFunctionNames": ["a", "b"]}
    with pytest.raises(ProtocolError) as caught:
        asked(tools=tools, toolConfig={"functionCallingConfig": calling})
    assert caught.value.field == "toolConfig.functionCallingConfig.allowedFunctionNames"


def test_results_without_ids_answer_the_calls_of_their_names_in_order():
    call, other = {"functionCall": {"name": "a"}}, {"functionCall": {"name": "b"}}

    def result(name: str, **response: Any) -> dict[str, Any]:
        return {"functionResponse": {"name": name, "response": response}}

    results = [result("b", error="no"), result("a", output="x"), result("a", result=1)]
    request = asked(
        contents=[
            {"parts": [text("Hi")]},
            {"role": "model", "parts": [call, other, call]},
            {"role": "user", "parts": results},
        ]
    )
    assert request.turns[2].parts == (
        ToolResult(call="call-2", parts=(Text(text="no"),), is_error=True),
        ToolResult(call="call-1", parts=(Text(text="x"),)),
        ToolResult(call="call-3", parts=(Text(text='{"result":1}'),)),
    )


def test_a_first_call_of_a_turn_bears_what_stands_for_another_models_signature():
    calls = tuple(ToolCall(id=each, name="a", arguments="") for each in "12")
    results = tuple(ToolResult(call=each, parts=()) for each in "12")
    turns = (
        Turn(role="user", parts=(Text(text="Hi"),)),
        Turn(role="assistant", parts=calls),
        Turn(role="user", parts=results),
    )
    body, losses = WIRE.encode_request(ChatRequest(model="m", system=(), turns=turns), "m")
    _, model, user = json.loads(body)["contents"]
    assert [("thoughtSignature" in part) for part in model["parts"]] == [True, False]
    assert [part["functionResponse"]["name"] for part in user["parts"]] == ["a", "a"]
    assert losses == ()


def test_the_pieces_of_a_stream_in_a_clients_history_are_one_turn():
    pieces = [{"role": "model", "parts": [text(word)]} for word in ("", "Hel", "lo", "")]
    request = asked(contents=[{"parts": [text("Hi")]}, *pieces, {"parts": [text("Go on.")]}])
    assert [(turn.role, turn.parts) for turn in request.turns] == [
        ("user", (Text(text="Hi"),)),
        ("assistant", (Text(text="Hello"),)),
        ("user", (Text(text="Go on."),)),
    ]


def test_arguments_that_are_no_utf8_are_the_vendors_error():
    body = (
        b'{"candidates":[{"content":{"role":"model","parts":[{"functionCall":{"name":"f",'
        b'"args":{"a":"\x80"}}}]},"finishReason":"STOP"}],"modelVersion":"m","responseId":"r"}'
    )
    with pytest.raises(VendorProtocolError):
        GeminiGenerate().decode_reply(body)


def test_a_refusal_without_words_loses_nothing():
    blank = Turn(role="assistant", parts=(Text(text="\r", refusal=True),))
    said = Turn(role="user", parts=(Text(text="Hello"),))
    _, losses = WIRE.encode_request(ChatRequest(model="m", system=(), turns=(said, blank)), "m")
    assert losses == ()
