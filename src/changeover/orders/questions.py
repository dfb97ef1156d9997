"""Instruments that count, though what they implement is stayed or ended (rule 5).

Nothing follows by inference: the answer stays as it is, and the question whether
the derived instrument stands is cited with it until an authorised person records
a finding. A finding settles what was open when it took effect; when what is
implemented is stayed or ended anew, the question is open anew. A finding that the
instrument falls ends it (`impacts.py`).
"""

from collections.abc import Iterable, Sequence

from changeover.basics.instants import from_microseconds
from changeover.orders.decision import Call, OpenQuestion
from changeover.orders.impact import Impact
from changeover.orders.impacts import Impacts
from changeover.orders.status import Standing


def about(
    impacts: Impacts, standing: Standing, call: Call, route: str, at: int
) -> Iterable[OpenQuestion]:
    """The questions about a clause's instrument at an instant, as far as a call goes."""
    for implemented in standing.implements:
        on = impacts.on(implemented)
        if not on:
            continue
        # That one ended by itself, unconfirmed, is no act of anybody.
        endings = [i for i in on if i.kind == "ended" and i.by != implemented]
        stays = [i for i in on if i.kind == "stayed"]
        ended = [i for i in endings if i.covers(at, call, route)]
        stayed = [i for i in stays if i.covers(at, call, route)]
        if not ended and not stayed:
            continue
        since = _since(endings if ended else stays, call, route, at)
        by = [min(ended, key=lambda impact: impact.since)] if ended else stayed
        yield OpenQuestion(
            instrument=standing.instrument,
            implements=implemented,
            status="ended" if ended else "stayed",
            by=tuple(dict.fromkeys(impact.by for impact in by)),
            since=from_microseconds(since),
            finding=_finding(impacts, standing.instrument, since, at),
        )


def _since(on: Sequence[Impact], call: Call, route: str, at: int) -> int:
    """Since when one or another of these has covered the call without a break."""
    since = at
    boundaries = {b for impact in on for b in impact.boundaries() if b <= at}
    for boundary in sorted(boundaries, reverse=True):
        if not any(impact.covers(boundary, call, route) for impact in on):
            break
        since = boundary
    return since


def _finding(impacts: Impacts, instrument: str, since: int, at: int) -> str | None:
    """The last finding that the instrument stands, taken in [since, at]."""
    last: tuple[int, str] | None = None
    for found in impacts.findings(instrument):
        if since <= found[0] <= at and (last is None or found[0] >= last[0]):
            last = found
    return None if last is None else last[1]
