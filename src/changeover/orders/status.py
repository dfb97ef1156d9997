"""A clause made ready for questions, and its status at an instant.

The rules (design, section 5.2 and 5.3):

* An announcement never binds. A clause without an instant to begin at is
  *announced*, whatever the time.
* It begins when the instrument takes effect (a named date, or publication), or
  later where its words name a later instant, and ends at its `until`, exclusive,
  or when its issuer rescinds it, whichever comes first. So does a rescission:
  one that is only announced ends nothing.
* A rescission may reach back. Until it was recorded and took effect the clause
  was kept nevertheless, so that it *stopped* only then: what it refused until
  then it did refuse (rule 9).
* A prohibition with a deadline is *winding down* from its beginning to the
  deadline, exclusive, and *operative* after it. It is one prohibition all the
  while.

Instants are whole microseconds since 1970.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime

import msgspec

from changeover.basics.instants import microseconds
from changeover.directory.rules import Lineage
from changeover.orders.model import (
    Clause,
    Issued,
    Modality,
    Reading,
    Rescind,
    Status,
    Target,
    WindDown,
)
from changeover.orders.uses import Window


class Standing(msgspec.Struct, frozen=True, kw_only=True):
    """A clause under one reading, with every instant that decides its status.

    `grace` holds the parties whose existing uses wind down (None: all in
    scope), `owner_networks` the networks that a permit by this issuer admits
    to, `ended_by` the instrument that ended it early, `stopped` when it ceased
    to be kept, `window` where a use counts as existing (None for what is only
    announced).
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

    def status(self, at: int) -> Status:
        """The clause's status at an instant."""
        if self.begins is None:
            return "announced"
        if self.ends is not None and self.ends <= at:
            return "ended"
        return self.status_unless_ended(at)

    def status_unless_ended(self, at: int) -> Status:
        """The status as it would be if nothing ended the clause."""
        if self.begins is None:
            return "announced"
        if at < self.begins:
            return "pending"
        if self.deadline is not None and at < self.deadline:
            return "winding-down"
        return "operative"

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


class Ending(msgspec.Struct, frozen=True, kw_only=True):
    """How instruments ended another: from when on, by which, and when that was kept."""

    at: int
    by: str
    stopped: int


def endings(issued: Iterable[Issued]) -> dict[str, Ending]:
    """Which instruments were rescinded. Of several rescissions the earliest counts."""
    found: dict[str, Ending] = {}
    for entry in issued:
        effect = entry.instrument.takes_effect()
        if effect is None:
            continue
        for act in entry.instrument.acts:
            if isinstance(act, Rescind):
                ending = _ending(entry, act, effect)
                for name in act.instruments:
                    found[name] = _earlier(found.get(name), ending)
    return found


def _ending(entry: Issued, act: Rescind, effect: datetime) -> Ending:
    at = act.since or effect
    stopped = max(at, effect, entry.recorded)
    return Ending(at=microseconds(at), by=entry.instrument.id, stopped=microseconds(stopped))


def _earlier(one: Ending | None, other: Ending) -> Ending:
    if one is None:
        return other
    first = min(one, other, key=lambda ending: ending.at)
    return msgspec.structs.replace(first, stopped=min(one.stopped, other.stopped))


def stand(
    issued: Issued,
    clause: Clause,
    reading: Reading,
    *,
    ended: Ending | None,
    descend: Callable[[Iterable[str]], frozenset[str]],
    owner_networks: frozenset[str],
) -> Standing:
    """The clause under `reading`; `ended` says how it was ended early."""
    instrument = issued.instrument
    begins = instrument.begins(reading.since)
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
    )


def _window(issued: Issued, begins: int, wind_down: WindDown | None) -> Window:
    days = 90 if wind_down is None else wind_down.recent_days
    return Window(begins, days, microseconds(issued.recorded))
