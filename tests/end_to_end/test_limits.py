"""How much more a vendor takes, as each SDK's program finds it."""

import re
from collections.abc import Iterator

import anthropic
import openai
import pytest
from google import genai
from google.genai import errors, types

from changeover.standin.settings import read_fault
from tests.end_to_end.running import CLAUDE, Server
from tests.end_to_end.vendors import Vendors

GPT_ROUTE, CLAUDE_ROUTE = "openai/gpt-4.1@openai", f"anthropic/{CLAUDE}@anthropic"
HELLO = "Say hello."


@pytest.fixture(scope="module")
def key(server: Server) -> str:
    return server.key("health-assistant")


@pytest.fixture(autouse=True)
def sound(vendors: Vendors) -> Iterator[None]:
    yield
    vendors.faults.clear()


def ask_gpt(server: Server, key: str, model: str, *, stream: bool = False):
    client = server.gpt(key).with_options(max_retries=0)
    return client.chat.completions.with_raw_response.create(
        model=model, messages=[{"role": "user", "content": HELLO}], stream=stream
    )


@pytest.mark.parametrize("stream", [False, True], ids=["whole", "streamed"])
@pytest.mark.parametrize("model", [GPT_ROUTE, CLAUDE_ROUTE])
def test_openais_clients_find_limits_by_their_names(server: Server, key: str, model, stream):
    headers = ask_gpt(server, key, model, stream=stream).headers
    limit, left = headers["x-ratelimit-limit-tokens"], headers["x-ratelimit-remaining-tokens"]
    assert int(limit) > int(left) > 0
    assert re.fullmatch(r"6ms|59s|1m\ds", headers["x-ratelimit-reset-requests"])
    assert headers["changeover-vendor-request"].startswith("req_")
    assert not any(name.startswith("anthropic-") for name in headers)


def test_anthropics_clients_find_another_vendors_limits_by_their_names(server: Server, key: str):
    raw = server.claude(key).messages.with_raw_response.create(
        model=GPT_ROUTE, max_tokens=50, messages=[{"role": "user", "content": HELLO}]
    )
    assert raw.headers["anthropic-ratelimit-requests-remaining"] == "9999"
    assert raw.headers["anthropic-ratelimit-tokens-reset"].endswith("Z")


@pytest.mark.parametrize(("status", "heard"), [(429, 429), (503, 503), (529, 503)])
def test_an_overloaded_vendor_says_when_to_come_again(
    server: Server, vendors: Vendors, key: str, status: int, heard: int
):
    vendors.faults["anthropic"] = read_fault(f"status={status}")
    with pytest.raises(openai.APIStatusError) as caught:
        ask_gpt(server, key, CLAUDE_ROUTE)
    assert caught.value.status_code == heard
    assert caught.value.response.headers["retry-after"] == "1"
    assert caught.value.response.headers["retry-after-ms"] == "1000"
    claude = server.claude(key).with_options(max_retries=0)
    with pytest.raises(anthropic.APIStatusError) as again:
        claude.messages.create(
            model=CLAUDE_ROUTE, max_tokens=50, messages=[{"role": "user", "content": HELLO}]
        )
    assert again.value.status_code == status
    assert again.value.response.headers["retry-after"] == "1"


def test_googles_clients_find_it_in_the_error(server: Server, vendors: Vendors, key: str):
    vendors.faults["anthropic"] = read_fault("status=429")
    options = types.HttpOptions(base_url=server.url)
    with (
        genai.Client(api_key=key, http_options=options) as client,
        pytest.raises(errors.ClientError) as caught,
    ):
        client.models.generate_content(model=CLAUDE_ROUTE, contents=HELLO)
    assert caught.value.code == 429
    assert any(d.get("retryDelay") == "1s" for d in caught.value.details["error"]["details"])
