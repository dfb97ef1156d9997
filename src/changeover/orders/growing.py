"""How a ruleset grows by instruments without being compiled anew.

1. What the new instruments do to others is noted; what they touch is what they act
   on, and what that acts on, and so on.
2. Their clauses are made ready and found a place; those of touched instruments are
   made ready anew in the places that they have. A clause whose targets or scope
   are others now, since it is read or amended otherwise, gets a new place.
3. Services that a new or touched instrument binds anew get their bindings, and the
   uses that these show.

Whatever else there is, is shared with the ruleset before.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence

import msgspec

from changeover.basics.instants import microseconds
from changeover.directory.model import Binding, WhenStale
from changeover.orders.compiled_directory import CompiledDirectory, rebindings_of
from changeover.orders.impacts import Impacts
from changeover.orders.model import Imported, Issued
from changeover.orders.status import Standing
from changeover.orders.tables import AtHand, Tables
from changeover.orders.uses import Uses
from changeover.orders.versions import VersionReader


class Parts(msgspec.Struct, frozen=True, kw_only=True):
    """What a ruleset holds.

    `standings` are by place; a place whose clause was read otherwise since is empty, and
    from `disordered` on places are not in the order of the record. `places` are an
    instrument's, `at_hand` a route's tables, `terms` the places of vendors' terms on a
    route, whatever their scope. `rebinding` are the instruments that bind services anew. `stale`
    says by network from when on the imported record is too old there, and what becomes of
    calls then.
    """

    version: str
    seq: int
    ground: CompiledDirectory
    readings: Mapping[str, str]
    issued: Mapping[str, Issued]
    impacts: Impacts
    standings: tuple[Standing | None, ...]
    disordered: int
    places: Mapping[str, tuple[int, ...]]
    tables: Tables
    at_hand: Mapping[str, AtHand]
    terms: Mapping[str, tuple[int, ...]]
    rebinding: frozenset[str]
    bindings: Mapping[tuple[str, str], tuple[Binding, ...]]
    uses: Uses
    releases: Mapping[tuple[str, str], tuple[int, ...]]
    imported: Imported | None = None
    stale: Mapping[str, tuple[int, WhenStale]] = {}


def grow(parts: Parts, issued: Sequence[Issued], *, version: str, seq: int) -> Parts:
    """The parts with instruments added to the record, in this order."""
    impacts, touched = parts.impacts.with_issued(issued)
    new = {entry.instrument.id: entry for entry in issued}
    grown: Parts = msgspec.structs.replace(
        parts,
        version=version,
        seq=seq,
        issued={**parts.issued, **new},
        impacts=impacts,
        rebinding=parts.rebinding.union(n for n, e in new.items() if e.instrument.rebindings),
    )
    names = dict.fromkeys([*(n for n in touched if n not in new), *new])
    return _rebind(_restand(grown, names), names)


def read_otherwise(parts: Parts, readings: Mapping[str, str]) -> Parts:
    """The parts under other readings of the instruments that these name."""
    changed: Parts = msgspec.structs.replace(parts, readings={**parts.readings, **readings})
    return _restand(changed, [name for name in readings if name in parts.issued])


def _restand(parts: Parts, names: Iterable[str]) -> Parts:
    """Makes the clauses of these instruments ready anew."""
    reader = VersionReader(parts.ground, parts.readings)
    standings = list(parts.standings)
    places = dict(parts.places)
    added: list[int] = []
    disordered = parts.disordered
    last = max((one.rank for one in standings[-1:] if one is not None), default=(-1, 0, 0))
    for name in names:
        versions = list(reader.versions(parts.issued[name], parts.impacts))
        left = list(places.get(name, ()))
        if not versions and not left:
            continue
        own = []
        for version in versions:
            place = next((p for p in left if _is_found_alike(standings[p], version)), None)
            if place is None:
                place = len(standings)
                standings.append(version)
                if version.rank < last:
                    disordered = min(disordered, place)
                last = max(last, version.rank)
                added.append(place)
            else:
                left.remove(place)
                standings[place] = version
            own.append(place)
        for place in left:
            standings[place] = None
        places[name] = tuple(own)
    fresh = [(place, one) for place in added if (one := standings[place]) is not None]
    tables, keys = parts.tables.with_clauses((place, s.targets, s.scope) for place, s in fresh)
    changed: Parts = msgspec.structs.replace(
        parts,
        standings=tuple(standings),
        disordered=disordered,
        places=places,
        tables=tables,
        at_hand=_at_hand(parts, tables, keys),
        terms=_with_terms(parts, fresh),
    )
    return changed


def _at_hand(parts: Parts, tables: Tables, keys: Iterable[str]) -> Mapping[str, AtHand]:
    """The tables of every route, once those under some keys have changed."""
    reached = parts.ground.routes
    changed = {
        route: tables.at_hand(reached[route].lineage, reached[route].keys)
        for route in parts.ground.routes_found_by(keys)
    }
    return {**parts.at_hand, **changed}


def _is_found_alike(before: Standing | None, version: Standing) -> bool:
    """Whether the version may stand in the place of an earlier state of it."""
    return before is not None and (
        (before.clause, before.amended_by, before.targets, before.scope)
        == (version.clause, version.amended_by, version.targets, version.scope)
    )


def _with_terms(
    parts: Parts, fresh: Iterable[tuple[int, Standing]]
) -> Mapping[str, tuple[int, ...]]:
    terms = [(place, standing) for place, standing in fresh if standing.layer != "orders"]
    if not terms:
        return parts.terms
    changed = dict(parts.terms)
    for route, reached in parts.ground.routes.items():
        found = tuple(place for place, one in terms if one.matches(reached.lineage))
        if found:
            changed[route] = (*changed.get(route, ()), *found)
    return changed


def _rebind(parts: Parts, names: Iterable[str]) -> Parts:
    """Binds anew the services that these instruments bind, or no longer do."""
    changing = parts.rebinding.intersection(names)
    if not changing:
        return parts
    services = {c.service for n in changing for c in parts.issued[n].instrument.rebindings}
    standing = tuple(_rebindings(parts, services))
    ever = [b for n in changing for b in rebindings_of(parts.issued[n].instrument)]
    bindings = dict(parts.bindings)
    spans = {}
    for service in services:
        bound = parts.ground.bound(service, standing)
        for slot in parts.ground.slots(service, ever):
            bindings.pop((service, slot), None)
        bindings.update(bound)
        spans[service] = parts.ground.spans(bound, parts.issued)
    changed: Parts = msgspec.structs.replace(
        parts, bindings=bindings, uses=parts.uses.with_spans(spans)
    )
    return changed


def _rebindings(parts: Parts, services: set[str]) -> Iterator[Binding]:
    """What instruments bind these services to, in the order of the record.

    Nothing if an act had ended the instrument before it took effect. One that is
    ended later leaves its bindings as they are: what serves people is changed by
    words, not by their end.
    """
    for name, entry in parts.issued.items():
        effect = entry.instrument.takes_effect()
        if name not in parts.rebinding or effect is None:
            continue
        if parts.impacts.takes(entry, microseconds(effect)):
            for binding in rebindings_of(entry.instrument):
                if binding.service in services:
                    yield binding
