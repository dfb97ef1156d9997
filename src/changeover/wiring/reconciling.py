"""Reconciling over an installation's database, whether or not a server runs."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import msgspec

from changeover.basics.calendars import read_instant
from changeover.basics.durations import read_duration
from changeover.basics.errors import InvalidInputError, NotFoundError
from changeover.directory.model import Directory
from changeover.directory.rules import lineage
from changeover.evidence.reconciling.model import Kind, Report
from changeover.evidence.reconciling.places import Places
from changeover.evidence.reconciling.reading import Reading
from changeover.evidence.reconciling.usecases import Asked, LedgerCall, reconcile
from changeover.orders.known import RecordReader
from changeover.orders.ruleset import Ruleset, compile_ruleset
from changeover.storage.beside import reading_beside
from changeover.storage.database import Work
from changeover.storage.line_sums import spooled_lines
from changeover.wiring.places import database_url

_SHORTEST_BUCKET = 60


class Given(msgspec.Struct, frozen=True, kw_only=True):
    """What a person gives: files, what they are, and what is compared, as text.

    `names` are network names with vendors; `orders` are instruments at whose beginnings
    time is cut. With `vendor` it is about the hosts of that vendor's routes alone, and time is cut
    where any instrument on record begins.
    """

    files: Sequence[Path]
    kind: Kind | None = None
    names: Mapping[str, str] = {}
    gateway: Sequence[str] = ()
    since: str | None = None
    until: str | None = None
    instants: Sequence[str] = ()
    orders: Sequence[str] = ()
    bucket: str | None = None
    late: str = "1m"
    vendor: str | None = None


def reconcile_files(data: Path, environment: Mapping[str, str], given: Given) -> Report:
    """What the files count, beside what the ledger tells; `InvalidInputError`, `NotFoundError`."""
    with reading_beside(database_url(data, environment)) as (connection, _):
        return reconciled(Work(connection), given)


def reconciled(work: Work, given: Given) -> Report:
    """The same of one state of the database."""
    reader = RecordReader()
    reader.take(work.record.entries())
    ruleset = compile_ruleset(reader.known(), version=reader.version)
    directory = ruleset.directory
    places = Places(directory, _checked(given.names, directory))
    readings = [Reading(path, places, given.kind) for path in given.files]
    with spooled_lines() as lines:
        return reconcile(readings, _calls(work), lines, _asked(given, ruleset))


def _checked(names: Mapping[str, str], directory: Directory) -> Mapping[str, str]:
    for name, vendor in names.items():
        if vendor not in directory.vendors:
            raise InvalidInputError(
                f"{name} is said to be {vendor}, which is no vendor of the directory.",
                do=f"Name one of {', '.join(sorted(directory.vendors))}.",
            )
    return names


def _asked(given: Given, ruleset: Ruleset) -> Asked:
    zone = ZoneInfo(ruleset.directory.zone)

    def instant(text: str | None) -> datetime | None:
        return None if text is None else read_instant(text, zone)

    named = (read_instant(text, zone) for text in given.instants)
    orders = given.orders if given.vendor is None else tuple(ruleset.issued)
    begun = (at for order in orders for at in _begins(ruleset, order))
    since, until = instant(given.since), instant(given.until)
    if since is not None and until is not None and since >= until:
        raise InvalidInputError(
            "The window ends before it begins.", do="Turn --from and --to round."
        )
    bucket = None if given.bucket is None else int(read_duration(given.bucket).total_seconds())
    if bucket is not None and bucket < _SHORTEST_BUCKET:
        raise InvalidInputError(
            f"{given.bucket} is too short for a bucket.", do="Give a minute or more, such as 1h."
        )
    return Asked(
        since=since,
        until=until,
        instants=(*named, *begun),
        bucket_seconds=bucket,
        late=read_duration(given.late).total_seconds(),
        gateway=frozenset(given.gateway),
        only=_hosts(ruleset.directory, given.vendor),
    )


def _hosts(directory: Directory, vendor: str | None) -> frozenset[str]:
    """The vendor, and the hosts of the routes that lead to it; none where no vendor is named."""
    if vendor is None:
        return frozenset()
    reached = (lineage(directory, route) for route in directory.routes)
    theirs = (one.host for one in reached if vendor in {*one.makers, one.host, one.reseller})
    return frozenset((vendor, *theirs))


def _begins(ruleset: Ruleset, order: str) -> list[datetime]:
    """When an instrument's clauses begin to bind."""
    if order not in ruleset.issued:
        raise NotFoundError(f"There is no instrument {order!r} on record.")
    begun = (ruleset.begins(order, clause.clause) for clause in ruleset.standings_of(order))
    return [at for at in begun if at is not None]


def _calls(work: Work) -> Iterator[LedgerCall]:
    """The calls that the ledger's entries tell, those that still wait to be sequenced too."""
    decode = msgspec.json.Decoder(LedgerCall).decode
    yield from (decode(entry.body) for entry in work.ledger.entries() if entry.kind == "call")
    yield from (decode(entry.body) for entry in work.queue.waiting() if entry.kind == "call")
