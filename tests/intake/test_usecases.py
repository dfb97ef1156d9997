import hashlib
from datetime import UTC, datetime

import pytest

from changeover.basics.errors import NotFoundError
from changeover.intake.decoding import UnreadableDocumentError
from changeover.intake.usecases import open_draft, take_in
from tests.fakes import FakeDrafts
from tests.intake.statechat import DIRECTORY

NOW = datetime(2026, 3, 2, 15, tzinfo=UTC)
ORDER = ("order.txt", b"2 March 2026\n\nThe President ordered Treasury to stop using Gemini.\n")


def test_keeps_captures_and_drafts():
    drafts = FakeDrafts()
    [findings] = take_in([ORDER], drafts, DIRECTORY, NOW)
    [stored] = drafts.all()
    assert open_draft(stored) == findings.drafts[0]
    assert drafts.document(stored.document).content == ORDER[1]
    assert stored.created == NOW
    assert stored.issued_as is None


def test_the_same_document_twice_is_one():
    drafts = FakeDrafts()
    take_in([ORDER], drafts, DIRECTORY, NOW)
    take_in([ORDER, ("copy.txt", ORDER[1])], drafts, DIRECTORY, NOW.replace(hour=16))
    (kept,) = drafts.all()
    assert kept.created == NOW
    assert drafts.document(kept.document).name == ORDER[0]


def test_one_unreadable_file_keeps_nothing():
    drafts = FakeDrafts()
    with pytest.raises(UnreadableDocumentError):
        take_in([ORDER, ("bad.txt", b"\x00")], drafts, DIRECTORY, NOW)
    assert drafts.all() == []
    with pytest.raises(NotFoundError):
        drafts.document(hashlib.sha256(ORDER[1]).hexdigest())


def test_claims_are_kept_where_no_order_is():
    drafts = FakeDrafts()
    said = b"2 March 2026\n\nA spokesperson for Anthropic said that talks were productive.\n"
    [findings] = take_in([("report.txt", said)], drafts, DIRECTORY, NOW)
    assert findings.drafts == ()
    assert [kept.id for kept in drafts.claims()] == [claim.id for claim in findings.claims] != []
