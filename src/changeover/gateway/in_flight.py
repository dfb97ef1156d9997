"""Answers on their way, and what an order that begins meanwhile does to them.

An order that says `in_flight: cut` ends the answers that it refuses: `review` decides
anew for each and cuts them. Others go to their end. Of either the ledger tells both
instants, when the order began and when the answer ended (`overtaken`).

An order begins by the clock, so whoever reviews must look at the very instant: `wait`
says how long it may sleep until a clause may next stand otherwise for an answer that
is on its way, and `subscribe` tells of an answer for which that is sooner.
"""

from collections.abc import Callable
from datetime import datetime

from changeover.basics.clock import Clock
from changeover.basics.instants import microseconds
from changeover.gateway.refusal import barred
from changeover.gateway.trying import Running
from changeover.orders.decide import decide
from changeover.orders.decision import Call
from changeover.orders.in_force import Rules
from changeover.orders.overtaking import Overtaken, next_boundary, overtaken
from changeover.orders.ruleset import Ruleset
from changeover.orders.uses import FOREVER

_LEAST_WAIT = 0.001


class InFlight:
    """The answers on their way in this process. For one thread, that of the event loop."""

    def __init__(self, rules: Rules, clock: Clock, operator: str) -> None:
        self._rules = rules
        self._clock = clock
        self._operator = operator
        self._running: set[Running] = set()
        self._next = FOREVER
        self._known_for: Ruleset | None = None
        self._boundaries: dict[tuple[Call, str], int] = {}
        self._sooner: Callable[[], None] = lambda: None

    def subscribe(self, sooner: Callable[[], None]) -> None:
        """Has `sooner` called when `wait` would answer less than it last did."""
        self._sooner = sooner

    def __len__(self) -> int:
        return len(self._running)

    def add(self, exchange: Running) -> None:
        """Watches an answer that has begun."""
        self._running.add(exchange)
        boundary = self._boundary(self._rules.current, exchange, self._now())
        if boundary < self._next:
            self._next = boundary
            self._sooner()

    def discard(self, exchange: Running) -> bool:
        """Forgets an answer that was closed; whether it was known."""
        known = exchange in self._running
        self._running.discard(exchange)
        return known

    def review(self) -> None:
        """Cuts the answers that a clause with `in_flight: cut` now refuses."""
        ruleset, now = self._rules.current, self._clock.now()
        for exchange in list(self._running):
            why = self._why_cut(ruleset, exchange, now)
            if why is not None:
                exchange.cut(why)
        instant = microseconds(now)
        boundaries = (self._boundary(ruleset, exchange, instant) for exchange in self._running)
        self._next = min(boundaries, default=FOREVER)

    def wait(self, longest: float) -> float:
        """Seconds until the next review is due; `longest` if nothing is before that."""
        return min(longest, max((self._next - self._now()) / 1e6, _LEAST_WAIT))

    def overtaken(self, call: Call, route: str) -> Overtaken | None:
        """What refuses now a call that was let out, and since when."""
        return overtaken(self._rules.current, call, route, self._clock.now())

    def _why_cut(self, ruleset: Ruleset, exchange: Running, now: datetime) -> str | None:
        route, call = exchange.served.route.id, exchange.served.call
        if route not in ruleset.directory.routes:
            return f"The route {route} was removed from the directory."
        if call.service not in ruleset.directory.services:
            return f"The service {call.service} was removed from the directory."
        decision = decide(ruleset, call, route, now)
        if not any(c.effect == "refuses" and c.cuts for c in decision.citations):
            return None
        return barred(ruleset, [decision], instead=(), operator=self._operator).message

    def _boundary(self, ruleset: Ruleset, exchange: Running, now: int) -> int:
        """When a clause may next stand otherwise for the answer's call; kept for all alike."""
        if ruleset is not self._known_for:
            self._known_for, self._boundaries = ruleset, {}
        place = exchange.served.call, exchange.served.route.id
        if place[1] not in ruleset.directory.routes:
            return FOREVER
        found = self._boundaries.get(place)
        if found is None or found <= now:
            found = self._boundaries[place] = next_boundary(ruleset, *place, now)
        return found

    def _now(self) -> int:
        return microseconds(self._clock.now())
