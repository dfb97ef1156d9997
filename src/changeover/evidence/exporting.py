"""Making an evidence pack from one state of the database, in bounded memory.

The ledger is read twice. First all of it: the tree's nodes go to files, so that there are
proofs, and what it tells of starts is taken together. Then the *range* is written, from a
checkpoint before the window to the newest one, since a call of the window may have come into
the ledger long after it.

The range begins at the last checkpoint that nothing of the window can precede: an entry that is
told at once, unlike a call, stands after it or ends it, and tells an instant five minutes
before the window or earlier. Whoever verifies sees that entry.
"""

import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack
from datetime import datetime
from typing import IO, Any, Protocol

import msgspec

from changeover.basics.canonical import canonical
from changeover.basics.errors import InvalidInputError, NotFoundError
from changeover.basics.nearest import advice, unknown
from changeover.directory import encoding as directory_encoding
from changeover.directory.model import Directory
from changeover.directory.rules import descendants, lineage
from changeover.evidence.declaration import declaration, not_covered
from changeover.evidence.law import Lawyer
from changeover.evidence.pack import (
    Asked,
    DeclaredRoute,
    Manifest,
    PackWriter,
    ShownInstrument,
    ShownKey,
    SourceDigest,
)
from changeover.evidence.reconciling.model import Report
from changeover.evidence.verifier import MOST_CHECKPOINTS, SHOWN, SLACK, TOLD_AT_ONCE
from changeover.evidence.vouched_pack import stamp_line
from changeover.identity.model import Key
from changeover.ledger.checkpoint import SigningKey, open_checkpoint
from changeover.ledger.entries import digest, read_instant, write_instant
from changeover.ledger.leaves import shown
from changeover.ledger.numbering import Numbering
from changeover.ledger.ports import LedgerQueue, LedgerStore, StoredCheckpoint, StoredEntry
from changeover.ledger.spooled_tree import SpooledTree
from changeover.ledger.tree import leaf_hash
from changeover.ledger.usecases import LedgerError
from changeover.ledger.vouching import Stamp
from changeover.orders.as_of import status_of
from changeover.orders.model import Issued
from changeover.orders.ports import Record, RecordEntry
from changeover.orders.uses import Use

Progress = Callable[[int, int], None]
_EVERY = 2_000


class UsesOnRecord(Protocol):
    """The uses that recorded calls show."""

    def uses(self) -> Iterable[tuple[str, str, str, int]]: ...


class KeysOnRecord(Protocol):
    """The services' keys."""

    def all(self) -> Sequence[Key]: ...


class Stamps(Protocol):
    """What others say of checkpoints."""

    def all(self) -> Iterator[Stamp]: ...


class ProvenWork(Protocol):
    """One state of the database, to be read."""

    @property
    def ledger(self) -> LedgerStore: ...
    @property
    def queue(self) -> LedgerQueue: ...
    @property
    def record(self) -> Record: ...
    @property
    def calls(self) -> UsesOnRecord: ...
    @property
    def keys(self) -> KeysOnRecord: ...
    @property
    def stamps(self) -> Stamps: ...

    def living_starts(self) -> frozenset[str] | None: ...


class Made(msgspec.Struct, frozen=True, kw_only=True):
    """Who makes a pack and when: the key that signs it, the organisation's clock, the software.

    `known` is a checkpoint's size that the range must reach back to. `reconciled` is what others
    counted beside the ledger's state that is exported.
    """

    key: SigningKey
    reached: datetime
    software: str
    demonstration: bool
    known: int | None = None
    reconciled: Report | None = None


class Exported(msgspec.Struct, frozen=True, kw_only=True):
    """What was written: the digest that names the pack, and its manifest."""

    digest: str
    manifest: Manifest


def export(
    work: ProvenWork,
    asked: Asked,
    made: Made,
    file: IO[bytes],
    progress: Progress = lambda _, __: None,
) -> Exported:
    """Writes the pack into the file.

    Every entry is read twice: `progress` is told how many are read, and of how many, or 0 while
    that is not known.

    Raises `InvalidInputError` for a window that ends before it begins, `NotFoundError` for a
    vendor or party that no directory has or an empty ledger, and `LedgerError` where the ledger
    is not the one that the key signed.
    """
    if asked.since >= asked.until:
        raise InvalidInputError(
            "The window ends before it begins.", do="Give --from an instant before --to."
        )
    with ExitStack() as stack:
        exporting = _Exporting(work, asked, made, stack, progress)
        return exporting.write(stack.enter_context(PackWriter(file)))


class _Exporting:
    def __init__(
        self, work: ProvenWork, asked: Asked, made: Made, stack: ExitStack, progress: Progress
    ) -> None:
        self._work = work
        self._progress = progress
        self._read = self._size = 0
        self._asked = asked
        self._made = made
        self._tree = stack.enter_context(SpooledTree())
        self._entries: IO[bytes] = stack.enter_context(tempfile.TemporaryFile())  # noqa: SIM115 - the stack's
        self._numbering = Numbering()
        self._record = work.record.entries()
        self._bodies = {e.key: e for e in self._record if e.kind == "instrument"}
        uses = ((Use(s, p, m), day) for s, p, m, day in work.calls.uses())
        self._law = Lawyer(self._record, uses)
        self._routes, self._makers = _routes(self._record, asked.vendor)
        self._parties = _parties(self._law.directory, asked.party)
        self._calls_before = 0

    def write(self, pack: PackWriter) -> Exported:
        first, last = self._range()
        written = set[int]()
        with pack.part("checkpoints.jsonl") as part:
            for checkpoint in self._checkpoints(first, last.size):
                part.write(canonical(checkpoint.note.decode()))
                written.add(checkpoint.size)
        with pack.part("stamps.jsonl") as part:
            for stamp in self._work.stamps.all():
                if stamp.size in written:
                    part.write(stamp_line(stamp))
        with pack.part("openings.jsonl") as part:
            for entry in self._entries_read():
                told = msgspec.json.decode(entry.body)
                if entry.index >= first:
                    part.write(shown(entry.body))
                elif entry.kind == "call":
                    self._calls_before += 1
                if self._is_whole(entry, told, first):
                    self._show(entry, told, last.size)
        with pack.part("entries.jsonl") as part:
            self._entries.seek(0)
            for line in self._entries:
                part.write(line[:-1])
        manifest = self._manifest(first, last.size)
        with pack.part("declaration.txt") as part:
            for text in declaration(manifest, last.root):
                part.write(text.encode())
        return Exported(digest=pack.sign(manifest, self._made.key), manifest=manifest)

    def _range(self) -> tuple[int, StoredCheckpoint]:
        """Reads the whole ledger: where the range begins, and the checkpoint that ends it."""
        bound = 0
        for entry in self._entries_read():
            self._tree.add(leaf_hash(shown(entry.body)))
            if self._precedes(entry):
                bound = entry.index + 1
        if self._made.known is not None:
            bound = min(bound, self._made.known)
        first, last = 0, None
        for checkpoint in self._work.ledger.checkpoints():
            first = checkpoint.size if checkpoint.size <= bound else first
            last = checkpoint
        if last is None:
            raise NotFoundError("The ledger is empty, so there is nothing to show.")
        self._size = last.size
        signed = open_checkpoint(last.note, self._made.key.verifier)
        if (signed.size, signed.root) != (self._tree.size, self._tree.root(self._tree.size)):
            raise _altered("The ledger is not as it was last signed.")
        return first, last

    def _entries_read(self) -> Iterator[StoredEntry]:
        """The ledger's entries, of which the progress is told."""
        for entry in self._work.ledger.entries():
            if self._read % _EVERY == 0:
                # The tree has grown by all of them when they are read a second time.
                self._progress(self._read, 2 * self._size)
            self._read += 1
            yield entry

    def _precedes(self, entry: StoredEntry) -> bool:
        """Whether nothing up to the entry can be of the window; takes note of its numbers."""
        try:
            told = msgspec.json.decode(entry.body)
            self._numbering.take(told)
            at = read_instant(told["at"])
        except (msgspec.MsgspecError, LookupError, TypeError, ValueError) as error:
            raise _altered("The ledger is not as it was last signed.") from error
        return entry.kind in TOLD_AT_ONCE and at <= self._asked.since - SLACK

    def _checkpoints(self, first: int, size: int) -> Iterator[StoredCheckpoint]:
        """Those of the range's beginning and end, and as many of those between as fit.

        The newest that each witness and authority spoke of are among them.
        """
        kept = {(s.kind, s.name): s.size for s in self._work.stamps.all() if s.size <= size}
        always = {first, size, *kept.values()}
        within = sum(first <= c.size <= size for c in self._work.ledger.checkpoints())
        every = within // (MOST_CHECKPOINTS - len(always)) + 1
        number = 0
        for checkpoint in self._work.ledger.checkpoints():
            if first <= checkpoint.size <= size:
                if checkpoint.size in always or number % every == 0:
                    yield checkpoint
                number += 1

    def _is_whole(self, entry: StoredEntry, told: dict[str, Any], first: int) -> bool:
        if entry.kind in SHOWN:
            return True
        return entry.index >= first and entry.kind == "call" and told["maker"] in self._makers

    def _show(self, entry: StoredEntry, told: dict[str, Any], size: int) -> None:
        proof = self._tree.inclusion(entry.index, size)
        line: dict[str, Any] = {"index": entry.index, "entry": entry.body.decode(), "proof": proof}
        if entry.kind == "call":
            line["law"] = self._law.of(told)
        if entry.kind == "instrument":
            line["record"] = self._body(told)
        self._entries.write(canonical(msgspec.to_builtins(line)) + b"\n")

    def _body(self, told: dict[str, Any]) -> str | None:
        """The instrument's text as recorded; None for what a more secret network alone may know."""
        recorded = self._bodies.get(told["id"])
        if recorded is None or digest(recorded.body) != told["sha256"]:
            raise _altered(f"The record of {told['id']} is not what the ledger tells.")
        secret = self._law.now.issued[told["id"]].instrument.known_on is not None
        return None if secret else recorded.body.decode()

    def _manifest(self, first: int, size: int) -> Manifest:
        asked, made, directory = self._asked, self._made, self._law.directory
        living = self._work.living_starts()
        runs = {self._numbering.newest} if living is None else living
        vendor = directory.vendors.get(asked.vendor)
        return Manifest(
            vendor=asked.vendor,
            vendor_name=asked.vendor if vendor is None else vendor.name.en,
            since=asked.since,
            until=asked.until,
            party=asked.party,
            parties=self._parties,
            reached=made.reached,
            software=made.software,
            demonstration=made.demonstration,
            key=str(made.key.verifier),
            first=first,
            size=size,
            subtrees=tuple(node.hex() for node in self._tree.subtrees(first)),
            calls_before=self._calls_before,
            waiting_calls=self._waiting(),
            makers=self._makers,
            routes=self._routes,
            keys=tuple(self._keys()),
            starts=tuple(self._numbering.reports(lambda start: start in runs)),
            instruments=tuple(map(self._instrument, self._law.now.issued.values())),
            not_covered=tuple(limit.en for limit in not_covered(made.reconciled)),
            reconciled=made.reconciled,
        )

    def _waiting(self) -> int:
        until = write_instant(self._asked.until)
        calls = (
            msgspec.json.decode(e.body) for e in self._work.queue.waiting() if e.kind == "call"
        )
        return sum(call["at"] < until for call in calls)

    def _keys(self) -> Iterator[ShownKey]:
        services = self._law.directory.services
        for key in self._work.keys.all():
            service = services.get(key.service)
            theirs = service is None or self._parties is None or service.party in self._parties
            if theirs and key.created < self._asked.until:
                yield ShownKey(
                    prefix=key.prefix,
                    service=key.service,
                    created=write_instant(key.created),
                    expires=None if key.expires is None else write_instant(key.expires),
                    revoked=None if key.revoked is None else write_instant(key.revoked),
                )

    def _instrument(self, issued: Issued) -> ShownInstrument:
        instrument, ruleset = issued.instrument, self._law.now
        secret = instrument.known_on is not None
        return ShownInstrument(
            id=instrument.id,
            kind=instrument.kind,
            issuer=instrument.issuer,
            title="" if secret else instrument.title.en,
            recorded=write_instant(issued.recorded),
            at_from=status_of(ruleset, instrument, self._asked.since)[0],
            at_to=status_of(ruleset, instrument, self._asked.until)[0],
            sources=()
            if secret
            else tuple(
                SourceDigest(address=s.address, sha256=s.sha256) for s in instrument.sources
            ),
        )


def _altered(what: str) -> LedgerError:
    return LedgerError(
        what,
        means="It was altered. No pack was written.",
        do="Run `changeover ledger verify` to see where it differs.",
    )


def _routes(
    record: Sequence[RecordEntry], vendor: str
) -> tuple[tuple[DeclaredRoute, ...], tuple[str, ...]]:
    """Every route that led to the vendor by any directory, and the makers of their models."""
    found: dict[str, DeclaredRoute] = {}
    makers, vendors = {vendor}, set[str]()
    for entry in record:
        if entry.kind != "directory":
            continue
        directory = directory_encoding.from_bytes(entry.body)
        vendors |= directory.vendors.keys()
        for route in directory.routes.values():
            reached = lineage(directory, route.id)
            if vendor in {*reached.makers, reached.host, reached.reseller}:
                makers.add(directory.models[route.model].maker)
                found[route.id] = DeclaredRoute(
                    route=route.id,
                    model=route.model,
                    makers=tuple(sorted(reached.makers)),
                    host=reached.host,
                    reseller=reached.reseller,
                    protocol=route.protocol,
                )
    if vendor not in vendors:
        raise NotFoundError(unknown("vendor", vendor), do=advice(vendor, vendors))
    return tuple(found[name] for name in sorted(found)), tuple(sorted(makers))


def _parties(directory: Directory, party: str | None) -> tuple[str, ...] | None:
    if party is None:
        return None
    found = descendants(directory, party)
    if not found:
        raise NotFoundError(unknown("party", party), do=advice(party, directory.parties))
    return tuple(sorted(found))
