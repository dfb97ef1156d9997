"""Temporary conversations, where an installation says how long they last, or has none."""

import subprocess
from pathlib import Path

import httpx2
import pytest

from tests.end_to_end.running import COMMAND, ROOT, Server, environment

ANA = {"login": "ana.silva", "password": "one memo changes it"}


@pytest.mark.parametrize(
    ("hours", "offered"),
    [("0", {"hours": 0, "why_not": "off"}), ("72", {"hours": 72, "why_not": None})],
)
def test_the_setting_says_what_is_offered(tmp_path: Path, hours: str, offered: object):
    with Server(tmp_path, CHANGEOVER_TEMPORARY_HOURS=hours) as server:
        signed_in = httpx2.post(f"{server.url}api/session", json=ANA, timeout=10)
        with httpx2.Client(base_url=server.url, cookies=signed_in.cookies) as browser:
            assert browser.get("/api/temporary-conversations").json() == offered


def test_a_setting_that_says_nothing_is_refused(tmp_path: Path):
    ran = subprocess.run(
        [*COMMAND, "--data", str(tmp_path), "up", "--demo", "--port", "0"],
        env=environment(CHANGEOVER_TEMPORARY_HOURS="a day"),
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert ran.returncode == 1
    assert "CHANGEOVER_TEMPORARY_HOURS in the environment: 'a day' is no" in ran.stderr
