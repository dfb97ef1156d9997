"""Intake as officers handle it: documents in, drafts kept, a draft issued by a named person.

What rests on a capture or a draft commits with it: a draft is marked in the unit
of work that records its instrument, and the text of a rescission is kept in the
one that records the rescission, or not at all.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Any, Protocol, cast

import msgspec

from changeover.basics.canonical import canonical
from changeover.basics.clock import Clock
from changeover.basics.errors import ConflictError
from changeover.basics.progress import Following
from changeover.directory.model import Directory
from changeover.intake.model import Claim, Draft
from changeover.intake.ports import Document, Drafts, KeptDocument, Read, StoredDraft, Unread
from changeover.intake.usecases import Found, Overrides, Taken, keep, read_in, to_instrument
from changeover.orders.drawing_up import Finding, Judgement
from changeover.orders.model import Instrument, Issued, Source
from changeover.orders.ports import Work
from changeover.orders.references import check_id
from changeover.orders.usecases import Office


class IntakeWork(Protocol):
    """A unit of work on captures and drafts; what it tells commits with it."""

    @property
    def drafts(self) -> Drafts: ...

    def tell(self, kind: str, at: datetime, fields: Mapping[str, Any]) -> None: ...


class IntakeWorks(Protocol):
    """Opens units of work on captures and drafts."""

    def begin(self) -> AbstractContextManager[IntakeWork]: ...

    def reading(self) -> AbstractContextManager[IntakeWork]: ...


class KeptDraft(msgspec.Struct, frozen=True, kw_only=True):
    """A draft as listed, with the instrument that it became."""

    draft: Draft
    created: datetime
    issued_as: str | None


class IntakeOffice:
    """Takes documents in and issues drafts through the office of orders."""

    def __init__(self, works: IntakeWorks, office: Office, clock: Clock) -> None:
        self._works = works
        self._office = office
        self._clock = clock
        self.progress = Following()

    def take_in(
        self, files: Sequence[tuple[str, bytes]], where: Found | None = None, ticket: str = ""
    ) -> dict[str, Any]:
        """Reads the files and keeps what was found; the same document twice is one document.

        A file that cannot be read is kept as it is, and told of under `unread`. How far
        reading is can be asked for by `ticket`, which the caller chooses.
        """
        directory = self._office.rules.current.directory
        with self.progress.following(ticket) as told:
            taken = [read_in(content, name, directory, told) for name, content in files]
        now = self._clock.now()
        with self._works.begin() as work:
            keep(taken, work.drafts, now, where)
            for one in taken:
                work.tell("intake", now, {"sha256": one.sha256})
        return _together(taken)

    def keep_suggested(self, sha256: str, drafts: Iterable[Draft]) -> int:
        """Keeps what a model suggested of a document; how many of them are new."""
        now = self._clock.now()
        with self._works.begin() as work:
            kept = [
                work.drafts.keep(
                    StoredDraft(id=draft.id, document=sha256, body=canonical(draft), created=now)
                )
                for draft in drafts
            ]
            work.tell("intake", now, {"sha256": sha256})
        return sum(kept)

    @property
    def directory(self) -> Directory:
        """The directory by which documents are read."""
        return self._office.rules.current.directory

    def reading(self, document: Document) -> Read | Unread:
        """What was read in a document; one that was kept as a source is read now."""
        if document.reading is not None:
            return document.reading
        directory = self._office.rules.current.directory
        taken = read_in(document.content, document.name, directory)
        with self._works.begin() as work:
            work.drafts.keep_reading(document.sha256, taken.reading)
        return taken.reading

    def drafts(self) -> list[KeptDraft]:
        """Every draft, oldest first."""
        with self._works.reading() as work:
            return [
                KeptDraft(
                    draft=msgspec.json.decode(kept.body, type=Draft),
                    created=kept.created,
                    issued_as=kept.issued_as,
                )
                for kept in work.drafts.all()
            ]

    def draft(self, name: str) -> tuple[KeptDraft, Document]:
        """A draft with the document that it was read from; `NotFoundError`."""
        with self._works.reading() as work:
            kept = work.drafts.get(name)
            document = work.drafts.document(kept.document)
        draft = msgspec.json.decode(kept.body, type=Draft)
        return KeptDraft(draft=draft, created=kept.created, issued_as=kept.issued_as), document

    def documents(self) -> list[KeptDocument]:
        """Every document, the last taken in first."""
        with self._works.reading() as work:
            return work.drafts.documents()

    def document(self, sha256: str) -> Document:
        """A document; `NotFoundError`."""
        with self._works.reading() as work:
            return work.drafts.document(sha256)

    def capture(
        self, name: str, content: bytes, *, address: str = "", account: str | None = None
    ) -> Source:
        """Keeps a text that an instrument is to rest on; the same bytes twice are one document."""
        document = _document(name, content, captured=self._clock.now())
        document = msgspec.structs.replace(document, address=address, account=account)
        with self._works.begin() as work:
            _keep(work, document)
            kept = work.drafts.document(document.sha256)
        source = _source(kept)
        return msgspec.structs.replace(source, address=address or source.address, account=account)

    def issue(
        self, draft_id: str, overrides: Overrides, *, by: str, confirmed_by: str | None
    ) -> Issued:
        """Issues a draft as an instrument, by a named person.

        Raises `NotFoundError`, `ConflictError` when it was issued already, what
        `to_instrument` and `Office.issue` raise; nothing is recorded then.
        """
        if overrides.id is not None:
            check_id(overrides.id)
        with self._works.reading() as work:
            kept = work.drafts.get(draft_id)
            document = work.drafts.document(kept.document)
        if kept.issued_as is not None:
            raise ConflictError(
                f"The draft {draft_id} was issued already, as {kept.issued_as}.",
                do=f"See `changeover orders show {kept.issued_as}`.",
            )
        draft = msgspec.json.decode(kept.body, type=Draft)
        directory = self._office.rules.current.directory
        if not overrides.implements:
            overrides = msgspec.structs.replace(overrides, implements=self._implemented(draft))
        instrument = to_instrument(draft, document, directory, overrides, by=by)

        def mark(work: Work) -> None:
            _as_intake(work).drafts.mark_issued(draft_id, instrument.id)

        return self._office.issue(instrument, by=by, confirmed_by=confirmed_by, beside=mark)

    def drawn_up(self, draft_id: str) -> Instrument:
        """The instrument that a draft would become, issued by nobody.

        Raises `NotFoundError`, and what `to_instrument` does for what it leaves open.
        """
        with self._works.reading() as work:
            kept = work.drafts.get(draft_id)
            document = work.drafts.document(kept.document)
        draft = msgspec.json.decode(kept.body, type=Draft)
        overrides = Overrides(implements=self._implemented(draft))
        directory = self._office.rules.current.directory
        return to_instrument(draft, document, directory, overrides, by="")

    def rescind(
        self, name: str, source: tuple[str, bytes], *, by: str, confirmed_by: str | None
    ) -> Issued:
        """Rescinds an instrument on the text given (its name and bytes), which is kept with it.

        Raises what `Office.rescind` does; nothing is kept or recorded then.
        """
        document = _document(*source, captured=self._clock.now())

        def keep(work: Work) -> None:
            _keep(_as_intake(work), document)

        return self._office.rescind(
            name, by=by, confirmed_by=confirmed_by, source=_source(document), beside=keep
        )

    def find(
        self, finding: Finding, source: tuple[str, bytes], *, by: str, confirmed_by: str | None
    ) -> Issued:
        """Records a finding on the text given (its name and bytes), which is kept with it.

        Raises what `Office.find` does; nothing is kept or recorded then.
        """
        document = _document(*source, captured=self._clock.now())

        def keep(work: Work) -> None:
            _keep(_as_intake(work), document)

        return self._office.find(
            finding, by=by, confirmed_by=confirmed_by, source=_source(document), beside=keep
        )

    def judge(
        self,
        judgement: Judgement,
        source: tuple[str, bytes],
        *,
        by: str,
        confirmed_by: str | None,
    ) -> Issued:
        """Records a judgement on the text given (its name and bytes), which is kept with it.

        Raises what `Office.judge` does; nothing is kept or recorded then.
        """
        document = _document(*source, captured=self._clock.now())

        def keep(work: Work) -> None:
            _keep(_as_intake(work), document)

        return self._office.judge(
            judgement, by=by, confirmed_by=confirmed_by, source=_source(document), beside=keep
        )

    def confirm(
        self, name: str, source: tuple[str, bytes], *, by: str, issuer: str | None
    ) -> Issued:
        """Confirms a freeze on the text given (its name and bytes), which is kept with it.

        Raises what `Office.confirm` does; nothing is kept or recorded then.
        """
        document = _document(*source, captured=self._clock.now())

        def keep(work: Work) -> None:
            _keep(_as_intake(work), document)

        return self._office.confirm(
            name, by=by, issuer=issuer, source=_source(document), beside=keep
        )

    def _implemented(self, draft: Draft) -> tuple[str, ...]:
        """The instruments that the drafts became which this one implements."""
        with self._works.reading() as work:
            became = {kept.id: kept.issued_as for kept in work.drafts.all()}
        return tuple(issued for d in draft.implements if (issued := became.get(d)) is not None)

    def claims(self) -> list[Claim]:
        """Every claim, oldest first."""
        with self._works.reading() as work:
            return [msgspec.json.decode(kept.body, type=Claim) for kept in work.drafts.claims()]


def _as_intake(work: Work) -> IntakeWork:
    """The same unit of work, as intake sees it: the storage's serve both offices."""
    return cast(IntakeWork, work)


def _document(name: str, content: bytes, *, captured: datetime) -> Document:
    sha256 = hashlib.sha256(content).hexdigest()
    return Document(sha256=sha256, name=name, content=content, captured=captured)


def _keep(work: IntakeWork, document: Document) -> None:
    if work.drafts.keep_document(document):
        work.tell("intake", document.captured, {"sha256": document.sha256})


def _source(document: Document) -> Source:
    return Source(
        address=document.address or document.name,
        account=document.account,
        captured=document.captured,
        sha256=document.sha256,
    )


def _together(taken: Iterable[Taken]) -> dict[str, Any]:
    """The findings of several documents as one answer."""
    taken = list(taken)
    documents = [one.findings for one in taken if one.findings is not None]
    return {
        "unread": [
            {"document": one.name, "sha256": one.sha256, "what": r.what, "do": r.do}
            for one in taken
            if isinstance(r := one.reading, Unread)
        ],
        "documents": [
            {
                "document": each.document,
                "sha256": each.sha256,
                "language": each.language,
                "dated": each.dated,
                "notes": each.notes,
                "marked": each.marked,
            }
            for each in documents
        ],
        "drafts": [draft for each in documents for draft in each.drafts],
        "claims": [claim for each in documents for claim in each.claims],
        "unknown": [name for each in documents for name in each.unknown],
    }
