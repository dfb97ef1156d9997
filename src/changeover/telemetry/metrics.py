"""Calls and the state of a process as Prometheus scrapes them.

Names follow Prometheus' conventions (https://prometheus.io/docs/practices/naming/). Labels
are ids of the directory: the actual maker, host and model, never what was asked or
answered, and neither a person's nor a key's. A call is counted when it is concluded, so that
what is sent to a vendor and what is refused there is all there; what the decision refused
before any vendor was to be asked is counted as `refused`.
"""

import threading
from collections.abc import Callable, Mapping
from wsgiref.simple_server import WSGIServer

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, start_http_server
from prometheus_client.gc_collector import GCCollector
from prometheus_client.platform_collector import PlatformCollector
from prometheus_client.process_collector import ProcessCollector

from changeover.basics.errors import ChangeoverError
from changeover.gateway.model import CallRecord

_BUCKETS = (0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300)
"""Seconds: a model's whole answer takes from a tenth of a second to minutes."""
_MOST_PORTS = 256
_TAKEN = frozenset({48, 98, 10048})
"""`EADDRINUSE`, as the systems number it."""

State = Mapping[str, Callable[[], float]]
"""What stands at the moment of a scrape, by the name of its gauge."""

GAUGES: Mapping[str, str] = {
    "changeover_calls_in_flight": "Answers on their way.",
    "changeover_journal_undrained": "Calls in the journal that the database does not have yet.",
    "changeover_instruments": "Instruments of the ruleset in force in this process.",
    "changeover_routes_resting": "Routes that this process passes over, as their vendors fail.",
    "changeover_may_call_vendors": "1 where this process may send to vendors; 0 without a lease.",
}


class MetricsError(ChangeoverError):
    """The address for metrics cannot be listened on."""

    code = "metrics"


class Metrics:
    """One process's metrics, in a registry of their own."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        ProcessCollector(registry=self.registry)
        PlatformCollector(registry=self.registry)
        GCCollector(registry=self.registry)
        who = ["service", "maker", "host", "model"]
        self._calls = Counter(
            "changeover_calls",
            "Calls that were concluded, by what was decided and what came of them.",
            [*who, "operation", "decision", "result"],
            registry=self.registry,
        )
        self._tokens = Counter(
            "changeover_tokens",
            "Tokens that vendors counted.",
            [*who, "type"],
            registry=self.registry,
        )
        self._seconds = Histogram(
            "changeover_call_duration_seconds",
            "From a call's entry in the journal to the end of its answer.",
            ["maker", "host", "operation"],
            buckets=_BUCKETS,
            registry=self.registry,
        )

    def take(self, call: CallRecord) -> None:
        """Counts a call that was concluded."""
        intent, outcome = call.intent, call.outcome
        who = (intent.service, intent.maker, intent.host, intent.model)
        self._calls.labels(*who, intent.operation, intent.outcome, outcome.result).inc()
        for kind, count in (("input", outcome.input_tokens), ("output", outcome.output_tokens)):
            if count:
                self._tokens.labels(*who, kind).inc(count)
        if outcome.result != "refused":
            took = (outcome.at - intent.at).total_seconds()
            self._seconds.labels(intent.maker, intent.host, intent.operation).observe(took)

    def show(self, state: State) -> None:
        """Has what stands asked for at each scrape; it must not wait for anything."""
        for name, ask in state.items():
            Gauge(name, GAUGES[name], registry=self.registry).set_function(ask)


class Listening:
    """Metrics at `http://HOST:PORT/metrics`, in a thread of their own."""

    def __init__(self, server: WSGIServer, thread: threading.Thread) -> None:
        self._server = server
        self._thread = thread

    @property
    def port(self) -> int:
        return self._server.server_port

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


def listen(metrics: Metrics, host: str, port: int) -> Listening:
    """Serves there, or at the next port that no other worker of this machine has.

    `MetricsError` where none can be had. Port 0 takes any.
    """
    last = port + _MOST_PORTS if port else port + 1
    for tried in range(port, min(last, 65_536)):
        try:
            return Listening(*start_http_server(tried, host, metrics.registry))
        except OSError as error:
            if error.errno not in _TAKEN:
                raise _refusal(host, port, error) from error
            taken = error
    raise _refusal(host, port, taken) from taken


def _refusal(host: str, port: int, error: OSError) -> MetricsError:
    return MetricsError(
        f"Metrics cannot be served on {host}:{port}: {error.strerror}.",
        means="The server did not start.",
        do="Name another address in CHANGEOVER_METRICS, or leave it out.",
    )
