"""Compliance over the API: board, register, attestations, exits and exports."""

import base64
import csv
import html
import io
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import docx
import pytest
from starlette.testclient import TestClient

from changeover.basics.calendars import read_instant, zone
from changeover.evidence.exports import INVENTORY_COLUMNS
from changeover.wiring.desk import desk as desk_of
from changeover.wiring.installation import Installation, open_installation
from tests.storage.test_calls import made

BASE = "/desk/compliance"
BEN = {"x-changeover-officer": "Ben"}


@pytest.fixture
def installation(tmp_path: Path) -> Iterator[Installation]:
    with open_installation(tmp_path / "data", demo=True) as installation:
        assert installation.player is not None
        installation.player.play(read_instant("2026-03-20T12:00", zone("America/New_York")))
        yield installation


@pytest.fixture
def desk(installation: Installation) -> TestClient:
    return TestClient(desk_of(installation), headers={"x-changeover-officer": "Ada"})


def page(desk: TestClient, order: str) -> Any:
    return desk.get(BASE, params={"order": order}).json()


def exported(desk: TestClient, **query: str) -> list[list[str]]:
    told = desk.get(f"{BASE}/export", params=query).json()
    text = base64.b64decode(told["content"]).decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text, newline="")))


def test_the_board_of_the_designations(desk: TestClient, installation: Installation):
    with installation.database.begin() as work:
        now = installation.clock.now()
        calls = [
            made(n, at=now - timedelta(days=n), service="contractor-reports",
                 route="anthropic/claude-sonnet-4-5@google") for n in range(1, 4)
        ]  # fmt: skip
        work.calls.add([*calls, made(9, at=now, result="refused", service="contractor-reports",
                                     route="anthropic/claude-sonnet-4-5@google")])  # fmt: skip
    board = page(desk, "designation-b")["board"]
    lines = {line["party"]: line for line in board["parties"]}
    contractor = lines["defence-contractor"]
    assert (contractor["contractor_of"], contractor["calls"], contractor["refused"]) == (
        "defence",
        3,
        1,
    )
    assert contractor["bound"] == ["contractor-reports"]
    assert contractor["days_left"] == 164
    assert board["makers"] == ["anthropic"]


def test_a_register_is_taken_in_whole_or_not_at_all_and_undone(desk: TestClient):
    good = b"party,use,vendor,count\r\nstate,Seats,anthropic,40\r\nhealth,Plugin,anthropic,3\r\n"
    bad = good + b"nobody,x,anthropic,1\r\n"

    def upload(content: bytes, *, commit: bool) -> Any:
        body = {
            "name": "r.csv",
            "content": base64.b64encode(content).decode(),
            "commit": commit,
        }
        return desk.post(f"{BASE}/register", json=body).json()

    refused = upload(bad, commit=True)
    assert (refused["committed"], refused["file"]["problems"][0]["row"]) == (False, 4)
    looked = upload(good, commit=False)
    assert (looked["committed"], len(looked["file"]["uses"])) == (False, 2)
    assert page(desk, "president-order")["uses"] == []
    taken = upload(good, commit=True)
    assert taken["committed"] is True
    assert len(page(desk, "president-order")["uses"]) == 2
    lines = {x["party"]: x for x in page(desk, "president-order")["board"]["parties"]}
    assert (lines["state"]["stated"], lines["state"]["stated_count"]) == (1, 40)
    rows = exported(desk, kind="register")
    assert [row[0] for row in rows] == ["party", "state", "health"]
    undone = desk.post(f"{BASE}/register/{taken['batch']}/undoing", json={}).json()
    assert undone == {"removed": 2}
    assert page(desk, "president-order")["uses"] == []


def test_a_line_is_stated_changed_removed_and_restored(desk: TestClient):
    use = {"party": "state", "use": "Seats", "vendor": "anthropic"}
    assert desk.post(f"{BASE}/uses", json={"use": use | {"vendor": "x"}}).status_code == 400
    kept = desk.post(f"{BASE}/uses", json={"use": use}).json()
    changed = {"use": use | {"count": 7}, "id": kept["id"], "version": 1}
    assert desk.post(f"{BASE}/uses", json=changed).json()["use"]["count"] == 7
    assert desk.post(f"{BASE}/uses", json=changed, headers=BEN).status_code == 409
    where = f"{BASE}/uses/{kept['id']}"
    assert desk.post(f"{where}/removal", json={"version": 2}).json() == {"removed": 1}
    assert desk.post(f"{where}/restoration", json={"version": 3}).json()["version"] == 4


def test_an_attestation_stands_beside_what_was_recorded(
    desk: TestClient, installation: Installation
):
    words = {"en": "All use has ended.", "fr": "Tout usage a pris fin."}
    asked = {"order": "treasury-order", "party": "treasury", "words": words, "due": "2026-04-01"}
    kept = desk.post(f"{BASE}/attestations", json=asked).json()
    where = f"{BASE}/attestations/{kept['id']}"
    signature = {
        "version": 1,
        "name": "Chief",
        "statement": "ended",
        "as_of": "2026-03-05",
    }
    assert desk.post(f"{where}/signature", json=signature | {"name": " "}).status_code == 400
    signed = desk.post(f"{where}/signature", json=signature).json()
    assert signed["contradicted"] is None
    assert desk.post(f"{where}/signature", json=signature | {"version": 2}).status_code == 409
    with installation.database.begin() as work:
        work.calls.add([made(1, at=read_instant("2026-03-10T12:00", zone("America/New_York")))])
    [told] = page(desk, "treasury-order")["attestations"]
    assert told["contradicted"].startswith("2026-03-10")
    gone = desk.post(f"{where}/withdrawal", json={"version": 2, "reason": "Wrong."}).json()
    assert gone["attestation"]["withdrawn"] == "Wrong."
    assert desk.post(f"{where}/signature", json=signature | {"version": 3}).status_code == 409


def test_what_must_be_preserved_comes_first(desk: TestClient):
    [listed] = page(desk, "president-order")["exits"]
    ids = [step["id"] for step in listed["list"]["steps"]]
    assert ids[:2] == ["conversations", "holds"]
    assert any(name.startswith("keys-aws") for name in ids)
    where = f"{BASE}/exits/anthropic"

    def settle(step: str, state: str, version: int, **more: str) -> Any:
        body = {"step": step, "state": state, "version": version, **more}
        return desk.post(where, json=body)

    early = settle("batches", "done", 0)
    assert (early.status_code, "preserved first" in early.json()["error"]["what"]) == (409, True)
    assert settle("conversations", "waived", 0).status_code == 400
    assert settle("conversations", "waived", 0, reason="None are kept there.").status_code == 200
    assert settle("holds", "done", 1, evidence="memo.pdf").status_code == 200
    done = settle("batches", "done", 2).json()
    assert done["version"] == 3
    assert settle("holds", "open", 2).status_code == 409
    assert settle("nothing", "done", 3).status_code == 404


def test_reports_leave_as_tables_and_documents(desk: TestClient):
    rows = exported(desk, kind="inventory")
    assert tuple(rows[0]) == INVENTORY_COLUMNS
    assert len(rows[0]) == 36
    chat = next(row for row in rows if row[2] == "statechat")
    assert chat[rows[0].index("vendor_name")] == "Google; OpenAI"
    assert exported(desk, kind="template") == [["party", "use", "vendor", "model", "count", "owner",
        "contract", "since", "until", "evidence", "note"]]  # fmt: skip
    status = exported(desk, kind="status", order="designation-b")
    assert status[0][0] == "party"
    query = {"kind": "disclosure", "order": "designation-b", "discovered": "2026-03-20T12:00"}
    disclosed = exported(desk, **query)
    row = dict(zip(disclosed[0], disclosed[1], strict=True))
    assert (row["contract_number"], row["source"], row["basis"]) == (
        "D-1",
        "observed",
        "FAR 52.204-30",
    )
    assert (row["first_report_due"], row["further_report_due"]) == ("2026-03-25", "2026-04-08")
    for wrong in ({"kind": "x"}, {"form": "pdf"}, {"language": "de"}):
        query = {"kind": "status", "order": "designation-b"} | wrong
        assert desk.get(f"{BASE}/export", params=query).status_code == 400


@pytest.mark.parametrize("kind", ["status", "disclosure", "inventory", "register"])
@pytest.mark.parametrize("language", ["en", "fr"])
def test_every_report_is_a_document_to_print_and_to_edit(desk, kind, language):
    desk.post(f"{BASE}/uses", json={"use": {"party": "state", "use": "Seats of an <IDE>",
                                            "vendor": "anthropic", "count": 3}})  # fmt: skip
    query = {"kind": kind, "order": "designation-b", "discovered": "2026-03-20T12:00"}
    rows = exported(desk, **query)
    query["language"] = language

    printed = desk.get(f"{BASE}/export", params=query | {"form": "html"}).json()
    page = base64.b64decode(printed["content"]).decode()
    assert f'<html lang="{language}">' in page
    assert printed["name"].endswith(f"-{language}.html")

    edited = desk.get(f"{BASE}/export", params=query | {"form": "word"}).json()
    document = docx.Document(io.BytesIO(base64.b64decode(edited["content"])))
    title = document.paragraphs[0]
    assert title.style is not None
    assert title.style.name == "Heading 1"
    assert f"<h1>{html.escape(title.text)}</h1>" in page
    assert document.core_properties.language == {"en": "en-GB", "fr": "fr-FR"}[language]
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    records = kind in {"disclosure", "inventory"}
    assert len(document.tables) == (len(rows) - 1 if records else 1)
    assert len(rows) > 1
    assert ("Seats of an <IDE>" in cells) == (kind == "register")
    assert all(html.escape(cell) in page for cell in cells)
