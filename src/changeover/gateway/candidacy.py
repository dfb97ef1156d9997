"""A call among its candidates: who is asked, in which order, and who is asked again.

1. Each route that was asked for, in order. One that may not be used, or that rests
   (`health.py`), is passed over.
2. The first of these whose failure was safe is tried once more after a short wait: nothing
   of the request had left, or the vendor said that it took no part of it (429, 503, 529).
   A call that a vendor may have answered, and billed, is never sent to it twice.
3. What may replace them, in order.
4. Where nobody is left, one of those that rest.

Each look is at the rules that stand then.
"""

import asyncio
from collections.abc import Callable
from typing import Generic, TypeVar

import msgspec

from changeover.gateway.health import Health
from changeover.gateway.refusal import rests
from changeover.gateway.trying import Bound, Passed, PassedOver, Trying, W, fits
from changeover.orders.candidates import Candidates
from changeover.orders.decide import decide

R = TypeVar("R")
_LEAST_WAIT, _MOST_WAIT = 0.05, 0.5
_LONGEST_AFTER = 2.0


class _Candidate(msgspec.Struct, frozen=True):
    """A route, and the route that it serves instead of, where it replaces one."""

    route: str
    instead_of: str | None = None


class Candidacy(Generic[W, R]):
    """One call among its candidates. `bind` gives it under the rules that stand then."""

    def __init__(
        self, asked: W, trying: Trying[W, R], bind: Callable[[W], Bound[W]], health: Health
    ) -> None:
        self._asked = asked
        self._trying = trying
        self._bind = bind
        self._health = health
        self._resting: list[_Candidate] = []
        self.passed = Passed()

    async def answer(self, found: Candidates) -> R | None:
        """What the first candidate that can serve answers; None where none can."""
        for route in found.asked:
            if (answer := await self._ask(_Candidate(route))) is not None:
                return answer
        if (answer := await self._ask_again()) is not None:
            return answer
        for route in () if self._asked.only else found.fallbacks:
            if (answer := await self._ask(_Candidate(route, found.asked[0]))) is not None:
                return answer
        return await self._ask_resting()

    async def _ask(self, candidate: _Candidate, *, rested: bool = True) -> R | None:
        route, passed = candidate.route, self.passed
        # A candidate before this one took time; the rules may have changed since.
        bound = self._bind(self._asked)
        if not fits(bound.ruleset, self._asked, route):
            return None
        if passed.unsaid and candidate.instead_of is not None:
            return None
        decision = decide(bound.ruleset, bound.call, route, bound.at)
        if decision.outcome == "refuse":
            passed.refused.append(decision)
            return None
        if rested and not self._health.admits(route):
            self._resting.append(candidate)
            return None
        try:
            return await self._trying(bound, decision, candidate.instead_of, passed)
        except PassedOver as over:
            passed.take(route, over)
            return None

    async def _ask_again(self) -> R | None:
        again = next((each for each in self.passed.again if self._may(each[1])), None)
        if again is None or not self._health.take_retry(again[0]):
            return None
        await asyncio.sleep((again[1] or 0.0) + self._health.jitter(_LEAST_WAIT, _MOST_WAIT))
        return await self._ask(_Candidate(again[0]))

    def _may(self, after: float | None) -> bool:
        return after is None or after <= _LONGEST_AFTER

    async def _ask_resting(self) -> R | None:
        if not self._resting:
            return None
        first = min(self._resting, key=lambda each: self._health.rests_for(each.route))
        with self._health.last_resort(first.route) as admitted:
            if admitted:
                return await self._ask(first, rested=False)
        seconds = self._health.rests_for(first.route)
        self.passed.failed.append(rests(first.route, seconds))
        return None
