"""Tools through the gateway: Google's SDK with every vendor, the others' with Google's."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from google import genai
from google.genai import types

from tests.end_to_end.running import CLAUDE, GPT, Server

GEMINI = "gemini-2.5-pro"
MODELS = (GEMINI, CLAUDE, GPT)
# Two calls at once, and when their results are there a third.
ASKED = 'Use weather "Paris" and weather "Rome". Then use convert 7.'
SCHEMAS: dict[str, dict[str, Any]] = {
    "weather": {"type": "object", "properties": {"city": {"type": "string"}}},
    "convert": {"type": "object", "properties": {"degrees": {"type": "integer"}}},
}
each_model = pytest.mark.parametrize("model", MODELS)


class Tools:
    """What a program's functions were called with."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, Any]] = []

    def run(self, name: str, given: dict[str, Any]) -> str:
        (value,) = given.values()
        self.asked.append((name, value))
        return f"{name} of {value} is mild"


EXPECTED = [("weather", "Paris"), ("weather", "Rome"), ("convert", 7)]


@pytest.fixture(scope="module")
def key(server: Server) -> str:
    return server.key("treasury-code")


@pytest.fixture
def google(server: Server, key: str) -> Iterator[genai.Client]:
    with genai.Client(api_key=key, http_options=types.HttpOptions(base_url=server.url)) as client:
        yield client


@each_model
def test_googles_sdk_calls_functions_by_itself(google: genai.Client, model: str):
    tools = Tools()

    def weather(city: str) -> str:
        """Tell the weather."""
        return tools.run("weather", {"city": city})

    def convert(degrees: int) -> str:
        """Convert degrees."""
        return tools.run("convert", {"degrees": degrees})

    config = types.GenerateContentConfig(tools=[weather, convert])
    answer = google.models.generate_content(model=model, contents=ASKED, config=config)
    assert tools.asked == EXPECTED
    assert answer.function_calls is None
    assert "mild" in (answer.text or "")


@each_model
@pytest.mark.parametrize("streamed", [False, True])
def test_a_program_that_holds_its_history_goes_through_two_rounds(
    google: genai.Client, model: str, streamed: bool
):
    tools = Tools()
    declared = [
        types.FunctionDeclaration(name=name, parameters_json_schema=schema)
        for name, schema in SCHEMAS.items()
    ]
    config = types.GenerateContentConfig(tools=[types.Tool(function_declarations=declared)])
    history: list[Any] = [types.UserContent(ASKED)]
    for _ in range(3):
        if streamed:
            chunks = list(
                google.models.generate_content_stream(model=model, contents=history, config=config)
            )
        else:
            chunks = [google.models.generate_content(model=model, contents=history, config=config)]
        finished = [c.candidates[0].finish_reason for c in chunks if c.candidates]
        assert [finish for finish in finished if finish] == [types.FinishReason.STOP]
        parts = [part for chunk in chunks for part in chunk.parts or ()]
        calls = [part.function_call for part in parts if part.function_call is not None]
        if not calls:
            break
        # Google's own answers, which pass as they are, name no calls.
        own = model.startswith("gemini")
        assert len({call.id for call in calls}) == (1 if own else len(calls))
        history.append(types.ModelContent(parts))
        history.append(
            types.UserContent(
                [
                    types.Part(
                        function_response=types.FunctionResponse(
                            id=call.id,
                            name=call.name,
                            response={"result": tools.run(call.name or "", call.args or {})},
                        )
                    )
                    for call in calls
                ]
            )
        )
    assert tools.asked == EXPECTED
    assert "mild" in "".join(part.text or "" for part in parts)


@pytest.mark.parametrize("streamed", [False, True])
def test_chat_completions_calls_tools_of_gemini(server: Server, key: str, streamed: bool):
    client, tools = server.gpt(key), Tools()
    messages: list[Any] = [{"role": "user", "content": ASKED}]
    offered: Any = [
        {"type": "function", "function": {"name": name, "parameters": schema}}
        for name, schema in SCHEMAS.items()
    ]
    for _ in range(3):
        if streamed:
            with client.chat.completions.stream(
                model=GEMINI, messages=messages, tools=offered
            ) as stream:
                choice: Any = stream.get_final_completion().choices[0]
        else:
            choice = client.chat.completions.create(
                model=GEMINI, messages=messages, tools=offered
            ).choices[0]
        if not choice.message.tool_calls:
            break
        assert choice.finish_reason == "tool_calls"
        messages.append(choice.message.to_dict(exclude_none=True))
        for call in choice.message.tool_calls:
            given = json.loads(call.function.arguments)
            text = tools.run(call.function.name, given)
            messages.append({"role": "tool", "tool_call_id": call.id, "content": text})
    assert tools.asked == EXPECTED
    assert choice.finish_reason == "stop"
    assert "mild" in choice.message.content


@pytest.mark.parametrize("streamed", [False, True])
def test_messages_calls_tools_of_gemini(server: Server, key: str, streamed: bool):
    client, tools = server.claude(key), Tools()
    messages: list[Any] = [{"role": "user", "content": ASKED}]
    offered: Any = [{"name": name, "input_schema": schema} for name, schema in SCHEMAS.items()]
    for _ in range(3):
        asked: Any = {
            "model": GEMINI, "max_tokens": 200, "messages": messages, "tools": offered,
        }  # fmt: skip
        if streamed:
            with client.messages.stream(**asked) as stream:
                message: Any = stream.get_final_message()
        else:
            message = client.messages.create(**asked)
        calls = [block for block in message.content if block.type == "tool_use"]
        if not calls:
            break
        assert message.stop_reason == "tool_use"
        messages.append({"role": "assistant", "content": message.content})
        results = [
            {"type": "tool_result", "tool_use_id": c.id, "content": tools.run(c.name, c.input)}
            for c in calls
        ]
        messages.append({"role": "user", "content": results})
    assert tools.asked == EXPECTED
    assert message.stop_reason == "end_turn"
    assert "mild" in message.content[0].text
