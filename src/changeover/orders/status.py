"""A clause made ready for questions, and its status at an instant (rules, section 4).

* An announcement never binds. A clause without an instant to begin at is
  *announced*, whatever the time.
* It begins when the instrument takes effect (a named date, or publication), or
  later where its words name a later instant. It ends at its `until`, exclusive, or
  when an act ends it (`impacts.py`).
* While a stay or a waiver covers a call it is *stayed* or *waived* for it; asked
  without a call, while one covers everyone.
* A prohibition with a deadline is *winding down* from its beginning to the
  deadline, exclusive, and *operative* after it. It is one prohibition all the
  while. A stay does not move the deadline, unless the ruling says so: then by as
  long as the stay kept the clause off.
* Each of this is so in law, and *as it was kept*: what reaches back was not kept
  before it was recorded and took effect.

Instants are whole microseconds since 1970.
"""

from collections.abc import Mapping
from itertools import pairwise
from typing import Literal

import msgspec

from changeover.directory.rules import Lineage
from changeover.orders.decision import Call, Person
from changeover.orders.impact import Declined, Impact, Judgement, Whoms
from changeover.orders.model import Modality, Scope, Status, Target
from changeover.orders.timeline import Timeline
from changeover.orders.uses import FOREVER, Window

Layer = Literal["orders", "terms", "agreement"]
"""Whether a clause is an order's, or a vendor's terms' or agreement's (rule 8)."""


class Standing(msgspec.Struct, frozen=True, kw_only=True, eq=False, gc=False):
    """A version of a clause under one reading, with every instant that decides its status.

    `rank` is its place among all: of its instrument in the record, of its clause, of
    its version. `vendor` is whose terms it is of, if it is of any (`layer`), `amended_by` the
    instrument that made this version. `begins` is when it
    begins in law (None for what is only announced), `kept_begins` when it began to
    be kept. `grace` holds the parties whose existing uses wind down (None: all in
    scope), `admits` the networks that a permit of this issuer admits to, `window`
    where a use counts as existing. `impacts` are those that end it or keep it off,
    `whoms` whatever these ask of a call. `implements` are the instruments that its
    own carries out. `keyed` is whether every route that is found by a key of its
    targets matches them, `everything` whether its scope asks nothing of a call but
    whom it is of. `timeline` is that for every call, where it asks nothing of one; else
    `timelines` are laid out once for each answer to `whoms`.
    """

    # What every decision reads stands together.
    everything: bool = False
    keyed: bool = False
    timeline: Timeline | None = None
    rank: tuple[int, int, int]
    instrument: str
    issuer: str
    vendor: str | None
    clause: str
    reading: str
    amended_by: str | None
    layer: Layer
    modality: Modality
    targets: tuple[Target, ...]
    scope: Scope
    networks: frozenset[str]
    services: frozenset[str]
    purposes: frozenset[str]
    data_classes: frozenset[str]
    attributes: frozenset[str]
    requirements: frozenset[str]
    begins: int | None
    kept_begins: int | None
    until: int | None
    deadline: int | None
    grace: frozenset[str] | None
    window: Window | None
    admits: frozenset[str]
    cuts: bool
    implements: tuple[str, ...]
    impacts: tuple[Impact, ...] = ()
    declined: tuple[Declined, ...] = ()
    judgements: tuple[Judgement, ...] = ()
    whoms: Whoms = Whoms(())
    timelines: dict[frozenset[int], Timeline] = msgspec.field(default_factory=dict)

    def status(self, at: int, call: Call | None = None, route: str = "") -> Status:
        """The status at an instant, for a call on a route where one is given."""
        deadline = self.deadline_for(call, route)
        return self.status_by(deadline, at, call, route)

    def status_by(
        self,
        deadline: int | None,
        at: int,
        call: Call | None = None,
        route: str = "",
        *,
        kept: bool = False,
    ) -> Status:
        """The status by a deadline that is known, in law or as it was kept."""
        begins = self.kept_begins if kept else self.begins
        if begins is None:
            return "announced"
        if self.until is not None and self.until <= at:
            return "ended"
        covering = {i.kind for i in self.impacts if i.covers(at, call, route, kept=kept)}
        if "ended" in covering:
            return "ended"
        if at < begins:
            return "pending"
        if covering:
            return "stayed" if "stayed" in covering else "waived"
        return "operative" if deadline is None or deadline <= at else "winding-down"

    def deadline_for(
        self, call: Call | None = None, route: str = "", *, kept: bool = False
    ) -> int | None:
        """The deadline, moved where the rulings on it say that the clocks stopped meanwhile."""
        begins, deadline = self.kept_begins if kept else self.begins, self.deadline
        stopping = [impact for impact in self.impacts if impact.extends]
        if deadline is None or begins is None or not stopping:
            return deadline
        cuts = sorted({begins, *(b for one in stopping for b in one.boundaries(kept=kept))})
        for since, until in pairwise((*cuts, FOREVER)):
            covered = any(one.covers(since, call, route, kept=kept) for one in stopping)
            if covered and begins <= since < deadline:
                deadline = min(FOREVER, deadline + until - since)
        return deadline

    def kept_off_by(self, at: int, call: Call | None = None, route: str = "") -> tuple[str, ...]:
        """The instruments whose stay or waiver keeps it off at an instant."""
        return tuple(
            impact.by
            for impact in self.impacts
            if impact.kind != "ended" and impact.covers(at, call, route)
        )

    def ended_by(self, at: int, call: Call | None = None, route: str = "") -> str | None:
        """The instrument that ended it, at an instant; of several the one that did so first."""
        ending = [i for i in self.impacts if i.kind == "ended" and i.covers(at, call, route)]
        return min(ending, key=lambda impact: impact.since).by if ending else None

    def declined_by(self, at: int) -> tuple[str, ...]:
        """The rulings by that instant that declined to stay it."""
        return tuple(one.by for one in self.declined if one.since <= at)

    def aimed_at(self, lineage: Lineage, makers: Mapping[str, str]) -> frozenset[str]:
        """The makers for whose models a route of this lineage is reached.

        Those that its targets name, or who made the models that they name;
        `makers` is each model's. A target that names neither (a host, say)
        reaches the maker of the route's own model.
        """
        if len(lineage.makers) == 1:
            return lineage.makers
        found: set[str] = set()
        for target in self.targets:
            if target_matches(target, lineage):
                named = lineage.makers.intersection(target.makers)
                made = {makers[model] for model in lineage.models.intersection(target.models)}
                found |= named | made or {makers[lineage.model]}
        return frozenset(found)

    def meets(self, call: Call) -> bool:
        """Whether the scope matches the call, but for whom it reaches (`tables.py` finds that)."""
        return (
            self.is_for(call.network, call.purpose, call.data_class)
            and (not self.services or call.service in self.services)
            and (not self.attributes or self._describes(call.person))
        )

    def is_for(self, network: str, purpose: str, data_class: str) -> bool:
        """Whether the scope is for calls of this kind, whatever their service and person."""
        return (
            (not self.networks or network in self.networks)
            and (not self.purposes or self._covers(self.purposes, purpose))
            and (not self.data_classes or self._covers(self.data_classes, data_class))
        )

    def _covers(self, named: frozenset[str], attribute: str) -> bool:
        """Whether an attribute is among those named; an unknown one is empty."""
        return attribute in named if attribute else self.modality != "permit"

    def _describes(self, person: Person | None) -> bool:
        """Whether each attribute is yes for the person; an unknown one may be."""
        if self.modality == "permit":
            return person is not None and self.attributes <= person.yes
        return person is None or self.attributes.isdisjoint(person.no)

    def matches(self, lineage: Lineage) -> bool:
        """Whether the target reaches a route of this lineage."""
        return any(target_matches(target, lineage) for target in self.targets)

    def boundaries(self) -> tuple[int, ...]:
        """The instants at which the status may change by itself, for some call at least."""
        found = {self.begins, self.until, self.deadline, self.deadline_for()}
        found.update(b for impact in self.impacts for b in impact.boundaries())
        return tuple(sorted(i for i in found if i is not None and i < FOREVER))


def target_matches(target: Target, lineage: Lineage) -> bool:
    """Every field given must name something in the lineage, *derived from* included."""
    return (
        (not target.routes or lineage.route in target.routes)
        and (not target.models or any(model in target.models for model in lineage.models))
        and (not target.makers or any(maker in target.makers for maker in lineage.makers))
        and (not target.hosts or lineage.host in target.hosts)
        and (not target.resellers or lineage.reseller in target.resellers)
    )
