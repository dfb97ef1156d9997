"""The record, compiled: what the gateway holds in memory and asks for every call.

A clause is indexed under one field of each of its targets (the narrowest given:
route, model, maker, reseller, host) and, below that, under every party that its
scope reaches once *part of* is descended. A route is bound to the tables of its
lineage when the ruleset is compiled. A decision therefore looks up a handful of
keys and meets only clauses that may matter, however many instruments stand.

Two times: `compile_ruleset` takes the record as known at an instant; what a
ruleset answers is what was, is or will be valid at another.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

import msgspec

from changeover.basics.instants import from_microseconds, microseconds
from changeover.directory.model import Binding, Directory, Service
from changeover.directory.rules import Lineage, ModelNames, ancestors, lineage
from changeover.orders.model import Call, Instrument, Issued, Release, Rescind, Scope, Target
from changeover.orders.status import Standing, stand
from changeover.orders.uses import FOREVER, Use, Uses

ANYONE = "*"


class Known(msgspec.Struct, frozen=True, kw_only=True):
    """The record as known at an instant: the directory, the instruments, the releases."""

    directory: Directory
    issued: tuple[Issued, ...]
    releases: tuple[Release, ...] = ()
    calls: tuple[tuple[Use, int], ...] = ()


class Ruleset:
    """One version of the record, ready to decide. Immutable once compiled."""

    def __init__(
        self,
        *,
        version: str,
        known: Known,
        standings: Sequence[Standing],
        tables: Mapping[str, Mapping[str, tuple[Standing, ...]]],
        bindings: Mapping[tuple[str, str], tuple[Binding, ...]],
        uses: Uses,
    ) -> None:
        self.version = version
        self.directory = known.directory
        self.names = ModelNames(known.directory)
        self.issued = {issued.instrument.id: issued for issued in known.issued}
        self.standings = tuple(standings)
        self.uses = uses
        self._bindings = bindings
        self._routes = {
            route: Reached(line, tuple(tables[key] for key in _keys_of(line) if key in tables))
            for route in known.directory.routes
            for line in (lineage(known.directory, route),)
        }
        self._releases: dict[tuple[str, str], list[int]] = defaultdict(list)
        for release in known.releases:
            self._releases[release.service, release.route].append(microseconds(release.at))

    def reached(self, route: str) -> "Reached":
        """The route's lineage and the tables that may hold clauses on it."""
        return self._routes[route]

    def collect(self, call: Call, route: str) -> list[Standing]:
        """Every clause whose target matches the route and whose scope matches the call."""
        reached = self._routes[route]
        keys = (
            (call.party, ANYONE)
            if call.contract is None
            else (call.party, ANYONE, _contract_key(call.contract))
        )
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

    def begins(self, instrument: str, clause: str) -> datetime | None:
        """When a clause begins to bind; None while it is only announced."""
        for standing in self.standings:
            if (standing.instrument, standing.clause) == (instrument, clause):
                return None if standing.begins is None else from_microseconds(standing.begins)
        return None

    def released(self, service: str, route: str, since: int, at: int) -> bool:
        """Whether an officer released the held route in [since, at]."""
        return any(since <= r <= at for r in self._releases.get((service, route), ()))

    def releases(self, service: str, route: str) -> tuple[int, ...]:
        return tuple(self._releases.get((service, route), ()))


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
    endings = _endings(known.issued)
    below = Descent(known.directory)
    standings: list[Standing] = []
    scopes: list[Scope] = []
    for instrument in (issued.instrument for issued in known.issued):
        owned = _owned_networks(known.directory, instrument.issuer)
        for clause in instrument.clauses:
            reading = clause.reading(preferred.get(instrument.id))
            standings.append(
                stand(
                    instrument,
                    clause,
                    reading,
                    ended=endings.get(instrument.id),
                    descend=below.of,
                    owner_networks=owned,
                )
            )
            scopes.append(reading.scope)
    bindings = _bindings(known)
    return Ruleset(
        version=version,
        known=known,
        standings=standings,
        tables=_index(below, standings, scopes),
        bindings=bindings,
        uses=_uses(known, bindings),
    )


def _endings(issued: Iterable[Issued]) -> dict[str, tuple[int, str]]:
    """Which instruments were rescinded, from when, by which; the earliest end counts."""
    endings: dict[str, tuple[int, str]] = {}
    for instrument in (entry.instrument for entry in issued):
        for act in instrument.acts:
            since = instrument.takes_effect()
            if isinstance(act, Rescind) and (act.since or since) is not None:
                at = microseconds(act.since or since)  # type: ignore[arg-type]
                for target in act.instruments:
                    if target not in endings or at < endings[target][0]:
                        endings[target] = (at, instrument.id)
    return endings


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
        """The parties, and contracts as `contract:…`, that a scope reaches; `*` for anyone."""
        if not scope.parties and not scope.regulated and not scope.contracts:
            return frozenset({ANYONE})
        parties = self.of(scope.parties)
        contracts = {
            _contract_key(contract)
            for to, contract in self._contractors
            if to in parties and (ANYONE in scope.contracts or contract in scope.contracts)
        }
        return parties | self.of(scope.regulated) | contracts


def _owned_networks(directory: Directory, issuer: str) -> frozenset[str]:
    office = directory.issuers.get(issuer)
    if office is None:
        return frozenset()
    return frozenset(n.id for n in directory.networks.values() if n.owner in office.binds)


def _contract_key(contract: str) -> str:
    return f"contract:{contract}"


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
        and (not standing.purposes or call.purpose in standing.purposes)
        and (not standing.data_classes or call.data_class in standing.data_classes)
    )


def _rebindings(instrument: Instrument) -> Iterable[Binding]:
    since = instrument.takes_effect()
    if since is None:
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


def _bindings(known: Known) -> dict[tuple[str, str], tuple[Binding, ...]]:
    """Every binding by (service, slot), earliest first; instruments' after the directory's."""
    gathered: dict[tuple[str, str], list[Binding]] = defaultdict(list)
    changes = [b for issued in known.issued for b in _rebindings(issued.instrument)]
    for binding in (*known.directory.bindings, *changes):
        gathered[binding.service, binding.slot].append(binding)
    return {key: tuple(sorted(found, key=lambda b: b.since)) for key, found in gathered.items()}


def _uses(known: Known, bindings: Mapping[tuple[str, str], tuple[Binding, ...]]) -> Uses:
    uses = Uses()
    for (service_id, slot), found in bindings.items():
        service = known.directory.services.get(service_id)
        if service is None:
            continue
        purpose = call_of(service, slot).purpose
        ends = [microseconds(b.since) for b in found[1:]] + [FOREVER]
        for binding, until in zip(found, ends, strict=True):
            for maker in _makers(known.directory, binding.models):
                use = Use(service_id, purpose, maker)
                uses.bound(use, microseconds(binding.since), until)
    uses.called(known.calls)
    return uses


def _makers(directory: Directory, names: Iterable[str]) -> frozenset[str]:
    models = (directory.routes[n].model if n in directory.routes else n for n in names)
    return frozenset(directory.models[m].maker for m in models if m in directory.models)
