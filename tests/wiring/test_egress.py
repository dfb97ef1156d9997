"""What the settings declare inside the network, the command line's too."""

import pytest
from click.testing import CliRunner

from changeover.cli import changeover
from changeover.wiring import running
from changeover.wiring.egress import declared

LOOPBACK = "127.0.0.1"


def test_addresses_that_the_settings_hold_are_declared():
    inside = declared({"CHANGEOVER_PROXY": "http://proxy.local:3128"})
    assert inside.may("proxy.local", LOOPBACK)


@pytest.mark.parametrize("variable", ["OPENAI_BASE_URL", "CHANGEOVER_PROXY"])
def test_an_address_that_cannot_be_read_declares_nothing(variable: str):
    assert not declared({variable: "http://[::1"}).may("h", LOOPBACK)


def test_an_address_on_the_command_line_is_declared(tmp_path, monkeypatch: pytest.MonkeyPatch):
    got: list[running.Options] = []

    def run(options: running.Options, say: object) -> int:
        got.append(options)
        return 0

    monkeypatch.setattr(running, "run", run)
    monkeypatch.setenv("CHANGEOVER_STAND_IN_URL", "http://other.local:1")
    line = ["--data", str(tmp_path), "up", "--no-fsync", "--stand-in-url", "http://models.local:9"]
    done = CliRunner().invoke(changeover, line)
    assert done.exit_code == 0, done.output
    (options,) = got
    assert declared(options.environment).may("models.local", LOOPBACK)
    assert not declared(options.environment).may("other.local", LOOPBACK)
    assert options.environment["CHANGEOVER_FSYNC"] == "0"
    assert options.fixed == {"CHANGEOVER_STAND_IN_URL", "CHANGEOVER_FSYNC"}
