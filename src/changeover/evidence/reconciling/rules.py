"""Comparing what sources counted with what the ledger tells, bucket by bucket.

1. A source that counts requests is compared by requests. More than the ledger tells is a
   *bypass*: calls that no gateway saw. Fewer are *not counted* (yet).
2. A vendor counts a call when it arrives, a moment after the ledger's instant. So as many of
   an excess as went uncounted in the last moments of the bucket before are that bucket's.
   Calls that failed before any answer may have arrived or not; as many are in doubt, and said.
3. One that counts tokens alone is compared by tokens; where the ledger knows calls without
   their tokens (broken off, of unknown fate), nobody can tell.
4. One that counts neither shows presence: where the ledger tells of no call at all, somebody
   else was there; else nobody can tell, unless the gateway's own lines were left out.
5. A span that a source does not divide and that an instant cuts gets a finding of its own.
"""

from collections.abc import Mapping, Sequence

import msgspec

from changeover.basics.instants import from_microseconds
from changeover.evidence.reconciling.buckets import Buckets
from changeover.evidence.reconciling.model import Counted, Finding, Recorded, Row

_NOTHING = Recorded()
Sums = Mapping[tuple[str, int], Recorded]
"""What the ledger tells, by host and where a bucket begins."""


class Outcome(msgspec.Struct, frozen=True):
    """What a bucket comes to, and why in words."""

    finding: Finding
    why: str
    excess: int = 0
    of_tokens: bool = False


def rows(
    counted: Sequence[Counted], recorded: Sums, buckets: Buckets, *, others_only: bool
) -> list[Row]:
    """The buckets of which anything is counted or told, by host and time.

    `others_only` says that lines of the gateway's own addresses were left out.
    """
    undivided = {(one.host, buckets.span(one.begins)) for one in counted if one.whole}
    by_place: dict[tuple[str, int], Counted] = {}
    for one in counted:
        place = one.host, _place(one.host, one.begins, undivided, buckets)
        by_place[place] = _merged(by_place[place], one) if place in by_place else one
    told: dict[tuple[str, int], Recorded] = {}
    for (host, begins), sums in recorded.items():
        _add(told, (host, _place(host, begins, undivided, buckets)), sums)
    found: list[Row] = []
    slack: dict[str, tuple[int, int]] = {}
    for host, begins in sorted({*by_place, *told}):
        bucket, sent = by_place.get((host, begins)), told.get((host, begins), _NOTHING)
        whole = (host, begins) in undivided
        ends = begins + buckets.width if whole else buckets.ends(begins)
        before = slack.get(host, (0, 0))
        late = before[1] if before[0] == begins else 0
        outcome = _compared(bucket, sent, late, others_only=others_only)
        if whole and buckets.inside(begins):
            outcome = _over(outcome, buckets.inside(begins))
        slack[host] = ends, _uncounted(bucket, sent)
        found.append(_row(host, (begins, ends), bucket, sent, outcome))
    return found


def _place(host: str, begins: int, undivided: set[tuple[str, int]], buckets: Buckets) -> int:
    """A bucket's beginning, or its span's where a source does not divide that."""
    span = buckets.span(begins)
    return span if (host, span) in undivided else begins


def _merged(one: Counted, other: Counted) -> Counted:
    """What is counted in two parts of an undivided span."""
    return Counted(
        host=one.host,
        begins=min(one.begins, other.begins),
        requests=_sum(one.requests, other.requests),
        tokens=_sum(one.tokens, other.tokens),
        first=min(one.first, other.first),
        last=max(one.last, other.last),
        whole=True,
        whos=tuple(dict.fromkeys((*one.whos, *other.whos))),
    )


def _sum(one: int | None, other: int | None) -> int | None:
    return other if one is None else one if other is None else one + other


def _add(told: dict[tuple[str, int], Recorded], place: tuple[str, int], one: Recorded) -> None:
    kept = told.setdefault(place, Recorded())
    kept.sent += one.sent
    kept.certain += one.certain
    kept.tokens += one.tokens
    kept.uncounted += one.uncounted
    kept.tail = one.tail


def _uncounted(bucket: Counted | None, one: Recorded) -> int:
    """How many calls of a bucket's last moments no source counted in it."""
    counted = 0 if bucket is None else bucket.requests
    return 0 if counted is None else max(0, min(one.tail, one.sent - counted))


def _compared(bucket: Counted | None, one: Recorded, late: int, *, others_only: bool) -> Outcome:
    if bucket is None:
        return Outcome("not-counted", f"The ledger tells of {one.sent}, and no source of any.")
    if bucket.requests is not None:
        return _by_requests(bucket.requests, one, late)
    if bucket.tokens is not None:
        return _by_tokens(bucket.tokens, one)
    if others_only:
        return Outcome("bypass", "Others than the gateway connected.")
    if one.sent == 0:
        return Outcome("bypass", "Somebody was there, and the ledger tells of no call.")
    return Outcome("unclear", "The source does not say how many calls there were.")


def _by_requests(counted: int, one: Recorded, late: int) -> Outcome:
    excess = counted - one.sent
    if excess > late:
        return Outcome("bypass", "More requests were counted than left the gateway.", excess - late)
    if excess > 0:
        return Outcome("agrees", "Calls of the moments before were counted here.")
    if excess < 0 and counted < one.certain:
        return Outcome("not-counted", f"{-excess} that left the gateway are not counted here.")
    if one.certain < one.sent:
        doubtful = one.sent - one.certain
        why = f"{doubtful} that failed on the way may have arrived or not: so many are in doubt."
        return Outcome("agrees", why)
    return Outcome("agrees", "As many were counted as left the gateway.")


def _by_tokens(counted: int, one: Recorded) -> Outcome:
    excess = counted - one.tokens
    if excess > 0 and one.sent == 0:
        return Outcome(
            "bypass",
            "Tokens were counted, and the ledger tells of no call.",
            excess,
            of_tokens=True,
        )
    if one.uncounted:
        return Outcome("unclear", f"The ledger knows {one.uncounted} calls without their tokens.")
    if excess > 0:
        return Outcome(
            "bypass", "More tokens were counted than the gateway's calls had.", excess,
            of_tokens=True,
        )  # fmt: skip
    if excess < 0:
        return Outcome("not-counted", f"{-excess} tokens of the gateway's calls are not counted.")
    return Outcome("agrees", "As many tokens were counted as the gateway's calls had.")


def _over(outcome: Outcome, cuts: Sequence[int]) -> Outcome:
    """A span on both sides of an instant: a bypass in it is one, the rest cannot be divided."""
    if outcome.finding == "bypass":
        return outcome
    at = ", ".join(from_microseconds(cut).isoformat() for cut in cuts)
    why = f"The source does not divide this span, which lies on both sides of {at}."
    return Outcome("over-instant", f"{outcome.why} {why}")


def _row(
    host: str, span: tuple[int, int], bucket: Counted | None, one: Recorded, outcome: Outcome
) -> Row:
    begins, ends = span
    return Row(
        host=host,
        begins=from_microseconds(begins),
        ends=from_microseconds(ends),
        finding=outcome.finding,
        counted_requests=None if bucket is None else bucket.requests,
        counted_tokens=None if bucket is None else bucket.tokens,
        sent=one.sent,
        recorded_tokens=one.tokens,
        excess=outcome.excess,
        excess_of="tokens" if outcome.of_tokens else "requests",
        first=None if bucket is None else from_microseconds(bucket.first),
        last=None if bucket is None else from_microseconds(bucket.last),
        whos=() if bucket is None else bucket.whos,
        why=outcome.why,
    )
