"""Taking documents in: captures, drafts and claims are kept, nothing is issued.

Reading comes first and keeps nothing; keeping is quick, and whole or not at all.
"""

import hashlib
from collections.abc import Iterable
from datetime import datetime

import msgspec

from changeover.basics.canonical import canonical
from changeover.basics.progress import Progress
from changeover.directory.model import Directory
from changeover.intake.decoding import UnreadableDocumentError, check_size
from changeover.intake.formats import text_of
from changeover.intake.issuing import IncompleteDraftError, Overrides, to_instrument
from changeover.intake.model import Draft, Findings
from changeover.intake.ports import Document, Drafts, Read, StoredClaim, StoredDraft, Unread
from changeover.intake.reading import read

__all__ = ["IncompleteDraftError", "Overrides", "keep", "open_draft", "read_in", "to_instrument"]


class Found(msgspec.Struct, frozen=True, kw_only=True):
    """Where documents were found, and on whose account."""

    address: str = ""
    account: str | None = None


class Taken(msgspec.Struct, frozen=True, kw_only=True):
    """A document that was read, or could not be: then `findings` is None."""

    name: str
    content: bytes
    sha256: str
    reading: Read | Unread
    findings: Findings | None


def read_in(
    content: bytes, name: str, directory: Directory, progress: Progress | None = None
) -> Taken:
    """A document and what was read in it, or why nothing was.

    `UnreadableDocumentError` for one that is too large to be kept.
    """
    check_size(content, name)
    sha256 = hashlib.sha256(content).hexdigest()
    try:
        text = text_of(content, name, progress)
    except UnreadableDocumentError as error:
        unread = Unread(what=error.what, do=error.do)
        return Taken(name=name, content=content, sha256=sha256, reading=unread, findings=None)
    findings = read(content, name, directory, text)
    reading = Read(
        text=text,
        language=findings.language,
        dated=findings.dated,
        unknown=findings.unknown,
        notes=findings.notes,
        marked=findings.marked,
    )
    return Taken(name=name, content=content, sha256=sha256, reading=reading, findings=findings)


def keep(taken: Iterable[Taken], drafts: Drafts, now: datetime, where: Found | None = None) -> None:
    """Keeps each capture with its drafts and claims.

    Taking the same bytes in again changes nothing. What could not be read is kept as it is.
    """
    where = where or Found()
    for one in taken:
        drafts.keep_document(
            Document(
                sha256=one.sha256,
                name=one.name,
                content=one.content,
                captured=now,
                address=where.address,
                account=where.account,
                reading=one.reading,
            )
        )
        if one.findings is not None:
            _keep_findings(one.findings, drafts, now)


def _keep_findings(findings: Findings, drafts: Drafts, now: datetime) -> None:
    digest = findings.sha256
    for draft in findings.drafts:
        drafts.keep(StoredDraft(id=draft.id, document=digest, body=canonical(draft), created=now))
    for claim in findings.claims:
        drafts.keep_claim(
            StoredClaim(id=claim.id, document=digest, body=canonical(claim), created=now)
        )


def open_draft(stored: StoredDraft) -> Draft:
    """The draft in a stored body."""
    return msgspec.json.decode(stored.body, type=Draft)
