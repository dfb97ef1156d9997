"""The shipped scenario over a database, as far as orders go."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from changeover.basics.calendars import read_instant
from changeover.basics.clock import FixedClock
from changeover.ledger.checkpoint import SigningKey
from changeover.ledger.sequencing import Sequencer
from changeover.ledger.usecases import Ledger
from changeover.orders.notice import Reader
from changeover.orders.noticing import NoticeOffice
from changeover.orders.proposals import Officer, ProposalOffice
from changeover.orders.scenario import Player
from changeover.orders.usecases import Office
from changeover.storage.database import Database
from changeover.storage.works import LedgerWorks, RecordedCallDays
from changeover.wiring.scenarios import SHIPPED, read_scenario

WASHINGTON = ZoneInfo("America/New_York")
ADA = Officer(account="person_ada", name="Ada")
BO = Officer(account="person_bo", name="Bo")


def at(text: str) -> datetime:
    return read_instant(text, WASHINGTON)


class Demonstration:
    """A demonstration's clock stands at the scenario's start."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.ledger = Ledger(SigningKey("ledger.example", bytes(32)))
        self.works = LedgerWorks(database, Sequencer(database, self.ledger), demonstration=True)
        scenario = read_scenario(SHIPPED)
        self.directory = scenario.directory
        self.clock = FixedClock(scenario.starts_at)
        self.office = Office(self.works, RecordedCallDays(database), self.clock)
        self.player = Player(scenario, self.office, self.works, self.clock)
        self.player.begin()
        self.proposals = ProposalOffice(self.works, self.office, self.clock, self.player.awaited)
        self.notices = NoticeOffice(self.works, self.office, self.clock)

    def reader(self, party: str = "state", created: str = "2026-02-01") -> Reader:
        return Reader(account=f"person_of_{party}", party=party, created=at(created))

    def issue(self, name: str, *, at_once: bool = True) -> None:
        """Ada enters and Bo confirms."""
        self.proposals.enter(name, ADA, at_once=at_once)
        self.proposals.confirm(name, BO)


@contextmanager
def demonstration(folder: Path) -> Iterator[Demonstration]:
    with Database(f"sqlite:///{folder}/changeover.db") as database:
        yield Demonstration(database)
