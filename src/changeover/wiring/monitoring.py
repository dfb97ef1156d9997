"""What monitoring sees of a running process, where the environment asks for it."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING

import msgspec

from changeover.basics.errors import InvalidInputError
from changeover.gateway.journal import SegmentJournal
from changeover.gateway.serving import Serving
from changeover.orders.lease import Lease
from changeover.wiring.installation import Installation

# The libraries cost a start a tenth of a second, so they are imported where they are asked for.
if TYPE_CHECKING:
    from changeover.telemetry.metrics import State
    from changeover.telemetry.traces import Address

VARIABLE = "CHANGEOVER_METRICS"
COLLECTORS = ("OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT")
"""OpenTelemetry's own variables for the address of a collector."""
Say = Callable[[str], None]


class Watched(msgspec.Struct, frozen=True):
    """The parts of a process that monitoring looks at; `address` is of a host's endpoint."""

    installation: Installation
    serving: Serving
    journal: SegmentJournal
    lease: Lease
    address: "Address"

    def state(self) -> "State":
        """What stands at a scrape; nothing here waits."""
        return {
            "changeover_calls_in_flight": lambda: len(self.serving.in_flight),
            "changeover_journal_undrained": lambda: self.journal.undrained,
            "changeover_instruments": self._instruments,
            "changeover_routes_resting": self._resting,
            "changeover_may_call_vendors": lambda: self.lease.lapsed() is None,
        }

    def _resting(self) -> int:
        return sum(each.state == "resting" for each in self.serving.health.told())

    def _instruments(self) -> int:
        rules = self.installation.office.rules
        return len(rules.current.issued) if rules.ready else 0


@contextmanager
def monitored(environment: Mapping[str, str], watched: Watched, say: Say) -> Iterator[None]:
    """Metrics and spans of the journal's calls, until the block ends."""
    with ExitStack() as stack:
        if place := environment.get(VARIABLE):
            _serve_metrics(place, watched, stack, say)
        if any(environment.get(name) for name in COLLECTORS):
            _send_spans(watched, stack)
        yield


def _serve_metrics(place: str, watched: Watched, stack: ExitStack, say: Say) -> None:
    from changeover.telemetry.metrics import Metrics, listen  # noqa: PLC0415 - see above

    host, port = read_address(place)
    metrics = Metrics()
    metrics.show(watched.state())
    watched.journal.subscribe(metrics.take)
    listening = listen(metrics, host, port)
    stack.callback(listening.stop)
    say(f"Metrics on http://{host}:{listening.port}/metrics")


def _send_spans(watched: Watched, stack: ExitStack) -> None:
    from changeover.telemetry.exporting import provider  # noqa: PLC0415 - see above
    from changeover.telemetry.traces import Spans  # noqa: PLC0415 - see above

    made = provider(watched.journal.start)
    stack.callback(made.shutdown)
    watched.journal.subscribe(Spans(made.get_tracer("changeover"), watched.address).take)


def read_address(text: str) -> tuple[str, int]:
    """`HOST:PORT`, `[HOST]:PORT` or `:PORT` of this machine alone; `InvalidInputError`."""
    host, _, port = text.rpartition(":")
    if not port.isascii() or not port.isdigit() or not 0 < int(port) < 65_536:
        raise InvalidInputError(
            f"{VARIABLE} is {text!r}, which is no address and port.",
            means="The server did not start.",
            do="Write it as 127.0.0.1:9464.",
        )
    return host.strip("[]") or "127.0.0.1", int(port)
