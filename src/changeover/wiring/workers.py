"""Several workers on one port: a parent that binds it, and starts, watches and replaces them.

Each worker is a replica like any other, in a process of its own; the parent serves
nothing and opens no database. All accept from the parent's socket, so that a
connection that waits there is lost with no worker.

* A worker that dies is replaced, at once the first time and more slowly if it goes
  on dying.
* SIGHUP replaces all, one after the other: the new one serves before the old one is
  told to stop. What an old one has begun it ends, within its grace. Nothing is replaced
  while `check` says that the settings cannot be used: those that serve are worth more.
* SIGTERM and SIGINT are passed on, and the parent ends when the last worker has. A
  parent that is killed takes its workers with it: they stop as if they were told to.

A worker finds the socket, and the pipe on which it says that it serves, by their
numbers in `CHANGEOVER_WORKER`.
"""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from types import FrameType

import msgspec

from changeover.basics.clock import monotonic

VARIABLE = "CHANGEOVER_WORKER"
_LOOK_SECONDS = 0.1
_STARTS_WITHIN = 60.0
_STEADY_AFTER = 5.0
_SLOWEST = 10.0


class Inherited(msgspec.Struct, frozen=True):
    """What a worker has of its parent: the socket, where to say that it serves, and a voice.

    `parent` is the end of a pipe that nobody writes to: it ends with the parent, however
    that ends. The first worker speaks; the words of the others would repeat it.
    """

    listening: int
    ready: int
    parent: int
    speaks: int

    @classmethod
    def of(cls, environment: Mapping[str, str]) -> "Inherited | None":
        """What the environment says; None in a process that is nobody's worker."""
        text = environment.get(VARIABLE)
        return None if text is None else cls(*map(int, text.split(",")))

    def bound(self) -> socket.socket:
        """The parent's socket."""
        return socket.socket(fileno=self.listening)

    def serves(self) -> None:
        """Tells the parent that it serves."""
        os.write(self.ready, b".")
        os.close(self.ready)


class _Worker:
    """A process, and the end of the pipe on which it says that it serves."""

    def __init__(
        self, command: Sequence[str], bound: socket.socket, parent: int, *, speaks: bool
    ) -> None:
        self.began = monotonic()
        self.serves = False
        self._pipe, ready = os.pipe()
        os.set_blocking(self._pipe, False)
        told = f"{bound.fileno()},{ready},{parent},{int(speaks)}"
        self.process = subprocess.Popen(  # noqa: S603 - this program, with its own arguments
            command, env={**os.environ, VARIABLE: told}, pass_fds=(bound.fileno(), ready, parent)
        )
        os.close(ready)

    def look(self) -> bool:
        """Whether it runs; notes whether it serves."""
        if not self.serves:
            with contextlib.suppress(BlockingIOError):
                self.serves = os.read(self._pipe, 1) == b"."
        return self.process.poll() is None

    def end(self, number: signal.Signals = signal.SIGTERM) -> None:
        if self.process.poll() is None:
            self.process.send_signal(number)

    def close(self) -> None:
        os.close(self._pipe)


class Workers:
    """`count` workers that run `command` on the socket, from `run` to its end."""

    def __init__(
        self,
        command: Sequence[str],
        bound: socket.socket,
        count: int,
        say: Callable[[str], None],
        check: Callable[[], Sequence[str]] = tuple,
    ) -> None:
        self._command = command
        self._check = check
        self._bound = bound
        self._count = count
        self._say = say
        self._workers: list[_Worker] = []
        # The writing end stays here and closes with this process.
        self._alive, self._living = os.pipe()
        self._ending: signal.Signals | None = None
        self._replacing = False
        self._failures = 0

    def run(self) -> int:
        """Runs until told to stop; 0, or 1 when no worker ever came to serve."""
        for listened in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(listened, self._told)
        # The first one brings the database up to date, and says what all of them find.
        if not self._start(speaks=True):
            return self._stop(failed=True)
        for _ in range(1, self._count):
            if self._ending is None:
                self._start()
        self._say(f"{len(self._workers)} workers serve: {self._named()}.")
        while self._ending is None:
            time.sleep(_LOOK_SECONDS)
            if self._replacing:
                self._replace_all()
            self._replace_dead()
        return self._stop(failed=False)

    def _told(self, number: int, _: FrameType | None) -> None:
        if number == signal.SIGHUP:
            self._replacing = True
        else:
            self._ending = signal.Signals(number)

    def _start(self, *, speaks: bool = False) -> bool:
        """Starts a worker and waits until it serves; whether it came to."""
        worker = _Worker(self._command, self._bound, self._alive, speaks=speaks)
        self._workers.append(worker)
        until = monotonic() + _STARTS_WITHIN
        while worker.look() and not worker.serves and self._ending is None and monotonic() < until:
            time.sleep(_LOOK_SECONDS / 5)
        return worker.serves

    def _replace_all(self) -> None:
        self._replacing = False
        if faults := self._check():
            for line in faults:
                self._say(line)
            self._say("The workers are left as they are.")
            return
        self._say("Replacing the workers, one after the other …")
        for old in list(self._workers):
            serves = self._start()
            if self._ending is not None:
                return
            if not serves:
                self._say("The new worker does not serve: those that do are left as they are.")
                self._give_up(self._workers[-1])
                return
            old.end()
            while old.look() and self._ending is None:
                time.sleep(_LOOK_SECONDS)
            self._forget(old)
        self._say(f"{len(self._workers)} workers serve: {self._named()}.")

    def _replace_dead(self) -> None:
        for worker in [each for each in self._workers if not each.look()]:
            self._forget(worker)
            lasted = monotonic() - worker.began
            self._failures = 0 if lasted > _STEADY_AFTER else self._failures + 1
            pause = 0.0 if not self._failures else min(0.5 * 2**self._failures, _SLOWEST)
            self._say(
                f"Worker {worker.process.pid} ended by itself ({worker.process.returncode}); "
                f"another takes its place{f' in {pause:g} s' if pause else ''}."
            )
            self._pause(pause)
            if self._ending is None:
                self._start()

    def _pause(self, seconds: float) -> None:
        until = monotonic() + seconds
        while monotonic() < until and self._ending is None:
            time.sleep(_LOOK_SECONDS)

    def _give_up(self, worker: _Worker) -> None:
        """Ends one that did not come to serve; nothing takes its place."""
        worker.end(signal.SIGKILL)
        worker.process.wait()
        self._forget(worker)

    def _forget(self, worker: _Worker) -> None:
        worker.close()
        self._workers.remove(worker)

    def _stop(self, *, failed: bool) -> int:
        for worker in self._workers:
            worker.end(self._ending or signal.SIGTERM)
        for worker in self._workers:
            worker.process.wait()
        return 1 if failed and self._ending is None else 0

    def _named(self) -> str:
        return ", ".join(str(worker.process.pid) for worker in self._workers)


def command() -> tuple[str, ...]:
    """This program with the arguments that it was given."""
    return (sys.executable, "-m", "changeover", *sys.argv[1:])
