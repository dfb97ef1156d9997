"""Drafts: instruments that officers write, from the first word to their entry.

* A draft holds the form of an instrument (`forms.py`), as far as it is written. It
  binds nobody, and anything may stand in it: what is wrong is told at its place.
* It is a paper: two officers who write at the same time are told of each other, a
  removed one can be restored.
* A draft that reads is previewed as it would be issued now, with what would still bar
  what it frees. Whoever enters it says which preview they saw: if the record moved so
  that it would do something else, nothing is entered and the new preview is given.
* Entering is not issuing: it waits for another officer, as every entry does
  (`proposals.py`). Two do not: an emergency freeze is issued on one person's entry
  (rule 10), and so is its confirmation, by another than who entered the freeze.
"""

import hashlib
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Literal

import msgspec

from changeover.basics.canonical import canonical
from changeover.basics.clock import Clock
from changeover.basics.errors import (
    ConflictError,
    InvalidInputError,
    NotAuthorisedError,
)
from changeover.basics.yaml_source import SourceError
from changeover.orders.authority import check_authority, is_freeing
from changeover.orders.before_recording import check_grown, check_new
from changeover.orders.beginning import Beginning, DraftAct, begin
from changeover.orders.model import Confirm, Instrument, Issued
from changeover.orders.papers import Folder, Kept, Writer
from changeover.orders.ports import ProposalState, Works
from changeover.orders.preview import Comparison, Effects
from changeover.orders.proposals import Officer, Previewed, ProposalOffice
from changeover.orders.source import load_form
from changeover.orders.still_barred import StillBarred, still_barred
from changeover.orders.usecases import Office

DraftState = Literal["open", "entered", "issued", "removed"]


class DraftBody(msgspec.Struct, frozen=True, kw_only=True):
    """What is kept of a draft.

    `about` is the order that it acts on, `origin` the draft of a document that it was
    made of. `entry` is the proposal that it was entered as, `issued` what was issued
    of it without one.
    """

    act: DraftAct
    form: dict[str, Any]
    about: str | None = None
    origin: str | None = None
    entry: str | None = None
    issued: str | None = None


class DraftProblem(msgspec.Struct, frozen=True, kw_only=True):
    """What is wrong with a form, where: `$.clauses.one.words`."""

    path: str
    what: str
    do: str = ""


class OfficersDraft(msgspec.Struct, frozen=True, kw_only=True):
    """A draft as it stands: its version, who wrote that, and what is wrong with the form.

    `instrument` is the id that its form gives it, if it gives one.
    """

    id: str
    version: int
    changed: datetime
    changed_by: str
    state: DraftState
    act: DraftAct
    about: str | None
    origin: str | None
    instrument: str | None
    form: dict[str, Any]
    problems: tuple[DraftProblem, ...]


class DraftPreview(msgspec.Struct, frozen=True, kw_only=True):
    """What issuing a draft now would do.

    `previewed` is None where the form does not read; then only `problems` says something.
    `refusals` are reasons for which it could not be issued as it is, in English.
    `needs_second` is whether another officer must confirm it, `freeing` whether it
    gives permission back. `seen` stands for what it does: whoever enters it gives it back.
    """

    version: int
    problems: tuple[DraftProblem, ...]
    previewed: Previewed | None = None
    together: tuple[str, ...] = ()
    still_barred: tuple[StillBarred, ...] = ()
    refusals: tuple[str, ...] = ()
    needs_second: bool = True
    freeing: bool = False
    seen: str = ""
    ruleset: str = ""


class Entered(msgspec.Struct, frozen=True, kw_only=True):
    """What became of an entry: it waits under the instrument's id, or was issued at once."""

    instrument: str
    issued: bool


class PreviewOvertakenError(ConflictError):
    """The record moved while a preview stood open, so that the draft would do something else."""

    code = "preview_overtaken"

    def __init__(self, preview: DraftPreview) -> None:
        self.preview = preview
        super().__init__(
            "This would no longer do what you were shown: another act came between.",
            means="Nothing was entered.",
            do="Look at what it would do now, then enter it if it is still meant.",
        )


class DraftOffice:
    """Writing drafts, looking at what they would do, and entering them."""

    def __init__(
        self, works: Works, office: Office, proposals: ProposalOffice, clock: Clock
    ) -> None:
        self._works = works
        self._office = office
        self._proposals = proposals
        self._clock = clock
        self._folder = Folder(works, clock, "draft", DraftBody)

    def all(self) -> list[OfficersDraft]:
        """Every draft that was not removed, by first writing."""
        return [self._told(kept) for kept in self._folder.all()]

    def get(self, draft: str) -> OfficersDraft:
        """A draft as it stands; `NotFoundError`."""
        return self._told(self._folder.get(draft))

    def versions(self, draft: str) -> list[Kept[DraftBody]]:
        """Every version of a draft, oldest first; `NotFoundError`."""
        return self._folder.versions(draft)

    def begin(self, act: DraftAct, by: Writer, *, about: str | None = None) -> OfficersDraft:
        """Begins a draft of an act with what can be known filled in.

        `NotFoundError` for an order that is not on record, `InvalidInputError` where the
        act needs one and none is named.
        """
        order = None if about is None else self._office.instrument(about).instrument
        beginning = Beginning(
            ruleset=self._office.rules.current, now=self._clock.now(), by=by.name, about=order
        )
        return self.begin_with(DraftBody(act=act, form=begin(act, beginning), about=about), by)

    def begin_with(self, body: DraftBody, by: Writer) -> OfficersDraft:
        """Begins a draft with a form that was written elsewhere."""
        return self._told(self._folder.begin(body, by))

    def write(self, draft: str, form: Mapping[str, Any], by: Writer, *, seen: int) -> OfficersDraft:
        """Writes the form. `OvertakenError` with what another officer wrote meanwhile,

        `ConflictError` once it was entered or issued, `NotFoundError`.
        """
        kept = self._folder.get(draft)
        body = self._open(kept)
        changed = msgspec.structs.replace(body, form=dict(form), entry=None)
        return self._told(self._folder.write(draft, changed, by, seen=seen))

    def remove(self, draft: str, by: Writer, *, seen: int) -> OfficersDraft:
        """Removes it; it can be restored. Raises as `write`."""
        self._open(self._folder.get(draft))
        return self._told(self._folder.remove(draft, by, seen=seen))

    def restore(self, draft: str, by: Writer, *, seen: int) -> OfficersDraft:
        """Undoes a removal. `ConflictError` where it was not removed, else as `write`."""
        return self._told(self._folder.restore(draft, by, seen=seen))

    def preview(self, draft: str, *, at_once: bool) -> DraftPreview:
        """What issuing it now would do; its problems where it does not read."""
        kept = self._folder.get(draft)
        return self._preview(kept, self._body(kept), at_once=at_once)

    def instrument(self, draft: str) -> Instrument:
        """What a draft would be issued as; `NotFoundError`, `SourceError` where it is not read."""
        return self._read(self._body(self._folder.get(draft)))

    def enter(self, draft: str, by: Officer, *, version: int, at_once: bool, seen: str) -> Entered:
        """Enters a draft for another officer to confirm, or issues it where one is enough.

        `version` is the one that was seen, `seen` what its preview said. Raises
        `OvertakenError`, `PreviewOvertakenError`, `SourceError` where it does not read,
        `NotAuthorisedError` where it could not be issued, and what issuing does.
        """
        kept = self._folder.get(draft)
        body = self._open(kept)
        instrument = self._read(body)
        preview = self._preview(kept, body, at_once=at_once)
        if preview.refusals:
            raise NotAuthorisedError(
                " ".join(preview.refusals),
                means="Nothing was entered.",
                do="Correct what is said, or name the issuer whose authority covers it.",
            )
        if preview.seen != seen:
            raise PreviewOvertakenError(preview)
        writer = Writer(name=by.name, account=by.account)
        if not preview.needs_second:
            dated = instrument if preview.previewed is None else preview.previewed.instrument
            issued = msgspec.structs.replace(body, issued=dated.id)
            self._office.issue(
                dated,
                by=by.name,
                beside=lambda work: _ignore(
                    self._folder.write_in(work, draft, issued, writer, seen=version)
                ),
            )
            return Entered(instrument=dated.id, issued=True)
        proposal = self._proposals.enter_written(
            instrument,
            by,
            at_once=at_once,
            beside=lambda work, entry: _ignore(
                self._folder.write_in(
                    work,
                    draft,
                    msgspec.structs.replace(body, entry=entry),
                    writer,
                    seen=version,
                )
            ),
        )
        return Entered(instrument=proposal, issued=False)

    def _preview(self, kept: Kept[DraftBody], body: DraftBody, *, at_once: bool) -> DraftPreview:
        problems = self._problems(body)
        if problems:
            return DraftPreview(version=kept.version, problems=problems)
        instrument = self._read(body)
        previewed, comparison = self._proposals.compare(instrument, at_once=at_once)
        barred = tuple(still_barred(comparison))
        return DraftPreview(
            version=kept.version,
            problems=(),
            previewed=previewed,
            together=tuple(i.id for i in comparison.added[:-1]),
            still_barred=barred,
            refusals=tuple(self._refusals(comparison)),
            needs_second=_needs_second(previewed.instrument),
            freeing=is_freeing(previewed.instrument),
            seen=_seen(previewed.effects, barred),
            ruleset=comparison.before.version,
        )

    def _refusals(self, comparison: Comparison) -> list[str]:
        """Why the instruments of a comparison could not be issued as they are."""
        ruleset = comparison.before
        standing = dict(ruleset.issued)
        found = []
        for instrument in comparison.added:
            entry = Issued(instrument=instrument, recorded=comparison.now, entered_by="")
            try:
                check_new(standing, instrument)
                check_authority(ruleset.directory, standing, instrument, comparison.now)
                check_grown(ruleset, (entry,))
            except (ConflictError, NotAuthorisedError, InvalidInputError) as error:
                found.append(error.what)
            if is_freeing(instrument) and not instrument.sources:
                found.append(f"{instrument.id} gives permission back and names no source.")
            standing[instrument.id] = entry
        return found

    def _read(self, body: DraftBody) -> Instrument:
        """The instrument of a form; `SourceError` with every problem."""
        now = self._clock.now().isoformat()
        form = {**body.form, "recorded": now, "entered_by": "draft"}
        on_record = self._office.instruments()
        return load_form(form, self._office.rules.current.directory, on_record=on_record).instrument

    def _problems(self, body: DraftBody) -> tuple[DraftProblem, ...]:
        try:
            instrument = self._read(body)
        except SourceError as error:
            return tuple(
                DraftProblem(path=one.path, what=one.what, do=one.do) for one in error.problems
            )
        if instrument.id in self._office.instruments() and body.issued is None:
            what = f"There is an instrument {instrument.id} on record already."
            return (DraftProblem(path="$.id", what=what, do="Give it another id."),)
        return ()

    def _body(self, kept: Kept[DraftBody]) -> DraftBody:
        """What a draft holds, or held before it was removed."""
        if kept.value is not None:
            return kept.value
        versions = self._folder.versions(kept.id)
        return [one.value for one in versions if one.value is not None][-1]

    def _open(self, kept: Kept[DraftBody]) -> DraftBody:
        """What a draft holds that may still be written; `ConflictError`."""
        state = self._state(kept)
        if state != "open":
            raise ConflictError(
                f"The draft {kept.id} was {state}.",
                means="It is not changed any more as it is.",
                do="Restore it, withdraw its entry, or begin another draft.",
            )
        return self._body(kept)

    def _state(self, kept: Kept[DraftBody]) -> DraftState:
        if kept.value is None:
            return "removed"
        if kept.value.issued is not None:
            return "issued"
        if kept.value.entry is None:
            return "open"
        return _STATES[self._proposal_state(kept.value.entry)]

    def _proposal_state(self, entry: str) -> ProposalState:
        with self._works.reading() as work:
            return work.proposals.get(entry).state

    def _told(self, kept: Kept[DraftBody]) -> OfficersDraft:
        body, state = self._body(kept), self._state(kept)
        name = body.form.get("id")
        return OfficersDraft(
            id=kept.id,
            version=kept.version,
            changed=kept.at,
            changed_by=kept.by,
            state=state,
            act=body.act,
            about=body.about,
            origin=body.origin,
            instrument=name if isinstance(name, str) and name else None,
            form=body.form,
            problems=self._problems(body) if state == "open" else (),
        )


_STATES: Mapping[ProposalState, DraftState] = {
    "entered": "entered",
    "issued": "issued",
    "withdrawn": "open",
    "overtaken": "open",
}


def _needs_second(instrument: Instrument) -> bool:
    """Whether another officer must confirm an entry: but for a freeze, and what confirms one."""
    confirms = [isinstance(act, Confirm) for act in instrument.acts]
    return not (instrument.kind == "freeze" or (confirms and all(confirms)))


def _seen(effects: Effects, barred: tuple[StillBarred, ...]) -> str:
    """A digest of what a preview says is done to whom; not of instants that move with the clock."""
    sights = [
        {
            "service": change.service,
            "slot": change.slot,
            "from": None if change.from_ is None else change.from_.id,
            "to": None if change.to is None else change.to.id,
            "before": change.outcome_before,
            "after": change.outcome_after,
            "because": change.because,
            "replacement": None if change.replacement is None else change.replacement.id,
        }
        for change in effects.changes
    ]
    stays = [[b.service, b.slot, b.route, b.because, [o.id for o in b.by]] for b in barred]
    return hashlib.sha256(canonical([sights, stays, effects.unaffected])).hexdigest()


def _ignore(_: object) -> None:
    """For what is done beside a unit of work, whose answer nobody needs."""
