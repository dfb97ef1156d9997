"""Freezes, confirmations and judgements at the desk, and the commands that enter them."""

from base64 import b64encode
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from changeover.cli import freezing, judging
from changeover.cli.orders import orders
from changeover.wiring.desk import desk as desk_of
from changeover.wiring.installation import Installation, open_installation
from tests.cli.desks import Commands

FREEZE = {"name": "openai", "issuer": "state-secretary", "parties": ["state"], "by": "ana"}
JUDGED = {"service": "treasury-code", "result": "existing", "by": "ana", "confirmed_by": "ben"}

AMEND = f"""
id: amendment
kind: order
issuer: treasury-secretary
title: {{en: A test, fr: Un essai}}
published: 2026-03-03
recorded: 2026-03-03
entered_by: ana
amends:
  - instruments: [treasury-order]
    clause: end-of-use
    becomes:
      words: All use but one ends.
      chosen_by: ana
      modality: prohibit
      targets: [{{makers: [anthropic]}}]
      scope: {{parties: [treasury]}}
      until: 2026-12-01
sources: [{{address: text.txt, captured: 2026-03-03, sha256: {"0" * 64}}}]
"""


@pytest.fixture
def installation(tmp_path: Path) -> Iterator[Installation]:
    with open_installation(tmp_path / "data", demo=True) as installation:
        assert installation.player is not None
        installation.player.play(datetime(2026, 3, 3, 12, tzinfo=UTC))
        yield installation


@pytest.fixture
def http(installation: Installation) -> TestClient:
    return TestClient(desk_of(installation), raise_server_exceptions=False)


@pytest.fixture
def commands(http: TestClient, monkeypatch: pytest.MonkeyPatch) -> Commands:
    return Commands(http, monkeypatch)


def source() -> dict[str, Any]:
    return {"name": "note.txt", "content": b64encode(b"It was used.").decode()}


def outcome(http: TestClient) -> tuple[str, str]:
    found = http.post("/decide", json={"service": "statechat", "model": "gpt-4.1"}).json()
    return found["outcome"], found["because"]


def test_a_freeze_bars_at_once_until_it_is_confirmed(http: TestClient):
    assert outcome(http)[0] == "allow"
    frozen = http.post("/freezes", json=FREEZE).json()
    assert frozen["instrument"]["provisional_until"] == "2026-03-06T12:00:00Z"
    assert outcome(http) == ("refuse", "prohibited")
    name = frozen["instrument"]["id"]
    [waits] = http.get("/awaiting").json()["confirmations"]
    assert (waits["freeze"], waits["judges"]) == (name, ["state-secretary", "president"])
    explained = http.post("/decide", json={"service": "statechat", "model": "gpt-4.1"}).json()
    assert f"{name} is provisional" in explained["explanation"]["en"]
    same = http.post(f"/orders/{name}/confirmation", json={"by": "Ana "})
    assert same.status_code == 403
    done = http.post(f"/orders/{name}/confirmation", json={"by": "ben", "source": source()})
    assert done.status_code == 200
    assert done.json()["instrument"]["sources"][0]["address"] == "note.txt"
    assert http.get("/awaiting").json()["confirmations"] == []
    explained = http.post("/decide", json={"service": "statechat", "model": "gpt-4.1"}).json()
    assert "provisional" not in explained["explanation"]["en"]


@pytest.mark.parametrize(
    ("changed", "status", "words"),
    [
        ({"name": "nobody"}, 404, "no vendor or model 'nobody'"),
        ({"hours": 0}, 400, "cannot last 0 hours"),
        ({"hours": 721}, 400, "cannot last 721 hours"),
        ({"parties": []}, 400, "names no party"),
        ({"parties": ["treasury"]}, 403, "may not bind treasury"),
        ({"issuer": "nobody"}, 400, "nobody"),
        ({"by": " "}, 403, "name of the person"),
    ],
)
def test_a_freeze_that_cannot_be_records_nothing(
    http: TestClient, changed: dict[str, Any], status: int, words: str
):
    before = http.get("/orders").json()
    refused = http.post("/freezes", json={**FREEZE, **changed})
    assert (refused.status_code, words in refused.json()["error"]["what"]) == (status, True)
    assert http.get("/orders").json() == before


def test_what_is_no_freeze_or_unknown_cannot_be_confirmed(http: TestClient):
    assert http.post("/orders/nothing/confirmation", json={"by": "ben"}).status_code == 404
    refused = http.post("/orders/president-order/confirmation", json={"by": "ben"})
    assert refused.status_code in {400, 403}
    assert "president-order" in refused.json()["error"]["what"]


def test_a_judgement_that_a_use_existed_needs_a_source_and_two_persons(http: TestClient):
    path = "/orders/president-order/judgement"
    assert http.post(path, json=JUDGED).status_code == 403
    alone = {**JUDGED, "confirmed_by": "ana", "source": source()}
    assert http.post(path, json=alone).status_code == 403
    judged = http.post(
        path, json={**JUDGED, "source": source(), "purposes": ["software-development"]}
    ).json()
    [act] = judged["instrument"]["acts"]
    assert (act["act"], act["service"], act["purposes"], act["result"]) == (
        "judge",
        "treasury-code",
        ["software-development"],
        "existing",
    )


def test_a_judgement_that_a_use_is_new_needs_one_person(http: TestClient):
    path, alone = "/orders/president-order/judgement", {**JUDGED, "result": "new"}
    assert http.post(path, json={**alone, "issuer": "health-cio"}).status_code == 403
    assert http.post(path, json={**alone, "confirmed_by": None}).status_code == 200


def test_the_commands(commands: Commands, tmp_path: Path):
    asked = ("freeze", "openai", "--issuer", "state-secretary", "--party", "state", "--by", "ana")
    printed = commands.run(freezing.freeze, *asked[1:], "--hours", "48")
    [first, ends, then] = printed.splitlines()
    assert first.startswith("Issued freeze-openai-2026-03-03-")
    assert ends == "It ends by itself at 2026-03-05 07:00 (America/New_York)."
    name = then.rpartition(" ")[2]
    assert "confirmed" in commands.run(freezing.confirm, name, "--by", "ben")
    (tmp_path / "note.txt").write_text("It was used.")
    use = ("president-order", "--service", "treasury-code", "--by", "ana")
    text = ("--source", str(tmp_path / "note.txt"), "--confirmed-by", "ben")
    assert commands.run(judging.judge, *use, "--existing", *text).startswith("Issued president-")
    assert "Say --existing or --new" in commands.run(judging.judge, *use, code=2)
    assert "one of the two" in commands.run(judging.judge, *use, "--existing", "--new", code=2)


def test_an_amendment_is_shown_with_what_the_clause_becomes(commands: Commands, tmp_path: Path):
    (tmp_path / "amend.yaml").write_text(AMEND)
    words = (str(tmp_path / "amend.yaml"), "--by", "ana", "--confirmed-by", "ben")
    commands.run(orders.commands["issue"], *words)
    shown = commands.run(orders.commands["show"], "amendment").splitlines()
    assert shown[3:6] == [
        "amends treasury-order",
        "  clause: end-of-use",
        "  it becomes: “All use but one ends.”",
    ]
    assert shown[6].startswith("    plain (chosen): prohibit use of makers anthropic for parties")
    assert shown[6].endswith("until 2026-12-01T05:00:00Z")
