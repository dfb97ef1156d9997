"""What follows from a directory alone, worked out once for every ruleset over it."""

from collections.abc import Iterable, Mapping, Sequence

import msgspec

from changeover.basics.instants import microseconds
from changeover.directory.model import Binding, Directory, Service
from changeover.directory.rules import Lineage, ModelNames, lineage
from changeover.orders.decision import Call
from changeover.orders.model import Instrument, Issued
from changeover.orders.powers import powers_of
from changeover.orders.tables import Descent, contracts_of, lineage_keys, parts_of
from changeover.orders.uses import ALWAYS, FOREVER, Reader, Recorded, Span, Spans, Stated


class Reached(msgspec.Struct, frozen=True, gc=False):
    """A route's lineage, and the keys that clauses on it are found by."""

    lineage: Lineage
    keys: tuple[str, ...]


class CompiledDirectory:
    """A directory with its lineages, names and descents."""

    def __init__(self, directory: Directory, stated: Mapping[Stated, Recorded]) -> None:
        """`stated` says since when the routes that a binding reaches have been on record."""
        self.directory = directory
        self.names = ModelNames(directory)
        self.descent = Descent(directory)
        self.contracts = contracts_of(directory)
        self.makers = {model.id: model.maker for model in directory.models.values()}
        self.makers_own_first = tuple(sorted(directory.routes, key=self._is_elsewhere))
        self.created = {s.id: microseconds(s.created) for s in directory.services.values()}
        self.denying = frozenset(n.id for n in directory.networks.values() if n.default == "deny")
        self.routes = {
            route: Reached(line, lineage_keys(line))
            for route in directory.routes
            for line in (lineage(directory, route),)
        }
        found_by: dict[str, set[str]] = {}
        for route, reached in self.routes.items():
            for key in reached.keys:
                found_by.setdefault(key, set()).add(route)
        self._found_by = {key: frozenset(routes) for key, routes in found_by.items()}
        self.bindings: dict[tuple[str, str], list[Binding]] = {}
        for binding in directory.bindings:
            self.bindings.setdefault((binding.service, binding.slot), []).append(binding)
        self._networks: dict[str, frozenset[str]] = {}
        self._stated = stated
        self._reader = Reader(directory)

    def _is_elsewhere(self, route: str) -> bool:
        """Whether a route's host is another than its model's maker."""
        found = self.directory.routes[route]
        return found.host != self.makers[found.model]

    def routes_found_by(self, keys: Iterable[str]) -> frozenset[str]:
        """The routes that clauses under these keys match, or may."""
        nothing = frozenset[str]()
        found = (
            frozenset.intersection(*(self._found_by.get(part, nothing) for part in parts_of(key)))
            for key in keys
        )
        return nothing.union(*found)

    def networks_of(self, issuer: str) -> frozenset[str]:
        """The networks that an issuer may admit to; none for one that left the directory."""
        found = self._networks.get(issuer)
        if found is None:
            office = self.directory.issuers.get(issuer)
            found = frozenset() if office is None else powers_of(self.directory, office).networks
            self._networks[issuer] = found
        return found

    def bound(
        self, service: str, rebindings: Sequence[Binding] = ()
    ) -> dict[tuple[str, str], tuple[Binding, ...]]:
        """A service's bindings by slot, earliest first; instruments' after the directory's."""
        found: dict[tuple[str, str], list[Binding]] = {
            key: list(self.bindings[key])
            for slot in self.slots(service, rebindings)
            if (key := (service, slot)) in self.bindings
        }
        for binding in rebindings:
            if binding.service == service:
                found.setdefault((service, binding.slot), []).append(binding)
        return {key: tuple(sorted(b, key=lambda one: one.since)) for key, b in found.items()}

    def slots(self, service: str, rebindings: Sequence[Binding]) -> Iterable[str]:
        """The slots of a service, with those that instruments bind."""
        entry = self.directory.services.get(service)
        own = [] if entry is None else [slot.name for slot in entry.slots]
        return dict.fromkeys([*own, *(b.slot for b in rebindings if b.service == service)])

    def spans(
        self,
        bound: Mapping[tuple[str, str], Sequence[Binding]],
        issued: Mapping[str, Issued],
    ) -> Spans:
        """The times in which the bindings of one service show its uses."""
        found: dict[tuple[str, str], list[Span]] = {}
        for key, bindings in bound.items():
            directory_own = self.bindings.get(key, [])
            ends = [microseconds(b.since) for b in bindings[1:]] + [FOREVER]
            for binding, until in zip(bindings, ends, strict=True):
                # A binding of the directory may name an instrument; that does not date it.
                made_by = None if binding in directory_own else binding.instrument
                stated = self._reader.stated(binding)
                if stated is None:
                    continue
                recorded: Recorded | int = ALWAYS
                if made_by is not None:
                    recorded = microseconds(issued[made_by].recorded)
                elif stated in self._stated:
                    recorded = self._stated[stated]
                for maker, span in self._reader.spans(binding, until, recorded):
                    found.setdefault((stated.purpose, maker), []).append(span)
        return found


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


def rebindings_of(instrument: Instrument) -> Iterable[Binding]:
    """What the instrument binds anew when it takes effect."""
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
