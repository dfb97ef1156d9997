"""Weighing a call on which a clause bears that what is laid out says too little of.

The steps are those of `decide.decide`, whose decision this makes where one of them asks
something of the call: a use that may be an existing one, a stay or a waiver for some calls
only, a route that may be held, a network that denies by default, vendors' terms.
"""

from datetime import datetime

import msgspec

from changeover.basics.instants import microseconds
from changeover.orders import questions, terms_in_force
from changeover.orders.decision import Call, Citation, Decision, OpenQuestion, Outcome
from changeover.orders.laying_out import timeline_of
from changeover.orders.present import (
    ADMITS,
    ASKS,
    CODES,
    DOES,
    HELD,
    IMPLEMENTS,
    NOTHING,
    REFUSES,
    REFUSES_NEW,
    SKIPS,
    UNLESS,
    UNREAD,
    Present,
)
from changeover.orders.ruleset import Ruleset
from changeover.orders.status import Standing
from changeover.orders.timeline import Phase
from changeover.orders.uses import EXISTING, FOREVER, NEW, Verdict

_BECAUSE_FIRST = ("prohibited", "new-use", "requirement", "held", "network-default", "terms")


class Weighing:
    """One call being decided, where it is not plain: what the steps found so far.

    `cited` are the lists of the citations that refuse, and of those without effect or
    that permit; they are filled beside this in the order of the record.
    """

    # What most calls leave as it is.
    questions: tuple[OpenQuestion, ...] = ()
    silent: tuple[str, ...] = ()
    network: str | None = None
    held_by: tuple[str, ...] = ()
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

    def weigh(self, place: int, code: int, present: Present) -> None:
        """What a clause does whose code is this, or asks for more."""
        if code > ASKS:
            code = self.bare(place, code)
        if code == ASKS:
            code, plain = self.looked_at(place)
        else:
            plain = present.citations[place]
        if code == REFUSES:
            self.refusing.append(plain)
            self.reasons.append("prohibited")
        elif code == NOTHING:
            self.others.append(plain)
        elif code == REFUSES_NEW and not self.ruleset.shows_use(self.call, self.route):
            self.refusing.append(plain)
            self.reasons.append("new-use")
        elif code == HELD:
            self.others.append(plain)
            self.hold(place, present.ended.get(place))
        elif code == ADMITS:
            self.others.append(present.admitting[place])
            self.admitted = True
        elif code != SKIPS:
            self.judge(place)

    def bare(self, place: int, code: int) -> int:
        """What the clause does without what else its code says; `ASKS` where that holds."""
        standing = self.ruleset.standing(place)
        if code & UNLESS and standing.whoms.holding(self.call, self.route):
            return ASKS
        if code & IMPLEMENTS and any(map(self.ruleset.impacts.on, standing.implements)):
            return ASKS
        return code & DOES

    def looked_at(self, place: int) -> tuple[int, Citation]:
        """Steps 1 and 2 for a clause that asks more of the call than its class."""
        standing = self.ruleset.met(place, self.call, self.route)
        if standing is None:
            return SKIPS, UNREAD
        phase = timeline_of(standing, self.call, self.route).at(self.at)
        asks = phase.questioned or phase.admitting is not None
        return ASKS if asks else CODES[phase.always], phase.plain

    def judge(self, place: int) -> None:
        """What a clause does in whose phase that depends on the call."""
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

    def hold(self, place: int, ended: int | None) -> None:
        """The clause's instrument holds the route if the clause refused the call when it ended.

        And if nobody released the route since. `ended` is when it ceased to be kept, where it
        is known to have refused whoever called.
        """
        if ended is None:
            ended = self.refused_until(place)
        service, ruleset = self.call.service, self.ruleset
        if ended is None or ended <= ruleset.ground.created.get(service, FOREVER):
            return
        if not ruleset.released(service, self.route, ended, self.at):
            self.held_by += (ruleset.standing(place).instrument,)

    def refused_until(self, place: int) -> int | None:
        """When the clause ceased, or will cease, to be kept, if it refused the call until then."""
        standing = self.ruleset.standing(place)
        timeline = timeline_of(standing, self.call, self.route)
        span = timeline.last_kept(self.at)
        if span is None:
            return None
        then, deadline = min(span[1] - 1, self.at), timeline.kept_deadline
        refused = (
            deadline is None
            or deadline <= then
            or (standing.grace is not None and self.call.party not in standing.grace)
            or not self.verdict(standing, then).goes_on
        )
        return span[1] if refused else None

    def verdict(self, standing: Standing, at: int) -> Verdict:
        """Whether the use goes on under a clause that is winding down (`uses.py`)."""
        call, route = self.call, self.route
        if standing.judgements:
            decided = [j for j in standing.judgements if j.decides(call, route, at)]
            last = max(
                enumerate(decided), key=lambda found: (found[1].since, found[0]), default=None
            )
            if last is not None:
                return EXISTING if last[1].act.result == "existing" else NEW
        if standing.window is None:
            return NEW
        reached = self.ruleset.reached(route).lineage
        makers = standing.aimed_at(reached, self.ruleset.makers)
        return self.ruleset.uses.judge(call, reached, makers, standing.window, at)

    def answer(self, plain: str | None) -> Decision:
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
        # 7
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
            at=self.instant,
            citations=(*self.refusing, *self.noticed, *self.others),
            network=self.network,
            held_by=self.held_by,
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
