"""A draft becomes an instrument, and is marked as issued, in one."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from changeover.basics.errors import ConflictError, InvalidInputError
from changeover.intake.office import IntakeOffice
from changeover.intake.usecases import Overrides
from changeover.storage.drafts import SqlDrafts
from changeover.wiring.installation import Installation, open_installation

REPORT = (
    b"2 March 2026\n\nThe Treasury secretary, Scott Bessent, said in a post that the department "
    b"ends all use of Anthropic products today.\n"
)


@pytest.fixture
def installation(tmp_path: Path) -> Iterator[Installation]:
    with open_installation(tmp_path / "data", demo=True) as installation:
        yield installation


@pytest.fixture
def intake(installation: Installation) -> IntakeOffice:
    installation.intake.take_in([("report.txt", REPORT)])
    return installation.intake


def draft_of(intake: IntakeOffice) -> str:
    return intake.drafts()[0].draft.id


def issue(intake: IntakeOffice, **given: Any) -> str:
    overrides = Overrides(issuer="treasury-secretary", parties=("treasury",), **given)
    issued = intake.issue(draft_of(intake), overrides, by="a", confirmed_by=None)
    return issued.instrument.id


def test_an_issued_draft_is_marked_and_not_issued_again(intake: IntakeOffice):
    name = issue(intake, since="2026-03-02")
    assert intake.drafts()[0].issued_as == name
    with pytest.raises(ConflictError, match="issued already"):
        issue(intake, since="2026-03-02", id="again")


def test_nothing_is_issued_when_the_draft_cannot_be_marked(
    installation: Installation, intake: IntakeOffice, monkeypatch: pytest.MonkeyPatch
):
    def meanwhile(_: SqlDrafts, draft: str, instrument: str) -> None:
        raise ConflictError(f"The draft {draft} was issued already.")

    monkeypatch.setattr(SqlDrafts, "mark_issued", meanwhile)
    before = set(installation.office.instruments())
    with pytest.raises(ConflictError, match="issued already"):
        issue(intake, since="2026-03-02")
    assert set(installation.office.instruments()) == before
    installation.office.load()
    assert set(installation.office.instruments()) == before
    assert intake.drafts()[0].issued_as is None


@pytest.mark.parametrize("id_", ["a/b", "x\r\ny", "é"])
def test_a_draft_is_not_issued_under_an_id_that_no_instrument_may_bear(
    intake: IntakeOffice, id_: str
):
    with pytest.raises(InvalidInputError, match="cannot be an instrument's id"):
        issue(intake, since="2026-03-02", id=id_)
