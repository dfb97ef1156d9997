"""Whom and what a clause can reach in a directory, whatever the call (rules of decision, 2).

Asked when an instrument is written: whether what it names can come together at
all, whether a waiver frees from something, which service is nearest to a clause
that reaches none. Attributes of persons are left out, since any person may come
to have them.
"""

from collections import defaultdict
from collections.abc import Iterable
from functools import cached_property

from changeover.directory.model import Directory, Party, Service
from changeover.directory.rules import Lineage, ancestors, lineage
from changeover.orders.model import Scope, Target
from changeover.orders.status import target_matches

_ANY = "*"


class Extent:
    """What can be reached in one directory. Names that are not in it reach nothing."""

    def __init__(self, directory: Directory) -> None:
        self.directory = directory
        self._with_parts: dict[tuple[str, ...], frozenset[str]] = {}

    @cached_property
    def _lineages(self) -> tuple[Lineage, ...]:
        return tuple(lineage(self.directory, route) for route in self.directory.routes)

    @cached_property
    def _parts(self) -> dict[str, frozenset[str]]:
        """Each party's parts, itself included."""
        below: dict[str, set[str]] = defaultdict(set)
        for party in self.directory.parties:
            for above in ancestors(self.directory, party):
                below[above].add(party)
        return {party: frozenset(parts) for party, parts in below.items()}

    def routes(self, targets: Iterable[Target]) -> frozenset[str]:
        """The routes that one of the targets matches."""
        wanted = tuple(targets)
        return frozenset(
            line.route
            for line in self._lineages
            if any(target_matches(target, line) for target in wanted)
        )

    def with_parts(self, parties: Iterable[str]) -> frozenset[str]:
        """The parties and all that is part of them."""
        named = tuple(parties)
        found = self._with_parts.get(named)
        if found is None:
            found = frozenset().union(*(self._parts.get(party, frozenset()) for party in named))
            self._with_parts[named] = found
        return found

    def parties(self, scope: Scope) -> frozenset[str]:
        """The parties that can be reached; where services are named, those of them that own one."""
        reached = self._whom(scope)
        if not scope.services:
            return reached
        services = self.directory.services
        return reached & {services[s].party for s in scope.services if s in services}

    def serves(self, scope: Scope, service: Service) -> bool:
        """Whether some call of the service can be in the scope."""
        return (
            self.belongs(scope, service)
            and (not scope.networks or service.network in scope.networks)
            and (not scope.services or service.id in scope.services)
            and (not scope.purposes or any(s.purpose in scope.purposes for s in service.slots))
            and (not scope.data_classes or service.data_class in scope.data_classes)
        )

    def belongs(self, scope: Scope, service: Service) -> bool:
        """Whether the service is a named party's, or runs under a contract that is reached."""
        if not (scope.parties or scope.regulated or scope.contracts):
            return True
        if service.party in self.with_parts((*scope.parties, *scope.regulated)):
            return True
        party = self.directory.parties.get(service.party)
        under = service.contract
        return party is not None and under is not None and under in self._contracts(scope, party)

    def _whom(self, scope: Scope) -> frozenset[str]:
        parties = self.directory.parties
        if not (scope.parties or scope.regulated or scope.contracts):
            return frozenset(parties)
        contractors = {p.id for p in parties.values() if self._contracts(scope, p)}
        return self.with_parts((*scope.parties, *scope.regulated)) | contractors

    def _contracts(self, scope: Scope, party: Party) -> frozenset[str]:
        """The party's contracts, with a party of the scope, that the scope reaches."""
        if not scope.contracts:
            return frozenset()
        principals = self.with_parts(scope.parties)
        return frozenset(
            relation.contract
            for relation in party.relations
            if relation.contract is not None
            and relation.to in principals
            and (_ANY in scope.contracts or relation.contract in scope.contracts)
        )

    def contracts(self, scope: Scope) -> frozenset[str]:
        """The contracts that the scope reaches."""
        found = (self._contracts(scope, party) for party in self.directory.parties.values())
        return frozenset().union(*found)
