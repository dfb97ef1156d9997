from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from changeover.ledger.ranges import Ranges

numbers = st.lists(st.integers(1, 40))


def of(added: list[int]) -> Ranges:
    ranges = Ranges()
    for number in added:
        ranges.add(number)
    return ranges


@given(numbers, st.integers(0, 45))
def test_ranges_are_a_set_whatever_the_order(added: list[int], last: int):
    seen: set[int] = set()
    ranges = Ranges()
    for number in added:
        assert ranges.add(number) == (number not in seen)
        seen.add(number)
    assert ranges.count == len(seen)
    assert ranges.last == max(seen, default=0)
    holes = list(ranges.missing(last))
    assert [n for first, until in holes for n in range(first, until + 1)] == [
        n for n in range(1, last + 1) if n not in seen
    ]
    # Holes are whole: between two of them stands a number.
    assert all(one[1] + 1 < other[0] for one, other in pairwise(holes))


@given(numbers, st.integers(1, 40), st.integers(0, 10))
def test_what_is_held_of_a_span(added: list[int], first: int, more: int):
    held = any(first <= number <= first + more for number in added)
    assert of(added).holds_any(first, first + more) == held


def test_numbers_begin_at_one():
    with pytest.raises(ValueError):
        Ranges().add(0)


@given(st.lists(st.tuples(st.integers(0, 40), st.integers(-2, 12)), max_size=12))
def test_a_run_is_added_whole_or_not_at_all(runs: list[tuple[int, int]]):
    ranges, held = Ranges(), set[int]()
    for first, length in runs:
        run = set(range(first, first + length + 1))
        fits = length >= 0 and first >= 1 and not run & held
        assert ranges.add_run(first, first + length) is fits
        held |= run if fits else set()
        assert (ranges.count, ranges.last) == (len(held), max(held, default=0))
        missing = {n for a, b in ranges.missing(60) for n in range(a, b + 1)}
        assert missing == set(range(1, 61)) - held
