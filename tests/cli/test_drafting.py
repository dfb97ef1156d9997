"""Drafts and entries from a terminal, by officers who name themselves."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from changeover.basics.calendars import read_instant, zone
from changeover.cli.api import api
from changeover.cli.drafting import draft, entry
from changeover.wiring.desk import desk as desk_of
from changeover.wiring.installation import Installation, open_installation
from tests.cli.desks import Commands


@pytest.fixture
def installation(tmp_path: Path) -> Iterator[Installation]:
    with open_installation(tmp_path / "data", demo=True) as installation:
        assert installation.player is not None
        installation.player.play(read_instant("2026-04-10T12:00", zone("America/New_York")))
        yield installation


@pytest.fixture
def commands(installation: Installation, monkeypatch: pytest.MonkeyPatch) -> Commands:
    return Commands(TestClient(desk_of(installation)), monkeypatch)


def begun(commands: Commands, *words: str) -> str:
    made = json.loads(commands.run(draft, "begin", *words, "--by", "ana", "--json"))
    return str(made["id"])


def test_one_enters_and_another_confirms_by_names(
    commands: Commands, installation: Installation, tmp_path: Path
):
    name = begun(commands, "find", "--about", "treasury-order")
    form = json.loads(commands.run(draft, "show", name, "--json"))["form"]
    (tmp_path / "form.json").write_text(json.dumps({**form, "id": "found"}))
    written = commands.run(draft, "write", name, str(tmp_path / "form.json"), "--by", "ana")
    assert '"id": "found"' in written
    assert "found" in commands.run(draft, "list")
    commands.run(draft, "preview", name)
    assert "Another confirms it" in commands.run(draft, "enter", name, "--by", "ana")
    assert "entered" in commands.run(entry, "list")
    refused = commands.run(entry, "confirm", "found", "--by", " ANA", code=1)
    assert "yourself" in refused
    assert "Issued found" in commands.run(entry, "confirm", "found", "--by", "ben")
    issued = installation.office.instrument("found")
    assert (issued.entered_by, issued.confirmed_by) == ("ana", "ben")


def test_what_is_wrong_is_said_at_its_place_and_removal_is_undone(commands: Commands):
    name = begun(commands, "order")
    shown = commands.run(draft, "show", name)
    assert "! $.clauses.one.targets[0]: An empty target would match every model." in shown
    commands.run(draft, "remove", name, "--by", "ana")
    assert "no drafts" in commands.run(draft, "list")
    assert "open" in commands.run(draft, "restore", name, "--by", "ben")
    assert [v["by"] for v in json.loads(commands.run(draft, "versions", name))] == [
        "ana",
        "ana",
        "ben",
    ]


def test_any_operation_of_the_desk_is_asked_by_its_path(commands: Commands, tmp_path: Path):
    (tmp_path / "body.json").write_text('{"act": "order"}')
    body = str(tmp_path / "body.json")
    unnamed = commands.run(api, "POST", "/desk/drafts", "--body", body, code=1)
    assert "needs the name" in unnamed
    made = json.loads(commands.run(api, "POST", "/desk/drafts", "--body", body, "--by", "Zoë"))
    assert made["changed_by"] == "Zoë"
    where = f"/desk/drafts/{made['id']}/preview"
    told = json.loads(commands.run(api, "GET", where, "--query", "at_once=true"))
    assert told["preview"] is None
    assert "not of the desk" in commands.run(api, "GET", "/session", code=1)
