"""The few cells stand for all, and nothing is left undeclared."""

from tests.matrix.cells import CLIENTS, cells, chosen, says
from tests.matrix.features import FEATURES
from tests.matrix.outcomes import expected
from tests.matrix.patterns import fits
from tests.matrix.reads import READS
from tests.matrix.refusals import REFUSALS
from tests.matrix.upstreams import AS_MESSAGES, TITLES, UPSTREAMS
from tests.matrix.writes import WRITES


def test_the_chosen_cells_show_every_pair_that_any_cell_shows():
    every = {pair for cell in cells() for pair in cell.pairs}
    picked = chosen(cells())
    assert {pair for cell in picked for pair in cell.pairs} == every
    assert len(picked) < len(cells()) / 3
    assert picked == chosen(cells())


def test_every_feature_has_a_declared_outcome_with_every_client_and_upstream():
    assert set(WRITES) == set(UPSTREAMS) == set(TITLES)
    assert all(set(declared) == set(FEATURES) for declared in WRITES.values())
    assert set(READS) == set(CLIENTS)
    assert all(set(declared) <= set(FEATURES) for declared in READS.values())
    assert {expected(c.client, c.upstream, c.feature).kind for c in cells()} == {
        "carried", "converted", "reported", "refused",
    }  # fmt: skip


def test_every_feature_is_said_by_some_client_and_no_more_is_declared_than_said():
    for feature in FEATURES.values():
        assert [client for client in CLIENTS if says(client, feature)], feature.name
    for client, declared in READS.items():
        assert [name for name in declared if not says(client, FEATURES[name])] == []


def test_the_clouds_that_host_messages_carry_what_messages_carries():
    for cloud in AS_MESSAGES:
        for name, outcome in WRITES[cloud].items():
            own = WRITES["messages"][name]
            assert (outcome.kind, outcome.fields) == (own.kind, own.fields), name


def test_names_are_those_of_ids():
    assert all("_" not in name and " " not in name for name in FEATURES)
    assert {each.client for each in REFUSALS} <= set(CLIENTS)


def test_a_pattern_fits_what_holds_it():
    given = {"a": [{"b": 1, "c": 2}, {"b": 3}], "d": "long text"}
    assert fits({"a": [{"b": 3}, {"c": 2}]}, given)
    assert fits({"d": "long…"}, given)
    assert not fits({"a": [{"b": 3, "c": 2}]}, given)
    assert not fits({"d": "long"}, given)
    assert not fits({"a": [{"b": True}]}, given)
    assert not fits({"e": 1}, given)
