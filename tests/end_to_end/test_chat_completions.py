"""Chat Completions with the official SDK: what it says beyond text and calls, and Mistral's and
Azure's servers behind it, also where a vendor changes in the middle of a loop of tools.
"""

import json
from typing import Any

import anthropic
import openai
import pydantic
import pytest

from tests.end_to_end.running import CLAUDE, GPT, Server
from tests.end_to_end.test_tools import GPT_TOOLS, WAYS, check

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")

MISTRAL = "mistral-large"
PDF = "data:application/pdf;base64,JVBERi0xLjQ="
NOTES = "data:text/plain;base64,VGhlIGtlZXBlciBjb3VudHMgYm9hdHMu"


class Place(pydantic.BaseModel):
    city: str


@pytest.fixture(scope="module")
def clients(server: Server) -> tuple[anthropic.Anthropic, openai.OpenAI]:
    key = server.key("health-assistant")
    return server.claude(key), server.gpt(key)


@pytest.fixture(scope="module")
def gpt(clients: tuple[anthropic.Anthropic, openai.OpenAI]) -> openai.OpenAI:
    return clients[1]


def said(words: str) -> list[Any]:
    return [{"role": "user", "content": words}]


@pytest.mark.parametrize("way", ["anthropic, helper", "openai, whole", "openai, chunks"])
@pytest.mark.parametrize("models", [(MISTRAL,), (CLAUDE, MISTRAL), (MISTRAL, GPT)])
def test_a_loop_runs_to_its_answer_at_mistral_too(clients, way, models):
    check(WAYS[way](*clients)(models), way)


@pytest.mark.parametrize("model", [GPT, CLAUDE, MISTRAL])
@pytest.mark.parametrize("streamed", [False, True])
def test_the_sdk_parses_answers_in_a_form(gpt, model, streamed):
    asked: Any = {"model": model, "messages": said('Where is "Oslo"? Say it in JSON.')}
    if streamed:
        with gpt.chat.completions.stream(**asked, response_format=Place) as stream:
            answer = stream.get_final_completion()
    else:
        answer = gpt.chat.completions.parse(**asked, response_format=Place)
    assert answer.choices[0].message.parsed == Place(city="Oslo")


@pytest.mark.parametrize("model", [GPT, MISTRAL])
def test_probabilities_reach_the_sdk(gpt, model):
    asked: Any = {"model": model, "messages": said("Hello."), "logprobs": True, "top_logprobs": 2}
    whole = gpt.chat.completions.create(**asked).choices[0]
    with gpt.chat.completions.stream(**asked) as stream:
        streamed = stream.get_final_completion().choices[0]
    for choice in (whole, streamed):
        told = choice.logprobs.content
        assert "".join(one.token for one in told) == choice.message.content
        assert {len(one.top_logprobs) for one in told} == {2}


@pytest.mark.parametrize("streamed", [False, True])
def test_sources_refusals_and_withheld_answers(gpt, streamed):
    def answer(words: str) -> Any:
        asked: Any = {"model": GPT, "messages": said(words)}
        if not streamed:
            return gpt.chat.completions.create(**asked).choices[0]
        message: dict[str, Any] = {"content": "", "refusal": "", "annotations": []}
        finish = None
        for chunk in gpt.chat.completions.create(**asked, stream=True):
            delta = chunk.choices[0].delta.to_dict()
            message["content"] += delta.get("content") or ""
            message["refusal"] += delta.get("refusal") or ""
            message["annotations"] += delta.get("annotations") or []
            finish = chunk.choices[0].finish_reason or finish
        built = {"role": "assistant", **message}
        return openai.types.chat.chat_completion.Choice.model_validate(
            {"index": 0, "finish_reason": finish, "message": built}
        )

    cited = answer("Cite https://example.org/a, please.").message
    (citation,) = cited.annotations
    assert citation.url_citation.url == "https://example.org/a"
    assert (citation.url_citation.start_index, citation.url_citation.end_index) == (
        0,
        len(cited.content),
    )
    refused = answer("Decline to answer.")
    assert (refused.message.refusal, refused.finish_reason) == ("I decline to answer that.", "stop")
    assert answer("Withhold it.").finish_reason == "content_filter"


@pytest.mark.parametrize("model", [GPT, CLAUDE, MISTRAL])
def test_files_reach_each_vendor(gpt, model):
    def file(name: str, data: str) -> dict[str, Any]:
        return {"type": "file", "file": {"filename": name, "file_data": data}}

    parts: list[Any] = [
        file("a.pdf", PDF),
        file("notes.txt", NOTES),
        {"type": "text", "text": "What does the keeper count?"},
    ]
    messages: Any = [{"role": "user", "content": parts}]
    answer = gpt.chat.completions.create(model=model, messages=messages)
    assert "The keeper counts boats." in (answer.choices[0].message.content or "")


def test_files_that_lie_elsewhere_are_refused_by_name(gpt):
    messages: Any = [{"role": "user", "content": [{"type": "file", "file": {"file_id": "file-1"}}]}]
    with pytest.raises(openai.BadRequestError) as refused:
        gpt.chat.completions.create(model=GPT, messages=messages)
    assert refused.value.param == "messages[0].content[0].file.file_id"


NAME = "files.read: any file at all, whatever it is and wherever it may lie " + "x" * 20


@pytest.mark.parametrize("model", [GPT, MISTRAL])
@pytest.mark.parametrize("streamed", [False, True])
def test_a_tools_name_comes_back_as_it_was_written(gpt, model, streamed):
    tool = {"type": "function", "function": {"name": NAME}}
    choice = {"type": "function", "function": {"name": NAME}}
    asked: Any = {
        "model": model,
        "messages": said("Hello."),
        "tools": [tool],
        "tool_choice": choice,
    }
    if streamed:
        with gpt.chat.completions.stream(**asked) as stream:
            message = stream.get_final_completion().choices[0].message
    else:
        message = gpt.chat.completions.create(**asked).choices[0].message
    assert [call.function.name for call in message.tool_calls] == [NAME]


@pytest.mark.parametrize("streamed", [False, True])
def test_what_claude_signed_comes_back_to_it_through_this_protocol(gpt, streamed):
    """The loop goes on at Claude with its own signed reasoning, given back by an OpenAI program."""
    asked: Any = {
        "model": CLAUDE,
        "tools": GPT_TOOLS,
        "max_completion_tokens": 4000,
        "extra_body": {"thinking_token_budget": 1024},
    }
    messages: list[Any] = said('Use get_weather "Paris". Then tell me what now is.')
    for _ in range(2):
        if streamed:
            message = added_up(gpt.chat.completions.create(**asked, messages=messages, stream=True))
        else:
            answer = gpt.chat.completions.create(**asked, messages=messages)
            message = answer.choices[0].message.to_dict()
        messages.append(message)
        messages += [
            {"role": "tool", "tool_call_id": call["id"], "content": "noon"}
            for call in message["tool_calls"]
        ]
    (detail,) = messages[1]["reasoning_details"]
    assert detail["summary"] == messages[1]["reasoning_content"]
    assert detail["signature"].startswith("co1.")
    raw = gpt.chat.completions.with_raw_response.create(**asked, messages=messages)
    assert "“noon” (result 2)" in (raw.parse().choices[0].message.content or "")
    assert "reasoning" not in raw.headers.get("changeover-losses", "")
    other = gpt.chat.completions.create(model=GPT, tools=GPT_TOOLS, messages=messages)
    assert "“noon” (result 2)" in (other.choices[0].message.content or "")


def added_up(chunks: Any) -> dict[str, Any]:
    """A message from its chunks, as programs that know `reasoning_details` add them up."""
    message: dict[str, Any] = {"role": "assistant", "content": None, "reasoning_content": ""}
    details: list[Any] = []
    calls: dict[int, Any] = {}
    for chunk in chunks:
        delta = chunk.choices[0].delta.to_dict()
        message["reasoning_content"] += delta.get("reasoning_content", "")
        details += delta.get("reasoning_details", [])
        if delta.get("content"):
            message["content"] = (message["content"] or "") + delta["content"]
        for more in delta.get("tool_calls", ()):
            call = calls.setdefault(
                more["index"], {**more, "function": {"name": "", "arguments": ""}}
            )
            for name, value in more["function"].items():
                call["function"][name] += value
    built = [{name: call[name] for name in ("id", "type", "function")} for call in calls.values()]
    return {**message, "reasoning_details": details, "tool_calls": built}


def test_settings_that_a_model_does_not_take_are_told(gpt):
    raw = gpt.chat.completions.with_raw_response.create(
        model=GPT, messages=said("Hello."), reasoning_effort="low", verbosity="low",
        metadata={"a": "b"}, seed=7, user="ann",
    )  # fmt: skip
    assert raw.parse().choices[0].finish_reason == "stop"
    lost = raw.headers["changeover-losses"].split(", ")
    assert sorted(lost) == ["metadata", "reasoning_effort", "verbosity"]


def test_a_stream_that_the_vendor_breaks_off_is_an_error_of_the_sdk(gpt):
    stream = gpt.chat.completions.create(model=GPT, messages=said("Break off."), stream=True)
    with pytest.raises(openai.APIError, match="had an error"):
        list(stream)


def test_json_is_asked_for_where_nobody_says_the_word(gpt):
    raw = gpt.chat.completions.with_raw_response.create(
        model=GPT, messages=said("Hello."), response_format={"type": "json_object"}
    )
    assert isinstance(json.loads(raw.parse().choices[0].message.content or ""), dict)
    assert raw.headers["changeover-losses"] == "response_format"
