"""Taking documents in: captures, drafts and claims are kept, nothing is issued."""

from collections.abc import Iterable
from datetime import datetime

import msgspec

from changeover.basics.canonical import canonical
from changeover.directory.model import Directory
from changeover.intake.issuing import IncompleteDraftError, Overrides, to_instrument
from changeover.intake.model import Draft, Findings
from changeover.intake.ports import Document, Drafts, StoredClaim, StoredDraft
from changeover.intake.reading import read

__all__ = ["IncompleteDraftError", "Overrides", "open_draft", "take_in", "to_instrument"]


class Found(msgspec.Struct, frozen=True, kw_only=True):
    """Where documents were found, and on whose account."""

    address: str = ""
    account: str | None = None


def take_in(
    files: Iterable[tuple[str, bytes]],
    drafts: Drafts,
    directory: Directory,
    now: datetime,
    found: Found | None = None,
) -> list[Findings]:
    """Reads every (name, bytes), then keeps each capture with its drafts and claims.

    Gives the findings in the files' order. Taking the same bytes in again changes
    nothing. `UnreadableDocumentError` for a file that is no text: then nothing of
    any file is kept.
    """
    where = found or Found()
    taken = [(name, content, read(content, name, directory)) for name, content in files]
    for name, content, findings in taken:
        digest = findings.sha256
        drafts.keep_document(
            Document(
                sha256=digest,
                name=name,
                content=content,
                captured=now,
                address=where.address,
                account=where.account,
            )
        )
        for draft in findings.drafts:
            drafts.keep(
                StoredDraft(id=draft.id, document=digest, body=canonical(draft), created=now)
            )
        for claim in findings.claims:
            drafts.keep_claim(
                StoredClaim(id=claim.id, document=digest, body=canonical(claim), created=now)
            )
    return [findings for *_, findings in taken]


def open_draft(stored: StoredDraft) -> Draft:
    """The draft in a stored body."""
    return msgspec.json.decode(stored.body, type=Draft)
