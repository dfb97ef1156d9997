from typing import Any

import pytest

from changeover.ledger.numbering import Gap, NumberFault, Numbering, StartReport


def call(seq: int, start: str = "start_1") -> dict[str, Any]:
    return {"kind": "call", "start": start, "seq": seq}


def began(start: str = "start_1") -> dict[str, Any]:
    at = "2026-02-26T14:00:00.000000Z"
    return {"kind": "start", "at": at, "start": start, "host": "h1", "version": "1.0", "ledger": 2}


def ended(last: int, reason: str = "stopped", start: str = "start_1") -> dict[str, Any]:
    return {"kind": "end", "start": start, "last": last, "reason": reason}


def explained(first: int, last: int, start: str = "start_1", why: str = "lost") -> dict[str, Any]:
    return {"kind": "gap", "start": start, "first": first, "last": last, "why": why, "by": "ada"}


def found(*entries: dict[str, Any], runs: bool = False) -> tuple[StartReport, NumberFault | None]:
    numbering = Numbering()
    for entry in entries:
        numbering.take(entry)
    reports = numbering.reports(lambda _: runs)
    return reports[0], numbering.fault(reports)


def test_a_start_whose_calls_are_all_told_in_any_order():
    report, fault = found(began(), call(2), call(4), call(1), call(3), ended(4))
    assert fault is None
    assert report == StartReport(
        start="start_1",
        host="h1",
        version="1.0",
        began="2026-02-26T14:00:00.000000Z",
        state="stopped",
        last=4,
        calls=4,
        gaps=(),
    )


@pytest.mark.parametrize("reason", ["stopped", "killed"])
def test_a_missing_call_of_a_start_that_ended_is_a_fault(reason: str):
    report, fault = found(began(), call(1), call(4), ended(5, reason))
    assert report.gaps == (Gap(first=2, last=3), Gap(first=5, last=5))
    assert fault is not None
    assert fault.where == "calls 2 to 3 of start start_1"
    assert "2 calls are missing" in fault.what
    assert "ledger explain start_1 --from 2 --to 3" in fault.do


def test_a_missing_call_is_on_its_way_while_its_start_runs_and_lost_after():
    told = (began(), call(1), call(3))
    report, fault = found(*told, runs=True)
    assert (report.state, report.gaps, fault) == ("running", (Gap(first=2, last=2),), None)
    report, fault = found(*told)
    assert report.state == "lost"
    assert fault is not None
    assert fault.where == "call 2 of start start_1"


def test_a_start_that_neither_ended_nor_runs_is_told_as_lost_and_no_fault():
    report, fault = found(began(), call(1))
    assert (report.state, report.last, fault) == ("lost", 1, None)


def test_an_explained_gap_is_told_as_such_and_no_fault():
    report, fault = found(began(), call(1), call(4), ended(5), explained(2, 3), explained(5, 5))
    assert fault is None
    assert report.gaps == (
        Gap(first=2, last=3, why="lost", by="ada"),
        Gap(first=5, last=5, why="lost", by="ada"),
    )


def test_a_gap_is_explained_as_far_as_the_explanations_reach():
    report, fault = found(began(), ended(9), explained(4, 5), explained(5, 7, why="later"))
    assert report.gaps == (
        Gap(first=1, last=3),
        Gap(first=4, last=5, why="lost", by="ada"),
        Gap(first=6, last=7, why="later", by="ada"),
        Gap(first=8, last=9),
    )
    assert fault is not None
    assert (fault.first, fault.last) == (1, 3)


def test_a_call_that_turns_up_after_all_closes_its_gap():
    report, fault = found(began(), call(1), ended(2), explained(2, 2), call(2))
    assert (report.gaps, fault) == ((), None)


def test_a_call_told_twice_is_a_fault_also_while_the_start_runs():
    _, fault = found(began(), call(1), call(2), call(1), runs=True)
    assert fault is not None
    assert (fault.where, fault.what) == ("call 1 of start start_1", "A call is told twice.")


def test_the_end_told_twice_by_a_replay_that_was_repeated_is_one_end():
    report, fault = found(began(), call(1), ended(1, "killed"), ended(1, "killed"))
    assert (report.state, report.last, fault) == ("killed", 1, None)


def test_a_start_from_before_starts_were_told_counts_too():
    report, fault = found(call(1), call(3))
    assert (report.host, report.began, report.state) == (None, None, "lost")
    assert fault is not None


@pytest.mark.parametrize(
    "entry",
    [
        {"kind": "call", "start": "start_1"},
        {"kind": "call", "start": "start_1", "seq": 0},
        {"kind": "call", "start": "start_1", "seq": "1"},
        {"kind": "end", "start": "start_1", "last": "many", "reason": "stopped"},
        {"kind": "gap", "start": "start_1"},
    ],
)
def test_an_entry_that_lacks_its_fields_is_a_fault_and_no_crash(entry: dict[str, Any]):
    _, fault = found(began(), entry)
    assert fault is not None
    assert fault.where == "start start_1"


def test_only_what_no_entry_tells_of_may_be_explained():
    numbering = Numbering()
    for entry in (call(1), call(4), ended(5), call(1, "start_2")):
        numbering.take(entry)
    assert numbering.open_to_explanation("start_1", 2, 3)
    assert numbering.open_to_explanation("start_1", 5, 5)
    assert numbering.open_to_explanation("start_2", 2, 9)
    for start, first, last in [
        ("start_1", 2, 4),
        ("start_1", 3, 2),
        ("start_1", 0, 0),
        ("start_1", 5, 6),
        ("start_3", 1, 1),
    ]:
        assert not numbering.open_to_explanation(start, first, last)


def test_the_newest_start_is_the_one_told_last():
    numbering = Numbering()
    for entry in (began("start_1"), began("start_2"), call(1, "start_1")):
        numbering.take(entry)
    assert numbering.newest == "start_2"


def test_a_start_that_begins_twice_is_a_fault():
    report, fault = found(
        began(), call(1), began() | {"at": "2026-03-01T00:00:00.000000Z"}, ended(1)
    )
    assert fault is not None
    assert (fault.what, fault.where) == ("A start begins twice.", "start start_1")
    assert report.began == "2026-02-26T14:00:00.000000Z"
