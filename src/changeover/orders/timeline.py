"""What a clause is for a call over time, worked out before anybody asks.

A clause changes its status at a few instants only. Between two of them everything
that a decision says of it is the same for every call of whom its stays and waivers
ask the same, but for the answer whether a use is an existing one. So the citations
are made beforehand, and a decision picks one.
"""

from bisect import bisect_right
from typing import Literal

import msgspec

from changeover.orders.decision import Citation
from changeover.orders.model import Status

Always = Literal["refuses", "refuses-new", "held", "nothing", "admits"] | None


class Phase(msgspec.Struct, frozen=True, kw_only=True, eq=False, gc=False):
    """A stretch of time in which a clause stands in one way.

    `plain` is the citation where a call changes nothing about it: of a prohibition in
    force, or a requirement, the refusal (of new uses, while it winds down). The
    others are there where they can come to be: `going_on` and `no_grace` for uses
    while it winds down, `met` for a requirement, `admitting` for a permit that a
    network asks for.

    `always` says what the clause does to every call in this phase, where that asks
    nothing more of the call: it `refuses`, `refuses-new` uses and lets go on only what
    the record shows a use of, does `nothing`, nothing but that what it refused may be
    `held`, or `admits` where the network asks for that. None where it asks. It is `questioned`
    where the clause is in force by an instrument that implements others, of which questions
    may then be open.
    """

    plain: Citation
    always: Always = None
    questioned: bool = False
    status: Status
    going_on: Citation | None = None
    no_grace: Citation | None = None
    met: Citation | None = None
    admitting: Citation | None = None


class Timeline(msgspec.Struct, frozen=True, kw_only=True, eq=False, gc=False):
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
