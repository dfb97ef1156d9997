"""What `changeover decide` answers: one service, one model, one instant, with reasons.

With a host the answer is that route's; without one each of the model's routes
is answered, and the outcome is that of the route that a call would be given:
the first in order that is not refused.
"""

from collections.abc import Mapping
from datetime import datetime
from itertools import chain, islice

import msgspec

from changeover.basics.errors import InvalidInputError, NotFoundError
from changeover.basics.instants import microseconds
from changeover.basics.text import Bilingual
from changeover.orders.candidates import find_candidates, routes_named
from changeover.orders.decide import decide, next_change
from changeover.orders.explain import explain
from changeover.orders.model import (
    Citation,
    Decision,
    Kind,
    Modality,
    OpenQuestion,
    Outcome,
    Status,
)
from changeover.orders.ruleset import Ruleset, call_of


class Question(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is asked: a service's slot, a model (maybe at a host), and two instants.

    `readings` maps instruments to readings other than the chosen ones.
    """

    service: str
    model: str
    slot: str | None = None
    at: datetime | None = None
    known_at: datetime | None = None
    readings: dict[str, str] = {}


class CitedInstrument(msgspec.Struct, frozen=True, kw_only=True):
    """An instrument that mattered, with what it did and the words it rests on."""

    id: str
    kind: Kind
    issuer: str
    title: Bilingual
    clause: str
    reading: str
    modality: Modality
    status: Status
    effect: str
    because: str
    words: str
    deadline: datetime | None
    recorded: datetime
    kept_off_by: tuple[str, ...]
    declined_by: tuple[str, ...]


class RouteAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """The decision for one route."""

    route: str
    outcome: Outcome
    because: str
    instruments: tuple[CitedInstrument, ...]
    network: str | None
    held_by: tuple[str, ...]
    questions: tuple[OpenQuestion, ...]
    deadline: datetime | None
    changes_at: datetime | None
    explanation: Bilingual


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """The answer to a question; `route` is the one that a call would be given, if any."""

    outcome: Outcome
    because: str
    service: str
    slot: str
    model: str
    route: str | None
    at: datetime
    known_at: datetime
    readings: Mapping[str, str]
    instruments: tuple[CitedInstrument, ...]
    questions: tuple[OpenQuestion, ...]
    deadline: datetime | None
    changes_at: datetime | None
    explanation: Bilingual
    instead: tuple[str, ...]
    routes: tuple[RouteAnswer, ...]
    ruleset: str


def answer(ruleset: Ruleset, question: Question, now: datetime) -> Answer:
    """Answers a question; `NotFoundError` for an unknown service, slot or model."""
    slot = slot_of(ruleset, question.service, question.slot)
    at = question.at or now
    asked = find_candidates(ruleset, question.service, slot, question.model, at).asked
    if not asked:
        raise NotFoundError(
            f"The model {question.model!r} has no route.",
            do="Declare one in the directory, as model@host.",
        )
    instead = alternatives(ruleset, question.service, slot, at, asked)
    routes = tuple(_route(ruleset, question.service, slot, route, at, instead) for route in asked)
    chosen = next((r for r in routes if r.outcome != "refuse"), None)
    shown = chosen or routes[0]
    return Answer(
        outcome=shown.outcome,
        because=shown.because,
        service=question.service,
        slot=slot,
        model=question.model,
        route=None if chosen is None else chosen.route,
        at=at,
        known_at=question.known_at or now,
        readings=question.readings,
        instruments=shown.instruments,
        questions=shown.questions,
        deadline=shown.deadline,
        changes_at=shown.changes_at,
        explanation=shown.explanation,
        instead=instead if chosen is None else (),
        routes=routes,
        ruleset=ruleset.version,
    )


def slot_of(ruleset: Ruleset, service: str, slot: str | None) -> str:
    """The slot named, or the service's first; `NotFoundError` when there is no such."""
    entry = ruleset.directory.services.get(service)
    if entry is None:
        raise NotFoundError(
            f"There is no service {service!r} in the directory.",
            means=f"It knows: {', '.join(sorted(ruleset.directory.services))}.",
        )
    names = [s.name for s in entry.slots]
    if not names:
        raise InvalidInputError(f"The service {service} has no slots, so it calls no model.")
    if slot is not None and slot not in names:
        raise NotFoundError(
            f"The service {service} has no slot {slot!r}.", means=f"It has: {', '.join(names)}."
        )
    return slot or names[0]


def alternatives(
    ruleset: Ruleset,
    service: str,
    slot: str,
    at: datetime,
    asked: tuple[str, ...],
    limit: int | None = None,
) -> tuple[str, ...]:
    """Routes of other models that the service may use now, its binding's first.

    Only models of the kind that was asked for are offered, and no more than
    `limit`: the search ends when it has so many.
    """
    directory = ruleset.directory
    models = {directory.routes[route].model for route in asked}
    kinds = {directory.models[model].kind for model in models}
    call = call_of(directory.services[service], slot)
    binding = ruleset.binding(service, slot, microseconds(at))
    bound = () if binding is None else routes_named(ruleset, binding.models)
    others = (
        route
        for route in chain(bound, (r for r in ruleset.makers_own_first if r not in bound))
        if (model := directory.routes[route].model) not in models
        and directory.models[model].kind in kinds
    )
    allowed = (r for r in others if decide(ruleset, call, r, at).outcome == "allow")
    return tuple(islice(allowed, limit))


def cite(ruleset: Ruleset, citation: Citation) -> CitedInstrument:
    """A citation with the instrument's title, issuer and words."""
    issued = ruleset.issued[citation.instrument]
    instrument = issued.instrument
    return CitedInstrument(
        id=instrument.id,
        kind=instrument.kind,
        issuer=instrument.issuer,
        title=instrument.title,
        clause=citation.clause,
        reading=citation.reading,
        modality=citation.modality,
        status=citation.status,
        effect=citation.effect,
        because=citation.because,
        words=next(c.words for c in instrument.clauses if c.id == citation.clause),
        deadline=citation.deadline,
        recorded=issued.recorded,
        kept_off_by=citation.kept_off_by,
        declined_by=citation.declined_by,
    )


def _route(
    ruleset: Ruleset,
    service: str,
    slot: str,
    route: str,
    at: datetime,
    instead: tuple[str, ...],
) -> RouteAnswer:
    call = call_of(ruleset.directory.services[service], slot)
    decision: Decision = decide(ruleset, call, route, at)
    changes_at = next_change(ruleset, call, route, at)
    return RouteAnswer(
        route=route,
        outcome=decision.outcome,
        because=decision.because,
        instruments=tuple(cite(ruleset, citation) for citation in decision.citations),
        network=decision.network,
        held_by=decision.held_by,
        questions=decision.questions,
        deadline=decision.deadline,
        changes_at=changes_at,
        explanation=explain(ruleset, decision, changes_at=changes_at, instead=instead),
    )
