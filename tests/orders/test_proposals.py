"""Entering, confirming, withdrawing, over the shipped scenario and a real database."""

from datetime import timedelta
from pathlib import Path

import msgspec
import pytest

from changeover.basics.errors import (
    ConflictError,
    InvalidInputError,
    NotAuthorisedError,
    NotFoundError,
)
from changeover.basics.instants import microseconds
from changeover.orders.model import Implement, Instrument, Rescind
from changeover.orders.proposals import ProposalOffice, together
from changeover.orders.ruleset import Ruleset
from tests.orders.demonstrations import ADA, BO, Demonstration, at, demonstration
from tests.orders.worlds import order

START = at("2026-02-26T09:00")
TRIO = ["president-order", "state-order", "state-memo"]


@pytest.fixture
def demo(tmp_path: Path):
    with demonstration(tmp_path) as standing:
        yield standing


def _bound(demo: Demonstration) -> tuple[str, ...]:
    instant = microseconds(demo.clock.now())
    binding = demo.office.rules.current.binding("statechat", "chat", instant)
    assert binding is not None
    return binding.models


def test_what_the_scenario_has_not_issued_stands_prepared(demo: Demonstration):
    prepared = {each.id: each for each in demo.proposals.all()}
    assert set(prepared) == {i.id for i in demo.player.awaited()}
    assert "classified-admission-anthropic" not in prepared  # on record when the scenario begins
    memo = prepared["state-memo"]
    assert (memo.state, memo.entered_by, memo.at_once) == ("prepared", None, None)
    assert memo.takes_effect == at("2026-03-02T12:00")
    assert [order_.id for order_ in memo.together] == ["president-order", "state-order"]
    assert memo.together[1].issuer_name.fr == "secrétaire d'État"


def test_entering_changes_nothing_until_another_officer_confirms(demo: Demonstration):
    before = demo.office.rules.current.version
    entered = demo.proposals.enter("state-memo", ADA, at_once=True)
    assert (entered.state, entered.entered_by, entered.entered) == ("entered", "Ada", START)
    assert demo.office.rules.current.version == before
    with pytest.raises(NotAuthorisedError, match="yourself"):
        demo.proposals.confirm("state-memo", ADA)
    assert demo.office.rules.current.version == before
    assert demo.proposals.confirm("state-memo", BO).id == "state-memo"
    assert _bound(demo) == ("openai/gpt-4.1",)
    issued = demo.office.instrument("state-memo")
    assert (issued.entered_by, issued.confirmed_by, issued.recorded) == ("Ada", "Bo", START)


def test_what_it_rests_on_is_issued_with_it_in_one_ruleset(demo: Demonstration):
    seen: list[Ruleset] = []
    demo.office.rules.subscribe(seen.append)
    demo.issue("state-memo")
    assert len(seen) == 1
    assert [name for name in seen[0].issued if name in TRIO] == TRIO
    with demo.database.reading() as work:
        told = [entry.kind for entry in work.ledger.entries()]
    assert told[-5:] == ["entry", *["instrument"] * 3, "entry-settled"]


def test_at_once_moves_what_lies_ahead_and_counts_periods_anew(demo: Demonstration):
    demo.issue("state-memo")
    memo = demo.office.instrument("state-memo").instrument
    assert {memo.signed, memo.published, memo.effective} == {START}
    president = demo.office.instrument("president-order").instrument
    wind_down = president.clauses[0].reading().wind_down
    assert wind_down is not None
    assert wind_down.until.at == at("2026-08-26T09:00")


def test_without_at_once_the_texts_dates_stand(demo: Demonstration):
    demo.issue("state-memo", at_once=False)
    assert _bound(demo) == ("anthropic/claude-sonnet-4-5",)
    demo.player.play(at("2026-03-02T12:00"))
    assert _bound(demo) == ("openai/gpt-4.1",)


def test_at_once_counts_from_the_confirmation(demo: Demonstration):
    demo.proposals.enter("state-memo", ADA, at_once=True)
    demo.clock.move_to(START + timedelta(hours=2))
    confirmed = demo.proposals.confirm("state-memo", BO)
    assert confirmed.effective == START + timedelta(hours=2)


def test_the_scenarios_play_passes_over_what_was_issued_by_hand(demo: Demonstration):
    demo.issue("state-memo")
    played = demo.player.play(at("2026-03-03"))
    assert not set(TRIO) & set(played.issued)
    assert "treasury-order" in played.issued
    assert demo.office.instrument("state-memo").entered_by == "Ada"


def test_what_the_play_issued_meanwhile_overtakes_the_entry(demo: Demonstration):
    demo.proposals.enter("state-memo", ADA, at_once=True)
    demo.player.play(at("2026-03-03"))
    assert "state-memo" not in {each.id for each in demo.proposals.all()}
    with pytest.raises(ConflictError, match="on record meanwhile"):
        demo.proposals.confirm("state-memo", BO)
    with pytest.raises(NotFoundError):
        demo.proposals.confirm("state-memo", BO)
    assert demo.office.instrument("state-memo").entered_by == "m.okafor"


def test_companions_that_came_on_record_meanwhile_are_passed_over(demo: Demonstration):
    demo.proposals.enter("state-memo", ADA, at_once=True)
    demo.player.play(at("2026-02-28"))
    (waiting,) = [each for each in demo.proposals.all() if each.state == "entered"]
    assert [order_.id for order_ in waiting.together] == ["state-order"]
    demo.proposals.confirm("state-memo", BO)
    assert demo.office.instrument("president-order").entered_by == "m.okafor"
    assert demo.office.instrument("state-order").entered_by == "Ada"


def test_what_is_withdrawn_is_prepared_again(demo: Demonstration):
    demo.proposals.enter("state-memo", ADA, at_once=True)
    assert demo.proposals.withdraw("state-memo", BO).state == "prepared"
    with pytest.raises(NotFoundError):
        demo.proposals.confirm("state-memo", BO)
    assert demo.proposals.enter("state-memo", BO, at_once=False).entered_by == "Bo"


def test_nothing_is_entered_twice_and_nothing_unknown_or_issued(demo: Demonstration):
    demo.proposals.enter("state-memo", ADA, at_once=True)
    with pytest.raises(ConflictError, match="by Ada"):
        demo.proposals.enter("state-memo", BO, at_once=True)
    with pytest.raises(NotFoundError):
        demo.proposals.enter("state-memorandum", ADA, at_once=True)
    demo.proposals.confirm("state-memo", BO)
    for act in (demo.proposals.enter, demo.proposals.preview):
        with pytest.raises(ConflictError, match="on record"):
            _with_at_once(act, "state-memo")


def _with_at_once(act, name):
    if act.__name__ == "enter":
        return act(name, ADA, at_once=True)
    return act(name, at_once=True)


def test_when_issuing_fails_nothing_is_issued_and_the_entry_still_waits(demo: Demonstration):
    first = _bare("first")
    needs = (Implement(instruments=("first", "missing")),)
    last = _bare("last", acts=needs)
    office = ProposalOffice(demo.works, demo.office, demo.clock, lambda: (first, last))
    office.enter("last", ADA, at_once=False)
    with pytest.raises(InvalidInputError, match="missing"):
        office.confirm("last", BO)
    assert {each.id: each.state for each in office.all()} == {
        "first": "prepared",
        "last": "entered",
    }
    assert not {"first", "last"} & set(demo.office.instruments())


def test_the_preview_of_what_was_entered_is_of_how_it_was_entered(demo: Demonstration):
    demo.proposals.enter("state-memo", ADA, at_once=True)
    previewed = demo.proposals.preview("state-memo", at_once=False)
    assert previewed.instrument.effective == START


def test_what_is_acted_on_stands_before_what_acts_on_it_whatever_the_circle():
    a = order("a", acts=(Implement(instruments=("b", "c")),))
    b = order("b", acts=(Rescind(instruments=("c",)), Implement(instruments=("a",))))
    c, stands = order("c"), order("d", acts=(Implement(instruments=("c",)),))
    prepared = {i.id: i for i in (a, b, c, stands)}
    assert [i.id for i in together(a, set(), prepared)] == ["c", "b", "a"]
    assert [i.id for i in together(stands, {"c"}, prepared)] == ["d"]


def _bare(name: str, **fields) -> Instrument:
    """An instrument of the State department's that says nothing by itself."""
    bare: Instrument = msgspec.structs.replace(
        order(name, issuer="state-secretary", **fields), clauses=()
    )
    return bare
