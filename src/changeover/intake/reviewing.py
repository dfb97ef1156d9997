"""Officers review what was read in documents: accept, merge, reject, or "not an order".

* Accepting begins an officers' draft with what the words tell and the document as its
  source. Merging begins one of several drafts that are of the same act, also in several
  documents: fields are taken from the one that is named for each, and all are settled.
* What was decided is a paper, so that it can be undone and two officers are told of each
  other. Undoing an acceptance leaves the draft that was begun where it is.
* Nothing here issues anything, and what was read stays as it was read.
"""

from collections.abc import Mapping
from typing import Any, Literal

import msgspec

from changeover.basics.clock import Clock
from changeover.basics.errors import ConflictError, InvalidInputError, NotFoundError
from changeover.intake.forming import to_form
from changeover.intake.office import IntakeOffice
from changeover.orders.beginning import DraftAct
from changeover.orders.drafts import DraftBody, DraftOffice, OfficersDraft
from changeover.orders.papers import Folder, Kept, Writer
from changeover.orders.ports import Works
from changeover.orders.usecases import Office

Verdict = Literal["accepted", "rejected", "not-an-order"]
MERGED_FIELDS = ("issuer", "title", "published", "clauses", "rebindings", "sources")
"""The fields of a form that may be taken from another draft of the same act."""


class Review(msgspec.Struct, frozen=True, kw_only=True):
    """What was decided of a draft; `draft` is the officers' draft that it became."""

    verdict: Verdict
    reason: str = ""
    draft: str | None = None


class ReviewOffice:
    """Reviewing drafts that intake read."""

    def __init__(
        self, works: Works, office: Office, intake: IntakeOffice, drafts: DraftOffice, clock: Clock
    ) -> None:
        self._office = office
        self._intake = intake
        self._drafts = drafts
        self._folder = Folder(works, clock, "reviewed", Review)

    def all(self) -> dict[str, Kept[Review]]:
        """What was decided, by the draft it was decided of."""
        return {kept.id: kept for kept in self._folder.all()}

    def accept(
        self, draft: str, by: Writer, *, seen: int, take: Mapping[str, str] | None = None
    ) -> OfficersDraft:
        """Begins an officers' draft; `take` names another draft for fields taken from it.

        `seen` is the version of the decision that was seen, 0 where there was none.
        `OvertakenError` when another officer decided meanwhile, `NotFoundError`,
        `InvalidInputError` for a field that cannot be taken.
        """
        act, form = self._form(draft, by)
        others = dict.fromkeys((take or {}).values())
        for field, other in (take or {}).items():
            if field not in MERGED_FIELDS:
                raise InvalidInputError(
                    f"{field!r} cannot be taken from another draft.",
                    means="Nothing was begun.",
                    do=f"It is one of: {', '.join(MERGED_FIELDS)}.",
                )
            form = _taken(form, self._form(other, by)[1], field)
        # Before anything is begun: a decision that was overtaken leaves no draft behind.
        self._folder.check_seen(draft, seen=seen)
        made = self._drafts.begin_with(DraftBody(act=act, form=form, origin=draft), by)
        review = Review(verdict="accepted", draft=made.id)
        self._folder.write(draft, review, by, seen=seen)
        reviews = self._versions()
        for other in others:
            if other != draft:
                self._folder.write(other, review, by, seen=reviews.get(other, 0))
        return made

    def decide(
        self, draft: str, verdict: Verdict, by: Writer, *, reason: str, seen: int
    ) -> Kept[Review]:
        """Rejects a draft, or says that it is no order. Raises as `accept`."""
        self._intake.draft(draft)
        return self._folder.write(draft, Review(verdict=verdict, reason=reason), by, seen=seen)

    def undo(self, draft: str, by: Writer, *, seen: int) -> Kept[Review]:
        """Takes back what was decided: the draft is open again. Raises as `accept`."""
        if self._folder.get(draft).value is None:
            raise ConflictError(f"Nothing is decided of {draft}.", do="Load the page again.")
        return self._folder.remove(draft, by, seen=seen)

    def every(self) -> list[Kept[Review]]:
        """The newest version of each decision, what was taken back too."""
        return self._folder.every()

    def _versions(self) -> dict[str, int]:
        return {kept.id: kept.version for kept in self._folder.every()}

    def _form(self, draft: str, by: Writer) -> tuple[DraftAct, dict[str, Any]]:
        kept, document = self._intake.draft(draft)
        if kept.issued_as is not None:
            raise ConflictError(
                f"The draft {draft} was issued already, as {kept.issued_as}.",
                do=f"See the page of {kept.issued_as}.",
            )
        directory = self._office.directory()
        if directory is None:
            raise NotFoundError("No directory is on record yet.", do="Apply one first.")
        return to_form(kept.draft, document, directory, by=by.name)


def _taken(form: dict[str, Any], other: dict[str, Any], field: str) -> dict[str, Any]:
    """The form with a field of another; of sources both are kept, each once."""
    if field != "sources":
        return {**form, field: other[field]} if field in other else form
    both = [*form.get("sources", ()), *other.get("sources", ())]
    once = {source["sha256"]: source for source in both}
    return {**form, "sources": list(once.values())}
