"""What no instrument can mean, because its own words contradict one another.

1. A clause that requires names what it requires, and no other does; only a
   prohibition winds down.
2. A model or a route that a target names can meet the target's other fields: a
   model has, or something derived from it has, one of the makers named; a route
   has one of the models, makers, hosts and resellers named.
3. A service that a scope names belongs to a party that the scope reaches, and
   runs on a network that it names; a contract is one with a party named.
4. Parties that are given time to wind down are reached by the scope.
5. A freeze is provisional, for at most thirty days after it takes effect, and does
   nothing but prohibit; nothing else is provisional.
6. An instrument that is known only on a network binds nothing below: each reading names
   networks of as great a rank, and so do the services that it rebinds. Else a refusal
   would cite it where it must not be known.

Two ask: reading a file (`source.py`), at each place, and issuing
(`check_contradictions`). Names that are not in the directory are not judged here.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import msgspec

from changeover.basics.calendars import lasts_at_most
from changeover.basics.errors import InvalidInputError
from changeover.directory.model import Directory, Service
from changeover.directory.rules import Lineage, derivation, lineage
from changeover.orders.clauses import Path, written
from changeover.orders.extent import Extent
from changeover.orders.model import Instrument, Reading, Scope, Target

LONGEST_FREEZE = 30
"""The days that a freeze may last unless it is confirmed."""


class Contradiction(msgspec.Struct, frozen=True, kw_only=True):
    """What cannot be, at a path within what was asked about, and what to do."""

    path: Path
    what: str
    do: str


def in_reading(directory: Directory, reading: Reading) -> Iterator[Contradiction]:
    """What contradicts itself in a reading."""
    extent = Extent(directory)
    yield from _in_modality(reading)
    for index, target in enumerate(reading.targets):
        for found in _in_target(directory, target):
            yield msgspec.structs.replace(found, path=("targets", index, *found.path))
    yield from _in_scope(extent, reading.scope)
    yield from _in_grace(extent, reading)


def in_freeze(directory: Directory, instrument: Instrument) -> Iterator[Contradiction]:
    """What contradicts that an instrument is a freeze, or that it is none."""
    until = instrument.provisional_until
    if instrument.kind != "freeze":
        if until is not None:
            what = f"Only a freeze is provisional, and this is of kind {instrument.kind}."
            do = "Write kind: freeze, or give its clauses an until:."
            yield Contradiction(path=("provisional_until",), what=what, do=do)
        return
    yield from _in_duration(directory, instrument.takes_effect(), until)
    if not instrument.clauses or instrument.acts or instrument.rebindings:
        what = "A freeze has clauses, and neither acts on other instruments nor rebinds services."
        yield Contradiction(path=("kind",), what=what, do="Issue what else it does by itself.")
    for clause in instrument.clauses:
        if any(reading.modality != "prohibit" for reading in clause.readings):
            what = "A freeze only prohibits."
            yield Contradiction(
                path=("clauses", clause.id), what=what, do="Issue the clause by another instrument."
            )


def in_secrecy(directory: Directory, instrument: Instrument) -> Iterator[Contradiction]:
    """Where an instrument that is known only on a network would bind what is below it."""
    own = directory.networks.get(instrument.known_on or "")
    if own is None:
        return
    below = {n.id for n in directory.networks.values() if n.rank < own.rank}
    do = f"Name the networks of its scope, none below {own.id}, or leave out known_on."
    for clause in instrument.clauses:
        for reading in clause.readings:
            networks = reading.scope.networks
            if not networks or below.intersection(networks):
                what = f"Known only on {own.id}, it would bind calls on networks below."
                yield Contradiction(path=("clauses", clause.id), what=what, do=do)
    for index, change in enumerate(instrument.rebindings):
        service = directory.services.get(change.service)
        if service is not None and service.network in below:
            what = f"Known only on {own.id}, it would rebind {service.id} below."
            yield Contradiction(path=("rebindings", index), what=what, do=do)


def check_contradictions(directory: Directory, instrument: Instrument) -> None:
    """Raises `InvalidInputError` with all that contradicts itself in an instrument."""
    found = [
        (f"clause {clause.id}: {one.what}", one.do)
        for _, clause in written(instrument)
        for reading in clause.readings
        for one in in_reading(directory, reading)
    ]
    found += [(one.what, one.do) for one in in_freeze(directory, instrument)]
    found += [(one.what, one.do) for one in in_secrecy(directory, instrument)]
    if found:
        raise InvalidInputError(
            f"{instrument.id} contradicts itself: "
            + " ".join(dict.fromkeys(what for what, _ in found)),
            means="Nothing was recorded.",
            do=found[0][1],
        )


def _in_modality(reading: Reading) -> Iterator[Contradiction]:
    requires = reading.modality == "require"
    if requires and not reading.requirements:
        what = "It requires, and does not say what."
        do = "Add requirements: and the assurances that a route must have."
        yield Contradiction(path=("modality",), what=what, do=do)
    if reading.requirements and not requires:
        what = "Only a clause that requires has requirements."
        do = "Write modality: require, or leave them out."
        yield Contradiction(path=("requirements",), what=what, do=do)
    if reading.wind_down is not None and reading.modality != "prohibit":
        what = "Only a prohibition winds down."
        do = "Leave wind_down out; until: says when a clause ends."
        yield Contradiction(path=("wind_down",), what=what, do=do)


def _in_target(directory: Directory, target: Target) -> Iterator[Contradiction]:
    for index, name in enumerate(target.models):
        if target.makers and name in directory.models and not _made_by(directory, target, name):
            what = f"{name} is not of {_or(target.makers)}, and neither is what derives from it."
            do = "Leave the model out, or name its maker."
            yield Contradiction(path=("models", index), what=what, do=do)
    for index, name in enumerate(target.routes):
        missed = _missed(target, lineage(directory, name)) if name in directory.routes else ()
        if missed:
            what = f"{name} has none of the {_and(missed)} named."
            do = f"Leave the route out, or the {_and(missed)}: each field of a target must match."
            yield Contradiction(path=("routes", index), what=what, do=do)


def _made_by(directory: Directory, target: Target, name: str) -> bool:
    """Whether a route of the model, or of one that derives from it, could have a maker named."""
    lines = (derivation(directory, model) for model in directory.models)
    return any(
        directory.models[model].maker in target.makers
        for line in lines
        if name in line
        for model in line
    )


def _missed(target: Target, line: Lineage) -> tuple[str, ...]:
    """The target's fields that hold nothing of a route's lineage."""
    held = {
        "models": line.models,
        "makers": line.makers,
        "hosts": {line.host},
        "resellers": {line.reseller},
    }
    named = {field: getattr(target, field) for field in held}
    return tuple(f for f, names in named.items() if names and held[f].isdisjoint(names))


def _in_scope(extent: Extent, scope: Scope) -> Iterator[Contradiction]:
    services = extent.directory.services
    for index, name in enumerate(scope.services):
        if name in services:
            for what, do in _of_service(extent, scope, services[name]):
                yield Contradiction(path=("scope", "services", index), what=what, do=do)
    reached = extent.contracts(scope) if scope.parties else frozenset(scope.contracts)
    for index, name in enumerate(scope.contracts):
        if name not in {"*", *reached}:
            what = f"The contract {name} is with none of the parties named."
            do = "Name the party that it is with, or leave it out."
            yield Contradiction(path=("scope", "contracts", index), what=what, do=do)


def _of_service(extent: Extent, scope: Scope, service: Service) -> Iterator[tuple[str, str]]:
    if not extent.belongs(scope, service):
        yield (
            f"{service.id} belongs to {service.party}, which the scope does not reach.",
            "Leave the service out, or name its party.",
        )
    if scope.networks and service.network not in scope.networks:
        yield (
            f"{service.id} runs on {service.network}, which is none of the networks named.",
            "Leave the service out, or name its network.",
        )


def _in_grace(extent: Extent, reading: Reading) -> Iterator[Contradiction]:
    if reading.wind_down is None:
        return
    reached = extent.parties(reading.scope)
    for index, party in enumerate(reading.wind_down.parties):
        known = party in extent.directory.parties
        if known and reached.isdisjoint(extent.with_parts((party,))):
            what = f"{party} is given time to wind down, and the scope does not reach it."
            do = "Leave the party out, or name it in the scope."
            yield Contradiction(path=("wind_down", "parties", index), what=what, do=do)


def _in_duration(
    directory: Directory, effect: datetime | None, until: datetime | None
) -> Iterator[Contradiction]:
    path: Path = ("provisional_until",)
    if until is None:
        what = "A freeze ends by itself, and this one does not say when."
        do = f"Add provisional_until:, at most {LONGEST_FREEZE} days after it takes effect."
        yield Contradiction(path=path, what=what, do=do)
    elif effect is None:
        what = "A freeze that is only announced bars nothing."
        yield Contradiction(path=path, what=what, do="Add published: or effective:.")
    elif until <= effect:
        what = "The freeze ends before it takes effect."
        yield Contradiction(path=path, what=what, do="Correct one of the two.")
    elif not _short(effect, until, ZoneInfo(directory.zone)):
        what = f"A freeze lasts at most {LONGEST_FREEZE} days."
        do = "Name an earlier instant; what is to last longer is confirmed, or an order."
        yield Contradiction(path=path, what=what, do=do)


def _short(effect: datetime, until: datetime, zone: ZoneInfo) -> bool:
    """Whether a freeze is within its days, by the local clock or in hours."""
    hours = until - effect <= timedelta(days=LONGEST_FREEZE)
    return hours or lasts_at_most(effect, until, LONGEST_FREEZE, zone)


def _and(words: tuple[str, ...]) -> str:
    return " and ".join(words)


def _or(words: tuple[str, ...]) -> str:
    return " or ".join(words)
