"""Which rule counts for a party, and which holds reach it."""

from typing import Literal

from hypothesis import given
from hypothesis import strategies as st

from changeover.directory.rules import ancestors, descendants
from changeover.records.model import LegalHold, RetentionRule, holding, rule_for
from tests.orders.worlds import directory

WORLD = directory()
PARTIES = sorted(WORLD.parties)


def hold(*parties: str, state: Literal["held", "ended", "declined"] = "held") -> LegalHold:
    return LegalHold(name="Treaty", why="A suit.", parties=parties, state=state)


@given(
    ruled=st.sets(st.sampled_from(PARTIES)),
    party=st.sampled_from(PARTIES),
)
def test_the_nearest_rule_counts(ruled: set[str], party: str):
    rules = [RetentionRule(party=one, days=9, staff_may_remove=True) for one in ruled]
    found = rule_for(rules, WORLD, party)
    chain = [one for one in ancestors(WORLD, party) if one in ruled]
    assert (None if found is None else found.party) == (chain[0] if chain else None)


@given(held=st.sets(st.sampled_from(PARTIES)), party=st.sampled_from(PARTIES))
def test_a_hold_reaches_its_parties_and_all_that_is_part_of_them(held: set[str], party: str):
    reached = bool(holding([hold(*held)], WORLD, party))
    assert reached == any(party in descendants(WORLD, one) for one in held)


def test_what_ended_or_was_declined_holds_nothing_and_a_forgotten_party_is_still_held():
    ended = [hold("gone", state="ended"), hold("gone", state="declined")]
    assert holding(ended, WORLD, "gone") == ()
    assert holding([hold("gone")], WORLD, "gone") == (hold("gone"),)
