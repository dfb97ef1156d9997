import json

import pytest

from changeover.basics.errors import InvalidInputError
from changeover.directory.model import Protocol
from changeover.identity.secret import Secret
from changeover.upstream.addresses import VendorAddresses
from changeover.upstream.known_hosts import (
    KNOWN_HOSTS,
    dialect_at,
    endpoint_at,
    known_base_url,
    speaks,
)
from tests.service_accounts import service_account


@pytest.mark.parametrize(
    ("protocol", "base_url", "url"),
    [
        ("openai-chat", "https://a.example/v1", "https://a.example/v1/chat/completions"),
        ("openai-chat", "https://a.example/openai/", "https://a.example/openai/chat/completions"),
        ("openai-responses", "https://a.example/v1/", "https://a.example/v1/responses"),
        ("anthropic-messages", "https://a.example", "https://a.example/v1/messages"),
        ("anthropic-messages", "https://a.example/v1/", "https://a.example/v1/messages"),
    ],
)
def test_an_address_is_completed_as_the_protocols_sdk_completes_it(
    protocol: Protocol, base_url: str, url: str
):
    assert endpoint_at("a", protocol, base_url, None).url == url


def test_only_known_hosts_have_an_address_of_their_own():
    for known in KNOWN_HOSTS:
        for protocol in known.protocols:
            assert known_base_url(known.host, protocol) == known.base_url
            assert speaks(protocol)
    assert known_base_url("openai", "anthropic-messages") is None
    assert known_base_url("aws", "openai-chat") is None
    assert not speaks("gopher")


@pytest.mark.parametrize(
    ("base_url", "dialect"),
    [
        ("https://bedrock-runtime.eu-west-1.amazonaws.com", "bedrock"),
        ("https://vpce-1.bedrock-runtime.eu-west-1.vpce.amazonaws.com", "bedrock"),
        ("https://europe-west1-aiplatform.googleapis.com/v1/projects/p/locations/l", "vertex"),
        ("https://aiplatform.eu.rep.googleapis.com/v1/projects/p/locations/eu", "vertex"),
        ("https://ministry.openai.azure.com/openai/v1", "azure"),
        ("https://ministry.services.ai.azure.com/openai/v1", "azure"),
        ("https://api.openai.com/v1", None),
        ("https://bedrock.example.com", None),
        ("https://[", None),
    ],
)
def test_a_clouds_address_tells_its_dialect(base_url: str, dialect: str | None):
    assert dialect_at(base_url) == dialect


def test_a_service_accounts_key_is_a_credential_and_half_an_access_key_is_none():
    text = service_account("https://oauth2.googleapis.com/token")
    kept = VendorAddresses().credential(f"\n{text}\n").reveal()
    assert json.loads(kept) == json.loads(text)
    assert "\n" not in kept
    with pytest.raises(InvalidInputError, match="not a whole access key"):
        endpoint_at("aws", "bedrock-converse", "https://a.example", Secret("AKID:"))
