"""Reading the record back: what was known at an instant.

The record is append-only, so what was known at K is the entries recorded at or
before K: the last directory among them, and every instrument and release. Of
earlier directories one thing is kept: since when each use that a binding states
has been on record, since an existing use cannot be made up afterwards
(`uses.py`). One that a directory leaves out and a later one states is new.
Calls are known by day; a day that had not ended at K was not known then.
"""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from changeover.basics.errors import NotFoundError
from changeover.basics.instants import microseconds
from changeover.directory import encoding as directory_encoding
from changeover.directory.model import Directory
from changeover.orders.encoding import from_bytes
from changeover.orders.model import Issued, Release
from changeover.orders.ports import RecordEntry
from changeover.orders.ruleset import Known
from changeover.orders.uses import DAY, Reader, Stated, Use


def read_known(
    entries: Sequence[RecordEntry],
    calls: Iterable[tuple[Use, int]] = (),
    *,
    known_at: datetime | None = None,
) -> tuple[Known, str]:
    """What the entries say as known at an instant (now, when None), and its version.

    The version names the last entry and a digest over all of them and the calls:
    what has the same version gives the same answers. Raises `NotFoundError` when
    no directory was recorded by then.
    """
    directory: Directory | None = None
    stated: dict[Stated, int] = {}
    issued: list[Issued] = []
    releases: list[Release] = []
    digest = hashlib.sha256()
    last = 0
    for entry in entries:
        if known_at is not None and entry.recorded > known_at:
            continue
        match entry.kind:
            case "directory":
                directory = directory_encoding.from_bytes(entry.body)
                recorded = microseconds(entry.recorded)
                stated = {use: stated.get(use, recorded) for use in _stated(directory)}
            case "instrument":
                issued.append(from_bytes(entry.body, Issued))
            case "release":
                releases.append(from_bytes(entry.body, Release))
        digest.update(hashlib.sha256(entry.body).digest())
        last = entry.seq
    if directory is None:
        raise NotFoundError(
            "No directory was recorded by then.",
            means="Nothing is known of parties, services or models at that instant.",
            do="Record one with `changeover apply DIR`, or ask for a later instant.",
        )
    called = tuple(sorted(_known_calls(calls, known_at), key=_sort_key))
    for use, day in called:
        digest.update(f"{use.service}\n{use.purpose}\n{use.maker}\n{day}\n".encode())
    known = Known(
        directory=directory,
        issued=tuple(issued),
        releases=tuple(releases),
        calls=called,
        stated=stated,
        seq=last,
    )
    return known, f"r{last}-{digest.hexdigest()[:12]}"


def _stated(directory: Directory) -> Iterator[Stated]:
    reader = Reader(directory)
    for binding in directory.bindings:
        yield from reader.stated(binding)


def _known_calls(
    calls: Iterable[tuple[Use, int]], known_at: datetime | None
) -> Iterable[tuple[Use, int]]:
    if known_at is None:
        return calls
    first_unknown = microseconds(known_at) // DAY
    return ((use, day) for use, day in calls if day < first_unknown)


def _sort_key(called: tuple[Use, int]) -> tuple[str, str, str, int]:
    use, day = called
    return use.service, use.purpose, use.maker, day
