"""A process that makes one evidence pack and verifies it, so that a server goes on meanwhile.

What is asked comes as a line of JSON (`PackAsked`), what happens goes out as lines of JSON: how far
it has come (`{"done": …, "of": …}`), and at the end `PackFound`, or `{"problem": …}`.
"""

import hashlib
import os
import sys
from pathlib import Path

import msgspec

from changeover.basics.errors import ChangeoverError
from changeover.evidence.verifier import Key, verdict
from changeover.ledger.keys import load
from changeover.wiring.evidence import Window, export_pack
from changeover.wiring.places import ledger_key_file


class PackAsked(msgspec.Struct, frozen=True, kw_only=True):
    """Of which data folder, and what: the window as it was written, and the file to write."""

    data: str
    file: str
    vendor: str
    since: str
    until: str
    party: str | None


class PackFound(msgspec.Struct, frozen=True, kw_only=True):
    """What the pack shows, by the verifier; the file's size and its SHA-256."""

    verdict: str
    sent: int
    reasons: tuple[str, ...]
    size: int
    sha256: str


def main() -> int:
    """Reads what is asked from standard input; status 1 where nothing was made."""
    asked = msgspec.json.decode(sys.stdin.buffer.read(), type=PackAsked)
    data, file = Path(asked.data), Path(asked.file)
    window = Window(vendor=asked.vendor, since=asked.since, until=asked.until, party=asked.party)
    try:
        export_pack(data, os.environ, window, file, progress=_tell_progress)
        found = verdict(file, Key(str(load(ledger_key_file(data)).verifier)))
    except ChangeoverError as error:
        _tell({"problem": str(error)})
        return 1
    sent = sum(n for group, n in found["groups"].items() if group not in _NOT_SENT)
    _tell(
        PackFound(
            verdict=found["verdict"],
            sent=sent,
            reasons=tuple(found["reasons"]),
            size=file.stat().st_size,
            sha256=_digest(file),
        )
    )
    return 0


def _digest(file: Path) -> str:
    with file.open("rb") as read:
        return hashlib.file_digest(read, "sha256").hexdigest()


_NOT_SENT = frozenset({"refused", "in flight", "to a stand-in"})


def _tell_progress(done: int, of: int) -> None:
    _tell({"done": done, "of": of})


def _tell(told: object) -> None:
    sys.stdout.buffer.write(msgspec.json.encode(told) + b"\n")
    sys.stdout.buffer.flush()


if __name__ == "__main__":
    sys.exit(main())
