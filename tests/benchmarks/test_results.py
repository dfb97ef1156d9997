"""The statistics of the benchmarks, and the shape of what they write."""

import msgspec
import pytest
from benchmarks.results import (
    Against,
    Goal,
    Row,
    median,
    percentile,
    row,
    shown,
    significant,
    table,
)
from hypothesis import given
from hypothesis import strategies as st


def test_a_percentile_is_the_nearest_rank() -> None:
    hundred = [float(number) for number in range(1, 101)]
    assert percentile(hundred, 0.5) == 50
    assert percentile(hundred, 0.99) == 99
    assert percentile(hundred, 1.0) == 100
    assert percentile(hundred, 0.0) == 1
    assert percentile([7.0], 0.99) == 7


def test_there_is_no_percentile_of_nothing() -> None:
    with pytest.raises(ValueError, match="nothing"):
        percentile([], 0.5)


@given(st.lists(st.floats(0, 1e6), min_size=1), st.floats(0, 1))
def test_a_percentile_is_one_of_the_values_and_order_does_not_matter(values, share) -> None:
    found = percentile(values, share)
    assert found in values
    assert found == percentile(sorted(values, reverse=True), share)
    assert sum(value <= found for value in values) >= share * len(values) * (1 - 1e-9)


def test_one_slow_round_does_not_move_a_median() -> None:
    assert median([1.0, 1.1, 90.0]) == 1.1


def test_a_row_tells_its_ratio_and_what_it_is_against() -> None:
    made = row("calls", 1234.5, "calls/s", Against("directly", 10_000), Goal(0.1, "least", "ratio"))
    assert made == Row(
        name="calls",
        value=1230.0,
        unit="calls/s",
        against="directly: 10,000 calls/s",
        ratio=0.123,
        goal="≥ 0.1 times",
        holds=True,
    )


def test_a_row_without_a_figure_beside_it_has_no_ratio() -> None:
    made = row("start", 2.5, "s", Against("the first"), Goal(3))
    assert (made.ratio, made.against, made.goal, made.holds) == (None, "the first", "≤ 3 s", True)


@pytest.mark.parametrize(
    ("goal", "value", "ratio", "holds"),
    [
        (Goal(3), 3.0, None, True),
        (Goal(3), 3.01, None, False),
        (Goal(3, "least"), 3.0, None, True),
        (Goal(3, "least"), 2.99, None, False),
        (Goal(3, "most", "ratio"), 100.0, 2.0, True),
        (Goal(3, "least", "ratio"), 100.0, 2.0, False),
        (Goal(3, "least", "ratio"), 100.0, None, False),
        (Goal(3, "most", "ratio"), 0.0, None, False),
    ],
)
def test_a_goal_bounds_the_value_or_the_ratio(goal, value, ratio, holds) -> None:
    assert goal.holds(value, ratio) is holds


def test_the_file_holds_exactly_the_fields_that_others_read() -> None:
    made = row("memory", 99.96, "MB", Against("an empty process", 9.0), Goal(120))
    written = msgspec.json.decode(msgspec.json.encode([made]))
    assert written == [
        {
            "name": "memory",
            "value": 100.0,
            "unit": "MB",
            "against": "an empty process: 9 MB",
            "ratio": 11.1,
            "goal": "≤ 120 MB",
            "holds": True,
        }
    ]


def test_the_table_has_a_line_for_each_row_and_marks_what_does_not_hold() -> None:
    rows = [
        row("start", 2.0, "s", Against("the first", 4.0), Goal(3)),
        row("calls", 12345.0, "calls/s", Against("nothing"), Goal(20_000, "least")),
    ]
    head, first, second = table(rows).splitlines()
    assert head.split() == ["name", "value", "unit", "ratio", "goal", "against"]
    assert first.split() == [
        "ok",
        "start",
        "2",
        "s",
        "0.5",
        "≤",
        "3",
        "s",
        "the",
        "first:",
        "4",
        "s",
    ]
    assert second.startswith("NO  calls  12,300  calls/s  -")


@pytest.mark.parametrize(
    ("value", "words"), [(0.0123, "0.0123"), (99.9, "99.9"), (12300.0, "12,300"), (0.0, "0")]
)
def test_numbers_are_written_without_exponents(value, words) -> None:
    assert shown(value) == words


def test_three_digits_are_kept() -> None:
    assert [significant(value) for value in (0.0012345, 98765.0, 0.0)] == [0.00123, 98800.0, 0.0]
