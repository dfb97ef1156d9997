from datetime import UTC, datetime, timedelta

import msgspec
import pytest

from changeover.basics.errors import ConflictError, NotFoundError
from changeover.intake.ports import Document, StoredClaim, StoredDraft
from tests.contracts.conftest import Ports

CAPTURED = datetime(2026, 3, 2, 15, tzinfo=UTC)
DOCUMENT = Document(sha256="ab" * 32, name="report.txt", content=b"\x00 text", captured=CAPTURED)
DRAFT = StoredDraft(id="draft_1", document=DOCUMENT.sha256, body=b"{}", created=CAPTURED)


def test_the_same_document_twice_is_one_document(ports: Ports):
    assert ports.drafts.keep_document(DOCUMENT)
    assert not ports.drafts.keep_document(msgspec.structs.replace(DOCUMENT, name="again.txt"))
    assert ports.drafts.document(DOCUMENT.sha256) == DOCUMENT


def test_the_same_draft_twice_is_one_draft(ports: Ports):
    ports.drafts.keep_document(DOCUMENT)
    assert ports.drafts.keep(DRAFT)
    assert not ports.drafts.keep(msgspec.structs.replace(DRAFT, body=b'{"other":1}'))
    assert ports.drafts.get("draft_1") == DRAFT


def test_drafts_come_back_oldest_first(ports: Ports):
    ports.drafts.keep_document(DOCUMENT)
    kept = [
        msgspec.structs.replace(DRAFT, id=name, created=CAPTURED + timedelta(seconds=seconds))
        for name, seconds in (("c", 1), ("a", 0), ("b", 0))
    ]
    for draft in kept:
        ports.drafts.keep(draft)
    assert [draft.id for draft in ports.drafts.all()] == ["a", "b", "c"]


def test_claims_are_kept_once_and_come_back_oldest_first(ports: Ports):
    ports.drafts.keep_document(DOCUMENT)
    later, earlier = (
        StoredClaim(id=name, document=DOCUMENT.sha256, body=b"{}", created=created)
        for name, created in (("b", CAPTURED + timedelta(1)), ("a", CAPTURED))
    )
    assert ports.drafts.keep_claim(later)
    assert ports.drafts.keep_claim(earlier)
    assert not ports.drafts.keep_claim(msgspec.structs.replace(later, body=b'{"other":1}'))
    assert ports.drafts.claims() == [earlier, later]
    with pytest.raises(NotFoundError):
        ports.drafts.keep_claim(msgspec.structs.replace(later, id="c", document="00" * 32))


def test_a_draft_is_issued_once(ports: Ports):
    ports.drafts.keep_document(DOCUMENT)
    ports.drafts.keep(DRAFT)
    ports.drafts.mark_issued("draft_1", "order-1")
    with pytest.raises(ConflictError, match="draft_1"):
        ports.drafts.mark_issued("draft_1", "order-2")
    assert ports.drafts.get("draft_1").issued_as == "order-1"


def test_what_is_unknown_is_not_found(ports: Ports):
    with pytest.raises(NotFoundError):
        ports.drafts.get("draft_0")
    with pytest.raises(NotFoundError):
        ports.drafts.document("00" * 32)
    with pytest.raises(NotFoundError):
        ports.drafts.mark_issued("draft_0", "order-1")
    with pytest.raises(NotFoundError):
        ports.drafts.keep(DRAFT)


def test_documents_are_listed_without_their_bytes_the_last_one_first(ports: Ports):
    later = msgspec.structs.replace(
        DOCUMENT, sha256="cd" * 32, content=b"", captured=CAPTURED + timedelta(seconds=1)
    )
    ports.drafts.keep_document(DOCUMENT)
    ports.drafts.keep_document(later)
    assert [(d.sha256[:2], d.size, d.captured) for d in ports.drafts.documents()] == [
        ("cd", 0, later.captured),
        ("ab", len(DOCUMENT.content), CAPTURED),
    ]
