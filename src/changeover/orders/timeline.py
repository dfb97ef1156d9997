"""What a clause is for a call over time, worked out before anybody asks.

A clause changes its status at a few instants only. Between two of them everything
that a decision says of it is the same for every call of whom its stays and waivers
ask the same, but for the answer whether a use is an existing one. So the citations
are made beforehand, and a decision picks one.
"""

from bisect import bisect_right
from typing import Literal

import msgspec

from changeover.orders.model import Citation, Status


class Phase(msgspec.Struct, frozen=True, kw_only=True, eq=False):
    """A stretch of time in which a clause stands in one way.

    `plain` is the citation for a clause that has no effect, or (a permit's) one
    that asks nothing further. The others are there where they can come to be:
    `refusing` for a prohibition in force or a requirement that is not met,
    `going_on`, `new` and `no_grace` for uses while it winds down, `admitting` for
    a permit that a network asks for.

    `always` says what the clause does to every call in this phase, where that asks
    nothing more of the call: it `refuses` by `refusing`, `refuses-new` uses by `new`
    and lets go on only what the record shows a use of, or does `nothing` that `plain`
    does not say. None where it asks.
    """

    status: Status
    plain: Citation
    always: Literal["refuses", "refuses-new", "nothing"] | None = None
    refusing: Citation | None = None
    going_on: Citation | None = None
    new: Citation | None = None
    no_grace: Citation | None = None
    admitting: Citation | None = None


class Timeline(msgspec.Struct, frozen=True, kw_only=True, eq=False):
    """`phases[i]` lasts until `times[i]`, the last for ever (microseconds since 1970).

    `kept` are the longest spans [from, until) in which the clause was kept to be in
    force, `kept_deadline` the deadline that was kept; both only for a prohibition.
    """

    times: tuple[int, ...]
    phases: tuple[Phase, ...]
    kept: tuple[tuple[int, int], ...] = ()
    kept_deadline: int | None = None

    def at(self, instant: int) -> Phase:
        return self.phases[bisect_right(self.times, instant)]

    def last_kept(self, at: int) -> tuple[int, int] | None:
        """The last kept span that began by an instant."""
        for span in reversed(self.kept):
            if span[0] <= at:
                return span
        return None
