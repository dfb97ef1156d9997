"""Each form gives its lines, and damage is told where it is."""

import json
from datetime import timedelta
from pathlib import Path

import pytest

from changeover.basics.errors import InvalidInputError
from changeover.basics.instants import microseconds
from changeover.evidence.reconciling.model import Kind, Line
from changeover.evidence.reconciling.reading import Reading, recognise
from tests.evidence.reconciling.made import (
    NOON,
    PLACES,
    anthropic_usage,
    at,
    cloudtrail,
    cloudtrail_event,
    focus,
    google_entry,
    openai_usage,
    squid,
    zeek,
)

HOUR = timedelta(hours=1)


def read(tmp_path: Path, content: bytes, kind: Kind) -> list[Line]:
    path = tmp_path / "given"
    path.write_bytes(content)
    reading = Reading(path, PLACES)
    lines = list(reading)
    assert reading.source is not None
    assert (reading.source.kind, reading.source.counted) == (kind, len(lines))
    return lines


def test_openai_s_usage(tmp_path: Path):
    results = [{"num_model_requests": 5, "api_key_id": "key_1", "model": "gpt-4.1"}]
    [line] = read(tmp_path, openai_usage([(NOON, NOON + HOUR, results)]), "openai-usage")
    assert (line.host, line.requests, line.tokens) == ("openai", 5, 15)
    assert (line.account, line.who, line.model) == ("proj_1", "key_1", "gpt-4.1")
    assert (line.at, line.until) == (microseconds(NOON), microseconds(NOON + HOUR))


def test_anthropic_s_usage_counts_every_token_and_no_request(tmp_path: Path):
    content = anthropic_usage([(NOON, NOON + HOUR, 100), (NOON + HOUR, NOON + 2 * HOUR, 0)])
    [line] = read(tmp_path, content, "anthropic-usage")
    assert (line.host, line.requests, line.tokens) == ("anthropic", None, 100)


def test_cloudtrail_counts_what_asked_a_model_and_was_not_refused(tmp_path: Path):
    events = [
        cloudtrail_event(NOON, "1"),
        cloudtrail_event(NOON, "2", name="InvokeModelWithResponseStream"),
        cloudtrail_event(NOON, "3", name="ListFoundationModels"),
        cloudtrail_event(NOON, "4", error="AccessDenied"),
        {**cloudtrail_event(NOON, "5"), "eventSource": "s3.amazonaws.com"},
    ]
    lines = read(tmp_path, cloudtrail(events), "cloudtrail")
    assert [line.id for line in lines] == ["1", "2"]
    assert {(line.host, line.account, line.who) for line in lines} == {
        ("bedrock", "123456789012", "ASIA1")
    }
    each = b"\n".join(json.dumps(event).encode() for event in events)
    assert read(tmp_path, each, "cloudtrail") == lines


def test_google_s_audit_log(tmp_path: Path):
    entries = [google_entry(NOON, "a"), google_entry(at(1.5), "b", method="ListEndpoints")]
    entries[1]["protoPayload"]["methodName"] = "google.cloud.aiplatform.v1.EndpointService.List"
    lines = read(tmp_path, b"\n".join(json.dumps(e).encode() for e in entries), "google-audit")
    assert [(line.host, line.model, line.who) for line in lines] == [
        ("vertex", "claude-x", "app@ministry.example")
    ]
    assert read(tmp_path, json.dumps(entries).encode(), "google-audit") == lines


def test_squid_s_log_tells_who_connected_where(tmp_path: Path):
    rows = [
        (at(0.25), "10.0.0.9", "api.openai.com", "TCP_TUNNEL/200"),
        (at(1), "10.0.0.9", "api.openai.com", "TCP_DENIED/403"),
        (at(2), "10.0.0.9", "news.example.com", "TCP_TUNNEL/200"),
        (at(3), "10.0.0.7", "llm.example.org", "TCP_TUNNEL/200"),
    ]
    lines = read(tmp_path, squid(rows), "squid")
    assert [(line.host, line.who, line.requests) for line in lines] == [
        ("openai", "10.0.0.9", None), ("openai", "10.0.0.7", None),
    ]  # fmt: skip
    assert lines[0].at == microseconds(at(0.25))


def test_zeek_s_logs_as_text_and_as_json(tmp_path: Path):
    rows = [(at(0.5), "10.0.0.9", "api.anthropic.com"), (at(1), "10.0.0.9", "example.com")]
    [line] = read(tmp_path, zeek(rows), "zeek")
    assert (line.host, line.who, line.at) == ("anthropic", "10.0.0.9", microseconds(at(0.5)))
    told = {"ts": at(0.5).timestamp(), "uid": "C0", "id.orig_h": "10.0.0.9"}
    dns = json.dumps({**told, "query": "api.anthropic.com"}).encode() + b"\n"
    assert read(tmp_path, dns, "zeek") == [line]


def test_an_invoice_tells_that_a_vendor_was_used(tmp_path: Path):
    day = timedelta(days=1)
    rows = [
        (NOON, NOON + day, "OpenAI", "Usage", "12.5"),
        (NOON, NOON + day, "OpenAI", "Credit", "-2"),
        (NOON, NOON + day, "OpenAI", "Usage", "0.00"),
        (NOON, NOON + day, "A stationer", "Usage", "4"),
    ]
    [line] = read(tmp_path, focus(rows), "focus")
    assert (line.host, line.account, line.requests, line.tokens) == ("openai", "sub-1", None, None)


@pytest.mark.parametrize(
    ("content", "where"),
    [
        (squid([(NOON, "10.0.0.9", "api.openai.com", "TCP_TUNNEL/200")]) + b"nonsense\n", "line 2"),
        (zeek([(NOON, "10.0.0.9", "api.openai.com")]) + b"one\ttwo\n", "line 7"),
        (cloudtrail([cloudtrail_event(NOON, "1")])[:-9], "packed file"),
        (openai_usage([(NOON, NOON + HOUR, [{"num_model_requests": "many"}])]), "line 1"),
        (b"ChargePeriodStart,BilledCost\n2026-03-02,1\n", "ChargePeriodEnd"),
        (b"ChargePeriodStart,ChargePeriodEnd\n2026-03-02\n", "line 2"),
        (b'{"uncached_input_tokens"', "line 1"),
    ],
)
def test_damage_is_told_and_nothing_is_counted(tmp_path: Path, content: bytes, where: str):
    path = tmp_path / "given"
    path.write_bytes(content)
    with pytest.raises(InvalidInputError) as caught:
        list(Reading(path, PLACES))
    assert where in caught.value.what
    assert "Nothing was counted" in caught.value.means


def test_what_is_none_of_these_is_refused_by_name():
    with pytest.raises(InvalidInputError) as caught:
        recognise(b"Dear colleagues,", "letter.txt")
    assert "letter.txt" in caught.value.what
    assert "cloudtrail" in caught.value.do
