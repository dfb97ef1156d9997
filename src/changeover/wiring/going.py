"""A server that goes away, and who is told of it."""

from collections.abc import Callable

from changeover.web.events import Streams
from changeover.wiring.joining import Joined


class Going:
    """Tells everybody concerned, once, that the server goes away."""

    def __init__(self, replica: Joined, streams: Streams) -> None:
        self.replica = replica
        self.begun = False
        self._told: list[Callable[[], None]] = [replica.withdraw, streams.end]

    def subscribe(self, told: Callable[[], None]) -> None:
        self._told.append(told)

    def begin(self) -> None:
        self.begun = True
        for told in self._told:
            told()
