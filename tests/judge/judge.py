"""The answer to one call, as docs/rules.md gives it (sections 7 and 11)."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import NamedTuple

import msgspec

from changeover.basics.instants import from_microseconds, microseconds
from changeover.orders.decision import Call, Citation, Decision, OpenQuestion, Outcome
from changeover.orders.model import Decline
from changeover.orders.ruleset import Known
from tests.judge.force import Does, does
from tests.judge.held import leaves_held
from tests.judge.law import Law, Version
from tests.judge.questions import questions
from tests.judge.reach import is_within, meets
from tests.judge.terms import Standing, silent_issuers, stand, terms_do, vendor_of

REASONS = ("prohibited", "new-use", "requirement", "held", "network-default", "terms")


class _Cited(NamedTuple):
    standing: Standing
    does: Does


def _strictest(answers: list[Decision]) -> Decision:
    for outcome in ("refuse", "notice"):
        for answer in answers:
            if answer.outcome == outcome:
                return answer
    return answers[0]


def judge(
    known: Known, call: Call, route: str, at: datetime, readings: Mapping[str, str] | None = None
) -> Decision:
    """The answer for a call on a route at an instant, under the readings asked for."""
    if call.content:
        classes = (call.data_class, *call.content)
        alike = [msgspec.structs.replace(call, data_class=one, content=()) for one in classes]
        return _strictest([judge(known, one, route, at, readings) for one in alike])
    law = Law(known, call, route, readings=readings)
    kept = Law(known, call, route, readings=readings, kept=True)
    t = microseconds(at)
    orders: list[Standing] = []
    terms: dict[str, list[Standing]] = defaultdict(list)
    for version in law.all_versions():
        vendor = vendor_of(law, version)
        if vendor is not None:
            terms[vendor].append(stand(law, version, t))
        elif meets(known.directory, version.reading, call, route):
            orders.append(stand(law, version, t))

    cited = [_Cited(s, _order_does(law, s, t)) for s in orders]
    for of_vendor in terms.values():
        cited += [_Cited(s, terms_do(law, s, of_vendor, t)) for s in of_vendor if s.meets]
    held_by = {
        s.version.instrument.id
        for s in orders
        if s.version.reading.modality == "prohibit"
        and s.status in {"ended", "stayed"}
        and leaves_held(law, kept, s.version, t)
    }
    silent = {issuer for of_vendor in terms.values() for issuer in silent_issuers(law, of_vendor)}

    denies = known.directory.networks[call.network].default == "deny"
    reasons = {c.does.reason for c in cited if c.does.effect == "refuses"}
    if held_by:
        reasons.add("held")
    if denies and not any(c.does.why == "admits" for c in cited):
        reasons.add("network-default")
    deadlines = [law.deadline(c.standing.version) for c in cited if c.does.effect == "notice"]
    outcome, because = _answer(reasons, notice=bool(deadlines), silent=bool(silent))
    ends = [deadline for deadline in deadlines if deadline is not None]
    return Decision(
        outcome=outcome,
        because=because,
        route=route,
        at=at,
        citations=tuple(_citation(law, c, t) for c in cited),
        network=call.network if denies else None,
        held_by=tuple(sorted(held_by)),
        silent=tuple(sorted(silent)),
        questions=tuple(_questions(law, cited, t)),
        deadline=from_microseconds(min(ends)) if because == "winding-down" else None,
    )


def _answer(reasons: set[str], *, notice: bool, silent: bool) -> tuple[Outcome, str]:
    """Section 11: refuse beats notice beats allow."""
    for reason in REASONS:
        if reason in reasons:
            return "refuse", reason
    if notice:
        return "notice", "winding-down"
    if silent:
        return "notice", "terms-silent"
    return "allow", "permitted"


def _order_does(law: Law, standing: Standing, at: int) -> Does:
    found = does(law, standing.version, standing.status, at)
    if found.effect == "permits" and _admits(law, standing.version):
        return found._replace(why="admits")
    return found


def _admits(law: Law, permit: Version) -> bool:
    """Section 7: an operative permit that names a network which denies by default."""
    directory = law.known.directory
    network = directory.networks[law.call.network]
    issuer = directory.issuers[permit.instrument.issuer]
    return (
        network.default == "deny"
        and network.id in permit.reading.scope.networks
        and is_within(directory, network.owner, issuer.binds)
    )


def _citation(law: Law, cited: _Cited, at: int) -> Citation:
    version, status, _ = cited.standing
    deadline = law.deadline(version)
    amended = version.amended
    return Citation(
        instrument=version.instrument.id,
        clause=version.clause.id,
        reading=version.reading.id,
        modality=version.reading.modality,
        status=status,
        effect=cited.does.effect,
        because=cited.does.why,
        deadline=None if deadline is None else from_microseconds(deadline),
        cuts=version.reading.in_flight == "cut",
        kept_off_by=tuple(dict.fromkeys(_kept_off_by(law, cited.standing, at))),
        declined_by=tuple(dict.fromkeys(_declined_by(law, version, at))),
        amended_by=None if amended is None else amended.by.id,
        awaits=cited.does.awaits,
    )


def _kept_off_by(law: Law, standing: Standing, at: int) -> Iterator[str]:
    """Every stay and waiver that covers the call, of what is stayed or waived."""
    version = standing.version
    if standing.status in {"stayed", "waived"}:
        yield from (made.by.id for made in law.stayed_by(version, at))
        if version.reading.modality == "prohibit":
            yield from (made.by.id for made in law.waivers(version.instrument, at))


def _declined_by(law: Law, version: Version, at: int) -> Iterator[str]:
    """The rulings by then that declined to stay its instrument."""
    for made in law.acts_on(version.instrument):
        if isinstance(made.act, Decline):
            taken = law.taken(made)
            if taken is not None and taken <= at:
                yield made.by.id


def _questions(law: Law, cited: list[_Cited], at: int) -> list[OpenQuestion]:
    """Section 10: of each cited instrument with a clause that has an effect, once."""
    having = {
        c.standing.version.instrument.id: c.standing.version.instrument
        for c in cited
        if c.does.effect != "none"
    }
    return [question for each in having.values() for question in questions(law, each, at)]
