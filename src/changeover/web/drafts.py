"""Officers write drafts of any act, look at what they would do, and enter them.

What is wrong with a form is told as part of the answer, at its path, not as an error:
a half-written draft is kept as it is. `version` is the version of the draft that the
writer saw; where another came between, nothing is written and the answer is 409.
"""

from datetime import datetime
from typing import Any

import msgspec

from changeover.basics.clock import Clock
from changeover.basics.errors import ConflictError
from changeover.intake.forming import to_form
from changeover.intake.office import IntakeOffice
from changeover.orders.beginning import DraftAct
from changeover.orders.choices import Choices, choices
from changeover.orders.drafts import (
    DraftBody,
    DraftOffice,
    DraftPreview,
    DraftProblem,
    Entered,
    OfficersDraft,
)
from changeover.orders.model import Source
from changeover.orders.papers import Kept, Writer
from changeover.orders.still_barred import StillBarred
from changeover.orders.usecases import Office
from changeover.web.api import Caller, Operation, Params, Stream
from changeover.web.prepared import OFFICERS, Count, Preview, officer_of, told_preview


class DraftParts(msgspec.Struct, frozen=True, kw_only=True):
    """What these operations work with; see `PreparedParts` for `people` and `conversations`."""

    drafts: DraftOffice
    office: Office
    intake: IntakeOffice
    clock: Clock
    people: Count
    conversations: Count
    demonstration: bool


class _Body(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Base of the requests."""


class BeginDraft(_Body, frozen=True, kw_only=True):
    """What to begin: an act, about an order where it is done to one, or an intake draft."""

    act: DraftAct = "order"
    about: str | None = None
    intake: str | None = None
    form: dict[str, Any] | None = None


class WriteDraft(_Body, frozen=True, kw_only=True):
    """A draft's form, and the version that the writer saw."""

    version: int
    form: dict[str, Any]


class DraftSeen(_Body, frozen=True, kw_only=True):
    """The version of a draft that was seen."""

    version: int


class EnterDraft(_Body, frozen=True, kw_only=True):
    """The entry of a draft: the version and the preview that were seen."""

    version: int
    at_once: bool = False
    seen: str


class CaptureSource(_Body, frozen=True, kw_only=True):
    """A text that a draft rests on: its bytes (base64 in JSON), and where it was found."""

    name: str
    content: bytes
    address: str = ""
    account: str | None = None


class DraftVersion(msgspec.Struct, frozen=True, kw_only=True):
    """A version of a draft; `form` is None where it was removed."""

    version: int
    at: datetime
    by: str
    form: dict[str, Any] | None


class DraftPreviewed(msgspec.Struct, frozen=True, kw_only=True):
    """What issuing a draft would do; `preview` is None while the form does not read."""

    version: int
    problems: tuple[DraftProblem, ...]
    preview: Preview | None
    together: tuple[str, ...]
    still_barred: tuple[StillBarred, ...]
    refusals: tuple[str, ...]
    freeing: bool
    seen: str
    ruleset: str


def operations(parts: DraftParts) -> list[Operation | Stream]:
    """`/desk/drafts`, `/desk/choices` and `/desk/sources`."""
    desk = _Drafts(parts)
    one, all_ = "/desk/drafts/{id}", "/desk/drafts"
    role = OFFICERS
    about = {"about": str}
    now = {"at_once": bool}
    return [
        Operation("GET", all_, None, list[OfficersDraft], role, desk.all, "Officers' drafts."),
        Operation("POST", all_, BeginDraft, OfficersDraft, role, desk.begin, "Begin a draft."),
        Operation("GET", one, None, OfficersDraft, role, desk.get, "A draft as it stands."),
        Operation("PUT", one, WriteDraft, OfficersDraft, role, desk.write, "Write a draft's form."),
        Operation(
            "POST", one + "/removal", DraftSeen, OfficersDraft, role, desk.remove, "Remove a draft."
        ),
        Operation(
            "POST",
            one + "/restoration",
            DraftSeen,
            OfficersDraft,
            role,
            desk.restore,
            "Restore a draft that was removed.",
        ),
        Operation(
            "GET",
            one + "/versions",
            None,
            list[DraftVersion],
            role,
            desk.versions,
            "Every version of a draft.",
        ),
        Operation(
            "GET",
            one + "/preview",
            None,
            DraftPreviewed,
            role,
            desk.preview,
            "What issuing a draft would do.",
            now,
        ),
        Operation("POST", one + "/entry", EnterDraft, Entered, role, desk.enter, "Enter a draft."),
        Operation(
            "GET",
            "/desk/choices",
            None,
            Choices,
            role,
            desk.choices,
            "What the forms of drafts choose from.",
            about,
        ),
        Operation(
            "POST",
            "/desk/sources",
            CaptureSource,
            Source,
            role,
            desk.capture,
            "Keep a text that a draft rests on.",
        ),
    ]


class _Drafts:
    """Each method answers one operation."""

    def __init__(self, parts: DraftParts) -> None:
        self._parts = parts

    def all(self, _: Caller, __: None, ___: Params) -> list[OfficersDraft]:
        return self._parts.drafts.all()

    def get(self, _: Caller, __: None, params: Params) -> OfficersDraft:
        return self._parts.drafts.get(params["id"])

    def begin(self, caller: Caller, body: BeginDraft, _: Params) -> OfficersDraft:
        by = writer_of(caller)
        if body.intake is not None:
            return self._of_document(body.intake, by)
        if body.form is not None:
            made = DraftBody(act=body.act, form=body.form, about=body.about)
            return self._parts.drafts.begin_with(made, by)
        return self._parts.drafts.begin(body.act, by, about=body.about)

    def _of_document(self, name: str, by: Writer) -> OfficersDraft:
        """Begins a draft of what intake read in a document."""
        kept, document = self._parts.intake.draft(name)
        directory = self._parts.office.rules.current.directory
        act, form = to_form(kept.draft, document, directory, by=by.name)
        body = DraftBody(act=act, form=form, origin=name)
        return self._parts.drafts.begin_with(body, by)

    def write(self, caller: Caller, body: WriteDraft, params: Params) -> OfficersDraft:
        drafts = self._parts.drafts
        return drafts.write(params["id"], body.form, writer_of(caller), seen=body.version)

    def remove(self, caller: Caller, body: DraftSeen, params: Params) -> OfficersDraft:
        return self._parts.drafts.remove(params["id"], writer_of(caller), seen=body.version)

    def restore(self, caller: Caller, body: DraftSeen, params: Params) -> OfficersDraft:
        return self._parts.drafts.restore(params["id"], writer_of(caller), seen=body.version)

    def versions(self, _: Caller, __: None, params: Params) -> list[DraftVersion]:
        return [_version(kept) for kept in self._parts.drafts.versions(params["id"])]

    def preview(self, _: Caller, __: None, params: Params) -> DraftPreviewed:
        at_once = params.get("at_once", False)
        return self._told(self._parts.drafts.preview(params["id"], at_once=at_once))

    def enter(self, caller: Caller, body: EnterDraft, params: Params) -> Entered:
        return self._parts.drafts.enter(
            params["id"],
            officer_of(caller),
            version=body.version,
            at_once=body.at_once,
            seen=body.seen,
        )

    def choices(self, _: Caller, __: None, params: Params) -> Choices:
        office, about = self._parts.office, params.get("about")
        if not office.rules.ready:
            raise ConflictError(
                "No directory is on record yet, so that there is nothing to choose from.",
                do="Apply a directory first: changeover directory apply FOLDER.",
            )
        order = None if about is None else office.instrument(about).instrument
        return choices(
            office.rules.current,
            self._parts.clock.now(),
            order,
            demonstration=self._parts.demonstration,
        )

    def capture(self, _: Caller, body: CaptureSource, __: Params) -> Source:
        return self._parts.intake.capture(
            body.name, body.content, address=body.address, account=body.account
        )

    def _told(self, found: DraftPreview) -> DraftPreviewed:
        return DraftPreviewed(
            version=found.version,
            problems=found.problems,
            preview=self._preview(found),
            together=found.together,
            still_barred=found.still_barred,
            refusals=found.refusals,
            freeing=found.freeing,
            seen=found.seen,
            ruleset=found.ruleset,
        )

    def _preview(self, found: DraftPreview) -> Preview | None:
        if found.previewed is None:
            return None
        directory = self._parts.office.rules.current.directory
        return told_preview(
            found.previewed, directory, self._parts, needs_second=found.needs_second
        )


def writer_of(caller: Caller) -> Writer:
    """Whoever's session the request comes from."""
    account = caller.account
    return Writer(name=account.name, account=account.id)


def _version(kept: Kept[DraftBody]) -> DraftVersion:
    form = None if kept.value is None else kept.value.form
    return DraftVersion(version=kept.version, at=kept.at, by=kept.by, form=form)
