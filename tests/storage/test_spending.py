"""What calls cost, on both databases."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest

from changeover.gateway.model import CallRecord
from changeover.ledger.sequencing import Sequencer
from changeover.ledger.usecases import Ledger
from changeover.metering.model import CostLine, Spent
from changeover.metering.money import DOLLAR
from changeover.storage.database import Database
from changeover.storage.drain import CallDrain
from tests.storage.places import KINDS, Places
from tests.storage.test_calls import KEY, entries, made

AT = datetime(2026, 2, 26, tzinfo=UTC)
DAY = timedelta(days=1)
DEAR = 9_000_000 * DOLLAR


@pytest.fixture(params=KINDS)
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    with Database(Places(tmp_path, request).empty(request.param)) as database:
        yield database


def costing(seq: int, spent: Spent | None, **changes: Any) -> CallRecord:
    call = made(seq, **changes)
    return msgspec.structs.replace(call, outcome=msgspec.structs.replace(call.outcome, spent=spent))


def drain(database: Database, *calls: CallRecord) -> None:
    sink = CallDrain(database, Sequencer(database, Ledger(KEY)), demonstration=True)
    sink.drain(calls)
    # A journal that is read again brings the same calls.
    sink.drain(calls)


def costs(database: Database, since: datetime = AT, until: datetime = AT + 30 * DAY):
    with database.reading() as work:
        return work.spending.costs(since, until)


def test_a_line_adds_up_what_is_known_and_counts_what_is_not(database: Database):
    drain(
        database,
        costing(1, Spent(cost=DEAR + 1, basis="counted", cached_tokens=4, reasoning_tokens=2)),
        costing(2, Spent(cost=DEAR + 2, basis="reserved", cache_written_tokens=3)),
        costing(3, Spent(cost=None, basis="unpriced")),
        costing(4, None, result="unknown"),
        costing(5, Spent(cost=0, basis="unbilled"), result="refused"),
    )
    assert costs(database) == [
        CostLine(
            party="treasury",
            service="treasury-code",
            maker="anthropic",
            host="anthropic",
            model="anthropic/claude-sonnet-4-5",
            route="anthropic/claude-sonnet-4-5@anthropic",
            stand_in=True,
            calls=4,
            unknown=2,
            input_tokens=44,
            cached_tokens=4,
            cache_written_tokens=3,
            output_tokens=28,
            reasoning_tokens=2,
            # Beyond what 64 bits hold of trillionths, and exact.
            cost=2 * DEAR + 3,
            reserved=DEAR + 2,
        )
    ]


def test_lines_are_of_services_and_routes_within_a_span(database: Database):
    one = Spent(cost=1, basis="counted")
    drain(database, costing(1, one), costing(2, one, service="statechat"))
    assert [(line.service, line.cost) for line in costs(database)] == [
        ("statechat", 1),
        ("treasury-code", 1),
    ]
    begun = made(1).intent.at
    assert len(costs(database, begun, begun + timedelta(microseconds=1))) >= 1
    assert costs(database, AT - DAY, AT) == []


def test_the_ledger_does_not_say_what_a_call_cost(database: Database):
    drain(database, costing(1, Spent(cost=1, basis="counted")))
    (entry,) = entries(database)
    assert "spent" not in entry
    assert entry["input_tokens"] == 11
