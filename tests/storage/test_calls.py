from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest

from changeover.gateway.model import CallOutcome, CallRecord, Intent
from changeover.gateway.ports import CallSink
from changeover.ledger.checkpoint import SigningKey
from changeover.ledger.sequencing import Sequencer
from changeover.ledger.usecases import Ledger
from changeover.ledger.verification import verify
from changeover.orders.ports import CallDays
from changeover.orders.uses import Use
from changeover.storage.calls import RouteCalls, UseDay
from changeover.storage.database import Database
from changeover.storage.drain import CallDrain
from changeover.storage.works import RecordedCallDays

AT = datetime(2026, 2, 26, 23, 59, 59, tzinfo=UTC)
DAY = (AT - datetime(1970, 1, 1, tzinfo=UTC)).days
KEY = SigningKey("ledger.example", bytes(32))


def made(seq: int, *, start: str = "run_1", at: datetime = AT, **changes: Any) -> CallRecord:
    intent = Intent(
        start=start,
        seq=seq,
        call=f"call_{start}_{seq}",
        at=at,
        service=changes.get("service", "treasury-code"),
        party="treasury",
        slot="chat",
        purpose="coding",
        key="co_1",
        asked="claude-sonnet-4-5",
        route=changes.get("route", "anthropic/claude-sonnet-4-5@anthropic"),
        model="anthropic/claude-sonnet-4-5",
        maker=changes.get("maker", "anthropic"),
        host="anthropic",
        outcome="allow",
        instruments=("order-1",),
        ruleset="r1",
        stand_in=True,
    )
    outcome = CallOutcome(
        start=start,
        seq=seq,
        at=at + timedelta(seconds=2),
        result=changes.get("result", "answered"),
        status=200,
        input_tokens=11,
        output_tokens=7,
    )
    return CallRecord(intent=intent, outcome=outcome)


@pytest.fixture
def database(tmp_path: Path):
    with Database(f"sqlite:///{tmp_path}/changeover.db") as database:
        yield database


@pytest.fixture
def sink(database: Database) -> CallSink:
    return CallDrain(database, Sequencer(database, Ledger(KEY)), demonstration=True)


def entries(database: Database) -> list[dict[str, Any]]:
    with database.reading() as work:
        assert verify(work.ledger, KEY.verifier).ok
        return [msgspec.json.decode(entry.body) for entry in work.ledger.entries()]


def test_a_drained_call_is_one_entry_with_all_that_was_recorded_of_it(
    database: Database, sink: CallSink
):
    sink.drain([made(1)])
    assert entries(database) == [
        {
            "v": 2,
            "kind": "call",
            "at": "2026-02-26T23:59:59.000000Z",
            "ended": "2026-02-27T00:00:01.000000Z",
            "demonstration": True,
            "start": "run_1",
            "seq": 1,
            "call": "call_run_1_1",
            "service": "treasury-code",
            "party": "treasury",
            "slot": "chat",
            "purpose": "coding",
            "key": "co_1",
            "asked": "claude-sonnet-4-5",
            "route": "anthropic/claude-sonnet-4-5@anthropic",
            "model": "anthropic/claude-sonnet-4-5",
            "maker": "anthropic",
            "host": "anthropic",
            "outcome": "allow",
            "instruments": ["order-1"],
            "losses": [],
            "overtaken_by": [],
            "overtaken_at": None,
            "ruleset": "r1",
            "stand_in": True,
            "operation": "chat",
            "result": "answered",
            "status": 200,
            "served_model": None,
            "input_tokens": 11,
            "output_tokens": 7,
            "error": None,
        }
    ]


def test_a_call_that_is_recorded_already_is_passed_over(database: Database, sink: CallSink):
    sink.drain([made(1), made(2), made(2)])
    sink.drain([made(2), made(3), made(1, start="run_2")])
    sink.drain([made(1)])
    sink.drain([])
    places = [(entry["start"], entry["seq"]) for entry in entries(database)]
    assert places == [("run_1", 1), ("run_1", 2), ("run_1", 3), ("run_2", 1)]


def test_a_batch_longer_than_a_part_is_drained_whole(database: Database, sink: CallSink):
    calls = [made(n) for n in range(1, 2502)]
    sink.drain(calls)
    sink.drain(calls)
    with database.reading() as work:
        assert verify(work.ledger, KEY.verifier).counts == {"call": 2501}


def test_a_drain_that_fails_records_nothing(
    database: Database, sink: CallSink, monkeypatch: pytest.MonkeyPatch
):
    def fail(*_: object) -> None:
        raise OSError("power")

    with monkeypatch.context() as patched:
        patched.setattr("changeover.storage.calls.SqlCalls.add", fail)
        with pytest.raises(OSError, match="power"):
            sink.drain([made(1)])
    assert entries(database) == []
    sink.drain([made(1)])
    assert len(entries(database)) == 1


def test_uses_are_kept_by_utc_day_and_a_refused_call_shows_none(database: Database, sink: CallSink):
    later = AT + timedelta(seconds=1)
    sink.drain([made(1), made(2), made(3, at=later), made(4, maker="openai", result="failed")])
    sink.drain([made(5), made(6, service="statechat", result="refused")])
    first = UseDay("treasury-code", "coding", "anthropic", DAY)
    second = UseDay("treasury-code", "coding", "anthropic", DAY + 1)
    other = UseDay("treasury-code", "coding", "openai", DAY)
    with database.reading() as work:
        assert work.calls.uses() == {first, second, other}
        assert work.calls.uses(since_day=DAY + 1) == {second}


def test_history_gives_the_orders_their_uses(database: Database, sink: CallSink):
    history: CallDays = RecordedCallDays(database)
    assert list(history.days()) == []
    sink.drain([made(1)])
    use = Use(service="treasury-code", purpose="coding", maker="anthropic")
    assert list(history.days()) == [(use, DAY)]


def test_calls_by_service_and_route(database: Database, sink: CallSink):
    last = AT + timedelta(hours=1)
    sink.drain(
        [
            made(1, at=last),
            made(2, result="failed"),
            made(3, result="refused", at=last + timedelta(hours=1)),
            made(4, service="statechat", route="openai/gpt-4.1@openai"),
        ]
    )
    with database.reading() as work:
        assert work.calls.by_route() == [
            RouteCalls(
                service="statechat",
                route="openai/gpt-4.1@openai",
                calls=1,
                answered=1,
                first=AT,
                last=AT,
            ),
            RouteCalls(
                service="treasury-code",
                route="anthropic/claude-sonnet-4-5@anthropic",
                calls=2,
                answered=1,
                first=AT,
                last=last,
            ),
        ]


def test_what_calls_show_for_the_first_time_on_a_day_is_told_once_and_when_it_is_kept(
    database: Database,
):
    told: list[tuple[Use, int]] = []

    def shown(days) -> None:
        kept = set(RecordedCallDays(database).days())
        assert kept >= set(days)
        told.extend(days)

    sink = CallDrain(database, Sequencer(database, Ledger(KEY)), demonstration=True, shown=shown)
    next_day = AT + timedelta(days=1)
    sink.drain([made(1), made(2), made(3, result="refused", maker="other")])
    sink.drain([made(1), made(4), made(5, at=next_day)])
    use = Use("treasury-code", "coding", "anthropic")
    assert told == [(use, DAY), (use, DAY + 1)]
