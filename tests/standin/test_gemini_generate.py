"""Google's protocol: the official SDK as client, and the table of refusals."""

import json
from collections.abc import AsyncIterator
from typing import Any

import httpx2
import msgspec
import pytest
from google import genai
from google.genai import errors, types

from changeover.standin import voices
from changeover.standin.asked import Asked, RefusalError
from changeover.standin.gemini_request import read_request
from changeover.standin.gemini_signatures import of_words
from changeover.standin.server import StandInServer

GEMINI = "gemini-2.5-pro"
CONTENTS: Any = [
    {"role": "user", "parts": [{"text": "The visa report is due on 27 August."}]},
    {"role": "model", "parts": [{"text": "Noted."}]},
    {"role": "user", "parts": [{"text": "When is the visa report due?"}]},
]
OF_A = of_words(GEMINI, "a")
CONFIG = types.GenerateContentConfig(system_instruction="You help.")
QUOTE = "“The visa report is due on 27 August.” (your message 1)"
ANSWER = f"{voices.VOICES['google'].quotes.en}\n\n{QUOTE}"


@pytest.fixture
async def gemini(server: StandInServer) -> AsyncIterator[Any]:
    options = types.HttpOptions(base_url=f"{server.url}/google")
    async with genai.Client(api_key="test-1", http_options=options).aio as client:
        yield client


async def test_a_whole_answer(gemini):
    reply = await gemini.models.generate_content(model=GEMINI, contents=CONTENTS, config=CONFIG)
    assert reply.text == ANSWER
    (candidate,) = reply.candidates
    assert candidate.finish_reason == types.FinishReason.STOP
    assert candidate.content.role == "model"
    assert reply.model_version == GEMINI
    assert len(reply.response_id) == 23
    usage = reply.usage_metadata
    assert (usage.prompt_token_count, usage.candidates_token_count) == (21, 29)
    assert usage.total_token_count == 50


async def test_a_stream_adds_up_to_the_whole_answer(gemini):
    chunks = [
        chunk
        async for chunk in await gemini.models.generate_content_stream(
            model=GEMINI, contents=CONTENTS, config=CONFIG
        )
    ]
    assert "".join(chunk.text for chunk in chunks) == ANSWER
    assert len(chunks) > 10
    assert len({chunk.response_id for chunk in chunks}) == 1
    assert [chunk.candidates[0].finish_reason for chunk in chunks[:-1]] == [None] * (
        len(chunks) - 1
    )
    assert chunks[-1].candidates[0].finish_reason == types.FinishReason.STOP
    assert chunks[-1].usage_metadata.candidates_token_count == 29


async def test_the_streams_lines_end_as_the_vendors_do(server):
    async with httpx2.AsyncClient() as client:
        response = await client.post(
            f"{server.url}/google/v1beta/models/{GEMINI}:streamGenerateContent?alt=sse",
            json={"contents": CONTENTS},
            headers={"x-goog-api-key": "k"},
        )
    assert response.headers["content-type"] == "text/event-stream; charset=utf-8"
    *events, rest = response.text.split("\r\n\r\n")
    assert rest == ""
    assert all(event.startswith("data: {") for event in events)


async def test_limits_and_stop_sequences_end_an_answer(gemini):
    for config, text, finish in (
        ({"max_output_tokens": 3}, "Stand-in", "MAX_TOKENS"),
        ({"stop_sequences": ["passages"]}, "Stand-in for Google. The closest ", "STOP"),
    ):
        reply = await gemini.models.generate_content(model=GEMINI, contents=CONTENTS, config=config)
        assert (reply.text, reply.candidates[0].finish_reason) == (text, finish)


async def test_models_are_listed_and_found(gemini):
    listed = [model.name async for model in await gemini.models.list()]
    assert listed == [f"models/{GEMINI}", "models/claude-sonnet-4-5"]
    found = await gemini.models.get(model=GEMINI)
    assert (found.name, found.supported_actions) == (f"models/{GEMINI}", ["generateContent"])
    with pytest.raises(errors.ClientError, match="NOT_FOUND"):
        await gemini.models.get(model="gpt-4.1")


async def test_another_hosts_model_and_another_method_are_not_found(server, gemini):
    with pytest.raises(errors.ClientError) as caught:
        await gemini.models.generate_content(model="gpt-4.1", contents=CONTENTS)
    assert (caught.value.code, caught.value.status) == (404, "NOT_FOUND")
    assert str(caught.value.message).startswith("models/gpt-4.1 is not found for API version")
    async with httpx2.AsyncClient(headers={"x-goog-api-key": "k"}) as client:
        url = f"{server.url}/google/v1beta/models/{GEMINI}:computeTokens"
        response = await client.post(url, json={"contents": CONTENTS})
    assert response.status_code == 404
    assert "was not found" in response.json()["error"]["message"]


async def test_a_key_is_required_in_the_vendors_header(server):
    async with httpx2.AsyncClient() as client:
        response = await client.post(
            f"{server.url}/google/v1beta/models/{GEMINI}:generateContent",
            json={"contents": CONTENTS},
            headers={"authorization": "Bearer k"},
        )
    assert response.status_code == 403
    assert response.json()["error"]["status"] == "PERMISSION_DENIED"
    assert "unregistered callers" in response.json()["error"]["message"]


async def test_the_call_is_logged_with_the_model_of_its_address(server, gemini):
    await gemini.models.generate_content(model=GEMINI, contents=CONTENTS)
    async for _ in await gemini.models.generate_content_stream(model=GEMINI, contents=CONTENTS):
        pass
    whole, streamed = server.calls
    assert (whole.host, whole.model, whole.stream) == ("google", GEMINI, False)
    assert (streamed.model, streamed.stream) == (GEMINI, True)
    assert whole.key == streamed.key != ""


async def test_a_host_of_one_protocol_has_no_such_path(server):
    async with httpx2.AsyncClient() as client:
        response = await client.post(
            f"{server.url}/openai/v1beta/models/gpt-4.1:generateContent", json={}
        )
    assert response.status_code == 404
    assert response.json()["error"]["message"].startswith("Invalid URL (POST /v1beta/models/")


def _user(*parts: Any) -> dict[str, Any]:
    return {"contents": [{"role": "user", "parts": list(parts)}]}


REFUSED: list[tuple[dict[str, Any], str]] = [
    ({"contents": None}, ("* GenerateContentRequest.contents: contents is not specified\n")),
    ({"contents": []}, ("* GenerateContentRequest.contents: contents is not specified\n")),
    (
        {"contents": [{"role": "user", "parts": []}]},
        ("* GenerateContentRequest.contents[0].parts: contents.parts must not be empty.\n"),
    ),
    (
        _user({}),
        (
            "* GenerateContentRequest.contents[0].parts[0].data: required oneof field 'data' must "
            "have one initialized field\n"
        ),
    ),
    (
        _user({"text": ""}),
        (
            "Unable to submit request because it must have a text parameter. Add a text parameter "
            "and try again."
        ),
    ),
    (
        {"contents": [{"role": "assistant", "parts": [{"text": "hi"}]}]},
        ("Please use a valid role: user, model."),
    ),
    (
        {"temperature": 1},
        ('Invalid JSON payload received. Unknown name "temperature": Cannot find field.'),
    ),
    (
        {"contents": [{"parts": {"role": "user"}}]},
        (
            "Invalid JSON payload received. Unknown name \"role\" at 'contents[0].parts[0]': Cannot "
            "find field."
        ),
    ),
    (
        {"generationConfig": {"temperature": "hot"}},
        ("Invalid value at 'generation_config.temperature' (TYPE_FLOAT), \"hot\""),
    ),
    (
        {"generationConfig": {"temperature": 2.5}},
        (
            "* GenerateContentRequest.generation_config.temperature: temperature must be in the "
            "range [0.0, 2.0].\n"
        ),
    ),
    (
        {"generationConfig": {"topP": 1.5}},
        (
            "* GenerateContentRequest.generation_config.top_p: top_p must be in the range [0.0, "
            "1.0].\n"
        ),
    ),
    (
        {"generationConfig": {"maxOutputTokens": 0}},
        (
            "* GenerateContentRequest.generation_config.max_output_tokens: max_output_tokens must "
            "be positive.\n"
        ),
    ),
    (
        {"generationConfig": {"topK": 1.5}},
        ("Invalid value at 'generation_config.top_k' (TYPE_INT32), 1.5"),
    ),
    (
        {"generationConfig": {"stopSequences": list("abcdef")}},
        (
            "* GenerateContentRequest.generation_config.stop_sequences: the number of "
            "stop_sequences must not exceed 5\n"
        ),
    ),
    (
        {"generationConfig": {"maxOutputTokens": 70000}},
        (
            "Unable to submit request because it has a maxOutputTokens value of 70000 but the "
            "supported range is from 1 (inclusive) to 65537 (exclusive). Update the value and try "
            "again."
        ),
    ),
    (
        {"safetySettings": [{"category": "RUDE"}]},
        (
            "Invalid value at 'safety_settings[0].category' "
            '(type.googleapis.com/google.ai.generativelanguage.v1beta.HarmCategory), "RUDE"'
        ),
    ),
    (
        {"tools": [{"googleSearch": {}}]},
        ("Search and code execution is not enabled for models/gemini-2.5-pro"),
    ),
    (
        _user({"inlineData": {"mimeType": "audio/wav", "data": "aGk="}}),
        ("Unsupported MIME type: audio/wav"),
    ),
    (
        {"generationConfig": {"responseMimeType": "text/x.enum"}},
        ("Output other than text and JSON is not enabled for models/gemini-2.5-pro"),
    ),
]


def read(change: dict[str, Any]) -> Asked:
    return read_request(msgspec.json.encode({"contents": CONTENTS, **change}), GEMINI, stream=False)


@pytest.mark.parametrize(("change", "message"), REFUSED)
def test_what_the_vendor_refuses_is_refused_in_its_words(change, message):
    with pytest.raises(RefusalError) as caught:
        read(change)
    refusal = caught.value
    assert refusal.message == message
    assert (refusal.status, refusal.kind) == (400, "INVALID_ARGUMENT")


async def test_a_refusal_reaches_the_sdk_whole(gemini):
    with pytest.raises(errors.ClientError) as caught:
        await gemini.models.generate_content(
            model=GEMINI, contents=CONTENTS, config={"temperature": 3}
        )
    assert (caught.value.code, caught.value.status) == (400, "INVALID_ARGUMENT")
    assert "must be in the range" in str(caught.value.message)


@pytest.mark.parametrize(
    "change",
    [
        {"generation_config": {"max_output_tokens": 5, "top_k": 40.0}},
        {"contents": {"parts": {"text": "hi"}}},
        {"system_instruction": {"parts": [{"text": "Be brief."}]}, "safety_settings": []},
        {"generationConfig": {"temperature": None, "responseMimeType": "text/plain"}},
        {"contents": [{"parts": [{"text": "a", "thoughtSignature": OF_A}], "role": "model"}]},
        {"generationConfig": {"seed": -1, "responseLogprobs": True, "logprobs": 3}},
    ],
)
def test_what_the_vendor_takes_is_taken(change):
    assert read(change).conversation


@pytest.mark.parametrize("payload", [b"", b"{", b"[]", b'"hi"', b"\xff", b"[" * 100_000])
def test_what_is_not_a_json_object_is_refused(payload):
    with pytest.raises(RefusalError, match="Invalid JSON payload received"):
        read_request(payload, GEMINI, stream=False)


async def test_a_fault_is_the_vendors_own_error(server):
    async with httpx2.AsyncClient() as client:
        response = await client.post(
            f"{server.url}/google/v1beta/models/{GEMINI}:generateContent",
            json={"contents": CONTENTS},
            headers={"x-goog-api-key": "k", "x-standin-fault": "status=503"},
        )
    error = json.loads(response.text)["error"]
    assert (response.status_code, error["status"]) == (503, "UNAVAILABLE")
