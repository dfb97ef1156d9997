"""Rate limits in one protocol's names are those of another."""

from datetime import UTC, datetime

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from changeover.directory.model import PROTOCOLS, Protocol
from changeover.wire.limits import (
    Allowance,
    Limits,
    limit_headers,
    read_limits,
    vendor_request,
    with_retry_info,
)

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
OPENAI = {
    "x-ratelimit-limit-requests": "60",
    "x-ratelimit-remaining-requests": "59",
    "x-ratelimit-reset-requests": "6m1s",
    "x-ratelimit-limit-tokens": "150000",
    "x-ratelimit-remaining-tokens": "149984",
    "x-ratelimit-reset-tokens": "12ms",
}
ANTHROPIC = {
    "anthropic-ratelimit-requests-limit": "60",
    "anthropic-ratelimit-requests-remaining": "59",
    "anthropic-ratelimit-requests-reset": "2026-03-02T12:06:01Z",
    "anthropic-ratelimit-input-tokens-limit": "1000",
    "anthropic-ratelimit-input-tokens-remaining": "10",
    "anthropic-ratelimit-input-tokens-reset": "2026-03-02T12:00:00Z",
}
REQUESTS = Allowance(limit=60, remaining=59, resets_in=361)


def test_limits_are_read_from_either_vendors_headers():
    tokens = Allowance(limit=150_000, remaining=149_984, resets_in=0.012)
    assert read_limits(OPENAI, NOW).allowances == {"requests": REQUESTS, "tokens": tokens}
    of_input = Allowance(limit=1000, remaining=10, resets_in=0)
    found = read_limits(ANTHROPIC, NOW)
    assert found.allowances == {"requests": REQUESTS, "input-tokens": of_input}


def test_a_reset_counts_from_the_responses_own_date():
    dated = {**ANTHROPIC, "date": "Mon, 02 Mar 2026 12:05:01 GMT"}
    assert read_limits(dated, NOW).allowances["requests"].resets_in == 60


@pytest.mark.parametrize("headers", [OPENAI, ANTHROPIC])
def test_each_protocols_own_headers_cross_unchanged(headers):
    client: Protocol = "openai-chat" if headers is OPENAI else "anthropic-messages"
    assert limit_headers(read_limits(headers, NOW), client, NOW) == headers


def test_a_client_of_another_protocol_gets_its_own_names():
    assert limit_headers(read_limits(OPENAI, NOW), "anthropic-messages", NOW) == {
        "anthropic-ratelimit-requests-limit": "60",
        "anthropic-ratelimit-requests-remaining": "59",
        "anthropic-ratelimit-requests-reset": "2026-03-02T12:06:01Z",
        "anthropic-ratelimit-tokens-limit": "150000",
        "anthropic-ratelimit-tokens-remaining": "149984",
        "anthropic-ratelimit-tokens-reset": "2026-03-02T12:00:00Z",
    }
    assert limit_headers(read_limits(OPENAI, NOW), "gemini-generate", NOW) == {}


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"retry-after": "7"}, 7),
        ({"retry-after": "0.5"}, 0.5),
        ({"retry-after-ms": "1500", "retry-after": "9"}, 1.5),
        ({"retry-after": "Mon, 02 Mar 2026 12:00:30 GMT"}, 30),
        ({"retry-after": "Mon, 02 Mar 2026 11:00:30 GMT"}, 0),
        ({"retry-after": "soon"}, None),
        ({"retry-after": "-1"}, None),
        ({"retry-after": "99999999"}, None),
        ({}, None),
    ],
)
def test_when_to_come_again_is_read_in_every_form(headers, seconds):
    assert read_limits(headers, NOW).retry_after == seconds


def test_google_says_when_to_come_again_in_the_body_and_is_told_so_there():
    detail = {"@type": "type.googleapis.com/google.rpc.RetryInfo", "retryDelay": "34.5s"}
    body = msgspec.json.encode({"error": {"code": 429, "details": [{"@type": "x"}, detail]}})
    limits = read_limits({}, NOW, body)
    assert limits.retry_after == 34.5
    assert read_limits({}, NOW, b"[" + body + b"]").retry_after == 34.5
    assert limit_headers(limits, "openai-chat", NOW) == {
        "retry-after": "35",
        "retry-after-ms": "34500",
    }
    bare = msgspec.json.encode({"error": {"code": 429}})
    told = msgspec.json.decode(with_retry_info(bare, limits, "gemini-generate"))
    assert told["error"]["details"] == [detail]
    assert with_retry_info(bare, limits, "openai-chat") is bare
    assert with_retry_info(bare, Limits(), "gemini-generate") is bare


@given(
    headers=st.dictionaries(
        st.sampled_from([*OPENAI, *ANTHROPIC, "date", "retry-after", "retry-after-ms"]),
        st.text() | st.sampled_from(["1", "0", "-1", "1e9", "9m", "1.1.1s", "2026-03-02T12:00:00"]),
    ),
    body=st.binary() | st.just(b'{"error":{"details":[{"@type":"google.rpc.RetryInfo"}]}}'),
)
def test_whatever_stands_there_is_read_or_says_nothing(headers, body):
    limits = read_limits(headers, NOW, body)
    for client in PROTOCOLS:
        told = limit_headers(limits, client, NOW)
        assert all(text.isascii() and text.isprintable() for text in told.values())


def test_the_vendors_own_name_of_the_call_is_found():
    assert vendor_request({"request-id": "req_1"}) == "req_1"
    assert vendor_request({"x-request-id": "", "x-amzn-requestid": "r"}) == "r"
    assert vendor_request({}) is None
