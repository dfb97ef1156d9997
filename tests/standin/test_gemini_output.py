"""What Google's stand-in gives besides words: JSON, probabilities, sources, other endings."""

from collections.abc import AsyncIterator
from typing import Any

import httpx2
import msgspec
import pytest
from google import genai
from google.genai import types
from pydantic import BaseModel

from changeover.standin.asked import RefusalError
from changeover.standin.gemini_request import read_request
from changeover.standin.server import StandInServer
from tests.standin.conftest import make_settings

NEW = "gemini-3-flash-preview"
ASKS = {"role": "user", "parts": [{"text": "Hello."}]}


@pytest.fixture
async def vendor() -> AsyncIterator[StandInServer]:
    async with StandInServer(make_settings(models={"google": (NEW,)})) as server:
        yield server


@pytest.fixture
async def gemini(vendor: StandInServer) -> AsyncIterator[Any]:
    options = types.HttpOptions(base_url=f"{vendor.url}/google")
    async with genai.Client(api_key="test-1", http_options=options).aio as client:
        yield client


class Trip(BaseModel):
    city: str
    days: int
    how: str | None = None


async def ask(gemini: Any, words: str, **config: Any) -> Any:
    return await gemini.models.generate_content(
        model=NEW, contents=words, config=types.GenerateContentConfig(**config)
    )


async def test_an_answer_in_json_fits_its_schema(gemini):
    words = 'I go to "Rome" for 3 days.'
    for schema in (
        {"response_schema": Trip},
        {"response_json_schema": Trip.model_json_schema()},
    ):
        reply = await ask(gemini, words, response_mime_type="application/json", **schema)
        trip = Trip.model_validate_json(reply.text)
        assert (trip.city, trip.days) == ("Rome", 3)
    free = await ask(gemini, words, response_mime_type="application/json")
    assert set(msgspec.json.decode(free.text)) == {"answer"}


async def test_probabilities_are_told_for_each_word(gemini):
    reply = await ask(gemini, "Hello.", response_logprobs=True, logprobs=2)
    result = reply.candidates[0].logprobs_result
    assert "".join(chosen.token for chosen in result.chosen_candidates) == reply.text
    assert {len(top.candidates) for top in result.top_candidates} == {2}


async def test_sources_and_quotations_are_cited_on_request(gemini):
    page = "https://example.org/a"
    (candidate,) = (await ask(gemini, f"Cite {page}.")).candidates
    grounding = candidate.grounding_metadata
    assert grounding.grounding_chunks[0].web.uri == page
    assert grounding.grounding_supports[0].segment.text == candidate.content.parts[0].text
    (candidate,) = (await ask(gemini, f"Recite {page}!")).candidates
    assert candidate.citation_metadata.citations[0].uri == page


@pytest.mark.parametrize("finish", ["RECITATION", "SPII", "MALFORMED_FUNCTION_CALL"])
async def test_an_answer_ends_as_it_is_asked_to(gemini, finish):
    (candidate,) = (await ask(gemini, f"End with {finish}.")).candidates
    assert (candidate.finish_reason, candidate.content) == (finish, None)


async def test_a_prompt_is_blocked_on_request(gemini):
    reply = await ask(gemini, "Block this for PROHIBITED_CONTENT.")
    assert reply.prompt_feedback.block_reason == "PROHIBITED_CONTENT"
    assert not reply.candidates


async def test_a_text_file_is_read(gemini):
    parts = [
        types.Part.from_bytes(data=b"The visa report is due on 27 August.", mime_type="text/plain"),
        types.Part(text="When is the visa report due?"),
    ]
    reply = await gemini.models.generate_content(model=NEW, contents=[types.UserContent(parts)])
    assert "27 August" in reply.text


async def test_who_calls_too_often_is_told_when_to_come_again(vendor):
    async with httpx2.AsyncClient() as client:
        response = await client.post(
            f"{vendor.url}/google/v1beta/models/{NEW}:generateContent",
            json={"contents": [ASKS]},
            headers={"x-goog-api-key": "k", "x-standin-fault": "status=429"},
        )
    (detail,) = response.json()["error"]["details"]
    assert (detail["@type"].rpartition(".")[2], detail["retryDelay"]) == ("RetryInfo", "1s")


def read(*, model: str = NEW, vertex: bool = False, **given: Any) -> Any:
    body = {"contents": [ASKS], **given}
    return read_request(msgspec.json.encode(body), model, stream=False, vertex=vertex)


def form(**given: Any) -> dict[str, Any]:
    return {"generationConfig": {"responseMimeType": "application/json", **given}}


def declared(**given: Any) -> dict[str, Any]:
    return {"tools": [{"functionDeclarations": [{"name": "f", **given}]}]}


REFUSED: list[tuple[dict[str, Any], str]] = [
    (
        form(responseSchema={"type": "OBJECT", "$schema": "x"}),
        "Unknown name \"\\$schema\" at 'generation_config.response_schema'",
    ),
    (
        form(responseSchema={"type": "ARRAY", "items": {"const": 1}}),
        "Unknown name \"const\" at 'generation_config.response_schema.items'",
    ),
    (
        form(responseSchema={"properties": {"a": {"type": ["STRING", "NULL"]}}}),
        "Proto field is not repeating, cannot start list",
    ),
    (form(responseSchema={"type": "TEXT"}), 'response_schema.type\' .*Type\\), "TEXT"'),
    (form(responseSchema={"type": "OBJECT", "properties": {}}), "should be non-empty for OBJECT"),
    (form(responseSchema={"type": "ARRAY"}), "response_schema.items: missing field"),
    (form(responseSchema={"type": "OBJECT", "required": ["a"]}), "property is not defined"),
    (form(responseSchema={"type": "NUMBER", "enum": ["1"]}), "only allowed for STRING type"),
    (
        form(responseSchema={"type": "STRING"}, responseJsonSchema={"type": "string"}),
        "response_schema must be omitted",
    ),
    (
        {"generationConfig": {"responseJsonSchema": {"type": "string"}}},
        "response_json_schema requires application/json",
    ),
    (
        form(responseJsonSchema={"properties": {"a": {"$ref": "#/$defs/b", "title": "A"}}}),
        r"response_json_schema.properties.a: \$ref cannot be set together with title",
    ),
    (form(responseJsonSchema={"enum": [True]}), "only strings and numbers"),
    (declared(parameters={"type": "OBJECT", "additionalItems": 1}), "Unknown name"),
    (declared(parametersJsonSchema={"$ref": "#/a", "title": "A"}), "cannot be set together"),
    ({"generationConfig": {"logprobs": 2}}, "logprobs requires response_logprobs"),
    ({"generationConfig": {"responseLogprobs": True, "logprobs": 21}}, "must be in the range"),
    ({"generationConfig": {"frequencyPenalty": 2.5}}, "frequency_penalty must be in the range"),
]


@pytest.mark.parametrize(("given", "says"), REFUSED)
def test_what_the_vendor_refuses_is_refused(given, says):
    with pytest.raises(RefusalError, match=says):
        read(**given)


def test_media_in_results_need_a_model_that_takes_them():
    part = {"inlineData": {"mimeType": "image/png", "data": "aGk="}}
    result = {"functionResponse": {"name": "f", "response": {}, "parts": [part]}}
    call = {"functionCall": {"name": "f", "args": {}},
            "thoughtSignature": "skip_thought_signature_validator"}  # fmt: skip
    contents = [ASKS, {"role": "model", "parts": [call]}, {"role": "user", "parts": [result]}]
    assert read(contents=contents).conversation
    with pytest.raises(RefusalError, match="not supported for this model"):
        read(contents=contents, model="gemini-2.5-pro")
    part["inlineData"]["mimeType"] = "image/heic"
    with pytest.raises(RefusalError, match="Unsupported MIME type: image/heic"):
        read(contents=contents)


def test_vertex_knows_no_ids_and_wants_roles_and_types():
    call = {"functionCall": {"id": "1", "name": "f", "args": {}}}
    with pytest.raises(RefusalError, match=r"Unknown name \"id\" at 'contents\[1\]"):
        read(contents=[ASKS, {"role": "model", "parts": [call]}], vertex=True)
    with pytest.raises(RefusalError, match="valid role"):
        read(contents=[{"parts": [{"text": "a"}]}], vertex=True)
    file = {"fileData": {"fileUri": "https://example.org/a"}}
    with pytest.raises(RefusalError, match="Unsupported MIME type"):
        read(contents=[{"role": "user", "parts": [file]}], vertex=True)
    assert read(vertex=True, labels={"team": "visa"}).conversation


async def test_vertex_is_reached_below_a_project_with_a_token(vendor):
    address = (
        f"{vendor.url}/google/v1/projects/p/locations/global/publishers/google/models/"
        f"{NEW}:generateContent"
    )
    async with httpx2.AsyncClient() as client:
        refused = await client.post(
            address, json={"contents": [ASKS]}, headers={"x-goog-api-key": "k"}
        )
        answered = await client.post(
            address, json={"contents": [ASKS]}, headers={"authorization": "Bearer t"}
        )
    assert (refused.status_code, refused.json()["error"]["status"]) == (401, "UNAUTHENTICATED")
    assert answered.json()["candidates"][0]["finishReason"] == "STOP"
