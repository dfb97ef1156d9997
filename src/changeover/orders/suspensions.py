"""What keeps an instrument from binding without ending it: stays and waivers (rule 4).

* A stay frees the parties it names, with all that is part of them, or everyone;
  a waiver frees the parties, services, routes and purposes that it names. Neither
  frees from an instrument that it does not name.
* It begins when the instrument that makes it takes effect, or later where its
  words name a later instant, and ends at its `until`, exclusive, or when it is
  lifted or its instrument ends, whichever comes first.
* It may itself be stayed: while that lasts, it keeps nothing off. So whether it
  covers a call at an instant is asked of the stays on it first.
* A waiver that is only requested, and a stay that was declined, keep nothing off.
* One that reaches back was not kept before it was recorded (`kept`): what was
  refused until then was refused (rule 9).

Only what was issued before an instrument can be named in it, so that the chain
of stays on stays ends.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Literal

import msgspec

from changeover.basics.instants import microseconds
from changeover.orders.endings import Ending, lifts
from changeover.orders.model import Act, Call, Decline, Issued, Stay, Waive

Kind = Literal["stayed", "waived"]


class Suspension(msgspec.Struct, frozen=True, kw_only=True):
    """One stay or waiver on an instrument; instants are microseconds since 1970.

    `parties` is None where everyone is freed, the other fields are empty where
    everything is. `stays` are the stays on the instrument that made it.
    """

    by: str
    kind: Kind
    since: int
    until: int | None
    kept: int
    parties: frozenset[str] | None = None
    services: frozenset[str] = frozenset()
    routes: frozenset[str] = frozenset()
    purposes: frozenset[str] = frozenset()
    extends: bool = False
    stays: tuple["Suspension", ...] = ()

    def covers(self, at: int, call: Call | None, route: str, *, kept: bool = False) -> bool:
        """Whether it keeps the call off at an instant, in law or (`kept`) as it was kept.

        Without a call: whether it keeps off everyone whom the instrument reaches.
        """
        begun = max(self.since, self.kept) if kept else self.since
        return (
            begun <= at
            and (self.until is None or at < self.until)
            and self._frees(call, route)
            and not any(stay.covers(at, call, route, kept=kept) for stay in self.stays)
        )

    def boundaries(self) -> set[int]:
        """The instants at which it begins or ceases to cover anyone, by itself."""
        found = {self.since} if self.until is None else {self.since, self.until}
        return found.union(*(stay.boundaries() for stay in self.stays))

    def kept_boundaries(self) -> set[int]:
        """Those instants, as it was kept."""
        begun = max(self.since, self.kept)
        found = {begun} if self.until is None else {begun, self.until}
        return found.union(*(stay.kept_boundaries() for stay in self.stays))

    def _frees(self, call: Call | None, route: str) -> bool:
        if call is None:
            return self.parties is None and not (self.services or self.routes or self.purposes)
        return (
            (self.parties is None or call.party in self.parties)
            and (not self.services or call.service in self.services)
            and (not self.routes or route in self.routes)
            and (not self.purposes or call.purpose in self.purposes)
        )


class Suspensions:
    """The stays and waivers of a record, by the instrument that they keep off."""

    def __init__(
        self,
        issued: Sequence[Issued],
        ended: Mapping[str, Ending],
        descend: Callable[[Iterable[str]], frozenset[str]],
    ) -> None:
        self._ended = (ended, lifts(issued))
        self._descend = descend
        self._order = {entry.instrument.id: place for place, entry in enumerate(issued)}
        self._acts: dict[str, list[tuple[Issued, Stay | Waive]]] = defaultdict(list)
        self._declined: dict[str, list[Issued]] = defaultdict(list)
        for entry in issued:
            for act in entry.instrument.acts:
                self._note(entry, act)

    def _note(self, entry: Issued, act: Act) -> None:
        for name in act.instruments:
            # An instrument that names a later one, or itself, does nothing to it.
            if self._order[entry.instrument.id] <= self._order.get(name, -1):
                continue
            match act:
                case Stay() | Waive():
                    self._acts[name].append((entry, act))
                case Decline():
                    self._declined[name].append(entry)

    def on(self, instrument: str) -> tuple[Suspension, ...]:
        """What keeps the instrument off, in the order of issue."""
        made = (self._made(entry, act) for entry, act in self._acts.get(instrument, ()))
        return tuple(suspension for suspension in made if suspension is not None)

    def declined(self, instrument: str) -> tuple[tuple[str, int], ...]:
        """The rulings that declined to stay the instrument, with the instants they took effect."""
        return tuple(
            (entry.instrument.id, microseconds(effect))
            for entry in self._declined.get(instrument, ())
            if (effect := entry.instrument.takes_effect()) is not None
        )

    def _made(self, entry: Issued, act: Stay | Waive) -> Suspension | None:
        begins = entry.instrument.begins(act.since)
        if begins is None or (isinstance(act, Waive) and act.requested):
            return None
        name = entry.instrument.id
        ends = [ending[name].at for ending in self._ended if name in ending]
        if act.until is not None:
            ends.append(microseconds(act.until))
        return Suspension(
            by=entry.instrument.id,
            kind="stayed" if isinstance(act, Stay) else "waived",
            since=microseconds(begins),
            until=min(ends, default=None),
            kept=microseconds(entry.recorded),
            parties=self._descend(act.parties) if act.parties else None,
            services=frozenset(act.services) if isinstance(act, Waive) else frozenset(),
            routes=frozenset(act.routes) if isinstance(act, Waive) else frozenset(),
            purposes=frozenset(act.purposes) if isinstance(act, Waive) else frozenset(),
            extends=isinstance(act, Stay) and act.extends,
            stays=self.on(entry.instrument.id),
        )
