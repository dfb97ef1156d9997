"""Writing acts into the record, and telling the ledger of each by its digest."""

import hashlib
from datetime import datetime

from changeover.directory import encoding as directory_encoding
from changeover.directory.model import Directory
from changeover.orders.encoding import to_bytes
from changeover.orders.model import Imported, Issued, Release
from changeover.orders.ports import Work


def record_directory(
    work: Work,
    directory: Directory,
    at: datetime,
    by: str,
    changes: int,
    *,
    confirmed_by: str | None = None,
) -> None:
    """Records a directory that differs in so many places from the one before."""
    body = directory_encoding.to_bytes(directory)
    work.record.append("directory", f"directory@{at.isoformat()}", at, body)
    told: dict[str, str | int] = {"sha256": _digest(body), "by": by, "changes": changes}
    if confirmed_by is not None:
        told["confirmed_by"] = confirmed_by
    work.tell("directory", at, told)


def record_instrument(work: Work, issued: Issued) -> None:
    """Records an instrument as issued."""
    instrument = issued.instrument
    body = to_bytes(issued)
    work.record.append("instrument", instrument.id, issued.recorded, body)
    fields = {
        "id": instrument.id,
        "issuer": instrument.issuer,
        "instrument_kind": instrument.kind,
        "sha256": _digest(body),
        "entered_by": issued.entered_by,
        "confirmed_by": issued.confirmed_by,
    }
    work.tell("instrument", issued.recorded, fields)


def record_release(work: Work, release: Release) -> None:
    """Records the release of a held route."""
    body = to_bytes(release)
    key = f"{release.service}/{release.route}@{release.at.isoformat()}"
    work.record.append("release", key, release.at, body)
    fields = {
        "service": release.service,
        "route": release.route,
        "by": release.by,
        "sha256": _digest(body),
    }
    work.tell("release", release.at, fields)


def record_import(work: Work, imported: Imported, instruments: int) -> None:
    """Records that a bundle was imported, after what it brought."""
    body = to_bytes(imported)
    work.record.append("import", f"import-{imported.sequence}", imported.imported, body)
    fields = {
        "source": imported.source,
        "network": imported.network,
        "sequence": imported.sequence,
        "digest": imported.digest,
        "made": imported.made,
        "by": imported.by,
        "instruments": instruments,
        "sha256": _digest(body),
    }
    work.tell("import", imported.imported, fields)


def _digest(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()
