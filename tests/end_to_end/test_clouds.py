"""Clouds' own credentials from the environment: signed with, exchanged for tokens, or refused."""

from pathlib import Path
from typing import Any

import openai
import pytest

from tests.end_to_end.clouds import ROUTES, cloud_server, cloud_vendors
from tests.end_to_end.running import Server
from tests.matrix.upstreams import SERVICE
from tests.service_accounts import public_pem, service_account

MESSAGES: Any = [{"role": "user", "content": "The report is due on 27 August. When is it due?"}]
ACCOUNTS = {"gateway@ministry.iam.gserviceaccount.com": public_pem()}


def ask(server: Server, key: str, way: str) -> str:
    client: openai.OpenAI = server.gpt(key)
    completion = client.chat.completions.create(model=ROUTES[way], messages=MESSAGES)
    return completion.choices[0].message.content or ""


def test_each_cloud_is_called_with_what_its_sdk_would_read(tmp_path: Path):
    with cloud_vendors(service_accounts=ACCOUNTS) as vendors:
        key_file = tmp_path / "key.json"
        key_file.write_text(service_account(f"{vendors.url}/google/token"))
        environment = {
            "AWS_ACCESS_KEY_ID": "STAND-IN",
            "AWS_SECRET_ACCESS_KEY": "stand-in",
            "AWS_REGION": "eu-west-1",
            "AWS_ENDPOINT_URL_BEDROCK_RUNTIME": f"{vendors.url}/aws",
            "ANTHROPIC_VERTEX_PROJECT_ID": "ministry",
            "CLOUD_ML_REGION": "europe-west1",
            "ANTHROPIC_VERTEX_BASE_URL": f"{vendors.url}/google/v1",
            "GOOGLE_APPLICATION_CREDENTIALS": str(key_file),
            "AZURE_OPENAI_API_KEY": "hidden-key",
            "AZURE_OPENAI_ENDPOINT": f"{vendors.url}/microsoft",
        }
        with cloud_server(tmp_path, vendors, **environment) as server:
            key = server.key(SERVICE)
            for way in ("converse", "invoke", "vertex", "azure"):
                assert "27 August" in ask(server, key, way), way
                assert "27 August" in ask(server, key, way), way
            tokens = [sent for sent in vendors.sent if sent.path == "/token"]
            assert [sent.status for sent in tokens] == [200]
            said = server.log
            assert "AWS_ACCESS_KEY_ID found: the host aws is reached at" in said
            assert "projects/ministry/locations/europe-west1" in said
            for hidden in ("stand-in:", "hidden-key", "PRIVATE KEY", "ya29"):
                assert hidden not in said


def test_a_secret_that_the_cloud_refuses_is_not_the_callers_fault(tmp_path: Path):
    with cloud_vendors() as vendors:
        environment = {
            "AWS_ACCESS_KEY_ID": "STAND-IN",
            "AWS_SECRET_ACCESS_KEY": "another",
            "AWS_ENDPOINT_URL_BEDROCK_RUNTIME": f"{vendors.url}/aws",
        }
        with cloud_server(tmp_path, vendors, **environment) as server:
            with pytest.raises(openai.APIStatusError) as caught:
                ask(server, server.key(SERVICE), "converse")
            assert caught.value.status_code == 502
            assert caught.value.code == "vendor_refused_credentials"
