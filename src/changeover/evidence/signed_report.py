"""A report's signature: a note by the ledger's key, beside the report.

It says that whoever holds that key made this report of that pack. It adds nothing to what the
pack shows: the report is made again of the pack, by whoever doubts it.
"""

import hashlib
from collections.abc import Mapping
from typing import Any

from changeover.basics.canonical import canonical
from changeover.basics.errors import InvalidInputError
from changeover.ledger.checkpoint import SigningKey, VerifierKey, open_note

_SIGNED_AS = "changeover evidence report"


def sign(report: bytes, manifest: Mapping[str, Any], key: SigningKey) -> bytes:
    """The note over a report of the pack that has this manifest."""
    pack = hashlib.sha256(canonical(manifest)).hexdigest()
    return key.sign(f"{_SIGNED_AS}\n{hashlib.sha256(report).hexdigest()}\n{pack}\n")


def check(report: bytes, note: bytes, key: VerifierKey) -> str:
    """The SHA-256 of the manifest of the pack that a report was made of.

    `NoteError` for a note of another key, `InvalidInputError` for one of another report.
    """
    text, _ = open_note(note, key)
    named, digest, pack = (*text.removesuffix("\n").split("\n"), "", "")[:3]
    if (named, digest) != (_SIGNED_AS, hashlib.sha256(report).hexdigest()):
        raise InvalidInputError(
            "The note signs another report, or none.",
            means="The report was altered after it was signed, or the two do not belong together.",
            do="Make the report again of the pack with `changeover evidence report`.",
        )
    return pack
