"""Vendors' credentials at the desk, and the commands that enter them."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from starlette.testclient import TestClient

from changeover.cli.client import Remote
from changeover.cli.credentials import credentials
from changeover.wiring.desk import desk as desk_of
from changeover.wiring.installation import open_installation
from changeover.wiring.places import secret_file
from tests.cli.desks import Commands

STORED = "sk-0123456789-stored-wxyz"
FOUND = "sk-0123456789-found-abcd"
PLACE = {"host": "openai", "protocol": "openai-chat"}


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return tmp_path / "data"


@pytest.fixture
def http(data: Path) -> Iterator[TestClient]:
    environment = {"ANTHROPIC_API_KEY": FOUND}
    with open_installation(data, demo=True, environment=environment) as installation:
        yield TestClient(desk_of(installation), raise_server_exceptions=False)


@pytest.fixture
def commands(http: TestClient, monkeypatch: pytest.MonkeyPatch) -> Commands:
    monkeypatch.setenv("CHANGEOVER_OFFICER", "ana")
    return Commands(http, monkeypatch)


def _set(http: TestClient, **more: Any) -> Any:
    return http.post("/credentials", json={**PLACE, "credential": STORED, "by": "ana", **more})


def test_a_credential_is_set_listed_and_removed_without_being_told(http: TestClient):
    answers = [_set(http), http.get("/credentials")]
    lines = {line["host"]: line for line in answers[1].json()}
    assert lines["openai"] == answers[0].json()
    assert {name: lines["openai"][name] for name in ("base_url", "source", "ending", "state")} == {
        "base_url": "https://api.openai.com/v1",
        "source": "stored",
        "ending": "wxyz",
        "state": "in-use",
    }
    assert (lines["anthropic"]["source"], lines["anthropic"]["ending"]) == (
        "ANTHROPIC_API_KEY",
        "abcd",
    )
    answers += [http.post("/credentials/reseal", json={})]
    answers += [http.post("/credentials/removal", json={**PLACE, "by": "ana"})]
    assert [answer.status_code for answer in answers] == [200] * 4
    assert [line["host"] for line in http.get("/credentials").json()] == ["anthropic"]
    for answer in answers:
        assert STORED not in answer.text
        assert FOUND not in answer.text


def test_a_stored_credential_beside_one_of_the_environment_is_listed_as_not_used(http: TestClient):
    _set(http, host="anthropic", protocol="anthropic-messages")
    states = {line["source"]: line["state"] for line in http.get("/credentials").json()}
    assert states == {"ANTHROPIC_API_KEY": "in-use", "stored": "environment-wins"}


@pytest.mark.parametrize(
    ("wrong", "status"),
    [
        ({"host": "nobody"}, 404),
        ({"protocol": "gopher"}, 400),
        ({"host": "aws"}, 400),
        ({"credential": "two words"}, 400),
        ({"base_url": "nowhere"}, 400),
        ({"by": " "}, 400),
    ],
)
def test_what_cannot_be_used_is_refused_and_not_repeated(
    http: TestClient, wrong: dict[str, str], status: int
):
    refused = _set(http, **wrong)
    assert refused.status_code == status
    assert STORED not in refused.text
    assert "two words" not in refused.text
    assert [line["source"] for line in http.get("/credentials").json()] == ["ANTHROPIC_API_KEY"]


def test_the_commands_ask_for_the_credential_and_never_show_it(
    commands: Commands, monkeypatch: pytest.MonkeyPatch
):
    set_ = ("set", "openai", "--protocol", "openai-chat")
    for words, typed in ((set_, f"{STORED}\n"), ((*set_, "--stdin"), f"{STORED}\nmore\n")):
        done = CliRunner().invoke(credentials, words, input=typed, obj=Remote(Path("nowhere")))
        assert done.exit_code == 0
        assert STORED not in done.output
        assert "sent to https://api.openai.com/v1" in done.output
    listed = commands.run(credentials, "list")
    assert "…wxyz" in listed
    assert "in use" in listed
    assert STORED not in listed
    assert "Sealed 1 anew." in commands.run(credentials, "reseal")
    removed = commands.run(credentials, "remove", "openai", "--protocol", "openai-chat")
    assert "Nothing is sent with it any more" in removed
    assert "wxyz" not in commands.run(credentials, "list")


def test_a_lost_secret_is_listed_as_what_it_is(data: Path):
    with open_installation(data, demo=True) as installation:
        _set(TestClient(desk_of(installation)))
    secret_file(data).unlink()
    with open_installation(data) as installation:
        [line] = TestClient(desk_of(installation)).get("/credentials").json()
        left = TestClient(desk_of(installation)).post("/credentials/reseal", json={}).json()
    assert (line["state"], line["ending"]) == ("cannot-be-opened", "")
    assert [each["state"] for each in left] == ["cannot-be-opened"]
