"""What serving works with."""

from collections.abc import Mapping

import msgspec

from changeover.basics.clock import Clock, SystemClock
from changeover.directory.model import Dialect, Protocol
from changeover.gateway.health import Health
from changeover.gateway.ports import Journal, Upstream
from changeover.metering.meter import Meter
from changeover.metering.ports import TariffSource
from changeover.metering.prices import NoPrices
from changeover.orders.in_force import Rules
from changeover.orders.lease import EndlessLease, Lease
from changeover.wire.codec import Codecs
from changeover.wire.passing import Passages


def _translated(protocol: Protocol, dialect: Dialect | None = None) -> None:
    """No passage: all is translated."""
    del protocol, dialect


class Parts(msgspec.Struct, frozen=True, kw_only=True):
    """What serving works with; `operator` is the address of this installation.

    `local_names` gives the model's name at a host whose one model is whatever
    its operator loaded there, `local_dialects` how the server speaks that it runs.
    """

    rules: Rules
    upstream: Upstream
    journal: Journal
    codec: Codecs
    passage: Passages = _translated
    clock: Clock
    start: str
    operator: str
    local_names: Mapping[str, str] = {}
    local_dialects: Mapping[str, Dialect] = {}
    lease: Lease = EndlessLease()
    prices: TariffSource = NoPrices()
    meter: Meter | None = None
    machine: Clock = SystemClock()
    health: Health | None = None
