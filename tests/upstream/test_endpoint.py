import pytest

from changeover.basics.errors import InvalidInputError
from changeover.directory.model import Protocol
from changeover.identity.secret import Secret
from changeover.upstream.endpoint import Endpoint, read_credential

KEY = "sk-hidden-0123"


def _endpoint(
    base_url: str = "https://api.example.com",
    protocol: Protocol = "openai-chat",
    credential: Secret | None = None,
    path: str | None = None,
) -> Endpoint:
    return Endpoint(
        host="openai", protocol=protocol, base_url=base_url, credential=credential, path=path
    )


@pytest.mark.parametrize(
    ("endpoint", "url"),
    [
        (_endpoint(), "https://api.example.com/v1/chat/completions"),
        (_endpoint("http://127.0.0.1:9000/"), "http://127.0.0.1:9000/v1/chat/completions"),
        (_endpoint(protocol="anthropic-messages"), "https://api.example.com/v1/messages"),
        (
            _endpoint("https://api.example.com/beta/openai/", path="/chat/completions"),
            "https://api.example.com/beta/openai/chat/completions",
        ),
    ],
)
def test_where_requests_go(endpoint, url):
    assert endpoint.url == url


def test_headers_of_the_openai_protocol():
    headers = _endpoint(credential=Secret(KEY)).headers()
    assert headers["Authorization"] == f"Bearer {KEY}"
    assert headers["Accept"] == headers["Content-Type"] == "application/json"
    assert "x-api-key" not in headers


def test_headers_of_the_anthropic_protocol():
    endpoint = _endpoint(protocol="anthropic-messages", credential=Secret(KEY))
    headers = endpoint.headers(stream_type="text/event-stream")
    assert headers["x-api-key"] == KEY
    assert headers["anthropic-version"] == "2023-06-01"
    assert headers["Accept"] == "text/event-stream"
    assert headers["Accept-Encoding"] == "identity"
    assert "Authorization" not in headers


def test_without_a_credential_none_is_sent():
    assert "Authorization" not in _endpoint().headers()


def test_an_endpoint_never_shows_its_credential():
    endpoint = _endpoint(credential=Secret(KEY))
    assert KEY not in f"{endpoint} {endpoint!r} {[endpoint]}"


@pytest.mark.parametrize(
    "base_url",
    [
        "",
        "api.example.com",
        "ftp://api.example.com",
        "https://",
        "https://api.example.com:port",
        "https://[::1",
        "https://api.example.com/\nHost: evil",
        "https://ada:word@api.example.com",
        "https://api.example.com?key=word",
        "https://api.example.com#word",
    ],
)
def test_a_base_url_that_is_none_is_refused_unrepeated(base_url):
    with pytest.raises(InvalidInputError) as caught:
        _endpoint(base_url)
    assert "word" not in str(caught.value)
    assert caught.value.do


@pytest.mark.parametrize(
    ("base_url", "here"),
    [
        ("http://127.0.0.1:8081", True),
        ("http://localhost:8081", True),
        ("http://[::1]:8081", True),
        ("http://127.0.0.1.example.com", False),
        ("https://api.example.com", False),
    ],
)
def test_what_is_on_this_machine(base_url, here):
    assert _endpoint(base_url).on_this_machine is here


def test_a_credential_loses_the_white_space_around_it():
    assert read_credential(f" {KEY}\n", "OPENAI_API_KEY").reveal() == KEY


@pytest.mark.parametrize("text", ["", " \n", "sk-hidden\r\nx: y", "sk hidden", "sk-hiddené"])
def test_a_credential_that_cannot_stand_in_a_header_is_refused_unrepeated(text):
    with pytest.raises(InvalidInputError, match="OPENAI_API_KEY") as caught:
        read_credential(text, "OPENAI_API_KEY")
    assert "hidden" not in str(caught.value)
