"""Embeddings through the SDKs, unchanged, by every vendor that embeds."""

import base64
import math
import struct
from collections.abc import Iterator, Sequence
from typing import Any

import openai
import pytest
from google import genai
from google.genai import errors, types

from tests.end_to_end.running import CLAUDE, GPT, Server
from tests.end_to_end.vendors import Vendors

OPENAI, GEMINI = "text-embedding-3-small", "gemini-embedding-001"
ROUTES = {
    OPENAI: "openai/text-embedding-3-small@openai",
    GEMINI: "google/gemini-embedding-001@google",
}
TEXTS = [
    "The lighthouse keeper counts the boats.",
    "The keeper of the lighthouse counts boats.",
    "Quarterly figures are due in March.",
]
each_model = pytest.mark.parametrize("model", ROUTES)


@pytest.fixture(scope="module")
def key(server: Server) -> str:
    return server.key("treasury-code")


@pytest.fixture
def google(server: Server, key: str) -> Iterator[genai.Client]:
    with genai.Client(api_key=key, http_options=types.HttpOptions(base_url=server.url)) as client:
        yield client


def dot(one: Sequence[float], other: Sequence[float]) -> float:
    return sum(a * b for a, b in zip(one, other, strict=True))


@each_model
def test_openais_sdk_gets_a_vector_for_each_text(server: Server, key: str, model: str):
    raw = server.gpt(key).embeddings.with_raw_response.create(model=model, input=TEXTS)
    answer = raw.parse()
    vectors = [each.embedding for each in answer.data]
    assert [each.index for each in answer.data] == [0, 1, 2]
    assert all(math.isclose(dot(one, one), 1, abs_tol=1e-6) for one in vectors)
    assert dot(vectors[0], vectors[1]) > 0.7 > abs(dot(vectors[0], vectors[2]))
    assert answer.model == ROUTES[model].partition("@")[0]
    assert answer.usage.prompt_tokens > 0
    assert raw.headers["changeover-route"] == ROUTES[model]
    assert raw.headers["changeover-served-model"] == model
    # Google's first generation does not count.
    assert raw.headers.get("changeover-losses") == ("usage" if model == GEMINI else None)


@each_model
def test_one_text_fewer_dimensions_and_both_forms_of_the_numbers(
    server: Server, key: str, model: str
):
    embed = server.gpt(key).embeddings.create
    floats = embed(model=model, input=TEXTS[0], dimensions=64, encoding_format="float")
    packed = embed(model=model, input=TEXTS[0], dimensions=64, encoding_format="base64")
    written: Any = packed.data[0].embedding
    numbers = struct.unpack("<64f", base64.b64decode(written))
    assert numbers == pytest.approx(floats.data[0].embedding, abs=1e-6)


def test_tokens_go_to_the_vendor_whose_they_are_and_to_no_other(server: Server, key: str):
    embed = server.gpt(key).embeddings.create
    assert len(embed(model=OPENAI, input=[[1, 2], [3]]).data) == 2
    assert embed(model=OPENAI, input=[1, 2]).data[0].embedding == pytest.approx(
        embed(model=OPENAI, input="1 2").data[0].embedding
    )
    with pytest.raises(openai.BadRequestError, match="numbers of tokens"):
        embed(model=GEMINI, input=[1, 2])


@each_model
def test_googles_sdk_gets_a_vector_for_each_content(google: genai.Client, model: str):
    config = types.EmbedContentConfig(task_type="RETRIEVAL_DOCUMENT", output_dimensionality=32)
    contents: Any = list(TEXTS)
    answer = google.models.embed_content(model=model, contents=contents, config=config)
    assert answer.embeddings
    assert [len(each.values or ()) for each in answer.embeddings] == [32, 32, 32]
    response = answer.sdk_http_response
    assert response is not None
    assert response.headers is not None
    assert response.headers["changeover-route"] == ROUTES[model]
    assert response.headers.get("changeover-losses") == ("taskType" if model == OPENAI else None)


def test_one_content_in_googles_other_form(server: Server, key: str):
    path = f"/v1beta/models/{OPENAI}:embedContent"
    response = server.post(path, key, b'{"content": {"parts": [{"text": "Boats."}]}}')
    assert response.status_code == 200
    assert len(response.json()["embedding"]["values"]) == 1536
    assert response.json()["usageMetadata"]["promptTokenCount"] == 2


def test_the_ledger_says_that_a_model_embedded_and_what_it_counted(server: Server, key: str):
    raw = server.gpt(key).embeddings.with_raw_response.create(model=OPENAI, input="one two three")
    call = server.call_of(raw.headers["changeover-call"])
    assert (call["operation"], call["result"], call["input_tokens"]) == ("embed", "answered", 3)
    assert (call["asked"], call["route"]) == (OPENAI, ROUTES[OPENAI])


def test_models_of_another_kind_are_refused(server: Server, key: str, google: genai.Client):
    for model in (GPT, CLAUDE):
        with pytest.raises(openai.BadRequestError, match="does not embed"):
            server.gpt(key).embeddings.create(model=model, input="x")
        with pytest.raises(errors.ClientError, match="does not embed"):
            google.models.embed_content(model=model, contents="x")


def test_a_vendors_refusal_comes_in_the_clients_shape(server: Server, key: str):
    with pytest.raises(openai.BadRequestError, match="less than or equal to 1536"):
        server.gpt(key).embeddings.create(model=OPENAI, input="x", dimensions=9_999)
    with pytest.raises(openai.BadRequestError, match="input is empty"):
        server.gpt(key).embeddings.create(model=OPENAI, input=[])


def test_a_slot_for_embeddings_gives_the_model_bound_to_it(server: Server, vendors: Vendors):
    key = server.key("statechat", "--slot", "embedding")
    answer = server.gpt(key).embeddings.create(model="default", input="x")
    assert answer.model == "google/gemini-embedding-001"
    assert vendors.calls[-1].path.endswith(":embedContent")
