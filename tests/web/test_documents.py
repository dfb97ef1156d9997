"""Documents at the desk: taken in, reviewed, merged, and every decision undone."""

import base64
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from changeover.wiring.desk import desk as desk_of
from changeover.wiring.installation import Installation, open_installation

REPORT = Path("scenarios/statechat/reports/2026-03-02-report.en.md")
FRENCH = Path("scenarios/statechat/reports/2026-03-02-report.fr.md")
ADA, BEN = {"x-changeover-officer": "Ada"}, {"x-changeover-officer": "Ben"}


@pytest.fixture
def installation(tmp_path: Path) -> Iterator[Installation]:
    with open_installation(tmp_path / "data", demo=True) as installation:
        yield installation


@pytest.fixture
def desk(installation: Installation) -> TestClient:
    return TestClient(desk_of(installation), headers=ADA)


def take(desk: TestClient, path: Path) -> Any:
    content = base64.b64encode(path.read_bytes()).decode()
    return desk.post("/desk/documents", json={"name": path.name, "content": content}).json()


def of(page: Any, action: str, issuer: str | None = None) -> Any:
    return next(
        d
        for d in page["drafts"]
        if d["draft"]["action"] == action and issuer in (None, d["draft"]["issuer"])
    )


def test_a_document_stands_beside_its_drafts_and_claims_with_exact_quotes(desk: TestClient):
    page = take(desk, REPORT)
    assert page["line"]["open"] == page["line"]["drafts"] == len(page["drafts"]) > 4
    for reviewed in page["drafts"]:
        quote = reviewed["draft"]["quote"]
        assert page["text"][quote["start"] : quote["end"]] == quote["text"]
    assert take(desk, REPORT)["line"] == page["line"]  # the same document twice is one
    [line] = desk.get("/desk/documents").json()
    assert (line["name"], line["size"]) == (REPORT.name, len(REPORT.read_bytes()))


def test_what_is_accepted_becomes_an_officers_draft(desk: TestClient):
    page = take(desk, REPORT)
    draft = of(page, "prohibit", "treasury-secretary")
    where = f"/desk/documents/drafts/{draft['draft']['id']}"
    made = desk.post(f"{where}/acceptance", json={"version": 0}).json()
    assert (made["origin"], made["form"]["issuer"]) == (draft["draft"]["id"], "treasury-secretary")
    assert made["form"]["sources"][0]["sha256"] == page["line"]["sha256"]
    late = desk.post(f"{where}/acceptance", json={"version": 0}, headers=BEN)
    assert late.status_code == 409
    assert len(desk.get("/desk/drafts").json()) == 1
    again = desk.get(f"/desk/documents/{page['line']['sha256']}").json()
    reviewed = of(again, "prohibit", "treasury-secretary")["reviewed"]
    assert (reviewed["review"]["verdict"], reviewed["by"]) == ("accepted", "Ada")
    assert again["line"]["open"] == page["line"]["open"] - 1
    assert not any(
        item["key"] == draft["draft"]["id"] for item in desk.get("/desk/inbox").json()["items"]
    )


def test_two_of_the_same_act_are_merged_field_by_field(desk: TestClient):
    english, french = take(desk, REPORT), take(desk, FRENCH)
    one = of(english, "prohibit", "treasury-secretary")["draft"]["id"]
    other = of(french, "prohibit", "treasury-secretary")["draft"]["id"]
    take_ = {"sources": other, "clauses": other}
    where = f"/desk/documents/drafts/{one}/acceptance"
    assert desk.post(where, json={"version": 0, "take": {"kind": other}}).status_code == 400
    made = desk.post(where, json={"version": 0, "take": take_}).json()
    assert [s["sha256"] for s in made["form"]["sources"]] == [
        english["line"]["sha256"],
        french["line"]["sha256"],
    ]
    assert made["form"]["clauses"]["one"]["words"] in french["text"]
    settled = desk.get(f"/desk/documents/{french['line']['sha256']}").json()
    reviewed = of(settled, "prohibit", "treasury-secretary")["reviewed"]
    assert reviewed["review"]["draft"] == made["id"]


def test_what_is_rejected_is_opened_again(desk: TestClient):
    page = take(desk, REPORT)
    where = f"/desk/documents/drafts/{of(page, 'designate')['draft']['id']}"
    body = {"verdict": "not-an-order", "reason": "Only announced.", "version": 0}
    told = desk.post(f"{where}/decision", json=body).json()
    assert (told["version"], told["review"]["reason"]) == (1, "Only announced.")
    assert desk.post(f"{where}/decision", json=body, headers=BEN).status_code == 409
    reopened = desk.post(f"{where}/reopening", json={"version": 1}, headers=BEN).json()
    assert (reopened["version"], reopened["review"]) == (2, None)
    assert desk.post(f"{where}/reopening", json={"version": 2}).status_code == 409
    assert desk.post(f"{where}/decision", json=body | {"version": 2}).status_code == 200
    missing = "/desk/documents/drafts/nothing/decision"
    assert desk.post(missing, json=body).status_code == 404


def test_bytes_that_are_no_text_are_kept_and_said_to_be(
    desk: TestClient, installation: Installation
):
    installation.intake.capture("scan.bin", b"\x00\x01\x02", address="https://gov.example/scan")
    [line] = desk.get("/desk/documents").json()
    page = desk.get(f"/desk/documents/{line['sha256']}").json()
    assert page["text"] is None
    assert "not a text file" in page["why"]
