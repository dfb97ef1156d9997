"""What metering needs from outside."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from changeover.directory.model import Route
from changeover.metering.allowance import Draw, Grant
from changeover.metering.limits import Limit
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


class Allowances(Protocol):
    """Lets accounts out to this process. What it lets out counts as spent until returned."""

    def draw(self, draws: Sequence[Draw]) -> Sequence[Grant]:
        """What is let out for each, in their order; what they return is taken first.

        A draw without need only returns.
        """
        ...


class Limits(Protocol):
    """The limits on record."""

    def standing(self) -> list[Limit]:
        """Those that stand, by their names."""
        ...

    def set(self, limit: Limit) -> None:
        """Sets it in the place of any of the same sort."""
        ...

    def lift(self, limit: Limit, *, by: str, at: datetime) -> None:
        """Lifts it. What was let out of its accounts is forgotten."""
        ...
