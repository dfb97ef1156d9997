"""Evidence packs of an installation, from its database, whether or not a server runs."""

import contextlib
import os
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import IO
from zoneinfo import ZoneInfo

import msgspec

from changeover import __version__
from changeover.basics.calendars import read_instant
from changeover.basics.clock import SystemClock
from changeover.basics.errors import InvalidInputError, NotFoundError
from changeover.directory import encoding as directory_encoding
from changeover.evidence.exporting import Exported, Made, Progress, export
from changeover.evidence.pack import Asked
from changeover.evidence.reconciling.model import Report
from changeover.ledger.checkpoint import open_checkpoint
from changeover.ledger.keys import load
from changeover.orders.scenario import NOW
from changeover.storage.beside import reading_beside
from changeover.storage.database import Work
from changeover.wiring.installation import KIND_SETTING
from changeover.wiring.places import database_url, ledger_key_file
from changeover.wiring.reconciling import Given, reconciled


class Window(msgspec.Struct, frozen=True, kw_only=True):
    """What is asked for, as it was written.

    `counts` are files of what others counted, and `gateway` our own addresses in them.
    """

    vendor: str
    since: str
    until: str
    party: str | None = None
    counts: tuple[Path, ...] = ()
    gateway: tuple[str, ...] = ()


def export_pack(
    data: Path,
    environment: Mapping[str, str],
    asked: Window,
    out: Path,
    *,
    known: bytes | None = None,
    progress: Progress = lambda _, __: None,
) -> Exported:
    """Writes a pack into a new file; nothing stands there unless it is whole.

    Raises as `export` does, and `KeyFileError` without the ledger's key, which signs it.
    """
    key = load(ledger_key_file(data))
    written = out.with_name(f"{out.name}.{os.getpid()}.new")
    try:
        with (
            reading_beside(database_url(data, environment)) as (connection, _),
            _new(written) as file,
        ):
            work = Work(connection)
            zone = _zone(work)
            stands_at = work.settings.get(NOW)
            made = Made(
                key=key,
                reached=SystemClock().now()
                if stands_at is None
                else datetime.fromisoformat(stands_at),
                software=__version__,
                demonstration=work.settings.get(KIND_SETTING) == "demonstration",
                reconciled=_reconciled(work, asked),
                known=None if known is None else open_checkpoint(known, key.verifier).size,
            )
            window = Asked(
                vendor=asked.vendor,
                since=read_instant(asked.since, zone),
                until=read_instant(asked.until, zone),
                party=asked.party,
            )
            exported = export(work, window, made, file, progress)
        written.replace(out)
    finally:
        with contextlib.suppress(FileNotFoundError):
            written.unlink()
    return exported


def _reconciled(work: Work, asked: Window) -> Report | None:
    """What the files of others' counts say of the window; None where none are given."""
    if not asked.counts:
        return None
    given = Given(
        files=asked.counts,
        gateway=asked.gateway,
        since=asked.since,
        until=asked.until,
        vendor=asked.vendor,
    )
    return reconciled(work, given)


def _new(path: Path) -> IO[bytes]:
    try:
        return path.open("xb")
    except OSError as error:
        raise InvalidInputError(
            f"{path} cannot be written: {error.strerror}.",
            do="Name a file in a folder that exists and may be written, with --out.",
        ) from error


def _zone(work: Work) -> ZoneInfo:
    """The zone that instants without one are read in: the last directory's."""
    directories = [entry for entry in work.record.entries() if entry.kind == "directory"]
    if not directories:
        raise NotFoundError(
            "No directory is on record, so no vendor is known.",
            do="Record one with `changeover apply DIR`.",
        )
    return ZoneInfo(directory_encoding.from_bytes(directories[-1].body).zone)
