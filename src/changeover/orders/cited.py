"""A citation with what it stands for: the instrument, its words, its sources, who may change it.

An amended clause's words are those of the instrument that amended it.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Literal

import msgspec

from changeover.basics.text import Bilingual
from changeover.orders.decision import Citation, Judged, Person
from changeover.orders.may_change import Changers, MayChange
from changeover.orders.model import (
    Amend,
    Clause,
    Confirm,
    Instrument,
    Issued,
    Kind,
    Modality,
    Source,
    Status,
    Waive,
)
from changeover.orders.ruleset import Ruleset
from changeover.orders.status import Standing
from changeover.orders.vendor_terms import vendor_of

Selected = Literal["matched", "unknown"]
"""How a clause that selects persons by attributes reached one: values are never told."""


class CitedWaiver(msgspec.Struct, frozen=True, kw_only=True):
    """A waiver that keeps a cited clause off, as far as it was granted."""

    instrument: str
    until: datetime | None
    conditions: str
    plan: str
    approver: str


class CitedInstrument(msgspec.Struct, frozen=True, kw_only=True):
    """An instrument that mattered, with what it did and the words it rests on.

    `terms_of` is the vendor whose terms it states, `requirements` what a clause
    that requires asks of a route. `provisional_until` is when it ends by itself;
    None once it was confirmed. `chosen_by` chose the reading, which counsel signed or not.
    `attributes` is set where the clause selects persons by them.
    """

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
    amended_by: str | None
    awaits: tuple[Judged, ...]
    cuts: bool
    terms_of: str | None
    requirements: tuple[str, ...]
    waivers: tuple[CitedWaiver, ...]
    provisional_until: datetime | None
    attributes: Selected | None
    chosen_by: str
    signed_by_counsel: bool
    may_change: MayChange
    sources: tuple[Source, ...]


def cite(
    ruleset: Ruleset, citation: Citation, changers: Changers, person: Person | None
) -> CitedInstrument:
    """A citation with the instrument's title, issuer, words and sources."""
    issued = ruleset.issued[citation.instrument]
    instrument = issued.instrument
    clause = cited_clause(ruleset, citation)
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
        words=clause.words,
        deadline=citation.deadline,
        recorded=issued.recorded,
        kept_off_by=citation.kept_off_by,
        declined_by=citation.declined_by,
        amended_by=citation.amended_by,
        awaits=citation.awaits,
        cuts=citation.cuts,
        terms_of=vendor_of(ruleset.directory, instrument),
        requirements=clause.reading(citation.reading).requirements,
        waivers=tuple(waivers(ruleset, citation)),
        provisional_until=provisional_until(ruleset, issued),
        attributes=selected(clause.reading(citation.reading).scope.attributes, person),
        chosen_by=clause.chosen_by,
        signed_by_counsel=clause.signed_by_counsel,
        may_change=changers.of(instrument.id),
        sources=instrument.sources,
    )


def selected(attributes: Iterable[str], person: Person | None) -> Selected | None:
    """How a clause with these attributes reached the person, if it has any."""
    asked = frozenset(attributes)
    if not asked:
        return None
    return "matched" if person is not None and asked <= person.yes else "unknown"


def cited_clause(ruleset: Ruleset, citation: Citation) -> Clause:
    """The clause that a citation is of, as amended where it is."""
    return version_of(ruleset, citation)


def version_of(ruleset: Ruleset, of: Citation | Standing) -> Clause:
    """The clause of a citation or a standing, as amended where it is."""
    if of.amended_by is not None:
        for act in ruleset.issued[of.amended_by].instrument.acts:
            if _amends(act, of) and isinstance(act, Amend) and act.becomes is not None:
                return act.becomes
    clauses = ruleset.issued[of.instrument].instrument.clauses
    return next(clause for clause in clauses if clause.id == of.clause)


def _amends(act: object, of: Citation | Standing) -> bool:
    return isinstance(act, Amend) and act.clause == of.clause and of.instrument in act.instruments


def waivers(ruleset: Ruleset, citation: Citation) -> Iterable[CitedWaiver]:
    """The waivers among what keeps a clause off."""
    for name in citation.kept_off_by:
        for act in ruleset.issued[name].instrument.acts:
            if isinstance(act, Waive) and citation.instrument in act.instruments:
                yield CitedWaiver(
                    instrument=name,
                    until=act.until,
                    conditions=act.conditions,
                    plan=act.plan,
                    approver=act.approver,
                )


def provisional_until(ruleset: Ruleset, issued: Issued) -> datetime | None:
    """When a provisional instrument ends by itself; None where it was confirmed before."""
    until = issued.instrument.provisional_until
    if until is None or any(_confirmed(ruleset, issued.instrument, until)):
        return None
    return until


def _confirmed(ruleset: Ruleset, instrument: Instrument, until: datetime) -> Iterable[bool]:
    for entry in ruleset.issued.values():
        effect = entry.instrument.takes_effect()
        for act in entry.instrument.acts:
            if isinstance(act, Confirm) and instrument.id in act.instruments:
                yield effect is not None and max(effect, entry.recorded) < until
