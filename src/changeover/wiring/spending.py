"""What was spent, over an installation's database and directory."""

from collections.abc import Iterable
from datetime import datetime

from changeover.directory.rules import descendants
from changeover.metering.limits import Account
from changeover.metering.model import CostLine
from changeover.wiring.installation import Installation


class RecordedSpending:
    """Implements `metering.ports.Spending`, and says how accounts stand."""

    def __init__(self, installation: Installation) -> None:
        self._installation = installation

    def costs(self, since: datetime, until: datetime) -> list[CostLine]:
        with self._installation.database.reading() as work:
            return work.spending.costs(since, until)

    def standing(self, account: Account) -> tuple[int, int]:
        """What of an account is recorded as spent, and what is let out beside it."""
        with self._installation.database.reading() as work:
            found = work.allowances.standing(account, self.covers)
        return found.settled, found.out

    def covers(self, party: str) -> Iterable[str]:
        """The parties that a party's limits cover."""
        directory = self._installation.office.directory()
        return () if directory is None else descendants(directory, party)
