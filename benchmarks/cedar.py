"""Clauses as policies of Cedar, the authorisation language, as far as that goes.

Cedar (https://docs.cedarpolicy.com) permits a request when a policy permits it and
none forbids it. A party is the principal, a route the resource. `principal in` and
`resource in` descend the entities' hierarchy, so that

* a party's parent is the party that it is part of;
* a route's parents are its model, what that derives from, their makers, its host
  and its reseller;
* a prohibition in force is a policy that forbids, an admission one that permits on
  the network that denies by default; one more policy permits on the others;
* the first field of a target, and the party, stand in the policy's scope, which
  Cedar looks at first; what remains is asked in `when`, of the resource or of the
  request's context.

What Cedar does not express stays out: the status of a clause changes by itself,
and a winding-down, a stay, a waiver or a hold asks what was used, called and done
before. `operative` therefore gives the clauses that bind at the instant, of
instruments that no act names; `expresses` says whether nothing else mattered to a
decision. Policies are in Cedar's JSON form
(https://docs.cedarpolicy.com/policies/json-format.html).
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

import msgspec

from benchmarks.asking import Asked
from changeover.directory.model import Directory
from changeover.directory.rules import lineage
from changeover.orders.decision import Decision
from changeover.orders.model import Implement, Issued, Reading, Target

Policy = dict[str, Any]
Entity = dict[str, Any]

_ANY = {"op": "All"}
_ACTION = {"type": "Action", "id": "use"}
_TARGETS = (
    ("routes", "Route"),
    ("models", "Model"),
    ("makers", "Maker"),
    ("resellers", "Reseller"),
    ("hosts", "Host"),
)
_CONTEXT = (
    ("networks", "network"),
    ("services", "service"),
    ("purposes", "purpose"),
    ("data_classes", "data_class"),
)


class Operative(msgspec.Struct, frozen=True):
    """A clause that binds, under the id that its policies bear."""

    id: str
    reading: Reading


def operative(issued: Iterable[Issued], at: datetime) -> list[Operative]:
    """The clauses that bind at an instant and do not wind down, of what no act names."""
    entries = list(issued)
    named = {
        name
        for entry in entries
        for act in entry.instrument.acts
        if not isinstance(act, Implement)
        for name in act.instruments
    }
    return [
        Operative(f"{entry.instrument.id}/{clause.id}", reading)
        for entry in entries
        if entry.instrument.id not in named
        for clause in entry.instrument.clauses
        for reading in (clause.reading(),)
        if _binds(entry, reading, at)
    ]


def _binds(entry: Issued, reading: Reading, at: datetime) -> bool:
    begins = entry.instrument.begins(reading.since)
    winding = reading.wind_down is not None and at < reading.wind_down.until.at
    ended = reading.until is not None and reading.until.at <= at
    return begins is not None and begins <= at and not ended and not winding


def entities(directory: Directory) -> list[Entity]:
    """The parties and the routes, each with what it is in."""
    parties = [
        _entity("Party", party.id, [("Party", party.part_of)] if party.part_of else [])
        for party in directory.parties.values()
    ]
    return parties + [_route(directory, route) for route in directory.routes]


def _route(directory: Directory, route: str) -> Entity:
    line = lineage(directory, route)
    parents = [("Model", model) for model in sorted(line.models)]
    parents += [("Maker", maker) for maker in sorted(line.makers)]
    parents.append(("Host", line.host))
    if line.reseller is not None:
        parents.append(("Reseller", line.reseller))
    return _entity("Route", route, parents)


def _entity(kind: str, id_: str, parents: Sequence[tuple[str, str]]) -> Entity:
    return {"uid": _uid(kind, id_), "attrs": {}, "parents": [_uid(*each) for each in parents]}


def policy_set(
    clauses: Iterable[Operative], directory: Directory, *, on_route: bool = False
) -> dict[str, Any]:
    """The policy set of these clauses; `on_route` where each of them aims at the route asked."""
    policies = {"default": _default(directory)}
    for clause in clauses:
        for number, target in enumerate(clause.reading.targets):
            own = clause.id if number == 0 else f"{clause.id}/{number}"
            policies[own] = _policy(clause.reading, None if on_route else target)
            if on_route:
                break
    return {"staticPolicies": policies, "templates": {}, "templateLinks": []}


def request(asked: Asked) -> dict[str, Any]:
    """The request that a call on a route is, its context encoded as cedarpy wants it."""
    call, route = asked
    return {
        "principal": _uid("Party", call.party),
        "action": _ACTION,
        "resource": _uid("Route", route),
        "context": encoded({attribute: getattr(call, attribute) for _, attribute in _CONTEXT}),
    }


def encoded(value: Any) -> str:
    return msgspec.json.encode(value).decode()


def expresses(decision: Decision, clauses: frozenset[str]) -> bool:
    """Whether nothing but these clauses and the network's default mattered to a decision."""
    effective = {f"{c.instrument}/{c.clause}" for c in decision.citations if c.effect != "none"}
    return effective <= clauses and not decision.held_by and not decision.silent


def _default(directory: Directory) -> Policy:
    allowing = [n.id for n in directory.networks.values() if n.default == "allow"]
    return _written("permit", _ANY, _ANY, [_within("network", allowing)])


def _policy(reading: Reading, target: Target | None) -> Policy:
    scope = reading.scope
    principal, conditions = _in_scope("principal", [("Party", scope.parties)])
    resource: dict[str, Any] = _ANY
    if target is not None:
        fields = [(kind, getattr(target, field)) for field, kind in _TARGETS]
        resource, more = _in_scope("resource", fields)
        conditions += more
    for field, attribute in _CONTEXT:
        values = getattr(scope, field)
        if values:
            conditions.append(_within(attribute, values))
    effect = "permit" if reading.modality == "permit" else "forbid"
    return _written(effect, principal, resource, conditions)


def _written(
    effect: str, principal: dict[str, Any], resource: dict[str, Any], conditions: Sequence[Any]
) -> Policy:
    return {
        "effect": effect,
        "principal": principal,
        "action": _ANY,
        "resource": resource,
        "conditions": [{"kind": "when", "body": body} for body in conditions],
    }


def _in_scope(
    variable: str, fields: Iterable[tuple[str, Sequence[str]]]
) -> tuple[dict[str, Any], list[Any]]:
    """The scope that the first field gives which names one entity, and conditions for the rest."""
    scope: dict[str, Any] | None = None
    conditions = []
    for kind, ids in fields:
        uids = [_uid(kind, id_) for id_ in ids]
        if scope is None and len(uids) == 1:
            scope = {"op": "in", "entity": uids[0]}
        elif uids:
            right = {"Set": [{"Value": {"__entity": uid}} for uid in uids]}
            conditions.append({"in": {"left": {"Var": variable}, "right": right}})
    return scope or _ANY, conditions


def _within(attribute: str, values: Sequence[str]) -> dict[str, Any]:
    asked = {".": {"left": {"Var": "context"}, "attr": attribute}}
    if len(values) == 1:
        return {"==": {"left": asked, "right": {"Value": values[0]}}}
    return {"contains": {"left": {"Set": [{"Value": v} for v in values]}, "right": asked}}


def _uid(kind: str, id_: str) -> dict[str, str]:
    return {"type": kind, "id": id_}
