"""Reading the record back: what was known at an instant.

The record is append-only, so what was known at K is the entries recorded at or
before K: the last directory among them, and every instrument and release.
"""

import hashlib
from collections.abc import Iterable, Sequence
from datetime import datetime

from changeover.basics.errors import NotFoundError
from changeover.directory import encoding as directory_encoding
from changeover.directory.model import Directory
from changeover.orders.encoding import from_bytes
from changeover.orders.model import Issued, Release
from changeover.orders.ports import RecordEntry
from changeover.orders.ruleset import Known
from changeover.orders.uses import Use


def read_known(
    entries: Sequence[RecordEntry],
    calls: Iterable[tuple[Use, int]] = (),
    *,
    known_at: datetime | None = None,
) -> tuple[Known, str]:
    """What the entries say as known at an instant (now, when None), and its version.

    The version names the last entry and a digest over all of them: two replicas
    with the same version hold the same record. Raises `NotFoundError` when no
    directory was recorded by then.
    """
    directory: Directory | None = None
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
    known = Known(
        directory=directory, issued=tuple(issued), releases=tuple(releases), calls=tuple(calls)
    )
    return known, f"r{last}-{digest.hexdigest()[:12]}"
