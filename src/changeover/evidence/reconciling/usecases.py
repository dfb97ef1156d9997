"""Reconciling files of others' counts with the ledger's calls."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Literal

import msgspec

from changeover.basics.instants import from_microseconds, microseconds
from changeover.evidence.reconciling.buckets import Buckets
from changeover.evidence.reconciling.model import Kind, Recorded, Report, Row, Source
from changeover.evidence.reconciling.ports import Lines
from changeover.evidence.reconciling.reading import Reading
from changeover.evidence.reconciling.rules import rows

HOUR = 3_600_000_000
_HOSTS: dict[Kind, str] = {
    "openai-usage": "openai",
    "anthropic-usage": "anthropic",
    "cloudtrail": "bedrock",
    "google-audit": "vertex",
}
"""What a source is about even where it counts nothing."""


class LedgerCall(msgspec.Struct, frozen=True):
    """A call as an entry of the ledger tells it, as far as it is compared."""

    at: str
    host: str
    result: str
    stand_in: bool = False
    status: int | None = None
    input_tokens: int | None = None
    output_tokens: int | None = None


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """What is compared: a window (all that the sources span, if not given), and how.

    `instants` are cut at, such as the one from which an order bars. `late` is how many
    seconds after the ledger's instant a vendor may count a call. `gateway` are the gateway's own
    addresses in network logs. `only` are the hosts that rows are made of; all, where it is empty.
    """

    since: datetime | None = None
    until: datetime | None = None
    instants: tuple[datetime, ...] = ()
    bucket_seconds: int | None = None
    late: float = 60
    gateway: frozenset[str] = frozenset()
    only: frozenset[str] = frozenset()


def reconcile(
    readings: Iterable[Reading], calls: Iterable[LedgerCall], lines: Lines, asked: Asked
) -> Report:
    """Takes in every line, then every call, and compares them; `InvalidInputError`."""
    own: set[str] = set()
    sources = list(_taken_in(readings, lines, asked.gateway, own))
    buckets = _buckets(lines, asked)
    hosts = lines.hosts() | {_HOSTS[one.kind] for one in sources if one.kind in _HOSTS}
    told = _sums(calls, hosts, buckets, int(asked.late * 1_000_000))
    found = rows(list(lines.counted(buckets)), told, buckets, others_only=bool(asked.gateway))
    hosts = hosts | own
    if asked.only:
        found, hosts = [row for row in found if row.host in asked.only], hosts & asked.only
    verdict, words = _verdict(found, hosts)
    return Report(
        since=from_microseconds(buckets.since),
        until=from_microseconds(buckets.until),
        bucket_seconds=buckets.width // 1_000_000,
        sources=tuple(sources),
        rows=tuple(found),
        duplicates=lines.duplicates(),
        verdict=verdict,
        words=words,
    )


def _taken_in(
    readings: Iterable[Reading], lines: Lines, gateway: frozenset[str], own: set[str]
) -> Iterator[Source]:
    """Takes in all lines but the gateway's own connections, whose hosts are put into `own`."""
    for reading in readings:
        for line in reading:
            if line.requests is None and line.tokens is None and line.who in gateway:
                own.add(line.host)
            else:
                lines.add(line)
        assert reading.source is not None
        yield reading.source


def _buckets(lines: Lines, asked: Asked) -> Buckets:
    span = lines.span()
    first, last, longest = span or (0, 0, 0)
    width = asked.bucket_seconds * 1_000_000 if asked.bucket_seconds else max(HOUR, longest)
    width = max(width, longest)
    since = microseconds(asked.since) if asked.since else first - first % width
    until = microseconds(asked.until) if asked.until else last - last % width + width
    cuts = sorted({microseconds(instant) for instant in asked.instants})
    return Buckets(since, until, width, tuple(cuts))


def _sums(
    calls: Iterable[LedgerCall], hosts: frozenset[str] | set[str], buckets: Buckets, late: int
) -> dict[tuple[str, int], Recorded]:
    """What left the gateway for these hosts: all calls but the refused and a stand-in's."""
    found: dict[tuple[str, int], Recorded] = {}
    for call in calls:
        if call.host not in hosts or call.result == "refused" or call.stand_in:
            continue
        at = microseconds(datetime.fromisoformat(call.at))
        if not buckets.since <= at < buckets.until:
            continue
        begins = buckets.begins(at)
        one = found.setdefault((call.host, begins), Recorded())
        one.sent += 1
        one.certain += call.status is not None or call.result in {"answered", "cut"}
        one.tail += buckets.ends(begins) - at <= late
        if call.input_tokens is None and call.output_tokens is None:
            one.uncounted += 1
        one.tokens += (call.input_tokens or 0) + (call.output_tokens or 0)
    return found


def _verdict(
    found: list[Row], hosts: frozenset[str] | set[str]
) -> tuple[Literal["reconciled", "bypass", "unclear", "nothing"], str]:
    named = ", ".join(sorted(hosts))
    if not hosts:
        return "nothing", "The files say nothing of any vendor of the directory."
    bypasses = [row for row in found if row.finding == "bypass"]
    if bypasses:
        count = len(bypasses)
        spans = "one span of time" if count == 1 else f"{count} spans of time"
        return "bypass", f"In {spans} more was counted at {named} than left the gateway."
    unclear = sum(row.finding in {"unclear", "over-instant"} for row in found)
    if unclear:
        return "unclear", f"Of {unclear} spans of time the files cannot tell."
    return "reconciled", f"All that the files count at {named} is in the ledger."
