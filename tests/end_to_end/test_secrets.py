"""No key, credential or prompt stands where somebody else could read it."""

from pathlib import Path
from typing import Any

import anthropic
import msgspec
import openai
import pytest

from changeover.standin.settings import read_fault
from tests.end_to_end.running import CLAUDE, MESSAGES, Server, ledger
from tests.end_to_end.vendors import Vendors

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")

CREDENTIAL = "sk-ant-credential-of-the-installation"
PROMPT = "the heron waits by the third weir"


class Used(msgspec.Struct):
    """A server that was used, its vendor found by a key in the environment, then stopped."""

    server: Server
    answer: str
    headers: dict[str, str]
    keys: list[str]
    status: str


@pytest.fixture(scope="module")
def used(tmp_path_factory: pytest.TempPathFactory, vendors: Vendors) -> Used:
    folder = tmp_path_factory.mktemp("secrets")
    base_url = f"{vendors.url}/anthropic"
    with Server(folder, ANTHROPIC_API_KEY=CREDENTIAL, ANTHROPIC_BASE_URL=base_url) as server:
        keys = [server.key("treasury-code"), server.key("health-assistant")]
        claude, gpt = server.claude(keys[0]), server.gpt(keys[0])
        message: Any = [{"role": "user", "content": f"Quote this: {PROMPT}."}]
        raw = claude.messages.with_raw_response.create(
            model=CLAUDE, max_tokens=200, messages=message
        )
        answer = raw.parse().content[0]
        assert answer.type == "text"
        list(gpt.chat.completions.create(model=CLAUDE, messages=message, stream=True))
        vendors.faults["anthropic"] = read_fault("garbage")
        strict = server.claude(keys[1])
        with pytest.raises(anthropic.InternalServerError):
            strict.messages.create(model=f"{CLAUDE}@anthropic", max_tokens=9, messages=message)
        vendors.faults["anthropic"] = read_fault("status=401")
        with pytest.raises(anthropic.InternalServerError):
            strict.messages.create(model=f"{CLAUDE}@anthropic", max_tokens=9, messages=message)
        vendors.faults.clear()
        with pytest.raises(openai.BadRequestError):
            gpt.chat.completions.create(model=CLAUDE, messages=message, n=3)
        with pytest.raises(openai.AuthenticationError):
            server.gpt(CREDENTIAL).chat.completions.create(model=CLAUDE, messages=message)
        server.calls_when(4)
        status = server.get("/api/status").text
        headers = dict(raw.headers)
    return Used(server, answer.text, headers, keys, status)


def test_a_vendor_found_by_its_key_is_no_stand_in(used: Used, vendors: Vendors):
    assert "ANTHROPIC_API_KEY found" in used.server.log
    assert used.headers["changeover-stand-in"] == "false"
    assert used.headers["changeover-route"] == "anthropic/claude-sonnet-4-5@anthropic"
    assert {call["stand_in"] for call in used.server.ledger_calls()} == {False}
    assert vendors.calls[0].host == "anthropic"
    routes = {route["id"]: route for route in msgspec.json.decode(used.status)["routes"]}
    assert routes["anthropic/claude-sonnet-4-5@anthropic"]["stand_in"] is False
    assert routes["openai/gpt-4.1@openai"]["stand_in"] is True


def test_nothing_secret_is_logged_or_kept(used: Used):
    data = used.server.data
    places = {
        "the log": used.server.log.encode(),
        "the status": used.status.encode(),
        **{str(path): path.read_bytes() for path in data.rglob("*") if path.is_file()},
    }
    assert any(place.endswith("changeover.db") for place in places)
    secrets = {
        "the credential": CREDENTIAL,
        "a prompt": PROMPT,
        "an answer": used.answer[-40:],
        "a key": used.keys[0],
        "another key": used.keys[1],
        "a key's secret": used.keys[0].rpartition("_")[2],
    }
    for place, content in places.items():
        for what, secret in secrets.items():
            assert secret.encode() not in content, f"{what} in {place}"


def test_the_log_says_what_happened_all_the_same(used: Used, tmp_path: Path):
    lines = [msgspec.json.decode(line) for line in used.server.log.splitlines() if line[:1] == "{"]
    requests = [line for line in lines if line["event"] == "request"]
    assert {"method", "path", "status", "milliseconds"} <= set(requests[0])
    calls = {call["call"] for call in used.server.ledger_calls()}
    assert calls <= {line.get("call") for line in requests}


STORED = "sk-ant-stored-credential-wxyz"
"""Set at the desk of a running server."""


def test_a_stored_credential_is_used_at_once_and_stands_nowhere(tmp_path: Path, vendors: Vendors):
    with Server(tmp_path) as server:
        claude = server.claude(server.key("treasury-code"))

        def stands_in() -> str:
            raw = claude.messages.with_raw_response.create(
                model=f"{CLAUDE}@anthropic", max_tokens=200, messages=MESSAGES
            )
            return raw.headers["changeover-stand-in"]

        place = ("anthropic", "--protocol", "anthropic-messages")
        before = stands_in()
        began = len(vendors.calls)
        address = ("--base-url", f"{vendors.url}/anthropic")
        told = server.run("credentials", "set", *place, *address, "--stdin", given=STORED)
        listed = server.run("credentials", "list")
        used = stands_in()
        received = len(vendors.calls) - began
        told += server.run("credentials", "remove", *place)
        after = stands_in()
        server.calls_when(3)
    assert (before, used, after, received) == ("true", "false", "true", 1)
    assert [line.split()[4] for line in listed.splitlines()[1:]] == [f"…{STORED[-4:]}"]
    kinds = [entry["kind"] for entry in ledger(server.data)]
    assert kinds.count("credential-set") == kinds.count("credential-removed") == 1
    places = {
        "the log": server.log.encode(),
        "what commands said": (told + listed).encode(),
        **{str(path): path.read_bytes() for path in server.data.rglob("*") if path.is_file()},
    }
    assert any(place.endswith("secret.key") for place in places)
    for place_, content in places.items():
        assert STORED.encode() not in content, place_


def test_a_credential_of_another_secret_is_told_at_the_start_and_never_called(tmp_path: Path):
    first, second = "f" * 32, "s" * 32
    with Server(tmp_path, CHANGEOVER_SECRET=first) as server:
        set_ = ("credentials", "set", "anthropic", "--protocol", "anthropic-messages", "--stdin")
        server.run(*set_, given=STORED)
    with Server(tmp_path, CHANGEOVER_SECRET=second) as server:
        claude = server.claude(server.key("health-assistant"))
        with pytest.raises(anthropic.InternalServerError, match="No endpoint is set"):
            claude.messages.create(model=f"{CLAUDE}@anthropic", max_tokens=9, messages=MESSAGES)
        assert "cannot be opened with this installation's secret" in server.log
        assert "cannot be opened: set it anew" in server.run("credentials", "list")
    assert STORED not in server.log
    assert not (server.data / "secret.key").exists()
    for secret in (first, second):
        assert secret not in server.log
