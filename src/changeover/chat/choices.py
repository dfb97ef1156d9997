"""The models that a person may ask for, and what each would be answered now.

Pure over a ruleset. A model none of whose routes this installation can call is
left out: it could not be had, whatever the rules say.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Protocol

import msgspec

from changeover.basics.errors import ConflictError, NotFoundError
from changeover.basics.instants import microseconds
from changeover.chat.model import ModelChoice, OrderRef
from changeover.directory.model import Protocol as WireProtocol
from changeover.orders.candidates import find_candidates, routes_named
from changeover.orders.decide import decide, next_change
from changeover.orders.decision import Decision
from changeover.orders.explain import explain
from changeover.orders.ruleset import Ruleset, call_of

DEFAULT = "default"
"""The name under which a person asks for whatever the slot is bound to."""


class Endpoints(Protocol):
    """Which routes this installation can call, and which a stand-in answers."""

    def reaches(self, host: str, protocol: WireProtocol) -> bool: ...

    def stands_in(self, host: str) -> bool: ...


class Choosing:
    """The choices of one service's slot at one instant."""

    def __init__(
        self, ruleset: Ruleset, service: str, slot: str, now: datetime, endpoints: Endpoints
    ) -> None:
        if service not in ruleset.directory.services:
            raise NotFoundError(
                f"The service {service} is not in the directory.",
                means="The chat has no models to ask.",
                do="An operator declares the service and binds a model to it.",
            )
        self._ruleset = ruleset
        self._service = service
        self._slot = slot
        self._now = now
        self._endpoints = endpoints
        self._call = call_of(ruleset.directory.services[service], slot)
        binding = ruleset.binding(service, slot, microseconds(now))
        routes = () if binding is None else routes_named(ruleset, binding.models)
        self._bound = tuple(
            dict.fromkeys(ruleset.directory.routes[route].model for route in routes)
        )

    def all(self) -> tuple[ModelChoice, ...]:
        """Every chat model that can be called, the binding's first, then by maker and name."""
        chat_models = [m.id for m in self._ruleset.directory.models.values() if m.kind == "chat"]
        found = [choice for choice in map(self.of_model, chat_models) if choice is not None]
        rank = {model: place for place, model in enumerate(self._bound)}
        return tuple(sorted(found, key=lambda c: (rank.get(c.id, len(rank)), c.maker, c.name)))

    def default(self) -> ModelChoice:
        """What answers a person who names no model; if all is refused, what was bound.

        `ConflictError` when nothing is bound to the slot, or nothing that can be called.
        """
        found = find_candidates(self._ruleset, self._service, self._slot, DEFAULT, self._now)
        choice = self._of_routes((*found.asked, *found.fallbacks))
        if choice is None:
            raise ConflictError(
                f"No endpoint is set for any model that {self._service} is bound to.",
                means="The chat cannot answer.",
                do="An operator sets one with the vendor's key.",
            )
        return choice

    def of_model(self, model: str) -> ModelChoice | None:
        """What asking for a model (or a route) would give; None when it cannot be called.

        `NotFoundError` when there is no such model.
        """
        found = find_candidates(self._ruleset, self._service, self._slot, model, self._now)
        return self._of_routes(found.asked)

    def of_route(self, route: str) -> ModelChoice:
        """What asking for this one route would give, callable or not."""
        return self._choice(decide(self._ruleset, self._call, route, self._now))

    def refusing(
        self, model: str | None, classes: Collection[str]
    ) -> Mapping[str, OrderRef | None]:
        """The data classes that may not go to what would answer, each with the order, if one is.

        A candidate that may be given all of them comes before one that may not.
        """
        name = DEFAULT if model is None else model
        found = find_candidates(self._ruleset, self._service, self._slot, name, self._now)
        routes = self._callable((*found.asked, *(found.fallbacks if model is None else ())))
        allowed = [r for r in routes if self._decided(r).outcome != "refuse"]
        if any(self._decided(r, *classes).outcome != "refuse" for r in allowed) or not allowed:
            return {}
        told = {one: self._decided(allowed[0], one) for one in sorted(classes)}
        return {
            one: deciding_order(self._ruleset, decision)
            for one, decision in told.items()
            if decision.outcome == "refuse"
        }

    def instead(self, model: str) -> tuple[ModelChoice, ...]:
        """What may be asked for in place of a model: what is allowed, without notice first."""
        others = [c for c in self.all() if c.id != model and c.outcome != "refuse"]
        return tuple(sorted(others, key=lambda c: (c.outcome == "notice", not c.bound)))

    def _of_routes(self, routes: Sequence[str]) -> ModelChoice | None:
        decisions = [self._decided(route) for route in self._callable(routes)]
        if not decisions:
            return None
        return self._choice(next((d for d in decisions if d.outcome != "refuse"), decisions[0]))

    def _callable(self, routes: Sequence[str]) -> list[str]:
        known = (self._ruleset.directory.routes[name] for name in routes)
        return [r.id for r in known if self._endpoints.reaches(r.host, r.protocol)]

    def _decided(self, route: str, *content: str) -> Decision:
        call = msgspec.structs.replace(self._call, content=content) if content else self._call
        return decide(self._ruleset, call, route, self._now)

    def _choice(self, decision: Decision) -> ModelChoice:
        directory = self._ruleset.directory
        route = directory.routes[decision.route]
        model = directory.models[route.model]
        changes = next_change(self._ruleset, self._call, route.id, self._now)
        return ModelChoice(
            id=model.id,
            name=model.name,
            maker=model.maker,
            maker_name=directory.vendors[model.maker].name,
            route=None if decision.outcome == "refuse" else route.id,
            outcome=decision.outcome,
            because=decision.because,
            explanation=explain(self._ruleset, decision, changes_at=changes),
            order=deciding_order(self._ruleset, decision),
            deadline=decision.deadline,
            knowledge_cutoff=model.capabilities.knowledge_cutoff,
            context=model.capabilities.context,
            stand_in=self._endpoints.stands_in(route.host),
            bound=model.id in self._bound,
            images="image" in model.capabilities.modalities,
        )


def choices(
    ruleset: Ruleset, service: str, slot: str, now: datetime, endpoints: Endpoints
) -> tuple[ModelChoice, ...]:
    """`Choosing(...).all()`, for a single question."""
    return Choosing(ruleset, service, slot, now, endpoints).all()


def deciding_order(ruleset: Ruleset, decision: Decision) -> OrderRef | None:
    """The order that refuses or gives notice; None when none does."""
    cited = deciding_instruments(decision)
    return order_ref(ruleset, cited[0]) if cited else None


def deciding_instruments(decision: Decision) -> tuple[str, ...]:
    """The instruments that refuse, or hold the route, or give notice."""
    effect = "refuses" if decision.outcome == "refuse" else "notice"
    cited = [c.instrument for c in decision.citations if c.effect == effect]
    return tuple(dict.fromkeys((*cited, *decision.held_by)))


def order_ref(ruleset: Ruleset, instrument: str) -> OrderRef:
    """An instrument on record, named."""
    found = ruleset.issued[instrument].instrument
    return OrderRef(
        id=found.id,
        title=found.title,
        issuer_name=ruleset.directory.issuers[found.issuer].name,
    )
