"""The decision for one call on one route at one instant.

`decide` numbers its steps as the design's section 5 does and takes them all
before it answers, so that citations are complete. Refuse beats notice beats
allow (rule 6): a permit, however specific, never outweighs a prohibition. The
rules in full are in `docs/rules.md`.
"""

from bisect import bisect_right
from datetime import datetime

import msgspec

from changeover.basics.instants import from_microseconds, microseconds
from changeover.orders import questions, terms_in_force
from changeover.orders.laying_out import timeline_of
from changeover.orders.model import Call, Citation, Decision, OpenQuestion, Outcome
from changeover.orders.ruleset import Ruleset
from changeover.orders.status import Standing
from changeover.orders.timeline import Phase, Timeline
from changeover.orders.uses import EXISTING, FOREVER, NEW, Verdict

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
    """
    weighing = _Weighing(ruleset, call, route, microseconds(at))
    instant, others = weighing.at, weighing.others
    terms: list[terms_in_force.Met] = []
    # 1
    for standing in ruleset.collect(call, route):
        # 2
        timeline = standing.timeline or timeline_of(standing, call, route)
        phase = timeline.phases[bisect_right(timeline.times, instant)]
        if phase.always == "nothing":
            others.append(phase.plain)
        elif phase.always == "refuses":
            weighing.refusing.append(phase.plain)
            weighing.reasons.append("prohibited")
        elif phase.always == "refuses-new" and weighing.is_plainly_new():
            weighing.refusing.append(phase.plain)
            weighing.reasons.append("new-use")
        elif standing.layer != "orders":
            terms.append((standing, phase))
        elif standing.modality == "permit":
            weighing.permit(standing, phase)
        else:
            # 3, 4 and 7
            weighing.restrict(standing, phase, timeline)
    # 5
    if call.network in ruleset.ground.denying:
        weighing.admission()
    # 6
    if terms or ruleset.has_terms:
        weighing.terms(terms)
    # 8
    return weighing.answer(at)


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
    for boundary in sorted(b for b in boundaries if microseconds(at) < b < FOREVER):
        then = decide(ruleset, call, route, from_microseconds(boundary))
        if (then.outcome, then.because) != (now.outcome, now.because):
            return from_microseconds(boundary)
    return None


class _Weighing:
    """One call being decided: what the steps found so far."""

    # What most calls leave as it is.
    held_by: tuple[str, ...] = ()
    questions: tuple[OpenQuestion, ...] = ()
    silent: tuple[str, ...] = ()
    network: str | None = None
    admitted = False
    plainly_new: bool | None = None

    def __init__(self, ruleset: Ruleset, call: Call, route: str, at: int) -> None:
        self.ruleset = ruleset
        self.call = call
        self.route = route
        self.at = at
        self.refusing: list[Citation] = []
        self.noticed: list[Citation] = []
        self.others: list[Citation] = []
        self.reasons: list[str] = []

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

    def restrict(self, standing: Standing, phase: Phase, timeline: Timeline) -> None:
        """A prohibition, or a requirement: refuses, lets go on, or holds what it refused."""
        status = phase.status
        if phase.met is not None:
            if self.meets(standing):
                self.others.append(phase.met)
            else:
                self.bar(standing, phase, "requirement")
        elif status in {"operative", "winding-down"}:
            self.bar(standing, phase, None)
        else:
            self.others.append(phase.plain)
            if status in {"ended", "stayed"} and timeline.kept and self.holds(standing, timeline):
                self.held_by += (standing.instrument,)

    def bar(self, standing: Standing, phase: Phase, reason: str | None) -> None:
        """What is barred in this phase; `reason` is named instead of the prohibition's own."""
        if phase.status == "operative":
            self.refusing.append(phase.plain)
            self.reasons.append(reason or "prohibited")
        elif standing.grace is not None and self.call.party not in standing.grace:
            self.refusing.append(phase.no_grace or phase.plain)
            self.reasons.append(reason or "prohibited")
        else:
            verdict = self.verdict(standing, self.at)
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

    def verdict(self, standing: Standing, at: int) -> Verdict:
        """Whether the use goes on under a clause that is winding down (`uses.py`)."""
        if standing.judgements:
            decided = [j for j in standing.judgements if j.decides(self.call, self.route, at)]
            if decided:
                last = max(enumerate(decided), key=lambda found: (found[1].since, found[0]))[1]
                return EXISTING if last.act.result == "existing" else NEW
        window = standing.window
        if window is None:
            return NEW
        reached = self.ruleset.reached(self.route).lineage
        makers = standing.aimed_at(reached, self.ruleset.makers)
        return self.ruleset.uses.judge(self.call, reached, makers, window, at)

    def is_plainly_new(self) -> bool:
        """Whether nothing on record shows a use of any maker in the lineage."""
        if self.plainly_new is None:
            call, makers = self.call, self.ruleset.reached(self.route).lineage.makers
            self.plainly_new = not self.ruleset.uses.shows(call.service, call.purpose, makers)
        return self.plainly_new

    def ask(self, standing: Standing) -> None:
        impacts = self.ruleset.impacts
        found = questions.about(impacts, standing, self.call, self.route, self.at)
        self.questions = (*self.questions, *found)

    def admission(self) -> None:
        self.network = self.call.network
        if not self.admitted:
            self.reasons.append("network-default")

    def terms(self, met: list[terms_in_force.Met]) -> None:
        """What the terms of the vendors in the lineage say of the call."""
        if met:
            found = terms_in_force.sort(met)
            for _, phase in found.amended:
                self.others.append(
                    msgspec.structs.replace(phase.plain, effect="none", because="amended")
                )
            for standing, phase in found.deciding:
                self.term(standing, phase)
        speaking = self.ruleset.terms_on(self.route)
        if speaking:
            phases = [
                (one, timeline_of(one, self.call, self.route).at(self.at)) for one in speaking
            ]
            self.silent = terms_in_force.silent(phases, met)

    def term(self, standing: Standing, phase: Phase) -> None:
        if phase.status not in terms_in_force.IN_FORCE:
            self.others.append(phase.plain)
        elif standing.modality == "permit":
            self.permit(standing, phase)
        elif phase.met is not None and self.meets(standing):
            self.others.append(phase.met)
        else:
            self.bar(standing, phase, "terms")

    def holds(self, standing: Standing, timeline: Timeline) -> bool:
        """Whether the clause refused the call when it ceased to be kept, and nobody released it."""
        span = timeline.last_kept(self.at)
        if span is None or span[1] <= self.ruleset.ground.created[self.call.service]:
            return False
        at = min(span[1] - 1, self.at)
        deadline = timeline.kept_deadline
        refused = (
            deadline is None
            or deadline <= at
            or (standing.grace is not None and self.call.party not in standing.grace)
            or not self.verdict(standing, at).goes_on
        )
        return refused and not self.ruleset.released(
            self.call.service, self.route, span[1], self.at
        )

    def answer(self, at: datetime) -> Decision:
        outcome: Outcome = "refuse"
        deadline = None
        if self.held_by:
            self.reasons.append("held")
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
            at=at,
            citations=(*self.refusing, *self.noticed, *self.others),
            network=self.network,
            held_by=tuple(dict.fromkeys(self.held_by)) if self.held_by else (),
            silent=self.silent,
            questions=tuple(dict.fromkeys(self.questions)) if self.questions else (),
            deadline=deadline,
            ruleset=self.ruleset.version,
        )


def _awaiting(citation: Citation, verdict: Verdict) -> Citation:
    if not verdict.awaits:
        return citation
    awaiting: Citation = msgspec.structs.replace(citation, awaits=verdict.awaits)
    return awaiting
