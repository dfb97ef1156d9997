"""When another model begins to answer in a service's slot, and which order did it.

Compiled from a ruleset: at each instant that an order names (a binding that it
makes, a clause that begins, reaches its deadline or ends) the slot is asked what
answers just before and from then on. Where that differs, and only there, people
notice something: a turnover. An order that lets existing use go on makes none
until its deadline.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

import msgspec

from changeover.basics.instants import from_microseconds, microseconds
from changeover.directory.model import Binding
from changeover.orders.answering import Answering, answering
from changeover.orders.model import Instrument
from changeover.orders.ruleset import Ruleset, call_of

_MOMENT = timedelta(microseconds=1)


class Turnover(msgspec.Struct, frozen=True, kw_only=True):
    """From `at` on another route answers.

    `before` and `after` are routes. `before` is the last that answered, None if
    there was no other; `after` is None where nothing answers. `instrument` is the order
    that made the new binding, else the one that barred (or freed) the route.
    """

    service: str
    at: datetime
    instrument: str
    before: str | None
    after: str | None
    provisional: bool


def turnovers(ruleset: Ruleset, service: str, slot: str) -> tuple[Turnover, ...]:
    """Every turnover of a slot that the orders on record make, past and future, in order."""
    found = []
    last: str | None = None
    for at in _instants(ruleset, service, slot):
        before = answering(ruleset, service, slot, at - _MOMENT)
        after = answering(ruleset, service, slot, at)
        was, becomes = _route(before), _route(after)
        last = was or last
        cause = None if was == becomes else _cause(ruleset, service, slot, at, before)
        if cause is not None:
            binding = _binding(ruleset, service, slot, at)
            found.append(
                Turnover(
                    service=service,
                    at=at,
                    instrument=cause,
                    before=None if last == becomes else last,
                    after=becomes,
                    provisional=binding is not None and binding.provisional,
                )
            )
    return tuple(found)


def _route(found: Answering | None) -> str | None:
    return None if found is None else found.route


def _binding(ruleset: Ruleset, service: str, slot: str, at: datetime) -> Binding | None:
    """The slot's binding, if an order made it begin at this very instant."""
    binding = ruleset.binding(service, slot, microseconds(at))
    if binding is None or binding.instrument is None or binding.since != at:
        return None
    return binding


def _instants(ruleset: Ruleset, service: str, slot: str) -> list[datetime]:
    call = call_of(ruleset.directory.services[service], slot)
    counted = {
        boundary
        for route in ruleset.directory.routes
        for standing in ruleset.collect(call, route)
        for boundary in standing.boundaries()
    }
    found = {from_microseconds(count) for count in counted}
    for issued in ruleset.issued.values():
        effect = issued.instrument.takes_effect()
        if effect is not None and _binds(issued.instrument, service, slot):
            found.add(effect)
    return sorted(found)


def _binds(instrument: Instrument, service: str, slot: str) -> bool:
    return any(r.service == service and slot in r.slots for r in instrument.rebindings)


def _cause(
    ruleset: Ruleset, service: str, slot: str, at: datetime, before: Answering | None
) -> str | None:
    binding = _binding(ruleset, service, slot, at)
    if binding is not None:
        return binding.instrument
    return next(iter(_barring(ruleset, service, slot, at, before)), None)


def _barring(
    ruleset: Ruleset, service: str, slot: str, at: datetime, before: Answering | None
) -> Iterable[str]:
    """The orders with a clause on the slot's route that changes at this instant."""
    if before is None:
        return
    call = call_of(ruleset.directory.services[service], slot)
    route = before.route or before.decision.route
    instant = microseconds(at)
    for standing in ruleset.collect(call, route):
        if instant not in standing.boundaries():
            continue
        just_before, then = (
            dict.fromkeys(standing.kept_off_by(i, call, route)) for i in (instant - 1, instant)
        )
        acting = [name for name in (*just_before, *then) if (name in just_before) != (name in then)]
        statuses = [standing.status(i, call, route) for i in (instant - 1, instant)]
        if statuses[1] == "ended" != statuses[0]:
            ender = standing.ended_by(instant, call, route)
            acting += [] if ender is None else [ender]
        yield from acting or [standing.instrument]
