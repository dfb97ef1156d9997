"""The decision for one call on one route at one instant.

`decide` numbers its steps as the design's section 5 does and takes them all
before it answers, so that citations are complete. Refuse beats notice beats
allow (rule 6): a permit, however specific, never outweighs a prohibition. The
rules in full are in `docs/rules.md`.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec

from changeover.basics.instants import from_microseconds, microseconds
from changeover.orders import questions, terms_in_force
from changeover.orders.decision import Call, Citation, Decision, OpenQuestion, Outcome
from changeover.orders.laying_out import timeline_of
from changeover.orders.present import (
    ASKS,
    CODES,
    HELD,
    NOTHING,
    REFUSES,
    REFUSES_NEW,
    SKIPS,
    UNREAD,
)
from changeover.orders.ruleset import Ruleset
from changeover.orders.status import Standing
from changeover.orders.timeline import Phase
from changeover.orders.uses import EXISTING, FOREVER, NEW, Verdict

_STRICTEST_FIRST: tuple[Outcome, ...] = ("refuse", "notice", "allow")
_BECAUSE_FIRST = ("prohibited", "new-use", "requirement", "held", "network-default", "terms")


def decide(ruleset: Ruleset, call: Call, route: str, at: datetime) -> Decision:
    """Allow, allow with notice, or refuse, with every clause or default that mattered.

    1. Collect the clauses whose target matches the route's lineage and whose
       scope matches the call; what is unknown of the call is within a
       prohibition's scope and not within a permit's.
    2. Find the phase of each at the instant: its status and how it is cited.
    3. A prohibition in force refuses; one that is winding down lets existing
       uses of every maker that it is aimed at go on with a notice and refuses
       new ones (`uses.py`). A requirement that the route does not meet refuses
       alike. What is stayed, or waived for the call, is cited and does not bar.
    4. Authority was checked when the instrument was issued (`authority.py`). Where
       what an instrument implements is stayed or ended, it counts nevertheless;
       the open question is cited with it (rule 5, `questions.py`).
    5. A network that denies by default needs an operative admission by its
       owner (rule 7).
    6. Vendors' terms are a layer of their own (rule 8, `terms_in_force.py`).
    7. A prohibition that refused the service this route and then ended or was
       stayed leaves the route held until an officer releases it (rule 9). One
       whose end reaches back was kept until that was recorded, and what it
       refused counts.
    8. Deny wins: refuse beats notice beats allow (rule 6).
    9. Where the installation lives by imports and its record is older than the network
       allows, the network's own choice applies (`record_age.py`).

    Content of further data classes that goes with the call is decided for as if the
    service were of that class; the strictest of the answers is the call's.
    """
    if call.content:
        return _strictest([decide(ruleset, one, route, at) for one in call.for_each_class()])
    decision = _decide(ruleset, call, route, at)
    if ruleset.stale and decision.outcome != "refuse" and call.network in ruleset.stale:
        return _aged(ruleset, call, decision)
    return decision


def _strictest(decisions: Sequence[Decision]) -> Decision:
    """The first of those that allow least."""
    return min(decisions, key=lambda one: _STRICTEST_FIRST.index(one.outcome))


def _decide(ruleset: Ruleset, call: Call, route: str, at: datetime) -> Decision:
    """Steps 1 to 8."""
    refusing: list[Citation] = []
    others: list[Citation] = []
    held_by: tuple[str, ...] = ()
    prohibited = new_use = False
    asks = ruleset.has_terms or call.network in ruleset.ground.denying
    weighing = _Weighing(ruleset, call, route, at, (refusing, others)) if asks else None
    codes, present = ruleset.laid_out(call, at)
    # 1
    for place in ruleset.places(call, route):
        # 2; what is laid out for the present says most of it
        code = codes[place]
        if code == SKIPS:
            continue
        if code == ASKS:
            code, plain = _looked_at(ruleset, call, route, at, place)
        else:
            plain = present.citations[place]
        # 3, 4 and 7; most clauses ask nothing of the call
        if code == REFUSES:
            refusing.append(plain)
            prohibited = True
        elif code == NOTHING:
            others.append(plain)
        elif code == REFUSES_NEW and (new_use or not ruleset.shows_use(call, route)):
            refusing.append(plain)
            new_use = True
        elif code == HELD:
            others.append(plain)
            held_by += _held(ruleset, call, route, at, (place, present.ended.get(place)))
        elif code != SKIPS:
            weighing = weighing or _Weighing(ruleset, call, route, at, (refusing, others))
            weighing.weigh(place)
    # 8
    reason = "prohibited" if prohibited else "new-use" if new_use else "held" if held_by else None
    if weighing is not None:
        return weighing.answer(reason, held_by)
    return Decision(
        outcome="allow" if reason is None else "refuse",
        because=reason or "permitted",
        route=route,
        at=at,
        citations=(*refusing, *others),
        held_by=held_by,
        ruleset=ruleset.version,
    )


def _looked_at(
    ruleset: Ruleset, call: Call, route: str, at: datetime, place: int
) -> tuple[int, Citation]:
    """Steps 1 and 2 for a clause that asks more of the call than its class."""
    standing = ruleset.met(place, call, route)
    if standing is None:
        return SKIPS, UNREAD
    phase = timeline_of(standing, call, route).at(microseconds(at))
    return CODES[phase.always], phase.plain


def _aged(ruleset: Ruleset, call: Call, decision: Decision) -> Decision:
    """Step 9, for a decision that lets the call through."""
    since, when_stale = ruleset.stale[call.network]
    if microseconds(decision.at) < since:
        return decision
    changed: Mapping[str, Any] = {}
    if when_stale == "refuse" or (
        when_stale == "refuse-new" and not ruleset.shows_use(call, decision.route)
    ):
        changed = {"outcome": "refuse", "because": "record-age", "deadline": None}
    elif decision.outcome == "allow":
        changed = {"outcome": "notice", "because": "record-age"}
    aged: Decision = msgspec.structs.replace(decision, **changed)
    return aged


def next_change(ruleset: Ruleset, call: Call, route: str, at: datetime) -> datetime | None:
    """The next instant at which the decision's outcome or reason changes by itself."""
    now = decide(ruleset, call, route, at)
    boundaries = set(ruleset.releases(call.service, route)) | ruleset.rebound(call.service)
    for standing in (*ruleset.collect(call, route), *ruleset.terms_on(route)):
        boundaries.update(timeline_of(standing, call, route).times)
        boundaries.update(judgement.since for judgement in standing.judgements)
        boundaries.update(
            b for judgement in standing.judgements for o in judgement.off for b in o.boundaries()
        )
    boundaries.update(ruleset.uses.changes(call.service, route))
    if call.network in ruleset.stale:
        boundaries.add(ruleset.stale[call.network][0])
    for boundary in sorted(b for b in boundaries if microseconds(at) < b < FOREVER):
        then = decide(ruleset, call, route, from_microseconds(boundary))
        if (then.outcome, then.because) != (now.outcome, now.because):
            return from_microseconds(boundary)
    return None


class _Weighing:
    """One call being decided, where it is not plain: what the steps found so far.

    `cited` are the lists of the citations that refuse, and of those without effect or
    that permit; they are filled beside this in the order of the record.
    """

    # What most calls leave as it is.
    questions: tuple[OpenQuestion, ...] = ()
    silent: tuple[str, ...] = ()
    network: str | None = None
    admitted = False

    def __init__(
        self,
        ruleset: Ruleset,
        call: Call,
        route: str,
        at: datetime,
        cited: tuple[list[Citation], list[Citation]],
    ) -> None:
        self.ruleset = ruleset
        self.call = call
        self.route = route
        self.instant = at
        self.at = microseconds(at)
        self.refusing, self.others = cited
        self.noticed: list[Citation] = []
        self.reasons: list[str] = []
        self.of_terms: list[terms_in_force.Met] = []

    def weigh(self, place: int) -> None:
        """What a clause does, where that asks something of the call."""
        standing = self.ruleset.standing(place)
        phase = timeline_of(standing, self.call, self.route).at(self.at)
        if standing.layer != "orders":
            self.of_terms.append((standing, phase))
        elif standing.modality == "permit":
            self.permit(standing, phase)
        else:
            self.restrict(standing, phase)

    def permit(self, standing: Standing, phase: Phase) -> None:
        """A permit answers for itself only where the network denies by default."""
        network = self.call.network
        if phase.admitting is not None and network in standing.admits:
            self.admitted = True
            denies = network in self.ruleset.ground.denying
            self.others.append(phase.admitting if denies else phase.plain)
        else:
            self.others.append(phase.plain)
        if standing.implements and phase.status == "operative":
            self.ask(standing)

    def restrict(self, standing: Standing, phase: Phase) -> None:
        """A prohibition or a requirement in force: refuses, or lets go on."""
        if phase.met is not None:
            if self.meets(standing):
                self.others.append(phase.met)
            else:
                self.bar(standing, phase, "requirement")
        else:
            self.bar(standing, phase, None)

    def bar(self, standing: Standing, phase: Phase, reason: str | None) -> None:
        """What is barred in this phase; `reason` is named instead of the prohibition's own."""
        if phase.status == "operative":
            self.refusing.append(phase.plain)
            self.reasons.append(reason or "prohibited")
        elif standing.grace is not None and self.call.party not in standing.grace:
            self.refusing.append(phase.no_grace or phase.plain)
            self.reasons.append(reason or "prohibited")
        else:
            verdict = _verdict(self.ruleset, standing, self.call, self.route, self.at)
            if verdict.goes_on:
                self.noticed.append(phase.going_on or phase.plain)
            else:
                self.refusing.append(_awaiting(phase.plain, verdict))
                self.reasons.append(reason or "new-use")
        if standing.implements:
            self.ask(standing)

    def meets(self, standing: Standing) -> bool:
        """Whether the route can be shown to meet what is required of it."""
        assurances = self.ruleset.directory.routes[self.route].assurances
        return standing.requirements.issubset(assurances)

    def ask(self, standing: Standing) -> None:
        impacts = self.ruleset.impacts
        found = questions.about(impacts, standing, self.call, self.route, self.at)
        self.questions = (*self.questions, *found)

    def admission(self) -> None:
        """A network that denies by default asks for an admission (rule 7)."""
        if self.call.network in self.ruleset.ground.denying:
            self.network = self.call.network
            if not self.admitted:
                self.reasons.append("network-default")

    def terms(self) -> None:
        """What the terms of the vendors in the lineage say of the call (rule 8)."""
        found = terms_in_force.sort(self.of_terms)
        for _, phase in found.amended:
            self.others.append(
                msgspec.structs.replace(phase.plain, effect="none", because="amended")
            )
        for standing, phase in found.deciding:
            self.term(standing, phase)
        speaking = [
            (one, timeline_of(one, self.call, self.route).at(self.at))
            for one in self.ruleset.terms_on(self.route)
        ]
        self.silent = terms_in_force.silent(speaking, self.of_terms)

    def term(self, standing: Standing, phase: Phase) -> None:
        if phase.status not in terms_in_force.IN_FORCE:
            self.others.append(phase.plain)
        elif standing.modality == "permit":
            self.permit(standing, phase)
        elif phase.met is not None and self.meets(standing):
            self.others.append(phase.met)
        else:
            self.bar(standing, phase, "terms")

    def answer(self, plain: str | None, held_by: tuple[str, ...]) -> Decision:
        """The decision; `plain` is the reason of a refusal that needed no weighing, if any."""
        # 5
        self.admission()
        # 6
        if self.ruleset.has_terms:
            self.terms()
        outcome: Outcome = "refuse"
        deadline = None
        if plain is not None:
            self.reasons.append(plain)
        if self.reasons:
            because = min(self.reasons, key=_BECAUSE_FIRST.index)
        elif self.noticed or self.silent:
            because = "winding-down" if self.noticed else "terms-silent"
            outcome = "notice"
            deadlines = [c.deadline for c in self.noticed if c.deadline is not None]
            deadline = min(deadlines, default=None)
        else:
            because, outcome = "permitted", "allow"
        return Decision(
            outcome=outcome,
            because=because,
            route=self.route,
            at=self.instant,
            citations=(*self.refusing, *self.noticed, *self.others),
            network=self.network,
            held_by=held_by,
            silent=self.silent,
            questions=tuple(dict.fromkeys(self.questions)),
            deadline=deadline,
            ruleset=self.ruleset.version,
        )


def _awaiting(citation: Citation, verdict: Verdict) -> Citation:
    if not verdict.awaits:
        return citation
    awaiting: Citation = msgspec.structs.replace(citation, awaits=verdict.awaits)
    return awaiting


def _verdict(ruleset: Ruleset, standing: Standing, call: Call, route: str, at: int) -> Verdict:
    """Whether the use goes on under a clause that is winding down (`uses.py`)."""
    decided = [j for j in standing.judgements if j.decides(call, route, at)]
    if decided:
        last = max(enumerate(decided), key=lambda found: (found[1].since, found[0]))[1]
        return EXISTING if last.act.result == "existing" else NEW
    if standing.window is None:
        return NEW
    reached = ruleset.reached(route).lineage
    makers = standing.aimed_at(reached, ruleset.makers)
    return ruleset.uses.judge(call, reached, makers, standing.window, at)


def _held(
    ruleset: Ruleset, call: Call, route: str, at: datetime, clause: tuple[int, int | None]
) -> tuple[str, ...]:
    """The clause's instrument, if the clause refused the call when it ceased to be kept.

    And if nobody released the route since. `clause` is its place, and when it ended where it
    is known to have refused whoever called.
    """
    place, ended = clause
    if ended is None:
        ended = _refused_until(ruleset, call, route, at, place)
    if ended is None or ended <= ruleset.ground.created.get(call.service, FOREVER):
        return ()
    if ruleset.released(call.service, route, ended, microseconds(at)):
        return ()
    return (ruleset.standing(place).instrument,)


def _refused_until(
    ruleset: Ruleset, call: Call, route: str, at: datetime, place: int
) -> int | None:
    """When the clause ceased, or will cease, to be kept, if it refused the call until then."""
    standing = ruleset.standing(place)
    timeline = timeline_of(standing, call, route)
    instant = microseconds(at)
    span = timeline.last_kept(instant)
    if span is None:
        return None
    then, deadline = min(span[1] - 1, instant), timeline.kept_deadline
    refused = (
        deadline is None
        or deadline <= then
        or (standing.grace is not None and call.party not in standing.grace)
        or not _verdict(ruleset, standing, call, route, then).goes_on
    )
    return span[1] if refused else None
