"""A small world with a ledger, and the pack that is made of it.

`alpha` is barred from day 10 for the state and what is part of it, with a wind-down until
day 60. The window of `PACK` is days 5 to 100.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import msgspec

from changeover.basics.clock import FixedClock
from changeover.evidence.exporting import Exported, Made, export
from changeover.evidence.pack import Asked
from changeover.gateway.model import CallRecord
from changeover.ledger.checkpoint import SigningKey
from changeover.ledger.lives import Lives
from changeover.ledger.sequencing import Sequencer
from changeover.ledger.usecases import Ledger
from changeover.orders.model import Instrument, Moment, Scope, WindDown
from changeover.orders.usecases import Office
from changeover.storage.database import Database
from changeover.storage.drain import CallDrain
from changeover.storage.works import LedgerWorks, RecordedCallDays
from tests.orders.worlds import bind, day, directory, order, reading
from tests.storage.test_calls import made

KEY = SigningKey("ledger.example/proven", bytes(range(32)))
OTHER_KEY = SigningKey("ledger.example/proven", bytes(range(1, 33)))
ALPHA, BETA = "alpha/one@alpha", "beta/two@beta"


def bar(until: float = 60) -> Instrument:
    winding = WindDown(until=Moment(at=day(until)))
    read = reading(scope=Scope(parties=("state",)), wind_down=winding)
    return order("bar", read, at=day(10))


class World:
    """An installation's record, told what happens in it."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.sequencer = Sequencer(database, Ledger(KEY))
        self.works = LedgerWorks(database, self.sequencer, demonstration=False)
        self.clock = FixedClock(day(1))
        self.office = Office(self.works, RecordedCallDays(database), self.clock)
        self.lives = Lives(self.works, self.clock)
        self.office.apply(directory(bindings=(bind("desk", "alpha/one"),)), by="an officer")

    def on(self, number: float) -> None:
        self.clock.move_to(day(number))

    def begins(self, start: str) -> None:
        self.lives.began(start, host="h1", version="1")

    def calls(self, *calls: CallRecord) -> None:
        CallDrain(self.database, self.sequencer, demonstration=False).drain(calls)

    def checkpoint(self) -> bytes:
        with self.database.reading() as work:
            last = work.ledger.last_checkpoint()
        assert last is not None
        return last.note

    def pack(self, **asked: Any) -> tuple[bytes, Exported]:
        told: dict[str, Any] = {"vendor": "alpha", "since": day(5), "until": day(100)}
        told |= {"reached": day(200), "known": None, "party": None, "key": KEY}
        told |= {"reconciled": None} | asked
        making = Made(
            key=told["key"],
            reached=told["reached"],
            software="1.0",
            demonstration=False,
            known=told["known"],
            reconciled=told["reconciled"],
        )
        names = ("vendor", "since", "until", "party")
        file = BytesIO()
        with self.database.reading() as work:
            exported = export(work, Asked(**{name: told[name] for name in names}), making, file)
        return file.getvalue(), exported


def called(
    seq: int, when: float | datetime, route: str = ALPHA, *, start: str = "start_1", **told: Any
) -> CallRecord:
    """A call of the bureau's desk, or of whom `told` names."""
    at = when if isinstance(when, datetime) else day(when)
    result = told.pop("result", "answered")
    record = made(seq, start=start, at=at, result=result, route=route)
    maker, _, rest = route.partition("/")
    plain: dict[str, Any] = {
        "service": "desk",
        "party": "bureau",
        "purpose": "work",
        "maker": maker,
    }
    plain |= {"model": f"{maker}/{rest.partition('@')[0]}", "host": route.partition("@")[2]}
    plain |= {"stand_in": False, "outcome": "refuse" if result == "refused" else "allow"}
    intent: Any = msgspec.structs.replace(record.intent, **(plain | told))
    whole: CallRecord = msgspec.structs.replace(record, intent=intent)
    return whole


@contextmanager
def world(folder: Path) -> Iterator[World]:
    folder.mkdir(exist_ok=True)
    with Database(f"sqlite:///{folder}/changeover.db") as database:
        yield World(database)


def lived(world: World, *alphas: CallRecord) -> World:
    """Two starts that ended, the order of day 10, calls to beta, and those to alpha given."""
    world.begins("start_0")
    world.calls(called(1, 1.5, BETA, start="start_0"))
    world.on(3)
    world.lives.stopped("start_0", 1)
    world.begins("start_1")
    own = [alpha for alpha in alphas if alpha.intent.start == "start_1"]
    world.calls(*(c for c in own if c.intent.at < day(10)))
    world.on(10)
    world.office.issue(bar(), by="an officer")
    world.calls(*(c for c in own if c.intent.at >= day(10)))
    numbers = [c.intent.seq for c in own]
    last = max(numbers, default=0) + 3
    betas = [n for n in range(1, last + 1) if n not in numbers]
    world.on(110)
    world.calls(*(called(n, 90 + n / 100, BETA) for n in betas))
    world.lives.stopped("start_1", last)
    return world


ALPHAS = (called(1, 4), called(2, 6), called(3, 20), called(4, 71, result="refused"))


def explained(world: World) -> World:
    """Also a gap that was explained, in a start of which no call is in the window."""
    lived(world, *ALPHAS)
    world.begins("start_2")
    world.calls(called(3, 111, BETA, start="start_2"))
    world.lives.killed({"start_2": 3})
    world.lives.explain("start_2", (1, 2), why="The disk burnt.", by="ada")
    return world
