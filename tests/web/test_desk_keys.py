"""Keys at the desk, and the commands that enter them."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from changeover.cli.keys import keys
from changeover.wiring.desk import desk as desk_of
from changeover.wiring.installation import Installation, open_installation
from tests.cli.desks import Commands


@pytest.fixture
def installation(tmp_path: Path) -> Iterator[Installation]:
    with open_installation(tmp_path / "data", demo=True) as opened:
        yield opened


@pytest.fixture
def http(installation: Installation) -> TestClient:
    return TestClient(desk_of(installation), raise_server_exceptions=False)


@pytest.fixture
def commands(http: TestClient, monkeypatch: pytest.MonkeyPatch) -> Commands:
    monkeypatch.setenv("CHANGEOVER_OFFICER", "ana")
    return Commands(http, monkeypatch)


def test_a_key_is_made_with_the_scopes_that_are_named(http: TestClient):
    made = http.post("/keys", json={"service": "statechat", "by": "ana", "scopes": ["models"]})
    assert (made.status_code, made.json()["scopes"]) == (200, ["models"])
    both = http.post("/keys", json={"service": "statechat", "by": "ana"})
    assert both.json()["scopes"] == ["chat", "models"]
    for wrong in ([], ["everything"]):
        refused = http.post("/keys", json={"service": "statechat", "by": "ana", "scopes": wrong})
        assert refused.status_code == 400
    assert len(http.get("/keys").json()) == 2


def test_an_expiry_may_be_a_duration_from_now(installation: Installation, http: TestClient):
    made = http.post("/keys", json={"service": "statechat", "by": "ana", "expires": "90d"}).json()
    expected = installation.clock.now() + timedelta(days=90)
    assert datetime.fromisoformat(made["expires"]) == expected


def test_a_rotation_is_listed_from_both_sides(http: TestClient):
    old = http.post("/keys", json={"service": "statechat", "by": "ana", "label": "bot"}).json()
    rotated = http.post(f"/keys/{old['prefix']}/rotation", json={"by": "ben", "overlap": "12h"})
    new = rotated.json()
    assert (new["replaces"], new["label"], new["created_by"]) == (old["prefix"], "bot", "ben")
    assert new["key"].startswith(f"co_{new['prefix']}_")
    listed = {line["prefix"]: line for line in http.get("/keys").json()}
    assert listed[old["prefix"]] == new["old"]
    assert (new["old"]["state"], new["old"]["replaced_by"]) == ("replaced", new["prefix"])
    assert listed[new["prefix"]]["state"] == "valid"
    assert not {"key", "digest"} & set(listed[new["prefix"]])


@pytest.mark.parametrize("overlap", ["a week", "-1d", "91d"])
def test_an_overlap_that_cannot_be_changes_nothing(http: TestClient, overlap: str):
    old = http.post("/keys", json={"service": "statechat", "by": "ana"}).json()
    path = f"/keys/{old['prefix']}/rotation"
    assert http.post(path, json={"by": "ana", "overlap": overlap}).status_code == 400
    assert [line["state"] for line in http.get("/keys").json()] == ["valid"]


def test_the_commands_say_how_each_key_stands(commands: Commands):
    first = commands.run(keys, "create", "statechat", "--scope", "chat", "--expires", "3d")
    old = first.splitlines()[0]
    prefix = old.split("_")[1]
    assert "expires soon" in commands.run(keys, "list")
    told = commands.run(keys, "rotate", old, "--overlap", "30m", "--expires", "30d")
    new = told.splitlines()[0].split("_")[1]
    assert f"The old key, co_{prefix}_…, ends at" in told
    lines = commands.run(keys, "list").splitlines()
    assert [word in lines[0] for word in ("scopes", "state", "expires")] == [True] * 3
    [line] = [each for each in lines if each.startswith(f"co_{prefix}")]
    assert f"replaced by co_{new}_…" in line
    commands.run(keys, "revoke", prefix)
    [line] = [each for each in commands.run(keys, "list").splitlines() if f"co_{prefix}" in each]
    assert "revoked 2026-02-26, replaced by" in line


def test_no_more_of_a_key_than_its_prefix_is_sent_to_rotate_it(
    commands: Commands, monkeypatch: pytest.MonkeyPatch
):
    whole = commands.run(keys, "create", "statechat").splitlines()[0]
    asked: list[str] = []
    there = TestClient.request

    def request(self: TestClient, method: str, url: str, **more: object) -> object:
        asked.append(f"{url} {more}")
        return there(self, method, url, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(TestClient, "request", request)
    commands.run(keys, "rotate", whole)
    assert asked
    assert whole.rpartition("_")[2] not in asked[0]
