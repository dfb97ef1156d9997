"""OpenAI's Responses: the official SDK as client, and the table of refusals."""

from typing import Any

import msgspec
import openai
import pytest

from changeover.standin.asked import Asked, RefusalError
from changeover.standin.responses_request import read_request

from .conftest import CLAUDE, GPT, INSTANT
from .test_openai_chat import ANSWER, MESSAGES

INPUT: Any = [
    {"role": "user", "content": "The visa report is due on 27 August."},
    {
        "type": "message",
        "id": "msg_1",
        "status": "completed",
        "role": "assistant",
        "content": [{"type": "output_text", "text": "Noted.", "annotations": []}],
    },
    {"role": "user", "content": [{"type": "input_text", "text": "When is the visa report due?"}]},
]
ASK: Any = {"model": GPT, "instructions": "You help.", "input": INPUT}


async def test_a_whole_answer_is_that_of_chat_completions(gpt):
    reply = await gpt.responses.create(**ASK)
    chat = await gpt.chat.completions.create(model=GPT, messages=MESSAGES)
    assert (reply.object, reply.model, reply.status) == ("response", GPT, "completed")
    assert reply.id.startswith("resp_")
    assert reply.created_at == int(INSTANT.timestamp())
    assert reply.output_text == ANSWER == chat.choices[0].message.content
    assert reply.usage.input_tokens == chat.usage.prompt_tokens
    assert reply.usage.total_tokens == chat.usage.total_tokens


async def test_a_stream_is_numbered_and_adds_up_to_the_whole_answer(gpt):
    events = [event async for event in await gpt.responses.create(**ASK, stream=True)]
    assert [event.sequence_number for event in events] == list(range(len(events)))
    kinds = [event.type.removeprefix("response.") for event in events]
    words = len(kinds) - 8
    assert kinds == [
        "created", "in_progress", "output_item.added", "content_part.added",
        *["output_text.delta"] * words,
        "output_text.done", "content_part.done", "output_item.done", "completed",
    ]  # fmt: skip
    assert words > 10
    assert "".join(e.delta for e in events[4:-4]) == ANSWER
    assert events[-1].response.output_text == ANSWER
    async with gpt.responses.stream(**ASK) as stream:
        assert (await stream.get_final_response()).output_text == ANSWER


async def test_a_limit_makes_an_answer_incomplete(gpt):
    short = await gpt.responses.create(**ASK, max_output_tokens=16)
    assert (short.status, short.incomplete_details.reason) == ("incomplete", "max_output_tokens")
    assert short.usage.output_tokens == 16
    stream = await gpt.responses.create(**ASK, max_output_tokens=16, stream=True)
    events = [event async for event in stream]
    assert events[-1].type == "response.incomplete"


async def test_who_speaks_it_and_who_does_not(gpt, claude):
    with pytest.raises(openai.NotFoundError):
        await gpt.responses.create(**{**ASK, "model": CLAUDE})
    async with openai.AsyncOpenAI(
        base_url=f"{claude.base_url}/v1", api_key="k", max_retries=0
    ) as lost:
        with pytest.raises(openai.NotFoundError):
            await lost.responses.create(**{**ASK, "model": CLAUDE})


def _assistant(content: Any, **fields: Any) -> dict[str, Any]:
    return {"input": [{"role": "assistant", "content": content, **fields}]}


REFUSED = [
    ({"model": None}, "model", "missing_required_parameter", "Missing required parameter: 'model'."),
    ({"input": None}, "input", "missing_required_parameter", "Missing required parameter: 'input'."),
    ({"messages": []}, "messages", "unsupported_parameter",
     ("Unsupported parameter: 'messages'. In the Responses API, this parameter has moved to "
      "'input'. Try again with the new parameter.")),
    ({"stop": ["a"]}, "stop", "unknown_parameter", "Unknown parameter: 'stop'."),
    ({"top_k": 3}, "top_k", "unknown_parameter", "Unknown parameter: 'top_k'."),
    ({"max_output_tokens": 15}, "max_output_tokens", "integer_below_min_value",
     ("Invalid 'max_output_tokens': integer below minimum value. Expected a value >= 16, "
      "but got 15 instead.")),
    ({"temperature": 3}, "temperature", "decimal_above_max_value",
     ("Invalid 'temperature': decimal above maximum value. Expected a value <= 2, "
      "but got 3 instead.")),
    ({"previous_response_id": "resp_1"}, "previous_response_id", "previous_response_not_found",
     "Previous response with id 'resp_1' not found."),
    ({"background": True}, "background", "unsupported_parameter",
     "Unsupported parameter: 'background' is not supported with this model."),
    ({"text": {"format": {"type": "json_object"}}}, "input", None,
     ("Response input messages must contain the word 'json' in some form to use "
      "'text.format' of type 'json_object'.")),
    ({"text": {"mood": 1}}, "text.mood", "unknown_parameter", "Unknown parameter: 'text.mood'."),
    ({"stream_options": {"include_obfuscation": False}}, "stream_options", None,
     "The 'stream_options' parameter is only allowed when 'stream' is enabled."),
    ({"input": 7}, "input", "invalid_type",
     ("Invalid type for 'input': expected one of a string or array of input items, "
      "but got an integer instead.")),
    (_assistant([{"type": "input_text", "text": "x"}]), "input[0].content[0]", "invalid_value",
     "Invalid value: 'input_text'. Supported values are: 'output_text' and 'refusal'."),
    ({"input": [{"role": "user", "content": [{"type": "output_text", "text": "x"}]}]},
     "input[0].content[0]", "invalid_value",
     ("Invalid value: 'output_text'. Supported values are: 'input_text', 'input_image' "
      "and 'input_file'.")),
    (_assistant("x", id="call_1"), "input[0].id", "invalid_value",
     "Invalid 'input[0].id': 'call_1'. Expected an ID that begins with 'msg'."),
    (_assistant("x", mood="good"), "input[0].mood", "unknown_parameter",
     "Unknown parameter: 'input[0].mood'."),
    (_assistant([{"type": "output_text"}]), "input[0].content[0].text",
     "missing_required_parameter", "Missing required parameter: 'input[0].content[0].text'."),
]  # fmt: skip


TOOL = {"type": "function", "name": "look", "strict": False, "parameters": {
    "type": "object", "properties": {"at": {"type": "string"}}}}  # fmt: skip
CALL = {"type": "function_call", "call_id": "c1", "name": "look", "arguments": "{}"}
OUTPUT = {"type": "function_call_output", "call_id": "c1", "output": "x"}

REFUSED += [
    ({"tools": [{"type": "web_search"}]}, "tools", None,
     "Hosted tool 'web_search' is not supported with this model."),
    ({"tools": [{"type": "function", "function": {"name": "look"}}]}, "tools[0].function",
     "unknown_parameter", "Unknown parameter: 'tools[0].function'."),
    ({"tools": [{"type": "function", "name": "look"}]}, "tools[0].parameters",
     "missing_required_parameter", "Missing required parameter: 'tools[0].parameters'."),
    ({"tools": [TOOL | {"strict": True}]}, "tools[0].parameters", "invalid_function_parameters",
     ("Invalid schema for function 'look': In context=(), 'additionalProperties' is required to "
      "be supplied and to be false.")),
    ({"tool_choice": "required"}, "tool_choice", None,
     "Tool choice 'required' must be specified with 'tools' parameter."),
    ({"tools": [TOOL], "tool_choice": {"type": "function", "name": "other"}}, "tool_choice", None,
     "Tool choice 'function' not found in 'tools' parameter."),
    ({"input": [CALL]}, "input", None, "No tool output found for function call c1."),
    ({"input": [OUTPUT, CALL]}, "input", None,
     "No tool call found for function call output with call_id c1."),
    ({"input": [CALL | {"id": "msg_1"}, OUTPUT]}, "input[0].id", "invalid_value",
     "Invalid 'input[0].id': 'msg_1'. Expected an ID that begins with 'fc'."),
    ({"input": [CALL | {"call_id": "c" * 65}]}, "input[0].call_id", "string_above_max_length",
     ("Invalid 'input[0].call_id': string too long. Expected a string with maximum length 64, "
      "but got a string with length 65 instead.")),
]  # fmt: skip


def read(change: dict[str, Any]) -> Asked:
    return read_request(msgspec.json.encode({**ASK, **change}))


@pytest.mark.parametrize(("change", "param", "code", "message"), REFUSED)
def test_what_the_vendor_refuses_is_refused_in_its_words(change, param, code, message):
    with pytest.raises(RefusalError) as caught:
        read(change)
    refusal = caught.value
    assert (refusal.message, refusal.param, refusal.code) == (message, param, code)
    assert (refusal.status, refusal.kind) == (400, "invalid_request_error")


@pytest.mark.parametrize("kind", ["reasoning", "item_reference"])
def test_items_that_it_did_not_store_are_not_found(kind):
    with pytest.raises(RefusalError, match="Items are not persisted") as caught:
        read({"input": [{"type": kind, "id": "rs_1", "summary": []}]})
    assert caught.value.status == 404


@pytest.mark.parametrize(
    "change",
    [
        {"input": "Hello", "instructions": None},
        {"store": False, "metadata": {"a": "b"}, "include": [], "truncation": "disabled"},
        {"tools": [], "tool_choice": "auto", "text": {"format": {"type": "text"}}},
        {"input": [{"role": "developer", "content": "Be brief."}]},
        _assistant([{"type": "refusal", "refusal": "No."}]),
    ],
)
def test_what_the_vendor_takes_is_taken(change):
    assert read(change).conversation


async def test_calls_are_items_whole_and_streamed(gpt):
    ask: Any = {"model": GPT, "input": 'Use look "here" and look "there".', "tools": [TOOL]}
    whole = await gpt.responses.create(**ask)
    calls = [item for item in whole.output if item.type == "function_call"]
    assert [call.arguments for call in calls] == ['{"at": "here"}', '{"at": "there"}']
    assert len({call.call_id for call in calls}) == 2
    async with gpt.responses.stream(**ask) as stream:
        events = [event async for event in stream]
        final = await stream.get_final_response()
    pieces = [e.delta for e in events if e.type == "response.function_call_arguments.delta"]
    assert "".join(pieces) == "".join(call.arguments for call in calls)
    assert [item.type for item in final.output] == [item.type for item in whole.output]
    results = [
        {"type": "function_call_output", "call_id": call.call_id, "output": "A lamp."}
        for call in calls
    ]
    said = [{"role": "user", "content": ask["input"]}, *whole.output, *results]
    after = await gpt.responses.create(**{**ask, "input": said})
    assert [item.type for item in after.output] == ["message"]
