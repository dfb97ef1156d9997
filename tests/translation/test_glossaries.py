"""Glossaries of parties: proposed, approved by administrators, and never against each other."""

from collections.abc import Iterator

import msgspec
import pytest

from changeover.basics.errors import (
    ConflictError,
    InvalidInputError,
    NotAuthorisedError,
    NotFoundError,
)
from changeover.identity.people import Account
from changeover.orders.papers import OvertakenError, Writer
from changeover.translation.glossaries import Glossaries
from changeover.translation.model import Term
from changeover.wiring.installation import Installation, open_installation
from tests.chat.world import ANA as SOMEBODY

ANA = msgspec.structs.replace(SOMEBODY, party="state")
ADMIN = msgspec.structs.replace(ANA, id="acct_ad", login="ad", name="Ad", roles=("administrator",))
ABOVE = msgspec.structs.replace(ADMIN, id="acct_ab", name="Abe", party="government")
TESS = msgspec.structs.replace(ANA, id="acct_te", login="te", name="Tess", party="treasury")
MEMO = b"en,fr\nmemo,note de service\nbureau,service\n"


@pytest.fixture
def installation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    with open_installation(tmp_path_factory.mktemp("glossaries") / "data", demo=True) as opened:
        yield opened


@pytest.fixture
def glossaries(installation: Installation) -> Glossaries:
    return Glossaries(installation.works, installation.office.rules, installation.clock)


def by(account: Account) -> Writer:
    return Writer(name=account.name, account=account.id)


def propose(glossaries: Glossaries, account: Account, content: bytes, name: str = "House") -> str:
    proposed = glossaries.propose(account, name, content, by(account))
    assert proposed.kept is not None, proposed.faults
    return proposed.kept.id


def names(glossaries: Glossaries, account: Account) -> list[str]:
    return [kept.value.name for kept in glossaries.visible(account) if kept.value is not None]


def test_one_is_used_from_when_an_administrator_approves_it(
    glossaries: Glossaries, installation: Installation
):
    one = propose(glossaries, ANA, MEMO)
    assert glossaries.terms("state", "en", "fr").terms == ()
    with pytest.raises(NotAuthorisedError, match="administrators"):
        glossaries.approve(ANA, one, by(ANA), seen=1)
    approved = glossaries.approve(ADMIN, one, by(ADMIN), seen=1).value
    assert approved is not None
    assert (approved.state, approved.proposed_by, approved.approved_by) == ("approved", "Ana", "Ad")
    found = glossaries.terms("state", "en", "fr")
    assert Term("memo", "note de service") in found.terms
    assert found.glossaries == ("House",)
    assert glossaries.terms("state", "fr", "en").terms == ()
    assert glossaries.terms("treasury", "en", "fr").terms == ()
    # Each version is told to the ledger.
    with installation.database.reading() as work:
        versions = work.papers.versions("glossary", one)
    assert [paper.by for paper in versions] == ["Ana", "Ad"]
    with pytest.raises(OvertakenError):
        glossaries.approve(ADMIN, one, by(ADMIN), seen=1)


def test_a_superior_partys_is_used_in_its_parts_and_elsewhere_unseen(glossaries: Glossaries):
    one = propose(glossaries, ABOVE, MEMO)
    glossaries.approve(ABOVE, one, by(ABOVE), seen=1)
    assert glossaries.terms("state", "en", "fr").glossaries == ("House",)
    own = propose(glossaries, TESS, b"en,fr\nTreasury,Tresor\n", "Treasury")
    assert names(glossaries, TESS) == ["House", "Treasury"]
    assert names(glossaries, ANA) == ["House"]
    assert names(glossaries, ABOVE) == ["House", "Treasury"]
    with pytest.raises(NotFoundError, match="no glossary"):
        glossaries.approve(ADMIN, own, by(ADMIN), seen=1)


def test_a_contradiction_with_what_is_approved_is_refused_in_words(glossaries: Glossaries):
    first = propose(glossaries, ABOVE, MEMO)
    glossaries.approve(ABOVE, first, by(ABOVE), seen=1)
    second = propose(glossaries, ANA, b"en,fr\nMemo,circulaire\nbureau,service\n", "Ours")
    with pytest.raises(ConflictError) as refused:
        glossaries.approve(ADMIN, second, by(ADMIN), seen=1)
    assert "1 times: “memo” is “circulaire” here and “note de service” in House" in str(
        refused.value
    )
    assert "Ours" not in glossaries.terms("state", "en", "fr").glossaries
    # The other way round too: what a superior would approve against a part's.
    glossaries.remove(ABOVE, first, by(ABOVE), seen=2)
    glossaries.approve(ADMIN, second, by(ADMIN), seen=1)
    third = propose(glossaries, ABOVE, MEMO, "Again")
    with pytest.raises(ConflictError, match="in Ours"):
        glossaries.approve(ABOVE, third, by(ABOVE), seen=1)
    # Where people have nothing in common there is nothing to contradict.
    other = propose(glossaries, TESS, b"en,fr\nmemo,memoire\n", "Theirs")
    glossaries.approve(ABOVE, other, by(ABOVE), seen=1)


def test_a_file_with_faults_leaves_nothing(glossaries: Glossaries):
    proposed = glossaries.propose(ANA, "House", b"en,fr\nmemo,note\nmemo,circulaire\n", by(ANA))
    assert proposed.kept is None
    assert [fault.row for fault in proposed.faults] == [3]
    assert names(glossaries, ANA) == []
    with pytest.raises(InvalidInputError, match="name"):
        glossaries.propose(ANA, "  ", MEMO, by(ANA))


def test_its_proposer_removes_a_proposal_and_an_administrator_anything(glossaries: Glossaries):
    one = propose(glossaries, ANA, MEMO)
    marc = msgspec.structs.replace(ANA, id="acct_ma", name="Marc")
    with pytest.raises(NotAuthorisedError):
        glossaries.remove(marc, one, by(marc), seen=1)
    glossaries.remove(ANA, one, by(ANA), seen=1)
    assert names(glossaries, ANA) == []
    with pytest.raises(NotFoundError):
        glossaries.remove(ANA, one, by(ANA), seen=2)
    with pytest.raises(NotAuthorisedError):
        glossaries.bring_back(marc, one, by(marc))
    back = glossaries.bring_back(ANA, one, by(ANA))
    with pytest.raises(ConflictError, match="not removed"):
        glossaries.bring_back(ANA, one, by(ANA))
    glossaries.approve(ADMIN, one, by(ADMIN), seen=back.version)
    with pytest.raises(NotAuthorisedError):
        glossaries.remove(ANA, one, by(ANA), seen=4)
    glossaries.remove(ADMIN, one, by(ADMIN), seen=4)
    # What was approved is approved anew: something else may have been meanwhile.
    again = glossaries.bring_back(ADMIN, one, by(ADMIN)).value
    assert again is not None
    assert again.state == "proposed"
