"""Two processes on one database: what one of them serves is an existing use for both."""

import asyncio
import time

from changeover.basics.clock import FixedClock
from changeover.ledger.checkpoint import SigningKey
from changeover.ledger.sequencing import Sequencer
from changeover.ledger.usecases import Ledger
from changeover.orders.query import Question, answer
from changeover.orders.usecases import Office
from changeover.storage.database import Database
from changeover.storage.drain import CallDrain
from changeover.storage.works import LedgerWorks, RecordedCallDays
from changeover.wiring.used import looking_at_calls
from tests.orders.worlds import day, directory, order, reading, winding
from tests.storage.test_calls import made

ONE = "alpha/one@alpha"
ORDER = order("o", reading(wind_down=winding(day(100))), at=day(2), effective=day(20))


class Process:
    def __init__(self, database: Database) -> None:
        sequencer = Sequencer(database, Ledger(SigningKey("ledger.example", bytes(32))))
        self.clock = FixedClock(day(3))
        works = LedgerWorks(database, sequencer, demonstration=False)
        self.office = Office(works, RecordedCallDays(database), self.clock)
        self.drain = CallDrain(
            database, sequencer, demonstration=False, shown=self.office.note_calls
        )

    def because(self) -> str:
        question = Question(service="desk", model=ONE)
        return answer(self.office.rules.current, question, self.clock.now()).because


async def test_a_use_that_another_process_recorded_goes_on_here_too(postgres_url: str):
    with Database(postgres_url) as its, Database(postgres_url) as ours:
        there, here = Process(its), Process(ours)
        there.office.apply(directory(), by="a")
        there.office.issue(ORDER, by="a")
        here.office.load()
        there.drain.drain([made(1, at=day(10), service="desk", purpose="work", maker="alpha")])
        async with looking_at_calls(here.office, every=0.01):
            for process in (there, here):
                process.clock.move_to(day(20))
            deadline = time.monotonic() + 10
            while here.because() != "winding-down":
                assert time.monotonic() < deadline
                await asyncio.sleep(0.02)
        assert there.because() == "winding-down"
        assert here.office.rules.current.version == there.office.rules.current.version


def test_where_no_order_asks_for_uses_no_call_is_looked_at(database_url: str):
    with Database(database_url) as database:
        process = Process(database)
        process.office.apply(directory(), by="a")
        process.office._calls = None  # type: ignore[assignment]
        process.office.look_at_calls()
