"""A pack of a demonstration, made by the command while it serves, and checked by the other."""

import json
from pathlib import Path

from tests.end_to_end.running import CLAUDE, MESSAGES, Server, answered, said


def test_a_call_is_in_the_pack_that_is_made_beside_the_server(server: Server, tmp_path: Path):
    key = server.key("treasury-code")
    server.claude(key).messages.create(model=CLAUDE, max_tokens=64, messages=MESSAGES)
    calls = server.calls_when(1)
    window = ("--from", "2026-02-26", "--to", "2026-02-26T09:00:01")
    file = tmp_path / "pack.zip"
    vendor = calls[-1]["maker"]
    exported = answered(
        server.data, "evidence", "export", "--vendor", vendor, *window, "--out", str(file)
    )
    assert exported["manifest"]["vendor"] == vendor
    vkey = said(server.data, "ledger", "key").strip()
    found = answered(tmp_path, "evidence", "verify", str(file), "--vkey", vkey, status=1)
    # The scenario's clock stands inside the window.
    (reason,) = found["reasons"]
    assert reason.startswith("The pack was made at 2026-02-26T14:00:00.000000Z, inside the window")
    assert found["groups"]["to a stand-in"] == len(found["calls"]) >= 1
    printed = said(tmp_path, "evidence", "verify", str(file), "--vkey", vkey, status=1)
    assert "The record is incomplete here:" in printed
    assert "Not covered:" in printed
    page = tmp_path / "report.html"
    options = ("--out", str(page), "--lang", "fr")
    said(tmp_path, "evidence", "report", str(file), *options, status=1)
    assert "L’enregistrement est incomplet ici" in page.read_text()
    wrong = said(tmp_path, "evidence", "verify", str(file), "--vkey", "no-key", status=1)
    assert "not an Ed25519 key" in wrong
    nowhere = str(tmp_path / "no" / "pack.zip")
    asked = ("--vendor", vendor, *window, "--out", nowhere)
    assert "cannot be written" in said(server.data, "evidence", "export", *asked, status=1)


def test_a_file_is_not_overwritten_and_the_verifier_is_printed(server: Server, tmp_path: Path):
    file = tmp_path / "pack.zip"
    file.write_bytes(b"mine")
    window = ("--vendor", "openai", "--from", "2026-02-01", "--to", "2026-02-02")
    told = said(server.data, "evidence", "export", *window, "--out", str(file), status=2)
    assert "exists already" in told
    assert file.read_bytes() == b"mine"
    found = answered(tmp_path, "evidence", "verify", str(file), status=1)
    assert json.dumps(found["reasons"]).count("cannot be read") == 1
    program = said(tmp_path, "evidence", "verifier")
    compile(program, "verify.py", "exec")
