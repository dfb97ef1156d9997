"""Section 2 of docs/rules.md: which clauses meet a call."""

from collections.abc import Iterator

from changeover.directory.model import Directory
from changeover.orders.decision import Call
from changeover.orders.model import Reading, Scope, Target


def parties_above(directory: Directory, party: str) -> Iterator[str]:
    """The party itself, what it is part of, and so on up."""
    above: str | None = party
    while above is not None:
        yield above
        above = directory.parties[above].part_of


def is_within(directory: Directory, party: str, named: tuple[str, ...]) -> bool:
    """Whether the party is one of those named or part of one."""
    return any(above in named for above in parties_above(directory, party))


def derivation(directory: Directory, model: str) -> set[str]:
    """The model and all that it derives from."""
    found = {model}
    for base in directory.models[model].derived_from:
        found |= derivation(directory, base)
    return found


def target_matches(directory: Directory, target: Target, route_id: str) -> bool:
    """Whether every field given holds something of the route's lineage."""
    route = directory.routes[route_id]
    models = derivation(directory, route.model)
    makers = {directory.models[model].maker for model in models}
    return (
        (not target.routes or route_id in target.routes)
        and (not target.hosts or route.host in target.hosts)
        and (not target.resellers or route.reseller in target.resellers)
        and (not target.models or bool(models & set(target.models)))
        and (not target.makers or bool(makers & set(target.makers)))
    )


def matching_targets(directory: Directory, reading: Reading, route: str) -> list[Target]:
    return [t for t in reading.targets if target_matches(directory, t, route)]


def meets(directory: Directory, reading: Reading, call: Call, route: str) -> bool:
    """Whether a clause, so read, meets the call on the route."""
    return bool(matching_targets(directory, reading, route)) and _scope_matches(
        directory, reading, call
    )


def _scope_matches(directory: Directory, reading: Reading, call: Call) -> bool:
    scope = reading.scope
    return (
        _whom(directory, scope, call)
        and (not scope.networks or call.network in scope.networks)
        and (not scope.services or call.service in scope.services)
        and _names(reading, scope.purposes, call.purpose)
        and _names(reading, scope.data_classes, call.data_class)
        and all(_attribute(reading, attribute, call) for attribute in scope.attributes)
    )


def _whom(directory: Directory, scope: Scope, call: Call) -> bool:
    if not scope.parties and not scope.regulated and not scope.contracts:
        return True
    return (
        is_within(directory, call.party, scope.parties)
        or is_within(directory, call.party, scope.regulated)
        or _under_contract(directory, scope, call)
    )


def _under_contract(directory: Directory, scope: Scope, call: Call) -> bool:
    """Made under a contract named, that the calling party has with one of those named."""
    if call.contract is None:
        return False
    if "*" not in scope.contracts and call.contract not in scope.contracts:
        return False
    return any(
        relation.kind == "contracted-to"
        and relation.contract == call.contract
        and is_within(directory, relation.to, scope.parties)
        for relation in directory.parties[call.party].relations
    )


def _names(reading: Reading, named: tuple[str, ...], of_call: str) -> bool:
    """Of a purpose or data class; one that is unknown is not within a permit's scope."""
    if not named:
        return True
    if not of_call:
        return reading.modality != "permit"
    return of_call in named


def _attribute(reading: Reading, attribute: str, call: Call) -> bool:
    if call.person is not None and attribute in call.person.yes:
        return True
    if call.person is not None and attribute in call.person.no:
        return False
    return reading.modality != "permit"
