"""What awaits a person: what the rules do not answer by themselves, and what lapses unless.

* Uses that are refused as new where a person must judge (rule 3), for the routes
  that slots are bound to.
* Open questions on instruments that implement what is stayed or ended (rule 5).
* Freezes that end by themselves unless they are confirmed (rule 10).
* Waivers that were requested, and that no waiver granted since covers (rule 4).
* Clauses that bear several readings, whose choice counsel has not signed (rule 10).
* Routes that are held for a service that was ever bound to them (rule 9).

With each stands who may settle it. Nothing here is decided anew: it is what
`decide` answers, gathered.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import datetime

import msgspec

from changeover.basics.instants import microseconds
from changeover.orders.candidates import routes_named
from changeover.orders.cited import provisional_until, version_of
from changeover.orders.decide import decide
from changeover.orders.decision import Call, Judged, OpenQuestion
from changeover.orders.endings import ended
from changeover.orders.may_change import Changers
from changeover.orders.model import Implement, Waive
from changeover.orders.ruleset import Ruleset, call_of


class AwaitedUse(msgspec.Struct, frozen=True, kw_only=True):
    """A use that is refused as new until one of `judges` (issuers) judges it."""

    service: str
    slot: str
    route: str
    order: str
    clause: str
    why: tuple[Judged, ...]
    judges: tuple[str, ...]


class AwaitedFinding(msgspec.Struct, frozen=True, kw_only=True):
    """An open question on a derived instrument, and the issuers who may find."""

    question: OpenQuestion
    judges: tuple[str, ...]


class AwaitedConfirmation(msgspec.Struct, frozen=True, kw_only=True):
    """A freeze that ends at `until` unless it is confirmed before."""

    freeze: str
    until: datetime
    judges: tuple[str, ...]


class AwaitedWaiver(msgspec.Struct, frozen=True, kw_only=True):
    """A waiver that was requested, and the issuers who may grant it."""

    request: str
    orders: tuple[str, ...]
    parties: tuple[str, ...]
    services: tuple[str, ...]
    until: datetime | None
    grants: tuple[str, ...]


class AwaitedSignature(msgspec.Struct, frozen=True, kw_only=True):
    """A clause whose choice among readings counsel has not signed."""

    order: str
    clause: str
    chosen: str
    chosen_by: str
    readings: tuple[str, ...]


class AwaitedRelease(msgspec.Struct, frozen=True, kw_only=True):
    """A route that is held for a service, by these orders, until an officer releases it."""

    service: str
    route: str
    held_by: tuple[str, ...]


class Awaiting(msgspec.Struct, frozen=True, kw_only=True):
    """All that awaits a person at an instant."""

    at: datetime
    zone: str
    uses: tuple[AwaitedUse, ...]
    findings: tuple[AwaitedFinding, ...]
    confirmations: tuple[AwaitedConfirmation, ...]
    waivers: tuple[AwaitedWaiver, ...]
    signatures: tuple[AwaitedSignature, ...]
    releases: tuple[AwaitedRelease, ...]


def awaiting(ruleset: Ruleset, at: datetime) -> Awaiting:
    """Gathers what awaits a person."""
    changers = Changers(ruleset, at)
    return Awaiting(
        at=at,
        zone=ruleset.directory.zone,
        uses=tuple(_uses(ruleset, changers, at)),
        findings=tuple(_findings(ruleset, changers, at)),
        confirmations=tuple(_confirmations(ruleset, changers, at)),
        waivers=tuple(_waivers(ruleset, changers, at)),
        signatures=tuple(_signatures(ruleset, at)),
        releases=tuple(_releases(ruleset, at)),
    )


def _slots(ruleset: Ruleset) -> Iterator[tuple[Call, str]]:
    """The call of every slot of every service."""
    for service in ruleset.directory.services.values():
        for slot in service.slots:
            yield call_of(service, slot.name), slot.name


def _bound(ruleset: Ruleset, call: Call, slot: str, instants: Iterable[int]) -> tuple[str, ...]:
    """The routes that the slot's bindings at these instants name."""
    bindings = (ruleset.binding(call.service, slot, instant) for instant in instants)
    models = [name for binding in bindings if binding is not None for name in binding.models]
    return routes_named(ruleset, dict.fromkeys(models))


def _uses(ruleset: Ruleset, changers: Changers, at: datetime) -> Iterator[AwaitedUse]:
    for call, slot in _slots(ruleset):
        for route in _bound(ruleset, call, slot, [microseconds(at)]):
            for citation in decide(ruleset, call, route, at).citations:
                if citation.awaits:
                    yield AwaitedUse(
                        service=call.service,
                        slot=slot,
                        route=route,
                        order=citation.instrument,
                        clause=citation.clause,
                        why=citation.awaits,
                        judges=changers.judges(citation.instrument),
                    )


def _findings(ruleset: Ruleset, changers: Changers, at: datetime) -> Iterator[AwaitedFinding]:
    """The open questions, each once; asked only of what others acted on, since few are."""
    acted_on = {
        name
        for entry in ruleset.issued.values()
        for act in entry.instrument.acts
        if not isinstance(act, Implement)
        for name in act.instruments
    }
    for entry in ruleset.issued.values():
        instrument = entry.instrument
        if not acted_on.intersection(instrument.implements()):
            continue
        found: dict[str, OpenQuestion] = {}
        for question in _questions(ruleset, instrument.id, at):
            found.setdefault(question.implements, question)
            if len(found) == len(set(instrument.implements())):
                break
        for question in found.values():
            yield AwaitedFinding(question=question, judges=changers.judges(instrument.id))


def _questions(ruleset: Ruleset, name: str, at: datetime) -> Iterator[OpenQuestion]:
    standings = ruleset.standings_of(name)
    routes = [
        route
        for route in ruleset.directory.routes
        if any(standing.matches(ruleset.reached(route).lineage) for standing in standings)
    ]
    for call, _ in _slots(ruleset):
        for route in routes:
            for question in decide(ruleset, call, route, at).questions:
                if question.instrument == name and question.finding is None:
                    yield question


def _confirmations(
    ruleset: Ruleset, changers: Changers, at: datetime
) -> Iterator[AwaitedConfirmation]:
    for entry in ruleset.issued.values():
        until = provisional_until(ruleset, entry)
        name = entry.instrument.id
        if until is not None and at < until and not _ended(ruleset, name, at):
            yield AwaitedConfirmation(freeze=name, until=until, judges=changers.judges(name))


def _ended(ruleset: Ruleset, name: str, at: datetime) -> bool:
    """Whether none of the instrument's clauses can bind any more."""
    instant = microseconds(at)
    return all(standing.status(instant) == "ended" for standing in ruleset.standings_of(name))


def _waivers(ruleset: Ruleset, changers: Changers, at: datetime) -> Iterator[AwaitedWaiver]:
    acts = [
        (entry, act)
        for entry in ruleset.issued.values()
        for act in entry.instrument.acts
        if isinstance(act, Waive)
    ]
    gone = ended(ruleset.issued.values())
    for place, (entry, act) in enumerate(acts):
        later = [other for _, other in acts[place + 1 :] if not other.requested]
        orders = tuple(
            name
            for name in act.instruments
            if name in ruleset.issued
            and not _ended(ruleset, name, at)
            and not any(name in other.instruments and _covers(other, act) for other in later)
        )
        lapsed = act.until is not None and act.until <= at
        withdrawn = entry.instrument.id in gone
        if act.requested and orders and not lapsed and not withdrawn:
            may = [changers.of(name) for name in orders]
            grants = dict.fromkeys(i for each in may for i in (each.issuer, *each.waive))
            yield AwaitedWaiver(
                request=entry.instrument.id,
                orders=orders,
                parties=act.parties,
                services=act.services,
                until=act.until,
                grants=tuple(grants),
            )


def _covers(granted: Waive, requested: Waive) -> bool:
    """Whether a waiver frees all that was asked for; one that is narrower leaves it open."""
    fields = (
        (granted.parties, requested.parties),
        (granted.services, requested.services),
        (granted.routes, requested.routes),
        (granted.purposes, requested.purposes),
    )
    return all(not given or (asked and set(asked) <= set(given)) for given, asked in fields)


def _signatures(ruleset: Ruleset, at: datetime) -> Iterator[AwaitedSignature]:
    for entry in ruleset.issued.values():
        if _ended(ruleset, entry.instrument.id, at):
            continue
        for standing in ruleset.standings_of(entry.instrument.id):
            clause = version_of(ruleset, standing)
            if standing.status(microseconds(at)) == "ended":
                continue
            if len(clause.readings) > 1 and not clause.signed_by_counsel:
                yield AwaitedSignature(
                    order=entry.instrument.id,
                    clause=standing.clause,
                    chosen=clause.chosen,
                    chosen_by=clause.chosen_by,
                    readings=tuple(reading.id for reading in clause.readings),
                )


def _releases(ruleset: Ruleset, at: datetime) -> Iterator[AwaitedRelease]:
    held: dict[tuple[str, str], tuple[str, ...]] = {}
    bound_anew = _bound_anew(ruleset)
    for call, slot in _slots(ruleset):
        instants = [i for i in bound_anew.get(call.service, ()) if i <= microseconds(at)]
        for route in _bound(ruleset, call, slot, sorted(instants)):
            by = decide(ruleset, call, route, at).held_by
            if by:
                held.setdefault((call.service, route), by)
    for (service, route), by in held.items():
        yield AwaitedRelease(service=service, route=route, held_by=by)


def _bound_anew(ruleset: Ruleset) -> dict[str, set[int]]:
    """When the slots of each service were, or will be, bound anew."""
    found: dict[str, set[int]] = defaultdict(set)
    for binding in ruleset.directory.bindings:
        found[binding.service].add(microseconds(binding.since))
    for entry in ruleset.issued.values():
        effect = entry.instrument.takes_effect()
        for change in entry.instrument.rebindings:
            if effect is not None:
                found[change.service].add(microseconds(effect))
    return found
