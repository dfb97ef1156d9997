"""Verifying an installation's ledger from its database, whether or not a server runs."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any, Literal

import msgspec

from changeover.basics.errors import InvalidInputError, NotFoundError
from changeover.ledger.checkpoint import NoteError, VerifierKey, open_checkpoint
from changeover.ledger.cosignatures import WitnessKey
from changeover.ledger.crosscheck import RECORDED, RecordFault, verify_record
from changeover.ledger.joining import verify_folder
from changeover.ledger.keys import load
from changeover.ledger.numbering import NumberFault, Numbering, StartReport
from changeover.ledger.ports import StoredCheckpoint
from changeover.ledger.time_stamps import read_roots
from changeover.ledger.timekeeping import Clockwork, TimeFault
from changeover.ledger.verification import verify, verify_waiting
from changeover.ledger.verified import Fault, Verification
from changeover.ledger.vouched import StampFault, Trusted, Vouched, check_stamps
from changeover.ledger.vouching import cosigned
from changeover.storage.beside import reading_beside
from changeover.storage.database import Work
from changeover.wiring.ledger_key import VERIFIER
from changeover.wiring.places import database_url, ledger_key_file

_AnyFault = Fault | RecordFault | NumberFault | StampFault | TimeFault
KeyFrom = Literal["given", "file", "database"]


class Found(msgspec.Struct, kw_only=True):
    """What a verification found, step by step; later steps are not taken after a fault."""

    ledger: Verification
    trusted: KeyFrom
    waiting: int = 0
    unread: str | None = None
    apart: RecordFault | None = None
    starts: list[StartReport] = []
    numbers: NumberFault | None = None
    clock: Clockwork
    vouched: list[Vouched] = []
    stamps: StampFault | None = None


class _Watching:
    """Has whoever needs the entries told of them as they are read."""

    def __init__(self) -> None:
        self.numbering = Numbering()
        self.clock = Clockwork()
        self.told: dict[str, list[Mapping[str, Any]]] = {"joined": [], "restore": []}

    def take(self, entry: Mapping[str, Any]) -> None:
        if entry["kind"] in self.told:
            self.told[entry["kind"]].append(entry)
        self.numbering.take(entry)
        self.clock.take(entry)

    def take_calls(self, starts: Sequence[str], numbers: Sequence[int]) -> None:
        self.numbering.take_calls(starts, numbers)


def verify_ledger(
    data: Path,
    environment: Mapping[str, str],
    *,
    known: bytes | None,
    vkey: str | None,
    believed: Trusted | None = None,
    progress: Callable[[str, int, int], None] | None = None,
) -> dict[str, Any]:
    """The verification as plain values; `fault` is None when everything holds.

    `progress` is told what is done, how many entries were read, and how many there are.

    1. The ledger holds in itself (`verification`).
    2. What waits to be sequenced are entries.
    3. The record is what both tell (`crosscheck`).
    4. The calls of every start are all there, or explained (`numbering`).
    5. What others say of its checkpoints holds (`vouched`).
    6. Time does not run backwards in the clock's entries (`timekeeping`).
    """
    with reading_ledger(data, environment) as work:
        key, trusted = trusted_key(data, work, vkey)
        watching = _Watching()
        size, _ = work.ledger.tree_state()

        def read(entries: int) -> None:
            if progress is not None:
                progress("entries verified", entries, size)

        verified = verify(work.ledger, key, known=known, watching=watching, progress=read)
        found = Found(ledger=verified, trusted=trusted, clock=watching.clock)
        if found.ledger.ok:
            # An altered entry may be no JSON any more: there is nothing to compare with.
            _compare(found, work, watching)
            found.vouched, found.stamps = check_stamps(
                work.stamps.all(), partial(_note_at, work), believed or Trusted()
            )
    return _plain(found) | {
        "joined": [_joined(each) for each in watching.told["joined"]],
        "restored": [
            {name: each.get(name) for name in ("at", "made", "size", "root")}
            for each in watching.told["restore"]
        ],
    }


def _joined(told: Mapping[str, Any]) -> dict[str, Any]:
    """Another ledger's state as it was joined, and whether its key's note says so."""
    try:
        signed = open_checkpoint(str(told["note"]).encode(), VerifierKey.parse(str(told["key"])))
        holds = (signed.origin, signed.size, signed.root.hex()) == (
            told["ledger"],
            told["size"],
            told["root"],
        )
    except (NoteError, KeyError):
        holds = False
    return {n: told.get(n) for n in ("at", "ledger", "key", "size", "root")} | {"signed": holds}


def verified_folder(folder: Path, vkey: str, since: int) -> dict[str, Any]:
    """Another ledger in a folder of tiles, verified, as it is joined."""
    other = verify_folder(folder, VerifierKey.parse(vkey), since)
    plain: dict[str, Any] = msgspec.to_builtins(other)
    return plain


def believed(witnesses: Sequence[str], roots: Path | None) -> Trusted:
    """Whom whoever verifies believes: witnesses' keys, and a file of authorities' roots."""
    return Trusted(
        witnesses=[WitnessKey.parse(each) for each in witnesses],
        roots=[] if roots is None else read_roots(roots.read_bytes()),
    )


def public_key(data: Path, environment: Mapping[str, str]) -> VerifierKey:
    """The ledger's public key: of the file, or as the database has it on record."""
    if ledger_key_file(data).exists():
        return load(ledger_key_file(data)).verifier
    with reading_ledger(data, environment) as work:
        return trusted_key(data, work, None)[0]


@contextmanager
def reading_ledger(data: Path, environment: Mapping[str, str]) -> Iterator[Work]:
    """One state of the database, whether or not a server runs."""
    with reading_beside(database_url(data, environment)) as (connection, _):
        yield Work(connection)


def shown_checkpoint(work: Work) -> StoredCheckpoint | None:
    """The newest checkpoint, with the lines of the witnesses that cosigned it."""
    last = work.ledger.last_checkpoint()
    if last is None:
        return None
    return cosigned(last, work.stamps.of(last.size))


def newest_checkpoint(data: Path, environment: Mapping[str, str]) -> bytes:
    """The newest signed note; `NotFoundError` while nothing was recorded."""
    with reading_ledger(data, environment) as work:
        last = shown_checkpoint(work)
    if last is None:
        raise NotFoundError("The ledger is empty, so there is no checkpoint yet.")
    return last.note


def trusted_key(data: Path, work: Work, vkey: str | None) -> tuple[VerifierKey, KeyFrom]:
    """The public key to verify with, and where it is from."""
    if vkey:
        return VerifierKey.parse(vkey), "given"
    file = ledger_key_file(data)
    on_record = work.settings.get(VERIFIER)
    if on_record is None or file.exists():
        return load(file).verifier, "file"
    return VerifierKey.parse(on_record), "database"


def _note_at(work: Work, size: int) -> bytes | None:
    checkpoint = work.ledger.checkpoint_at(size)
    return None if checkpoint is None else checkpoint.note


def _compare(found: Found, work: Work, watching: _Watching) -> None:
    try:
        found.waiting = verify_waiting(work.queue.waiting(), seen=watching.take)
    except InvalidInputError as error:
        found.unread = error.what
        return
    told = work.ledger.entries(kinds=RECORDED)
    found.apart = verify_record(work.record.entries(), told, work.queue.waiting())
    numbering, living = watching.numbering, work.living_starts()
    # A file has one server at most, and that is the one which began last.
    runs = {numbering.newest} if living is None else living
    found.starts = numbering.reports(lambda start: start in runs)
    found.numbers = numbering.fault(found.starts)


def _plain(found: Found) -> dict[str, Any]:
    ledger, fault = found.ledger, _fault(found)
    return {
        "ok": fault is None,
        "size": ledger.size,
        "root": ledger.root.hex(),
        "first": ledger.first,
        "last": ledger.last,
        "kinds": ledger.counts,
        "signed": ledger.signed,
        "waiting": found.waiting,
        "trusted": found.trusted,
        "starts": [
            msgspec.structs.asdict(start)
            | {
                "gaps": [
                    msgspec.structs.asdict(gap) | {"explained": gap.explained} for gap in start.gaps
                ]
            }
            for start in found.starts
        ],
        "clock": {
            "entries": found.clock.count,
            "newest": found.clock.newest,
            "every": found.clock.every,
            "silences": [msgspec.structs.asdict(each) for each in found.clock.silences],
        },
        "vouched": [msgspec.structs.asdict(each) for each in found.vouched],
        "fault": fault,
    }


def _fault(found: Found) -> dict[str, Any] | None:
    """The first fault, of the steps in their order."""
    if found.unread is not None:
        return {"where": "what waits to be sequenced", "kind": "waiting", "what": found.unread}
    steps: tuple[tuple[str | None, _AnyFault | None], ...] = (
        (None, found.ledger.fault),
        ("record", found.apart),
        ("numbers", found.numbers),
        ("stamp", found.stamps),
        ("clock", found.clock.fault),
    )
    for kind, fault in steps:
        if fault is not None:
            told = {"where": fault.where, **msgspec.structs.asdict(fault)}
            return told if kind is None else told | {"kind": kind}
    return None
