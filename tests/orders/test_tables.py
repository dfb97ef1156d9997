"""Places by the numbers of parties are those that each clause's reach says."""

from hypothesis import given
from hypothesis import strategies as st

from changeover.basics.text import Bilingual
from changeover.directory.model import Directory, Party
from changeover.directory.rules import Lineage
from changeover.orders.model import Scope, Target
from changeover.orders.tables import Descent, Numbered, Tables

COUNT = 40
LINE = Lineage(
    route="m@h",
    model="m",
    models=frozenset({"m"}),
    makers=frozenset({"a"}),
    host="h",
    reseller=None,
)
KEYS = ("*", "route:m@h", "model:m", "maker:a", "host:h")
TARGETS = (Target(), Target(routes=("m@h",)), Target(makers=("a",)), Target(models=("m",)))
"""All of them aim at the route."""


def parties(above: list[int | None]) -> Directory:
    """A directory of parties `p0`, `p1`, ..., each part of an earlier one or of none."""
    made = {
        f"p{n}": Party(
            id=f"p{n}",
            name=Bilingual(en=f"P{n}", fr=f"P{n}"),
            part_of=None if up is None else f"p{up % n}",
        )
        for n, up in enumerate(above)
    }
    return Directory(zone="UTC", parties=made)


above = st.lists(st.none() | st.integers(1, COUNT), min_size=COUNT, max_size=COUNT).map(
    lambda drawn: [None, *drawn[1:]]
)
scopes = st.lists(st.integers(0, COUNT - 1), max_size=3).map(
    lambda numbers: Scope(parties=tuple(f"p{n}" for n in numbers))
)
clauses = st.lists(st.tuples(st.lists(st.sampled_from(TARGETS), min_size=1), scopes), max_size=12)


@given(above, clauses, st.integers(0, 12))
def test_a_party_finds_the_places_of_clauses_that_reach_it(above, clauses, first):
    directory = parties(above)
    descent = Descent(directory)
    fresh = [(place, tuple(targets), scope) for place, (targets, scope) in enumerate(clauses)]
    # What is added later stands behind what is there.
    tables, _ = Tables(descent).with_clauses(fresh[:first])
    tables, _ = tables.with_clauses(fresh[first:])
    at_hand = tables.at_hand(LINE, KEYS)
    others = at_hand.others or at_hand.lay_out()
    for party, number in descent.numbers.items():
        reaching = [
            place
            for place, (_, scope) in enumerate(clauses)
            if not scope.parties or party in descent.of(scope.parties)
        ]
        found = {
            *at_hand.most.found[at_hand.most.index[number]],
            *others.found[others.index[number]],
        }
        assert sorted(found) == reaching
    assert list(at_hand.anyone) == [n for n, (_, scope) in enumerate(clauses) if not scope.parties]


def test_more_places_than_a_byte_can_tell_apart():
    runs = tuple((number, (number,)) for number in range(300))
    numbered = Numbered.of(((0, ()), *runs[1:]), 400)
    found = [numbered.found[number] for number in numbered.index]
    assert found == [(), *[(n,) for n in range(1, 299)], *[(299,)] * 101]
