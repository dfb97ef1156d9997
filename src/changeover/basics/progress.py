"""How far long work has got, for whoever waits for it: told by one thread, asked by another."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import msgspec

Progress = Callable[[int, int], None]
"""Told how many parts are done, and of how many."""

_MOST = 1_000


class HowFar(msgspec.Struct, frozen=True):
    """Parts that are done, of all; both 0 where nothing is known of the work here."""

    done: int = 0
    total: int = 0


class Following:
    """Kept in this process's memory, by tickets that those who wait have chosen.

    Work for the account `whose` is told to that account alone; "" is everybody's.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._told: dict[tuple[str, str], HowFar] = {}

    def of(self, ticket: str, whose: str = "") -> HowFar:
        with self._lock:
            return self._told.get((whose, ticket), HowFar())

    @contextmanager
    def following(self, ticket: str, whose: str = "") -> Iterator[Progress]:
        """What is told inside can be asked for by the ticket until the end of it."""
        name = (whose, ticket)

        def told(done: int, total: int) -> None:
            with self._lock:
                if ticket and (name in self._told or len(self._told) < _MOST):
                    self._told[name] = HowFar(done, total)

        try:
            yield told
        finally:
            with self._lock:
                self._told.pop(name, None)
