"""Tools at OpenAI's stand-in: the table of refusals, and a loop with the official SDK."""

import json
from typing import Any

import msgspec
import pytest

from changeover.standin.asked import Asked, RefusalError
from changeover.standin.openai_request import read_request

from .conftest import GPT

SCHEMA = {"type": "object", "properties": {"city": {"type": "string"}}}


def tool(**fields: Any) -> dict[str, Any]:
    return {"type": "function", "function": {"name": "weather", "parameters": SCHEMA, **fields}}


USER = {"role": "user", "content": 'Use weather "Paris" and weather "Rome".'}


def call(name: str, **fields: Any) -> dict[str, Any]:
    function = {"name": "weather", "arguments": "{}"}
    return {"id": name, "type": "function", "function": function, **fields}


def loop(calls: list[Any], *after: dict[str, Any], **fields: Any) -> dict[str, Any]:
    answer = {"role": "assistant", "content": None, "tool_calls": calls}
    return {"messages": [USER, answer, *after], **fields}


def result(name: str, **fields: Any) -> dict[str, Any]:
    return {"role": "tool", "tool_call_id": name, "content": "18", **fields}


def read(change: dict[str, Any]) -> Asked:
    body = {"model": GPT, "messages": [USER], "tools": [tool()]}
    return read_request(msgspec.json.encode(body | change))


UNANSWERED = (
    "An assistant message with 'tool_calls' must be followed by tool messages responding to each "
    "'tool_call_id'. The following tool_call_ids did not have response messages: "
)
STRAY = (
    "Invalid parameter: messages with role 'tool' must be a response to a preceeding message with "
    "'tool_calls'."
)
PICTURE = {"type": "image_url", "image_url": {"url": "data:image/png;base64,AA=="}}
REFUSED = [
    ({"tools": [tool(name="a b")]}, "tools[0].function.name",
     ("Invalid 'tools[0].function.name': string does not match pattern. Expected a string that "
     "matches the pattern '^[a-zA-Z0-9_-]+$'.")),
    ({"tools": [tool(name="a" * 65)]}, "tools[0].function.name",
     ("Invalid 'tools[0].function.name': string too long. Expected a string with maximum length "
     "64, but got a string with length 65 instead.")),
    ({"tools": [tool(parameters={"type": "string"})]}, "tools[0].function.parameters",
     ("Invalid schema for function 'weather': schema must be a JSON Schema of 'type: \"object\"', "
     "got 'type: \"string\"'.")),
    ({"tools": [tool(strict=True)]}, "tools[0].function.parameters",
     ("Invalid schema for function 'weather': In context=(), 'additionalProperties' is required to "
     "be supplied and to be false.")),
    ({"tools": [tool(strict=True, parameters=SCHEMA | {"additionalProperties": False})]},
     "tools[0].function.parameters",
     ("Invalid schema for function 'weather': In context=(), 'required' is required to be supplied "
     "and to be an array including every key in properties. Missing 'city'.")),
    ({"tools": [], "tool_choice": "auto"}, "tool_choice",
     "'tool_choice' is only allowed when 'tools' are specified."),
    ({"tools": [], "parallel_tool_calls": True}, "parallel_tool_calls",
     "'parallel_tool_calls' is only allowed when 'tools' are specified."),
    ({"tool_choice": "any"}, "tool_choice",
     "Invalid value: 'any'. Supported values are: 'none', 'auto', and 'required'."),
    ({"tool_choice": tool(name="other")}, "tool_choice",
     "Tool choice 'function' not found in 'tools' parameter."),
    (loop([]), "messages[1].tool_calls",
     ("Invalid 'messages[1].tool_calls': empty array. Expected an array with minimum length 1, "
     "but got an empty array instead.")),
    (loop([call("a" * 41)], result("a" * 41)), "messages[1].tool_calls[0].id",
     ("Invalid 'messages[1].tool_calls[0].id': string too long. Expected a string with maximum "
     "length 40, but got a string with length 41 instead.")),
    (loop([call("a"), call("b")], result("a")), "messages.[3].role", UNANSWERED + "b"),
    (loop([call("a")], USER), "messages.[2].role", UNANSWERED + "a"),
    (loop([call("a")], result("b")), "messages.[2].role", STRAY),
    ({"messages": [USER, result("a")]}, "messages.[1].role", STRAY),
    (loop([call("a")], result("a", content=[PICTURE])), "messages[2].content[0].type",
     "Invalid content type. image_url is only supported by certain models."),
    (loop([call("a", function={"name": "f", "arguments": {}})], result("a")),
     "messages[1].tool_calls[0].function.arguments",
     "Invalid type for 'messages[1].tool_calls[0].function.arguments': expected a string."),
]  # fmt: skip


@pytest.mark.parametrize(("change", "param", "message"), REFUSED)
def test_what_the_vendor_refuses_is_refused_in_its_words(change, param, message):
    with pytest.raises(RefusalError) as caught:
        read(change)
    assert (caught.value.status, caught.value.param) == (400, param)
    assert caught.value.message == message


def test_what_the_vendor_takes_is_read():
    asked = read(
        loop(
            [call("a"), call("b")],
            result("b"),
            result("a"),
            {"role": "user", "content": [PICTURE, {"type": "text", "text": "Hm"}]},
            tool_choice=tool(),
            parallel_tool_calls=False,
        )
    )
    assert [(said.role, said.text, said.calls) for said in asked.conversation[1:]] == [
        ("assistant", "", True),
        ("tool", "18", False),
        ("tool", "18", False),
        ("user", "Hm", False),
    ]
    assert (asked.choice, asked.named, asked.parallel) == ("named", "weather", False)


@pytest.mark.parametrize("streamed", [False, True])
async def test_a_loop_runs_to_its_answer(gpt, streamed):
    messages: list[Any] = [USER]
    said = []
    for _ in range(2):
        given: Any = {"model": GPT, "messages": messages, "tools": [tool()]}
        if streamed:
            async with gpt.chat.completions.stream(**given) as stream:
                completion = await stream.get_final_completion()
        else:
            completion = await gpt.chat.completions.create(**given)
        message = completion.choices[0].message
        said.append((completion.choices[0].finish_reason, message))
        answer = {"role": "assistant", "content": message.content}
        calls = [one.to_dict() for one in message.tool_calls or ()]
        for one in calls:
            one["function"].pop("parsed_arguments", None)
            one.pop("index", None)
        messages.append(answer | ({"tool_calls": calls} if calls else {}))
        messages += [
            result(one["id"], content=json.loads(one["function"]["arguments"])["city"])
            for one in calls
        ]
    assert [finish for finish, _ in said] == ["tool_calls", "stop"]
    assert said[0][1].content is None
    assert [json.loads(one.function.arguments) for one in said[0][1].tool_calls] == [
        {"city": "Paris"},
        {"city": "Rome"},
    ]
    assert said[1][1].content.endswith("“Paris” (result 1)\n“Rome” (result 2)")


async def test_a_demanded_function_ends_with_stop(gpt):
    completion = await gpt.chat.completions.create(
        model=GPT, messages=[USER], tools=[tool()], tool_choice=tool()
    )
    assert completion.choices[0].finish_reason == "stop"
    assert len(completion.choices[0].message.tool_calls) == 2
