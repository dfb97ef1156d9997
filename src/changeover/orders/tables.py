"""Finding the clauses that may meet a call, however many stand.

A clause is indexed under one field of each of its targets (the narrowest given:
route, model, maker, reseller, host) and, below that, under every party that its
scope reaches once *part of* is descended. A route has the tables of the keys of its
lineage at hand. A decision therefore meets only clauses that may matter.

A call under a contract is found by the contract and whose it is, since two
parties may number theirs alike; whose it is follows from the relations of the
party that calls.

The tables hold places, not clauses: what an act does to a clause leaves them as
they are. They are immutable; what is added makes new ones that share the rest.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping

import msgspec

from changeover.directory.model import Directory
from changeover.directory.rules import Lineage, ancestors
from changeover.orders.model import Scope, Target

ANYONE = "*"

Table = Mapping[str, tuple[int, ...]]
"""Places of clauses, by whom they reach: a party, a contract's key, or anyone."""


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
        if not scope.regulated and not scope.contracts:
            return parties
        contracts = {
            contract_key(to, contract)
            for to, contract in self._contractors
            if to in parties and (ANYONE in scope.contracts or contract in scope.contracts)
        }
        return parties | self.of(scope.regulated) | contracts


class AtHand(msgspec.Struct, frozen=True, gc=False):
    """A route's tables, and the places in them of clauses that reach anyone."""

    tables: tuple[Table, ...] = ()
    anyone: tuple[int, ...] = ()


class Tables:
    """The places of clauses, by a key of what they aim at, then by whom they reach."""

    def __init__(self, descent: Descent) -> None:
        self._descent = descent
        self._tables: dict[str, Table] = {}

    def at_hand(self, keys: Iterable[str]) -> AtHand:
        """The tables under these keys, of those that there are."""
        tables = tuple(self._tables[key] for key in keys if key in self._tables)
        anyone = tuple(place for table in tables for place in table.get(ANYONE, ()))
        return AtHand(tables, anyone)

    def with_clauses(
        self, added: Iterable[tuple[int, tuple[Target, ...], Scope]]
    ) -> tuple["Tables", Iterable[str]]:
        """The tables with clauses added (place, targets and scope), and the keys of those."""
        gathered: dict[str, dict[str, list[int]]] = defaultdict(lambda: defaultdict(list))
        for place, targets, scope in added:
            reached = self._descent.reached(scope)
            for key in {key for target in targets for key in target_keys(target)}:
                table = gathered[key]
                for whom in reached:
                    table[whom].append(place)
        if not gathered:
            return self, ()
        changed = Tables(self._descent)
        changed._tables = dict(self._tables)
        for key, places in gathered.items():
            before = self._tables.get(key, {})
            new = {whom: (*before.get(whom, ()), *found) for whom, found in places.items()}
            changed._tables[key] = {**before, **new}
        return changed, gathered


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
    """The keys that a target is found by: of the narrowest field that it gives."""
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


def is_found_by_its_key(target: Target) -> bool:
    """Whether a route that has one of the target's keys matches it: it gives one field."""
    given = (target.routes, target.models, target.makers, target.resellers, target.hosts)
    return sum(map(bool, given)) <= 1


def lineage_keys(line: Lineage) -> tuple[str, ...]:
    """Every key that a clause on a route of this lineage may be found by."""
    keys = [f"route:{line.route}", f"host:{line.host}", ANYONE]
    keys += [f"model:{model}" for model in sorted(line.models)]
    keys += [f"maker:{maker}" for maker in sorted(line.makers)]
    if line.reseller is not None:
        keys.append(f"reseller:{line.reseller}")
    return tuple(keys)
