"""A clause made ready for questions, and its status at an instant.

The rules (design, section 5.2 and 5.3):

* An announcement never binds. A clause without an instant to begin at is
  *announced*, whatever the time.
* It begins when the instrument takes effect (a named date, or publication), or
  later where its words name a later instant, and ends at its `until`, exclusive,
  or when another instrument ends it (`endings.py`), whichever comes first.
* An ending may reach back. Until it was recorded and took effect the clause was
  kept nevertheless, so that it *stopped* only then: what it refused until then it
  did refuse (rule 9).
* While a stay or a waiver covers a call it is *stayed* or *waived* for it
  (`suspensions.py`); asked without a call, while one covers everyone.
* A prohibition with a deadline is *winding down* from its beginning to the
  deadline, exclusive, and *operative* after it. It is one prohibition all the
  while. A stay does not move the deadline, unless the ruling says so: then by as
  long as the stay kept the clause off.

Instants are whole microseconds since 1970.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import pairwise

import msgspec

from changeover.basics.instants import microseconds
from changeover.directory.rules import Lineage
from changeover.orders.endings import Ending
from changeover.orders.model import (
    Call,
    Clause,
    Issued,
    Modality,
    Reading,
    Status,
    Target,
    WindDown,
)
from changeover.orders.suspensions import Suspension
from changeover.orders.uses import FOREVER, Window


class Standing(msgspec.Struct, frozen=True, kw_only=True):
    """A clause under one reading, with every instant that decides its status.

    `grace` holds the parties whose existing uses wind down (None: all in
    scope), `owner_networks` the networks that a permit by this issuer admits
    to, `ended_by` the instrument that ended it early, `stopped` when it ceased
    to be kept, `window` where a use counts as existing (None for what is only
    announced), `suspensions` the stays and waivers on its instrument, `declined`
    the rulings that declined to stay it, with their instants.
    """

    instrument: str
    clause: str
    reading: str
    modality: Modality
    targets: tuple[Target, ...]
    networks: frozenset[str]
    services: frozenset[str]
    purposes: frozenset[str]
    data_classes: frozenset[str]
    begins: int | None
    ends: int | None
    ended_by: str | None
    stopped: int | None
    deadline: int | None
    grace: frozenset[str] | None
    window: Window | None
    owner_networks: frozenset[str]
    cuts: bool
    suspensions: tuple[Suspension, ...] = ()
    declined: tuple[tuple[str, int], ...] = ()

    def status(self, at: int, call: Call | None = None, route: str = "") -> Status:
        """The clause's status at an instant, for a call on a route where one is given."""
        if self.begins is None:
            return "announced"
        if self.ends is not None and self.ends <= at:
            return "ended"
        return self._unless_ended(self.begins, at, call, route, kept=False)

    def kept_status(self, at: int, call: Call, route: str) -> Status:
        """The status that the clause was kept with for a call at an instant."""
        if self.begins is None:
            return "announced"
        if self.stopped is not None and self.stopped <= at:
            return "ended"
        return self._unless_ended(self.begins, at, call, route, kept=True)

    def _unless_ended(
        self, begins: int, at: int, call: Call | None, route: str, *, kept: bool
    ) -> Status:
        if at < begins:
            return "pending"
        if self.suspensions:
            covering = {s.kind for s in self.suspensions if s.covers(at, call, route, kept=kept)}
            if covering:
                return "stayed" if "stayed" in covering else "waived"
        deadline = self.deadline_for(call, route)
        return "operative" if deadline is None or deadline <= at else "winding-down"

    def kept_off_by(self, at: int, call: Call | None = None, route: str = "") -> tuple[str, ...]:
        """The instruments whose stay or waiver keeps it off at an instant."""
        if not self.suspensions:
            return ()
        return tuple(s.by for s in self.suspensions if s.covers(at, call, route))

    def declined_by(self, at: int) -> tuple[str, ...]:
        """The rulings by that instant that declined to stay it."""
        if not self.declined:
            return ()
        return tuple(name for name, since in self.declined if since <= at)

    def deadline_for(self, call: Call | None = None, route: str = "") -> int | None:
        """The deadline, moved where the rulings on it say that the clocks stopped meanwhile."""
        deadline = self.deadline
        if not self.suspensions:
            return deadline
        stopping = tuple(s for s in self.suspensions if s.extends)
        if deadline is None or self.begins is None or not stopping:
            return deadline
        cuts = sorted({self.begins, *(b for s in stopping for b in s.boundaries())})
        for since, until in pairwise((*cuts, FOREVER)):
            covered = any(s.covers(since, call, route) for s in stopping)
            if covered and self.begins <= since < deadline:
                deadline = min(FOREVER, deadline + until - since)
        return deadline

    def admits_to(self, network: str) -> bool:
        """Whether it is an admission to the network by its owner."""
        return (
            self.modality == "permit"
            and network in self.networks
            and network in self.owner_networks
        )

    def aimed_at(self, lineage: Lineage, makers: Mapping[str, str]) -> frozenset[str]:
        """The makers for whose models a route of this lineage is reached.

        Those that its targets name, or who made the models that they name;
        `makers` is each model's. A target that names neither (a host, say)
        reaches the maker of the route's own model.
        """
        found: set[str] = set()
        for target in self.targets:
            if target_matches(target, lineage):
                named = lineage.makers.intersection(target.makers)
                made = {makers[model] for model in lineage.models.intersection(target.models)}
                found |= named | made or {makers[lineage.model]}
        return frozenset(found)

    def matches(self, lineage: Lineage) -> bool:
        """Whether the target reaches a route of this lineage."""
        return any(target_matches(target, lineage) for target in self.targets)

    def boundaries(self) -> tuple[int, ...]:
        """The instants at which the status changes by itself, for some call at least."""
        own = (self.begins, self.deadline, self.ends)
        if not self.suspensions:
            return tuple(i for i in own if i is not None)
        found = {i for i in (*own, self.deadline_for()) if i is not None and i < FOREVER}
        return tuple(sorted(found.union(*(s.boundaries() for s in self.suspensions))))

    def kept_spans(self, call: Call, route: str) -> Iterator[tuple[int, int]]:
        """The spans [from, until) in which the status that was kept for a call is one."""
        own = (self.begins, self.deadline_for(call, route), self.stopped)
        found = {i for i in own if i is not None}
        found.update(b for s in self.suspensions for b in s.kept_boundaries())
        return pairwise(sorted({*found, FOREVER}))


def target_matches(target: Target, lineage: Lineage) -> bool:
    """Every field given must name something in the lineage, *derived from* included."""
    return (
        (not target.routes or lineage.route in target.routes)
        and (not target.models or any(model in target.models for model in lineage.models))
        and (not target.makers or any(maker in target.makers for maker in lineage.makers))
        and (not target.hosts or lineage.host in target.hosts)
        and (not target.resellers or lineage.reseller in target.resellers)
    )


class ActedOn(msgspec.Struct, frozen=True, kw_only=True):
    """What others did to an instrument: ended it, kept it off, declined to stay it."""

    ended: Ending | None
    suspensions: tuple[Suspension, ...] = ()
    declined: tuple[tuple[str, int], ...] = ()


def stand(
    issued: Issued,
    clause: Clause,
    reading: Reading,
    *,
    acted: ActedOn,
    descend: Callable[[Iterable[str]], frozenset[str]],
    owner_networks: frozenset[str],
) -> Standing:
    """The clause under `reading`, with what others did to its instrument."""
    instrument = issued.instrument
    begins = instrument.begins(reading.since)
    ended = acted.ended
    until = None if reading.until is None else microseconds(reading.until.at)
    early = ended if ended is not None and (until is None or ended.at < until) else None
    stops = [i for i in (until, None if ended is None else ended.stopped) if i is not None]
    wind_down = reading.wind_down
    return Standing(
        instrument=instrument.id,
        clause=clause.id,
        reading=reading.id,
        modality=reading.modality,
        targets=reading.targets,
        networks=frozenset(reading.scope.networks),
        services=frozenset(reading.scope.services),
        purposes=frozenset(reading.scope.purposes),
        data_classes=frozenset(reading.scope.data_classes),
        begins=None if begins is None else microseconds(begins),
        ends=until if early is None else early.at,
        ended_by=None if early is None else early.by,
        stopped=min(stops, default=None),
        deadline=None if wind_down is None else microseconds(wind_down.until.at),
        grace=descend(wind_down.parties) if wind_down and wind_down.parties else None,
        window=None if begins is None else _window(issued, microseconds(begins), wind_down),
        owner_networks=owner_networks,
        cuts=reading.in_flight == "cut",
        suspensions=_on(reading, acted.suspensions),
        declined=acted.declined,
    )


def _on(reading: Reading, suspensions: tuple[Suspension, ...]) -> tuple[Suspension, ...]:
    """A waiver frees from prohibitions alone; a stay keeps off whatever an instrument says."""
    if reading.modality == "prohibit":
        return suspensions
    return tuple(s for s in suspensions if s.kind == "stayed")


def _window(issued: Issued, begins: int, wind_down: WindDown | None) -> Window:
    days = 90 if wind_down is None else wind_down.recent_days
    return Window(begins, days, microseconds(issued.recorded))
