"""Circles in what acts on what, and what must come before what."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from changeover.orders.circles import circles, depths

NAMES = st.sampled_from("abcdef")
GRAPHS = st.dictionaries(NAMES, st.frozensets(NAMES)).map(
    lambda found: {name: found.get(name, frozenset()) - {name} for name in "abcdef"}
)


@pytest.mark.parametrize(
    ("acting", "found"),
    [
        ({}, []),
        ({"a": frozenset("b"), "b": frozenset()}, []),
        ({"a": frozenset("a")}, []),  # acting on oneself is told apart
        ({"a": frozenset("b"), "b": frozenset("a")}, [{"a", "b"}]),
        ({"a": frozenset("b"), "b": frozenset("c"), "c": frozenset("a"), "d": frozenset("a")}, [{"a", "b", "c"}]),
    ],
)  # fmt: skip
def test_circles_by_hand(acting, found):
    assert [set(circle) for circle in circles(acting)] == found


@given(GRAPHS)
def test_every_circle_goes_along_acts_and_without_them_there_is_none(acting):
    taken: set[tuple[str, str]] = set()
    for circle in circles(acting):
        steps = set(pairwise(circle))
        assert circle[0] == circle[-1]
        assert all(other in acting[name] for name, other in steps)
        assert not steps & taken
        taken |= steps
    left = {n: frozenset(o for o in others if (n, o) not in taken) for n, others in acting.items()}
    depth = depths(left)
    assert all(depth[other] < depth[name] for name, others in left.items() for other in others)
