"""Vendors' terms over the API and from a terminal: fit, changes, ODRL out and in."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from changeover.cli.terms import terms
from changeover.wiring.desk import desk as desk_of
from changeover.wiring.installation import Installation, open_installation
from tests.cli.desks import Commands


@pytest.fixture
def installation(tmp_path: Path) -> Iterator[Installation]:
    with open_installation(tmp_path / "data", demo=True) as installation:
        yield installation


@pytest.fixture
def desk(installation: Installation) -> TestClient:
    return TestClient(desk_of(installation), headers={"x-changeover-officer": "Ada"})


@pytest.fixture
def commands(desk: TestClient, monkeypatch: pytest.MonkeyPatch) -> Commands:
    return Commands(desk, monkeypatch)


def test_every_service_of_the_demonstration_fits_its_vendors_terms(desk: TestClient):
    page = desk.get("/desk/terms").json()
    assert {fit["verdict"] for fit in page["fits"]} == {"permitted"}
    chat = next(f for f in page["fits"] if (f["service"], f["slot"]) == ("statechat", "chat"))
    assert chat["route"] == "anthropic/claude-sonnet-4-5@anthropic"
    assert [(c["role"], c["instrument"]) for c in chat["clauses"]] == [
        ("decides", "anthropic-terms")
    ]
    vendors = {text["vendor"] for text in page["texts"]}
    assert vendors == {"anthropic", "aws", "google", "house", "microsoft", "mistral", "openai"}
    one = desk.get("/desk/terms", params={"service": "treasury-code", "all_routes": "true"}).json()
    assert {fit["service"] for fit in one["fits"]} == {"treasury-code"}
    assert desk.get("/desk/terms", params={"service": "nothing"}).status_code == 404


def test_new_terms_are_written_as_odrl_entered_by_two_and_alert(
    desk: TestClient, commands: Commands, tmp_path: Path
):
    policy = json.loads(
        commands.run(terms, "export", "openai-terms").partition("\n{")[2].join("{ ")
    )
    assert policy["@type"] == "Offer"
    [rule] = policy["permission"]
    rule["constraint"][0]["rightOperand"].remove("staff-assistance")
    policy["dcterms:replaces"] = [{"@id": policy["uid"]}]
    policy["dcterms:issued"] = "2026-02-26T08:00:00-05:00"
    (tmp_path / "new.jsonld").write_text(json.dumps(policy))
    said = commands.run(
        terms, "import", str(tmp_path / "new.jsonld"), "--id", "openai-terms-2", "--by", "Ada"
    )
    assert "Began draft_" in said
    [draft] = desk.get("/desk/drafts").json()
    assert draft["problems"] == []
    form = draft["form"] | {
        "sources": [{"address": "x", "captured": "2026-02-26", "sha256": "ab" * 32}]
    }
    where = f"/desk/drafts/{draft['id']}"
    assert desk.put(where, json={"version": 1, "form": form}).status_code == 200
    seen = desk.get(f"{where}/preview").json()
    assert seen["refusals"] == []
    entry = {"version": 2, "seen": seen["seen"]}
    assert desk.post(f"{where}/entry", json=entry).status_code == 200
    ben = {"x-changeover-officer": "Ben"}
    path = "/desk/prepared/openai-terms-2/confirmation"
    assert desk.post(path, json={}, headers=ben).status_code == 200

    [told, *_] = desk.get("/desk/terms").json()["changes"]
    changed = {
        (c["fit"]["service"], c["before"], c["after"]["verdict"]) for c in told["change"]["changes"]
    }
    assert ("statechat", "permitted", "silent") in changed
    assert told["seen_by"] is None
    body = {"at": told["change"]["at"]}
    assert desk.post("/desk/terms/seen", json=body, headers=ben).status_code == 200
    [told, *_] = desk.get("/desk/terms").json()["changes"]
    assert told["seen_by"] == "Ben"
    assert "statechat" in commands.run(terms, "changes")
    assert "openai-terms-2" in commands.run(terms, "list")


def test_what_has_no_place_in_a_clause_is_told(commands: Commands, tmp_path: Path):
    policy = {
        "@context": "http://www.w3.org/ns/odrl.jsonld",
        "@type": "Offer",
        "uid": "http://vendor.example/p/1",
        "permission": [{"target": "http://vendor.example/gpt-4.1", "action": "distribute"}],
    }
    (tmp_path / "p.jsonld").write_text(json.dumps(policy))
    words = (str(tmp_path / "p.jsonld"), "--issuer", "openai", "--by", "Ada")
    assert "distribute, not a plain use" in commands.run(terms, "import", *words)
    (tmp_path / "p.jsonld").write_text("{}")
    assert "no ODRL policy" in commands.run(terms, "import", *words, code=1)


def test_an_order_is_no_terms(installation: Installation, commands: Commands):
    assert installation.player is not None
    assert "states no vendor's terms" in commands.run(
        terms, "export", "classified-admission-anthropic", code=1
    )
    assert "statechat" in commands.run(terms, "fit", "--service", "statechat")
