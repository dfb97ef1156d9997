"""The parent of workers, over a program that only says that it serves."""

import socket
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from changeover.wiring.workers import Workers

PROGRAM = """
import os, sys, time
if os.path.exists(sys.argv[1]):
    sys.exit(3)
os.write(int(os.environ["CHANGEOVER_WORKER"].split(",")[1]), b".")
time.sleep(60)
"""


class Parent:
    """A parent of two workers that serve; those begun after `break_down` end at once."""

    def __init__(self, folder: Path) -> None:
        self.said: list[str] = []
        self._broken = folder / "broken"
        command = (sys.executable, "-c", PROGRAM, str(self._broken))
        self._bound = socket.create_server(("127.0.0.1", 0))
        self.workers = Workers(command, self._bound, 2, self.said.append)
        assert all(self.workers._start() for _ in range(2))

    def break_down(self) -> None:
        self._broken.touch()

    def running(self) -> list[int]:
        return [worker.process.pid for worker in self.workers._workers if worker.look()]

    def end(self) -> None:
        self.workers._stop(failed=False)
        self._bound.close()


@pytest.fixture
def parent(tmp_path: Path) -> Iterator[Parent]:
    made = Parent(tmp_path)
    yield made
    made.end()


def test_a_new_worker_that_does_not_serve_leaves_the_old_ones_and_nothing_of_itself(parent: Parent):
    first = parent.running()
    parent.break_down()
    parent.workers._replace_all()
    assert "are left as they are" in parent.said[-1]
    assert parent.running() == first
    # Nothing dead is left, in whose place another would be started.
    assert len(parent.workers._workers) == 2


def test_all_are_replaced_when_the_new_ones_serve(parent: Parent):
    first = parent.running()
    parent.workers._replace_all()
    second = parent.running()
    assert len(second) == 2
    assert set(second).isdisjoint(first)


def test_nobody_is_replaced_while_the_settings_cannot_be_used(parent: Parent):
    first = parent.running()
    parent.workers._check = lambda: ["One setting cannot be used."]
    parent.workers._replace_all()
    assert parent.said == ["One setting cannot be used.", "The workers are left as they are."]
    assert parent.running() == first
