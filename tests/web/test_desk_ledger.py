"""The desk explains a gap in a start's calls, and `changeover ledger` prints what is found."""

from pathlib import Path

import pytest
from click.testing import CliRunner
from starlette.testclient import TestClient

from changeover.cli import changeover
from changeover.storage.drain import CallDrain
from changeover.wiring.desk import desk as desk_of
from changeover.wiring.installation import open_installation
from tests.storage.test_calls import made


def test_an_officer_explains_a_gap_and_verification_tells_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.delenv("CHANGEOVER_DATABASE_URL", raising=False)
    with open_installation(tmp_path, demo=False) as installation:
        installation.lives.began("start_1", host="h1", version="1.0")
        drain = CallDrain(installation.database, installation.sequencer, demonstration=False)
        drain.drain([made(1, start="start_1"), made(4, start="start_1")])
        installation.lives.killed({"start_1": 4})
        verify = ["--data", str(tmp_path), "ledger", "verify"]
        found = CliRunner().invoke(changeover, verify)
        assert found.exit_code == 1
        assert "where: calls 2 to 3 of start start_1" in found.output
        assert "They may have left for a vendor." in found.output

        desk = TestClient(desk_of(installation))
        gap = {"first": 2, "last": 3, "why": "The disk burnt.", "by": "Ada"}
        refused = desk.post("/ledger/starts/start_1/gaps", json=gap | {"last": 4})
        assert refused.status_code == 400
        assert "are no gap" in refused.json()["error"]["what"]
        assert desk.post("/ledger/starts/start_1/gaps", json=gap).json()["start"] == "start_1"

        found = CliRunner().invoke(changeover, verify)
        assert found.exit_code == 0, found.output
        assert found.output.splitlines()[-2:] == [
            "start start_1: calls 1 to 4, killed, its journal replayed",
            "  calls 2 to 3: missing, explained by Ada: The disk burnt.",
        ]


def test_the_command_explains_a_gap_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.delenv("CHANGEOVER_DATABASE_URL", raising=False)
    with open_installation(tmp_path, demo=False) as installation:
        installation.lives.began("start_1", host="h1", version="1.0")
        installation.lives.killed({"start_1": 1})
    told = ["--from", "1", "--to", "1", "--why", "The disk burnt.", "--by", "Ada"]
    command = ["--data", str(tmp_path), "ledger", "explain", "start_1", *told]
    explained = CliRunner().invoke(changeover, command)
    assert explained.output == "Recorded: call 1 of start start_1: The disk burnt.\n"
    found = CliRunner().invoke(changeover, ["--data", str(tmp_path), "ledger", "verify"])
    assert found.exit_code == 0, found.output
