"""Bedrock's stand-in: Amazon's own SDK as client, signatures, and the table of refusals."""

import asyncio
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any
from unittest import mock

import boto3
import botocore.exceptions
import httpx2
import pytest
from botocore.config import Config

from changeover.basics.clock import SystemClock
from changeover.identity.secret import Secret
from changeover.standin.asked import RefusalError
from changeover.standin.bedrock_request import read_converse
from changeover.standin.server import StandInServer
from changeover.upstream.aws import Unsigned, authorised

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")

MODEL = "anthropic.claude-sonnet-4-5"
ASK = "The visa report is due on 27 August. When is the visa report due?"
ASKED: Any = [{"role": "user", "content": [{"text": ASK}]}]
QUOTE = "“The visa report is due on 27 August.”"
KEY = {"AWS_ACCESS_KEY_ID": "STAND-IN", "AWS_SECRET_ACCESS_KEY": "stand-in"}


@contextmanager
def amazon(server: StandInServer, **variables: str) -> Iterator[Any]:
    nowhere = {"AWS_CONFIG_FILE": "/nowhere", "AWS_SHARED_CREDENTIALS_FILE": "/nowhere"}
    config = Config(retries={"total_max_attempts": 1})
    with mock.patch.dict(os.environ, {**nowhere, **variables}, clear=True):
        client = boto3.Session(region_name="eu-west-1").client(
            "bedrock-runtime", endpoint_url=f"{server.url}/aws", config=config
        )
        yield client
        client.close()


async def test_a_signed_request_is_answered_whole_and_streamed(server: StandInServer):
    def ask() -> tuple[Any, list[Any]]:
        with amazon(server, **KEY, AWS_SESSION_TOKEN="t/1+2=") as client:
            given = {"modelId": MODEL, "messages": ASKED}
            whole = client.converse(**given)
            return whole, list(client.converse_stream(**given)["stream"])

    whole, events = await asyncio.to_thread(ask)
    (block,) = whole["output"]["message"]["content"]
    assert QUOTE in block["text"]
    assert whole["stopReason"] == "end_turn"
    deltas = [e["contentBlockDelta"]["delta"] for e in events if "contentBlockDelta" in e]
    assert "".join(delta["text"] for delta in deltas) == block["text"]
    assert events[-1]["metadata"]["usage"] == whole["usage"]
    assert [call.model for call in server.calls] == [MODEL, MODEL]
    assert [call.stream for call in server.calls] == [False, True]


@pytest.mark.parametrize(
    ("variables", "code"),
    [
        ({**KEY, "AWS_SECRET_ACCESS_KEY": "other"}, "InvalidSignatureException"),
        ({**KEY, "AWS_ACCESS_KEY_ID": "OTHER"}, "UnrecognizedClientException"),
    ],
)
async def test_another_key_or_secret_is_refused(server: StandInServer, variables, code):
    def ask() -> None:
        with amazon(server, **variables) as client:
            client.converse(modelId=MODEL, messages=ASKED)

    with pytest.raises(botocore.exceptions.ClientError) as caught:
        await asyncio.to_thread(ask)
    assert caught.value.response["Error"]["Code"] == code
    assert caught.value.response["ResponseMetadata"]["HTTPStatusCode"] == 403


async def post(server: StandInServer, body: bytes, **headers: str) -> httpx2.Response:
    url = f"{server.url}/aws/model/{MODEL}/converse"
    async with httpx2.AsyncClient() as client:
        sent = {"content-type": "application/json", **headers}
        return await client.post(url, content=body, headers=sent)


async def test_a_signature_is_of_these_bytes_and_of_this_hour(server: StandInServer):
    body = json.dumps({"messages": ASKED}).encode()
    url = f"{server.url}/aws/model/{MODEL}/converse"
    unsigned = Unsigned(url=url, body=body, content_type="application/json")
    credential = Secret("STAND-IN:stand-in")
    signed = authorised(credential, unsigned, SystemClock().now())
    assert (await post(server, body, **signed)).status_code == 200
    assert "does not match" in (await post(server, body + b" ", **signed)).json()["message"]
    old = authorised(credential, unsigned, datetime(2026, 1, 1, tzinfo=UTC))
    assert "Signature expired" in (await post(server, body, **old)).json()["message"]
    none = await post(server, body)
    assert none.json() == {"message": "Missing Authentication Token"}
    assert none.headers["x-amzn-errortype"].startswith("MissingAuthenticationTokenException:")
    assert (await post(server, body, authorization="Bearer any")).status_code == 200


async def test_what_the_model_refuses_is_told_in_bedrocks_words(server: StandInServer):
    body = json.dumps({"messages": ASKED, "additionalModelRequestFields": {"top_q": 1}}).encode()
    response = await post(server, body, authorization="Bearer any")
    assert response.status_code == 400
    assert response.json()["message"].startswith("The model returned the following errors: top_q")


TOOL: Any = {"toolSpec": {"name": "a", "inputSchema": {"json": {"type": "object"}}}}
CALL: Any = {"toolUse": {"toolUseId": "t1", "name": "a", "input": {}}}
RESULT: Any = {"toolResult": {"toolUseId": "t1", "content": [{"text": "x"}]}}
PDF: Any = {"document": {"name": "a", "format": "pdf", "source": {"bytes": "JVBERi0="}}}


def user(*blocks: Any) -> Any:
    return {"role": "user", "content": list(blocks)}


def loop(*results: Any, calls: Any = (CALL,)) -> Any:
    called = {"role": "assistant", "content": list(calls)}
    return {
        "messages": [user({"text": "a"}), called, user(*results)],
        "toolConfig": {"tools": [TOOL]},
    }


def one(**block: Any) -> Any:
    return {"messages": [user(block)]}


@pytest.mark.parametrize(
    ("body", "says"),
    [
        ({"messages": []}, "must start with a user message"),
        ({"messages": [{"role": "assistant", "content": [{"text": "a"}]}]}, "must start with a user"),
        ({"messages": [user({"text": "a"}), user({"text": "b"})]}, "must alternate between user"),
        ({"messages": [user()]}, "content field in the Message object at messages.0 is empty"),
        (one(text=" "), "text field in the ContentBlock object at messages.0.content.0 is blank"),
        (one(text="a", image={}), "must have exactly one of the following keys set"),
        (one(image={"format": "bmp", "source": {"bytes": "aGk="}}), "image.format must be one of"),
        (one(image={"format": "png", "source": {"bytes": ""}}), "is not the base64 of bytes"),
        (one(**PDF), "A text block must be included with the document block"),
        ({"messages": [user({"text": "a"}, PDF, PDF)]}, "duplicate document names"),
        (one(document={**PDF["document"], "name": "a.pdf"}), "file name can only contain"),
        (one(document={**PDF["document"], "name": "a  b"}), "more than one consecutive whitespace"),
        (one(**CALL), "User messages cannot contain tool uses"),
        (one(cachePoint={"type": "default"}), "nothing but a cachePoint"),
        (one(reasoningContent={"reasoningText": {"text": "a"}}), "cannot be in a message of the user"),
        ({"messages": loop(RESULT)["messages"]}, "toolConfig field must be defined"),
        (loop({"text": "a"}), "Expected toolResult blocks at messages.2.content for the following Ids: t1"),
        (loop(RESULT, RESULT), "exceeds the number of toolUse blocks of previous turn"),
        (loop({"toolResult": {"toolUseId": "t1", "content": [], "status": "error"}}), "cannot be empty when status value is error"),
        (loop({"toolResult": {"toolUseId": "t1", "content": [{"json": []}]}}), "Provide a json object"),
        (loop(RESULT, calls=[{"toolUse": {**CALL["toolUse"], "toolUseId": "t|1"}}]), "failed to satisfy constraint"),
        (loop(RESULT, calls=[{"toolUse": {**CALL["toolUse"], "input": []}}]), "Provide a json object"),
        ({"messages": ASKED, "toolConfig": {"tools": []}}, "at least 1 item"),
        ({"messages": ASKED, "toolConfig": {"tools": [TOOL], "toolChoice": {"tool": {"name": "b"}}}}, "names a tool that is not"),
        ({"messages": ASKED, "toolConfig": {"tools": [TOOL], "toolChoice": {"auto": {}}}, "additionalModelRequestFields": {"tool_choice": {"type": "auto"}}}, "conflicts with an existing field"),
        ({"messages": ASKED, "system": [{"text": ""}]}, "SystemContentBlock object at system.0 is blank"),
        ({"messages": ASKED, "inferenceConfig": {"temperature": 1.5}}, "between 0 and 1"),
        ({"messages": ASKED, "inferenceConfig": {"maxTokens": 0}}, "at least 1"),
        ({"messages": ASKED, "inferenceConfig": {"topK": 1}}, "extraneous key [inferenceConfig.topK]"),
        ({"messages": ASKED, "outputConfig": {"effort": "minimal"}}, "outputConfig.effort must be one of"),
        ({"messages": ASKED, "outputConfig": {"textFormat": {"type": "json_schema", "structure": {"jsonSchema": {"schema": "["}}}}}, "not a JSON schema"),
        ({"messages": ASKED, "requestMetadata": {"a": "é"}}, "requestMetadata failed"),
        ({"messages": ASKED, "temperature": 1}, "extraneous key [temperature]"),
    ],
)  # fmt: skip
def test_bedrock_refuses_in_its_own_words(body: Any, says: str):
    with pytest.raises(RefusalError) as caught:
        read_converse(json.dumps(body).encode())
    assert (caught.value.status, caught.value.kind) == (400, "ValidationException")
    assert says in caught.value.message


@pytest.mark.parametrize(
    "body",
    [
        {"messages": ASKED},
        loop(RESULT, {"cachePoint": {"type": "default", "ttl": "1h"}}),
        loop({"toolResult": {"toolUseId": "t1", "content": []}}),
        {"messages": [user({"text": "a"}, PDF)]},
    ],
)
def test_what_bedrock_takes_passes(body: Any):
    assert read_converse(json.dumps(body).encode()) == body


async def test_invoke_wants_the_version_and_neither_model_nor_stream(server: StandInServer):
    url = f"{server.url}/aws/model/{MODEL}/invoke"
    headers = {"authorization": "Bearer any"}
    body = {"max_tokens": 99, "messages": [{"role": "user", "content": ASK}]}
    version = {"anthropic_version": "bedrock-2023-05-31"}
    async with httpx2.AsyncClient(headers=headers) as client:
        good = await client.post(url, json={**version, **body})
        assert QUOTE in good.json()["content"][0]["text"]
        for more in ({}, {**version, "model": "m"}, {**version, "stream": False}):
            refused = await client.post(url, json={**body, **more})
            assert refused.status_code == 400
            assert refused.json()["message"].startswith("Malformed input request")
