"""Which models serve which slots, since when and by what; those to come and those that were."""

from collections.abc import Iterable
from datetime import datetime

import msgspec

from changeover.basics.clock import Clock
from changeover.basics.text import Bilingual
from changeover.directory.model import Binding, WhenBarred, WhenLost
from changeover.identity.people import Role
from changeover.orders.answering import answering
from changeover.orders.bound import BoundName, BoundSlot, bound_slots
from changeover.orders.names import ModelRef, NamedOrder, model_ref
from changeover.orders.ruleset import Ruleset
from changeover.orders.usecases import Office
from changeover.web.api import Caller, Operation, Params, Stream
from changeover.web.deciding import DecisionTold, name_orders, tell_decision

READERS: tuple[Role, ...] = ("officer", "administrator")


class BoundModel(msgspec.Struct, frozen=True, kw_only=True):
    """A model or route that a binding names; `model` and `decision` are None where it has gone."""

    name: str
    model: ModelRef | None
    decision: DecisionTold | None


class BindingLine(msgspec.Struct, frozen=True, kw_only=True):
    """A binding: its models in order, and the order that made it; None for the directory."""

    since: datetime
    models: tuple[str, ...]
    provisional: bool
    instrument: str | None
    order: NamedOrder | None


class SlotLine(msgspec.Struct, frozen=True, kw_only=True):
    """A slot of a service. `answers` is the model that answers in it now, if any does."""

    service: str
    service_name: Bilingual
    party: str
    slot: str
    when_barred: WhenBarred
    losses: WhenLost
    standing: BindingLine | None
    models: tuple[BoundModel, ...]
    answers: ModelRef | None
    upcoming: tuple[BindingLine, ...]
    past: tuple[BindingLine, ...]


class BindingsPage(msgspec.Struct, frozen=True, kw_only=True):
    """Every slot of every service."""

    demonstration: bool
    now: datetime
    zone: str
    slots: tuple[SlotLine, ...]


class BindingParts(msgspec.Struct, frozen=True, kw_only=True):
    """What this operation reads."""

    office: Office
    clock: Clock
    demonstration: bool


def operations(parts: BindingParts) -> list[Operation | Stream]:
    """`/bindings`."""

    def read(_: Caller, __: None, ___: Params) -> BindingsPage:
        now, rules = parts.clock.now(), parts.office.rules
        return BindingsPage(
            demonstration=parts.demonstration,
            now=now,
            zone=rules.current.directory.zone if rules.ready else "UTC",
            slots=tuple(_lines(rules.current, now)) if rules.ready else (),
        )

    summary = "Which models serve which slots."
    return [Operation("GET", "/bindings", None, BindingsPage, READERS, read, summary)]


def _lines(ruleset: Ruleset, now: datetime) -> Iterable[SlotLine]:
    for bound in bound_slots(ruleset, now):
        yield _line(ruleset, bound, now)


def _line(ruleset: Ruleset, bound: BoundSlot, now: datetime) -> SlotLine:
    found = answering(ruleset, bound.service.id, bound.slot, now)
    route = None if found is None else found.route
    directory = ruleset.directory
    return SlotLine(
        service=bound.service.id,
        service_name=bound.service.name,
        party=bound.service.party,
        slot=bound.slot,
        when_barred=bound.service.when_barred,
        losses=bound.service.losses,
        standing=None if bound.standing is None else _binding(ruleset, bound.standing),
        models=tuple(_model(ruleset, name) for name in bound.names),
        answers=None if route is None else model_ref(directory, directory.routes[route].model),
        upcoming=tuple(_binding(ruleset, binding) for binding in bound.upcoming),
        past=tuple(_binding(ruleset, binding) for binding in reversed(bound.past)),
    )


def _binding(ruleset: Ruleset, binding: Binding) -> BindingLine:
    made_by = binding.instrument
    on_record = (made_by,) if made_by is not None and made_by in ruleset.issued else ()
    return BindingLine(
        since=binding.since,
        models=binding.models,
        provisional=binding.provisional,
        instrument=made_by,
        order=next(iter(name_orders(ruleset, on_record)), None),
    )


def _model(ruleset: Ruleset, bound: BoundName) -> BoundModel:
    given, directory = bound.given, ruleset.directory
    return BoundModel(
        name=bound.name,
        model=None if given is None else model_ref(directory, directory.routes[given.route].model),
        decision=None if given is None else tell_decision(ruleset, given),
    )
