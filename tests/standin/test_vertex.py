"""Vertex AI's stand-in: the official SDK with tokens that were issued here, and refusals."""

from typing import Any

import anthropic
import httpx2
import pytest

from changeover.standin.server import StandInServer
from tests.service_accounts import public_pem, service_account
from tests.standin.conftest import make_settings

MODEL = "claude-sonnet-4-5"
EMAIL = "gateway@ministry.iam.gserviceaccount.com"
MESSAGES: Any = [
    {"role": "user", "content": "The visa report is due on 27 August. When is the report due?"}
]
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")


@pytest.fixture
async def server():
    settings = make_settings(service_accounts={EMAIL: public_pem()})
    async with StandInServer(settings) as running:
        yield running


def vertex(server: StandInServer, **more: Any) -> anthropic.AsyncAnthropicVertex:
    return anthropic.AsyncAnthropicVertex(
        region="eu", project_id="p", base_url=f"{server.url}/google/v1", max_retries=0, **more
    )


async def test_googles_library_is_given_a_token_and_it_is_taken(server: StandInServer):
    import json

    from google.oauth2 import service_account as library

    info = json.loads(service_account(f"{server.url}/google/token"))
    scopes = ["https://www.googleapis.com/auth/cloud-platform"]
    credentials = library.Credentials.from_service_account_info(info, scopes=scopes)
    async with vertex(server, credentials=credentials) as client:
        whole = await client.messages.create(model=MODEL, max_tokens=99, messages=MESSAGES)
        async with client.messages.stream(model=MODEL, max_tokens=99, messages=MESSAGES) as stream:
            streamed = await stream.get_final_message()
    assert credentials.token.startswith("ya29.")
    assert "27 August" in str(whole.content)
    assert streamed.content[0].to_dict()["text"] == whole.content[0].to_dict()["text"]
    assert [call.path.rpartition(":")[2] for call in server.calls] == [
        "rawPredict",
        "streamRawPredict",
    ]


async def test_a_token_of_nobodys_is_refused(server: StandInServer):
    async with vertex(server, access_token="ya29.other") as client:
        with pytest.raises(anthropic.AuthenticationError, match="invalid authentication"):
            await client.messages.create(model=MODEL, max_tokens=99, messages=MESSAGES)


@pytest.mark.parametrize(
    ("form", "says"),
    [
        ({"grant_type": "password"}, "Invalid grant_type."),
        ({"assertion": "a.b.c"}, "Invalid JWT."),
        ({"assertion": "e30.e30.e30"}, "account not found"),
    ],
)
async def test_a_claim_that_is_none_is_refused(server: StandInServer, form, says):
    given = {"grant_type": "urn:ietf:params:oauth:grant-type:jwt-bearer", **form}
    async with httpx2.AsyncClient() as client:
        response = await client.post(f"{server.url}/google/token", data=given)
    assert response.status_code == 400
    assert says in response.json()["error_description"]


@pytest.mark.parametrize(
    ("body", "says"),
    [
        ({}, "anthropic_version: Field required"),
        ({"anthropic_version": "2023-06-01"}, "anthropic_version: Input should be"),
        ({"anthropic_version": "vertex-2023-10-16", "model": "m"}, "model: Extra inputs"),
        ({"anthropic_version": "vertex-2023-10-16", "stream": True}, "does not fit the method"),
    ],
)
async def test_the_body_must_be_as_vertex_wants_it(server: StandInServer, body, says):
    path = f"/google/v1/projects/p/locations/eu/publishers/anthropic/models/{MODEL}:rawPredict"
    given = {"max_tokens": 9, "messages": MESSAGES, **body}
    async with httpx2.AsyncClient(headers={"authorization": "Bearer stand-in"}) as client:
        response = await client.post(server.url + path, json=given)
    assert response.status_code == 400
    assert says in response.json()["error"]["message"]


async def test_azure_wants_its_own_header(server: StandInServer):
    body = {"model": "gpt-4.1", "messages": MESSAGES}
    url = f"{server.url}/microsoft/openai/v1/chat/completions"
    async with httpx2.AsyncClient() as client:
        refused = await client.post(url, json=body, headers={"authorization": "Bearer k"})
        taken = await client.post(url, json=body, headers={"api-key": "k"})
    assert refused.status_code == 401
    assert "subscription key" in refused.json()["error"]["message"]
    assert "27 August" in taken.json()["choices"][0]["message"]["content"]
