"""The decision for one call on one route at one instant.

`decide` numbers its steps as the design's section 5 does and takes them all
before it answers, so that citations are complete. Refuse beats notice beats
allow (rule 6): a permit, however specific, never outweighs a prohibition.
"""

from collections.abc import Sequence
from datetime import datetime

import msgspec

from changeover.basics.instants import from_microseconds, microseconds
from changeover.orders.model import Call, Citation, Decision, Effect, OpenQuestion, Status
from changeover.orders.ruleset import Ruleset
from changeover.orders.status import Standing
from changeover.orders.uses import FOREVER, Use

_RANK = {"refuses": 2, "notice": 1, "permits": 0, "none": 0}
_BECAUSE_FIRST = ("prohibited", "new-use", "held", "network-default")


class _Findings(msgspec.Struct):
    """What the steps found so far."""

    citations: list[Citation]
    refused: list[str]
    questions: list[OpenQuestion]
    held_by: tuple[str, ...] = ()
    network: str | None = None


def decide(ruleset: Ruleset, call: Call, route: str, at: datetime) -> Decision:
    """Allow, allow with notice, or refuse, with every clause or default that mattered.

    1. Collect the clauses whose target matches the route's lineage and whose
       scope matches the call; what is unknown of the call is within a
       prohibition's scope and not within a permit's.
    2. Find the status of each at the instant.
    3. A prohibition in force refuses; one that is winding down lets existing
       uses of every maker that it is aimed at go on with a notice and refuses
       new ones (`uses.py`).
       One that is stayed, or waived for the call, is cited and does not bar.
    4. Authority was checked when the instrument was issued (`authority.py`). Where
       what an instrument implements is stayed or ended, it counts nevertheless;
       the open question is cited with it (rule 5, `questions.py`).
    5. A network that denies by default needs an operative admission by its
       owner (rule 7).
    6. A prohibition that refused the service this route and then ended or was
       stayed leaves the route held until an officer releases it (rule 9). One
       whose end reaches back was kept until that was recorded, and what it
       refused counts.
    7. Deny wins: refuse beats notice beats allow (rule 6).
    """
    instant = microseconds(at)
    # 1, 2 and 3
    collected = ruleset.collect(call, route)
    findings = _Findings(citations=[], refused=[], questions=[])
    for standing in collected:
        citation, reason = _effect(ruleset, standing, call, route, instant)
        findings.citations.append(citation)
        if reason is not None:
            findings.refused.append(reason)
        # 4
        if citation.effect != "none":
            about = ruleset.questions.about(standing.instrument, instant, call, route)
            findings.questions += about
    # 5
    _admission(ruleset, findings, collected, call, route, instant)
    # 6
    _holds(ruleset, findings, collected, call, route, instant)
    # 7
    return _answer(ruleset, findings, route, at)


def next_change(ruleset: Ruleset, call: Call, route: str, at: datetime) -> datetime | None:
    """The next instant at which the decision's outcome or reason changes by itself."""
    now = decide(ruleset, call, route, at)
    collected = ruleset.collect(call, route)
    boundaries = {b for s in collected for b in s.boundaries()}
    boundaries.update(d for s in collected if (d := s.deadline_for(call, route)) is not None)
    boundaries.update(ruleset.releases(call.service, route))
    boundaries.update(ruleset.rebound(call.service))
    for boundary in sorted(b for b in boundaries if microseconds(at) < b < FOREVER):
        then = decide(ruleset, call, route, from_microseconds(boundary))
        if (then.outcome, then.because) != (now.outcome, now.because):
            return from_microseconds(boundary)
    return None


def _effect(
    ruleset: Ruleset, standing: Standing, call: Call, route: str, at: int
) -> tuple[Citation, str | None]:
    """What a clause does to the call, and the reason if it refuses."""
    status = standing.status(at, call, route)
    cited = _cite(standing, status, call, route, at)
    if standing.modality != "prohibit":
        permits = standing.modality == "permit" and status == "operative"
        if permits and _opens(ruleset, standing, call):
            return _with(cited, "permits", "admits"), None
        return _with(cited, "permits", status) if permits else cited, None
    reason = _reason(ruleset, standing, call, route, (status, at))
    if reason is None:
        return cited, None
    if reason == "existing-use":
        return _with(cited, "notice", reason), None
    return _with(cited, "refuses", reason), "new-use" if reason == "new-use" else "prohibited"


def _opens(ruleset: Ruleset, standing: Standing, call: Call) -> bool:
    """Whether a permit is what a network that denies by default asks for."""
    network = ruleset.directory.networks[call.network]
    return network.default == "deny" and standing.admits_to(network.id)


def _reason(
    ruleset: Ruleset, standing: Standing, call: Call, route: str, dated: tuple[Status, int]
) -> str | None:
    """What a prohibition of this status at this instant does to the call; None for nothing.

    `prohibited`, `no-grace` and `new-use` refuse; `existing-use` goes on.
    """
    status, at = dated
    if status == "operative":
        return "prohibited"
    window = standing.window
    if status != "winding-down" or window is None:
        return None
    if standing.grace is not None and call.party not in standing.grace:
        return "no-grace"
    reached = ruleset.reached(route).lineage
    makers = standing.aimed_at(reached, ruleset.makers)
    uses = (Use(call.service, call.purpose, maker) for maker in makers)
    host = reached.host
    goes_on = all(ruleset.uses.goes_on(use, window, host, at) for use in uses)
    return "existing-use" if goes_on else "new-use"


def _admission(
    ruleset: Ruleset,
    findings: _Findings,
    collected: Sequence[Standing],
    call: Call,
    route: str,
    at: int,
) -> None:
    network = ruleset.directory.networks[call.network]
    if network.default == "allow":
        return
    admitted = any(
        standing.admits_to(network.id) and standing.status(at, call, route) == "operative"
        for standing in collected
    )
    findings.network = network.id
    if not admitted:
        findings.refused.append("network-default")


def _holds(
    ruleset: Ruleset,
    findings: _Findings,
    collected: Sequence[Standing],
    call: Call,
    route: str,
    at: int,
) -> None:
    created = microseconds(ruleset.directory.services[call.service].created)
    holding = tuple(
        standing.instrument
        for standing in collected
        if standing.modality == "prohibit"
        and standing.status(at, call, route) in {"ended", "stayed"}
        and (since := _refused_until(ruleset, standing, call, route, at)) is not None
        and since > created
        and not ruleset.released(call.service, route, since, at)
    )
    if holding:
        findings.held_by = tuple(dict.fromkeys(holding))
        findings.refused.append("held")


def _refused_until(
    ruleset: Ruleset, standing: Standing, call: Call, route: str, at: int
) -> int | None:
    """When the clause last ceased to refuse this call, as it was kept; None if it never did.

    An instant after `at` where the clause ended by then and was kept still.
    """
    refused = None
    for since, until in standing.kept_spans(call, route):
        if since > at:
            break
        status = standing.kept_status(since, call, route)
        if _reason(ruleset, standing, call, route, (status, since)) not in {None, "existing-use"}:
            refused = until
    return refused


def _cite(standing: Standing, status: Status, call: Call, route: str, at: int) -> Citation:
    """The clause as it stands for a call, without effect as yet."""
    deadline = standing.deadline_for(call, route)
    if deadline == FOREVER:  # the clocks stand, and nobody knows until when
        deadline = standing.deadline
    return Citation(
        instrument=standing.instrument,
        clause=standing.clause,
        reading=standing.reading,
        modality=standing.modality,
        status=status,
        effect="none",
        because=status,
        deadline=None if deadline is None else from_microseconds(deadline),
        cuts=standing.cuts,
        kept_off_by=standing.kept_off_by(at, call, route),
        declined_by=standing.declined_by(at),
    )


def _with(citation: Citation, effect: Effect, because: str) -> Citation:
    changed: Citation = msgspec.structs.replace(citation, effect=effect, because=because)
    return changed


def _answer(ruleset: Ruleset, findings: _Findings, route: str, at: datetime) -> Decision:
    citations = tuple(sorted(findings.citations, key=lambda c: -_RANK[c.effect]))
    noticed = [c for c in citations if c.effect == "notice"]
    deadlines = [c.deadline for c in noticed if c.deadline is not None]
    if findings.refused:
        because = min(findings.refused, key=_BECAUSE_FIRST.index)
    else:
        because = "winding-down" if noticed else "permitted"
    return Decision(
        outcome="refuse" if findings.refused else "notice" if noticed else "allow",
        because=because,
        route=route,
        at=at,
        citations=citations,
        network=findings.network,
        held_by=findings.held_by,
        questions=tuple(dict.fromkeys(findings.questions)),
        deadline=None if findings.refused else min(deadlines, default=None),
        ruleset=ruleset.version,
    )
