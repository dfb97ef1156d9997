"""Orders that begin while an answer is on its way: which they are, since when, and when next.

A call that was let out before an order began was let out rightly; whoever reads of it
later must see both instants, that of the order and that at which the answer ended.
"""

from bisect import bisect_right
from collections.abc import Iterator
from datetime import datetime

import msgspec

from changeover.basics.instants import from_microseconds, microseconds
from changeover.orders.decide import decide
from changeover.orders.decision import Call
from changeover.orders.laying_out import timeline_of
from changeover.orders.ruleset import Ruleset
from changeover.orders.status import Standing
from changeover.orders.timeline import Timeline
from changeover.orders.uses import FOREVER


class Overtaken(msgspec.Struct, frozen=True, kw_only=True):
    """Which instruments refuse now what was let out, and since when the first of them does."""

    by: tuple[str, ...]
    at: datetime


def overtaken(ruleset: Ruleset, call: Call, route: str, now: datetime) -> Overtaken | None:
    """What overtook a call that was let out on the route; None if it would be let out still."""
    if call.service not in ruleset.directory.services or route not in ruleset.directory.routes:
        return None
    decision = decide(ruleset, call, route, now)
    refusing = {(c.instrument, c.clause) for c in decision.citations if c.effect == "refuses"}
    if decision.outcome != "refuse" or not refusing:
        return None
    instant = microseconds(now)
    since = {
        standing.instrument: _phase_began(timeline, instant)
        for standing, timeline in _timelines(ruleset, call, route)
        if (standing.instrument, standing.clause) in refusing
    }
    return Overtaken(by=tuple(since), at=from_microseconds(min(since.values(), default=instant)))


def next_boundary(ruleset: Ruleset, call: Call, route: str, after: int) -> int:
    """The next instant at which a clause stands otherwise for the call; `FOREVER` if none does."""
    return min(
        (
            timeline.times[place]
            for _, timeline in _timelines(ruleset, call, route)
            if (place := bisect_right(timeline.times, after)) < len(timeline.times)
        ),
        default=FOREVER,
    )


def _timelines(ruleset: Ruleset, call: Call, route: str) -> Iterator[tuple[Standing, Timeline]]:
    for each in call.for_each_class() if call.content else (call,):
        for standing in (*ruleset.collect(each, route), *ruleset.terms_on(route)):
            yield standing, timeline_of(standing, each, route)


def _phase_began(timeline: Timeline, instant: int) -> int:
    """When the phase of an instant began; the instant itself for one that always was."""
    place = bisect_right(timeline.times, instant)
    return timeline.times[place - 1] if place else instant
