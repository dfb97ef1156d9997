"""Intents and outcomes for the journal's tests."""

from datetime import UTC, datetime, timedelta

from changeover.gateway.journal import SegmentJournal
from changeover.gateway.model import CallOutcome, Intent

NOW = datetime(2026, 3, 2, 14, tzinfo=UTC)


def intent(seq: int, start: str = "start_1") -> Intent:
    return Intent(
        start=start,
        seq=seq,
        call=f"call_{seq}",
        at=NOW + timedelta(seconds=seq),
        service="treasury-code",
        party="treasury",
        slot="chat",
        purpose="coding",
        key="0123abcd",
        asked="claude-sonnet-4-5",
        route="anthropic/claude-sonnet-4-5@anthropic",
        model="anthropic/claude-sonnet-4-5",
        maker="anthropic",
        host="anthropic",
        outcome="allow",
        instruments=("president-order",),
        ruleset="r1",
        stand_in=True,
    )


def outcome(seq: int, start: str = "start_1") -> CallOutcome:
    return CallOutcome(
        start=start,
        seq=seq,
        at=NOW + timedelta(minutes=1, seconds=seq),
        result="answered",
        status=200,
        served_model="claude-sonnet-4-5",
        input_tokens=3,
        output_tokens=5,
    )


async def call(journal: SegmentJournal) -> int:
    """One whole call; its sequence number."""
    seq = journal.next_seq
    await journal.intend(intent(seq, journal.start))
    journal.conclude(outcome(seq, journal.start))
    return seq
