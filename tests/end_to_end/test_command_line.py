"""The officers' commands (points 3 and 5), with a server running and without one."""

import hashlib
import json
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import anthropic
import click
import httpx2
import pytest
from click.testing import CliRunner

from changeover.cli import changeover as command_line
from tests.end_to_end.programs import told
from tests.end_to_end.running import (
    CLAUDE,
    COMMAND,
    MESSAGES,
    ROOT,
    Server,
    answered,
    environment,
    ledger,
    said,
)
from tests.end_to_end.vendors import Vendors

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")

DIRECTORY = ROOT / "scenarios" / "statechat" / "directory"
STAY = """
id: a-stay
kind: ruling
issuer: {issuer}
title: {{en: A stay, fr: Une suspension}}
published: 2026-03-09
recorded: 2026-03-09
entered_by: ana
stays: [{{instruments: [designation-b]}}]
sources: [{{address: ruling.txt, captured: 2026-03-09, sha256: {sha256}}}]
"""
INSTRUMENT = """
id: {id}
kind: order
issuer: {issuer}
title: {{en: A test of authority, fr: Un essai de compétence}}
published: 2026-02-26T08:00
recorded: 2026-02-26T08:30
entered_by: a.officer
clauses:
  end-of-use:
    words: All use of Mistral's models ends.
    chosen_by: a.officer
    modality: prohibit
    targets: [{{makers: [{maker}]}}]
    scope: {{parties: [{party}]}}
"""


@pytest.fixture(scope="module")
def at_rest(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data of a demonstration that is not running and stands at 3 March."""
    with Server(tmp_path_factory.mktemp("at-rest")) as server:
        server.run("scenario", "play", "--until", "2026-03-03T12:00")
    return server.data


@pytest.fixture
def fresh(tmp_path: Path, vendors: Vendors) -> Iterator[Server]:
    with Server(tmp_path / "fresh", "--stand-in-url", vendors.url) as running:
        yield running


def commands(group: click.Group, above: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    yield above
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            yield from commands(command, (*above, name))
        else:
            yield (*above, name)


def test_every_command_has_help():
    every = list(commands(command_line))
    assert {("orders", "rescind"), ("ledger", "verify"), ("stand-in",)} <= set(every)
    for words in every:
        shown = CliRunner().invoke(command_line, [*words, "--help"])
        assert shown.exit_code == 0
        assert shown.output.startswith("Usage: ")


def test_the_command_is_a_module_too():
    shown = subprocess.run([*COMMAND, "--help"], env=environment(), capture_output=True, check=True)
    assert b"scenario" in shown.stdout


@pytest.mark.parametrize(
    ("service", "model", "at", "outcome", "instrument"),
    [
        ("treasury-code", CLAUDE, "2026-02-26T12:00", "allow", None),
        ("treasury-code", CLAUDE, "2026-02-28T12:00", "notice", "president-order"),
        ("treasury-new", CLAUDE, "2026-03-01T12:00", "refuse", "president-order"),
        ("treasury-code", CLAUDE, "2026-03-03T12:00", "refuse", "treasury-order"),
        ("statechat", CLAUDE, "2026-03-03T12:00", "refuse", "state-order"),
        ("statechat", "gpt-4.1", "2026-03-03T12:00", "allow", None),
        ("fannie-documents", f"{CLAUDE}@aws", "2026-02-28T12:00", "allow", None),
        ("fannie-documents", f"{CLAUDE}@aws", "2026-03-03T12:00", "refuse", "housing-order"),
        ("defence-analysis", CLAUDE, "2026-03-03T12:00", "notice", "president-order"),
        ("defence-analysis", "gpt-4.1", "2026-02-26T12:00", "refuse", None),
        ("defence-analysis", "gpt-4.1", "2026-03-03T12:00", "allow", None),
    ],
)
def test_decide_answers_the_table(
    at_rest: Path, service: str, model: str, at: str, outcome: str, instrument: str | None
):
    decided = answered(at_rest, "decide", "--service", service, "--model", model, "--at", at)
    assert decided["outcome"] == outcome
    assert decided["explanation"]["en"]
    assert decided["explanation"]["fr"]
    if instrument is not None:
        assert instrument in {cited["id"] for cited in decided["instruments"]}
    if outcome == "notice":
        assert "27 August" in decided["explanation"]["en"]
        assert decided["deadline"].startswith("2026-08-27")


def test_decide_under_another_reading_and_as_known_earlier(at_rest: Path):
    asked = ("decide", "--service", "treasury-code", "--model", CLAUDE, "--at", "2026-02-28T12:00")
    shown = answered(at_rest, "orders", "show", "president-order")["issued"]["instrument"]
    (clause,) = shown["clauses"]
    (rejected,) = [r["id"] for r in clause["readings"] if r["id"] != clause["chosen"]]
    strict = answered(at_rest, *asked, "--reading", f"president-order={rejected}")
    assert strict["outcome"] == "refuse"
    unaware = answered(at_rest, *asked, "--known-at", "2026-02-27T09:00")
    assert unaware["outcome"] == "allow"
    assert "no reading" in said(at_rest, *asked, "--reading", "president-order=x", status=1)
    assert "is not INSTRUMENT=READING" in said(at_rest, *asked, "--reading", "x", status=2)


@pytest.mark.parametrize(
    "question",
    [
        ("orders", "list"),
        ("orders", "show", "treasury-order"),
        ("keys", "list"),
        ("decide", "--service", "treasury-code", "--model", CLAUDE),
        ("reach", "anthropic"),
        ("reach", CLAUDE),
        ("reach", "treasury-order"),
        ("orders", "as-of", "2026-03-01"),
        ("orders", "as-of", "2026-03-03", "--known-at", "2026-02-28"),
        ("orders", "calendar"),
        ("orders", "calendar", "--party", "treasury"),
        ("orders", "awaiting"),
        ("ledger", "verify"),
        ("apply", str(DIRECTORY), "--dry-run"),
    ],
    ids=" ".join,
)
def test_questions_are_answered_alike_with_and_without_a_server(
    at_rest: Path, server_at_rest: Server, question: tuple[str, ...]
):
    alone = answered(at_rest, *question)
    served = server_at_rest.ask(*question)
    assert json.loads(json.dumps(alone)) == alone
    assert type(alone) is type(served)
    if question[0] != "ledger":
        assert _without_instants(alone) == _without_instants(served)
    assert said(at_rest, *question).strip()
    assert server_at_rest.said(*question).strip()


@pytest.fixture(scope="module")
def server_at_rest(tmp_path_factory: pytest.TempPathFactory, at_rest: Path) -> Iterator[Server]:
    """A server on a copy of the data at rest."""
    folder = tmp_path_factory.mktemp("served")
    shutil.copytree(at_rest, folder / "data")
    with Server(folder) as running:
        yield running


def _without_instants(value: Any) -> Any:
    if isinstance(value, dict):
        return {k: _without_instants(v) for k, v in value.items() if k not in {"at", "known_at"}}
    return value


@pytest.mark.parametrize(
    ("command", "words"),
    [
        (("decide", "--service", "nobody", "--model", CLAUDE), "no service 'nobody'"),
        (("decide", "--service", "statechat", "--model", "gpt-9"), "no model 'gpt-9'"),
        (("decide", "--service", "statechat", "--model", CLAUDE, "--slot", "x"), "no slot 'x'"),
        (("decide", "--service", "statechat", "--model", CLAUDE, "--at", "noon"), "'noon'"),
        (("orders", "show", "nothing"), "no instrument 'nothing'"),
        (("orders", "rescind", "nothing"), "nothing"),
        (("orders", "find", "nothing", "--stands"), "nothing"),
        (("orders", "issue", "draft-nothing"), "draft-nothing"),
        (("reach", "nobody"), "nobody"),
        (("keys", "create", "nobody"), "no service 'nobody'"),
        (("keys", "create", "statechat", "--slot", "x"), "no slot 'x'"),
        (("keys", "create", "statechat", "--expires", "never"), "'never'"),
        (("keys", "revoke", "00000000"), "00000000"),
        (("release", "statechat", "nothing"), "'nothing'"),
        (("release", "nobody", "openai/gpt-4.1@openai"), "'nobody'"),
        (("scenario", "play", "--until", "2026-01-01"), "2026-01-01"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
)
def test_what_is_not_there_is_a_clear_error_and_changes_nothing(
    server_at_rest: Server, command: tuple[str, ...], words: str
):
    earlier = len(ledger(server_at_rest.data))
    printed = server_at_rest.said(*command, status=1)
    assert printed.startswith("Error: ")
    assert words in printed
    assert len(ledger(server_at_rest.data)) == earlier


def test_an_act_needs_the_name_of_who_acts(at_rest: Path):
    nameless = {**environment(), "CHANGEOVER_OFFICER": ""}
    ran = subprocess.run(
        [*COMMAND, "--data", str(at_rest), "keys", "create", "statechat"],
        env=nameless,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 2
    assert "--by" in ran.stderr


def test_an_instrument_beyond_its_issuers_authority_is_not_recorded(fresh: Server, tmp_path: Path):
    path = tmp_path / "order.yaml"
    orders, size = fresh.ask("orders", "list"), len(ledger(fresh.data))
    for fields, words in (
        ({"issuer": "treasury-secretary", "party": "state"}, "may not bind state"),
        ({"issuer": "state-secretary", "party": "government"}, "may not bind government"),
        ({"issuer": "defence-cio", "party": "defence"}, "may not bind defence"),
        ({"issuer": "nobody", "party": "state"}, "nobody"),
        ({"issuer": "president", "party": "atlantis"}, "atlantis"),
        ({"issuer": "president", "party": "state", "maker": "nobody"}, "nobody"),
    ):
        path.write_text(INSTRUMENT.format(**{"id": "test-order", "maker": "mistral", **fields}))
        assert words in fresh.said("orders", "issue", str(path), status=1)
    path.write_text("id: [")
    assert f"{path}:2" in fresh.said("orders", "issue", str(path), status=1)
    assert fresh.ask("orders", "list") == orders
    assert len(ledger(fresh.data)) == size

    valid = {"id": "test-order", "issuer": "president", "party": "state", "maker": "mistral"}
    path.write_text(INSTRUMENT.format(**valid))
    assert fresh.ask("orders", "issue", str(path))["instrument"]["id"] == "test-order"
    assert "on record already" in fresh.said("orders", "issue", str(path), status=1)
    decided = fresh.ask("decide", "--service", "statechat", "--model", "mistral-large")
    assert decided["outcome"] == "refuse"


def test_a_clause_that_matches_nothing_is_issued_and_said(fresh: Server, tmp_path: Path):
    path = tmp_path / "order.yaml"
    valid = {"id": "test-order", "issuer": "president", "party": "state", "maker": "mistral"}
    text = INSTRUMENT.format(**valid)
    path.write_text(text.replace("parties: [state]", "parties: [state], purposes: [none]"))
    said = fresh.said("orders", "issue", str(path))
    assert "Issued test-order" in said
    assert "! Clause " in said
    assert "The nearest is StateChat, but for the purposes named." in said


def test_a_directory_is_applied_once_and_shown_first(fresh: Server, tmp_path: Path):
    directory = tmp_path / "directory"
    shutil.copytree(DIRECTORY, directory)
    services = directory / "services.yaml"
    assert fresh.ask("apply", str(directory)) == {"changes": [], "applied": False}

    services.write_text(services.read_text().replace("name: StateChat", "name: StateChat 2"))
    size = len(ledger(fresh.data))
    shown = fresh.ask("apply", str(directory), "--dry-run")
    assert shown["applied"] is False
    assert [change["id"] for change in shown["changes"]] == ["statechat"]
    assert "nothing was recorded" in fresh.said("apply", str(directory), "--dry-run")
    assert len(ledger(fresh.data)) == size
    assert fresh.ask("apply", str(directory)) == {**shown, "applied": True}
    assert len(ledger(fresh.data)) == size + 1
    assert "Nothing to change" in fresh.said("apply", str(directory))
    assert len(ledger(fresh.data)) == size + 1

    written = services.read_text()
    broken = written.replace("party: state\n", "party: stat\n", 1)
    services.write_text(broken)
    line = broken[: broken.index("party: stat\n")].count("\n") + 1
    printed = fresh.said("apply", str(directory), status=1)
    assert f"services.yaml:{line}:" in printed
    assert "state" in printed
    services.write_text(written + "\n  - [")
    assert "services.yaml:" in fresh.said("apply", str(directory), status=1)
    assert len(ledger(fresh.data)) == size + 1
    assert fresh.get("/readyz").status_code == 200


def test_a_derived_order_counts_until_a_finding_says_that_it_falls(fresh: Server, tmp_path: Path):
    """Rule 5, through the commands: the stay, the open question, the finding, the release."""
    data = fresh.data
    fresh.run("scenario", "play", "--until", "2026-04-09")
    asked = ("decide", "--service", "treasury-code", "--model", CLAUDE)
    refused = answered(data, *asked)
    assert (refused["outcome"], refused["because"]) == ("refuse", "prohibited")
    (question,) = refused["questions"]
    assert (question["instrument"], question["finding"]) == ("treasury-order", None)
    assert question["by"] == ["district-court-ruling"]

    find: tuple[str, ...] = ("orders", "find", "treasury-order", "--falls", "--by", "ana")
    assert "names no source" in fresh.said(*find, status=1)
    text = tmp_path / "finding.txt"
    text.write_text("The department's order falls with the President's.\n")
    find = (*find, "--source", str(text))
    assert "second officer" in fresh.said(*find, status=1)
    foreign = fresh.said(*find, "--confirmed-by", "ben", "--issuer", "health-cio", status=1)
    assert "may not judge treasury-order" in foreign
    assert "Issued treasury-order-falls-2026-04-09" in fresh.run(*find, "--confirmed-by", "ben")
    assert answered(data, *asked)["because"] == "held"
    fresh.run("release", "treasury-code", f"anthropic/{CLAUDE}@anthropic", "--by", "ana")
    freed = answered(data, *asked)
    assert (freed["outcome"], freed["questions"]) == ("allow", [])


def test_a_stay_is_issued_from_a_file_within_a_courts_authority(fresh: Server, tmp_path: Path):
    data = fresh.data
    fresh.run("scenario", "play", "--until", "2026-03-10")
    ruling = tmp_path / "stay.yaml"
    text = tmp_path / "ruling.txt"
    text.write_text("The second designation is stayed.\n")
    digest = hashlib.sha256(text.read_bytes()).hexdigest()

    def issue(issuer: str, *options: str, status: int = 0) -> str:
        ruling.write_text(STAY.format(issuer=issuer, sha256=digest))
        return fresh.said("orders", "issue", str(ruling), "--by", "ana", *options, status=status)

    second = ("--confirmed-by", "ben")
    assert "second officer" in issue("appeals-court", status=1)
    assert "may not act on" in issue("treasury-secretary", *second, status=1)
    assert "Issued a-stay" in issue("appeals-court", *second)
    asked = ("decide", "--service", "contractor-reports", "--model", CLAUDE)
    cited = {each["id"]: each for each in answered(data, *asked)["instruments"]}
    assert cited["designation-b"]["status"] == "stayed"
    assert cited["designation-b"]["kept_off_by"] == ["a-stay"]
    assert cited["designation-a"]["status"] == "winding-down"


def test_permission_returns_and_traffic_waits_for_a_release(fresh: Server, tmp_path: Path):
    """Rule 9, through the commands: rescind, held, release."""
    fresh.run("scenario", "play", "--until", "2026-03-03")
    claude = fresh.claude(fresh.key("fannie-documents"))

    def ask() -> Any:
        return claude.messages.with_raw_response.create(
            model=f"{CLAUDE}@aws", max_tokens=50, messages=MESSAGES
        )

    with pytest.raises(anthropic.APIStatusError) as barred:
        ask()
    assert barred.value.status_code == 451

    source = tmp_path / "rescission.txt"
    source.write_text("The order of 2 March is rescinded.\n")
    rescind = ("orders", "rescind", "housing-order")
    size = len(ledger(fresh.data))
    assert "--source" in fresh.said(*rescind, "--confirmed-by", "b.officer", status=1)
    assert "second officer" in fresh.said(*rescind, "--source", str(source), status=1)
    same = ("--source", str(source), "--confirmed-by", "A.Officer")
    assert "second officer" in fresh.said(*rescind, *same, status=1)
    acts = [entry for entry in ledger(fresh.data)[size:] if entry["kind"] == "instrument"]
    assert acts == []

    done = fresh.ask(*rescind, "--source", str(source), "--confirmed-by", "b.officer")
    assert done["confirmed_by"] == "b.officer"
    assert "rescinded already" in fresh.said(*rescind, *same[:3], "b.officer", status=1)

    with pytest.raises(anthropic.PermissionDeniedError) as held:
        ask()
    assert held.value.status_code == 403
    assert "held" in told(held.value)
    assert "housing-order" in held.value.response.headers["changeover-instruments"]
    decided = fresh.ask("decide", "--service", "fannie-documents", "--model", f"{CLAUDE}@aws")
    assert (decided["outcome"], decided["because"]) == ("refuse", "held")

    released = fresh.ask("release", "fannie-documents", "anthropic/claude-sonnet-4-5@aws")
    assert released["by"] == "a.officer"
    assert ask().headers["changeover-route"] == "anthropic/claude-sonnet-4-5@aws"
    assert fresh.ask("ledger", "verify")["ok"] is True
    page = httpx2.get(f"{fresh.url}api/orders/housing-order-rescinded")
    assert page.status_code == 200


def test_canaries_show_which_routes_refuse_and_reach_no_vendor(
    server_at_rest: Server, at_rest: Path
):
    calls = len(server_at_rest.ledger_calls())
    command = ("evidence", "canary", "--vendor", "anthropic", "--by", "ana")
    found = server_at_rest.ask(*command, status=1)["routes"]
    assert {route["maker"] for route in found} == {"anthropic"}
    statechat = [name for route in found for name in route["let_out"] if "statechat" in name]
    assert statechat == []
    assert all("state-order" in route["instruments"] for route in found)
    assert "let out" in server_at_rest.said(*command, status=1)
    entries = ledger(server_at_rest.data)
    told = [entry for entry in entries if entry["kind"] == "canary"]
    assert [entry["route"] for entry in told[: len(found)]] == [route["route"] for route in found]
    assert any(entry["kind"] == "clock-offset" for entry in entries)
    assert len(server_at_rest.ledger_calls()) == calls
    nobody = server_at_rest.said("evidence", "canary", "--vendor", "x", "--by", "ana", status=1)
    assert "no vendor 'x'" in nobody
    assert "No server runs" in said(at_rest, *command, status=1)
