"""Tools at Anthropic's stand-in: the table of refusals, and a loop with the official SDK."""

from typing import Any

import msgspec
import pytest

from changeover.standin.anthropic_request import read_request
from changeover.standin.asked import Asked, RefusalError

from .conftest import CLAUDE

SCHEMA = {"type": "object", "properties": {"city": {"type": "string"}}}
TOOLS: Any = [{"name": "weather", "input_schema": SCHEMA}]
USER = {"role": "user", "content": 'Use weather "Paris" and weather "Rome".'}


def use(call: str, **fields: Any) -> dict[str, Any]:
    return {"type": "tool_use", "id": call, "name": "weather", "input": {}, **fields}


def result(call: str, **fields: Any) -> dict[str, Any]:
    return {"type": "tool_result", "tool_use_id": call, "content": "18", **fields}


def loop(answer: list[Any], after: list[Any] | None, **fields: Any) -> dict[str, Any]:
    messages = [USER, {"role": "assistant", "content": answer}]
    messages += [] if after is None else [{"role": "user", "content": after}]
    return {"messages": messages, **fields}


def read(change: dict[str, Any]) -> Asked:
    body = {"model": CLAUDE, "max_tokens": 50, "messages": [USER], "tools": TOOLS}
    return read_request(msgspec.json.encode(body | change), "2023-06-01")


TEXT = {"type": "text", "text": "Hm"}
REFUSED = [
    ({"tools": [TOOLS[0], TOOLS[0]]}, "tools: Tool names must be unique."),
    ({"tools": [{"name": "a b", "input_schema": SCHEMA}]},
     "tools.0.custom.name: String should match pattern '^[a-zA-Z0-9_-]{1,128}$'"),
    ({"tools": [{"name": "a", "input_schema": {}}]},
     "tools.0.custom.input_schema.type: Field required"),
    ({"tools": [TOOLS[0] | {"parameters": {}}]},
     "tools.0.custom.parameters: Extra inputs are not permitted"),
    ({"tools": [], "tool_choice": {"type": "any"}},
     "tool_choice: tool_choice may only be specified while providing tools"),
    ({"tool_choice": {"type": "tool", "name": "other"}},
     "Tool 'other' not found in provided tools"),
    ({"tool_choice": {"type": "none", "disable_parallel_tool_use": True}},
     "tool_choice.none.disable_parallel_tool_use: Extra inputs are not permitted"),
    (loop([use("a|b")], [result("a|b")]),
     "messages.1.content.0.tool_use.id: String should match pattern '^[a-zA-Z0-9_-]+$'"),
    (loop([use("a", input="{}")], [result("a")]),
     "messages.1.content.0.tool_use.input: Input should be a valid dictionary"),
    (loop([use("a"), use("a")], [result("a")]),
     "messages.1.content.1: `tool_use` ids must be unique"),
    (loop([use("a"), use("b")], [result("a")]),
     ("messages.1: `tool_use` ids were found without `tool_result` blocks immediately after: b. "
     "Each `tool_use` block must have a corresponding `tool_result` block in the next message.")),
    (loop([use("a")], None),
     ("messages.1: `tool_use` ids were found without `tool_result` blocks immediately after: a. "
     "Each `tool_use` block must have a corresponding `tool_result` block in the next message.")),
    (loop([TEXT], [result("a")]),
     ("messages.2.content.0: unexpected `tool_use_id` found in `tool_result` blocks: a. Each "
     "`tool_result` block must have a corresponding `tool_use` block in the previous message.")),
    (loop([use("a")], [TEXT, result("a")]),
     "messages.2: `tool_result` blocks must come first in a user message"),
    (loop([use("a")], [result("a")], tools=[]),
     "Requests which include `tool_use` or `tool_result` blocks must define tools"),
    ({"messages": [{"role": "user", "content": [use("a")]}]},
     "messages.0.content.0: tool_use blocks can not be in user messages"),
    ({"messages": [{"role": "user", "content": [{"type": "image", "source": {"type": "base64"}}]}]},
     ("messages.0.content.0.image.source.base64.media_type: Input should be 'image/jpeg' or "
     "'image/png' or 'image/gif' or 'image/webp'")),
]  # fmt: skip


@pytest.mark.parametrize(("change", "message"), REFUSED)
def test_what_the_vendor_refuses_is_refused_in_its_words(change, message):
    with pytest.raises(RefusalError) as caught:
        read(change)
    assert (caught.value.status, caught.value.kind) == (400, "invalid_request_error")
    assert caught.value.message == message


def test_what_the_vendor_takes_is_read():
    source = {"type": "url", "url": "https://example.org/cat.png"}
    content = [{"type": "image", "source": source}, TEXT]
    asked = read(
        loop(
            [TEXT, use("a"), use("b")],
            [result("b"), result("a", content=content, is_error=True), TEXT],
            tool_choice={"type": "auto", "disable_parallel_tool_use": True},
        )
    )
    assert [(said.role, said.text, said.calls) for said in asked.conversation[1:]] == [
        ("assistant", "Hm", True),
        ("tool", "18", False),
        ("tool", "Hm", False),
        ("user", "Hm", False),
    ]
    assert (asked.choice, asked.parallel, asked.tools[0].name) == ("auto", False, "weather")


@pytest.mark.parametrize("streamed", [False, True])
async def test_a_loop_runs_to_its_answer(claude, streamed):
    messages: list[Any] = [USER]
    said = []
    for _ in range(2):
        given: Any = {"model": CLAUDE, "max_tokens": 99, "messages": messages, "tools": TOOLS}
        if streamed:
            async with claude.messages.stream(**given) as stream:
                message = await stream.get_final_message()
        else:
            message = await claude.messages.create(**given)
        said.append(message)
        calls = [block for block in message.content if block.type == "tool_use"]
        messages.append({"role": "assistant", "content": message.content})
        results = [result(call.id, content=f"{call.input['city']}: 18") for call in calls]
        messages.append({"role": "user", "content": results})
    assert [message.stop_reason for message in said] == ["tool_use", "end_turn"]
    text, *calls = said[0].content
    assert text.text == "Stand-in for Anthropic. I call what you named: weather, weather."
    assert [call.input for call in calls] == [{"city": "Paris"}, {"city": "Rome"}]
    assert said[1].content[0].text.endswith("“Paris: 18” (result 1)\n“Rome: 18” (result 2)")
