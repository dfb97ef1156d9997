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
from changeover.orders.decision import Call, Citation, Decision, Outcome
from changeover.orders.laying_out import timeline_of
from changeover.orders.present import NOTHING, REFUSES, REFUSES_NEW, SKIPS
from changeover.orders.ruleset import Ruleset
from changeover.orders.uses import FOREVER
from changeover.orders.weighing import Weighing

_STRICTEST_FIRST: tuple[Outcome, ...] = ("refuse", "notice", "allow")


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
    prohibited = new_use = False
    asks = ruleset.has_terms or call.network in ruleset.ground.denying
    weighing = Weighing(ruleset, call, route, at, (refusing, others)) if asks else None
    codes, present = ruleset.laid_out(call, at)
    citations = present.citations
    # 1
    for place in ruleset.places(call, route):
        # 2 and 3; what is laid out for the present says all of most clauses
        code = codes[place]
        if code == REFUSES:
            refusing.append(citations[place])
            prohibited = True
        elif code == NOTHING:
            others.append(citations[place])
        elif code == REFUSES_NEW and (new_use or not ruleset.shows_use(call, route)):
            refusing.append(citations[place])
            new_use = True
        elif code != SKIPS:
            # 2 to 7, for a clause that asks something of the call
            weighing = weighing or Weighing(ruleset, call, route, at, (refusing, others))
            weighing.weigh(place, code, present)
    # 8
    reason = "prohibited" if prohibited else "new-use" if new_use else None
    if weighing is not None:
        return weighing.answer(reason)
    return Decision(
        outcome="allow" if reason is None else "refuse",
        because=reason or "permitted",
        route=route,
        at=at,
        citations=(*refusing, *others),
        ruleset=ruleset.version,
    )


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
