"""What every clause does now, laid out for decisions that are about now.

Between two instants at which anything changes by itself, all that a decision asks of
most clauses is the same for every call of one network, purpose and data class. So it is
laid out in a byte for each clause, and a decision reads the bytes of those that it
collected instead of the clauses. `ASKS` stands where the answer needs more than that: a
service or a person that the scope names, a target of several fields, a requirement. Two
more bits say that the rest holds unless a stay or a waiver is for the call (`UNLESS`), and
unless what the clause's instrument implements is acted on (`IMPLEMENTS`).

A ruleset lays it out when it has been asked about another stretch of time for so long that
it is worth it, and carries it over to the rulesets that grow out of it.
"""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from itertools import compress, count
from operator import is_not

import msgspec

from changeover.basics.instants import from_microseconds, microseconds
from changeover.orders.decision import Call, Citation
from changeover.orders.laying_out import timeline_for_others
from changeover.orders.status import Standing
from changeover.orders.timeline import Always, Timeline
from changeover.orders.uses import FOREVER

SKIPS, REFUSES, NOTHING, REFUSES_NEW, HELD, ADMITS, ASKS = range(7)
"""What a clause does to a call: it is not for it, what `timeline.Phase.always` says, or asks.

Codes from `ASKS` on ask.
"""

UNLESS, IMPLEMENTS = 8, 16
DOES = UNLESS - 1
"""The part of a code that says what the clause does."""

CODES: dict[Always, int] = {
    "refuses": REFUSES,
    "refuses-new": REFUSES_NEW,
    "held": HELD,
    "nothing": NOTHING,
    "admits": ADMITS,
    None: ASKS,
}

Codes = bytes | bytearray
"""What each clause does, by place."""

_Class = tuple[str, str, str]
"""A network, a purpose and a data class."""

_MOST_CLASSES = 512
UNREAD = Citation(
    instrument="",
    clause="",
    reading="",
    modality="prohibit",
    status="announced",
    effect="none",
    because="",
)


class Present:
    """What the clauses do from `since` to `until`, exclusive, by place.

    `citations` has each clause's plain citation, and means nothing where its code is `ASKS`;
    `admitting` has a permit's to a network that asks for it.
    `ended` says, of clauses that refused whoever called, when they ceased to be kept
    (microseconds since 1970).
    """

    def __init__(self, at: datetime, denying: frozenset[str]) -> None:
        """Of no clause yet, around the instant `at`; `denying` networks ask for permits."""
        self.since = datetime.min.replace(tzinfo=UTC)
        self.until = datetime.max.replace(tzinfo=UTC)
        self.citations: list[Citation] = []
        self.admitting: dict[int, Citation] = {}
        self.ended: dict[int, int] = {}
        self._denying = denying
        self._at = at
        self._standings: Sequence[Standing | None] = ()
        self._codes = bytearray()
        self._classes: dict[_Class, bytearray] = {}

    def codes(self, call: Call) -> bytearray:
        """What each clause does to calls of this one's class."""
        place = call.network, call.purpose, call.data_class
        found = self._classes.get(place)
        if found is None:
            if len(self._classes) == _MOST_CLASSES:
                self._classes.clear()
            found = bytearray(self._codes)
            self._narrow(found, place, range(len(found)))
            self._classes[place] = found
        return found

    def with_standings(self, standings: Sequence[Standing | None]) -> "Present":
        """The same stretch of time, or a part of it, with these clauses."""
        before, known = self._standings, len(self._standings)
        changed = list(compress(count(), map(is_not, standings, before)))
        changed += range(known, len(standings))
        other = Present(self._at, self._denying)
        more = len(standings) - known
        other.since, other.until = self.since, self.until
        other.citations = [*self.citations, *[UNREAD] * more]
        other.admitting = dict(self.admitting)
        other.ended = dict(self.ended)
        other._standings = standings
        other._codes = self._codes + bytes(more)
        for place in changed:
            other._codes[place] = other._lay_out(place)
        if not known:
            # Copied one after the other they lie together in memory, and are faster to fetch.
            other.citations = [msgspec.structs.replace(citation) for citation in other.citations]
        # A copy: while one thread grows a ruleset, another may decide by the one before.
        for class_, codes in dict(self._classes).items():
            narrowed = codes + bytes(more)
            for place in changed:
                narrowed[place] = other._codes[place]
            other._narrow(narrowed, class_, changed)
            other._classes[class_] = narrowed
        return other

    def _lay_out(self, place: int) -> int:
        """What a clause does whatever the call's class; notes the stretch and the citation."""
        standing = self._standings[place]
        self.ended.pop(place, None)
        if standing is None:
            return SKIPS
        timeline = standing.timeline or timeline_for_others(standing)
        self._keep_between(timeline.times)
        phase = timeline.at(microseconds(self._at))
        self.citations[place] = phase.plain
        if not standing.keyed or standing.services or standing.attributes or phase.always is None:
            return ASKS
        code = CODES[phase.always]
        if phase.admitting is not None:
            self.admitting[place] = phase.admitting
        if standing.timeline is None:
            code |= UNLESS
        elif code == HELD:
            return self._held(place, timeline)
        return code | IMPLEMENTS if phase.questioned else code

    def _held(self, place: int, timeline: Timeline) -> int:
        """What a clause that ceased to be kept does; notes when, if it refused everybody."""
        at = microseconds(self._at)
        self._keep_between([i for span in timeline.kept for i in span if i < FOREVER])
        span, deadline = timeline.last_kept(at), timeline.kept_deadline
        if span is None:
            return NOTHING
        if span[1] <= at and (deadline is None or deadline < span[1]):
            self.ended[place] = span[1]
        return HELD

    def _keep_between(self, times: Sequence[int]) -> None:
        """Shortens the stretch of time to what of it lies between these instants, in order."""
        index = bisect_right(times, microseconds(self._at))
        if index > 0:
            self.since = max(self.since, from_microseconds(times[index - 1]))
        if index < len(times):
            self.until = min(self.until, from_microseconds(times[index]))

    def _narrow(self, codes: bytearray, class_: _Class, places: Iterable[int]) -> None:
        """Takes out the clauses that are not for a class, and says what permits do in it."""
        standings = self._standings
        network = class_[0] if class_[0] in self._denying else None
        for place in places:
            standing, code = standings[place], codes[place]
            if standing is None:
                continue
            if not (standing.everything or standing.is_for(*class_)):
                codes[place] = SKIPS
            elif code & DOES == ADMITS and network not in standing.admits:
                codes[place] = code - ADMITS + NOTHING
