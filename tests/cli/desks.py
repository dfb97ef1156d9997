"""Commands run over a desk that stands already, in place of one of their own."""

from pathlib import Path
from typing import Any

import click
import httpx2
import pytest
from click.testing import CliRunner
from starlette.testclient import TestClient

from changeover.cli.client import Remote


class Commands:
    """Runs commands; what they ask is asked of `http`."""

    def __init__(self, http: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
        def in_process(_: Remote, method: str, url: httpx2.URL, read: Any, **request: Any) -> Any:
            answered = http.request(method, str(url).removeprefix("http://desk"), **request)
            return read(httpx2.Response(answered.status_code, content=answered.content))

        monkeypatch.setattr(Remote, "_ask_in_process", in_process)

    def run(self, command: click.Command, *words: str, code: int = 0) -> str:
        """What a command prints, or the error that it ends with; `code` 0 is done."""
        done = CliRunner().invoke(command, words, obj=Remote(Path("nowhere")))
        assert (done.exit_code == 0) == (code == 0), done.output
        return done.output or str(done.exception)
