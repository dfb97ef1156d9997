"""The board's phases of the scenario's orders, by hand, and as known earlier."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest

from changeover.basics.calendars import read_instant, zone
from changeover.orders.board import BoardRow, board
from changeover.wiring.installation import Installation, open_installation

WASHINGTON = zone("America/New_York")


@pytest.fixture
def installation(tmp_path: Path) -> Iterator[Installation]:
    with open_installation(tmp_path / "data", demo=True) as installation:
        assert installation.player is not None
        installation.player.play(read_instant("2026-04-10T12:00", WASHINGTON))
        yield installation


def rows(installation: Installation, known_at: str | None = None) -> dict[str, BoardRow]:
    known = None if known_at is None else read_instant(known_at, WASHINGTON)
    ruleset = installation.office.ruleset(known_at=known)
    return {row.id: row for row in board(ruleset, installation.clock.now())}


def told(row: BoardRow) -> list[tuple[str, str, str]]:
    def local(instant: datetime | None) -> str:
        return "" if instant is None else f"{instant.astimezone(WASHINGTON):%Y-%m-%d}"

    return [(phase.status, local(phase.since), local(phase.until)) for phase in row.phases]


def test_the_presidents_order_winds_down_and_is_stayed(installation: Installation):
    row = rows(installation)["president-order"]
    assert told(row) == [
        ("winding-down", "2026-02-27", "2026-04-02"),
        ("stayed", "2026-04-02", ""),
    ]
    assert row.status == "stayed"
    assert row.vendors == ("anthropic",)
    assert row.parties == ("government",)
    assert {(act.instrument, act.act) for act in row.acts} >= {
        ("state-order", "implement"),
        ("district-court-ruling", "stay"),
    }
    assert [date.kind for date in row.dates] == ["deadline"]


def test_as_known_before_the_ruling_it_goes_on(installation: Installation):
    row = rows(installation, known_at="2026-03-20")["president-order"]
    assert told(row) == [
        ("winding-down", "2026-02-27", "2026-08-27"),
        ("operative", "2026-08-27", ""),
    ]


def test_a_designation_that_stands_and_a_departments_own_order(installation: Installation):
    found = rows(installation)
    assert told(found["designation-b"]) == [
        ("pending", "2026-02-27", "2026-03-05"),
        ("winding-down", "2026-03-05", "2026-09-01"),
        ("operative", "2026-09-01", ""),
    ]
    assert [status for status, _, _ in told(found["treasury-order"])] == ["operative"]
    assert [status for status, _, _ in told(found["defence-announcement"])] == ["announced"]


def test_phases_follow_one_another_and_the_last_recorded_is_first(installation: Installation):
    found = board(installation.office.rules.current, installation.clock.now())
    assert [row.recorded for row in found] == sorted((r.recorded for r in found), reverse=True)
    for row in found:
        for earlier, later in zip(row.phases, row.phases[1:], strict=False):
            assert earlier.until == later.since
            assert earlier.status != later.status
        assert row.phases[-1].until is None
