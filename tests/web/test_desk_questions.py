"""The desk's questions over the demonstration as it stands on 9 April, and their commands."""

from base64 import b64encode
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click
import pytest
from icalendar import Calendar
from starlette.testclient import TestClient

from changeover.cli import changeover
from changeover.wiring.desk import desk as desk_of
from changeover.wiring.installation import open_installation
from tests.cli.desks import Commands

ORDER = """
id: openai-ban
kind: order
issuer: president
title: {en: A test, fr: Un essai}
published: 2026-04-10
recorded: 2026-04-10
entered_by: ana
clauses:
  end:
    words: All use ends.
    chosen_by: ana
    modality: prohibit
    targets: [{makers: [openai]}]
    scope: {parties: [government]}
"""
LIFT = (
    ORDER.partition("clauses:")[0].replace("openai-ban", "lift")
    + """
lifts: [{instruments: [openai-ban]}]
"""
)
EVERY = ORDER.replace("openai-ban", "every-ban").replace(
    "makers: [openai]", "makers: [openai, anthropic, google, mistral, house]"
)


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder: Path = tmp_path_factory.mktemp("questions") / "data"
    with open_installation(folder, demo=True) as installation:
        assert installation.player is not None
        installation.player.play(datetime(2026, 4, 9, 12, tzinfo=UTC))
    return folder


@pytest.fixture(scope="module")
def http(data: Path) -> Iterator[TestClient]:
    with open_installation(data) as installation:
        yield TestClient(desk_of(installation), raise_server_exceptions=False)


def added(text: str) -> dict[str, Any]:
    content = b64encode(text.encode()).decode()
    return {"file": {"name": "order.yaml", "content": content}}


def test_what_would_be_stranded_is_told_and_nothing_is_recorded(http: TestClient):
    before = http.get("/orders").json()
    asked = {"name": "openai", "with": [added(ORDER)]}
    found = http.post("/reach", json=asked).json()
    assert (found["added"], found["stranded"]) == (["openai-ban"], [])
    assert {change["service"] for change in found["barred"]} == {"statechat", "treasury-code"}
    assert found["touched"]["keys"] == {"statechat": 0, "treasury-code": 0}
    found = http.post("/reach", json={"name": "openai", "with": [added(EVERY)]}).json()
    assert {change["service"] for change in found["stranded"]} == {"statechat", "treasury-code"}
    assert http.get("/orders").json() == before


@pytest.mark.parametrize(
    ("given", "status", "words"),
    [
        ([], 400, "No order was given"),
        ([{}], 400, "a draft's id, or its file"),
        ([{**added(ORDER), "draft": "x"}], 400, "a draft's id, or its file"),
        ([{"draft": "nothing"}], 404, "no draft nothing"),
        ([added("id: [")], 400, "order.yaml"),
        ([added(ORDER), added(ORDER)], 409, "given twice"),
        ([added(ORDER.replace("openai-ban", "state-memo"))], 409, "on record already"),
        ([added(ORDER), added(LIFT)], 400, "no stay or waiver to lift in openai-ban"),
    ],
)
def test_orders_that_cannot_be_added(
    http: TestClient, given: list[dict[str, Any]], status: int, words: str
):
    answered = http.post("/reach", json={"name": "openai", "with": given})
    assert answered.status_code == status
    assert words in answered.json()["error"]["what"]


def test_orders_as_of_an_instant_as_known_at_an_instant(http: TestClient):
    def statuses(**asked: str) -> dict[str, str]:
        return {line["id"]: line["status"] for line in http.get("/orders", params=asked).json()}

    assert statuses()["president-order"] == "stayed"
    then = statuses(at="2026-03-30")
    assert (then["president-order"], then["district-court-ruling"]) == ("winding-down", "pending")
    known = statuses(at="2026-04-09", known_at="2026-03-01")
    assert known["president-order"] == "winding-down"
    assert "state-order" not in known
    answered = http.get("/orders", params={"known_at": "2020-01-01"})
    assert answered.status_code == 404
    assert "No directory was recorded by then." in answered.json()["error"]["what"]


def test_a_calendar_is_text_calendar_and_errors_are_told(http: TestClient):
    answered = http.get("/calendar", params={"party": "treasury"})
    assert answered.headers["content-type"] == "text/calendar; charset=utf-8"
    [event] = Calendar.from_ical(answered.content).walk("VEVENT")
    assert str(event["uid"]) == "president-order.stop.deadline@changeover"
    assert "kept off by district-court-ruling" in str(event["description"])
    assert http.get("/calendar", params={"party": "nobody"}).status_code == 404
    assert http.get("/calendar", params={"lang": "de"}).status_code == 400


def test_what_awaits_a_person_names_who_may_settle_it(http: TestClient):
    found = http.get("/awaiting").json()
    orders = {f["question"]["instrument"]: f["judges"] for f in found["findings"]}
    assert orders["treasury-order"] == ["treasury-secretary", "president"]
    assert "treasury-new" in {release["service"] for release in found["releases"]}
    assert [s["order"] for s in found["signatures"]] == ["president-order"]


def test_an_answer_holds_sources_who_may_change_it_and_the_strictest_reading(http: TestClient):
    asked = {"service": "treasury-code", "model": "claude-sonnet-4-5", "at": "2026-02-28T12:00"}
    found = http.post("/decide", json=asked).json()
    [beside] = found["beside"]
    assert (beside["instrument"], beside["reading"]) == ("president-order", "defence-only-grace")
    assert (found["outcome"], beside["outcome"]) == ("notice", "refuse")
    cited = next(i for i in found["instruments"] if i["id"] == "president-order")
    assert cited["sources"][0]["sha256"]
    assert set(cited["may_change"]["stay"]) == {"appeals-court", "district-court"}
    refused = http.post("/decide", json={**asked, "attributes": {"x": "yes"}})
    assert refused.status_code == 400
    assert "selects persons by x" in refused.json()["error"]["what"]
    assert http.post("/decide", json={**asked, "attributes": {"x": "maybe"}}).status_code == 400


@pytest.fixture
def run(http: TestClient, monkeypatch: pytest.MonkeyPatch):
    commands = Commands(http, monkeypatch)

    def ran(*words: str, code: int = 0) -> str:
        command: click.Command = changeover
        while isinstance(command, click.Group):
            command, words = command.commands[words[0]], words[1:]
        return commands.run(command, *words, code=code)

    return ran


@pytest.mark.parametrize("name", ["state-memo?x=1", "state-memo#x", "x/../state-memo", "état"])
def test_a_name_is_asked_for_as_it_is_written(run, name: str):
    assert repr(name) in run("reach", name, code=1)


def test_what_an_act_says_is_shown_with_it(run):
    shown = run("orders", "show", "exemption-delegation")
    assert "to defence-cio\n  conditions: An exemption is only for" in shown


def test_options_for_a_draft_are_refused_with_a_file(run, tmp_path: Path):
    (tmp_path / "one.yaml").write_text(ORDER)
    words = ("orders", "issue", str(tmp_path / "one.yaml"), "--by", "ana", "--from", "2026-05-01")
    assert "only a draft is given more" in run(*words, code=2)
    assert "openai-ban" not in run("orders", "list")


def test_an_attribute_has_one_value(run):
    words = ("decide", "--service", "statechat", "--model", "gpt-4.1")
    twice = ("--attribute", "seconded=yes", "--attribute", "seconded=no")
    assert "seconded is given twice, as yes and as no." in run(*words, *twice, code=2)


def test_a_finding_is_one_of_the_two(run):
    words = ("orders", "find", "treasury-order", "--by", "ana")
    assert "one of the two" in run(*words, "--stands", "--falls", code=2)
    assert "one of the two" in run(*words, code=2)


def test_reach_prints_the_stranded_before_all_else(run, tmp_path: Path):
    (tmp_path / "every.yaml").write_text(EVERY)
    printed = run("reach", "openai", "--with", str(tmp_path / "every.yaml"))
    assert printed.startswith("Left without a lawful replacement by every-ban:")
    assert "conversations" in printed
    (tmp_path / "one.yaml").write_text(ORDER)
    printed = run("reach", "openai", "--with", str(tmp_path / "one.yaml"))
    assert printed.startswith("Barred by openai-ban, and replaceable:")
    assert "Everything that would be barred could be replaced lawfully." in printed
    printed = run("reach", "mistral", "--with", str(tmp_path / "one.yaml"))
    assert "would bar and free nothing that is bound to this" in printed


def test_as_of_prints_what_moved_each(run):
    lines = run("orders", "as-of", "2026-04-09").splitlines()
    stayed = next(line for line in lines if line.startswith("president-order"))
    assert stayed.split()[2] == "stayed"
    assert stayed.endswith("district-court-ruling")


def test_the_calendar_is_printed_as_it_stands(run):
    printed = run("orders", "calendar", "--lang", "fr")
    assert len(Calendar.from_ical(printed).walk("VEVENT")) == 3
    assert "Échéance" in printed
    assert '"kind": "deadline"' in run("orders", "calendar", "--json")
    assert "no party 'nobody'" in run("orders", "calendar", "--party", "nobody", code=1)


def test_what_awaits_is_printed_by_what_is_to_be_done(run):
    printed = run("orders", "awaiting")
    assert "Open questions: the order counts until a finding" in printed
    assert "Held routes" in printed
    assert "Freezes" not in printed


def test_decide_prints_the_strictest_reading(run):
    asked = ("decide", "--service", "treasury-code", "--model", "claude-sonnet-4-5")
    printed = run(*asked, "--at", "2026-02-28T12:00")
    assert "Under its strictest reading (defence-only-grace): refuse, prohibited." in printed
    assert "no reading is stricter" in run(*asked, "--at", "2026-03-03T12:00")
    assert "is not NAME=yes" in run(*asked, "--attribute", "x=maybe", code=2)
