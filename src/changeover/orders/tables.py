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
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise, product
from math import prod

import msgspec

from changeover.directory.model import Directory
from changeover.directory.rules import Lineage, ancestors
from changeover.orders.model import Scope, Target

ANYONE = "*"

_FIELDS = ("route", "model", "maker", "reseller", "host")
_AND = " & "
_MOST_KEYS = 64


Runs = tuple[tuple[int, tuple[int, ...]], ...]
"""Places by the numbers of parties: of each run its first number, and the places that all in it
have, ascending. The first run begins at 0; each lasts until the next, the last for ever."""

_NOWHERE: Runs = ((0, ()),)


class Numbered(msgspec.Struct, frozen=True, gc=False):
    """Places by the numbers of parties, as runs, and laid out to be looked up.

    `index` says by a party's number which of `found` its places are; the first of them is none.
    """

    runs: Runs
    index: Sequence[int]
    found: tuple[tuple[int, ...], ...]

    @classmethod
    def of(cls, runs: Runs, count: int) -> "Numbered":
        """These runs, of so many parties."""
        numbers: dict[tuple[int, ...], int] = {(): 0}
        for _, places in runs:
            numbers.setdefault(places, len(numbers))
        few = len(numbers) <= 256  # They fit in a byte each.
        index: bytearray | list[int] = bytearray(count) if few else [0] * count
        for (start, places), (until, _) in pairwise((*runs, (count, ()))):
            if places:
                index[start:until] = [numbers[places]] * (until - start)
        return cls(runs, bytes(index) if few else index, tuple(numbers))


class Table(msgspec.Struct, frozen=True, gc=False):
    """Places of clauses, ascending, by whom they reach.

    `parties` are by the party's number, `contracts` by the contract's key, `anyone` are of
    clauses that reach everybody.
    """

    parties: Numbered
    contracts: Mapping[str, tuple[int, ...]] = {}
    anyone: tuple[int, ...] = ()


class Reach(msgspec.Struct, frozen=True, gc=False):
    """Whom a scope reaches: contracts by their keys, parties, or anyone.

    `bounds` are the numbers at which parties that are reached begin and end, by turns, ascending.
    """

    bounds: tuple[int, ...] = ()
    contracts: frozenset[str] = frozenset()
    anyone: bool = False


class Descent:
    """Every party with all that is part of it, worked out once for a directory.

    `numbers` are the parties', each before those that are part of it and these together, so
    that a clause reaches runs of numbers. `nobody` is no place for any of them.
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
        self.nobody = Numbered.of(_NOWHERE, len(ordered))
        below: dict[str, set[str]] = defaultdict(set)
        for party, chain in above.items():
            for one in chain:
                below[one].add(party)
        self._below = {party: frozenset(parts) for party, parts in below.items()}
        self._bounds_below = {party: self._bounds(parts) for party, parts in below.items()}

    def of(self, parties: Iterable[str]) -> frozenset[str]:
        """The parties and all that is part of them; an unknown party has nothing."""
        return frozenset().union(*(self._below.get(party, frozenset()) for party in parties))

    def reached(self, scope: Scope) -> Reach:
        """Whom a scope reaches."""
        if not scope.parties and not scope.regulated and not scope.contracts:
            return Reach(anyone=True)
        if len(scope.parties) == 1 and not scope.regulated and not scope.contracts:
            return Reach(self._bounds_below.get(scope.parties[0], ()))
        parties = self.of(scope.parties)
        contracts = {
            contract_key(to, contract)
            for to, contract in self._contractors
            if to in parties and (ANYONE in scope.contracts or contract in scope.contracts)
        }
        return Reach(self._bounds(parties | self.of(scope.regulated)), frozenset(contracts))

    def _bounds(self, parties: Iterable[str]) -> tuple[int, ...]:
        bounds: list[int] = []
        for number in sorted(self.numbers[party] for party in parties):
            if bounds and bounds[-1] == number:
                bounds[-1] = number + 1
            else:
                bounds += number, number + 1
        return tuple(bounds)


class AtHand:
    """What is found by a route's keys, and the route's makers.

    `most` are the places in the table that has most runs, `others` those in the other tables
    and of clauses that reach everybody, both by the party's number; `others` are None until
    they are laid out. The places of clauses that reach everybody alone are `anyone`.
    `contracts` are the tables' own.
    """

    __slots__ = ("_several", "anyone", "contracts", "makers", "most", "others")

    def __init__(self, makers: frozenset[str], tables: Sequence[Table], nobody: Numbered) -> None:
        self.makers = makers
        self.anyone = tuple(sorted({place for table in tables for place in table.anyone}))
        self.contracts = tuple(table.contracts for table in tables if table.contracts)
        several = [table.parties for table in tables if table.parties is not nobody]
        several.sort(key=lambda one: len(one.runs))
        self.most = several.pop() if several else nobody
        self.others: Numbered | None = None
        if len(several) < 2 and not self.anyone:
            self.others = several[0] if several else nobody
        self._several = several

    def lay_out(self) -> Numbered:
        """Works out `others`, which costs as much as some decisions."""
        if self.others is None:
            runs = _merged([one.runs for one in self._several], self.anyone)
            self.others = Numbered.of(runs, len(self.most.index))
        return self.others


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
        return AtHand(line.makers, tables, self._descent.nobody)

    def with_clauses(
        self, added: Iterable[tuple[int, tuple[Target, ...], Scope]]
    ) -> tuple["Tables", Iterable[str]]:
        """The tables with clauses added (place, targets and scope), and the keys of those.

        Their places come behind all that are there, and ascend.
        """
        written: dict[str, _Writing] = {}
        several = set(self._several)
        nobody = Table(self._descent.nobody)
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
        self._before = before.parties
        self._runs = before.parties.runs
        self._contracts = dict(before.contracts)
        self._anyone = before.anyone

    def add(self, place: int, reach: Reach) -> None:
        """Adds a place behind those that are there."""
        if reach.bounds:
            self._runs = _with_place(self._runs, place, reach.bounds)
        for contract in reach.contracts:
            self._contracts[contract] = (*self._contracts.get(contract, ()), place)
        if reach.anyone:
            self._anyone = (*self._anyone, place)

    def table(self) -> Table:
        parties = self._before
        if self._runs is not parties.runs:
            parties = Numbered.of(self._runs, len(parties.index))
        return Table(parties, self._contracts, self._anyone)


def _with_place(runs: Runs, place: int, bounds: Sequence[int]) -> Runs:
    """The runs with a place added between every second pair of bounds."""
    changed: list[tuple[int, tuple[int, ...]]] = []
    before: tuple[int, ...] = ()
    inside = False
    places = dict(runs)
    for number in sorted({*places, *bounds}):
        before = places.get(number, before)
        inside ^= number in bounds
        changed.append((number, (*before, place) if inside else before))
    return tuple(changed)


def _merged(several: Sequence[Runs], anyone: tuple[int, ...]) -> Runs:
    """What stands in any of the runs, and what reaches anyone, each place once."""
    turns = sorted((run[0], which, run[1]) for which, runs in enumerate(several) for run in runs)
    current = [*[()] * len(several), anyone]
    merged = {0: anyone}
    for start, which, places in turns:
        current[which] = places
        merged[start] = tuple(sorted(set().union(*current)))
    return tuple(merged.items())


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
