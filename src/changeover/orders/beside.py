"""The strictest reading of what counsel has not signed, beside the answer (rule 10).

A clause whose words bear several readings is decided by the one that was chosen.
Until counsel signed that, whoever asks is also told what the strictest reading
would answer. A clause counts here, its own text or an amendment's, when one of its
readings has a target that reaches a route asked about, also where the reading
chosen does not reach the call: otherwise a narrow reading would hide the strict one.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

import msgspec

from changeover.orders.cited import version_of
from changeover.orders.model import Clause
from changeover.orders.query import Answer, Beside, Question, answer
from changeover.orders.ruleset import Ruleset
from changeover.orders.status import target_matches

_STRICTNESS = {"refuse": 2, "notice": 1, "allow": 0}


def with_strictest(found: Answer, ruleset: Ruleset, question: Question, now: datetime) -> Answer:
    """The ruleset's answer, with the strictest reading of each unsigned instrument beside it."""
    beside = tuple(
        _strictest(found, ruleset, question, now, unsigned)
        for unsigned in _unsigned(ruleset, [route.route for route in found.routes])
    )
    with_beside: Answer = msgspec.structs.replace(found, beside=beside)
    return with_beside


class _Unsigned(NamedTuple):
    """A clause that counsel has not signed, as its instrument or an amendment wrote it."""

    instrument: str
    clause: Clause


def _unsigned(ruleset: Ruleset, routes: Iterable[str]) -> Iterable[_Unsigned]:
    """The unsigned clauses of several readings that may reach the routes."""
    lines = [ruleset.reached(route).lineage for route in routes]
    for name in ruleset.issued:
        for standing in ruleset.standings_of(name):
            clause = version_of(ruleset, standing)
            if (
                len(clause.readings) > 1
                and not clause.signed_by_counsel
                and any(
                    target_matches(target, line)
                    for reading in clause.readings
                    for target in reading.targets
                    for line in lines
                )
            ):
                yield _Unsigned(name, clause)


def _strictest(
    found: Answer, ruleset: Ruleset, question: Question, now: datetime, unsigned: _Unsigned
) -> Beside:
    """The strictest of the readings; of equals the chosen one, then the first."""
    instrument, clause = unsigned
    chosen = clause.reading(question.readings.get(instrument)).id
    answers = {chosen: found}
    for reading in clause.readings:
        if reading.id != chosen:
            otherwise = ruleset.reading({instrument: reading.id})
            answers[reading.id] = answer(otherwise, question, now)
    strictest = max(answers, key=lambda reading: _STRICTNESS[answers[reading].outcome])
    return Beside(
        instrument=instrument,
        chosen=chosen,
        reading=strictest,
        outcome=answers[strictest].outcome,
        because=answers[strictest].because,
        route=answers[strictest].route,
        deadline=answers[strictest].deadline,
    )
