"""Officers ask the model that is bound to intake: through the gateway, as every call."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.end_to_end.running import Server
from tests.end_to_end.vendors import Vendors

REPORT = "2 March 2026\n\nThe harbour office will look into its use of Claude again in May.\n"


def serve(folder: Path, vendors: Vendors, service: str = "") -> Server:
    return Server(folder, "--stand-in-url", vendors.url, CHANGEOVER_INTAKE_SERVICE=service)


@pytest.fixture
def vendors() -> Iterator[Vendors]:
    with Vendors() as running:
        yield running


def take(server: Server, folder: Path) -> str:
    report = folder / "report.txt"
    report.write_text(REPORT)
    found = json.loads(server.run("intake", "--json", str(report)))
    sha256: str = found["documents"][0]["sha256"]
    return sha256


def ask(server: Server, sha256: str, status: int = 0) -> str:
    path = f"/desk/documents/{sha256}/suggestions"
    return server.run("api", "POST", path, "--by", "ana", status=status)


def test_the_model_is_asked_and_what_is_no_json_is_said(tmp_path: Path, vendors: Vendors):
    with serve(tmp_path, vendors, "statechat") as server:
        told = json.loads(ask(server, take(server, tmp_path)))
        assert told["by"].startswith("anthropic/claude-sonnet-4-5@")
        assert told["drafts"] == 0
        assert told["notes"] == ["The model's answer is not the JSON asked for."]
        [call] = vendors.calls
        assert call.host == "anthropic"


def test_a_barred_model_is_not_asked(tmp_path: Path, vendors: Vendors):
    with serve(tmp_path, vendors, "treasury-new") as server:
        server.run("scenario", "play", "--until", "2026-03-03T12:00")
        said = ask(server, take(server, tmp_path), status=1)
        assert "No model answers" in said
        assert vendors.calls == []


def test_without_a_model_bound_it_is_said(tmp_path: Path, vendors: Vendors):
    with serve(tmp_path, vendors) as server:
        assert "CHANGEOVER_INTAKE_SERVICE" in ask(server, take(server, tmp_path), status=1)
    with serve(tmp_path, vendors, "nobody") as server:
        assert "'nobody'" in ask(server, take(server, tmp_path), status=1)
