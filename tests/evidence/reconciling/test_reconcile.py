"""What others counted beside what the ledger tells, whole way, with DuckDB adding up."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from changeover.basics.instants import microseconds
from changeover.evidence.reconciling.model import Report
from changeover.evidence.reconciling.reading import Reading
from changeover.evidence.reconciling.usecases import Asked, LedgerCall, reconcile
from changeover.storage.line_sums import spooled_lines
from tests.evidence.reconciling.made import (
    NOON,
    PLACES,
    anthropic_usage,
    at,
    cloudtrail,
    cloudtrail_event,
    focus,
    openai_usage,
    squid,
)

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def told(moment: datetime, host: str, *, tokens: int | None = 50, **more: object) -> LedgerCall:
    fields = {"result": "answered", "status": 200, "input_tokens": tokens, "output_tokens": tokens}
    return LedgerCall(at=moment.isoformat(), host=host, **{**fields, **more})  # type: ignore[arg-type]


def compared(
    tmp_path: Path, files: Iterable[bytes], calls: Iterable[LedgerCall], **asked: object
) -> Report:
    paths = []
    for number, content in enumerate(files):
        paths.append(tmp_path / f"file-{number}")
        paths[-1].write_bytes(content)
    readings = [Reading(path, PLACES) for path in paths]
    with spooled_lines() as lines:
        return reconcile(readings, calls, lines, Asked(**asked))  # type: ignore[arg-type]


def usage(*counts: int, begins: datetime = NOON, key: str = "key_1") -> bytes:
    return openai_usage(
        (begins + HOUR * n, begins + HOUR * (n + 1), [{"num_model_requests": c, "api_key_id": key}])
        for n, c in enumerate(counts)
    )


def findings(report: Report) -> list[tuple[str, int]]:
    return [(row.finding, row.excess) for row in report.rows]


def test_as_many_as_left_the_gateway_are_reconciled(tmp_path: Path):
    calls = [told(at(10), "openai"), told(at(20), "openai"), told(at(3_700), "openai")]
    report = compared(tmp_path, [usage(2, 1)], calls)
    assert report.verdict == "reconciled"
    assert findings(report) == [("agrees", 0), ("agrees", 0)]
    assert report.sources[0].kind == "openai-usage"
    assert len(report.sources[0].sha256) == 64


def test_what_the_vendor_counted_and_no_gateway_saw_is_a_bypass(tmp_path: Path):
    report = compared(tmp_path, [usage(3, 1, key="key_of_someone")], [told(at(10), "openai")])
    assert report.verdict == "bypass"
    assert findings(report) == [("bypass", 2), ("bypass", 1)]
    first = report.rows[0]
    assert first.whos == ("proj_1 key_of_someone",)
    assert (first.begins, first.ends) == (NOON, NOON + HOUR)


def test_refused_calls_and_a_stand_in_s_never_reached_the_vendor(tmp_path: Path):
    calls = [
        told(at(10), "openai", result="refused"),
        told(at(10), "openai", stand_in=True),
        told(at(10), "anthropic"),
    ]
    assert compared(tmp_path, [usage(1)], calls).verdict == "bypass"


def test_a_call_of_the_last_moments_may_be_counted_in_the_next_bucket(tmp_path: Path):
    calls = [told(at(3_599), "openai"), told(at(10), "openai")]
    late = compared(tmp_path, [usage(1, 1)], calls)
    assert findings(late) == [("not-counted", 0), ("agrees", 0)]
    assert late.verdict == "reconciled"
    early = compared(tmp_path, [usage(1, 1)], [told(at(10), "openai"), told(at(20), "openai")])
    assert findings(early)[1] == ("bypass", 1)
    assert compared(tmp_path, [usage(1, 1)], calls, late=0).verdict == "bypass"


def test_a_later_export_of_the_same_bucket_counts_instead(tmp_path: Path):
    calls = [told(at(n), "openai") for n in range(4)]
    report = compared(tmp_path, [usage(3), usage(4)], calls)
    assert (report.verdict, report.duplicates) == ("reconciled", 1)
    assert report.rows[0].counted_requests == 4


def test_the_same_event_delivered_twice_counts_once(tmp_path: Path):
    events = [cloudtrail_event(at(5), "e1"), cloudtrail_event(at(6), "e2")]
    calls = [told(at(4.5), "bedrock"), told(at(5.5), "bedrock")]
    report = compared(tmp_path, [cloudtrail(events), cloudtrail(events[:1])], calls)
    assert (report.verdict, report.duplicates) == ("reconciled", 1)


def test_a_call_that_failed_on_the_way_leaves_a_doubt_that_is_said(tmp_path: Path):
    calls = [told(at(1), "openai"), told(at(2), "openai", result="failed", status=None)]
    for counted in (1, 2):
        report = compared(tmp_path, [usage(counted)], calls)
        assert report.verdict == "reconciled"
        assert "1 that failed on the way" in report.rows[0].why
    assert findings(compared(tmp_path, [usage(0)], calls)) == [("not-counted", 0)]
    assert findings(compared(tmp_path, [usage(3)], calls)) == [("bypass", 1)]


def test_tokens_are_compared_where_requests_are_not_counted(tmp_path: Path):
    hour = [(NOON, NOON + HOUR, 100)]
    same = compared(tmp_path, [anthropic_usage(hour)], [told(at(1), "anthropic")])
    assert same.verdict == "reconciled"
    more = compared(tmp_path, [anthropic_usage([(NOON, NOON + HOUR, 130)])],
                    [told(at(1), "anthropic")])  # fmt: skip
    assert (more.rows[0].finding, more.rows[0].excess, more.rows[0].excess_of) == (
        "bypass", 30, "tokens",
    )  # fmt: skip
    cut = [told(at(1), "anthropic"), told(at(2), "anthropic", tokens=None, result="cut")]
    assert compared(tmp_path, [anthropic_usage(hour)], cut).verdict == "unclear"
    none = compared(tmp_path, [anthropic_usage(hour)], [])
    assert none.rows[0].why == "Tokens were counted, and the ledger tells of no call."


def test_a_report_that_counts_nothing_reconciles_with_a_ledger_that_tells_nothing(tmp_path: Path):
    empty = anthropic_usage([(NOON, NOON + HOUR, 0)])
    assert compared(tmp_path, [empty], [told(at(1), "openai")]).verdict == "reconciled"


def test_time_is_cut_at_the_instant_of_an_order(tmp_path: Path):
    events = [cloudtrail_event(at(600), "before"), cloudtrail_event(at(1_900), "after")]
    report = compared(
        tmp_path, [cloudtrail(events)], [told(at(599), "bedrock")], instants=(at(1_800),)
    )
    assert [(row.begins, row.finding) for row in report.rows] == [
        (NOON, "agrees"), (at(1_800), "bypass"),
    ]  # fmt: skip


def test_a_span_over_the_instant_that_nobody_divides_is_said_apart(tmp_path: Path):
    calls = [told(at(10), "openai"), told(at(20), "openai")]
    report = compared(tmp_path, [usage(2)], calls, instants=(at(1_800),))
    assert findings(report) == [("over-instant", 0)]
    assert "both sides" in report.rows[0].why
    assert report.verdict == "unclear"
    more = compared(tmp_path, [usage(3)], calls, instants=(at(1_800),))
    assert findings(more) == [("bypass", 1)]


def test_a_proxy_shows_presence(tmp_path: Path):
    rows = [(at(5), "10.0.0.9", "api.openai.com", "TCP_TUNNEL/200")]
    assert compared(tmp_path, [squid(rows)], []).verdict == "bypass"
    assert compared(tmp_path, [squid(rows)], [told(at(5), "openai")]).verdict == "unclear"
    own = compared(
        tmp_path, [squid(rows)], [told(at(5), "openai")], gateway=frozenset({"10.0.0.9"})
    )
    assert (own.verdict, own.rows) == ("reconciled", ())
    both = squid([*rows, (at(9), "10.0.0.66", "api.openai.com", "TCP_TUNNEL/200")])
    other = compared(tmp_path, [both], [told(at(5), "openai")], gateway=frozenset({"10.0.0.9"}))
    assert other.verdict == "bypass"
    assert other.rows[0].whos == ("10.0.0.66",)


def test_an_invoice_for_a_time_without_calls_is_a_bypass(tmp_path: Path):
    midnight = NOON - HOUR * 12
    bill = focus([(midnight, midnight + DAY, "OpenAI", "Usage", "3.10")])
    assert compared(tmp_path, [bill], []).verdict == "bypass"
    assert compared(tmp_path, [bill], [told(at(5), "openai")]).verdict == "unclear"


def test_lines_outside_the_window_are_another_window_s(tmp_path: Path):
    report = compared(tmp_path, [usage(1, 5)], [told(at(1), "openai")], until=NOON + HOUR)
    assert report.verdict == "reconciled"
    assert len(report.rows) == 1


SECONDS = st.integers(0, 6 * 3_600)


@settings(max_examples=40, deadline=None)
@given(sent=st.lists(SECONDS, max_size=30), others=st.lists(SECONDS, max_size=5),
       cut=st.none() | SECONDS)  # fmt: skip
def test_an_event_log_is_reconciled_exactly_when_nobody_else_called(
    tmp_path_factory: pytest.TempPathFactory, sent: list[int], others: list[int], cut: int | None
):
    """Of events to the second, each a moment after its call, only others' are in excess."""
    events = [cloudtrail_event(at(s), f"sent {n}") for n, s in enumerate(sent)]
    events += [cloudtrail_event(at(s), f"other {n}") for n, s in enumerate(others)]
    calls = [told(at(s), "bedrock") for s in sent]
    instants = () if cut is None else (at(cut),)
    folder = tmp_path_factory.mktemp("log")
    report = compared(folder, [cloudtrail(events)], calls, instants=instants, late=0)
    assert sum(row.excess for row in report.rows) == len(others)
    assert (report.verdict == "bypass") == bool(others)
    assert sum(row.sent for row in report.rows) == (len(sent) if events else 0)


def test_a_long_log_is_added_up_in_bounded_memory(tmp_path: Path):
    path = tmp_path / "access.log"
    with path.open("wb") as file:
        for number in range(300):
            rows = [(at(number * 60 + n / 100), f"10.0.{n % 7}.9", "api.openai.com",
                     "TCP_TUNNEL/200") for n in range(500)]  # fmt: skip
            file.write(squid(rows))
    with spooled_lines() as lines:
        report = reconcile([Reading(path, PLACES)], [], lines, Asked())
    assert report.sources[0].counted == 150_000
    assert len(report.rows) == 5
    assert report.rows[0].first == NOON
    assert microseconds(report.until) % 3_600_000_000 == 0
