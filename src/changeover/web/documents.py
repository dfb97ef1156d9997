"""Documents at the desk: taking them in, reading them beside their drafts, reviewing."""

import hashlib
from collections.abc import Iterable
from datetime import datetime
from typing import Literal

import msgspec

from changeover.basics.progress import HowFar
from changeover.intake.decoding import MAX_BYTES, UnreadableDocumentError
from changeover.intake.edits import Line, difference
from changeover.intake.model import Claim, Draft, Quote, UnknownName
from changeover.intake.office import IntakeOffice
from changeover.intake.ports import Document, KeptDocument, Unread
from changeover.intake.reviewing import Review, ReviewOffice
from changeover.intake.usecases import Found
from changeover.orders.drafts import OfficersDraft
from changeover.orders.papers import Kept
from changeover.orders.usecases import Office
from changeover.web.api import Caller, Operation, Params, Stream
from changeover.web.drafts import writer_of
from changeover.web.prepared import OFFICERS


class DocumentParts(msgspec.Struct, frozen=True, kw_only=True):
    """What these operations work with."""

    office: Office
    intake: IntakeOffice
    reviews: ReviewOffice
    demonstration: bool
    asks: bool = False


_GREATEST_BODY = MAX_BYTES * 4 // 3 + 100_000
"""The greatest document in base64, and room for what is said of it."""


class _Body(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Base of the requests."""


class TakeDocument(_Body, frozen=True, kw_only=True):
    """A document to read: its name, its bytes (base64 in JSON), and where it was found.

    `ticket` is any text by which `/desk/documents/progress` tells how far reading is.
    """

    name: str
    content: bytes
    address: str = ""
    account: str | None = None
    ticket: str = ""


class DecideDraft(_Body, frozen=True, kw_only=True):
    """What is decided of a draft, and the version of the decision that was seen."""

    verdict: Literal["rejected", "not-an-order"]
    reason: str = ""
    version: int


class AcceptDraft(_Body, frozen=True, kw_only=True):
    """The acceptance of a draft; `take` says which fields are another's, by its id."""

    version: int
    take: dict[str, str] = {}


class UndoReview(_Body, frozen=True, kw_only=True):
    """The version of the decision that is taken back."""

    version: int


class Reviewed(msgspec.Struct, frozen=True, kw_only=True):
    """What was decided of a draft, by whom; None while nothing is. `version` counts undoing too."""

    version: int
    review: Review | None
    by: str | None
    at: datetime | None


class ReviewedDraft(msgspec.Struct, frozen=True, kw_only=True):
    """A draft of a document, with what was decided of it and what was issued of it."""

    draft: Draft
    issued_as: str | None
    reviewed: Reviewed


class DocumentLine(msgspec.Struct, frozen=True, kw_only=True):
    """A document in the list; `open` counts its drafts that nobody has decided of.

    `edits` are the digests of other captures of its address, the earliest first: later
    edits, or what it is a later edit of.
    """

    sha256: str
    name: str
    captured: datetime
    size: int
    drafts: int
    open: int
    claims: int
    address: str
    account: str | None
    edits: tuple[str, ...]


class OriginalDocument(msgspec.Struct, frozen=True, kw_only=True):
    """The bytes of a capture (base64 in JSON), as they were taken in."""

    name: str
    content: bytes


class DocumentDifference(msgspec.Struct, frozen=True, kw_only=True):
    """What changed from the earlier of two captures of one address to the later."""

    earlier: DocumentLine
    later: DocumentLine
    lines: tuple[Line, ...]


class DocumentPage(msgspec.Struct, frozen=True, kw_only=True):
    """A document beside what was read in it.

    `text` is None where the document has none that can be read, and `why` says so. `pages`
    are the offsets in the text at which its pages begin, `marked` the sentences that may
    bear an act and of which no draft was made. `asks` is whether a model is bound to
    intake that can be asked what else the document holds.
    """

    line: DocumentLine
    text: str | None = None
    pages: tuple[int, ...] = ()
    why: str = ""
    language: str = "und"
    dated: str | None = None
    drafts: tuple[ReviewedDraft, ...] = ()
    claims: tuple[Claim, ...] = ()
    unknown: tuple[UnknownName, ...] = ()
    notes: tuple[str, ...] = ()
    marked: tuple[Quote, ...] = ()
    asks: bool = False


def operations(parts: DocumentParts) -> list[Operation | Stream]:
    """`/desk/documents`."""
    desk = _Documents(parts)
    all_, one = "/desk/documents", "/desk/documents/{id}"
    draft = "/desk/documents/drafts/{id}"
    role = OFFICERS
    return [
        Operation("GET", all_, None, list[DocumentLine], role, desk.all, "Documents taken in."),
        Operation(
            "POST",
            all_,
            TakeDocument,
            DocumentPage,
            role,
            desk.take,
            "Read a document.",
            greatest_body=_GREATEST_BODY,
        ),
        Operation(
            "GET",
            all_ + "/progress",
            None,
            HowFar,
            role,
            desk.progress,
            "How far a document is read.",
            {"ticket": str},
        ),
        Operation("GET", one, None, DocumentPage, role, desk.one, "A document beside its drafts."),
        Operation(
            "GET",
            one + "/original",
            None,
            OriginalDocument,
            role,
            desk.original,
            "A document's own bytes.",
        ),
        Operation(
            "GET",
            one + "/difference",
            None,
            DocumentDifference,
            role,
            desk.difference,
            "What another capture of its address says otherwise.",
            {"other": str},
        ),
        Operation(
            "POST",
            draft + "/acceptance",
            AcceptDraft,
            OfficersDraft,
            role,
            desk.accept,
            "Begin an officers' draft of what was read.",
        ),
        Operation(
            "POST", draft + "/decision", DecideDraft, Reviewed, role, desk.decide, "Reject a draft."
        ),
        Operation(
            "POST",
            draft + "/reopening",
            UndoReview,
            Reviewed,
            role,
            desk.undo,
            "Take back what was decided.",
        ),
    ]


class _Documents:
    def __init__(self, parts: DocumentParts) -> None:
        self._parts = parts

    def all(self, _: Caller, __: None, ___: Params) -> list[DocumentLine]:
        reviewed = self._parts.reviews.all()
        drafts = self._parts.intake.drafts()
        claims = self._parts.intake.claims()
        documents = self._parts.intake.documents()
        return [
            DocumentLine(
                sha256=found.sha256,
                name=found.name,
                captured=found.captured,
                size=found.size,
                drafts=sum(d.draft.quote.document == found.sha256 for d in drafts),
                open=sum(
                    d.draft.quote.document == found.sha256
                    and d.issued_as is None
                    and d.draft.id not in reviewed
                    for d in drafts
                ),
                claims=sum(c.quote.document == found.sha256 for c in claims),
                address=found.address,
                account=found.account,
                edits=_edits(found, documents),
            )
            for found in documents
        ]

    def original(self, _: Caller, __: None, params: Params) -> OriginalDocument:
        document = self._parts.intake.document(params["id"])
        return OriginalDocument(name=document.name, content=document.content)

    def difference(self, caller: Caller, _: None, params: Params) -> DocumentDifference:
        """`NotFoundError`; `UnreadableDocumentError` where one of them is no text."""
        lines = {line.sha256: line for line in self.all(caller, None, {})}
        found = []
        for sha256 in (params.get("other", ""), params["id"]):
            document = self._parts.intake.document(sha256)
            found.append((lines[sha256], self._text(document)))
        (earlier, before), (later, after) = sorted(found, key=lambda one: one[0].captured)
        return DocumentDifference(earlier=earlier, later=later, lines=difference(before, after))

    def take(self, caller: Caller, body: TakeDocument, params: Params) -> DocumentPage:
        where = Found(address=body.address, account=body.account)
        self._parts.intake.take_in([(body.name, body.content)], where, body.ticket)
        sha256 = hashlib.sha256(body.content).hexdigest()
        return self.one(caller, None, {**params, "id": sha256})

    def progress(self, _: Caller, __: None, params: Params) -> HowFar:
        return self._parts.intake.progress.of(params.get("ticket", ""))

    def _text(self, document: Document) -> str:
        reading = self._parts.intake.reading(document)
        if isinstance(reading, Unread):
            raise UnreadableDocumentError(document.name, reading.what, do=reading.do)
        return reading.text.text

    def one(self, caller: Caller, _: None, params: Params) -> DocumentPage:
        sha256 = params["id"]
        document = self._parts.intake.document(sha256)
        line = next(line for line in self.all(caller, None, {}) if line.sha256 == sha256)
        reviewed = {kept.id: kept for kept in self._parts.reviews.every()}
        drafts = tuple(
            ReviewedDraft(
                draft=kept.draft,
                issued_as=kept.issued_as,
                reviewed=_reviewed(reviewed.get(kept.draft.id)),
            )
            for kept in self._parts.intake.drafts()
            if kept.draft.quote.document == sha256
        )
        claims = tuple(c for c in self._parts.intake.claims() if c.quote.document == sha256)
        reading = self._parts.intake.reading(document)
        if isinstance(reading, Unread):
            why = f"{reading.what} {reading.do}"
            return DocumentPage(line=line, why=why, drafts=drafts, claims=claims)
        return DocumentPage(
            line=line,
            text=reading.text.text,
            pages=reading.text.pages,
            language=reading.language,
            dated=reading.dated,
            drafts=drafts,
            claims=claims,
            unknown=reading.unknown,
            notes=reading.notes,
            marked=reading.marked,
            asks=self._parts.asks,
        )

    def accept(self, caller: Caller, body: AcceptDraft, params: Params) -> OfficersDraft:
        return self._parts.reviews.accept(
            params["id"], writer_of(caller), seen=body.version, take=body.take
        )

    def decide(self, caller: Caller, body: DecideDraft, params: Params) -> Reviewed:
        kept = self._parts.reviews.decide(
            params["id"],
            body.verdict,
            writer_of(caller),
            reason=body.reason,
            seen=body.version,
        )
        return _reviewed(kept)

    def undo(self, caller: Caller, body: UndoReview, params: Params) -> Reviewed:
        kept = self._parts.reviews.undo(params["id"], writer_of(caller), seen=body.version)
        return _reviewed(kept)


def _edits(of: KeptDocument, documents: Iterable[KeptDocument]) -> tuple[str, ...]:
    """The other captures of a document's address, the earliest first."""
    others = [one for one in documents if of.address and one.address == of.address and one != of]
    return tuple(one.sha256 for one in sorted(others, key=lambda one: one.captured))


def _reviewed(kept: Kept[Review] | None) -> Reviewed:
    if kept is None:
        return Reviewed(version=0, review=None, by=None, at=None)
    return Reviewed(version=kept.version, review=kept.value, by=kept.by, at=kept.at)
