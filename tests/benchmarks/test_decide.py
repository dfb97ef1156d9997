"""What deciding is measured by: the rows and their goals."""

from benchmarks import beside_cedar, decide, equal_clauses
from tests.benchmarks.worlds import SMALL

TINY = decide.Plan(
    size=SMALL,
    rounds=2,
    calls=50,
    warming=10,
    scanned=5,
    compiles=1,
    orders=1,
    stays=1,
    reached=10,
    equal=equal_clauses.Plan(few=60, rulesets=2, warming=5),
)


def test_each_promise_has_a_row_with_its_goal(monkeypatch) -> None:
    monkeypatch.setattr(beside_cedar, "measure", lambda *_: [])
    rows = {row.name: row for row in decide.measure(TINY)}
    assert {name: row.goal for name, row in rows.items()} == {
        "decide": "≤ 5 µs",
        "decide-p99": "≤ 25 µs",
        "decide-equal-clauses": "≤ 1.5 times",
        "decide-compile": "≤ 1.5 s",
        "decide-memory": "≤ 200 MB",
        "decide-one-order-p99": "≤ 5 ms",
        "decide-stay-of-50-p99": "≤ 50 ms",
    }
    assert all(row.value > 0 for row in rows.values())
    assert "clauses met at the median" in rows["decide-p99"].against
    assert SMALL.words() in rows["decide-compile"].against
