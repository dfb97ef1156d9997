"""Clouds in the environment: what makes one, and what is said where something is missing."""

from pathlib import Path

import pytest

from changeover.upstream.discovery import find_vendors
from tests.service_accounts import service_account

KEY = "sk-hidden-0123"
AWS = {"AWS_ACCESS_KEY_ID": "AKID", "AWS_SECRET_ACCESS_KEY": KEY, "AWS_REGION": "eu-west-1"}
BEDROCK = "https://bedrock-runtime.eu-west-1.amazonaws.com/model"


@pytest.fixture
def key_file(tmp_path: Path) -> str:
    path = tmp_path / "key.json"
    path.write_text(service_account("https://oauth2.googleapis.com/token"))
    return str(path)


@pytest.mark.parametrize(
    ("environment", "credential"),
    [
        (AWS, f"AKID:{KEY}"),
        ({**AWS, "AWS_SESSION_TOKEN": "t"}, f"AKID:{KEY}:t"),
        ({**AWS, "AWS_BEARER_TOKEN_BEDROCK": "ABSK"}, "ABSK"),
        ({"AWS_BEARER_TOKEN_BEDROCK": "ABSK", "AWS_DEFAULT_REGION": "eu-west-1"}, "ABSK"),
    ],
)
def test_bedrock_is_reached_in_both_of_its_protocols(environment, credential):
    findings = find_vendors(environment)
    assert [(each.host, each.protocol, each.url) for each in findings.endpoints] == [
        ("aws", "bedrock-converse", BEDROCK),
        ("aws", "anthropic-messages", BEDROCK),
    ]
    assert {e.credential.reveal() for e in findings.endpoints if e.credential} == {credential}
    (words,) = findings.words
    assert words.endswith(f"found: the host aws is reached at {BEDROCK}.")
    assert KEY not in repr(findings)


def test_bedrock_may_be_elsewhere():
    elsewhere = {**AWS, "AWS_REGION": "", "AWS_ENDPOINT_URL_BEDROCK_RUNTIME": "http://127.0.0.1:9"}
    findings = find_vendors(elsewhere)
    assert {each.url for each in findings.endpoints} == {"http://127.0.0.1:9/model"}
    assert "as AWS_ENDPOINT_URL_BEDROCK_RUNTIME says" in findings.words[0]


@pytest.mark.parametrize("ending", ["", "/", "/openai", "/openai/v1/"])
def test_azure_is_reached_in_both_of_openais_protocols(ending: str):
    endpoint = f"https://ministry.openai.azure.com{ending}"
    findings = find_vendors({"AZURE_OPENAI_API_KEY": KEY, "AZURE_OPENAI_ENDPOINT": endpoint})
    base = "https://ministry.openai.azure.com/openai/v1"
    assert [(each.host, each.url) for each in findings.endpoints] == [
        ("microsoft", f"{base}/chat/completions"),
        ("microsoft", f"{base}/responses"),
    ]
    headers = findings.endpoints[0].headers("azure")
    assert headers["api-key"] == KEY
    assert "Authorization" not in headers


@pytest.mark.parametrize(
    ("location", "name"),
    [
        ("europe-west1", "europe-west1-aiplatform.googleapis.com"),
        ("global", "aiplatform.googleapis.com"),
        ("eu", "aiplatform.eu.rep.googleapis.com"),
    ],
)
def test_vertex_is_reached_in_anthropics_protocol(key_file: str, location: str, name: str):
    findings = find_vendors(
        {
            "ANTHROPIC_VERTEX_PROJECT_ID": "ministry",
            "CLOUD_ML_REGION": location,
            "GOOGLE_APPLICATION_CREDENTIALS": key_file,
        }
    )
    (endpoint,) = findings.endpoints
    project = f"projects/ministry/locations/{location}"
    assert endpoint.url == f"https://{name}/v1/{project}/publishers/anthropic/models"
    assert (endpoint.host, endpoint.protocol) == ("google", "anthropic-messages")
    assert "PRIVATE KEY" not in repr(findings)
    assert endpoint.headers("vertex").keys().isdisjoint({"Authorization", "x-api-key"})


VERTEX = {"ANTHROPIC_VERTEX_PROJECT_ID": "p", "CLOUD_ML_REGION": "eu"}


@pytest.mark.parametrize(
    ("environment", "says"),
    [
        ({"AWS_ACCESS_KEY_ID": "a", "AWS_REGION": "eu-west-1"}, "AWS_SECRET_ACCESS_KEY is not"),
        ({"AWS_BEARER_TOKEN_BEDROCK": KEY}, "AWS_REGION is not"),
        ({"AZURE_OPENAI_API_KEY": KEY}, "AZURE_OPENAI_ENDPOINT is not"),
        ({"AZURE_OPENAI_ENDPOINT": "https://a.example"}, "AZURE_OPENAI_API_KEY is not"),
        ({"ANTHROPIC_VERTEX_PROJECT_ID": "p"}, "CLOUD_ML_REGION is not"),
        (VERTEX, "GOOGLE_APPLICATION_CREDENTIALS is not"),
        ({**VERTEX, "GOOGLE_APPLICATION_CREDENTIALS": "/nowhere"}, "cannot be read: /nowhere"),
        ({**AWS, "AWS_SECRET_ACCESS_KEY": "a b"}, "AWS_ACCESS_KEY_ID is empty or holds"),
    ],
)
def test_what_is_set_in_part_is_said(environment, says):
    findings = find_vendors(environment)
    assert findings.found == ()
    (words,) = findings.words
    assert says in words
    assert KEY not in words


def test_a_file_that_is_no_key_is_said(tmp_path: Path):
    path = tmp_path / "key.json"
    path.write_text('{"type": "authorized_user"}')
    environment = {**VERTEX, "GOOGLE_APPLICATION_CREDENTIALS": str(path)}
    (words,) = find_vendors(environment).words
    assert "not the JSON key of a service account" in words
