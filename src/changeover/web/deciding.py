"""A decision, and what a slot is bound by, as the pages for routes and bindings tell them."""

from datetime import datetime

import msgspec

from changeover.orders.decision import Decision, Outcome
from changeover.orders.names import NamedOrder, named_order
from changeover.orders.ruleset import Ruleset


class DecisionTold(msgspec.Struct, frozen=True, kw_only=True):
    """What is decided of a route now, why, and the orders that it rests on."""

    route: str
    outcome: Outcome
    because: str
    deadline: datetime | None
    orders: tuple[NamedOrder, ...]


def tell_decision(ruleset: Ruleset, decision: Decision) -> DecisionTold:
    cited = [c.instrument for c in decision.citations if c.effect in ("refuses", "notice")]
    return DecisionTold(
        route=decision.route,
        outcome=decision.outcome,
        because=decision.because,
        deadline=decision.deadline,
        orders=name_orders(ruleset, (*cited, *decision.held_by)),
    )


def name_orders(ruleset: Ruleset, ids: tuple[str, ...]) -> tuple[NamedOrder, ...]:
    """Orders on record, named, each once."""
    return tuple(
        named_order(ruleset.directory, ruleset.issued[id_].instrument) for id_ in dict.fromkeys(ids)
    )
