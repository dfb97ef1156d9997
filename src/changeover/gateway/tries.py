"""Tries of routes begun: reserved for, and their intents in the journal.

Nothing is sent before, and nothing is reserved for a try that sends nothing.
"""

from functools import partial

from changeover.conversation.model import Loss
from changeover.gateway.attempt import Attempt
from changeover.gateway.charging import Charge
from changeover.gateway.in_flight import InFlight
from changeover.gateway.parts import Parts
from changeover.gateway.reserving import Reserving
from changeover.gateway.trying import Bound, W, check_losses, intent_of
from changeover.orders.decision import Decision
from changeover.wire.longest import JSON


class Tries:
    """Begins the tries of calls. One per process."""

    def __init__(self, parts: Parts, in_flight: InFlight) -> None:
        self._parts = parts
        self._in_flight = in_flight
        self._reserving = Reserving(parts.meter, parts.machine)

    async def begin(
        self,
        bound: Bound[W],
        decision: Decision,
        body: bytes,
        losses: tuple[Loss, ...],
        content_type: str = JSON,
    ) -> Attempt:
        """A try whose intent is in the journal, and for which what it may take is reserved.

        `body` is what is to be sent, and `losses` what of the request it leaves out.
        """
        charge = self._charge(bound, decision)
        await self._reserving.reserve(bound, charge, decision.route, body, content_type)
        attempt = self._attempt(bound, decision, charge)
        attempt.lose(losses)
        await attempt.begin()
        check_losses(bound, attempt)
        return attempt

    def attempt(self, bound: Bound[W], decision: Decision) -> Attempt:
        """A try for which nothing is sent, so that nothing is reserved."""
        return self._attempt(bound, decision, self._charge(bound, decision))

    def _charge(self, bound: Bound[W], decision: Decision) -> Charge:
        route = bound.ruleset.directory.routes[decision.route]
        return Charge(bound.asked.operation, self._parts.prices.tariff(route, bound.at))

    def _attempt(self, bound: Bound[W], decision: Decision, charge: Charge) -> Attempt:
        """The intent of a try, to be begun before anything else is waited for."""
        parts = self._parts
        route = bound.ruleset.directory.routes[decision.route]
        # No wait stands between here and `begin`, so the number is still the next one there.
        stand_in = parts.upstream.stands_in(route.host)
        place = (parts.start, parts.journal.next_seq)
        intent = intent_of(bound, decision, place, charge.reserve, stand_in=stand_in)
        overtaken = partial(self._in_flight.overtaken, bound.call, route.id)
        return Attempt(parts.journal, parts.clock, intent, overtaken, charge)
