"""Terminals for the walk: one shell that lives through it, and a server in the other."""

import contextlib
import os
import queue
import re
import signal
import socket
import subprocess
import threading
import time
from pathlib import Path

_FOREIGN = re.compile(
    r"CHANGEOVER_|ANTHROPIC_|OPENAI_|MISTRAL_|GOOGLE_|GEMINI_|AZURE_|AWS_|MAKE|PYTEST|VIRTUAL_ENV"
)
_END = "-- end of block --"


def environment(**given: str) -> dict[str, str]:
    """This process's environment without what Changeover, the SDKs or make would read."""
    kept = {name: value for name, value in os.environ.items() if not _FOREIGN.match(name)}
    return kept | given


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Terminal:
    """A shell that blocks are typed into, with one working folder and one environment."""

    def __init__(self, folder: Path, env: dict[str, str]) -> None:
        self._shell = subprocess.Popen(
            ["bash", "--noprofile", "--norc"],
            cwd=folder,
            env=env,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        self._lines: queue.Queue[str] = queue.Queue()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()
        self._failures = folder / ".failed-commands"
        self._failures.touch()
        self._type(f"trap 'echo \"$BASH_COMMAND\" >> {self._failures}' ERR")

    def run(self, block: str, patience: float = 30) -> list[str]:
        """The lines that a block prints; `AssertionError` when a command of it fails."""
        self._failures.write_text("")
        self._type(block, f"echo '{_END}'")
        printed = []
        deadline = time.monotonic() + patience
        while (line := self._next(deadline)) != _END:
            printed.append(line)
        failed = self._failures.read_text()
        assert not failed, f"{failed}\n" + "\n".join(printed)
        return printed

    def close(self) -> None:
        _kill(self._shell)
        self._reader.join(timeout=10)
        for pipe in (self._shell.stdin, self._shell.stdout):
            assert pipe is not None
            pipe.close()

    def _type(self, *blocks: str) -> None:
        assert self._shell.stdin is not None
        self._shell.stdin.write("".join(f"{block.rstrip()}\n" for block in blocks))
        self._shell.stdin.flush()

    def _read(self) -> None:
        assert self._shell.stdout is not None
        for line in self._shell.stdout:
            self._lines.put(line.rstrip("\n"))

    def _next(self, deadline: float) -> str:
        try:
            return self._lines.get(timeout=max(deadline - time.monotonic(), 0.01))
        except queue.Empty as error:
            raise AssertionError("the block did not end in time") from error


class Server:
    """`make up` in the first terminal; what it prints goes to a file."""

    def __init__(self, folder: Path, env: dict[str, str], printed: Path) -> None:
        self.printed = printed
        with printed.open("w") as output:
            self._process = subprocess.Popen(
                ["make", "up"],
                cwd=folder,
                env=env,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def wait_for(self, text: str, patience: float = 30) -> None:
        deadline = time.monotonic() + patience
        while text not in self.printed.read_text():
            assert self._process.poll() is None, self.printed.read_text()
            assert time.monotonic() < deadline, self.printed.read_text()
            time.sleep(0.05)

    def interrupt(self) -> None:
        """Ctrl-C: the interrupt reaches everything that runs in the terminal."""
        os.killpg(self._process.pid, signal.SIGINT)
        self._process.wait(timeout=20)

    def close(self) -> None:
        _kill(self._process)


def _kill(process: subprocess.Popen[str] | subprocess.Popen[bytes]) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait(timeout=10)
