"""What schemathesis makes of the API's document: odd and wrong requests, none answered with 500.

It found that what was never stated could be removed, and then not restored. The streams, which
last, and the session, which it would end, are left out.
"""

import json
import subprocess
import sys
from pathlib import Path

import httpx2

from changeover.identity.people import ROLES
from tests.end_to_end.running import Server

PASSWORD = "correct horse battery staple"
SECONDS = 150


def test_no_request_that_the_document_allows_or_forbids_breaks_the_server(tmp_path: Path):
    with Server(tmp_path) as server:
        roles = [word for role in ROLES for word in ("--role", role)]
        server.run(
            "accounts", "create", "all", "--name", "All", "--party", "state", *roles,
            "--password-stdin", "--by", "ana", given=f"{PASSWORD}\n",
        )  # fmt: skip
        with httpx2.Client(base_url=server.url) as browser:
            signed_in = browser.post("/api/session", json={"login": "all", "password": PASSWORD})
            cookie = "; ".join(f"{name}={text}" for name, text in browser.cookies.items())
        document = tmp_path / "openapi.json"
        document.write_bytes(server.get("/api/openapi.json").content)
        done = subprocess.run(
            [
                Path(sys.executable).with_name("schemathesis"), "run", document,
                "--url", server.url.rstrip("/"),
                "--header", f"Cookie: {cookie}",
                "--header", f"x-csrf-token: {signed_in.json()['csrf']}",
                "--checks", "not_a_server_error,response_schema_conformance",
                "--phases", "coverage,fuzzing", "--max-examples", "3", "--seed", "7",
                "--exclude-path-regex", "events$", "--exclude-path", "/api/session",
                "--request-timeout", "10", "--no-color",
            ],
            cwd=tmp_path, capture_output=True, text=True, timeout=SECONDS, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stdout[-6000:] + done.stderr
        operations = sum(len(each) for each in json.loads(document.read_text())["paths"].values())
        assert f"Tested: {operations - 5}" in done.stdout
        assert "Traceback" not in server.log
