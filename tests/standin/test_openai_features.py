"""What OpenAI's stand-in takes and gives beyond words and tools, and which model refuses it."""

import json
from typing import Any

import httpx2
import msgspec
import openai
import pytest

from changeover.standin.asked import RefusalError
from changeover.standin.openai_request import read_request
from changeover.standin.server import StandInServer
from tests.standin.conftest import GPT, make_settings

MODELS = {"openai": (GPT, "gpt-5", "gpt-5.2", "gpt-5.6")}
ASK: Any = [{"role": "user", "content": "Is https://example.org/a a source? Answer in JSON."}]
CLOSED = {
    "type": "object",
    "properties": {"city": {"type": "string"}},
    "required": ["city"],
    "additionalProperties": False,
}
TOOL = {"type": "function", "function": {"name": "now"}}
PDF = "data:application/pdf;base64,JVBERi0="


@pytest.fixture
async def gpt():
    async with (
        StandInServer(make_settings(models=MODELS)) as server,
        openai.AsyncOpenAI(
            base_url=f"{server.url}/openai/v1", api_key="sk-1", max_retries=0
        ) as client,
    ):
        yield client


def asked(words: str) -> list[Any]:
    return [{"role": "user", "content": words}]


def form(**schema: Any) -> dict[str, Any]:
    return {"type": "json_schema", "json_schema": {"name": "place", "schema": CLOSED, **schema}}


async def test_a_form_is_filled_from_the_words(gpt):
    given: Any = form(strict=True)
    question = asked('Where is "Oslo"?')
    answer = await gpt.chat.completions.create(model=GPT, messages=question, response_format=given)
    assert json.loads(answer.choices[0].message.content) == {"city": "Oslo"}
    any_json = await gpt.chat.completions.create(
        model=GPT, messages=ASK, response_format={"type": "json_object"}
    )
    assert isinstance(json.loads(any_json.choices[0].message.content), dict)


async def test_probabilities_come_with_the_words(gpt):
    given: Any = {"model": GPT, "messages": ASK, "logprobs": True, "top_logprobs": 2}
    answer = await gpt.chat.completions.create(**given)
    told = answer.choices[0].logprobs.content
    assert "".join(one.token for one in told) == answer.choices[0].message.content
    stream = await gpt.chat.completions.create(**given, stream=True)
    streamed = [
        one
        async for chunk in stream
        for one in (chunk.choices[0].logprobs.content if chunk.choices[0].logprobs else [])
    ]
    assert streamed == told


async def test_sources_are_cited_and_refusals_are_their_own_string(gpt):
    words = "Cite https://example.org/a, please."
    answer = await gpt.chat.completions.create(model=GPT, messages=asked(words))
    (citation,) = answer.choices[0].message.annotations
    assert citation.url_citation.url == "https://example.org/a"
    refused = await gpt.chat.completions.create(model=GPT, messages=asked("Decline to answer."))
    assert refused.choices[0].message.content is None
    assert refused.choices[0].message.refusal == "I decline to answer that."
    assert refused.choices[0].finish_reason == "stop"


async def test_what_is_withheld_ends_with_its_reason_and_what_breaks_off_with_an_error(gpt):
    answer = await gpt.chat.completions.create(model=GPT, messages=asked("Withhold it."))
    assert answer.choices[0].finish_reason == "content_filter"
    stream = await gpt.chat.completions.create(model=GPT, messages=asked("Break off."), stream=True)
    with pytest.raises(openai.APIError, match="had an error"):
        async for _ in stream:
            pass


async def test_reasoning_costs_tokens_and_is_not_shown(gpt):
    answer = await gpt.chat.completions.create(model="gpt-5", messages=ASK, reasoning_effort="low")
    details = answer.usage.completion_tokens_details
    assert 0 < details.reasoning_tokens < answer.usage.completion_tokens
    silent = await gpt.chat.completions.create(model="gpt-5.2", messages=ASK)
    assert silent.usage.completion_tokens_details.reasoning_tokens == 0


async def test_a_text_files_words_are_read(gpt):
    data = "data:text/plain;base64,VGhlIGtlZXBlciBjb3VudHMgYm9hdHMu"
    file = {"type": "file", "file": {"filename": "a.txt", "file_data": data}}
    question = {"type": "text", "text": "What does the keeper count?"}
    messages: Any = [{"role": "user", "content": [file, question]}]
    answer = await gpt.chat.completions.create(model=GPT, messages=messages)
    assert "The keeper counts boats." in answer.choices[0].message.content


REFUSED = [
    ({"model": "gpt-5", "max_tokens": 5}, "max_tokens", "unsupported_parameter"),
    ({"model": "gpt-5", "temperature": 0.5}, "temperature", "unsupported_value"),
    ({"model": "gpt-5", "presence_penalty": 1}, "presence_penalty", "unsupported_value"),
    ({"model": "gpt-5", "logprobs": True}, "logprobs", "unsupported_parameter"),
    ({"model": "gpt-5.2", "reasoning_effort": "low", "top_p": 0.5}, "top_p", "unsupported_value"),
    ({"model": "gpt-5.2", "stop": "x"}, "stop", "unsupported_parameter"),
    ({"model": "gpt-5.4", "tools": [TOOL], "reasoning_effort": "low"}, "reasoning_effort", None),
    ({"model": "gpt-5.6", "tools": [TOOL]}, "reasoning_effort", None),
    ({"verbosity": "low"}, "verbosity", "unsupported_value"),
    ({"metadata": {"a": "b"}}, "metadata", None),
    ({"prompt_cache_options": {"mode": "implicit"}}, "prompt_cache_options", None),
    ({"prompt_cache_key": "k" * 65}, "prompt_cache_key", "string_above_max_length"),
    ({"safety_identifier": "k" * 129}, "safety_identifier", "string_above_max_length"),
    ({"response_format": {"type": "yaml"}}, "response_format.type", "invalid_value"),
    ({"response_format": {"type": "json_schema"}}, "response_format.json_schema", "missing_required_parameter"),
    ({"response_format": form(name="a b")}, "response_format.json_schema.name", "invalid_value"),
    ({"response_format": form(strict=True, schema={"type": "object"})}, "response_format", None),
    ({"messages": asked("Hi."), "response_format": {"type": "json_object"}}, "messages", None),
    ({"audio": {"voice": "alloy"}}, "audio", "unsupported_parameter"),
]  # fmt: skip


@pytest.mark.parametrize(("change", "param", "code"), REFUSED)
def test_what_a_model_does_not_take_is_refused_by_name(change, param, code):
    body = {"model": GPT, "messages": ASK, **change}
    with pytest.raises(RefusalError) as caught:
        read_request(msgspec.json.encode(body))
    assert (caught.value.param, caught.value.code) == (param, code)


PARTS = [
    ({"type": "file", "file": {"file_id": "file-1"}}, "file.file_id"),
    ({"type": "file", "file": {"filename": "a.pdf"}}, "file.file_data"),
    ({"type": "file", "file": {"file_data": PDF}}, "file.filename"),
    ({"type": "file", "file": {"file_data": "JVBE", "filename": "a.pdf"}}, "file.file_data"),
    ({"type": "text", "text": "x", "prompt_cache_breakpoint": {"mode": "explicit"}}, "prompt_cache_breakpoint"),
]  # fmt: skip


@pytest.mark.parametrize(("part", "param"), PARTS)
def test_a_part_that_the_vendor_does_not_take_is_refused_where_it_stands(part, param):
    body = {"model": GPT, "messages": [{"role": "user", "content": [part]}]}
    with pytest.raises(RefusalError) as caught:
        read_request(msgspec.json.encode(body))
    assert caught.value.param == f"messages[0].content[0].{param}"


TAKEN = [
    {
        "model": "gpt-5",
        "max_completion_tokens": 5,
        "reasoning_effort": "minimal",
        "verbosity": "low",
    },
    {"model": "gpt-5.2", "temperature": 0.5, "reasoning_effort": "none"},
    {"model": "gpt-5.4", "tools": [TOOL]},
    {"model": "gpt-5.6", "tools": [TOOL], "reasoning_effort": "none"},
    {"model": "gpt-5.6", "prompt_cache_options": {"mode": "implicit", "ttl": "30m"}},
    {"model": "gpt-5", "temperature": 1},
]


@pytest.mark.parametrize("change", TAKEN)
def test_what_a_model_takes_is_taken(change):
    body = {"model": GPT, "messages": ASK, **change}
    assert read_request(msgspec.json.encode(body)).model == change["model"]


async def test_a_host_that_speaks_azures_dialect_takes_its_key_and_filters():
    settings = make_settings(models={"microsoft": (GPT,)}, dialects={"microsoft": "azure"})
    async with StandInServer(settings) as server, httpx2.AsyncClient() as client:
        url = f"{server.url}/microsoft/v1/chat/completions"
        body: dict[str, Any] = {"model": GPT, "messages": ASK, "stream": True}
        headers = {"api-key": "secret"}
        unknown = await client.post(url, json=body)
        stream = await client.post(url, json=body, headers=headers)
        bad = {**body, "messages": asked("Filter the prompt.")}
        filtered = await client.post(url, json=bad, headers=headers)
        whole = await client.post(url, json={**body, "stream": False}, headers=headers)
    assert unknown.status_code == 401
    first = json.loads(stream.text.split("\n\n")[0].removeprefix("data: "))
    assert (first["choices"], first["id"]) == ([], "")
    assert first["prompt_filter_results"]
    assert filtered.status_code == 400
    assert filtered.json()["error"]["innererror"]["code"] == "ResponsibleAIPolicyViolation"
    assert whole.json()["choices"][0]["content_filter_results"]
