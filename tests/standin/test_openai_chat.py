"""OpenAI's protocol: the official SDK as client, and the table of refusals."""

from typing import Any

import httpx2
import msgspec
import openai
import pytest

from changeover.standin import voices
from changeover.standin.asked import Asked, RefusalError
from changeover.standin.openai_request import read_request

from .conftest import CLAUDE, GPT, INSTANT

MESSAGES = [
    {"role": "system", "content": "You help."},
    {"role": "user", "content": "The visa report is due on 27 August."},
    {"role": "assistant", "content": "Noted."},
    {"role": "user", "content": [{"type": "text", "text": "When is the visa report due?"}]},
]
QUOTE = "“The visa report is due on 27 August.” (your message 1)"
ANSWER = f"{voices.VOICES['openai'].quotes.en}\n\n{QUOTE}"


async def test_a_whole_answer(gpt):
    reply = await gpt.chat.completions.create(model=GPT, messages=MESSAGES)
    assert reply.object == "chat.completion"
    assert reply.model == GPT
    assert reply.id.startswith("chatcmpl-")
    assert reply.created == int(INSTANT.timestamp())
    assert reply.system_fingerprint == "stand-in"
    assert reply._request_id.startswith("req_")
    (choice,) = reply.choices
    assert choice.message.role == "assistant"
    assert choice.message.content == ANSWER
    assert choice.finish_reason == "stop"
    assert reply.usage.prompt_tokens == 21
    assert reply.usage.completion_tokens == 27
    assert reply.usage.total_tokens == 48


async def test_a_stream_adds_up_to_the_whole_answer(gpt):
    stream = await gpt.chat.completions.create(
        model=GPT, messages=MESSAGES, stream=True, stream_options={"include_usage": True}
    )
    chunks = [chunk async for chunk in stream]
    assert len({chunk.id for chunk in chunks}) == 1
    assert all(chunk.object == "chat.completion.chunk" for chunk in chunks)
    assert chunks[0].choices[0].delta.role == "assistant"
    assert chunks[0].choices[0].delta.content == ""
    words = [chunk.choices[0].delta.content for chunk in chunks[1:-2]]
    assert "".join(words) == ANSWER
    assert len(words) > 10
    assert chunks[-2].choices[0].finish_reason == "stop"
    assert chunks[-2].choices[0].delta.content is None
    assert chunks[-1].choices == []
    assert chunks[-1].usage.completion_tokens == 27
    assert all(chunk.usage is None for chunk in chunks[:-1])


async def test_a_stream_says_nothing_of_usage_unless_asked(gpt):
    stream = await gpt.chat.completions.create(model=GPT, messages=MESSAGES, stream=True)
    chunks = [chunk async for chunk in stream]
    assert all("usage" not in chunk.model_fields_set for chunk in chunks)
    assert chunks[-1].choices[0].finish_reason == "stop"


async def test_the_stream_ends_with_done(server):
    body = {"model": GPT, "messages": MESSAGES, "stream": True}
    async with httpx2.AsyncClient() as client:
        response = await client.post(
            f"{server.url}/openai/v1/chat/completions",
            json=body,
            headers={"authorization": "Bearer sk-1"},
        )
    assert response.headers["content-type"] == "text/event-stream; charset=utf-8"
    events = response.text.split("\n\n")
    assert events[-2:] == ["data: [DONE]", ""]
    assert all(event.startswith("data: {") for event in events[:-2])


async def test_limits_and_stop_sequences_end_an_answer(gpt):
    short = await gpt.chat.completions.create(model=GPT, messages=MESSAGES, max_tokens=3)
    assert short.choices[0].message.content == "Stand-in"
    assert short.choices[0].finish_reason == "length"
    assert short.usage.completion_tokens == 3
    stopped = await gpt.chat.completions.create(model=GPT, messages=MESSAGES, stop=["provided"])
    assert stopped.choices[0].message.content == "Stand-in for OpenAI. The text "
    assert stopped.choices[0].finish_reason == "stop"


async def test_models_are_listed_and_found(gpt):
    assert [model.id async for model in gpt.models.list()] == [GPT, "gpt-4o"]
    assert (await gpt.models.retrieve(GPT)).object == "model"
    with pytest.raises(openai.NotFoundError):
        await gpt.models.retrieve(CLAUDE)


async def test_another_hosts_model_is_not_found(gpt):
    with pytest.raises(openai.NotFoundError) as caught:
        await gpt.chat.completions.create(model=CLAUDE, messages=MESSAGES)
    assert caught.value.request_id is not None
    assert caught.value.code == "model_not_found"
    assert caught.value.type == "invalid_request_error"
    assert CLAUDE in caught.value.message
    assert caught.value.request_id.startswith("req_")


async def test_a_key_is_required(server):
    async with httpx2.AsyncClient() as client:
        response = await client.post(
            f"{server.url}/openai/v1/chat/completions",
            json={"model": GPT, "messages": MESSAGES},
            headers={"x-api-key": "sk-1"},
        )
    assert response.status_code == 401
    assert response.json()["error"]["message"].startswith("You didn't provide an API key.")
    assert "x-request-id" in response.headers


REFUSED = [
    ({"model": None}, None, None, "you must provide a model parameter"),
    ({"messages": None}, "messages", "missing_required_parameter",
     "Missing required parameter: 'messages'."),
    ({"messages": []}, "messages", "empty_array",
     ("Invalid 'messages': empty array. Expected an array with minimum length 1, "
     "but got an empty array instead.")),
    ({"messages": "hi"}, "messages", "invalid_type",
     "Invalid type for 'messages': expected an array of objects, but got a string instead."),
    ({"messages": ["hi"]}, "messages[0]", "invalid_type",
     "Invalid type for 'messages[0]': expected an object, but got a string instead."),
    ({"messages": [{"content": "hi"}]}, "messages[0].role", "missing_required_parameter",
     "Missing required parameter: 'messages[0].role'."),
    ({"messages": [{"role": "king", "content": "hi"}]}, "messages[0].role", "invalid_value",
     ("Invalid value: 'king'. Supported values are: 'system', 'assistant', 'user', 'function', "
     "'tool', and 'developer'.")),
    ({"messages": [{"role": "user", "content": 7}]}, "messages[0].content", "invalid_type",
     ("Invalid type for 'messages[0].content': expected one of a string or array of objects, "
     "but got an integer instead.")),
    ({"messages": [{"role": "user", "content": None}]}, "messages.[0].content", None,
     "Invalid value for 'content': expected a string, got null."),
    ({"messages": [{"role": "user"}]}, "messages[0].content", "missing_required_parameter",
     "Missing required parameter: 'messages[0].content'."),
    ({"messages": [{"role": "user", "content": []}]}, "messages[0].content", "empty_array",
     ("Invalid 'messages[0].content': empty array. Expected an array with minimum length 1, "
     "but got an empty array instead.")),
    ({"messages": [{"role": "user", "content": [{"type": "text"}]}]},
     "messages[0].content[0].text", "missing_required_parameter",
     "Missing required parameter: 'messages[0].content[0].text'."),
    ({"messages": [{"role": "system", "content": [{"type": "image_url", "image_url": {}}]}]},
     "messages[0].content[0].type", None,
     "Invalid content type. image_url is only supported by certain models."),
    ({"messages": [{"role": "user", "content": "hi", "mood": "good"}]}, "messages[0].mood",
     "unknown_parameter", "Unknown parameter: 'messages[0].mood'."),
    ({"mood": "good"}, "mood", "unknown_parameter", "Unknown parameter: 'mood'."),
    ({"system": "x"}, "system", "unknown_parameter", "Unknown parameter: 'system'."),
    ({"reasoning_effort": "low"}, None, None,
     "Unrecognized request argument supplied: reasoning_effort"),
    ({"temperature": "hot"}, "temperature", "invalid_type",
     "Invalid type for 'temperature': expected a decimal, but got a string instead."),
    ({"temperature": 2.5}, "temperature", "decimal_above_max_value",
     ("Invalid 'temperature': decimal above maximum value. Expected a value <= 2, "
     "but got 2.5 instead.")),
    ({"top_p": -1}, "top_p", "decimal_below_min_value",
     "Invalid 'top_p': decimal below minimum value. Expected a value >= 0, but got -1 instead."),
    ({"max_tokens": 0}, "max_tokens", "integer_below_min_value",
     ("Invalid 'max_tokens': integer below minimum value. Expected a value >= 1, "
     "but got 0 instead.")),
    ({"max_tokens": True}, "max_tokens", "invalid_type",
     "Invalid type for 'max_tokens': expected an integer, but got a boolean instead."),
    ({"max_tokens": 40000}, "max_tokens", "invalid_value",
     ("max_tokens is too large: 40000. This model supports at most 32768 completion tokens, "
     "whereas you provided 40000.")),
    ({"max_tokens": 5, "max_completion_tokens": 5}, "max_tokens", "invalid_parameter_combination",
     "Setting 'max_tokens' and 'max_completion_tokens' at the same time is not supported."),
    ({"n": 200}, "n", "integer_above_max_value",
     "Invalid 'n': integer above maximum value. Expected a value <= 128, but got 200 instead."),
    ({"n": 2}, "n", "unsupported_parameter",
     "Unsupported parameter: 'n' is not supported with this model."),
    ({"stop": ["a", "b", "c", "d", "e"]}, "stop", "array_above_max_length",
     ("Invalid 'stop': array too long. Expected an array with maximum length 4, "
     "but got an array with length 5 instead.")),
    ({"stream_options": {"include_usage": True}}, "stream_options", None,
     "The 'stream_options' parameter is only allowed when 'stream' is enabled."),
    ({"stream": True, "stream_options": {"usage": True}}, "stream_options.usage",
     "unknown_parameter", "Unknown parameter: 'stream_options.usage'."),
    ({"stream": "yes"}, "stream", "invalid_type",
     "Invalid type for 'stream': expected a boolean, but got a string instead."),
    ({"tools": [{"type": "function"}]}, "tools[0].function", "missing_required_parameter",
     "Missing required parameter: 'tools[0].function'."),
    ({"service_tier": "gold"}, "service_tier", "invalid_value",
     ("Invalid value: 'gold'. Supported values are: 'auto', 'default', 'fast', 'flex', 'scale', "
     "and 'priority'.")),
]  # fmt: skip


def read(change: dict[str, Any]) -> Asked:
    body = {"model": GPT, "messages": MESSAGES, **change}
    return read_request(msgspec.json.encode(body))


@pytest.mark.parametrize(("change", "param", "code", "message"), REFUSED)
def test_what_the_vendor_refuses_is_refused_in_its_words(change, param, code, message):
    with pytest.raises(RefusalError) as caught:
        read(change)
    refusal = caught.value
    assert (refusal.message, refusal.param, refusal.code) == (message, param, code)
    assert (refusal.status, refusal.kind) == (400, "invalid_request_error")


async def test_a_refusal_reaches_the_sdk_whole(gpt):
    with pytest.raises(openai.BadRequestError) as caught:
        await gpt.chat.completions.create(model=GPT, messages=MESSAGES, temperature=3)
    error: Any = caught.value
    assert (error.param, error.code) == ("temperature", "decimal_above_max_value")
    assert error.type == "invalid_request_error"
    assert error.body["message"].startswith("Invalid 'temperature'")


TAKEN = [
    {"temperature": 2, "top_p": 1.0},
    {"temperature": None, "stop": None, "stream": None},
    {"max_completion_tokens": 5, "presence_penalty": -2},
    {"n": 1, "tools": [], "tool_choice": "none", "response_format": {"type": "text"}},
    {"user": "someone", "seed": 7, "store": True, "metadata": {"a": "b"}},
    {"messages": [{"role": "developer", "content": "Be brief."}]},
    {"messages": [{"role": "user", "content": "", "name": "anna"}]},
]


@pytest.mark.parametrize("change", TAKEN)
def test_what_the_vendor_takes_is_taken(change):
    asked = read(change)
    assert asked.model == GPT
    assert asked.conversation


async def test_what_is_not_a_json_object_is_refused(server):
    headers = {"authorization": "Bearer sk-1"}
    async with httpx2.AsyncClient(base_url=server.url, headers=headers) as client:
        for payload in (b"", b"{", b"[]", b'"hi"', b"\xff", b"[" * 100_000):
            response = await client.post("/openai/v1/chat/completions", content=payload)
            assert response.status_code == 400
            message = response.json()["error"]["message"]
            assert message.startswith("We could not parse the JSON body")


async def test_paths_and_methods_that_the_vendor_lacks(server):
    headers = {"authorization": "Bearer sk-1"}
    async with httpx2.AsyncClient(base_url=server.url, headers=headers) as client:
        missing = await client.post("/openai/v1/messages", content=msgspec.json.encode({}))
        other = await client.post("/openai/v1/audio/voices", content=b"{}")
        wrong = await client.get("/openai/v1/chat/completions")
        nowhere = await client.post("/acme/v1/chat/completions", content=b"{}")
    assert missing.json()["error"]["message"] == "Invalid URL (POST /v1/messages)"
    assert other.json()["error"]["message"] == "Invalid URL (POST /v1/audio/voices)"
    assert (missing.status_code, other.status_code, nowhere.status_code) == (404, 404, 404)
    assert wrong.status_code == 405
    assert wrong.json()["error"]["message"].startswith("Not allowed to GET on /v1/chat/completions")
