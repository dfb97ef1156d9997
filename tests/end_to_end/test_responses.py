"""Responses on either side: every client of a program against every kind of upstream."""

import shutil
from collections.abc import Callable, Mapping
from typing import Any

import msgspec
import openai
import pytest

from tests.end_to_end.programs import Ask, Heard, programs
from tests.end_to_end.running import CLAUDE, OFFICER, ROOT, Server
from tests.end_to_end.vendors import Vendors

MODELS = ROOT / "scenarios" / "statechat" / "directory"
GPT_ID = "openai/gpt-4.1"
RESPONSES_ROUTE = f"{GPT_ID}@openai:responses"
ROUTES = {
    f"{GPT_ID}@openai": "/v1/chat/completions",
    RESPONSES_ROUTE: "/v1/responses",
    f"anthropic/{CLAUDE}@anthropic": "/v1/messages",
    "google/gemini-2.5-pro@google": "/v1beta/models/gemini-2.5-pro",
}
_ADDED = f"""routes:
  {RESPONSES_ROUTE}:
    protocol: openai-responses
    upstream_model: gpt-4.1-2025-04-14
    account: government-openai
"""
QUESTION = "Quote this: the lighthouse keeper counts the boats."


@pytest.fixture(scope="module")
def gateway(server: Server, tmp_path_factory: pytest.TempPathFactory) -> Server:
    """The demonstration with one more route, to OpenAI's Responses."""
    folder = tmp_path_factory.mktemp("directory")
    for path in MODELS.glob("*.yaml"):
        shutil.copy(path, folder)
    models = folder / "models.yaml"
    models.write_text(models.read_text().replace("routes:\n", _ADDED))
    server.run("apply", str(folder), "--by", OFFICER)
    return server


@pytest.fixture(scope="module")
def gpt(gateway: Server) -> openai.OpenAI:
    return gateway.gpt(gateway.key("treasury-code"))


def whole(client: openai.OpenAI) -> Ask:
    def ask(model: str) -> Heard:
        raw = client.responses.with_raw_response.create(
            model=model, instructions="Be brief.", input=QUESTION, store=False
        )
        response = raw.parse()
        assert (response.status, response.error) == ("completed", None)
        assert response.usage is not None
        assert response.usage.output_tokens > 0
        return Heard(response.output_text, response.model, raw.headers)

    return ask


def events(client: openai.OpenAI) -> Ask:
    def ask(model: str) -> Heard:
        raw = client.responses.with_raw_response.create(model=model, input=QUESTION, stream=True)
        seen: list[Any] = list(raw.parse())
        assert [event.sequence_number for event in seen] == list(range(len(seen)))
        kinds = list(dict.fromkeys(event.type.removeprefix("response.") for event in seen))
        assert kinds == [
            "created", "in_progress", "output_item.added", "content_part.added",
            "output_text.delta", "output_text.done", "content_part.done", "output_item.done",
            "completed",
        ]  # fmt: skip
        text = "".join(e.delta for e in seen if e.type == "response.output_text.delta")
        assert seen[-1].response.output_text == text
        return Heard(text, seen[0].response.model, raw.headers)

    return ask


def helper(client: openai.OpenAI) -> Ask:
    def ask(model: str) -> Heard:
        with client.responses.stream(model=model, input=QUESTION) as stream:
            response = stream.get_final_response()
            return Heard(response.output_text, response.model, stream._response.headers)

    return ask


RESPONSES: Mapping[str, Callable[[openai.OpenAI], Ask]] = {
    "responses, whole": whole,
    "responses, events": events,
    "responses, helper": helper,
}


@pytest.fixture(scope="module")
def ways(gateway: Server, gpt: openai.OpenAI) -> Mapping[str, Ask]:
    claude = gateway.claude(gateway.key("treasury-code"))
    return {**programs(claude, gpt), **{name: make(gpt) for name, make in RESPONSES.items()}}


WAYS = (
    "anthropic, whole", "anthropic, helper", "openai, whole", "openai, helper", *RESPONSES,
)  # fmt: skip


@pytest.mark.parametrize("route", ROUTES)
@pytest.mark.parametrize("way", WAYS)
def test_every_client_is_answered_by_every_upstream(
    ways: Mapping[str, Ask], vendors: Vendors, way: str, route: str
):
    heard = ways[way](route)
    assert heard.text.startswith("Stand-in for")
    assert heard.headers["changeover-route"] == route
    assert heard.model == route.partition("@")[0]
    assert vendors.calls[-1].path.partition(":")[0] == ROUTES[route]


@pytest.mark.parametrize("route", ROUTES)
def test_a_conversation_goes_on_with_what_was_answered(gpt: openai.OpenAI, route: str):
    first = gpt.responses.create(model=route, input="The visa report is due on 27 August.")
    said: list[Any] = [
        {"role": "user", "content": "The visa report is due on 27 August."},
        *[item.model_dump() for item in first.output],
        {"role": "user", "content": "When is the visa report due?"},
    ]
    raw = gpt.responses.with_raw_response.create(model=route, input=said)
    assert "27 August" in raw.parse().output_text
    assert "changeover-losses" not in raw.headers or "input" not in raw.headers["changeover-losses"]


@pytest.mark.parametrize("route", ROUTES)
def test_a_limit_ends_an_answer_as_incomplete(gpt: openai.OpenAI, route: str):
    response = gpt.responses.create(model=route, input=QUESTION, max_output_tokens=16)
    assert response.status == "incomplete"
    assert response.incomplete_details is not None
    assert response.incomplete_details.reason == "max_output_tokens"
    assert response.usage is not None
    assert response.usage.output_tokens == 16
    seen: list[Any] = list(
        gpt.responses.create(model=route, input=QUESTION, max_output_tokens=16, stream=True)
    )
    assert seen[-1].type == "response.incomplete"
    assert seen[-2].item.status == "incomplete"


def test_a_limit_that_the_vendor_would_refuse_is_raised_and_told(gpt: openai.OpenAI):
    raw = gpt.chat.completions.with_raw_response.create(
        model=RESPONSES_ROUTE,
        messages=[{"role": "user", "content": QUESTION}],
        max_completion_tokens=3,
        stop=["never"],
    )
    assert raw.parse().choices[0].finish_reason == "length"
    assert raw.headers["changeover-losses"] == "max_tokens, stop"


@pytest.mark.parametrize(
    ("fields", "named"),
    [
        ({"previous_response_id": "resp_1"}, "previous_response_id"),
        ({"background": True}, "background"),
        ({"conversation": "conv_1"}, "conversation"),
        ({"prompt": {"id": "pmpt_1"}}, "prompt"),
        ({"tools": [{"type": "web_search"}]}, "tools[0].type"),
    ],
)
def test_what_would_change_the_answer_is_refused_by_name(gpt: openai.OpenAI, fields, named):
    with pytest.raises(openai.BadRequestError) as caught:
        gpt.responses.create(model=CLAUDE, input=QUESTION, **fields)
    assert (caught.value.code, caught.value.param) == ("invalid_request", named)


def test_what_is_stored_nowhere_is_not_found(gpt: openai.OpenAI):
    with pytest.raises(openai.NotFoundError, match="Nothing is stored"):
        gpt.responses.retrieve("resp_1")


def test_what_is_not_carried_is_told(gpt: openai.OpenAI):
    raw = gpt.responses.with_raw_response.create(
        model=RESPONSES_ROUTE,
        input=QUESTION,
        store=True,
        metadata={"a": "b"},
    )
    assert raw.headers["changeover-losses"] == "store"
    elsewhere = gpt.responses.with_raw_response.create(
        model=CLAUDE, input=QUESTION, store=True, metadata={"a": "b"}
    )
    assert {"metadata", "store"} <= set(elsewhere.headers["changeover-losses"].split(", "))


def test_the_vendors_refusal_is_heard_in_the_clients_shape(gateway: Server, gpt: openai.OpenAI):
    key = gateway.key("treasury-code")
    body = {"model": RESPONSES_ROUTE, "input": [{"role": "king", "content": "x"}]}
    response = gateway.post("/v1/responses", key, msgspec.json.encode(body))
    assert response.status_code == 400
    assert response.json()["error"]["type"] == "invalid_request_error"
    assert "Invalid value: 'king'" in response.json()["error"]["message"]


# Tools

TASK = 'Use weather "Paris" and weather "Rome". Then use convert 21.'
WEATHER: dict[str, Any] = {
    "name": "weather",
    "description": "The weather in a city.",
    "parameters": {"type": "object", "properties": {"city": {"type": "string"}}},
}
CONVERT: dict[str, Any] = {
    "name": "convert",
    "description": "Celsius to Fahrenheit.",
    "parameters": {"type": "object", "properties": {"celsius": {"type": "number"}}},
}
FUNCTIONS = (WEATHER, CONVERT)
ROUNDS = [
    [("weather", {"city": "Paris"}), ("weather", {"city": "Rome"})],
    [("convert", {"celsius": 21.0})],
]
Rounds = list[list[tuple[str, Any]]]


def responses_loop(client: openai.OpenAI, model: str, *, streamed: bool) -> tuple[Rounds, str]:
    tools: Any = [{"type": "function", "strict": False, **each} for each in FUNCTIONS]
    said: list[Any] = [{"role": "user", "content": TASK}]
    rounds: Rounds = []
    while True:
        asked: Any = {"model": model, "input": said, "tools": tools}
        if streamed:
            with client.responses.stream(**asked) as stream:
                for event in stream:
                    if event.type == "response.function_call_arguments.done":
                        assert msgspec.json.decode(event.arguments) is not None
                response: Any = stream.get_final_response()
        else:
            response = client.responses.create(**asked)
        calls = [item for item in response.output if item.type == "function_call"]
        if not calls:
            return rounds, response.output_text
        rounds.append([(call.name, msgspec.json.decode(call.arguments)) for call in calls])
        said += [item.to_dict() for item in response.output]
        said += [
            {"type": "function_call_output", "call_id": call.call_id, "output": "It is 21 degrees."}
            for call in calls
        ]


@pytest.mark.parametrize("streamed", [False, True], ids=["whole", "streamed"])
@pytest.mark.parametrize("route", ROUTES)
def test_a_loop_of_calls_runs_to_its_end(gpt: openai.OpenAI, route: str, streamed: bool):
    rounds, text = responses_loop(gpt, route, streamed=streamed)
    assert rounds == ROUNDS
    assert text.startswith("Stand-in for")


def test_a_conversation_changes_vendor_between_a_call_and_its_result(gpt: openai.OpenAI):
    tools: Any = [{"type": "function", "strict": False, **each} for each in FUNCTIONS]
    said: list[Any] = [{"role": "user", "content": TASK}]
    for route in ("google/gemini-2.5-pro@google", RESPONSES_ROUTE, f"anthropic/{CLAUDE}@anthropic"):
        response = gpt.responses.create(model=route, input=said, tools=tools)
        said += [item.to_dict() for item in response.output]
        said += [
            {"type": "function_call_output", "call_id": item.call_id, "output": "21 degrees."}
            for item in response.output
            if item.type == "function_call"
        ]
    kinds = [item.get("type", "message") for item in said]
    assert kinds.count("function_call") == 3
    assert kinds[-1] == "message"


def chat_loop(client: openai.OpenAI, *, streamed: bool) -> Rounds:
    tools: Any = [{"type": "function", "function": each} for each in FUNCTIONS]
    messages: list[Any] = [{"role": "user", "content": TASK}]
    rounds: Rounds = []
    while True:
        asked: Any = {"model": RESPONSES_ROUTE, "messages": messages, "tools": tools}
        if streamed:
            with client.chat.completions.stream(**asked) as stream:
                completion: Any = stream.get_final_completion()
        else:
            completion = client.chat.completions.create(**asked)
        choice = completion.choices[0]
        calls = choice.message.tool_calls or []
        assert choice.finish_reason == ("tool_calls" if calls else "stop")
        if not calls:
            return rounds
        rounds.append([(c.function.name, msgspec.json.decode(c.function.arguments)) for c in calls])
        messages.append(choice.message.to_dict(mode="json", exclude_none=True))
        messages += [
            {"role": "tool", "tool_call_id": call.id, "content": "It is 21 degrees."}
            for call in calls
        ]


@pytest.mark.parametrize("streamed", [False, True], ids=["whole", "streamed"])
def test_chat_completions_loops_over_responses(gpt: openai.OpenAI, streamed: bool):
    assert chat_loop(gpt, streamed=streamed) == ROUNDS


@pytest.mark.parametrize("streamed", [False, True], ids=["whole", "streamed"])
def test_messages_loops_over_responses(gateway: Server, streamed: bool):
    client = gateway.claude(gateway.key("treasury-code"))
    tools: Any = [
        {"name": f["name"], "description": f["description"], "input_schema": f["parameters"]}
        for f in FUNCTIONS
    ]
    messages: list[Any] = [{"role": "user", "content": TASK}]
    rounds: Rounds = []
    stop = "tool_use"
    while stop == "tool_use":
        asked: Any = {
            "model": RESPONSES_ROUTE, "max_tokens": 200, "messages": messages, "tools": tools,
        }  # fmt: skip
        if streamed:
            with client.messages.stream(**asked) as stream:
                message: Any = stream.get_final_message()
        else:
            message = client.messages.create(**asked)
        stop = message.stop_reason
        calls = [block for block in message.content if block.type == "tool_use"]
        if calls:
            rounds.append([(call.name, call.input) for call in calls])
        messages.append({"role": "assistant", "content": message.content})
        results = [
            {"type": "tool_result", "tool_use_id": call.id, "content": "21", "is_error": True}
            for call in calls
        ]
        messages.append({"role": "user", "content": results})
    assert (rounds, stop) == (ROUNDS, "end_turn")
