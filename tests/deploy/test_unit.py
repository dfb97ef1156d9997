"""The unit of systemd, by systemd's own verifier and its judgement of what the service may do."""

import re
from pathlib import Path

import pytest

from tests.deploy.tools import DEPLOY, run

UNIT = DEPLOY / "systemd" / "changeover.service"
PROGRAM = "/opt/changeover/bin/changeover"


def _verified(folder: Path, text: str) -> str:
    """What the verifier says of the unit; the program that it wants is put where it is asked for."""
    program = folder / "changeover"
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    unit = folder / UNIT.name
    unit.write_text(text.replace(PROGRAM, str(program)))
    return run("systemd-analyze", "verify", unit)


def test_systemd_finds_nothing_in_the_unit(tmp_path: Path):
    assert _verified(tmp_path, UNIT.read_text()) == ""


def test_systemd_would_find_a_fault(tmp_path: Path):
    said = _verified(tmp_path, UNIT.read_text().replace("RestartSec=2", "RestartSeconds=2"))
    assert "RestartSeconds" in said


def test_the_service_may_do_little():
    said = run("systemd-analyze", "security", "--offline=true", "--threshold=20", UNIT)
    [exposure] = re.findall(r"exposure level for changeover\.service: ([\d.]+)", said)
    assert float(exposure) <= 2.0


def test_a_service_that_may_do_all_is_refused(tmp_path: Path):
    unit = tmp_path / UNIT.name
    unit.write_text(f"[Service]\nExecStart={PROGRAM} up\n")
    with pytest.raises(AssertionError):
        run("systemd-analyze", "security", "--offline=true", "--threshold=20", unit)


def test_reloading_and_stopping_are_what_the_server_understands():
    text = UNIT.read_text()
    assert "ExecReload=/bin/kill -HUP $MAINPID" in text
    # SIGTERM to the parent alone, which passes it on to its workers.
    assert "KillMode=mixed" in text
    [stop] = re.findall(r"TimeoutStopSec=(\d+)", text)
    assert int(stop) >= 60 + 1 + 10
