"""What Prometheus scrapes."""

import socket

import httpx2
import pytest
from prometheus_client.parser import text_string_to_metric_families

from changeover.telemetry.metrics import GAUGES, Metrics, MetricsError, listen
from tests.telemetry.calls import call

WHO = {
    "service": "treasury-code",
    "maker": "anthropic",
    "host": "bedrock",
    "model": "anthropic/claude-sonnet-4-5",
}


def test_calls_are_counted_by_what_was_decided_and_what_came_of_them():
    metrics = Metrics()
    for seq in (1, 2):
        metrics.take(call(seq))
    metrics.take(call(3, decision="refuse", result="refused", input_tokens=None))
    read = metrics.registry.get_sample_value
    done = {**WHO, "operation": "chat", "decision": "allow", "result": "answered"}
    assert read("changeover_calls_total", done) == 2
    refused = {**done, "decision": "refuse", "result": "refused"}
    assert read("changeover_calls_total", refused) == 1
    assert read("changeover_tokens_total", {**WHO, "type": "input"}) == 22
    assert read("changeover_tokens_total", {**WHO, "type": "output"}) == 21


def test_what_was_never_sent_takes_no_time():
    metrics = Metrics()
    metrics.take(call(1, seconds=0.3))
    metrics.take(call(2, result="refused"))
    where = {"maker": "anthropic", "host": "bedrock", "operation": "chat"}
    read = metrics.registry.get_sample_value
    assert read("changeover_call_duration_seconds_count", where) == 1
    assert read("changeover_call_duration_seconds_bucket", {**where, "le": "0.25"}) == 0
    assert read("changeover_call_duration_seconds_bucket", {**where, "le": "0.5"}) == 1


def test_metrics_are_served_and_hold_nobody_s_name():
    metrics = Metrics()
    metrics.show({"changeover_calls_in_flight": lambda: 3})
    metrics.take(call())
    listening = listen(metrics, "127.0.0.1", 0)
    try:
        answer = httpx2.get(f"http://127.0.0.1:{listening.port}/metrics", timeout=10)
    finally:
        listening.stop()
    assert answer.status_code == 200
    families = {family.name: family for family in text_string_to_metric_families(answer.text)}
    assert families["changeover_calls_in_flight"].samples[0].value == 3
    assert (
        families["changeover_calls_in_flight"].documentation
        == (GAUGES["changeover_calls_in_flight"])
    )
    assert "process_resident_memory_bytes" in families
    assert "co_abc" not in answer.text
    with pytest.raises(httpx2.ConnectError):
        httpx2.get(f"http://127.0.0.1:{listening.port}/metrics", timeout=10)


def test_a_second_worker_takes_the_next_port():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        listening = listen(Metrics(), "127.0.0.1", port)
        try:
            assert listening.port > port
        finally:
            listening.stop()


def test_an_address_that_this_machine_has_not_is_an_error():
    with pytest.raises(MetricsError) as caught:
        listen(Metrics(), "192.0.2.1", 9464)
    assert "192.0.2.1:9464" in caught.value.what
