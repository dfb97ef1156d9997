"""Which model answers in a service's slot, and how its binding stands.

A slot's binding names models in order. The first is what the slot is bound to;
when all its routes are refused, the next in the binding answers if the service
wants a replacement, and otherwise nobody does.
"""

from datetime import datetime

import msgspec

from changeover.basics.errors import NotFoundError
from changeover.orders.candidates import find_candidates
from changeover.orders.decide import decide
from changeover.orders.decision import Decision
from changeover.orders.ruleset import Ruleset, call_of


class Answering(msgspec.Struct, frozen=True, kw_only=True):
    """A slot at an instant.

    `bound` is the binding's first model and `decision` the one for the route of
    it that a call would be given; `route` is what answers, maybe another model's,
    None where nobody does.
    """

    bound: str
    decision: Decision
    route: str | None


def answering(ruleset: Ruleset, service: str, slot: str, at: datetime) -> Answering | None:
    """What answers in the slot; None where nothing that has a route is bound to it."""
    try:
        found = find_candidates(ruleset, service, slot, "default", at)
    except NotFoundError:
        return None
    call = call_of(ruleset.directory.services[service], slot)
    asked = [decide(ruleset, call, route, at) for route in found.asked]
    if not asked:
        return None
    decision = next((d for d in asked if d.outcome != "refuse"), asked[0])
    route: str | None = decision.route
    if decision.outcome == "refuse":
        others = (decide(ruleset, call, other, at) for other in found.fallbacks)
        route = next((d.route for d in others if d.outcome != "refuse"), None)
    return Answering(
        bound=ruleset.directory.routes[decision.route].model, decision=decision, route=route
    )
