"""The transfer log of a pack: who says to have handed the file to whom.

It is what people say, so that the ledger's key does not sign it. Each hand-over is a part of its
own, `transfer-1.json` and so on, added to the end of the file: nothing else in it changes, and it
verifies as before. A hand-over holds the digest of the one before it, the first that of the
manifest, so that none can be altered, left out between two others, or moved to another pack; the
last ones can be cut off, which whoever received the file with them can show.
"""

import hashlib
import zipfile
import zlib
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import msgspec

from changeover.basics.canonical import canonical
from changeover.basics.errors import InvalidInputError
from changeover.evidence.verifier import PACKED, TRANSFER
from changeover.ledger.entries import write_instant

_LONGEST = 64 * 1024
_READ = 1 << 20


class Transfer(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A hand-over: `file` is the SHA-256 of the whole file before this was added to it."""

    at: str
    giver: str
    receiver: str
    note: str
    file: str
    after: str


class Handing(msgspec.Struct, frozen=True, kw_only=True):
    """What a person says of a hand-over."""

    giver: str
    receiver: str
    note: str = ""


def hand_over(path: Path, handing: Handing, at: datetime) -> Transfer:
    """Adds a hand-over to a pack; `InvalidInputError` where the log, or the file, does not hold."""
    if not handing.giver.strip() or not handing.receiver.strip():
        raise InvalidInputError("A hand-over names who gives and who receives.")
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    with _opened(path) as pack:
        log = list(_log(pack))
        after = _digest(pack, f"{TRANSFER}{len(log)}.json" if log else "manifest.json")
    told = Transfer(
        at=write_instant(at),
        giver=handing.giver.strip(),
        receiver=handing.receiver.strip(),
        note=handing.note.strip(),
        file=digest,
        after=after,
    )
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as pack:
        name = zipfile.ZipInfo(f"{TRANSFER}{len(log) + 1}.json", (1980, 1, 1, 0, 0, 0))
        pack.writestr(name, canonical(msgspec.to_builtins(told)))
    return told


def transfers(path: Path) -> list[Transfer]:
    """The hand-overs of a pack, in their order; `InvalidInputError` where one does not follow."""
    with _opened(path) as pack:
        return list(_log(pack))


def _opened(path: Path) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(path)
    except (zipfile.BadZipFile, OSError) as error:
        raise InvalidInputError(f"{path} cannot be read as a pack: {error}.") from error


def _log(pack: zipfile.ZipFile) -> Iterator[Transfer]:
    names = pack.namelist()
    if "manifest.json" not in names:
        raise InvalidInputError("The file is no pack: it has no manifest.")
    number = sum(name.startswith(TRANSFER) for name in names)
    before = _digest(pack, "manifest.json")
    for at in range(1, number + 1):
        name = f"{TRANSFER}{at}.json"
        if names.count(name) != 1 or pack.getinfo(name).compress_type not in PACKED:
            raise _broken(at)
        try:
            with pack.open(name) as part:
                body = part.read(_LONGEST)
            told = msgspec.json.decode(body, type=Transfer)
        except (msgspec.MsgspecError, zipfile.BadZipFile, zlib.error, RuntimeError) as error:
            raise _broken(at) from error
        if told.after != before:
            raise _broken(at)
        before = hashlib.sha256(body).hexdigest()
        yield told


def _digest(pack: zipfile.ZipFile, name: str) -> str:
    found = hashlib.sha256()
    with pack.open(name) as part:
        while piece := part.read(_READ):
            found.update(piece)
    return found.hexdigest()


def _broken(at: int) -> InvalidInputError:
    return InvalidInputError(
        f"Hand-over {at} of the transfer log does not follow from what comes before it.",
        means="The log was altered. Of what the pack itself shows this says nothing.",
        do="Ask whoever gave you the file for it as they received it.",
    )
