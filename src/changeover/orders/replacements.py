"""What may take a model's place in a service: what is lawful there and can do the work.

For each slot that is bound to what is asked about, other models of its kind are looked at
through the rules: one is proposed if a call of that slot may use it now and from the day
of the move on. What can do less comes after what can do as much, and what a known order
or its own retirement takes away again comes last.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

import msgspec

from changeover.basics.instants import microseconds
from changeover.basics.text import Bilingual
from changeover.directory.model import Service
from changeover.orders.candidates import routes_named
from changeover.orders.decide import decide, next_change
from changeover.orders.decision import Call, Outcome
from changeover.orders.differences import differences, poorer
from changeover.orders.names import ModelRef, model_ref
from changeover.orders.powers import powers_of
from changeover.orders.reach import reach
from changeover.orders.ruleset import Ruleset, call_of

MOST = 6
"""How many replacements are proposed for a slot."""
_AHEAD = timedelta(days=365)
_STEPS = 6


class Replacement(msgspec.Struct, frozen=True, kw_only=True):
    """A model that may serve the slot, by its best route.

    `until` is when a known order or its retirement takes it away, `differences` what people
    would notice, the gravest first, `poorer` in how many ways it can do less.
    """

    model: ModelRef
    route: str
    outcome: Outcome
    until: datetime | None
    retires: datetime | None
    differences: tuple[Bilingual, ...]
    poorer: int


class SlotToMove(msgspec.Struct, frozen=True, kw_only=True):
    """A slot that is bound to what is asked about.

    `bound` is the first model of its binding, `models` all that it names; `outcome` is how
    that stands at the day of the move. `issuers` are those that may bind it anew.
    """

    service: str
    service_name: Bilingual
    slot: str
    party: str
    party_name: Bilingual
    owner: str
    users: int | None
    criticality: int | None
    bound: ModelRef
    models: tuple[str, ...]
    outcome: Outcome
    because: str
    deadline: datetime | None
    retires: datetime | None
    replacements: tuple[Replacement, ...]
    issuers: tuple[str, ...]


def slots_to_move(ruleset: Ruleset, name: str, at: datetime, now: datetime) -> list[SlotToMove]:
    """The slots whose first model a vendor, model, order or service concerns.

    What must not stop comes first.

    `NotFoundError` when `name` is none of them.
    """
    instant = max(at, now)
    places = _places(ruleset, name, instant)
    found = [
        moved
        for service, slot in places
        if (moved := _slot(ruleset, ruleset.directory.services[service], slot, instant, now))
    ]
    return sorted(found, key=lambda one: (one.criticality or 5, one.service, one.slot))


def _places(ruleset: Ruleset, name: str, at: datetime) -> list[tuple[str, str]]:
    services = ruleset.directory.services
    if name in services:
        return [(name, slot.name) for slot in services[name].slots]
    routes = ruleset.directory.routes
    touched = reach(ruleset, name, at).slots
    return list(
        dict.fromkeys(
            (slot.service, slot.slot)
            for slot in touched
            if routes[slot.route].model == _first(ruleset, slot.service, slot.slot, at)
        )
    )


def _first(ruleset: Ruleset, service: str, slot: str, at: datetime) -> str | None:
    """The first model of the slot's binding."""
    binding = ruleset.binding(service, slot, microseconds(at))
    routes = () if binding is None else routes_named(ruleset, binding.models)
    return ruleset.directory.routes[routes[0]].model if routes else None


def _slot(
    ruleset: Ruleset, service: Service, slot: str, at: datetime, now: datetime
) -> SlotToMove | None:
    """The slot as it stands and what may take its model's place; None where nothing is bound."""
    directory = ruleset.directory
    binding = ruleset.binding(service.id, slot, microseconds(at))
    routes = () if binding is None else routes_named(ruleset, binding.models)
    if binding is None or not routes:
        return None
    call = call_of(service, slot)
    decision = decide(ruleset, call, routes[0], at)
    bound = directory.routes[routes[0]].model
    return SlotToMove(
        service=service.id,
        service_name=service.name,
        slot=slot,
        party=service.party,
        party_name=directory.parties[service.party].name,
        owner=service.owner,
        users=service.users,
        criticality=service.criticality,
        bound=model_ref(directory, bound),
        models=binding.models,
        outcome=decision.outcome,
        because=decision.because,
        deadline=decision.deadline,
        retires=directory.models[bound].retires,
        replacements=tuple(_replacements(ruleset, call, bound, at, now))[:MOST],
        issuers=issuers_over(ruleset, service.party),
    )


def issuers_over(ruleset: Ruleset, party: str) -> tuple[str, ...]:
    """The issuers that may bind a party's services anew, those of the party itself first."""
    directory = ruleset.directory
    found = [i for i in directory.issuers.values() if party in powers_of(directory, i).binds]
    return tuple(i.id for i in sorted(found, key=lambda i: (i.party != party, i.id)))


def _replacements(
    ruleset: Ruleset, call: Call, bound: str, at: datetime, now: datetime
) -> list[Replacement]:
    directory = ruleset.directory
    kind = directory.models[bound].kind
    found: dict[str, Replacement] = {}
    for route in ruleset.makers_own_first:
        model = directory.routes[route].model
        if model == bound or model in found or directory.models[model].kind != kind:
            continue
        proposed = _proposed(ruleset, call, bound, route, (now, at))
        if proposed is not None:
            found[model] = proposed
    return sorted(found.values(), key=_rank)


def _proposed(
    ruleset: Ruleset, call: Call, bound: str, route: str, instants: Iterable[datetime]
) -> Replacement | None:
    """The route's model as a replacement; None where it may not serve at one of the instants."""
    directory = ruleset.directory
    model = directory.models[directory.routes[route].model]
    decisions = [(at, decide(ruleset, call, route, at)) for at in instants]
    at, decision = decisions[-1]
    if any(d.outcome == "refuse" for _, d in decisions):
        return None
    if model.retires is not None and model.retires <= at:
        return None
    barred = _barred_from(ruleset, call, route, at)
    ends = [end for end in (barred, model.retires) if end is not None]
    return Replacement(
        model=model_ref(directory, model.id),
        route=route,
        outcome=decision.outcome,
        until=min(ends, default=None),
        retires=model.retires,
        differences=differences(directory, bound, model.id),
        poorer=poorer(directory, bound, model.id),
    )


def _barred_from(ruleset: Ruleset, call: Call, route: str, at: datetime) -> datetime | None:
    """When the route is refused by what is known; None where it is not within a year."""
    for change in _changes(ruleset, call, route, at):
        if decide(ruleset, call, route, change).outcome == "refuse":
            return change
    return None


def _changes(ruleset: Ruleset, call: Call, route: str, at: datetime) -> Iterator[datetime]:
    end = at + _AHEAD
    for _ in range(_STEPS):
        change = next_change(ruleset, call, route, at)
        if change is None or change > end:
            return
        yield change
        at = change


def _rank(one: Replacement) -> tuple[bool, bool, int, str]:
    return one.until is not None, one.outcome != "allow", one.poorer, one.model.id
