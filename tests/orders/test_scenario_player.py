"""Playing a scenario: one play at a time, and never backwards."""

import threading
from datetime import datetime
from typing import Any

import msgspec
import pytest

from changeover.basics.clock import FixedClock
from changeover.basics.errors import ConflictError
from changeover.orders.scenario import Player, Scenario
from tests.orders.conftest import Desk
from tests.orders.worlds import day, directory, issued, name, order


class WatchedClock(FixedClock):
    """A clock that keeps where it was put, and lets a test wait for a first move."""

    def __init__(self, instant: datetime) -> None:
        super().__init__(instant)
        self.moves: list[datetime] = []
        self.moved, self.go_on = threading.Event(), threading.Event()

    def move_to(self, instant: datetime) -> None:
        super().move_to(instant)
        self.moves.append(instant)
        if threading.current_thread().name == "slow" and not self.moved.is_set():
            self.moved.set()
            self.go_on.wait(5)


def test_two_plays_take_turns_and_the_clock_never_goes_back(desk: Desk):
    clock = WatchedClock(day(1))
    office = desk.office
    office._clock = clock
    events = tuple(issued(order(f"o{n}", at=day(n)), recorded=day(n)) for n in range(2, 8))
    scenario = Scenario(title=name("s"), starts_at=day(1), directory=directory(), events=events)
    player = Player(scenario, office, desk.works, clock)
    played: dict[datetime, Any] = {}

    def play(until: datetime) -> None:
        try:
            played[until] = player.play(until)
        except ConflictError as error:
            played[until] = error

    slow = threading.Thread(name="slow", target=play, args=(day(4),))
    other = threading.Thread(target=play, args=(day(9),))
    slow.start()
    clock.moved.wait(5)
    other.start()
    other.join(0.2)
    clock.go_on.set()
    slow.join(10)
    other.join(10)
    assert clock.moves == sorted(clock.moves)
    assert clock.now() == day(9)
    assert [p.issued for p in (played[day(4)], played[day(9)])] == [
        ("o2", "o3", "o4"),
        ("o5", "o6", "o7"),
    ]
    assert {i.recorded for i in office.instruments().values()} == {day(n) for n in range(2, 8)}
    with pytest.raises(ConflictError, match="forwards only"):
        player.play(day(3))
    assert clock.now() == day(9)
    assert msgspec.structs.asdict(played[day(9)])["since"] == day(4)


def players(desk: Desk) -> tuple[Player, Player]:
    """Those of two processes on one database, both on day 1."""
    scenario = Scenario(title=name("s"), starts_at=day(1), directory=directory(), events=())
    clocks = FixedClock(day(1)), FixedClock(day(1))
    one, other = (Player(scenario, desk.office, desk.works, clock) for clock in clocks)
    return one, other


def test_of_two_processes_that_play_at_once_none_moves_the_clock_back(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
):
    one, other = players(desk)
    one.play(day(9))
    # It looked where the clock stands before the first one had moved it.
    monkeypatch.setattr(other, "follow", lambda: True)
    with pytest.raises(ConflictError, match="forwards only"):
        other.play(day(3))
    monkeypatch.undo()
    assert other.follow()
    assert other._clock.now() == day(9)


def test_who_hears_of_its_own_play_is_not_put_back_to_where_that_began(desk: Desk):
    one, other = players(desk)
    one.play(day(2))
    other._clock.move_to(day(5))
    assert other.follow()
    assert other._clock.now() == day(5)
