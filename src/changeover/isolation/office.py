"""Records carried to isolated networks, and taken in there.

* **Export.** An installation writes, for a network, what the network may know
  (`declassifying.py`): everything, or what came since the last export, which the one
  before it names. Each has the next number.
* **Import.** An installation on an isolated network takes in what a key that its operator
  trusts signed for its network, in order, once. It is shown what would change before; it
  is all recorded in one unit of work or nothing is.
* An imported instrument keeps who entered and confirmed it at its source; it is recorded
  here when it is imported, and says when it was recorded there.
"""

import hashlib
from collections.abc import Iterator, Sequence
from datetime import datetime

import msgspec

from changeover.basics.canonical import canonical
from changeover.basics.clock import Clock
from changeover.basics.errors import ConflictError
from changeover.basics.instants import from_microseconds
from changeover.basics.text import Bilingual
from changeover.directory import encoding
from changeover.directory.difference import Change, difference
from changeover.isolation.bundles import (
    Bundle,
    BundleBody,
    BundleError,
    BundleHeader,
    body_bytes,
    read_bundle,
    write_bundle,
)
from changeover.isolation.declassifying import check_names_nothing, is_known, known_at
from changeover.ledger.checkpoint import SigningKey, VerifierKey
from changeover.orders.answering import answering
from changeover.orders.authority import check_authority
from changeover.orders.before_recording import check_new
from changeover.orders.encoding import to_bytes
from changeover.orders.known import read_known
from changeover.orders.model import Imported, Issued, Origin, Release
from changeover.orders.papers import Folder, Kept, OvertakenError, Writer
from changeover.orders.ports import CallDays, RecordEntry, Works
from changeover.orders.preview import PreviewChange, change_of, differ
from changeover.orders.recording import (
    record_directory,
    record_import,
    record_instrument,
    record_release,
)
from changeover.orders.references import check_dropped
from changeover.orders.ruleset import Ruleset, compile_ruleset
from changeover.orders.usecases import Office


class Exported(msgspec.Struct, frozen=True, kw_only=True):
    """What is kept of the last export to a network; `through` is the record's last line in it."""

    header: BundleHeader
    through: int


class Place(msgspec.Struct, frozen=True, kw_only=True):
    """Where an installation stands: its network, and whose bundles it trusts."""

    network: str | None
    trusted: tuple[VerifierKey, ...] = ()


class NamedIssued(msgspec.Struct, frozen=True, kw_only=True):
    """An instrument that a bundle brings, and when it takes effect."""

    id: str
    title: Bilingual
    effective: datetime | None


class ImportPreview(msgspec.Struct, frozen=True, kw_only=True):
    """What importing a bundle now would do; `seen` stands for it.

    `services` are the slots that stand otherwise at `at`, the present instant. `known` is how
    many of its instruments are on record already.
    """

    header: BundleHeader
    at: datetime
    changes: tuple[Change, ...]
    instruments: tuple[NamedIssued, ...]
    known: int
    services: tuple[PreviewChange, ...]
    seen: str


class BundleOffice:
    """Exports with the key of the installation's own ledger; imports by its operator's settings."""

    def __init__(
        self,
        works: Works,
        calls: CallDays,
        office: Office,
        clock: Clock,
        key: SigningKey | None,
        place: Place,
    ) -> None:
        self._works = works
        self._calls = calls
        self._office = office
        self._clock = clock
        self._key = key
        self.place = place
        self._folder = Folder(works, clock, "bundle", Exported)

    def exports(self) -> dict[str, Kept[Exported]]:
        """The last export to each network."""
        return {kept.id: kept for kept in self._folder.all()}

    @property
    def verifier(self) -> str | None:
        """The key that bundles from here are signed with; None where this process has none."""
        return None if self._key is None else str(self._key.verifier)

    def stale_from(self, network: str) -> datetime | None:
        """When the record here is too old for a network; None where that is never."""
        found = self._office.rules.current.stale.get(network)
        return None if found is None else from_microseconds(found[0])

    def export(self, network: str, by: Writer, *, whole: bool = False) -> tuple[bytes, Exported]:
        """Writes the next bundle for a network; whole if it is the first, or asked for.

        Raises `NotFoundError`, and `ConflictError` where this process has no key, where
        what stays names what must not be known there, or another export came between.
        """
        if self._key is None:
            raise ConflictError(
                "This process does not have the ledger's key, which signs bundles.",
                means="Nothing was exported.",
                do="Export on the replica whose data folder holds it.",
            )
        last = self.exports().get(network)
        before = None if last is None or last.value is None else last.value
        whole = whole or before is None
        body, through = self._body(network, 0 if whole or before is None else before.through)
        content = body_bytes(body)
        header = BundleHeader(
            source=self._key.verifier.name,
            network=network,
            sequence=1 if before is None else before.header.sequence + 1,
            whole=whole,
            previous=None if before is None else before.header.digest,
            made=self._clock.now(),
            sha256=hashlib.sha256(content).hexdigest(),
            length=len(content),
        )
        exported = Exported(header=header, through=through)
        seen = 0 if last is None else last.version
        try:
            self._folder.write(network, exported, by, seen=seen)
        except OvertakenError as error:
            raise ConflictError(
                "Another export to this network came between.",
                means="Nothing was exported.",
                do="Export again.",
            ) from error
        return write_bundle(header, content, self._key), exported

    def preview(self, content: bytes) -> ImportPreview:
        """What importing a bundle would do; `BundleError`, `ConflictError` where it may not be."""
        bundle = self._read(content)
        return self._preview(bundle)[0]

    def take_in(self, content: bytes, by: Writer, *, seen: str) -> Imported:
        """Imports a bundle, all of it or nothing. Raises as `preview`.

        `ConflictError` where it would do something else than was seen.
        """
        bundle = self._read(content)
        with self._office.acting() as work:
            preview, new = self._preview(bundle)
            if preview.seen != seen:
                raise ConflictError(
                    "This would no longer do what you were shown.",
                    means="Nothing was imported.",
                    do="Look at what it would do now.",
                )
            now = self._clock.now()
            if preview.changes:
                count = len(preview.changes)
                record_directory(work, bundle.body.directory, now, by.name, count)
            for entry in new:
                record_instrument(work, entry)
            for release in self._new_releases(bundle):
                record_release(work, release)
            imported = _imported(bundle.header, now, by)
            record_import(work, imported, len(new))
            names = [entry.instrument.id for entry in new]
            enacted = work.enact("import", [f"import-{imported.sequence}", *names], now)
        self._office.bring_into_force(enacted)
        return imported

    def _body(self, network: str, after: int) -> tuple[BundleBody, int]:
        """What the network may know of the record after a line, and the last line."""
        directory = self._office.rules.current.directory
        kept = known_at(directory, network)
        with self._works.reading() as work:
            entries = work.record.entries()
        lines = {entry.key: entry.seq for entry in entries if entry.kind == "instrument"}
        every = list(self._office.instruments().values())
        known = [entry for entry in every if is_known(directory, entry, network)]
        left_out = {e.instrument.id for e in every} - {e.instrument.id for e in known}
        secret = set(directory.networks) - set(kept.networks)
        check_names_nothing(kept, known, [*left_out, *secret])
        releases = self._releases(entries, after)
        return (
            BundleBody(
                directory=kept,
                instruments=tuple(e for e in known if lines[e.instrument.id] > after),
                releases=tuple(r for r in releases if r.service in kept.services),
            ),
            entries[-1].seq if entries else 0,
        )

    def _releases(self, entries: Sequence[RecordEntry], after: int) -> Iterator[Release]:
        for entry in entries:
            if entry.kind == "release" and entry.seq > after:
                yield msgspec.json.decode(entry.body, type=Release)

    def _new_releases(self, bundle: Bundle) -> Iterator[Release]:
        with self._works.reading() as work:
            known = {e.body for e in work.record.entries() if e.kind == "release"}
        for release in bundle.body.releases:
            if to_bytes(release) not in known:
                yield release

    def _read(self, content: bytes) -> Bundle:
        """A bundle that is trusted, for this network, and the next."""
        bundle = read_bundle(content, self.place.trusted)
        header = bundle.header
        if header.network != self.place.network:
            own = self.place.network or "none: CHANGEOVER_NETWORK is not set"
            raise BundleError(
                f"The bundle is for the network {header.network}, and this one is {own}.",
                "Choose the bundle for this network.",
            )
        self._check_order(header)
        return bundle

    def _check_order(self, header: BundleHeader) -> None:
        last = self.last()
        if last is None:
            if not header.whole:
                raise BundleError(
                    f"Bundle {header.sequence} goes on from others, and none was imported yet.",
                    "Begin with one that was exported with --whole.",
                )
            return
        if header.source != last.source:
            raise BundleError(
                f"The bundle comes from {header.source}, and the record here from {last.source}.",
                "Import only from the installation that the record comes from.",
            )
        if header.sequence <= last.sequence:
            same = header.sequence == last.sequence and header.digest != last.digest
            raise BundleError(
                f"Another bundle {header.sequence} was imported: the two come from records that "
                "have parted."
                if same
                else f"Bundle {header.sequence} was imported already; the last was "
                f"{last.sequence}.",
                "Ask who exports which of the two stands."
                if same
                else f"Import bundle {last.sequence + 1}.",
            )
        if header.made < last.made:
            raise BundleError(
                "The bundle was made before the one that was imported last.",
                "Ask who exports for the newest one.",
            )
        if header.whole:
            return
        if header.sequence > last.sequence + 1:
            missing = range(last.sequence + 1, header.sequence)
            raise BundleError(
                f"Before bundle {header.sequence} comes what was not imported: "
                f"{', '.join(map(str, missing))}.",
                "Import those first, or one that was exported with --whole.",
            )
        if header.previous != last.digest:
            raise BundleError(
                "The bundle goes on from another than was imported: the records have parted.",
                "Ask who exports for one that was exported with --whole.",
            )

    def last(self) -> Imported | None:
        """The last import; None where nothing was imported."""
        return self._office.rules.current.imported if self._office.rules.ready else None

    def _preview(self, bundle: Bundle) -> tuple[ImportPreview, tuple[Issued, ...]]:
        now = self._clock.now()
        standing = self._office.directory()
        directory = bundle.body.directory
        changes = difference(standing, directory)
        if standing is not None:
            on_record = (entry.instrument for entry in self._office.instruments().values())
            check_dropped(standing, directory, on_record)
        new = tuple(self._new(bundle, now))
        after = self._with(bundle, new, now)
        services = tuple(self._services(after, now))
        preview = ImportPreview(
            header=bundle.header,
            at=now,
            changes=changes,
            instruments=tuple(
                NamedIssued(
                    id=entry.instrument.id,
                    title=entry.instrument.title,
                    effective=entry.instrument.takes_effect(),
                )
                for entry in new
            ),
            known=len(bundle.body.instruments) - len(new),
            services=services,
            seen=_seen(bundle.header, changes, new),
        )
        return preview, new

    def _new(self, bundle: Bundle, now: datetime) -> Iterator[Issued]:
        """The bundle's instruments that are not on record, as they would be recorded."""
        standing = dict(self._office.instruments())
        for entry in bundle.body.instruments:
            name = entry.instrument.id
            if name in standing:
                if standing[name].instrument != entry.instrument:
                    raise BundleError(
                        f"The record here has another {name} than the bundle.",
                        "The two records have parted; ask who exports which of them stands.",
                    )
                continue
            check_new(standing, entry.instrument)
            check_authority(bundle.body.directory, standing, entry.instrument, now)
            origin = Origin(
                installation=bundle.header.source,
                recorded=entry.recorded,
                sequence=bundle.header.sequence,
            )
            taken: Issued = msgspec.structs.replace(entry, recorded=now, origin=origin)
            standing[name] = taken
            yield taken

    def _services(self, after: Ruleset, now: datetime) -> Iterator[PreviewChange]:
        """The slots that would stand otherwise now."""
        before = self._office.rules.current if self._office.rules.ready else None
        for service in after.directory.services.values():
            for slot in service.slots:
                place = service.id, slot.name
                was = None
                if before is not None and service.id in before.directory.services:
                    was = answering(before, *place, now)
                becomes = answering(after, *place, now)
                if differ(was, becomes):
                    yield change_of(after, place, was, becomes, now)

    def _with(self, bundle: Bundle, new: Sequence[Issued], now: datetime) -> Ruleset:
        """The ruleset as it would be; raises where the whole could not be compiled."""
        with self._works.reading() as work:
            entries = work.record.entries()
        seq = entries[-1].seq if entries else 0
        bodies = [
            ("directory", "directory", encoding.to_bytes(bundle.body.directory)),
            *(("instrument", entry.instrument.id, to_bytes(entry)) for entry in new),
            ("import", "import", to_bytes(_imported(bundle.header, now, Writer(name="")))),
        ]
        added = [
            RecordEntry(seq=seq + 1 + index, kind=kind, key=key, recorded=now, body=body)  # type: ignore[arg-type]
            for index, (kind, key, body) in enumerate(bodies)
        ]
        known, version = read_known([*entries, *added], self._calls.days())
        return compile_ruleset(known, version=version)


def _imported(header: BundleHeader, now: datetime, by: Writer) -> Imported:
    return Imported(
        source=header.source,
        network=header.network,
        sequence=header.sequence,
        digest=header.digest,
        made=header.made,
        imported=now,
        by=by.name,
    )


def _seen(header: BundleHeader, changes: Sequence[Change], new: Sequence[Issued]) -> str:
    plain = {
        "bundle": header.digest,
        "changes": msgspec.to_builtins(changes),
        "new": [entry.instrument.id for entry in new],
    }
    return hashlib.sha256(canonical(plain)).hexdigest()
