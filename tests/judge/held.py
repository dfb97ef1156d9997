"""Section 9 of docs/rules.md: whether what is ended or stayed leaves the route held."""

from itertools import groupby, pairwise
from typing import NamedTuple

from changeover.basics.instants import microseconds
from tests.judge.force import does
from tests.judge.law import FOREVER, Law, Version


class Span(NamedTuple):
    """A stretch in which a version's kept status is operative or winding down."""

    begins: int
    ends: int


def leaves_held(law: Law, kept: Law, version: Version, at: int) -> bool:
    """Whether a version that is ended or stayed leaves the route held at an instant."""
    begun = [span for span in kept_spans(kept, version) if span.begins <= at]
    if not begun:
        return False
    last = begun[-1]
    in_the_end = last.ends - 1 if last.ends <= at else at
    status = kept.status(version, in_the_end)
    if does(law, version, status, in_the_end).effect != "refuses":
        return False
    service = law.known.directory.services[law.call.service]
    if last.ends <= microseconds(service.created):
        return False
    return not any(
        release.service == law.call.service
        and release.route == law.route
        and last.ends <= microseconds(release.at) <= at
        for release in law.known.releases
    )


def kept_spans(kept: Law, version: Version) -> list[Span]:
    """The longest stretches in which its kept status is operative or winding down."""
    points = [(p, kept.status(version, p) in {"operative", "winding-down"}) for p in kept.points]
    changes = [next(same) for _, same in groupby(points, key=lambda point: point[1])]
    return [
        Span(begins, following[0])
        for (begins, counts), following in pairwise([*changes, (FOREVER, False)])
        if counts
    ]
