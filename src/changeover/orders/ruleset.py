"""The record, compiled: what the gateway holds in memory and asks for every call.

Everything that can be known before a call is worked out when an instrument is
added: what was done to what (`impacts.py`), every phase of every clause with its
citations (`laying_out.py`), who is reached through what (`tables.py`), which uses
existed (`uses.py`). A decision looks up a handful of keys and picks phases.

A ruleset is immutable. `with_issued` gives one with instruments added, which shares
all that they do not touch: an order adds clauses, an act stands anew what it acts
on, and what that acts on.

Two times: `compile_ruleset` takes the record as known at an instant; what a
ruleset answers is what was, is or will be valid at another.
"""

from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from functools import cached_property

import msgspec

from changeover.basics.instants import EPOCH, from_microseconds, microseconds
from changeover.directory.model import Binding, Directory
from changeover.orders.compiled_directory import CompiledDirectory, Reached, call_of
from changeover.orders.decision import Call
from changeover.orders.growing import Parts, grow, read_otherwise
from changeover.orders.impacts import Impacts
from changeover.orders.model import Imported, Issued, Release
from changeover.orders.present import ASKS, Codes, Present
from changeover.orders.record_age import stale_from
from changeover.orders.status import Standing
from changeover.orders.tables import AtHand, Tables
from changeover.orders.uses import (
    DAY,
    FOREVER,
    Recorded,
    RouteThen,
    ServiceThen,
    Stated,
    Use,
    Uses,
    Window,
    falls_in,
)

__all__ = ["Known", "Reached", "RouteThen", "Ruleset", "ServiceThen", "call_of", "compile_ruleset"]


class Known(msgspec.Struct, frozen=True, kw_only=True):
    """The record as known at an instant: the directory, the instruments, the releases.

    `calls` are uses with the UTC days (from 1970-01-01) on which they were called.
    `stated` says since when the routes that a binding of the directory reaches have
    been on record; what it lacks always was. `services`
    and `routes` say what each was over time, by id, earliest first, an entry for
    each change; of one that they lack nothing but the present is known. `seq` is
    the last entry of the record, `imported` the last bundle that was imported.
    """

    directory: Directory
    issued: tuple[Issued, ...]
    releases: tuple[Release, ...] = ()
    calls: tuple[tuple[Use, int], ...] = ()
    stated: Mapping[Stated, Recorded] = {}
    services: Mapping[str, tuple[ServiceThen, ...]] = {}
    routes: Mapping[str, tuple[RouteThen, ...]] = {}
    seq: int = 0
    imported: Imported | None = None


class Ruleset:
    """One version of the record, ready to decide.

    Immutable once compiled, but for what it lays out to be faster.
    """

    def __init__(self, parts: Parts, present: Present | None = None) -> None:
        """`present` is that of a ruleset that this grows out of."""
        self._parts = parts
        self.version = parts.version
        self.seq = parts.seq
        self.ground = parts.ground
        self.directory = parts.ground.directory
        self.names = parts.ground.names
        self.makers = parts.ground.makers
        self.makers_own_first = parts.ground.makers_own_first
        self.issued = parts.issued
        self.impacts = parts.impacts
        self.uses = parts.uses
        self._standings = parts.standings
        self._at_hand = parts.at_hand
        self._disordered = parts.disordered
        self._routes = parts.ground.routes
        self._numbers = parts.ground.descent.numbers
        self._contracts = parts.ground.contracts
        self._terms = parts.terms
        self.has_terms = bool(parts.terms)
        self._releases = parts.releases
        self.imported = parts.imported
        self.stale = parts.stale
        self._asking = bytes([ASKS]) * len(parts.standings), Present(EPOCH, frozenset())
        self._present = None if present is None else present.with_standings(parts.standings)
        self._in_vain = 0

    @property
    def standings(self) -> tuple[Standing, ...]:
        """Every version of every clause, in the order of the record as far as it goes."""
        return tuple(standing for standing in self._standings if standing is not None)

    def reached(self, route: str) -> Reached:
        """The route's lineage and the keys that clauses on it are found by."""
        return self._routes[route]

    def collect(self, call: Call, route: str) -> list[Standing]:
        """Every clause whose target matches the route and whose scope matches the call."""
        met = (self.met(place, call, route) for place in self.places(call, route))
        return [standing for standing in met if standing is not None]

    def places(self, call: Call, route: str) -> Sequence[int]:
        """The places of the clauses that may meet the call, in the order of the record."""
        at_hand = self._at_hand[route]
        number = self._numbers.get(call.party)
        places: Sequence[int]
        if number is None:
            places = at_hand.anyone
        else:
            most, others = at_hand.most, at_hand.others or at_hand.lay_out()
            places = most.found[most.index[number]]
            more = others.found[others.index[number]]
            if more:
                places = sorted({*places, *more})
        if call.contract is not None and at_hand.contracts:
            places = sorted({*places, *self._under_contract(call, at_hand)})
        if places and places[-1] >= self._disordered:
            return sorted(places, key=self._rank)
        return places

    def met(self, place: int, call: Call, route: str) -> Standing | None:
        """The clause at a place, if its target matches the route and its scope the call."""
        standing = self._standings[place]
        if (
            standing is not None
            and (standing.everything or standing.meets(call))
            and (standing.keyed or standing.matches(self._routes[route].lineage))
        ):
            return standing
        return None

    def shows_use(self, call: Call, route: str) -> bool:
        """Whether anything on record shows a use of some maker in the route's lineage."""
        return self.uses.shows(call.service, self._at_hand[route].makers)

    def standing(self, place: int) -> Standing:
        """The clause at the place of one that was met."""
        standing = self._standings[place]
        assert standing is not None
        return standing

    def laid_out(self, call: Call, at: datetime) -> tuple[Codes, Present]:
        """What every clause does to calls of this one's class at an instant, by place.

        Where that is not laid out for the instant, all ask, and no more is told. Laying it out
        costs about as much as it saves in deciding a tenth as many calls as there are clauses:
        after so many in vain it is done.
        """
        present = self._present
        if present is None or not present.since <= at < present.until:
            self._in_vain += 10
            if self._in_vain < len(self._standings):
                return self._asking
            self._in_vain = 0
            nothing = Present(at, self.ground.denying)
            self._present = present = nothing.with_standings(self._standings)
        return present.codes(call), present

    def _under_contract(self, call: Call, at_hand: AtHand) -> Iterable[int]:
        """The places of clauses that reach the party under the contract of the call."""
        for key in self._contracts.get((call.party, call.contract or ""), ()):
            for contracts in at_hand.contracts:
                yield from contracts.get(key, ())

    def _rank(self, place: int) -> tuple[int, int, int]:
        standing = self._standings[place]
        return (place, 0, 0) if standing is None else standing.rank

    def terms_on(self, route: str) -> list[Standing]:
        """The clauses of vendors' terms whose target matches the route, whatever their scope."""
        places = self._terms.get(route, ())
        return [s for place in places if (s := self._standings[place]) is not None]

    def binding(self, service: str, slot: str, at: int) -> Binding | None:
        """The binding that stands at an instant: the one that began last."""
        standing = None
        for binding in self._parts.bindings.get((service, slot), ()):
            if microseconds(binding.since) <= at:
                standing = binding
        return standing

    def bindings(self, service: str, slot: str) -> tuple[Binding, ...]:
        """Every binding of a slot, those to come too, in the order in which they begin."""
        return self._parts.bindings.get((service, slot), ())

    def rebound(self, service: str) -> set[int]:
        """The instants at which a slot of the service is bound anew."""
        entry = self.directory.services[service]
        bound = (self._parts.bindings.get((service, slot.name), ()) for slot in entry.slots)
        return {microseconds(binding.since) for bindings in bound for binding in bindings}

    def standings_of(self, instrument: str) -> tuple[Standing, ...]:
        """The versions of an instrument's clauses, in its order."""
        places = self._parts.places.get(instrument, ())
        return tuple(s for place in places if (s := self._standings[place]) is not None)

    def begins(self, instrument: str, clause: str) -> datetime | None:
        """When a clause's own text begins to bind; None while it is only announced."""
        for standing in self.standings_of(instrument):
            if standing.clause == clause:
                return None if standing.begins is None else from_microseconds(standing.begins)
        return None

    @cached_property
    def _windows(self) -> list[Window]:
        return sorted(
            {s.window for s in self.standings if s.deadline is not None and s.window is not None}
        )

    def misses(self, use: Use, day: int) -> bool:
        """Whether calls on that UTC day would make a use an existing one that is not yet.

        They would not when it exists for every clause whose window the day lies in.
        """
        ended = (day + 1) * DAY
        for window in self._windows[bisect_left(self._windows, ended, key=lambda w: w.begins) :]:
            if falls_in(day, window) and not self.uses.existed(use, window):
                return True
        return False

    def released(self, service: str, route: str, since: int, at: int) -> bool:
        """Whether an officer released the held route in [since, at]."""
        if not self._releases:
            return False
        releases = self._releases.get((service, route))
        return releases is not None and any(since <= release <= at for release in releases)

    def releases(self, service: str, route: str) -> tuple[int, ...]:
        return self._releases.get((service, route), ())

    def with_issued(self, issued: Sequence[Issued], *, version: str, seq: int) -> "Ruleset":
        """The ruleset with instruments added to the record, in this order."""
        return Ruleset(grow(self._parts, issued, version=version, seq=seq), self._present)

    def with_release(self, release: Release, *, version: str, seq: int) -> "Ruleset":
        """The ruleset with a release added to the record."""
        place = release.service, release.route
        at = (*self.releases(*place), microseconds(release.at))
        changed = {"releases": {**self._parts.releases, place: at}, "version": version, "seq": seq}
        return Ruleset(msgspec.structs.replace(self._parts, **changed), self._present)

    def with_calls(self, calls: Iterable[tuple[Use, int]], *, version: str) -> "Ruleset":
        """The ruleset with these calls known, and no others."""
        uses = self.uses.with_days(calls)
        parts: Parts = msgspec.structs.replace(self._parts, uses=uses, version=version)
        return Ruleset(parts, self._present)

    def reading(self, readings: Mapping[str, str]) -> "Ruleset":
        """The ruleset under other readings than the chosen: an instrument's id to a reading's."""
        return Ruleset(read_otherwise(self._parts, readings))


def compile_ruleset(
    known: Known, *, version: str, readings: Mapping[str, str] | None = None
) -> Ruleset:
    """Compiles the record.

    `readings` prefers readings other than the chosen ones: an instrument's id
    to a reading's id.
    """
    ground = CompiledDirectory(known.directory, known.stated)
    bindings = {
        place: bound
        for service in {b.service for b in known.directory.bindings}
        for place, bound in ground.bound(service).items()
    }
    releases: dict[tuple[str, str], tuple[int, ...]] = {}
    for release in known.releases:
        place = release.service, release.route
        releases[place] = (*releases.get(place, ()), microseconds(release.at))
    by_service: dict[str, dict[tuple[str, str], tuple[Binding, ...]]] = {}
    for place, bound in bindings.items():
        by_service.setdefault(place[0], {})[place] = bound
    spans = {service: ground.spans(bound, {}) for service, bound in by_service.items()}
    tables = Tables(ground.descent)
    parts = Parts(
        version=version,
        seq=known.seq,
        ground=ground,
        readings=readings or {},
        issued={},
        impacts=Impacts(ground.descent.of),
        standings=(),
        disordered=FOREVER,
        places={},
        tables=tables,
        at_hand={name: tables.at_hand(one.lineage, ()) for name, one in ground.routes.items()},
        terms={},
        rebinding=frozenset(),
        bindings=bindings,
        uses=Uses(spans, known.calls, known.services, known.routes),
        releases=releases,
        imported=known.imported,
        stale=stale_from(known.directory, known.imported),
    )
    grown = grow(parts, known.issued, version=version, seq=known.seq)
    for at_hand in grown.at_hand.values():
        at_hand.lay_out()
    return Ruleset(grown)
