"""The directory edited at the desk: sets of edits, previewed and recorded whole.

* A set holds edits of single things. It changes nothing: what is wrong with the
  directory that it would make is told at its place, and a half-written set is kept.
* Each edit knows what its thing was when it began. If the record has another by then,
  the edit is overtaken: it is shown, and nothing is recorded over what came between.
* A set that reads is previewed: what differs, and what changes for whom now.
* What only names or describes things, and changes no decision, one officer records.
  Anything else takes two: one enters, another confirms what both were shown.
* Nothing that an instrument on record names is dropped. A set that was recorded is
  undone by another that reverses it.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

import msgspec

from changeover.basics.clock import Clock
from changeover.basics.errors import ConflictError, NotAuthorisedError
from changeover.basics.yaml_source import SourceError
from changeover.directory import encoding
from changeover.directory.difference import Change, difference
from changeover.directory.model import Directory
from changeover.directory.source import load_written
from changeover.directory.writing import ThingKind
from changeover.orders.answering import answering
from changeover.orders.edits import (
    Edit,
    EditEntry,
    EditOvertakenError,
    EditPreview,
    EditSet,
    Forms,
    ToldSet,
    describes,
    entry_of,
    id_after,
    placed,
    seen_of,
    state_of,
    told_set,
)
from changeover.orders.known import read_known
from changeover.orders.papers import Folder, Kept, Writer
from changeover.orders.ports import CallDays, RecordEntry, Work, Works
from changeover.orders.preview import Place, PreviewChange, change_of, differ
from changeover.orders.references import check_dropped
from changeover.orders.ruleset import Ruleset, compile_ruleset
from changeover.orders.usecases import Office


class EditOffice:
    """Writing sets of edits, looking at what they would do, and recording them."""

    def __init__(self, works: Works, calls: CallDays, office: Office, clock: Clock) -> None:
        self._works = works
        self._calls = calls
        self._office = office
        self._clock = clock
        self._folder = Folder(works, clock, "directory-edit", EditSet)

    def all(self) -> list[ToldSet]:
        """Every set that was not removed, by first writing."""
        return [told_set(kept) for kept in self._folder.all()]

    def get(self, name: str) -> ToldSet:
        """A set as it stands; `NotFoundError`."""
        return told_set(self._folder.get(name), self._body(name))

    def begin(self, edits: Sequence[Edit], by: Writer) -> ToldSet:
        """Begins a set."""
        return told_set(self._folder.begin(EditSet(edits=tuple(edits)), by))

    def write(self, name: str, edits: Sequence[Edit], by: Writer, *, seen: int) -> ToldSet:
        """Writes the edits; `OvertakenError`, `ConflictError` once it was entered or recorded."""
        body = self._open(name)
        changed = msgspec.structs.replace(body, edits=tuple(edits))
        return told_set(self._folder.write(name, changed, by, seen=seen))

    def remove(self, name: str, by: Writer, *, seen: int) -> ToldSet:
        """Removes a set that is open."""
        body = self._open(name)
        return told_set(self._folder.remove(name, by, seen=seen), body)

    def restore(self, name: str, by: Writer, *, seen: int) -> ToldSet:
        """Undoes a removal."""
        return told_set(self._folder.restore(name, by, seen=seen))

    def reverse(self, name: str, by: Writer) -> ToldSet:
        """Begins the set that undoes one that was recorded; `ConflictError` where it was not."""
        body = self._body(name)
        if body.recorded is None:
            raise ConflictError(
                f"The changes {name} were not recorded.",
                means="There is nothing to undo.",
                do="Remove them instead.",
            )
        zone, now = ZoneInfo(self._directory().zone), Forms(self._directory())
        edits = tuple(
            Edit(kind=edit.kind, id=after, form=edit.was, was=now.get(edit.kind, after))
            for edit, after in ((e, id_after(e, zone)) for e in reversed(body.edits))
        )
        return told_set(self._folder.begin(EditSet(edits=edits, reverses=name), by))

    def take_up(self, name: str, by: Writer, *, seen: int) -> ToldSet:
        """Says that the edits are meant over what the record has now."""
        body = self._open(name)
        now = Forms(self._directory())
        edits = tuple(
            msgspec.structs.replace(edit, was=now.get(edit.kind, edit.id)) for edit in body.edits
        )
        changed = msgspec.structs.replace(body, edits=edits)
        return told_set(self._folder.write(name, changed, by, seen=seen))

    def preview(self, name: str) -> EditPreview:
        """What recording it now would do; its problems where the directory would not be whole."""
        kept = self._folder.get(name)
        return self._preview(kept.version, self._body(name))[0]

    def enter(self, name: str, by: Writer, *, seen: int, preview: str) -> ToldSet:
        """Enters a set for another officer, or records it where one is enough.

        `seen` is the version, `preview` what its preview said. Raises `OvertakenError`,
        `EditOvertakenError`, `ConflictError` where it cannot be recorded.
        """
        body = self._open(name)
        self._folder.check_seen(name, seen=seen)
        found, directory = self._ready(seen, body, preview)
        if not found.needs_second:
            return self._record(name, body, directory, by, entered_by=by.name, seen=seen)
        entry = EditEntry(
            account=by.account or by.name, by=by.name, at=self._clock.now(), seen=preview
        )
        changed = msgspec.structs.replace(body, entry=entry)
        return told_set(self._folder.write(name, changed, by, seen=seen))

    def confirm(self, name: str, by: Writer, *, seen: int, preview: str) -> ToldSet:
        """Records a set that another officer entered; raises as `enter`, `NotAuthorisedError`."""
        body = self._body(name)
        entry = entry_of(name, body)
        if entry.account == (by.account or by.name):
            raise NotAuthorisedError(
                "You entered these changes yourself.",
                means="Nothing was recorded. It takes two officers: one enters, another confirms.",
                do="Ask another officer to confirm them.",
            )
        self._folder.check_seen(name, seen=seen)
        _, directory = self._ready(seen, body, preview)
        return self._record(name, body, directory, by, entered_by=entry.by, seen=seen)

    def withdraw(self, name: str, by: Writer, *, seen: int) -> ToldSet:
        """Takes an entry back; the set is open again."""
        body = self._body(name)
        entry_of(name, body)
        changed = msgspec.structs.replace(body, entry=None)
        return told_set(self._folder.write(name, changed, by, seen=seen))

    def history(self, kind: ThingKind, id_: str) -> list[tuple[datetime, Change]]:
        """What each recorded directory changed of one thing, oldest first."""
        with self._works.reading() as work:
            entries = [e for e in work.record.entries() if e.kind == "directory"]
        before: Directory | None = None
        found = []
        for entry in entries:
            after = encoding.from_bytes(entry.body)
            changes = difference(before, after)
            found += [(entry.recorded, c) for c in changes if (c.kind, c.id) == (kind, id_)]
            before = after
        return found

    def _record(
        self,
        name: str,
        body: EditSet,
        directory: Directory,
        by: Writer,
        *,
        entered_by: str,
        seen: int,
    ) -> ToldSet:
        second = None if by.name == entered_by and body.entry is None else by.name
        done = msgspec.structs.replace(
            body, recorded=self._clock.now(), confirmed_by=second, entry=body.entry
        )
        written_: list[Kept[EditSet]] = []

        def keep(work: Work) -> None:
            written_.append(self._folder.write_in(work, name, done, by, seen=seen))

        self._office.apply(directory, entered_by, confirmed_by=second, beside=keep)
        return told_set(written_[0])

    def _ready(self, version: int, body: EditSet, seen: str) -> tuple[EditPreview, Directory]:
        """The preview and the directory of a set that can be recorded and was seen as it is."""
        found, directory = self._preview(version, body)
        if found.refusal or found.problems or directory is None:
            raise ConflictError(
                found.refusal or "The directory would not be whole.",
                means="Nothing was recorded.",
                do="See what is said of each edit, and correct it.",
            )
        if not found.ready or found.seen != seen:
            raise EditOvertakenError
        return found, directory

    def _preview(self, version: int, body: EditSet) -> tuple[EditPreview, Directory | None]:
        now, standing = self._clock.now(), self._directory()
        forms = Forms(standing)
        overtaken = tuple(
            index
            for index, edit in enumerate(body.edits)
            if forms.get(edit.kind, edit.id) != edit.was
        )
        try:
            directory = load_written(forms.edited(body.edits))
        except SourceError as error:
            problems = tuple(placed(body.edits, error))
            return (
                EditPreview(version=version, at=now, problems=problems, overtaken=overtaken),
                None,
            )
        changes = difference(standing, directory)
        services: tuple[PreviewChange, ...] = ()
        refusal = self._refusal(standing, directory)
        if not refusal and any(not describes(change) for change in changes):
            services = tuple(self._services(directory, now))
        found = EditPreview(
            version=version,
            at=now,
            overtaken=overtaken,
            changes=changes,
            services=services,
            refusal=refusal,
            needs_second=bool(services) or not all(map(describes, changes)),
            seen=seen_of(changes, services),
        )
        return found, directory

    def _refusal(self, standing: Directory, directory: Directory) -> str:
        on_record = (issued.instrument for issued in self._office.instruments().values())
        try:
            check_dropped(standing, directory, on_record)
        except ConflictError as error:
            return f"{error.what} {error.do}"
        return ""

    def _services(self, directory: Directory, now: datetime) -> Iterator[PreviewChange]:
        """The slots that would stand otherwise now."""
        before = self._office.rules.current
        after = self._with(directory, now)
        for place in _places(after.directory):
            was = None
            if place[0] in before.directory.services:
                was = answering(before, *place, now)
            becomes = answering(after, *place, now)
            if differ(was, becomes):
                yield change_of(after, place, was, becomes, now)

    def _with(self, directory: Directory, now: datetime) -> Ruleset:
        """The ruleset as it would be with another directory."""
        with self._works.reading() as work:
            entries = work.record.entries()
        last = entries[-1].seq if entries else 0
        entry = RecordEntry(
            seq=last + 1,
            kind="directory",
            key="directory",
            recorded=now,
            body=encoding.to_bytes(directory),
        )
        known, version = read_known([*entries, entry], self._calls.days())
        return compile_ruleset(known, version=version)

    def _directory(self) -> Directory:
        directory = self._office.directory()
        if directory is None:
            raise ConflictError(
                "No directory is on record yet, so that there is nothing to edit.",
                do="Record the first one from files: changeover apply DIR.",
            )
        return directory

    def _body(self, name: str) -> EditSet:
        """What a set holds, or held before it was removed; `NotFoundError`."""
        found = [one.value for one in self._folder.versions(name) if one.value is not None]
        return found[-1]

    def _open(self, name: str) -> EditSet:
        kept = self._folder.get(name)
        state = state_of(kept, self._body(name))
        if state != "open":
            raise ConflictError(
                f"The changes {name} were {state}.",
                means="They are not changed any more as they are.",
                do="Withdraw their entry, restore them, or begin others.",
            )
        return self._body(name)


def _places(directory: Directory) -> Iterator[Place]:
    for service in directory.services.values():
        for slot in service.slots:
            yield service.id, slot.name
