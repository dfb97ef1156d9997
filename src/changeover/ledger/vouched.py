"""Checking what others say of a ledger's checkpoints.

Each stamp (`vouching`) must be about a checkpoint that the ledger still has. A time stamp
must be of that checkpoint's note, and is signed by an authority below a root that is named;
a cosignature is by a witness whose key is named. A stamp whose root or key nobody named is
told, and counts for nothing: whoever keeps the ledger could have made it.

What this shows of a ledger that verifies: all entries up to a checkpoint's size were there at
the time that its stamp gives, and no witness was shown another history. Entries after the
newest stamp have the operator's word alone, until the next.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime

import msgspec
from cryptography import x509

from changeover.ledger.checkpoint import NoteError, read_note
from changeover.ledger.cosignatures import WitnessKey
from changeover.ledger.time_stamps import TimeStampError, stamped_at, verify_stamp
from changeover.ledger.vouching import Stamp, StampKind


class Trusted(msgspec.Struct, frozen=True, kw_only=True):
    """Whom whoever verifies believes: witnesses by their keys, authorities by their roots."""

    witnesses: Sequence[WitnessKey] = ()
    roots: Sequence[x509.Certificate] = ()


class Vouched(msgspec.Struct, kw_only=True):
    """What one of them says: how many checkpoints, the newest, and whether it was checked."""

    kind: StampKind
    name: str
    checked: bool
    stamps: int
    size: int
    at: datetime


class StampFault(msgspec.Struct, frozen=True, kw_only=True):
    """The first stamp that does not hold, and why."""

    kind: StampKind
    name: str
    size: int
    what: str

    @property
    def where(self) -> str:
        whose = "time stamp" if self.kind == "time" else "cosignature"
        return f"the {whose} of {self.name} at size {self.size}"


class _NotVouchedError(Exception):
    """A stamp does not hold; the words say why."""


def check_stamps(
    stamps: Iterable[Stamp], note_at: Callable[[int], bytes | None], trusted: Trusted
) -> tuple[list[Vouched], StampFault | None]:
    """What is vouched for, by whom, and the first stamp that does not hold.

    `note_at` gives the ledger's own note of the checkpoint of a size; None without one.
    Newest is by size.
    """
    found: dict[tuple[StampKind, str], Vouched] = {}
    for stamp in stamps:
        try:
            at, checked = _checked(stamp, note_at(stamp.size), trusted)
        except _NotVouchedError as error:
            fault = StampFault(kind=stamp.kind, name=stamp.name, size=stamp.size, what=str(error))
            return list(found.values()), fault
        so_far = found.get((stamp.kind, stamp.name))
        found[stamp.kind, stamp.name] = Vouched(
            kind=stamp.kind,
            name=stamp.name,
            checked=checked,
            stamps=1 if so_far is None else so_far.stamps + 1,
            size=stamp.size,
            at=at,
        )
    return list(found.values()), None


def _checked(stamp: Stamp, note: bytes | None, trusted: Trusted) -> tuple[datetime, bool]:
    if note is None:
        raise _NotVouchedError(
            "The ledger has no checkpoint of that size: it was cut back, or written anew."
        )
    try:
        if stamp.kind == "time":
            at = stamped_at(stamp.body, note)
            if trusted.roots:
                at = verify_stamp(stamp.body, note, trusted.roots)
            return at, bool(trusted.roots)
        return _cosigned(stamp, note, trusted.witnesses)
    except (TimeStampError, NoteError) as error:
        raise _NotVouchedError(error.what) from error
    except UnicodeDecodeError as error:
        raise _NotVouchedError("It is no text.") from error


def _cosigned(stamp: Stamp, note: bytes, keys: Sequence[WitnessKey]) -> tuple[datetime, bool]:
    text, _ = read_note(note)
    for key in keys:
        seconds = key.time_of(stamp.body.decode(), text) if key.name == stamp.name else None
        if seconds is not None:
            if seconds != int(stamp.at.timestamp()):
                raise _NotVouchedError("It is kept under another time than it gives.")
            return stamp.at, True
    return stamp.at, False
