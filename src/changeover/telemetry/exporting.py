"""Spans on their way to a collector, by OTLP over HTTP.

The library reads its own variables (`OTEL_EXPORTER_OTLP_ENDPOINT` and the like,
https://opentelemetry.io/docs/specs/otel/protocol/exporter/), sends in batches from a thread
of its own, and drops what a collector that is away does not take: monitoring never holds up
a call. What must not be lost is the ledger's.
"""

from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import OTELResourceDetector, Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor

from changeover import __version__


def provider(start: str) -> TracerProvider:
    """What makes spans of the process `start` and sends them; shut it down at the end."""
    about = Resource({
        "service.name": "changeover",
        "service.version": __version__,
        "service.instance.id": start,
    })  # fmt: skip
    # What the operator says of it (OTEL_SERVICE_NAME, OTEL_RESOURCE_ATTRIBUTES) stands above this.
    made = TracerProvider(resource=about.merge(OTELResourceDetector().detect()))
    made.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
    return made
