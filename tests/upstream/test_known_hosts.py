import pytest

from changeover.directory.model import Protocol
from changeover.upstream.known_hosts import KNOWN_HOSTS, endpoint_at, known_base_url, speaks


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
