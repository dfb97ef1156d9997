"""Calls as spans of OpenTelemetry, by its conventions for generative AI.

The conventions: https://github.com/open-telemetry/semantic-conventions-genai. A span is a
call's, from its entry in the journal to the end of its answer, of kind CLIENT.
`gen_ai.provider.name` is the host that was asked, under the conventions' name where they
have one, and `gen_ai.response.model` what it said that it served; both are what happened,
and not what was asked for, which is `gen_ai.request.model`. What only this product knows
stands under `changeover.`. Neither contents, keys nor persons are in a span.
"""

from collections.abc import Callable, Mapping
from datetime import datetime

from opentelemetry.trace import SpanKind, Status, StatusCode, Tracer

from changeover.basics.instants import microseconds
from changeover.gateway.model import CallRecord, Intent, Operation

Address = Callable[[str], tuple[str, int] | None]
"""The name and port of a host's endpoint; None where it has none (any more)."""

_OPERATIONS: Mapping[Operation, str] = {"chat": "chat", "embed": "embeddings"}
"""Those that the conventions name; others go by ours."""
_PROVIDERS: Mapping[str, str] = {
    "google": "gcp.gemini",
    "vertex": "gcp.vertex_ai",
    "bedrock": "aws.bedrock",
    "azure": "azure.ai.openai",
    "mistral": "mistral_ai",
    "xai": "x_ai",
}
"""Hosts' usual ids that the conventions call otherwise."""

Attributes = dict[str, str | int | bool | list[str]]


class Spans:
    """Makes a span of each call that was concluded."""

    def __init__(self, tracer: Tracer, address: Address) -> None:
        self._tracer = tracer
        self._address = address

    def take(self, call: CallRecord) -> None:
        """A call's span, begun and ended when the call was."""
        intent, outcome = call.intent, call.outcome
        operation = _OPERATIONS.get(intent.operation, intent.operation)
        span = self._tracer.start_span(
            f"{operation} {intent.model}",
            kind=SpanKind.CLIENT,
            attributes=self._attributes(intent, operation),
            start_time=_nanoseconds(intent.at),
        )
        told = {
            "gen_ai.response.model": outcome.served_model,
            "gen_ai.usage.input_tokens": outcome.input_tokens,
            "gen_ai.usage.output_tokens": outcome.output_tokens,
            "http.response.status_code": outcome.status,
        }
        span.set_attributes({name: value for name, value in told.items() if value is not None})
        if outcome.losses:
            span.set_attribute("changeover.losses", list(outcome.losses))
        if outcome.result != "answered":
            span.set_attribute("error.type", outcome.result)
            span.set_status(Status(StatusCode.ERROR, outcome.error))
        span.end(_nanoseconds(outcome.at))

    def _attributes(self, intent: Intent, operation: str) -> Attributes:
        found: Attributes = {
            "gen_ai.operation.name": operation,
            "gen_ai.provider.name": _PROVIDERS.get(intent.host, intent.host),
            "gen_ai.request.model": intent.asked,
            "changeover.call": intent.call,
            "changeover.service": intent.service,
            "changeover.party": intent.party,
            "changeover.slot": intent.slot,
            "changeover.purpose": intent.purpose,
            "changeover.maker": intent.maker,
            "changeover.host": intent.host,
            "changeover.model": intent.model,
            "changeover.route": intent.route,
            "changeover.decision": intent.outcome,
            "changeover.ruleset": intent.ruleset,
            "changeover.stand_in": intent.stand_in,
        }
        if intent.instruments:
            found["changeover.instruments"] = list(intent.instruments)
        address = self._address(intent.host)
        if address is not None:
            found["server.address"], found["server.port"] = address
        return found


def _nanoseconds(at: datetime) -> int:
    """Nanoseconds since 1970, as spans count."""
    return microseconds(at) * 1000
