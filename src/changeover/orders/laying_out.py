"""Laying out a clause's timeline: every phase with the citations that it may need.

The instants at which something may change are those of the clause and of whatever
is on it; at each of them, and before the first, the status is asked for once.
"""

from collections.abc import Iterable
from itertools import pairwise

import msgspec

from changeover.basics.instants import from_microseconds
from changeover.orders.decision import Call, Citation, Effect
from changeover.orders.impact import NOBODY, Impact
from changeover.orders.model import Status
from changeover.orders.status import Standing
from changeover.orders.timeline import Always, Phase, Timeline
from changeover.orders.uses import ALWAYS, FOREVER

_IN_FORCE: frozenset[Status] = frozenset({"operative", "winding-down"})


def timeline_of(standing: Standing, call: Call, route: str) -> Timeline:
    """The clause's timeline for a call, laid out once for all whom its impacts treat alike."""
    if standing.timeline is not None:
        return standing.timeline
    holding = standing.whoms.holding(call, route)
    found = standing.timelines.get(holding)
    if found is None:
        left = (impact.for_call(call, route) for impact in standing.impacts)
        found = _kept(standing, holding, left)
    return found


def timeline_for_others(standing: Standing) -> Timeline:
    """The clause's timeline for calls that no stay or waiver is for which is for some only."""
    found = standing.timelines.get(NOBODY)
    if found is None:
        found = _kept(standing, NOBODY, (impact.for_others() for impact in standing.impacts))
    return found


def _kept(standing: Standing, holding: frozenset[int], left: Iterable[Impact | None]) -> Timeline:
    impacts = tuple(impact for impact in left if impact is not None)
    found = lay_out(msgspec.structs.replace(standing, impacts=impacts))
    standing.timelines[holding] = found
    return found


def lay_out(standing: Standing) -> Timeline:
    """The timeline of a clause whose impacts are for everyone."""
    deadline = standing.deadline_for()
    times = _times(standing, deadline)
    phases = []
    for at in (ALWAYS, *times):
        status = standing.status_by(deadline, at)
        phases.append(_phase(standing, status, _Cited(standing, at, deadline)))
    if standing.modality != "prohibit" or standing.layer != "orders":
        return Timeline(times=times, phases=tuple(phases))
    kept_deadline = standing.deadline_for(kept=True)
    return Timeline(
        times=times,
        phases=tuple(phases),
        kept=tuple(_kept_spans(standing, kept_deadline)),
        kept_deadline=kept_deadline,
    )


def _times(standing: Standing, deadline: int | None) -> tuple[int, ...]:
    found = {standing.begins, standing.until, deadline}
    found.update(b for impact in standing.impacts for b in impact.boundaries())
    found.update(one.since for one in standing.declined)
    return tuple(sorted(i for i in found if i is not None and i < FOREVER))


def _kept_spans(standing: Standing, deadline: int | None) -> Iterable[tuple[int, int]]:
    if standing.kept_begins is None:
        return
    found = {standing.kept_begins}
    if standing.until is not None:
        found.add(standing.until)
    found.update(b for impact in standing.impacts for b in impact.boundaries(kept=True))
    begun = None
    for since, until in pairwise((*sorted(found), FOREVER)):
        status = standing.status_by(deadline, since, kept=True)
        if status in _IN_FORCE:
            begun = since if begun is None else begun
            if until == FOREVER:
                yield begun, FOREVER
        elif begun is not None:
            yield begun, since
            begun = None


class _Cited:
    """The clause as it is cited in a phase that begins at an instant."""

    def __init__(self, standing: Standing, at: int, deadline: int | None) -> None:
        self._standing = standing
        # Where the clocks stand nobody knows until when: then the words' own deadline is cited.
        self._deadline = standing.deadline if deadline == FOREVER else deadline
        self._off = standing.kept_off_by(at)
        self._declined = standing.declined_by(at)

    def cite(self, status: Status, effect: Effect, because: str) -> Citation:
        standing = self._standing
        return Citation(
            instrument=standing.instrument,
            clause=standing.clause,
            reading=standing.reading,
            modality=standing.modality,
            status=status,
            effect=effect,
            because=because,
            deadline=None if self._deadline is None else from_microseconds(self._deadline),
            cuts=standing.cuts,
            kept_off_by=self._off if status in {"stayed", "waived"} else (),
            declined_by=self._declined,
            amended_by=standing.amended_by,
        )


def _phase(standing: Standing, status: Status, cited: _Cited) -> Phase:
    bare = standing.layer == "orders"
    questioned = bool(standing.implements) and status in _IN_FORCE
    if status not in _IN_FORCE:
        # A prohibition that ended or is stayed may have left the route held.
        holds = standing.modality == "prohibit" and status in {"ended", "stayed"}
        always: Always = None if standing.layer != "orders" else "held" if holds else "nothing"
        return Phase(status=status, plain=cited.cite(status, "none", status), always=always)
    match standing.modality:
        case "permit":
            permits: Always = "admits" if standing.admits else "nothing"
            return Phase(
                status=status,
                plain=cited.cite(status, "permits", status),
                admitting=cited.cite(status, "permits", "admits") if standing.admits else None,
                always=permits if bare else None,
                questioned=questioned,
            )
        case "require":
            return Phase(
                status=status,
                plain=cited.cite(status, "refuses", "requirement"),
                met=cited.cite(status, "none", "met"),
            )
        case "prohibit" if status == "operative":
            refusing = cited.cite(status, "refuses", "prohibited")
            always = "refuses" if bare else None
            return Phase(status=status, plain=refusing, always=always, questioned=questioned)
        case "prohibit":
            return _winding_down(standing, status, cited)


def _winding_down(standing: Standing, status: Status, cited: _Cited) -> Phase:
    new = cited.cite(status, "refuses", "new-use")
    asks_for_uses_alone = standing.grace is None and not standing.judgements
    bare = standing.layer == "orders" and asks_for_uses_alone
    return Phase(
        status=status,
        plain=new,
        going_on=msgspec.structs.replace(new, effect="notice", because="existing-use"),
        no_grace=msgspec.structs.replace(new, because="no-grace"),
        always="refuses-new" if bare else None,
        questioned=bool(standing.implements),
    )
