r"""Bundles: a record as one signed file, for an installation on an isolated network.

A bundle is a line that says how long its note is, the note, and the body:

    changeover-bundle 1 LENGTH\n
    NOTE (a C2SP signed note, LENGTH bytes)
    BODY

The note's text is nine lines: what it is, the name of the ledger that signs it, the
network that it is for, its sequence number (from 1, without gaps), `whole` or `since`,
the digest of the bundle before (`-` for the first), when it was made (RFC 3339, UTC), and
of the body its SHA-256 and its length. The body is canonical JSON (`BundleBody`). A
bundle's own digest is the SHA-256 of its note's text, which stands for all of it.

Whoever reads one trusts nothing in it before the signature and the body's digest held.
"""

import hashlib
import re
from collections.abc import Iterable
from datetime import UTC, datetime

import msgspec

from changeover.basics.canonical import canonical
from changeover.basics.errors import InvalidInputError
from changeover.directory.model import Directory
from changeover.ledger.checkpoint import NoteError, SigningKey, VerifierKey, open_note
from changeover.orders.model import Issued, Release

MAGIC = "changeover-bundle 1"
GREATEST = 256 * 1024 * 1024
"""Bytes of the largest bundle that is read."""
_FIRST = re.compile(rb"changeover-bundle 1 ([0-9]{1,6})\n")
_DIGEST = re.compile(r"[0-9a-f]{64}")
_LINES = 9


class BundleError(InvalidInputError):
    """A file that is no bundle, or none that may be taken in here; nothing was imported."""

    code = "bad_bundle"

    def __init__(self, what: str, do: str) -> None:
        super().__init__(what, means="Nothing was imported.", do=do)


class BundleHeader(msgspec.Struct, frozen=True, kw_only=True):
    """What a bundle's note says. `previous` is None for the first."""

    source: str
    network: str
    sequence: int
    whole: bool
    previous: str | None
    made: datetime
    sha256: str
    length: int

    def text(self) -> str:
        """The note's text, which is signed."""
        lines = (
            MAGIC,
            self.source,
            self.network,
            str(self.sequence),
            "whole" if self.whole else "since",
            self.previous or "-",
            self.made.astimezone(UTC).isoformat(),
            self.sha256,
            str(self.length),
        )
        return "".join(f"{line}\n" for line in lines)

    @property
    def digest(self) -> str:
        return hashlib.sha256(self.text().encode()).hexdigest()


class BundleBody(msgspec.Struct, frozen=True, kw_only=True):
    """What a bundle brings: the directory as its network may know it, and instruments."""

    directory: Directory
    instruments: tuple[Issued, ...]
    releases: tuple[Release, ...]


class Bundle(msgspec.Struct, frozen=True, kw_only=True):
    """A bundle that was read and held."""

    header: BundleHeader
    body: BundleBody


def write_bundle(header: BundleHeader, body: bytes, key: SigningKey) -> bytes:
    """The file of a bundle whose header is of this body."""
    note = key.sign(header.text())
    return f"{MAGIC} {len(note)}\n".encode() + note + body


def body_bytes(body: BundleBody) -> bytes:
    """The canonical bytes of a body."""
    return canonical(body)


def read_bundle(content: bytes, trusted: Iterable[VerifierKey]) -> Bundle:
    """The bundle that one of the trusted keys signed; `BundleError` for anything else."""
    if len(content) > GREATEST:
        raise BundleError(
            f"The file has {len(content)} bytes; a bundle has {GREATEST} at most.",
            "Check that it is the file that was exported.",
        )
    first = _FIRST.match(content)
    if first is None:
        raise BundleError(
            "This file is no bundle.", "Choose the file that `orders bundle export` wrote."
        )
    end = first.end() + int(first[1])
    header = _header(_signed(content[first.end() : end], trusted))
    body = content[end:]
    if (len(body), hashlib.sha256(body).hexdigest()) != (header.length, header.sha256):
        raise BundleError(
            "The bundle was altered, or is not whole: its content is not what was signed.",
            "Carry it over once more.",
        )
    try:
        held = msgspec.json.decode(body, type=BundleBody)
    except msgspec.MsgspecError as error:
        raise BundleError(
            f"The bundle's content cannot be read: {error}.",
            "Bring this installation to the version of the one that exported it.",
        ) from error
    return Bundle(header=header, body=held)


def _signed(note: bytes, trusted: Iterable[VerifierKey]) -> str:
    """The text of a note that a trusted key signed."""
    why = "no key is trusted here"
    for key in trusted:
        try:
            return open_note(note, key)[0]
        except NoteError as error:
            why = error.what.rstrip(".")
    raise BundleError(
        f"The bundle is not signed by a key that is trusted here: {why}.",
        "Set CHANGEOVER_IMPORT_KEYS to the verifier key of the installation that it comes from.",
    )


def _header(text: str) -> BundleHeader:
    lines = text.split("\n")[:-1]
    try:
        header = _read_header(lines)
    except ValueError as error:
        raise BundleError(
            "The bundle's note cannot be read.",
            "Bring this installation to the version of the one that exported it.",
        ) from error
    if header.text() != text:
        raise BundleError("The bundle's note has another form.", "Carry it over once more.")
    return header


def _read_header(lines: list[str]) -> BundleHeader:
    """Raises `ValueError` where the lines are no header."""
    if len(lines) != _LINES or lines[0] != MAGIC or lines[4] not in {"whole", "since"}:
        raise ValueError(lines)
    if not all(digest == "-" or _DIGEST.fullmatch(digest) for digest in (lines[5], lines[7])):
        raise ValueError(lines)
    return BundleHeader(
        source=lines[1],
        network=lines[2],
        sequence=int(lines[3]),
        whole=lines[4] == "whole",
        previous=None if lines[5] == "-" else lines[5],
        made=datetime.fromisoformat(lines[6]),
        sha256=lines[7],
        length=int(lines[8]),
    )
