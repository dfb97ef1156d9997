"""The rules in force: the ruleset that the next call is decided by."""

import threading
from collections.abc import Callable

from changeover.basics.errors import NotFoundError
from changeover.orders.ruleset import Ruleset


class Rules:
    """The ruleset in force, replaced as a whole. What the gateway reads for every call."""

    def __init__(self) -> None:
        self._turn = threading.RLock()
        self._current: Ruleset | None = None
        self._listeners: list[Callable[[Ruleset], None]] = []

    def subscribe(self, listener: Callable[[Ruleset], None]) -> None:
        """Has `listener` called with every new ruleset, in the thread that replaced it."""
        self._listeners.append(listener)

    @property
    def current(self) -> Ruleset:
        """The ruleset; `NotFoundError` until a directory was recorded."""
        if self._current is None:
            raise NotFoundError(
                "No directory is recorded yet.",
                means="No service, model or route is known, so no call can be decided.",
                do="Record one with `changeover apply DIR`.",
            )
        return self._current

    @property
    def ready(self) -> bool:
        return self._current is not None

    def replace(self, ruleset: Ruleset) -> None:
        """Puts a ruleset in force; one of an earlier state of the record is ignored."""
        with self._turn:
            if self._current is not None and ruleset.seq < self._current.seq:
                return
            self._current = ruleset
            for listener in self._listeners:
                listener(ruleset)
