"""Monitoring of the running command: metrics that are scraped, spans that a collector gets."""

import re
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import httpx2
import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from prometheus_client.parser import text_string_to_metric_families

from tests.end_to_end.running import CLAUDE, MESSAGES, Server, changeover


class Collector:
    """A collector of OTLP over HTTP that keeps what it is sent."""

    def __init__(self) -> None:
        self.requests: list[ExportTraceServiceRequest] = []
        requests = self.requests

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["content-length"]))
                requests.append(ExportTraceServiceRequest.FromString(body))
                self.send_response(200)
                self.send_header("content-type", "application/x-protobuf")
                self.send_header("content-length", "0")
                self.end_headers()

            def log_message(self, *_: object) -> None:
                """Says nothing."""

        self._server = HTTPServer(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(target=self._server.serve_forever)
        self._thread.start()
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


@pytest.fixture
def collector() -> Iterator[Collector]:
    made = Collector()
    yield made
    made.stop()


def test_a_call_is_counted_and_its_span_reaches_the_collector(tmp_path: Path, collector: Collector):
    with Server(
        tmp_path, CHANGEOVER_METRICS="127.0.0.1:19464", OTEL_EXPORTER_OTLP_ENDPOINT=collector.url
    ) as server:
        told = re.search(r"Metrics on (http\S+)", server.log)
        assert told is not None
        client = server.claude(server.key("treasury-code"))
        client.messages.create(model=CLAUDE, max_tokens=50, messages=MESSAGES)
        server.calls_when(1)
        scraped = httpx2.get(told[1], timeout=10).text
    families = {family.name: family for family in text_string_to_metric_families(scraped)}
    [counted] = [one for one in families["changeover_calls"].samples if one.name.endswith("_total")]
    assert counted.value == 1
    assert (counted.labels["maker"], counted.labels["result"]) == ("anthropic", "answered")
    assert families["changeover_may_call_vendors"].samples[0].value == 1
    assert families["changeover_instruments"].samples[0].value > 0
    [span] = [
        span
        for request in collector.requests
        for resource in request.resource_spans
        for scope in resource.scope_spans
        for span in scope.spans
    ]
    about = {one.key: one.value for one in span.attributes}
    assert about["gen_ai.provider.name"].string_value == "anthropic"
    assert about["changeover.stand_in"].bool_value
    assert about["server.address"].string_value == "127.0.0.1"
    [resource] = {
        request.resource_spans[0].resource.SerializeToString() for request in collector.requests
    }
    assert b"changeover" in resource
    assert "lighthouse" not in str(collector.requests)


def test_a_collector_that_is_away_holds_nothing_up(tmp_path: Path):
    with Server(tmp_path, OTEL_EXPORTER_OTLP_ENDPOINT="http://127.0.0.1:9") as server:
        client = server.claude(server.key("treasury-code"))
        client.messages.create(model=CLAUDE, max_tokens=50, messages=MESSAGES)
        server.calls_when(1)
        assert server.stop() == 0


def test_an_address_that_is_none_is_told_at_once(tmp_path: Path):
    said = changeover(tmp_path, "up", "--port", "0", status=1, CHANGEOVER_METRICS="everywhere")
    assert "CHANGEOVER_METRICS in the environment: 'everywhere' is no address and port" in said
