"""What metering needs from outside."""

from datetime import datetime
from typing import Protocol

from changeover.directory.model import Route
from changeover.metering.model import CostLine, Tariff


class TariffSource(Protocol):
    """Knows what routes cost."""

    def tariff(self, route: Route, at: datetime) -> Tariff | None:
        """The route's tariff at an instant; None where its price is not known."""
        ...


class Spending(Protocol):
    """What was spent, as it is recorded."""

    def costs(self, since: datetime, until: datetime) -> list[CostLine]:
        """What each service's calls on each route cost that began in [since, until)."""
        ...
