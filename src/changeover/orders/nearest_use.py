"""What comes nearest to a clause that reaches nothing.

A clause reaches something when some service can call in its scope and some route
is matched by one of its targets. Where no service can, the fields of the scope are
left out, as few as do, and of equally many those that let in the fewest services:
these are the nearest. Routes likewise, by the fields of the targets.
"""

from collections.abc import Callable, Iterable
from itertools import combinations

import msgspec

from changeover.orders.extent import Extent
from changeover.orders.model import Reading, Scope, Target

_WHOM = ("parties", "regulated", "contracts")
# Of equals the first is left out: what says whom and what is meant comes last.
_SCOPE = (("purposes",), ("data_classes",), ("networks",), ("services",), _WHOM)
_TARGET = (("hosts",), ("resellers",), ("makers",), ("models",), ("routes",))


class Near(msgspec.Struct, frozen=True, kw_only=True):
    """Services or routes that would be reached without some fields (by their first names)."""

    names: tuple[str, ...]
    fields: tuple[str, ...]


class Missed(msgspec.Struct, frozen=True, kw_only=True):
    """That a reading reaches nothing, and what is nearest, where it lacks services or routes."""

    services: Near | None
    routes: Near | None


def missed(extent: Extent, reading: Reading) -> Missed | None:
    """What a reading that reaches nothing comes nearest to; None when it reaches something."""
    served, matched = _services(extent, reading.scope), extent.routes(reading.targets)
    if served and matched:
        return None
    return Missed(
        services=None if served else _nearest_services(extent, reading.scope),
        routes=None if matched else _nearest_routes(extent, reading.targets),
    )


def _services(extent: Extent, scope: Scope) -> tuple[str, ...]:
    return tuple(s.id for s in extent.directory.services.values() if extent.serves(scope, s))


def _nearest_services(extent: Extent, scope: Scope) -> Near | None:
    def without(fields: Iterable[str]) -> tuple[str, ...]:
        return _services(extent, msgspec.structs.replace(scope, **dict.fromkeys(fields, ())))

    return _narrowest(scope, _SCOPE, without)


def _nearest_routes(extent: Extent, targets: Iterable[Target]) -> Near | None:
    found = []
    for target in targets:

        def without(fields: Iterable[str], target: Target = target) -> tuple[str, ...]:
            wider = msgspec.structs.replace(target, **dict.fromkeys(fields, ()))
            return tuple(sorted(extent.routes((wider,))))

        found.append(_narrowest(target, _TARGET, without))
    return min(filter(None, found), key=_breadth, default=None)


def _narrowest(
    value: msgspec.Struct,
    parts: tuple[tuple[str, ...], ...],
    without: Callable[[Iterable[str]], tuple[str, ...]],
) -> Near | None:
    """The fewest reached when as few parts as do are left out; None where nothing is there."""
    given = [part for part in parts if any(getattr(value, field) for field in part)]
    for count in range(1, len(given) + 1):
        found = [
            Near(names=names, fields=tuple(part[0] for part in chosen))
            for chosen in combinations(given, count)
            if (names := without(field for part in chosen for field in part))
        ]
        if found:
            return min(found, key=_breadth)
    return None


def _breadth(near: Near) -> tuple[int, int]:
    return len(near.fields), len(near.names)
