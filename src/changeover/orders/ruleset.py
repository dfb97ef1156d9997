"""The record, compiled: what the gateway holds in memory and asks for every call.

A clause is indexed under one field of each of its targets (the narrowest given:
route, model, maker, reseller, host) and, below that, under every party that its
scope reaches once *part of* is descended. A route is bound to the tables of its
lineage when the ruleset is compiled. A decision therefore looks up a handful of
keys and meets only clauses that may matter, however many instruments stand.

A call under a contract is found by the contract and whose it is, since two
parties may number theirs alike; whose it is follows from the relations of the
party that calls. What is unknown of a call (the purpose of a slot that is gone,
say) is within a prohibition's scope and not within a permit's (rule 1).

Two times: `compile_ruleset` takes the record as known at an instant; what a
ruleset answers is what was, is or will be valid at another.
"""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

import msgspec

from changeover.basics.instants import from_microseconds, microseconds
from changeover.directory.model import Binding, Directory, Service
from changeover.directory.rules import Lineage, ModelNames, ancestors, lineage
from changeover.orders.endings import Ending, endings
from changeover.orders.model import Call, Instrument, Issued, Release, Scope, Target
from changeover.orders.powers import powers_of
from changeover.orders.questions import Questions
from changeover.orders.status import ActedOn, Standing, stand
from changeover.orders.suspensions import Suspensions
from changeover.orders.uses import ALWAYS, DAY, FOREVER, Reader, Stated, Use, Uses, falls_in

ANYONE = "*"


class ServiceThen(msgspec.Struct, frozen=True, kw_only=True):
    """What a directory recorded then (microseconds since 1970) said of a service."""

    recorded: int
    party: str
    network: str
    users: int | None = None
    budget: int | None = None


class RouteThen(msgspec.Struct, frozen=True, kw_only=True):
    """What a directory recorded then (microseconds since 1970) said of a route."""

    recorded: int
    upstream_model: str


class Known(msgspec.Struct, frozen=True, kw_only=True):
    """The record as known at an instant: the directory, the instruments, the releases.

    `calls` are uses with the UTC days (from 1970-01-01) on which they were called.
    `stated` says since when (microseconds since 1970) a use that a binding of the
    directory states has been on record; one that it lacks always was. `services`
    and `routes` say what each was over time, by id, earliest first, an entry for
    each change; of one that they lack nothing but the present is known. `seq` is
    the last entry of the record.
    """

    directory: Directory
    issued: tuple[Issued, ...]
    releases: tuple[Release, ...] = ()
    calls: tuple[tuple[Use, int], ...] = ()
    stated: Mapping[Stated, int] = {}
    services: Mapping[str, tuple[ServiceThen, ...]] = {}
    routes: Mapping[str, tuple[RouteThen, ...]] = {}
    seq: int = 0


class Ruleset:
    """One version of the record, ready to decide. Immutable once compiled."""

    def __init__(
        self,
        *,
        version: str,
        known: Known,
        clauses: "Clauses",
        bindings: Mapping[tuple[str, str], tuple[Binding, ...]],
        uses: Uses,
        questions: Questions,
    ) -> None:
        self.version = version
        self.seq = known.seq
        self.directory = known.directory
        self.names = ModelNames(known.directory)
        self.issued = {issued.instrument.id: issued for issued in known.issued}
        self.standings = clauses.standings
        self.uses = uses
        self.questions = questions
        self.makers = {model.id: model.maker for model in known.directory.models.values()}
        self.makers_own_first = tuple(sorted(known.directory.routes, key=self._is_elsewhere))
        self._bindings = bindings
        self._contracts = _contracts(known.directory)
        self._by_instrument: dict[str, list[Standing]] = defaultdict(list)
        for standing in self.standings:
            self._by_instrument[standing.instrument].append(standing)
        self._windows = sorted(
            {s.window for s in self.standings if s.deadline is not None and s.window is not None}
        )
        self._routes = {
            route: Reached(
                line, tuple(clauses.tables[k] for k in _keys_of(line) if k in clauses.tables)
            )
            for route in known.directory.routes
            for line in (lineage(known.directory, route),)
        }
        self._releases: dict[tuple[str, str], list[int]] = defaultdict(list)
        for release in known.releases:
            self._releases[release.service, release.route].append(microseconds(release.at))

    def _is_elsewhere(self, route: str) -> bool:
        """Whether a route's host is another than its model's maker."""
        found = self.directory.routes[route]
        return found.host != self.makers[found.model]

    def reached(self, route: str) -> "Reached":
        """The route's lineage and the tables that may hold clauses on it."""
        return self._routes[route]

    def collect(self, call: Call, route: str) -> list[Standing]:
        """Every clause whose target matches the route and whose scope matches the call."""
        reached = self._routes[route]
        keys: tuple[str, ...] = (call.party, ANYONE)
        if call.contract is not None:
            keys += self._contracts.get((call.party, call.contract), ())
        found: dict[int, Standing] = {}
        for table in reached.tables:
            for key in keys:
                for standing in table.get(key, ()):
                    if _in_scope(standing, call) and standing.matches(reached.lineage):
                        found[id(standing)] = standing
        return list(found.values())

    def binding(self, service: str, slot: str, at: int) -> Binding | None:
        """The binding that stands at an instant: the one that began last."""
        standing = None
        for binding in self._bindings.get((service, slot), ()):
            if microseconds(binding.since) <= at:
                standing = binding
        return standing

    def rebound(self, service: str) -> set[int]:
        """The instants at which a slot of the service is bound anew."""
        found = (b for (name, _), b in self._bindings.items() if name == service)
        return {microseconds(binding.since) for bindings in found for binding in bindings}

    def standings_of(self, instrument: str) -> tuple[Standing, ...]:
        """The clauses of an instrument, in its order."""
        return tuple(self._by_instrument.get(instrument, ()))

    def begins(self, instrument: str, clause: str) -> datetime | None:
        """When a clause begins to bind; None while it is only announced."""
        for standing in self.standings_of(instrument):
            if standing.clause == clause:
                return None if standing.begins is None else from_microseconds(standing.begins)
        return None

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
        return any(since <= r <= at for r in self._releases.get((service, route), ()))

    def releases(self, service: str, route: str) -> tuple[int, ...]:
        return tuple(self._releases.get((service, route), ()))


class Clauses(msgspec.Struct, frozen=True):
    """Every clause, in the order of issue, and the tables that they are found by."""

    standings: tuple[Standing, ...]
    tables: Mapping[str, Mapping[str, tuple[Standing, ...]]]


class Reached(msgspec.Struct, frozen=True):
    """A route's lineage with the tables of clauses that its keys lead to."""

    lineage: Lineage
    tables: tuple[Mapping[str, tuple[Standing, ...]], ...]


def call_of(service: Service, slot: str) -> Call:
    """The call that a service's slot makes, as a decision sees it."""
    purpose = next((s.purpose for s in service.slots if s.name == slot), "")
    return Call(
        service=service.id,
        party=service.party,
        network=service.network,
        purpose=purpose,
        data_class=service.data_class,
        contract=service.contract,
    )


def compile_ruleset(
    known: Known, *, version: str, readings: Mapping[str, str] | None = None
) -> Ruleset:
    """Compiles the record.

    `readings` prefers readings other than the chosen ones: an instrument's id
    to a reading's id.
    """
    preferred = readings or {}
    ended = endings(known.issued)
    below = Descent(known.directory)
    owned = _networks_by_issuer(known)
    suspensions = Suspensions(known.issued, ended, below.of)
    standings: list[Standing] = []
    scopes: list[Scope] = []
    for issued in known.issued:
        instrument = issued.instrument
        acted = ActedOn(
            ended=ended.get(instrument.id),
            suspensions=suspensions.on(instrument.id),
            declined=suspensions.declined(instrument.id),
        )
        for clause in instrument.clauses:
            reading = clause.reading(preferred.get(instrument.id))
            standings.append(
                stand(
                    issued,
                    clause,
                    reading,
                    acted=acted,
                    descend=below.of,
                    owner_networks=owned[instrument.issuer],
                )
            )
            scopes.append(reading.scope)
    bindings = _bindings(known, ended)
    return Ruleset(
        version=version,
        known=known,
        clauses=Clauses(tuple(standings), _index(below, standings, scopes)),
        bindings=bindings,
        uses=_uses(known, bindings),
        questions=Questions(known.issued, ended, suspensions),
    )


def _index(
    below: "Descent", standings: Sequence[Standing], scopes: Sequence[Scope]
) -> dict[str, dict[str, tuple[Standing, ...]]]:
    index: dict[str, dict[str, list[Standing]]] = defaultdict(lambda: defaultdict(list))
    for standing, scope in zip(standings, scopes, strict=True):
        reached = below.reached(scope)
        for key in {key for target in standing.targets for key in _target_keys(target)}:
            for party in reached:
                index[key][party].append(standing)
    return {key: {p: tuple(s) for p, s in table.items()} for key, table in index.items()}


class Descent:
    """Every party with all that is part of it, worked out once for a directory."""

    def __init__(self, directory: Directory) -> None:
        self._contractors = [
            (relation.to, relation.contract)
            for party in directory.parties.values()
            for relation in party.relations
            if relation.kind == "contracted-to" and relation.contract is not None
        ]
        below: dict[str, set[str]] = defaultdict(set)
        for party in directory.parties:
            for above in ancestors(directory, party):
                below[above].add(party)
        self._below = {party: frozenset(parts) for party, parts in below.items()}

    def of(self, parties: Iterable[str]) -> frozenset[str]:
        """The parties and all that is part of them; an unknown party has nothing."""
        return frozenset().union(*(self._below.get(party, frozenset()) for party in parties))

    def reached(self, scope: Scope) -> frozenset[str]:
        """The parties, and contracts by their keys, that a scope reaches; `*` for anyone."""
        if not scope.parties and not scope.regulated and not scope.contracts:
            return frozenset({ANYONE})
        parties = self.of(scope.parties)
        contracts = {
            _contract_key(to, contract)
            for to, contract in self._contractors
            if to in parties and (ANYONE in scope.contracts or contract in scope.contracts)
        }
        return parties | self.of(scope.regulated) | contracts


def _networks_by_issuer(known: Known) -> dict[str, frozenset[str]]:
    """The networks that each issuer may admit to; none for one that left the directory."""
    directory = known.directory
    issuers = {issued.instrument.issuer for issued in known.issued}
    return {
        issuer: powers_of(directory, directory.issuers[issuer]).networks
        if issuer in directory.issuers
        else frozenset()
        for issuer in issuers
    }


def _contracts(directory: Directory) -> dict[tuple[str, str], tuple[str, ...]]:
    """The keys of each party's contracts, by the party and the contract's number."""
    found: dict[tuple[str, str], tuple[str, ...]] = {}
    for party in directory.parties.values():
        for relation in party.relations:
            if relation.kind == "contracted-to" and relation.contract is not None:
                place = party.id, relation.contract
                found[place] = (*found.get(place, ()), _contract_key(relation.to, place[1]))
    return found


def _contract_key(to: str, contract: str) -> str:
    return f"contract:{to}:{contract}"


def _target_keys(target: Target) -> tuple[str, ...]:
    fields = (
        ("route", target.routes),
        ("model", target.models),
        ("maker", target.makers),
        ("reseller", target.resellers),
        ("host", target.hosts),
    )
    for name, values in fields:
        if values:
            return tuple(f"{name}:{value}" for value in values)
    return (ANYONE,)


def _keys_of(line: Lineage) -> tuple[str, ...]:
    keys = [f"route:{line.route}", f"host:{line.host}", ANYONE]
    keys += [f"model:{model}" for model in line.models]
    keys += [f"maker:{maker}" for maker in line.makers]
    if line.reseller is not None:
        keys.append(f"reseller:{line.reseller}")
    return tuple(keys)


def _in_scope(standing: Standing, call: Call) -> bool:
    return (
        (not standing.networks or call.network in standing.networks)
        and (not standing.services or call.service in standing.services)
        and (not standing.purposes or _covers(standing, standing.purposes, call.purpose))
        and (not standing.data_classes or _covers(standing, standing.data_classes, call.data_class))
    )


def _covers(standing: Standing, named: frozenset[str], attribute: str) -> bool:
    """Whether an attribute is among those named; an unknown one is empty."""
    return attribute in named if attribute else standing.modality != "permit"


def _rebindings(instrument: Instrument, ended: Ending | None) -> Iterable[Binding]:
    """What the instrument binds anew: nothing if it was ended before it took effect.

    One that is ended later leaves its bindings as they are: what serves people is
    changed by words, not by their end.
    """
    since = instrument.takes_effect()
    if since is None or (ended is not None and ended.stopped <= microseconds(since)):
        return
    for change in instrument.rebindings:
        for slot in change.slots:
            yield Binding(
                service=change.service,
                slot=slot,
                models=change.models,
                since=since,
                instrument=instrument.id,
                provisional=change.provisional,
            )


def _bindings(
    known: Known, ended: Mapping[str, Ending]
) -> dict[tuple[str, str], tuple[Binding, ...]]:
    """Every binding by (service, slot), earliest first; instruments' after the directory's."""
    gathered: dict[tuple[str, str], list[Binding]] = defaultdict(list)
    for binding in known.directory.bindings:
        gathered[binding.service, binding.slot].append(binding)
    for instrument in (issued.instrument for issued in known.issued):
        for binding in _rebindings(instrument, ended.get(instrument.id)):
            gathered[binding.service, binding.slot].append(binding)
    return {key: tuple(sorted(found, key=lambda b: b.since)) for key, found in gathered.items()}


def _uses(known: Known, bindings: Mapping[tuple[str, str], tuple[Binding, ...]]) -> Uses:
    uses = Uses(known.calls)
    reader = Reader(known.directory)
    in_directory = frozenset(known.directory.bindings)
    issued = {entry.instrument.id: microseconds(entry.recorded) for entry in known.issued}
    for found in bindings.values():
        ends = [microseconds(b.since) for b in found[1:]] + [FOREVER]
        for binding, until in zip(found, ends, strict=True):
            hosts = reader.hosts(binding)
            for stated in reader.stated(binding):
                # A binding of the directory may name an instrument; that does not date it.
                if binding in in_directory or binding.instrument is None:
                    recorded = known.stated.get(stated, ALWAYS)
                else:
                    recorded = issued[binding.instrument]
                uses.bound(stated, until, recorded, hosts)
    return uses
