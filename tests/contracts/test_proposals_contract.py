from datetime import UTC, datetime, timedelta

import msgspec
import pytest

from changeover.basics.errors import ConflictError, NotFoundError
from changeover.orders.ports import Proposal
from tests.contracts.conftest import Ports
from tests.orders.worlds import order, reading, source, winding

ENTERED = datetime(2026, 2, 26, 14, tzinfo=UTC)
PROPOSAL = Proposal(
    id="proposal_1",
    instruments=(
        order("above", reading(wind_down=winding(ENTERED))),
        order("entered", sources=(source(),)),
    ),
    at_once=True,
    account="person_1",
    entered_by="Ada",
    entered=ENTERED,
)


def test_a_proposal_comes_back_as_it_was_entered(ports: Ports):
    ports.proposals.add(PROPOSAL)
    assert ports.proposals.get("proposal_1") == PROPOSAL
    assert ports.proposals.waiting() == [PROPOSAL]
    assert ports.proposals.get("proposal_1").instrument.id == "entered"


def test_a_proposal_is_entered_once(ports: Ports):
    ports.proposals.add(PROPOSAL)
    with pytest.raises(ConflictError):
        ports.proposals.add(msgspec.structs.replace(PROPOSAL, entered_by="Bo"))
    assert ports.proposals.get("proposal_1").entered_by == "Ada"


@pytest.mark.parametrize("state", ["issued", "withdrawn", "overtaken"])
def test_a_settled_proposal_waits_no_longer_and_is_kept(ports: Ports, state):
    later = ENTERED + timedelta(hours=1)
    ports.proposals.add(PROPOSAL)
    settled = ports.proposals.settle("proposal_1", state, by="Bo", at=later)
    assert (settled.state, settled.settled_by, settled.settled) == (state, "Bo", later)
    assert ports.proposals.get("proposal_1") == settled
    assert ports.proposals.waiting() == []
    with pytest.raises(ConflictError, match="entered"):
        ports.proposals.settle("proposal_1", "issued", by="Cy", at=later)
    assert ports.proposals.get("proposal_1") == settled


def test_those_that_wait_come_in_the_order_they_were_entered(ports: Ports):
    for name, seconds in (("c", 1), ("b", 0), ("a", 0)):
        entered = ENTERED + timedelta(seconds=seconds)
        ports.proposals.add(msgspec.structs.replace(PROPOSAL, id=name, entered=entered))
    assert [proposal.id for proposal in ports.proposals.waiting()] == ["a", "b", "c"]


def test_an_unknown_proposal_is_not_found(ports: Ports):
    with pytest.raises(NotFoundError):
        ports.proposals.get("proposal_0")
    with pytest.raises(NotFoundError):
        ports.proposals.settle("proposal_0", "issued", by="Bo", at=ENTERED)


def test_acknowledging_twice_is_acknowledging_once_and_for_oneself(ports: Ports):
    ports.acknowledgements.add("person_1", "memo", ENTERED)
    ports.acknowledgements.add("person_1", "memo", ENTERED + timedelta(days=1))
    ports.acknowledgements.add("person_2", "order", ENTERED)
    assert ports.acknowledgements.of("person_1") == {"memo"}
    assert ports.acknowledgements.of("person_2") == {"order"}
    assert ports.acknowledgements.of("person_3") == frozenset()


def test_the_readers_of_an_order_are_counted_once_each(ports: Ports):
    for account, notice in (
        ("person_1", "memo"),
        ("person_1", "memo~desk"),
        ("person_2", "memo~x"),
    ):
        ports.acknowledgements.add(account, notice, ENTERED)
    ports.acknowledgements.add("person_3", "memo_2", ENTERED)
    assert ports.acknowledgements.readers("memo") == 2
    assert ports.acknowledgements.readers("order") == 0
