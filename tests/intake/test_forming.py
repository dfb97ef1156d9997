"""What intake read becomes the form of an officers' draft, what is open in it left open."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from changeover.intake.forming import to_form
from changeover.orders.source import load_form
from changeover.wiring.installation import Installation, open_installation

REPORT = Path("scenarios/statechat/reports/2026-03-02-report.en.md")


@pytest.fixture
def installation(tmp_path: Path) -> Iterator[Installation]:
    with open_installation(tmp_path / "data", demo=True) as installation:
        yield installation


def test_a_draft_with_its_readings_reads_once_an_officer_has_filled_it_in(
    installation: Installation,
):
    installation.intake.take_in([(REPORT.name, REPORT.read_bytes())])
    directory = installation.office.rules.current.directory
    drafts = [kept.draft for kept in installation.intake.drafts()]
    draft, winding = next((one, one.wind_down) for one in drafts if one.wind_down is not None)
    kept, document = installation.intake.draft(draft.id)
    act, form = to_form(kept.draft, document, directory, by="Ada")
    assert (act, form["sources"][0]["sha256"]) == ("order", document.sha256)
    clause = form["clauses"]["one"]
    assert clause["words"].startswith(draft.quote.text[:30])
    assert set(clause["readings"]) == {reading.id for reading in winding.readings}
    form |= {
        "issuer": form["issuer"] or "president",
        "title": {"en": "An order", "fr": "Un ordre"},
        "published": "2026-02-27T16:00",
        "recorded": "2026-02-27T17:00",
        "entered_by": "Ada",
    }
    found = load_form(form, directory, on_record=installation.office.instruments())
    reading = found.instrument.clauses[0].reading()
    assert reading.targets[0].makers == ("anthropic",)
    assert reading.wind_down is not None
