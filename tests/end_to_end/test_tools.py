"""Programs that let a model call their tools, with the official SDKs and any vendor behind.

Each program runs a loop: two calls at once, then a third, then the answer that
quotes the results. The models of its rounds may change from one to the next,
as they do when an order comes in the middle of a loop.
"""

import base64
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import cycle
from pathlib import Path
from typing import Any

import anthropic
import msgspec
import openai
import pytest

from tests.end_to_end.running import CLAUDE, GPT, Server
from tests.end_to_end.vendors import Vendors

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")

ASK = 'Use get_weather "Paris" and get_weather "São Paulo". Then tell me what now is.'
ANSWER = "“Paris: 18 degrees” (result 1)"
LAST = "“noon” (result 3)"
SCHEMA = {
    "type": "object",
    "properties": {"city": {"type": "string"}},
    "required": ["city"],
    "additionalProperties": False,
}
PICTURE = base64.b64encode(b"not looked at").decode()
CLAUDE_TOOLS: Any = [
    {"name": "get_weather", "description": "The weather now.", "input_schema": SCHEMA},
    {"name": "now", "input_schema": {"type": "object"}},
]
GPT_TOOLS: Any = [
    {"type": "function", "function": {"name": "get_weather", "parameters": SCHEMA, "strict": True}},
    {"type": "function", "function": {"name": "now"}},
]


class Loop(msgspec.Struct):
    """What a program saw: its tools' calls, why each answer stopped, and the last one's text."""

    called: list[tuple[str, Any]] = []
    stops: list[str | None] = []
    text: str = ""

    def call(self, name: str, given: Any) -> str:
        self.called.append((name, given))
        return "noon" if name == "now" else f"{given['city']}: 18 degrees"


Run = Callable[[Iterable[str]], Loop]


def claude_loop(answer: Callable[..., anthropic.types.Message]) -> Run:
    """The loop that Anthropic's reference shows, on `answer` for its calls."""

    def run(models: Iterable[str]) -> Loop:
        loop, rounds = Loop(), cycle(models)
        messages: list[Any] = [{"role": "user", "content": ASK}]
        while not loop.text:
            message = answer(
                model=next(rounds), max_tokens=300, messages=messages, tools=CLAUDE_TOOLS
            )
            loop.stops.append(message.stop_reason)
            calls = [block for block in message.content if block.type == "tool_use"]
            results = [
                {
                    "type": "tool_result",
                    "tool_use_id": call.id,
                    "content": loop.call(call.name, call.input),
                }
                for call in calls
            ]
            messages.append({"role": "assistant", "content": message.content})
            messages.append({"role": "user", "content": results})
            if not calls:
                loop.text = "".join(b.text for b in message.content if b.type == "text")
        return loop

    return run


def claude_whole(client: anthropic.Anthropic) -> Run:
    return claude_loop(client.messages.create)


def claude_helper(client: anthropic.Anthropic) -> Run:
    def answer(**given: Any) -> anthropic.types.Message:
        with client.messages.stream(**given) as stream:
            return stream.get_final_message()

    return claude_loop(answer)


def claude_runner(client: anthropic.Anthropic, *, stream: bool) -> Run:
    """The SDK's own tool runner, which calls functions and keeps the messages itself."""

    def run(models: Iterable[str]) -> Loop:
        loop = Loop()

        @anthropic.beta_tool
        def get_weather(city: str) -> str:
            """The weather now.

            Args:
                city: Where.
            """
            return loop.call("get_weather", {"city": city})

        @anthropic.beta_tool
        def now() -> str:
            """The time."""
            return loop.call("now", {})

        given: Any = {
            "model": next(iter(models)),
            "max_tokens": 300,
            "messages": [{"role": "user", "content": ASK}],
            "tools": [get_weather, now],
        }
        runner: Any = client.beta.messages.tool_runner(**given, stream=stream)
        for each in runner:
            message = each.get_final_message() if stream else each
            loop.stops.append(message.stop_reason)
            loop.text = "".join(b.text for b in message.content if b.type == "text")
        return loop

    return run


def gpt_loop(answer: Callable[..., Any]) -> Run:
    """The loop that OpenAI's reference shows; `answer` gives the choice as a mapping."""

    def run(models: Iterable[str]) -> Loop:
        loop, rounds = Loop(), cycle(models)
        messages: list[Any] = [{"role": "user", "content": ASK}]
        while not loop.text:
            choice = answer(model=next(rounds), messages=messages, tools=GPT_TOOLS)
            loop.stops.append(choice["finish_reason"])
            message = choice["message"]
            messages.append(message)
            for call in message.get("tool_calls") or ():
                function = call["function"]
                result = loop.call(function["name"], json.loads(function["arguments"]))
                messages.append({"role": "tool", "tool_call_id": call["id"], "content": result})
            if not message.get("tool_calls"):
                loop.text = message["content"]
        return loop

    return run


def gpt_whole(client: openai.OpenAI) -> Run:
    def answer(**given: Any) -> Any:
        completion = client.chat.completions.create(**given)
        return completion.choices[0].to_dict()

    return gpt_loop(answer)


def gpt_chunks(client: openai.OpenAI) -> Run:
    """Chunks added up by hand, as programs without the helper do."""

    def answer(**given: Any) -> Any:
        text, finish = "", None
        calls: dict[int, Any] = {}
        for chunk in client.chat.completions.create(**given, stream=True):
            choice = chunk.choices[0]
            text += choice.delta.content or ""
            finish = choice.finish_reason or finish
            for more in choice.delta.tool_calls or ():
                if more.index not in calls:
                    named = {"name": more.function.name, "arguments": ""}
                    calls[more.index] = {"id": more.id, "type": "function", "function": named}
                calls[more.index]["function"]["arguments"] += more.function.arguments
        message: dict[str, Any] = {"role": "assistant", "content": text}
        if calls:
            message["tool_calls"] = list(calls.values())
        return {"finish_reason": finish, "message": message}

    return gpt_loop(answer)


def gpt_helper(client: openai.OpenAI) -> Run:
    def answer(**given: Any) -> Any:
        tools = [GPT_TOOLS[0], {**GPT_TOOLS[1], "function": {"name": "now", "strict": True}}]
        with client.chat.completions.stream(**given | {"tools": tools}) as stream:
            choice = stream.get_final_completion().choices[0]
        calls = [
            {
                "id": call.id,
                "type": "function",
                "function": {"name": call.function.name, "arguments": call.function.arguments},
            }
            for call in choice.message.tool_calls or ()
        ]
        message = {"role": "assistant", "content": choice.message.content}
        return {
            "finish_reason": choice.finish_reason,
            "message": message | ({"tool_calls": calls} if calls else {}),
        }

    return gpt_loop(answer)


WAYS: Mapping[str, Callable[[anthropic.Anthropic, openai.OpenAI], Run]] = {
    "anthropic, whole": lambda claude, _: claude_whole(claude),
    "anthropic, helper": lambda claude, _: claude_helper(claude),
    "anthropic, runner": lambda claude, _: claude_runner(claude, stream=False),
    "anthropic, streaming runner": lambda claude, _: claude_runner(claude, stream=True),
    "openai, whole": lambda _, gpt: gpt_whole(gpt),
    "openai, chunks": lambda _, gpt: gpt_chunks(gpt),
    "openai, helper": lambda _, gpt: gpt_helper(gpt),
}
SWITCHING = [way for way in WAYS if "runner" not in way]


@pytest.fixture(scope="module")
def clients(server: Server) -> tuple[anthropic.Anthropic, openai.OpenAI]:
    key = server.key("treasury-code")
    return server.claude(key), server.gpt(key)


def check(loop: Loop, way: str) -> None:
    assert loop.called == [
        ("get_weather", {"city": "Paris"}),
        ("get_weather", {"city": "São Paulo"}),
        ("now", {}),
    ]
    calls, end = ("tool_use", "end_turn") if "anthropic" in way else ("tool_calls", "stop")
    assert loop.stops == [calls, calls, end]
    assert LAST in loop.text


@pytest.mark.parametrize("model", [CLAUDE, GPT])
@pytest.mark.parametrize("way", WAYS)
def test_a_loop_of_two_rounds_runs_to_its_answer(clients, way: str, model: str):
    check(WAYS[way](*clients)([model]), way)


@pytest.mark.parametrize("models", [(CLAUDE, GPT), (GPT, CLAUDE)])
@pytest.mark.parametrize("way", SWITCHING)
def test_the_vendor_may_change_in_the_middle_of_a_loop_and_back(clients, way: str, models):
    check(WAYS[way](*clients)(models), way)


@pytest.mark.parametrize("way", ["anthropic, helper", "openai, whole"])
def test_an_order_in_the_middle_of_a_loop_replaces_the_model_and_the_loop_goes_on(
    way: str, vendors: Vendors, tmp_path: Path
):
    def models(server: Server) -> Iterator[str]:
        yield CLAUDE
        server.run("scenario", "play", "--until", "2026-03-03")
        yield from (CLAUDE, CLAUDE)

    earlier = len(vendors.calls)
    with Server(tmp_path, "--stand-in-url", vendors.url) as server:
        key = server.key("treasury-code")
        check(WAYS[way](server.claude(key), server.gpt(key))(models(server)), way)
    assert [call.host for call in vendors.calls[earlier:]] == ["anthropic", "openai", "openai"]


@pytest.mark.parametrize("model", [CLAUDE, GPT])
def test_a_demanded_tool_ends_the_answer_for_its_call(clients, model: str):
    claude, gpt = clients
    asked: Any = [{"role": "user", "content": "Hello."}]
    message = claude.messages.create(
        model=model,
        max_tokens=99,
        messages=asked,
        tools=CLAUDE_TOOLS,
        tool_choice={"type": "tool", "name": "now"},
    )
    assert message.stop_reason == "tool_use"
    assert [b.name for b in message.content if b.type == "tool_use"] == ["now"]
    choice = {"type": "function", "function": {"name": "now"}}
    given: Any = {"model": model, "messages": asked, "tools": GPT_TOOLS, "tool_choice": choice}
    answer = gpt.chat.completions.create(**given).choices[0]
    # OpenAI itself says so, and its answers to its own clients pass as they are.
    assert answer.finish_reason == ("stop" if model == GPT else "tool_calls")
    assert answer.message.tool_calls is not None
    assert [call.to_dict()["function"] for call in answer.message.tool_calls] == [
        {"name": "now", "arguments": "{}"}
    ]


@pytest.mark.parametrize("model", [CLAUDE, GPT])
def test_one_call_at_a_time_forces_none(clients, model: str):
    claude, gpt = clients
    quiet: Any = [{"role": "user", "content": "Hello."}]
    asked: Any = [{"role": "user", "content": ASK}]
    alone: Any = {"type": "auto", "disable_parallel_tool_use": True}
    given: Any = {"model": model, "max_tokens": 300, "tools": CLAUDE_TOOLS, "tool_choice": alone}
    assert claude.messages.create(**given, messages=quiet).stop_reason == "end_turn"
    blocks = claude.messages.create(**given, messages=asked).content
    assert len([block for block in blocks if block.type == "tool_use"]) == 1
    wanted: Any = {"model": model, "tools": GPT_TOOLS, "parallel_tool_calls": False}
    answer = gpt.chat.completions.create(**wanted, messages=quiet).choices[0]
    assert (answer.finish_reason, answer.message.tool_calls) == ("stop", None)
    calls = gpt.chat.completions.create(**wanted, messages=asked).choices[0].message.tool_calls
    assert calls is not None
    assert len(calls) == 1


@pytest.mark.parametrize("model", [CLAUDE, GPT])
def test_images_reach_either_vendor_also_in_a_tools_result(clients, model: str):
    claude, gpt = clients
    source = {"type": "base64", "media_type": "image/png", "data": PICTURE}
    image = {"type": "image", "source": source}
    call = {"type": "tool_use", "id": "toolu_1", "name": "now", "input": {}}
    result = {"type": "tool_result", "tool_use_id": "toolu_1", "content": [image], "is_error": True}
    messages: Any = [
        {"role": "user", "content": [image, {"type": "text", "text": "What is it?"}]},
        {"role": "assistant", "content": [call]},
        {"role": "user", "content": [result]},
    ]
    raw = claude.messages.with_raw_response.create(
        model=model, max_tokens=300, messages=messages, tools=CLAUDE_TOOLS
    )
    assert raw.parse().stop_reason == "end_turn"
    lost = raw.headers.get("changeover-losses")
    assert lost == ("is_error, tool_result" if model == GPT else None)

    url = {"url": f"data:image/png;base64,{PICTURE}"}
    asked: Any = [
        {
            "role": "user",
            "content": [
                {"type": "image_url", "image_url": url},
                {"type": "text", "text": "What is it?"},
            ],
        }
    ]
    answer = gpt.chat.completions.create(model=model, messages=asked)
    assert answer.choices[0].finish_reason == "stop"


@pytest.mark.parametrize("model", [CLAUDE, GPT])
def test_a_history_of_calls_may_come_without_tools_and_with_any_ids(clients, model: str):
    _, gpt = clients
    function = {"name": "now", "arguments": ""}
    messages: list[Any] = [{"role": "user", "content": "What time is it?"}]
    for _ in range(2):
        call = {"id": "fc_1|rs.2", "type": "function", "function": function}
        messages += [
            {"role": "assistant", "content": "\n", "tool_calls": [call]},
            {"role": "tool", "tool_call_id": "fc_1|rs.2", "content": "noon"},
        ]
    answer = gpt.chat.completions.create(model=model, messages=messages).choices[0]
    assert answer.finish_reason == "stop"
    assert "“noon” (result 2)" in (answer.message.content or "")
