"""The scan decides as the index does, and says that it did."""

import pytest
from benchmarks.asking import DisagreementError, agree
from benchmarks.decide import _scan_each
from benchmarks.scan import Scan
from benchmarks.world import NOW, calls

from changeover.orders.decide import decide
from changeover.orders.decision import Call
from changeover.orders.ruleset import Ruleset, compile_ruleset
from tests.benchmarks.worlds import small


def test_the_index_and_the_scan_answer_alike_and_every_outcome_occurs() -> None:
    world = small()
    ruleset = compile_ruleset(world.known, version="test")
    scan = Scan(ruleset)
    asked = calls(world.directory, 2_000, 3)
    agree(ruleset, scan, asked, "the index and the scan")
    assert scan.collected == 2_000
    found = [decide(ruleset, call, route, NOW) for call, route in asked]
    assert {each.outcome for each in found} >= {"allow", "refuse"}
    assert {each.because for each in found} >= {
        "permitted",
        "prohibited",
        "new-use",
        "network-default",
        "held",
    }
    statuses = {citation.status for each in found for citation in each.citations}
    assert statuses >= {"pending", "operative", "winding-down", "stayed", "ended"}


def test_a_scan_that_finds_less_does_not_agree() -> None:
    class Blind(Scan):
        def places(self, call: Call, route: str) -> list[int]:
            return super().places(call, route)[:-1]

    world = small()
    ruleset = compile_ruleset(world.known, version="test")
    with pytest.raises(DisagreementError, match="the index and the scan"):
        agree(ruleset, Blind(ruleset), calls(world.directory, 200, 3), "the index and the scan")


def test_a_decision_that_goes_around_the_scan_is_an_error(monkeypatch) -> None:
    monkeypatch.setattr(Scan, "places", Ruleset.places)
    world = small()
    ruleset = compile_ruleset(world.known, version="test")
    with pytest.raises(DisagreementError, match="collected 0 of 10 times"):
        _scan_each(ruleset, calls(world.directory, 10, 3))
