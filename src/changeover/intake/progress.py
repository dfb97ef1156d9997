"""How far documents that are being read have got, for whoever waits for one."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import msgspec

from changeover.intake.formats import Progress

_MOST = 1_000


class HowFar(msgspec.Struct, frozen=True):
    """Parts that were read, of all; both 0 where nothing is known of it here."""

    done: int = 0
    total: int = 0


class ReadingProgress:
    """Kept in memory, by tickets that those who wait have chosen; any thread may ask."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._told: dict[str, HowFar] = {}

    def of(self, ticket: str) -> HowFar:
        with self._lock:
            return self._told.get(ticket, HowFar())

    @contextmanager
    def following(self, ticket: str) -> Iterator[Progress]:
        """What is told inside can be asked for by the ticket until the end of it."""

        def told(done: int, total: int) -> None:
            with self._lock:
                if ticket and (ticket in self._told or len(self._told) < _MOST):
                    self._told[ticket] = HowFar(done, total)

        try:
            yield told
        finally:
            with self._lock:
                self._told.pop(ticket, None)
