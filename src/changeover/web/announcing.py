"""Waking those in the event loop who wait for new rules.

An order is issued in a thread; `Rules` calls its listeners there. An announcer
hands over to the loop, where each waiting stream has an event of its own. It is
never waited for: whoever issues an order does not wait for those who read of it.
"""

import asyncio
import contextlib
from collections.abc import Iterator

from changeover.orders.in_force import Rules
from changeover.orders.ruleset import Ruleset


class Announcer:
    """Sets the event of every listener when a new ruleset stands."""

    def __init__(self, rules: Rules) -> None:
        self._loop: asyncio.AbstractEventLoop | None = None
        self._waiting: set[asyncio.Event] = set()
        rules.subscribe(self._announce)

    @contextlib.contextmanager
    def listening(self) -> Iterator[asyncio.Event]:
        """An event that is set with each new ruleset; whoever waits clears it. In the loop only."""
        self._loop = asyncio.get_running_loop()
        event = asyncio.Event()
        self._waiting.add(event)
        try:
            yield event
        finally:
            self._waiting.discard(event)

    def _announce(self, _: Ruleset) -> None:
        if self._loop is not None:
            # The loop may have ended, and with it everybody who listened.
            with contextlib.suppress(RuntimeError):
                self._loop.call_soon_threadsafe(self._wake)

    def _wake(self) -> None:
        for event in self._waiting:
            event.set()
