"""Section 10 of docs/rules.md: what becomes of an instrument that implements another."""

from collections.abc import Callable, Iterator
from typing import Literal, NamedTuple

from changeover.basics.instants import from_microseconds
from changeover.orders.decision import OpenQuestion
from changeover.orders.model import Find, Instrument
from tests.judge.law import Law, Made

_Acts = Callable[[Instrument, int], list[Made]]


class _Touched(NamedTuple):
    """How an instrument is touched by acts: which, and since when without a break."""

    status: Literal["ended", "stayed"]
    by: tuple[str, ...]
    since: int


def questions(law: Law, deriving: Instrument, at: int) -> Iterator[OpenQuestion]:
    """The questions that a cited instrument brings at an instant."""
    for issued in law.known.issued:
        implemented = issued.instrument
        if implemented.id == deriving.id:
            break  # what stands later in the record is not acted on
        if implemented.id not in deriving.implements():
            continue
        touched = _touched(law, implemented, at)
        if touched is not None:
            yield OpenQuestion(
                instrument=deriving.id,
                implements=implemented.id,
                status=touched.status,
                by=touched.by,
                since=from_microseconds(touched.since),
                finding=_finding(law, deriving, touched.since, at),
            )


def _touched(law: Law, implemented: Instrument, at: int) -> _Touched | None:
    endings = law.endings(implemented, at)
    if endings:
        first = min(endings, key=law.beginning)  # the first in the record of those that tie
        since = _unbroken(law, law.endings, implemented, at)
        return _Touched("ended", (first.by.id,), since)
    stays = law.stays(implemented, at)
    if stays:
        by = tuple(dict.fromkeys(made.by.id for made in stays))
        since = _unbroken(law, law.stays, implemented, at)
        return _Touched("stayed", by, since)
    return None


def _unbroken(law: Law, acts: _Acts, implemented: Instrument, at: int) -> int:
    """Since when it has been ended or stayed without a break, by whichever acts."""
    since = at
    for point in sorted((p for p in law.points if p <= at), reverse=True):
        if not acts(implemented, point):
            break
        since = point
    return since


def _finding(law: Law, deriving: Instrument, since: int, at: int) -> str | None:
    """The last finding, taken at or after that, that the deriving instrument stands."""
    found = [
        (taken, made.place, made.by.id)
        for made in law.acts_on(deriving)
        if isinstance(made.act, Find) and made.act.result == "stands"
        if (taken := law.taken(made)) is not None and since <= taken <= at
    ]
    return max(found)[2] if found else None
