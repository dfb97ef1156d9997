"""Every command of the README's walk runs as written, and shows what the README shows.

It runs in a copy of the checkout, whose `.venv` leads to this one's programs, on
a free port: the developer's own data folder and port 8080 are left alone.
"""

import shutil
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.docs.repository import ROOT, files
from tests.docs.terminal import Server, Terminal, environment, free_port
from tests.docs.walkthrough import Step, shows, steps

README = (ROOT / "README.md").read_text()
WRITTEN_ADDRESS = "127.0.0.1:8080"
PATIENCE = 30


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A copy of the checkout, installed already."""
    folder = tmp_path / "changeover"
    for path in files():
        copy = folder / path.relative_to(ROOT)
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(path, copy)
    (folder / ".venv").mkdir()
    (folder / ".venv" / "bin").symlink_to(Path(sys.executable).parent)
    (folder / ".venv" / ".installed").touch()
    return folder


@pytest.fixture
def port() -> int:
    return free_port()


@pytest.fixture
def first_terminal(checkout: Path, port: int, tmp_path: Path) -> Iterator[Server]:
    printed = tmp_path / "first-terminal.txt"
    server = Server(checkout, environment(CHANGEOVER_PORT=str(port)), printed)
    yield server
    server.close()


@pytest.fixture
def second_terminal(checkout: Path) -> Iterator[Terminal]:
    terminal = Terminal(checkout, environment())
    yield terminal
    terminal.close()


def take(step: Step, terminal: Terminal) -> None:
    """Runs a step; one that only looks at a growing file looks again until it shows."""
    if step.only_looks:
        # A reader takes a moment too, and what was begun in the background takes one to begin.
        time.sleep(1)
    deadline = time.monotonic() + PATIENCE
    printed = terminal.run(step.commands)
    while step.shown is not None and not shows(step.shown, printed):
        again = step.only_looks and time.monotonic() < deadline
        assert again, (
            f"{step.commands}\nshows:\n"
            + "\n".join(step.shown)
            + ("\nprinted:\n" + "\n".join(printed))
        )
        time.sleep(0.3)
        printed = terminal.run(step.commands)


def test_the_walk(port: int, first_terminal: Server, second_terminal: Terminal) -> None:
    two_commands, *walk = steps(README.replace(WRITTEN_ADDRESS, f"127.0.0.1:{port}"))
    clone, up = two_commands.commands.splitlines()
    assert clone.startswith("git clone ")
    assert up == "make up"
    first_terminal.wait_for("Ctrl-C stops.")
    assert two_commands.shown is not None
    assert shows(two_commands.shown, first_terminal.printed.read_text().splitlines())
    for step in walk:
        take(step, second_terminal)
        if step.stop:
            first_terminal.interrupt()
    assert "Stopped. Everything is recorded." in first_terminal.printed.read_text()


def test_the_walk_has_what_it_promises() -> None:
    walk = steps(README)
    commands = "\n".join(step.commands for step in walk)
    for command in ("decide", "reach", "scenario play", "intake", "orders issue", "ledger verify"):
        assert f"changeover {command}" in commands
    assert [step.stop for step in walk].count(True) == 1


def test_what_is_shown_is_compared() -> None:
    assert shows(["a", "…", "d"], ["a", "b", "c", "d"])
    assert shows(["a…d"], ["abcd"])
    assert shows(["…"], [])
    assert not shows(["a", "d"], ["a", "b", "d"])
    assert not shows(["a"], ["a", "b"])
    assert not shows(["a.c"], ["abc"])
