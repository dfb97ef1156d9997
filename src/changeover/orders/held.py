"""Held routes: what a service could use again, once an officer releases it (rule 9).

Any service may ask for any model by its name, so that a route may be held for one that
is no longer bound to it. A release moves what is bound to the route, by itself and at
once; whoever asks for it by name is served again.
"""

from collections.abc import Iterator
from datetime import datetime

import msgspec

from changeover.orders.answering import answering
from changeover.orders.before_recording import check_held
from changeover.orders.decide import decide
from changeover.orders.model import Release
from changeover.orders.preview import PreviewChange, change_of, differ
from changeover.orders.ruleset import Ruleset, call_of


class Held(msgspec.Struct, frozen=True, kw_only=True):
    """A route that nothing refuses a service but its being held; `by` are who refused it."""

    service: str
    route: str
    by: tuple[str, ...]


def held_routes(ruleset: Ruleset, at: datetime) -> Iterator[Held]:
    """Every route that is held for a service, in the directory's order."""
    for service in ruleset.directory.services.values():
        for route in ruleset.directory.routes:
            decided = [
                decide(ruleset, call_of(service, slot.name), route, at) for slot in service.slots
            ]
            held = [decision for decision in decided if decision.because == "held"]
            if held:
                by = tuple(dict.fromkeys(by for decision in held for by in decision.held_by))
                yield Held(service=service.id, route=route, by=by)


def moved(ruleset: Ruleset, service: str, route: str, at: datetime) -> tuple[PreviewChange, ...]:
    """What a release would change for the service's slots; raises as a release does."""
    check_held(ruleset, service, route, at)
    release = Release(service=service, route=route, at=at, by="")
    after = ruleset.with_release(release, version="after", seq=ruleset.seq)
    changes = []
    for slot in ruleset.directory.services[service].slots:
        place = service, slot.name
        then, now = answering(after, *place, at), answering(ruleset, *place, at)
        if differ(now, then):
            changes.append(change_of(after, place, now, then, at))
    return tuple(changes)
