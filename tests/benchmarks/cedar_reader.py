"""Reads policies in Cedar's JSON form, as far as the benchmarks write it.

Apart from the translation, so that the tests can hold the one against the other
without Cedar's engine; `make bench` asks that.
"""

import json
from collections.abc import Iterable
from typing import Any, NamedTuple

Uid = tuple[str, str]


class Answer(NamedTuple):
    allowed: bool
    reasons: set[str]


class Reader:
    """A policy set over entities, each of which is in itself and in whatever its parents are in."""

    def __init__(self, entities: Iterable[dict[str, Any]], policies: dict[str, Any]) -> None:
        self._parents = {uid(e["uid"]): [uid(p) for p in e["parents"]] for e in entities}
        self._policies = policies["staticPolicies"]

    def ask(self, request: dict[str, Any]) -> Answer:
        """A request is allowed when a policy permits it and none forbids it."""
        satisfied = {name for name, p in self._policies.items() if self._holds(p, request)}
        forbidding = {name for name in satisfied if self._policies[name]["effect"] == "forbid"}
        return Answer(bool(satisfied) and not forbidding, forbidding or satisfied)

    def _holds(self, policy: dict[str, Any], request: dict[str, Any]) -> bool:
        scopes = all(
            self._in_scope(uid(request[each]), policy[each])
            for each in ("principal", "action", "resource")
        )
        return scopes and all(self._when(each, request) for each in policy["conditions"])

    def _when(self, condition: dict[str, Any], request: dict[str, Any]) -> bool:
        assert condition["kind"] == "when"
        return bool(self._eval(condition["body"], request))

    def _in_scope(self, entity: Uid, scope: dict[str, Any]) -> bool:
        match scope["op"]:
            case "All":
                return True
            case "in":
                return self._is_in(entity, uid(scope["entity"]))
        raise AssertionError(scope)

    def _is_in(self, entity: Uid, other: Uid) -> bool:
        above = self._parents.get(entity, [])
        return entity == other or any(self._is_in(parent, other) for parent in above)

    def _eval(self, body: dict[str, Any], request: dict[str, Any]) -> Any:
        ((kind, of),) = body.items()
        match kind:
            case "Value":
                return of
            case "Var":
                return json.loads(request[of]) if of == "context" else uid(request[of])
            case "Set":
                return [self._eval(each, request) for each in of]
            case ".":
                return self._eval(of["left"], request)[of["attr"]]
        return self._compare(kind, *(self._eval(of[side], request) for side in ("left", "right")))

    def _compare(self, kind: str, left: Any, right: Any) -> bool:
        match kind:
            case "==":
                return bool(left == right)
            case "contains":
                return right in left
            case "in":
                return any(self._is_in(left, uid(each["__entity"])) for each in right)
        raise AssertionError(kind)


def uid(written: dict[str, str]) -> Uid:
    return written["type"], written["id"]
