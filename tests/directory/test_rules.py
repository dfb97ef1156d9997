"""Lineages, who is part of whom, what names stand for, and what serves a slot."""

from datetime import UTC, datetime

import msgspec
import pytest

from changeover.basics.errors import NotFoundError
from changeover.directory.rules import (
    Resolved,
    ancestors,
    binding_at,
    descendants,
    lineage,
    resolve_model,
    routes_of,
)
from changeover.directory.source import load
from tests.directory.text import WHOLE

DIRECTORY = load({"whole.yaml": WHOLE})


def test_a_lineage_holds_what_the_model_derives_from_and_all_their_makers() -> None:
    tuned = lineage(DIRECTORY, "beta/tuned@beta")
    assert tuned.models == {"beta/tuned", "alpha/one"}
    assert tuned.makers == {"alpha", "beta"}
    assert (tuned.model, tuned.host, tuned.reseller) == ("beta/tuned", "beta", None)
    resold = lineage(DIRECTORY, "alpha/one@beta:europe")
    assert resold.makers == {"alpha"}
    assert (resold.host, resold.reseller) == ("beta", "alpha")


def test_a_route_that_is_not_there_is_answered_with_the_nearest() -> None:
    with pytest.raises(NotFoundError, match=r"'alpha/one@alfa'.*alpha/one@alpha"):
        lineage(DIRECTORY, "alpha/one@alfa")


def test_descendants_and_ancestors_begin_with_the_party_and_follow_part_of_alone() -> None:
    assert descendants(DIRECTORY, "government") == {"government", "state", "bureau"}
    assert descendants(DIRECTORY, "bank") == {"bank"}
    assert descendants(DIRECTORY, "nobody") == set()
    assert ancestors(DIRECTORY, "bureau") == ("bureau", "state", "government")
    assert ancestors(DIRECTORY, "firm") == ("firm",)
    assert ancestors(DIRECTORY, "nobody") == ()


def test_they_end_on_a_directory_with_a_cycle() -> None:
    parties = dict(DIRECTORY.parties)
    parties["government"] = msgspec.structs.replace(parties["government"], part_of="bureau")
    cyclic = msgspec.structs.replace(DIRECTORY, parties=parties)
    assert ancestors(cyclic, "state") == ("state", "government", "bureau")
    assert descendants(cyclic, "state") == {"government", "state", "bureau"}


ONE = ("alpha/one@alpha", "alpha/one@beta", "alpha/one@beta:europe")


@pytest.mark.parametrize(
    ("name", "routes"),
    [
        ("alpha/one", ONE),
        ("one", ONE),
        ("ONE-latest", ONE),
        ("Alpha/One", ONE),
        ("one@alpha", ONE[:1]),
        ("alpha/one@beta", ONE[1:2]),
        ("one-latest@beta", ONE[1:]),
        ("alpha/one@beta:europe", ONE[2:]),
    ],
)
def test_a_name_stands_for_a_model_and_its_routes(name: str, routes: tuple[str, ...]) -> None:
    assert resolve_model(DIRECTORY, name) == Resolved(model="alpha/one", routes=routes)
    assert routes_of(DIRECTORY, "alpha/one") == ONE


def test_names_that_stand_for_nothing() -> None:
    with pytest.raises(NotFoundError, match=r"no model 'alpha/on'\. Did you mean alpha/one\?"):
        resolve_model(DIRECTORY, "alpha/on")
    with pytest.raises(NotFoundError, match=r"'gamma' does not serve alpha/one\..*alpha, beta"):
        resolve_model(DIRECTORY, "one@gamma")
    with pytest.raises(NotFoundError):
        resolve_model(DIRECTORY, "")


def test_the_binding_that_began_last_serves_the_slot() -> None:
    change = datetime(2026, 3, 2, 17, tzinfo=UTC)
    before = binding_at(DIRECTORY, "desk", "chat", change.replace(hour=16))
    after = binding_at(DIRECTORY, "desk", "chat", change)
    assert before is not None
    assert before.models == ("alpha/one@alpha", "beta/tuned")
    assert after is not None
    assert after.models == ("beta/tuned",)
    assert binding_at(DIRECTORY, "desk", "chat", datetime(2024, 1, 1, tzinfo=UTC)) is None
    assert binding_at(DIRECTORY, "desk", "embedding", change) is None


def test_a_pinned_version_stands_for_its_own_routes_alone():
    routes = ("alpha/one@alpha", "alpha/one@beta", "alpha/one@beta:europe")
    assert resolve_model(DIRECTORY, "one-1") == Resolved(model="alpha/one", routes=routes)
    pinned = msgspec.structs.replace(DIRECTORY.routes[routes[1]], upstream_model="one-2@x")
    other = msgspec.structs.replace(DIRECTORY, routes={**DIRECTORY.routes, routes[1]: pinned})
    assert resolve_model(other, "one-2@x") == Resolved(model="alpha/one", routes=routes[1:2])
    assert resolve_model(other, "one-1") == Resolved(model="alpha/one", routes=routes[::2])


def test_a_name_that_hosts_know_several_models_by_is_no_version():
    route = msgspec.structs.replace(DIRECTORY.routes["beta/tuned@beta"], upstream_model="one-1")
    both = msgspec.structs.replace(DIRECTORY, routes={**DIRECTORY.routes, route.id: route})
    with pytest.raises(NotFoundError):
        resolve_model(both, "one-1")
