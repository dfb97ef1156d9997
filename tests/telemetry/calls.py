"""Calls that were concluded, for monitoring to see."""

from datetime import UTC, datetime, timedelta
from typing import Any

from changeover.gateway.model import CallOutcome, CallRecord, Intent

AT = datetime(2026, 6, 1, 12, tzinfo=UTC)


def call(seq: int = 1, *, seconds: float = 2, **changes: Any) -> CallRecord:
    intent = Intent(
        start="run_1",
        seq=seq,
        call=f"call_{seq}",
        at=AT,
        service="treasury-code",
        party="treasury",
        slot="chat",
        purpose="coding",
        key="co_abc",
        asked="claude-sonnet-4-5",
        route="anthropic/claude-sonnet-4-5@bedrock",
        model="anthropic/claude-sonnet-4-5",
        maker="anthropic",
        host=changes.get("host", "bedrock"),
        outcome=changes.get("decision", "allow"),
        instruments=changes.get("instruments", ("memo",)),
        ruleset="r7",
        stand_in=False,
        operation=changes.get("operation", "chat"),
    )
    outcome = CallOutcome(
        start="run_1",
        seq=seq,
        at=AT + timedelta(seconds=seconds),
        result=changes.get("result", "answered"),
        status=changes.get("status", 200),
        served_model="claude-sonnet-4-5-20250929",
        input_tokens=changes.get("input_tokens", 11),
        output_tokens=7,
        error=changes.get("error"),
        losses=changes.get("losses", ()),
    )
    return CallRecord(intent=intent, outcome=outcome)
