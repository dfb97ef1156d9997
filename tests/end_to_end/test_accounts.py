"""Accounts by the command line, and signing in to the running server."""

import subprocess
from pathlib import Path
from typing import Any

import httpx2
import pytest

from tests.end_to_end.running import (
    COMMAND,
    ROOT,
    Server,
    answered,
    changeover,
    environment,
    ledger,
)

PASSWORD = "a long enough password"


def sign_in(server: Server, login: str, password: str = PASSWORD) -> httpx2.Response:
    body = {"login": login, "password": password}
    return httpx2.post(f"{server.url}api/session", json=body, timeout=10)


def create(data: Path, login: str, *more: str, status: int = 0, password: str = PASSWORD) -> str:
    """Runs `accounts create` with the password on its standard input."""
    arguments = ("accounts", "create", login, "--name", "N", "--party", "state", "--password-stdin")
    ran = subprocess.run(
        [*COMMAND, "--data", str(data), *arguments, *more],
        input=f"{password}\n", env=environment(), cwd=ROOT, capture_output=True, text=True,
        timeout=60, check=False,
    )  # fmt: skip
    assert ran.returncode == status, ran.stderr
    assert password not in ran.stdout + ran.stderr
    return ran.stderr if status else ran.stdout


def made(data: Path) -> list[Any]:
    return [entry for entry in ledger(data) if entry["kind"].startswith("account-")]


def test_the_demonstration_s_accounts_are_made_once_and_kept(tmp_path: Path):
    with Server(tmp_path) as server:
        before = answered(server.data, "accounts", "list")
        assert [account["login"] for account in before] == [
            "admin", "ana.silva", "l.tremblay", "m.okafor", "marc.lefebvre", "treasury.user",
        ]  # fmt: skip
        assert {account["created"] for account in before} == {"2026-02-26T14:00:00Z"}
        assert len(made(server.data)) == 6
        server.run("accounts", "disable", "treasury.user")
        server.stop()
        server.start()
        after = answered(server.data, "accounts", "list")
        assert [account["id"] for account in after] == [account["id"] for account in before]
        assert [a["login"] for a in after if a["disabled"]] == ["treasury.user"]
        assert len(made(server.data)) == 7
        assert server.ask("ledger", "verify")["ok"]


def test_an_account_is_created_signs_in_and_is_disabled(server: Server):
    told = create(server.data, "I.Jones", "--role", "staff", "--role", "auditor")
    assert told == "Created i.jones, staff, auditor of state.\n"
    answer = sign_in(server, "i.jones")
    assert answer.json()["person"]["roles"] == ["staff", "auditor"]
    with httpx2.Client(base_url=server.url, cookies=answer.cookies) as browser:
        assert browser.get("/api/session").json()["person"]["login"] == "i.jones"
        assert "no longer is" in server.run("accounts", "disable", "i.jones")
        assert browser.get("/api/session").json()["person"] is None
    assert sign_in(server, "i.jones").status_code == 401
    assert "disabled 2026-02-26" in server.run("accounts", "list")
    *_, disabled = made(server.data)
    assert (disabled["kind"], disabled["by"]) == ("account-disabled", "a.officer")


@pytest.mark.parametrize(
    ("more", "password", "words"),
    [
        ((), PASSWORD, "Missing option '--role'"),
        (("--role", "king"), PASSWORD, "'king' is not one of"),
        (("--role", "staff"), "short", "The password has 5 characters"),
        (("--role", "staff", "--party", "nowhere"), PASSWORD, "There is no party 'nowhere'"),
    ],
)
def test_what_cannot_be_an_account_is_told(
    server: Server, more: tuple[str, ...], password: str, words: str
):
    status = 2 if words.startswith(("Missing", "'king'")) else 1
    assert words in create(server.data, "x.y", *more, status=status, password=password)


def test_accounts_are_made_without_a_server_too(tmp_path: Path):
    with Server(tmp_path) as server:
        pass
    create(server.data, "later", "--role", "staff")
    assert any(a["login"] == "later" for a in answered(server.data, "accounts", "list"))
    assert "There is an account later already" in create(
        server.data, "later", "--role", "staff", status=1
    )


def test_failed_sign_ins_are_counted_through_a_restart(tmp_path: Path):
    with Server(tmp_path) as server:
        for _ in range(5):
            assert sign_in(server, "ana.silva", "a wrong password").status_code == 401
        server.stop()
        server.start()
        refused = sign_in(server, "ana.silva")
        assert refused.status_code == 429
        assert 0 < int(refused.headers["retry-after"]) <= 900


def test_a_session_lives_through_a_restart(tmp_path: Path):
    with Server(tmp_path) as server:
        (offered, *_) = server.get("/api/session").json()["demo_accounts"]
        cookies = sign_in(server, offered["login"], offered["password"]).cookies
        server.stop()
        server.start()
        with httpx2.Client(base_url=server.url, cookies=cookies) as browser:
            person = browser.get("/api/session").json()["person"]
            assert person["login"] == offered["login"]


def test_help_names_no_option_for_a_password():
    told = changeover(Path("nowhere"), "accounts", "create", "--help")
    assert "--password-stdin" in told
    assert "--password " not in told
