"""Finding the clauses that may meet a call, however many stand.

A clause is indexed under each of its targets (`maker:a`, or `maker:a & host:b` where it
gives two fields) and, below that, under every party that its scope reaches once *part
of* is descended. A route has the tables of the keys of its lineage at hand. A decision
therefore meets only clauses that may matter.

A call under a contract is found by the contract and whose it is, since two
parties may number theirs alike; whose it is follows from the relations of the
party that calls.

The tables hold places, not clauses: what an act does to a clause leaves them as
they are. They are immutable; what is added makes new ones that share the rest.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from itertools import product
from math import prod

import msgspec

from changeover.directory.model import Directory
from changeover.directory.rules import Lineage, ancestors
from changeover.orders.model import Scope, Target

ANYONE = "*"

_FIELDS = ("route", "model", "maker", "reseller", "host")
_AND = " & "
_MOST_KEYS = 64


class Table(msgspec.Struct, frozen=True, gc=False):
    """Places of clauses, ascending, by whom they reach.

    `parties` are by the party's number, `contracts` by the contract's key, `anyone` are of
    clauses that reach everybody.
    """

    parties: tuple[tuple[int, ...], ...]
    contracts: Mapping[str, tuple[int, ...]] = {}
    anyone: tuple[int, ...] = ()


class Reach(msgspec.Struct, frozen=True, gc=False):
    """Whom a scope reaches: parties by their numbers, contracts by their keys, or anyone."""

    parties: tuple[int, ...] = ()
    contracts: frozenset[str] = frozenset()
    anyone: bool = False


class Descent:
    """Every party with all that is part of it, worked out once for a directory.

    `numbers` are the parties', each before those that are part of it and these together, so
    that a clause reaches runs of numbers.
    """

    def __init__(self, directory: Directory) -> None:
        self._contractors = [
            (relation.to, relation.contract)
            for party in directory.parties.values()
            for relation in party.relations
            if relation.kind == "contracted-to" and relation.contract is not None
        ]
        above = {party: ancestors(directory, party) for party in directory.parties}
        ordered = sorted(above, key=lambda party: above[party][::-1])
        self.numbers = {party: number for number, party in enumerate(ordered)}
        below: dict[str, set[str]] = defaultdict(set)
        for party, chain in above.items():
            for one in chain:
                below[one].add(party)
        self._below = {party: frozenset(parts) for party, parts in below.items()}
        self._numbers_below = {party: self._numbered(parts) for party, parts in below.items()}

    def of(self, parties: Iterable[str]) -> frozenset[str]:
        """The parties and all that is part of them; an unknown party has nothing."""
        return frozenset().union(*(self._below.get(party, frozenset()) for party in parties))

    def reached(self, scope: Scope) -> Reach:
        """Whom a scope reaches."""
        if not scope.parties and not scope.regulated and not scope.contracts:
            return Reach(anyone=True)
        if len(scope.parties) == 1 and not scope.regulated and not scope.contracts:
            return Reach(self._numbers_below.get(scope.parties[0], ()))
        parties = self.of(scope.parties)
        contracts = {
            contract_key(to, contract)
            for to, contract in self._contractors
            if to in parties and (ANYONE in scope.contracts or contract in scope.contracts)
        }
        return Reach(self._numbered(parties | self.of(scope.regulated)), frozenset(contracts))

    def _numbered(self, parties: Iterable[str]) -> tuple[int, ...]:
        return tuple(sorted(self.numbers[party] for party in parties))


class AtHand(msgspec.Struct, frozen=True, gc=False):
    """What is found by a route's keys, and the route's makers.

    `parties` are the tables' own, each by the party's number, and `contracts` theirs;
    `anyone` are the places of clauses in them that reach everybody.
    """

    makers: frozenset[str]
    parties: tuple[tuple[tuple[int, ...], ...], ...] = ()
    contracts: tuple[Mapping[str, tuple[int, ...]], ...] = ()
    anyone: tuple[int, ...] = ()


class Tables:
    """The places of clauses, by a key of what they aim at, then by whom they reach."""

    def __init__(self, descent: Descent) -> None:
        self._descent = descent
        self._tables: dict[str, Table] = {}
        self._several: frozenset[tuple[str, ...]] = frozenset()

    def at_hand(self, line: Lineage, keys: Iterable[str]) -> AtHand:
        """What is at hand for a route of this lineage, which is found by these keys."""
        combined = (key for fields in self._several for key in _combined(line, fields))
        tables = [self._tables[key] for key in (*keys, *combined) if key in self._tables]
        return AtHand(
            line.makers,
            tuple(table.parties for table in tables),
            tuple(table.contracts for table in tables if table.contracts),
            tuple(sorted({place for table in tables for place in table.anyone})),
        )

    def with_clauses(
        self, added: Iterable[tuple[int, tuple[Target, ...], Scope]]
    ) -> tuple["Tables", Iterable[str]]:
        """The tables with clauses added (place, targets and scope), and the keys of those.

        Their places come behind all that are there, and ascend.
        """
        written: dict[str, _Writing] = {}
        several = set(self._several)
        nobody = Table(((),) * len(self._descent.numbers))
        fresh = list(added)
        # Made one after the other, the numbers lie together in memory, and are faster to fetch.
        places = list(range(fresh[0][0], fresh[-1][0] + 1)) if fresh else []
        for place_, targets, scope in fresh:
            place = places[place_ - places[0]]
            reach = self._descent.reached(scope)
            several.update(fields for target in targets if len(fields := _fields(target)) > 1)
            for key in {key for target in targets for key in target_keys(target)}:
                if key not in written:
                    written[key] = _Writing(self._tables.get(key, nobody))
                written[key].add(place, reach)
        if not written:
            return self, ()
        changed = Tables(self._descent)
        changed._tables = self._tables | {key: one.table() for key, one in written.items()}
        changed._several = frozenset(several)
        return changed, written


class _Writing:
    """A table that is added to."""

    def __init__(self, before: Table) -> None:
        self._parties = list(before.parties)
        self._contracts = dict(before.contracts)
        self._anyone = before.anyone

    def add(self, place: int, reach: Reach) -> None:
        """Adds a place behind those that are there."""
        parties = self._parties
        last: tuple[int, ...] | None = None
        longer: tuple[int, ...] = ()
        for number in reach.parties:
            places = parties[number]
            # Parties that the same clauses reach share the places: what lies together is faster.
            if places is not last:
                last, longer = places, (*places, place)
            parties[number] = longer
        for contract in reach.contracts:
            self._contracts[contract] = (*self._contracts.get(contract, ()), place)
        if reach.anyone:
            self._anyone = (*self._anyone, place)

    def table(self) -> Table:
        return Table(tuple(self._parties), self._contracts, self._anyone)


def contracts_of(directory: Directory) -> dict[tuple[str, str], tuple[str, ...]]:
    """The keys of each party's contracts, by the party and the contract's number."""
    found: dict[tuple[str, str], tuple[str, ...]] = {}
    for party in directory.parties.values():
        for relation in party.relations:
            if relation.kind == "contracted-to" and relation.contract is not None:
                place = party.id, relation.contract
                found[place] = (*found.get(place, ()), contract_key(relation.to, place[1]))
    return found


def contract_key(to: str, contract: str) -> str:
    return f"contract:{to}:{contract}"


def target_keys(target: Target) -> tuple[str, ...]:
    """The keys that a target is found by: a combination of each of the fields that it gives.

    Of very many combinations those of the narrowest field alone.
    """
    fields = _given(target)
    if not fields:
        return (ANYONE,)
    singles = [[f"{name}:{value}" for value in values] for name, values in fields.items()]
    if not is_found_by_its_key(target):
        return tuple(singles[0])
    return tuple(map(_AND.join, product(*singles)))


def is_found_by_its_key(target: Target) -> bool:
    """Whether every route that has one of the target's keys matches it."""
    counts = [len(values) for values in _given(target).values()]
    return len(counts) < 2 or prod(counts) <= _MOST_KEYS


def lineage_keys(line: Lineage) -> tuple[str, ...]:
    """Every key of one field that a clause on a route of this lineage may be found by."""
    return ANYONE, *(key for field in _FIELDS for key in _of_field(line, field))


def parts_of(key: str) -> list[str]:
    """The keys of one field that a key combines."""
    return key.split(_AND)


def _given(target: Target) -> dict[str, tuple[str, ...]]:
    """The fields that a target gives, the narrowest first."""
    values = (target.routes, target.models, target.makers, target.resellers, target.hosts)
    return {name: given for name, given in zip(_FIELDS, values, strict=True) if given}


def _fields(target: Target) -> tuple[str, ...]:
    return tuple(_given(target))


def _of_field(line: Lineage, field: str) -> tuple[str, ...]:
    """The keys of one field that a lineage has."""
    values: tuple[str | None, ...]
    match field:
        case "route":
            values = (line.route,)
        case "model":
            values = tuple(sorted(line.models))
        case "maker":
            values = tuple(sorted(line.makers))
        case "reseller":
            values = (line.reseller,)
        case _:
            values = (line.host,)
    return tuple(f"{field}:{value}" for value in values if value is not None)


def _combined(line: Lineage, fields: tuple[str, ...]) -> Iterable[str]:
    """The keys of a lineage that combine these fields."""
    return map(_AND.join, product(*(_of_field(line, field) for field in fields)))
