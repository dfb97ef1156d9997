"""A clause made ready for questions, and its status at an instant.

The rules (design, section 5.2 and 5.3):

* An announcement never binds. A clause without an instant to begin at is
  *announced*, whatever the time.
* It begins at the instant its words name, else when the instrument takes
  effect (a named date, or publication), and ends at its `until`, exclusive, or
  when its issuer rescinds it, whichever comes first.
* A prohibition with a deadline is *winding down* from its beginning to the
  deadline, exclusive, and *operative* after it. It is one prohibition all the
  while.

Instants are whole microseconds since 1970.
"""

from collections.abc import Callable, Iterable

import msgspec

from changeover.basics.instants import microseconds
from changeover.directory.rules import Lineage
from changeover.orders.model import Clause, Instrument, Modality, Reading, Status, Target


class Standing(msgspec.Struct, frozen=True, kw_only=True):
    """A clause under one reading, with every instant that decides its status.

    `grace` holds the parties whose existing uses wind down (None: all in
    scope), `owner_networks` the networks that a permit by this issuer admits
    to, `ended_by` the instrument that ended it early.
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
    deadline: int | None
    grace: frozenset[str] | None
    recent_days: int
    owner_networks: frozenset[str]
    cuts: bool

    def status(self, at: int) -> Status:
        """The clause's status at an instant."""
        if self.begins is None:
            return "announced"
        if self.ends is not None and self.ends <= at:
            return "ended"
        if at < self.begins:
            return "pending"
        if self.deadline is not None and at < self.deadline:
            return "winding-down"
        return "operative"

    def matches(self, lineage: Lineage) -> bool:
        """Whether the target reaches a route of this lineage."""
        return any(target_matches(target, lineage) for target in self.targets)

    def boundaries(self) -> tuple[int, ...]:
        """The instants at which the status changes by itself."""
        return tuple(i for i in (self.begins, self.deadline, self.ends) if i is not None)


def target_matches(target: Target, lineage: Lineage) -> bool:
    """Every field given must name something in the lineage, *derived from* included."""
    return (
        (not target.routes or lineage.route in target.routes)
        and (not target.models or any(model in target.models for model in lineage.models))
        and (not target.makers or any(maker in target.makers for maker in lineage.makers))
        and (not target.hosts or lineage.host in target.hosts)
        and (not target.resellers or lineage.reseller in target.resellers)
    )


def begins(instrument: Instrument, reading: Reading) -> int | None:
    """When the clause begins to bind; None while it is only announced."""
    instant = reading.since or instrument.takes_effect()
    return None if instant is None else microseconds(instant)


def stand(
    instrument: Instrument,
    clause: Clause,
    reading: Reading,
    *,
    ended: tuple[int, str] | None,
    descend: Callable[[Iterable[str]], frozenset[str]],
    owner_networks: frozenset[str],
) -> Standing:
    """The clause under `reading`; `ended` says when and by what it was ended early."""
    until = None if reading.until is None else microseconds(reading.until.at)
    ends, ended_by = until, None
    if ended is not None and (until is None or ended[0] < until):
        ends, ended_by = ended
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
        begins=begins(instrument, reading),
        ends=ends,
        ended_by=ended_by,
        deadline=None if wind_down is None else microseconds(wind_down.until.at),
        grace=descend(wind_down.parties) if wind_down and wind_down.parties else None,
        recent_days=90 if wind_down is None else wind_down.recent_days,
        owner_networks=owner_networks,
        cuts=reading.in_flight == "cut",
    )
