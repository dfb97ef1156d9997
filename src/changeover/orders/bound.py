"""What the slots of services are bound to, and what is decided now of each that is named.

A binding names models in order, each with all its routes or one of them. A slot may
come to every route that its binding names, the first model's before the next; whether
the next is tried without being asked for is for the service to say (`when_barred`).
"""

from collections.abc import Iterator
from datetime import datetime

import msgspec

from changeover.basics.instants import microseconds
from changeover.directory.model import Binding, Service
from changeover.orders.candidates import routes_named
from changeover.orders.decide import decide
from changeover.orders.decision import Decision
from changeover.orders.ruleset import Ruleset, call_of


class BoundName(msgspec.Struct, frozen=True, kw_only=True):
    """A model or route that a binding names, and the decision for each of its routes.

    There is none where the name has left the directory.
    """

    name: str
    decisions: tuple[Decision, ...]

    @property
    def given(self) -> Decision | None:
        """The decision for the route that a call would be given, the first if all are refused."""
        served = (each for each in self.decisions if each.outcome != "refuse")
        return next(served, self.decisions[0] if self.decisions else None)


class BoundSlot(msgspec.Struct, frozen=True, kw_only=True):
    """A slot at an instant: its binding that stands, those to come and those that were.

    `past` and `upcoming` are in the order of time.
    """

    service: Service
    slot: str
    standing: Binding | None
    names: tuple[BoundName, ...]
    past: tuple[Binding, ...]
    upcoming: tuple[Binding, ...]


def bound_slots(ruleset: Ruleset, at: datetime) -> Iterator[BoundSlot]:
    """Every slot of every service, bound or not."""
    for service in ruleset.directory.services.values():
        for slot in service.slots:
            yield _slot(ruleset, service, slot.name, at)


def _slot(ruleset: Ruleset, service: Service, slot: str, at: datetime) -> BoundSlot:
    bindings = ruleset.bindings(service.id, slot)
    standing = ruleset.binding(service.id, slot, microseconds(at))
    began = [binding for binding in bindings if binding.since <= at]
    return BoundSlot(
        service=service,
        slot=slot,
        standing=standing,
        names=tuple(
            BoundName(
                name=name,
                decisions=tuple(
                    decide(ruleset, call_of(service, slot), route, at)
                    for route in routes_named(ruleset, (name,))
                ),
            )
            for name in (() if standing is None else standing.models)
        ),
        past=tuple(began[:-1]),
        upcoming=tuple(binding for binding in bindings if binding.since > at),
    )
