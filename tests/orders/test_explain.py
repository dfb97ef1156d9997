"""Explanations say no more and no less than the decision holds."""

import msgspec

from changeover.orders.decide import decide
from changeover.orders.explain import explain
from changeover.orders.model import Scope, Target
from changeover.orders.ruleset import Known, call_of, compile_ruleset
from tests.orders.worlds import bind, day, directory, issued, order, reading, rules, winding

ONE, TWO = "alpha/one@alpha", "beta/two@beta"


def told(ruleset, service="desk", route=ONE):
    call = call_of(ruleset.directory.services[service], "chat")
    return explain(ruleset, decide(ruleset, call, route, day(5)), changes_at=None)


def test_a_requirement_in_force_is_cited_and_prohibits_nothing():
    words = told(rules(order("q", reading(modality="require"))))
    assert "no order in force prohibits it" in words.en
    assert "q (q, by The Head), in force" in words.en
    assert "aucun ordre en vigueur ne l'interdit" in words.fr
    assert "reaches" not in words.en


def test_an_admission_is_named():
    scope = Scope(networks=("closed",))
    targets = (Target(makers=("beta",)),)
    admits = reading(modality="permit", scope=scope, targets=targets)
    elsewhere = reading(modality="permit", scope=Scope(parties=("state",)), targets=targets)
    words = told(rules(order("admission", admits), order("other", elsewhere)), "secret", TWO)
    assert "admission admits it to the network Closed" in words.en
    assert "admission l'admet sur le réseau Closed" in words.fr


def test_on_an_open_network_nothing_needs_admission():
    admits = reading(modality="permit", scope=Scope(networks=("open",)))
    assert "admits" not in told(rules(order("admission", admits))).en


def test_a_party_without_grace_is_told_so():
    graced = reading(wind_down=winding(day(100), parties=("elsewhere",)))
    words = told(rules(order("o", graced), bindings=(bind("desk", "alpha/one"),)))
    assert "in force for this party, which is given no time to wind down" in words.en
    assert "n'a pas de délai de retrait" in words.fr
    assert "winding down until" not in words.en


def test_an_issuer_that_left_the_directory_goes_by_its_id():
    world = msgspec.structs.replace(directory(), issuers={})
    ruleset = compile_ruleset(Known(directory=world, issued=(issued(order("o")),)), version="x")
    assert "o (o, by head), in force" in told(ruleset).en
