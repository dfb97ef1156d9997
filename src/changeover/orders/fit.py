"""How the purposes, network and data class of services fit vendors' terms (rule 8).

Of each slot of a service, each route and each vendor in the route's lineage whose
terms are on record, one of these is so:

* *forbidden*: a prohibition that decides meets the call, or a requirement that
  the route cannot be shown to meet;
* *in conflict*: a prohibition and a permit that both decide meet it. The
  prohibition wins, and somebody should know that the texts disagree;
* *permitted*: a permit that decides meets it, and nothing above;
* *silent*: terms speak of the route, and nothing permits or prohibits the call.

Which clauses decide is what `terms_in_force` says, by which calls are decided too:
where an agreement speaks, the terms that it amends do not count. Orders are left
aside here.

Each clause on the route is told with whether it meets the call, and where it does
not, what of its scope the call is outside of.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Literal

import msgspec

from changeover.basics.instants import from_microseconds, microseconds
from changeover.basics.text import Bilingual
from changeover.orders import terms_in_force
from changeover.orders.candidates import routes_named
from changeover.orders.cited import version_of
from changeover.orders.decision import Call
from changeover.orders.laying_out import timeline_of
from changeover.orders.model import Modality, Status
from changeover.orders.ruleset import Ruleset, call_of
from changeover.orders.status import Layer, Standing

Verdict = Literal["forbidden", "in-conflict", "silent", "permitted"]
Outside = Literal["party", "network", "service", "purpose", "data-class", "person", "not-in-force"]
Role = Literal["decides", "amended", "met", "unmet", "outside"]
VERDICTS: tuple[Verdict, ...] = ("forbidden", "in-conflict", "silent", "permitted")
"""The gravest first."""


class ClauseFit(msgspec.Struct, frozen=True, kw_only=True):
    """A clause of a vendor's terms on the route, and what it is to the call.

    `role` is whether it decides, was amended by an agreement, requires what the route
    meets or does not, or is outside: then `outside` says of what, and `asks` gives what
    the clause names there.
    """

    instrument: str
    title: Bilingual
    clause: str
    words: str
    layer: Layer
    modality: Modality
    status: Status
    role: Role
    outside: Outside | None = None
    asks: tuple[str, ...] = ()


class Fit(msgspec.Struct, frozen=True, kw_only=True):
    """How one slot of a service fits one vendor's terms on one route.

    `bound` is whether the slot's binding leads to the route. `clauses` stand with the
    deciding ones first.
    """

    service: str
    service_name: Bilingual
    party: str
    slot: str
    purpose: str
    network: str
    data_class: str
    route: str
    vendor: str
    vendor_name: Bilingual
    bound: bool
    verdict: Verdict
    clauses: tuple[ClauseFit, ...]


class FitChange(msgspec.Struct, frozen=True, kw_only=True):
    """A fit that is another from an instant on; None where no terms spoke of the route."""

    before: Verdict | None
    after: Fit | None
    fit: Fit

    @property
    def worse(self) -> bool:
        """Whether less is allowed than before."""
        grave = len(VERDICTS)
        ranks = {verdict: rank for rank, verdict in enumerate(VERDICTS)}
        was = grave if self.before is None else ranks[self.before]
        now = grave if self.after is None else ranks[self.after.verdict]
        return now < was


class TermsChange(msgspec.Struct, frozen=True, kw_only=True):
    """What changed, or will, when a vendor's terms became others; `by` are the instruments."""

    at: datetime
    by: tuple[str, ...]
    changes: tuple[FitChange, ...]


def fits(
    ruleset: Ruleset,
    at: datetime,
    *,
    services: Iterable[str] | None = None,
    all_routes: bool = False,
) -> list[Fit]:
    """The fits of services at an instant, on the routes that they are bound to, or on all.

    Without `services`, of all. In the order of the directory.
    """
    known = ruleset.directory.services
    asked = known if services is None else [name for name in known if name in set(services)]
    found: list[Fit] = []
    for name in asked:
        for slot in known[name].slots:
            bound = _bound(ruleset, name, slot.name, at)
            routes = tuple(ruleset.directory.routes) if all_routes else bound
            for route in routes:
                call = call_of(known[name], slot.name)
                found += _on(ruleset, call, slot.name, route, at, bound=route in bound)
    return found


def changes(ruleset: Ruleset, since: datetime) -> list[TermsChange]:
    """What became, or becomes, of fits whenever terms begin, end or become others after `since`.

    Each time all routes' fits just before and just after are compared, so that a
    service learns also of what it is not bound to but may be given.
    """
    instants: dict[int, set[str]] = {}
    for standing in _of_terms(ruleset):
        for boundary in standing.boundaries():
            if boundary > microseconds(since):
                instants.setdefault(boundary, set()).add(_by(standing, boundary))
    told = []
    for instant in sorted(instants):
        found = _changed(ruleset, instant)
        if found:
            by = tuple(sorted(instants[instant]))
            told.append(TermsChange(at=from_microseconds(instant), by=by, changes=tuple(found)))
    return told


def _by(standing: Standing, boundary: int) -> str:
    """Which instrument made the clause another at an instant: what ends it, else its own text."""
    own = standing.amended_by or standing.instrument
    return own if boundary == standing.begins else standing.ended_by(boundary) or own


def _changed(ruleset: Ruleset, instant: int) -> list[FitChange]:
    at = from_microseconds(instant)
    before = {_place(f): f for f in fits(ruleset, from_microseconds(instant - 1), all_routes=True)}
    after = {_place(f): f for f in fits(ruleset, at, all_routes=True)}
    found = []
    for place in dict.fromkeys((*before, *after)):
        was, now = before.get(place), after.get(place)
        first = now or was
        if first is not None and (was and was.verdict) != (now and now.verdict):
            found.append(FitChange(before=was.verdict if was else None, after=now, fit=first))
    return found


def _place(fit: Fit) -> tuple[str, str, str, str]:
    return fit.service, fit.slot, fit.route, fit.vendor


def _of_terms(ruleset: Ruleset) -> Iterator[Standing]:
    return (standing for standing in ruleset.standings if standing.vendor is not None)


def _bound(ruleset: Ruleset, service: str, slot: str, at: datetime) -> tuple[str, ...]:
    binding = ruleset.binding(service, slot, microseconds(at))
    return () if binding is None else tuple(routes_named(ruleset, binding.models))


def _on(
    ruleset: Ruleset, call: Call, slot: str, route: str, at: datetime, *, bound: bool
) -> Iterator[Fit]:
    """The fit with each vendor whose terms speak of the route."""
    speaking = ruleset.terms_on(route)
    service = ruleset.directory.services[call.service]
    for vendor in dict.fromkeys(s.vendor for s in speaking if s.vendor is not None):
        reader = _Reader(ruleset, call, route, at)
        clauses = reader.read([s for s in speaking if s.vendor == vendor])
        verdict = _verdict(clauses)
        if verdict is None:
            continue
        known = ruleset.directory.vendors.get(vendor)
        yield Fit(
            service=service.id,
            service_name=service.name,
            party=service.party,
            slot=slot,
            purpose=call.purpose,
            network=call.network,
            data_class=call.data_class,
            route=route,
            vendor=vendor,
            vendor_name=Bilingual(en=vendor, fr=vendor) if known is None else known.name,
            bound=bound,
            verdict=verdict,
            clauses=tuple(sorted(clauses, key=lambda c: _ROLES.index(c.role))),
        )


_ROLES: tuple[Role, ...] = ("decides", "unmet", "met", "amended", "outside")


def _verdict(clauses: Iterable[ClauseFit]) -> Verdict | None:
    """The verdict of clauses; None where none of them is in force."""
    clauses = tuple(clauses)
    deciding = {clause.modality for clause in clauses if clause.role == "decides"}
    if "prohibit" in deciding:
        return "in-conflict" if "permit" in deciding else "forbidden"
    if any(clause.role == "unmet" for clause in clauses):
        return "forbidden"
    if "permit" in deciding:
        return "permitted"
    spoken = any(clause.outside != "not-in-force" for clause in clauses)
    return "silent" if spoken else None


class _Reader:
    """Reads clauses on a route for one call."""

    def __init__(self, ruleset: Ruleset, call: Call, route: str, at: datetime) -> None:
        self.ruleset = ruleset
        self.call = call
        self.route = route
        self.instant = microseconds(at)

        self.met = {standing.rank for standing in ruleset.collect(call, route)}

    def read(self, speaking: list[Standing]) -> list[ClauseFit]:
        phases = {s.rank: timeline_of(s, self.call, self.route).at(self.instant) for s in speaking}
        met = [(s, phases[s.rank]) for s in speaking if s.rank in self.met]
        amended = {standing.rank for standing, _ in terms_in_force.sort(met).amended}
        return [self.clause(s, phases[s.rank].status, amended=s.rank in amended) for s in speaking]

    def clause(self, standing: Standing, status: Status, *, amended: bool) -> ClauseFit:
        outside, asks = self.outside(standing, status)
        role: Role = "outside"
        if outside is None:
            role = "amended" if amended else self.role(standing)
        instrument = self.ruleset.issued[standing.instrument].instrument
        return ClauseFit(
            instrument=standing.instrument,
            title=instrument.title,
            clause=standing.clause,
            words=version_of(self.ruleset, standing).words,
            layer=standing.layer,
            modality=standing.modality,
            status=status,
            role=role,
            outside=outside,
            asks=asks,
        )

    def role(self, standing: Standing) -> Role:
        if standing.modality != "require":
            return "decides"
        assurances = self.ruleset.directory.routes[self.route].assurances
        return "met" if standing.requirements.issubset(assurances) else "unmet"

    def outside(self, standing: Standing, status: Status) -> tuple[Outside | None, tuple[str, ...]]:
        """What of the clause the call is outside of, and what the clause names there."""
        if status not in terms_in_force.IN_FORCE:
            return "not-in-force", ()
        if standing.rank in self.met:
            return None, ()
        scope, call = standing.scope, self.call
        asked: tuple[tuple[Outside, tuple[str, ...], str], ...] = (
            ("purpose", scope.purposes, call.purpose),
            ("data-class", scope.data_classes, call.data_class),
            ("network", scope.networks, call.network),
            ("service", scope.services, call.service),
        )
        for what, named, own in asked:
            if named and own not in named:
                return what, named
        if scope.attributes and not standing.meets(call):
            return "person", scope.attributes
        return "party", (*scope.parties, *scope.regulated, *scope.contracts)
