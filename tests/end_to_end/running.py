"""The product as its users run it: the `changeover` command, in processes of its own."""

import contextlib
import io
import json
import os
import re
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Self
from unittest import mock

import anthropic
import httpx2
import openai

from changeover.cli import main

ROOT = Path(__file__).parents[2]
COMMAND = (sys.executable, "-m", "changeover")
CLAUDE = "claude-sonnet-4-5"
GPT = "gpt-4.1"
OFFICER = "a.officer"
MESSAGES: Any = [{"role": "user", "content": "Quote this: the lighthouse keeper counts the boats."}]
_KEPT_VARIABLES = (
    "PATH",
    "HOME",
    "LANG",
    "LC_ALL",
    "TMPDIR",
    "PYTHONPATH",
    "COVERAGE_PROCESS_START",
)


def environment(**more: str) -> dict[str, str]:
    """What a command gets to see: no vendor's key, and no model server on this machine."""
    kept = {name: os.environ[name] for name in _KEPT_VARIABLES if name in os.environ}
    nowhere = "http://127.0.0.1:9"
    inside = {"CHANGEOVER_INSIDE": "127.0.0.1", "CHANGEOVER_OFFICER": OFFICER}
    return {**kept, "CHANGEOVER_LOCAL_MODEL_URL": nowhere, **inside, **more}


def changeover(
    data: Path, *arguments: str, status: int = 0, given: str | None = None, **more: str
) -> str:
    """Runs a command in a process and gives what it printed, its errors where it is to fail.

    `given` is its standard input.
    """
    ran = subprocess.run(
        [*COMMAND, "--data", str(data), *arguments],
        env=environment(**more),
        cwd=ROOT,
        input=given,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert ran.returncode == status, f"{arguments} ended with {ran.returncode}: {ran.stderr}"
    assert "Traceback" not in ran.stderr
    return ran.stdout + ran.stderr if status else ran.stdout


def said(data: Path, *arguments: str, status: int = 0, **more: str) -> str:
    """What a command prints, run in this process: quicker where there are many of them."""
    printed = io.StringIO()
    with (
        mock.patch.dict(os.environ, environment(**more), clear=True),
        mock.patch.object(sys, "argv", ["changeover", "--data", str(data), *arguments]),
        contextlib.redirect_stdout(printed),
        contextlib.redirect_stderr(printed),
    ):
        ended = 0
        try:
            main()
        except SystemExit as end:
            ended = int(end.code or 0)
    assert ended == status, f"{arguments} ended with {ended}: {printed.getvalue()}"
    return printed.getvalue()


def answered(data: Path, *arguments: str, status: int = 0, **more: str) -> Any:
    """What a command answers with `--json`."""
    return json.loads(said(data, *arguments, "--json", status=status, **more))


class Server:
    """`changeover up` in a process, from a `with` block's begin to its end.

    `options` follow `up`; what the process says lands in files of `folder`.
    """

    def __init__(self, folder: Path, *options: str, demo: bool = True, **more: str) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder
        self.data = folder / "data"
        self.url = ""
        self.seconds_to_ready = 0.0
        self._options = [*(["--demo"] if demo else []), *options]
        self._more = more
        self._environment = environment(**more)
        self._process: subprocess.Popen[str] | None = None
        self._clients: list[anthropic.Anthropic | openai.OpenAI] = []

    @property
    def process(self) -> subprocess.Popen[str]:
        assert self._process is not None
        return self._process

    @property
    def log(self) -> str:
        """All that the server's processes wrote so far, to either stream."""
        return "".join(
            path.read_text() for path in (self.folder / "stdout", self.folder / "stderr")
        )

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        for client in self._clients:
            client.close()
        if self.process.returncode is None:
            self.stop()

    def start(self) -> None:
        """Returns once the server says that it is ready."""
        self.url = ""
        began = time.monotonic()
        output = self.folder / "stdout"
        with output.open("a") as out, (self.folder / "stderr").open("a") as errors:
            said_before = out.tell()
            self._process = subprocess.Popen(
                [*COMMAND, "--data", str(self.data), "up", "--port", "0", *self._options],
                env={**self._environment, "PYTHONUNBUFFERED": "1"},
                cwd=ROOT,
                stdout=out,
                stderr=errors,
                text=True,
            )
        while not self.url and self._process.poll() is None:
            time.sleep(0.01)
            said = output.read_bytes()[said_before:].decode(errors="replace")
            if ready := re.search(r"^Ready: (http\S+)\n", said, re.MULTILINE):
                self.url = ready[1]
        self.seconds_to_ready = time.monotonic() - began
        assert self.url, f"not ready: {self.log}"

    def stop(self, number: signal.Signals = signal.SIGTERM) -> int:
        """Ends the process with a signal; gives its exit code."""
        self.process.send_signal(number)
        return self.wait()

    def wait(self) -> int:
        """Waits for the process to end; gives its exit code."""
        return self.process.wait(timeout=30)

    def run(self, *arguments: str, status: int = 0, given: str | None = None) -> str:
        return changeover(self.data, *arguments, status=status, given=given)

    def said(self, *arguments: str, status: int = 0) -> str:
        return said(self.data, *arguments, status=status, **self._more)

    def ask(self, *arguments: str, status: int = 0) -> Any:
        return answered(self.data, *arguments, status=status, **self._more)

    def key(self, service: str, *options: str) -> str:
        """A new key of a service."""
        return str(self.ask("keys", "create", service, *options)["key"])

    def claude(self, key: str) -> anthropic.Anthropic:
        """Anthropic's own SDK, with a Changeover key."""
        client = anthropic.Anthropic(base_url=self.url, api_key=key, max_retries=0, timeout=30)
        self._clients.append(client)
        return client

    def gpt(self, key: str) -> openai.OpenAI:
        """OpenAI's own SDK, with a Changeover key."""
        client = openai.OpenAI(base_url=f"{self.url}v1", api_key=key, max_retries=0, timeout=30)
        self._clients.append(client)
        return client

    def get(self, path: str) -> httpx2.Response:
        return httpx2.get(self.url.rstrip("/") + path, timeout=10)

    def post(self, path: str, key: str, body: bytes, **headers: str) -> httpx2.Response:
        """A request as no SDK would send it."""
        sent = {"authorization": f"Bearer {key}", "content-type": "application/json", **headers}
        return httpx2.post(self.url.rstrip("/") + path, content=body, headers=sent, timeout=30)

    def ledger_calls(self) -> list[Mapping[str, Any]]:
        """The calls in the ledger, from the database file; they get there within 0.2 s."""
        return [entry for entry in ledger(self.data) if entry["kind"] == "call"]

    def calls_when(self, count: int) -> list[Mapping[str, Any]]:
        """The ledger's calls once there are so many."""
        until = time.monotonic() + 10
        while len(calls := self.ledger_calls()) < count and time.monotonic() < until:
            time.sleep(0.05)
        assert len(calls) == count
        return calls

    def call_of(self, id_: str) -> Mapping[str, Any]:
        """The ledger's entry of a call, by the call's id, once it is there."""
        until = time.monotonic() + 10
        while True:
            found = [call for call in self.ledger_calls() if call["call"] == id_]
            if found:
                return found[0]
            assert time.monotonic() < until
            time.sleep(0.05)


def ledger(data: Path) -> list[Mapping[str, Any]]:
    """The ledger's entries, read from the database file."""
    with contextlib.closing(
        sqlite3.connect(f"file:{data / 'changeover.db'}?mode=ro", uri=True)
    ) as connection:
        rows = connection.execute('SELECT body FROM ledger_entry ORDER BY "index"').fetchall()
    return [json.loads(body) for (body,) in rows]
