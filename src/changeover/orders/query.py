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
from changeover.orders.cited import CitedInstrument, cite
from changeover.orders.clauses import written
from changeover.orders.decide import decide, next_change
from changeover.orders.decision import Call, OpenQuestion, Outcome, Person
from changeover.orders.explain import explain
from changeover.orders.may_change import Changers
from changeover.orders.ruleset import Ruleset, call_of


class Question(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is asked: a service's slot, a model (maybe at a host), and two instants.

    `readings` maps instruments to readings other than the chosen ones. `person` is
    what is known of the person on whose behalf the call is made, if anybody.
    """

    service: str
    model: str
    slot: str | None = None
    at: datetime | None = None
    known_at: datetime | None = None
    readings: dict[str, str] = {}
    person: Person | None = None


class Beside(msgspec.Struct, frozen=True, kw_only=True):
    """What an unsigned clause's strictest reading would answer (rule 10).

    `chosen` is the reading that the answer goes by; `reading` is the strictest,
    the same one where none is stricter. `route` is the one that would be given.
    """

    instrument: str
    chosen: str
    reading: str
    outcome: Outcome
    because: str
    route: str | None
    deadline: datetime | None


class RouteAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """The decision for one route."""

    route: str
    outcome: Outcome
    because: str
    instruments: tuple[CitedInstrument, ...]
    network: str | None
    held_by: tuple[str, ...]
    silent: tuple[str, ...]
    questions: tuple[OpenQuestion, ...]
    deadline: datetime | None
    changes_at: datetime | None
    explanation: Bilingual


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """The answer to a question; `route` is the one that a call would be given, if any.

    `record` is of when the record is, where it came by import.
    """

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
    beside: tuple[Beside, ...]
    routes: tuple[RouteAnswer, ...]
    ruleset: str
    record: datetime | None = None


def answer(ruleset: Ruleset, question: Question, now: datetime) -> Answer:
    """Answers a question; `NotFoundError` for an unknown service, slot or model.

    `InvalidInputError` for an attribute of the person that no instrument asks for.
    """
    slot = slot_of(ruleset, question.service, question.slot)
    _check_person(ruleset, question.person)
    at = question.at or now
    asked = find_candidates(ruleset, question.service, slot, question.model, at).asked
    if not asked:
        raise NotFoundError(
            f"The model {question.model!r} has no route.",
            do="Declare one in the directory, as model@host.",
        )
    call = call_of(ruleset.directory.services[question.service], slot)
    call = msgspec.structs.replace(call, person=question.person)
    instead = alternatives(ruleset, call, slot, at, asked)
    changers = Changers(ruleset, at)
    ready = _Asked(ruleset=ruleset, call=call, at=at, instead=instead, changers=changers)
    routes = tuple(map(ready.of, asked))
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
        beside=(),
        routes=routes,
        ruleset=ruleset.version,
        record=None if ruleset.imported is None else ruleset.imported.made,
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
    call: Call,
    slot: str,
    at: datetime,
    asked: tuple[str, ...],
    limit: int | None = None,
) -> tuple[str, ...]:
    """Routes of other models that the call, from this slot, may use: its binding's first.

    Only models of the kind that was asked for are offered, and no more than
    `limit`: the search ends when it has so many.
    """
    directory = ruleset.directory
    models = {directory.routes[route].model for route in asked}
    kinds = {directory.models[model].kind for model in models}
    binding = ruleset.binding(call.service, slot, microseconds(at))
    bound = () if binding is None else routes_named(ruleset, binding.models)
    others = (
        route
        for route in chain(bound, (r for r in ruleset.makers_own_first if r not in bound))
        if (model := directory.routes[route].model) not in models
        and directory.models[model].kind in kinds
    )
    allowed = (r for r in others if decide(ruleset, call, r, at).outcome == "allow")
    return tuple(islice(allowed, limit))


class _Asked(msgspec.Struct, frozen=True, kw_only=True):
    """A question made ready: the call that it is about, when, and what could be used instead."""

    ruleset: Ruleset
    call: Call
    at: datetime
    instead: tuple[str, ...]
    changers: Changers

    def of(self, route: str) -> RouteAnswer:
        """The answer for one route."""
        decision = decide(self.ruleset, self.call, route, self.at)
        changes_at = next_change(self.ruleset, self.call, route, self.at)
        person = self.call.person
        return RouteAnswer(
            route=route,
            outcome=decision.outcome,
            because=decision.because,
            instruments=tuple(
                cite(self.ruleset, citation, self.changers, person)
                for citation in decision.citations
            ),
            network=decision.network,
            held_by=decision.held_by,
            silent=decision.silent,
            questions=decision.questions,
            deadline=decision.deadline,
            changes_at=changes_at,
            explanation=explain(
                self.ruleset,
                decision,
                changes_at=changes_at,
                instead=self.instead,
                person=person,
                changers=self.changers,
            ),
        )


def _check_person(ruleset: Ruleset, person: Person | None) -> None:
    """Raises `InvalidInputError` for an attribute that nothing on record asks for.

    Answering would pass over a misspelt one in silence.
    """
    if person is None:
        return
    asked = {
        attribute
        for entry in ruleset.issued.values()
        for _, clause in written(entry.instrument)
        for reading in clause.readings
        for attribute in reading.scope.attributes
    }
    unknown = sorted((person.yes | person.no) - asked)
    if unknown:
        raise InvalidInputError(
            f"No instrument on record selects persons by {', '.join(unknown)}.",
            means=f"They select by: {', '.join(sorted(asked)) or 'no attribute at all'}.",
            do="Leave it out, or write it as the instrument does.",
        )
