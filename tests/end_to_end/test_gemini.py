"""Google's SDK, unchanged, with every vendor's models, and the others' SDKs with Google's."""

import asyncio
from collections.abc import Iterator
from typing import Any

import httpx2
import pytest
from google import genai
from google.genai import errors, types

from tests.end_to_end.programs import programs
from tests.end_to_end.running import CLAUDE, GPT, Server
from tests.end_to_end.vendors import Vendors

GEMINI = "gemini-2.5-pro"
ROUTES = {
    GEMINI: "google/gemini-2.5-pro@google",
    CLAUDE: "anthropic/claude-sonnet-4-5@anthropic",
    GPT: "openai/gpt-4.1@openai",
}
SERVICE = "treasury-code"
ASKED = "Quote this: the lighthouse keeper counts the boats."

each_model = pytest.mark.parametrize("model", ROUTES)


@pytest.fixture(scope="module")
def key(server: Server) -> str:
    return server.key(SERVICE)


@pytest.fixture
def google(server: Server, key: str) -> Iterator[genai.Client]:
    with genai.Client(api_key=key, http_options=types.HttpOptions(base_url=server.url)) as client:
        yield client


def names_route(response: types.GenerateContentResponse, model: str) -> None:
    assert response.sdk_http_response is not None
    headers = response.sdk_http_response.headers
    assert headers is not None
    assert headers["changeover-route"] == ROUTES[model]
    assert headers["changeover-requested-model"] == model
    assert "changeover-losses" not in headers or headers["changeover-losses"] == "max_tokens"


@each_model
def test_a_whole_answer_of_any_model(google: genai.Client, model: str):
    answer = google.models.generate_content(model=model, contents=ASKED)
    assert answer.candidates
    assert answer.candidates[0].finish_reason == types.FinishReason.STOP
    assert (answer.text or "").startswith("Stand-in for")
    assert answer.model_version == ROUTES[model].partition("@")[0]
    assert answer.usage_metadata is not None
    assert answer.usage_metadata.candidates_token_count
    names_route(answer, model)


@each_model
def test_a_stream_of_any_model_adds_up_to_the_whole_answer(google: genai.Client, model: str):
    whole = google.models.generate_content(model=model, contents=ASKED)
    chunks = list(google.models.generate_content_stream(model=model, contents=ASKED))
    assert "".join(chunk.text or "" for chunk in chunks) == whole.text
    assert len([chunk for chunk in chunks if chunk.text]) > 3
    last = chunks[-1]
    assert last.candidates
    assert last.candidates[0].finish_reason == types.FinishReason.STOP
    assert last.usage_metadata is not None
    assert whole.usage_metadata is not None
    assert last.usage_metadata.candidates_token_count == whole.usage_metadata.candidates_token_count
    names_route(chunks[0], model)


@each_model
def test_the_asynchronous_client_hears_the_same(server: Server, key: str, model: str):
    async def ask() -> tuple[str, str]:
        options = types.HttpOptions(base_url=server.url)
        async with genai.Client(api_key=key, http_options=options).aio as client:
            whole = await client.models.generate_content(model=model, contents=ASKED)
            stream = await client.models.generate_content_stream(model=model, contents=ASKED)
            return whole.text or "", "".join([chunk.text or "" async for chunk in stream])

    whole, streamed = asyncio.run(ask())
    assert whole == streamed != ""


@each_model
def test_the_beta_version_of_the_address_is_the_same(server: Server, key: str, model: str):
    options = types.HttpOptions(base_url=server.url, api_version="v1beta")
    with genai.Client(api_key=key, http_options=options) as client:
        assert client.models.generate_content(model=model, contents=ASKED).text


@each_model
def test_a_chat_goes_on_with_what_was_streamed(google: genai.Client, model: str):
    config = types.GenerateContentConfig(system_instruction="You help.", max_output_tokens=200)
    chat = google.chats.create(model=model, config=config)
    first = [c.text for c in chat.send_message_stream("The visa report is due on 27 August.")]
    assert any(first)
    answer = chat.send_message("When is the visa report due?")
    assert "27 August" in (answer.text or "")


def test_limits_and_instructions_arrive(google: genai.Client):
    config = types.GenerateContentConfig(max_output_tokens=3, temperature=0.5)
    for model in ROUTES:
        answer = google.models.generate_content(model=model, contents=ASKED, config=config)
        assert answer.candidates
        assert answer.candidates[0].finish_reason == types.FinishReason.MAX_TOKENS


def test_the_other_sdks_are_answered_by_gemini_in_its_own_protocol(
    server: Server, vendors: Vendors, key: str
):
    for way, program in programs(server.claude(key), server.gpt(key)).items():
        answer = program(GEMINI)
        assert answer.headers["changeover-route"] == ROUTES[GEMINI], way
        assert answer.text.startswith("Stand-in for Google")
    received = [call for call in vendors.calls if call.host == "google"][-6:]
    assert {call.model for call in received} == {GEMINI}
    assert {call.path for call in received} == {
        f"/v1beta/models/{GEMINI}:generateContent",
        f"/v1beta/models/{GEMINI}:streamGenerateContent",
    }


def test_what_is_not_carried_is_refused_by_name_or_told(google: genai.Client):
    config = types.GenerateContentConfig(response_mime_type="text/x.enum")
    with pytest.raises(errors.ClientError) as caught:
        google.models.generate_content(model=CLAUDE, contents=ASKED, config=config)
    assert (caught.value.code, caught.value.status) == (400, "INVALID_ARGUMENT")
    assert "generationConfig.responseMimeType" in str(caught.value.message)
    resolution = types.MediaResolution.MEDIA_RESOLUTION_LOW
    told = google.models.generate_content(
        model=GPT,
        contents=ASKED,
        config=types.GenerateContentConfig(media_resolution=resolution),
    )
    assert told.sdk_http_response is not None
    assert told.sdk_http_response.headers is not None
    assert told.sdk_http_response.headers["changeover-losses"] == "generationConfig.mediaResolution"


def test_the_models_are_listed(google: genai.Client):
    listed = {model.name for model in google.models.list()}
    assert {"models/google/gemini-2.5-pro", "models/anthropic/claude-sonnet-4-5"} <= listed


def test_an_unknown_key_and_an_unknown_method_are_answered_in_googles_shape(
    server: Server, key: str
):
    options = types.HttpOptions(base_url=server.url)
    with (
        genai.Client(api_key="co_unknown", http_options=options) as client,
        pytest.raises(errors.ClientError) as caught,
    ):
        client.models.generate_content(model=GPT, contents=ASKED)
    assert (caught.value.code, caught.value.status) == (401, "UNAUTHENTICATED")
    response = httpx2.post(
        f"{server.url}v1beta/models/{GPT}:levitate",
        json={"contents": [{"parts": [{"text": ASKED}]}]},
        headers={"x-goog-api-key": key},
        timeout=10,
    )
    assert response.status_code == 404
    said = response.json()["error"]
    assert said["status"] == "NOT_FOUND"
    assert "levitate" in said["message"]


@pytest.mark.parametrize("path", ["/v1beta/models", "/v1/models/gpt-4.1:generateContent"])
def test_a_key_in_the_address_is_refused(server: Server, key: str, path: str):
    method = "GET" if path.endswith("models") else "POST"
    response = httpx2.request(method, f"{server.url.rstrip('/')}{path}?key={key}", timeout=10)
    assert response.status_code == 400
    assert key not in response.text
    said: Any = response.json()["error"]
    said = said if isinstance(said, dict) else {}
    assert "Send it in a header" in said["message"]


def test_a_refusal_by_an_order_is_451_in_googles_shape(google: genai.Client, server: Server):
    server.run("scenario", "play", "--until", "2026-03-03")
    key = server.key("fannie-documents")
    options = types.HttpOptions(base_url=server.url)
    with (
        genai.Client(api_key=key, http_options=options) as client,
        pytest.raises(errors.ClientError) as caught,
    ):
        client.models.generate_content(model=CLAUDE, contents=ASKED)
    assert (caught.value.code, caught.value.status) == (451, "PERMISSION_DENIED")
    assert "housing-order" in str(caught.value.message)
    (detail,) = caught.value.details["error"]["details"]
    assert detail["reason"] == "BARRED_BY_ORDER"
    replaced = google.models.generate_content(model=CLAUDE, contents=ASKED)
    assert replaced.model_version == "openai/gpt-4.1"
