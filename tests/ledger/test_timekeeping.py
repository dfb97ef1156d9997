"""Checkpoints on the clock: told once for all processes, and looked at for gaps."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec

from changeover.basics.clock import FixedClock
from changeover.ledger.controls import ClockTold
from changeover.ledger.entries import fact_entry
from changeover.ledger.facts import StartTold
from changeover.ledger.timekeeping import Clockwork, Timekeeper

BEGIN = datetime(2026, 2, 26, 14, tzinfo=UTC)


class FakeWorks:
    """Settings and what was told, shared by all who have it."""

    def __init__(self) -> None:
        self.kept: dict[str, str] = {}
        self.told: list[tuple[str, datetime, Mapping[str, Any]]] = []
        self.settings = self

    def get(self, name: str) -> str | None:
        return self.kept.get(name)

    def set(self, name: str, value: str) -> None:
        self.kept[name] = value

    def tell(self, kind: str, at: datetime, fields: Mapping[str, Any]) -> None:
        self.told.append((kind, at, fields))

    @contextmanager
    def begin(self) -> Iterator["FakeWorks"]:
        yield self

    reading = begin


def keeper(works: FakeWorks, machine: FixedClock, start: str = "start_1") -> Timekeeper:
    return Timekeeper(works, FixedClock(BEGIN), machine, every=600, start=start)


def later(machine: FixedClock, seconds: float) -> None:
    machine.move_to(machine.now() + timedelta(seconds=seconds))


def test_time_is_told_so_many_seconds_after_the_start_and_then_again_and_again():
    works, machine = FakeWorks(), FixedClock(BEGIN)
    keeping = keeper(works, machine)
    rounds = []
    for _ in range(5):
        rounds.append(keeping.round())
        later(machine, 300)
    assert rounds == [False, False, True, False, True]
    kind, at, fields = works.told[0]
    assert (kind, at) == ("clock", BEGIN)
    told = {"start": "start_1", "every": 600, "machine": BEGIN + timedelta(seconds=600)}
    assert fields == told


def test_of_many_processes_one_tells_it():
    works, machine = FakeWorks(), FixedClock(BEGIN)
    keepers = [keeper(works, machine, f"start_{number}") for number in range(3)]
    later(machine, 600)
    assert [each.round() for each in keepers] == [True, False, False]
    later(machine, 600)
    assert [each.round() for each in reversed(keepers)] == [True, False, False]


def test_a_start_after_a_long_time_waits_its_turn_and_a_clock_put_back_silences_nothing():
    works, machine = FakeWorks(), FixedClock(BEGIN)
    first = keeper(works, machine)
    later(machine, 600)
    assert first.round()
    later(machine, 86_400)
    second = keeper(works, machine, "start_2")
    assert not second.round()
    later(machine, -90_000)
    assert second.round()


def told(*minutes: float | str) -> Clockwork:
    clock = Clockwork()
    for minute in minutes:
        if isinstance(minute, str):
            start = StartTold(start=minute, host="a", version="1")
            entry = fact_entry(start, at=BEGIN, demonstration=False)
        else:
            machine = BEGIN + timedelta(minutes=minute)
            fact = ClockTold(start="start_1", every=600, machine=machine)
            entry = fact_entry(fact, at=BEGIN, demonstration=False)
        clock.take(msgspec.json.decode(entry.body))
    return clock


def test_a_clock_that_went_as_it_was_meant_is_told():
    clock = told("start_1", 0, 10, 20, 35)
    assert (clock.count, clock.every, clock.silences, clock.fault) == (4, 600, [], None)
    assert clock.newest == BEGIN + timedelta(minutes=35)


def test_a_silence_is_told_with_the_starts_that_began_in_it():
    clock = told(0, 10, 60, "start_2", 120)
    assert [(s.until - s.since, s.starts) for s in clock.silences] == [
        (timedelta(minutes=50), ()),
        (timedelta(minutes=60), ("start_2",)),
    ]
    assert clock.fault is None


def test_time_that_runs_backwards_is_a_fault_beyond_what_clocks_differ():
    assert told(0, 10, 10 - 0.1).fault is None
    fault = told(0, 10, 9, 8).fault
    assert fault is not None
    assert fault.until == BEGIN + timedelta(minutes=9)
    assert "14:10" in fault.where


def test_an_entry_that_lacks_its_time_counts_for_none():
    clock = told(0)
    clock.take({"kind": "clock", "start": "s", "every": 600, "machine": "noon"})
    clock.take({"kind": "clock", "start": "s"})
    assert clock.count == 1
