"""Counting tokens through the SDKs: asked of the vendor, or estimated and said so."""

import json
from collections.abc import Iterator
from typing import Any

import anthropic
import boto3
import openai
import pytest
from botocore import UNSIGNED
from botocore.config import Config
from google import genai
from google.genai import types

from tests.end_to_end.running import CLAUDE, GPT, MESSAGES, Server
from tests.end_to_end.vendors import Vendors

GEMINI = "gemini-2.5-pro"
COUNTING = {CLAUDE: "/v1/messages/count_tokens", GEMINI: f"/v1beta/models/{GEMINI}:countTokens"}
TOOLS: Any = [
    {
        "name": "look_up",
        "description": "Looks a ship up.",
        "input_schema": {"type": "object", "properties": {"ship": {"type": "string"}}},
    }
]


@pytest.fixture(scope="module")
def key(server: Server) -> str:
    return server.key("treasury-code")


@pytest.fixture
def google(server: Server, key: str) -> Iterator[genai.Client]:
    with genai.Client(api_key=key, http_options=types.HttpOptions(base_url=server.url)) as client:
        yield client


def counts(server: Server, key: str, google: genai.Client, model: str) -> list[tuple[int, Any]]:
    """What each SDK is told of the same words, with the headers."""
    words = MESSAGES[0]["content"]
    messages = server.claude(key).messages.with_raw_response.count_tokens(
        model=model, messages=MESSAGES
    )
    responses = server.gpt(key).responses.input_tokens.with_raw_response.count(
        model=model, input=words
    )
    contents = google.models.count_tokens(model=model, contents=words)
    assert contents.sdk_http_response is not None
    return [
        (messages.parse().input_tokens, messages.headers),
        (responses.parse().input_tokens, responses.headers),
        (contents.total_tokens or 0, contents.sdk_http_response.headers),
    ]


@pytest.mark.parametrize("model", COUNTING)
def test_a_vendor_that_counts_is_asked(
    server: Server, vendors: Vendors, key: str, google: genai.Client, model: str
):
    heard = counts(server, key, google, model)
    assert {count for count, _ in heard} == {10}
    assert all("changeover-losses" not in headers for _, headers in heard)
    assert [call.path for call in vendors.calls[-3:]] == [COUNTING[model]] * 3
    told = [server.call_of(headers["changeover-call"]) for _, headers in heard]
    assert {(each["operation"], each["result"]) for each in told} == {("count-tokens", "answered")}


def test_where_the_protocol_cannot_count_it_is_estimated_and_nothing_is_sent(
    server: Server, vendors: Vendors, key: str, google: genai.Client
):
    before = len(vendors.calls)
    heard = counts(server, key, google, GPT)
    assert {count for count, _ in heard} == {17}
    assert {headers["changeover-losses"] for _, headers in heard} == {"estimated"}
    assert {headers["changeover-route"] for _, headers in heard} == {"openai/gpt-4.1@openai"}
    assert len(vendors.calls) == before


def test_instructions_and_tools_are_counted(server: Server, key: str):
    claude = server.claude(key)
    bare = claude.messages.count_tokens(model=CLAUDE, messages=MESSAGES)
    more = claude.messages.count_tokens(
        model=CLAUDE, messages=MESSAGES, system="You help.", tools=TOOLS
    )
    assert more.input_tokens > bare.input_tokens + 5
    gemini = claude.messages.count_tokens(
        model=GEMINI, messages=MESSAGES, system="You help.", tools=TOOLS
    )
    assert gemini.input_tokens > bare.input_tokens + 3


def with_key(server: Server, key: str) -> Any:
    """Amazon's SDK, which sends a key by itself over TLS alone."""
    client: Any = boto3.client(
        "bedrock-runtime",
        region_name="us-east-1",
        endpoint_url=server.url,
        config=Config(signature_version=UNSIGNED),
    )

    def add_key(request: Any, **_: object) -> None:
        request.headers["Authorization"] = f"Bearer {key}"

    client.meta.events.register("before-send.bedrock-runtime.*", add_key)
    return client


def test_amazons_and_the_hosted_clients_count_too(server: Server, key: str):
    bedrock = with_key(server, key)
    words = [{"role": "user", "content": [{"text": MESSAGES[0]["content"]}]}]
    counted = bedrock.count_tokens(modelId=CLAUDE, input={"converse": {"messages": words}})
    assert counted["inputTokens"] == 10
    headers = counted["ResponseMetadata"]["HTTPHeaders"]
    assert headers["changeover-route"] == "anthropic/claude-sonnet-4-5@anthropic"
    body = json.dumps({"anthropic_version": "bedrock-2023-05-31", "messages": MESSAGES})
    counted = bedrock.count_tokens(modelId=GEMINI, input={"invokeModel": {"body": body}})
    assert counted["inputTokens"] == 10
    with pytest.raises(bedrock.exceptions.ResourceNotFoundException):
        bedrock.count_tokens(modelId="gpt-9000", input={"converse": {"messages": words}})
    vertex = anthropic.AnthropicVertex(
        base_url=f"{server.url}v1", access_token=key, project_id="p", region="r"
    )
    assert vertex.messages.count_tokens(model=CLAUDE, messages=MESSAGES).input_tokens == 10


def test_what_may_not_be_called_is_not_counted(server: Server, vendors: Vendors, key: str):
    with pytest.raises(openai.NotFoundError):
        server.gpt(key).responses.input_tokens.count(model="gpt-9000", input="x")
    with pytest.raises(anthropic.BadRequestError, match="does not chat"):
        server.claude(key).messages.count_tokens(model="text-embedding-3-small", messages=MESSAGES)


def test_a_count_for_a_barred_model_is_the_refusal_of_a_call(server: Server, vendors: Vendors):
    key = server.key("fannie-documents")
    server.run("scenario", "play", "--until", "2026-03-04T12:00:00-05:00")
    before = len([c for c in vendors.calls if c.host == "anthropic"])
    claude = server.claude(key)
    with pytest.raises(anthropic.APIStatusError) as counted:
        claude.messages.count_tokens(model=CLAUDE, messages=MESSAGES)
    with pytest.raises(anthropic.APIStatusError) as called:
        claude.messages.create(model=CLAUDE, messages=MESSAGES, max_tokens=5)
    assert counted.value.status_code == called.value.status_code == 451
    told = [error.value.response.json()["error"] for error in (counted, called)]
    assert told[0] == told[1]
    assert len([c for c in vendors.calls if c.host == "anthropic"]) == before
