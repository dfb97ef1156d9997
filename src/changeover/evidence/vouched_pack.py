"""What others say of a pack's checkpoints: its part `stamps.jsonl`.

A line is canonical JSON of `ledger.vouching.Stamp`, `body` in base64: an authority's time stamp
(RFC 3161) of a checkpoint's note, or a witness's cosignature of its text. Of a pack that holds,
they show that its entries were there at the times they give, and that no witness was shown
another history (`ledger.vouched`). The verifier that stands alone sees that the part is the one
signed, and leaves it unread: checking it takes more than `cryptography`.
"""

import zipfile
from base64 import b64decode, b64encode
from pathlib import Path
from typing import Any

import msgspec

from changeover.basics.canonical import canonical
from changeover.evidence.verifier import INCOMPLETE
from changeover.ledger.checkpoint import NoteError, VerifierKey, open_checkpoint
from changeover.ledger.entries import read_instant, write_instant
from changeover.ledger.vouched import StampFault, Trusted, Vouched, check_stamps
from changeover.ledger.vouching import Stamp

_UNREADABLE = (NoteError, msgspec.MsgspecError, ValueError, LookupError, TypeError)


def stamp_line(stamp: Stamp) -> bytes:
    """A stamp as its line."""
    told = {name: getattr(stamp, name) for name in ("size", "kind", "name")}
    return canonical(told | {"at": write_instant(stamp.at), "body": b64encode(stamp.body).decode()})


def with_vouched(file: Path, found: dict[str, Any], trusted: Trusted) -> dict[str, Any]:
    """The verifier's answer with `vouched`: what others say of the pack, as far as it is checked.

    A stamp that does not hold makes the answer incomplete, and is a reason.
    """
    if not found["holds"]:
        return found | {"vouched": []}
    try:
        vouched, fault = _checked(file, VerifierKey.parse(found["manifest"]["key"]), trusted)
    except _UNREADABLE as error:
        return _without(found, f"What others say of the record cannot be read: {error}")
    if fault is not None:
        what = f"What others say of the record does not hold: {fault.where}. {fault.what}"
        return _without(found, what)
    return found | {"vouched": msgspec.to_builtins(vouched)}


def _checked(
    file: Path, key: VerifierKey, trusted: Trusted
) -> tuple[list[Vouched], StampFault | None]:
    with zipfile.ZipFile(file) as pack:
        written = (
            msgspec.json.decode(line, type=str) for line in _lines(pack, "checkpoints.jsonl")
        )
        notes = {open_checkpoint(n, key).size: n for n in (note.encode() for note in written)}
        stamps = [_stamp(line) for line in _lines(pack, "stamps.jsonl")]
    return check_stamps(stamps, notes.get, trusted)


def _without(found: dict[str, Any], reason: str) -> dict[str, Any]:
    """The answer, incomplete for this reason too."""
    words = [found["words"][0], INCOMPLETE, *found["words"][2:]]
    reasons = [*found["reasons"], reason]
    return found | {"verdict": "incomplete", "words": words, "reasons": reasons, "vouched": []}


def sentences(found: dict[str, Any]) -> list[str]:
    """What is vouched for, as lines for a person."""
    return [
        f"{_DID[each['kind']].format(**each)}{'' if each['checked'] else _UNCHECKED[each['kind']]}"
        for each in found["vouched"]
    ]


_DID = {
    "time": "{name} stamped the first {size} entries of the ledger at {at}",
    "witness": "Witness {name} cosigned the first {size} entries of the ledger at {at}",
}
_UNCHECKED = {
    "time": "; not checked: name its root with --time-root.",
    "witness": "; not checked: name its key with --witness.",
}


def _lines(pack: zipfile.ZipFile, name: str) -> list[bytes]:
    return pack.read(name).splitlines()


def _stamp(line: bytes) -> Stamp:
    told = msgspec.json.decode(line)
    at, body = read_instant(told["at"]), b64decode(told["body"], validate=True)
    return Stamp(size=told["size"], kind=told["kind"], name=told["name"], body=body, at=at)
