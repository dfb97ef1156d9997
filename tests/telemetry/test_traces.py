"""Spans, as OpenTelemetry's own SDK keeps them."""

from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import SpanKind, StatusCode

from changeover.gateway.model import CallRecord
from changeover.telemetry.traces import Spans
from tests.telemetry.calls import AT, call


def span(one: CallRecord) -> ReadableSpan:
    kept = InMemorySpanExporter()
    provider = TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(kept))
    addresses = {"bedrock": ("bedrock-runtime.eu-west-1.amazonaws.com", 443)}
    Spans(provider.get_tracer("test"), addresses.get).take(one)
    [made] = kept.get_finished_spans()
    return made


def test_a_call_is_a_span_of_what_happened():
    made = span(call(losses=("top_k",)))
    assert made.name == "chat anthropic/claude-sonnet-4-5"
    assert made.kind is SpanKind.CLIENT
    assert made.start_time == int(AT.timestamp()) * 10**9
    assert made.end_time == made.start_time + 2 * 10**9
    told = dict(made.attributes or {})
    assert told["gen_ai.operation.name"] == "chat"
    assert told["gen_ai.provider.name"] == "aws.bedrock"
    assert told["gen_ai.request.model"] == "claude-sonnet-4-5"
    assert told["gen_ai.response.model"] == "claude-sonnet-4-5-20250929"
    assert told["gen_ai.usage.input_tokens"] == 11
    assert told["gen_ai.usage.output_tokens"] == 7
    assert told["server.address"] == "bedrock-runtime.eu-west-1.amazonaws.com"
    assert told["server.port"] == 443
    assert told["http.response.status_code"] == 200
    assert told["changeover.maker"] == "anthropic"
    assert told["changeover.host"] == "bedrock"
    assert told["changeover.instruments"] == ("memo",)
    assert told["changeover.losses"] == ("top_k",)
    assert made.status.status_code is StatusCode.UNSET
    assert "co_abc" not in str(told)


def test_what_was_refused_or_failed_is_an_error():
    made = span(call(result="failed", error="the vendor hung", status=None, instruments=()))
    told = dict(made.attributes or {})
    assert (made.status.status_code, made.status.description) == (
        StatusCode.ERROR, "the vendor hung",
    )  # fmt: skip
    assert told["error.type"] == "failed"
    assert "http.response.status_code" not in told
    assert "changeover.instruments" not in told


def test_operations_and_hosts_go_by_the_conventions_where_they_name_them():
    made = span(call(operation="embed", host="local"))
    told = dict(made.attributes or {})
    assert told["gen_ai.operation.name"] == "embeddings"
    assert told["gen_ai.provider.name"] == "local"
    assert "server.address" not in told
