"""The comparison of the vendor's log with the ledger finds what differs."""

from typing import Any

import pytest

from tests.replicas.agreement import check_agreement, check_heard
from tests.replicas.load import Outcome
from tests.replicas.vendor import Received

AT = 1_772_460_000_000_000


def entry(seq: int, result: str = "answered", **fields: Any) -> dict[str, Any]:
    given = {
        "start": "start_1",
        "seq": seq,
        "call": f"call_{seq}",
        "asked": "one-001",
        "host": "alpha",
        "at": f"2026-03-02T14:00:{seq:02}.000000Z",
        "ended": f"2026-03-02T14:00:{seq:02}.500000Z",
        "result": result,
    }
    return given | fields


def received(seconds: float) -> Received:
    return Received(at=AT + int(seconds * 1_000_000), host="alpha", model="one", mark="one-001")


def test_the_same_calls_agree():
    calls = [entry(1), entry(2, "unknown"), entry(3, "failed"), entry(4), entry(5, "refused")]
    results = check_agreement([received(1.1), received(2.9), received(4.2)], calls)
    assert results == {"answered": 2, "unknown": 1, "failed": 1, "refused": 1}


@pytest.mark.parametrize(
    ("arrivals", "calls"),
    [
        ([1.1, 1.2], [entry(1)]),
        ([0.5, 1.1], [entry(1)]),
        ([1.1, 3.1], [entry(1), entry(2, "failed")]),
        ([], [entry(1)]),
        ([2.1], [entry(1), entry(2)]),
        ([1.1], [entry(1, "refused")]),
        ([1.1, 3.1], [entry(1), entry(3)]),
        ([1.1, 1.3], [entry(1), entry(1)]),
        ([1.1], [entry(1, host="beta")]),
    ],
)
def test_a_call_that_only_one_of_them_has_is_found(arrivals, calls):
    with pytest.raises(AssertionError):
        check_agreement(map(received, arrivals), calls)


def heard(call: str) -> Outcome:
    return Outcome(
        url="", way="openai", mark="one-001", began=0, ended=1, status=200, call=call, whole=True
    )


def test_an_answer_that_a_caller_heard_must_stand_in_the_ledger():
    assert check_heard([heard("call_1")], [entry(1)]) == 1
    with pytest.raises(AssertionError):
        check_heard([heard("call_2")], [entry(1)])
    with pytest.raises(AssertionError):
        check_heard([heard("call_1")], [entry(1, "failed")])
