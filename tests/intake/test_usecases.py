import hashlib
from collections.abc import Sequence
from datetime import UTC, datetime

import pytest

from changeover.intake.decoding import MAX_BYTES, UnreadableDocumentError
from changeover.intake.model import Findings
from changeover.intake.ports import Read, Unread
from changeover.intake.usecases import keep, open_draft, read_in
from tests.fakes import FakeDrafts
from tests.intake.formats.made import pdf
from tests.intake.statechat import DIRECTORY

NOW = datetime(2026, 3, 2, 15, tzinfo=UTC)
ORDER = ("order.txt", b"2 March 2026\n\nThe President ordered Treasury to stop using Gemini.\n")


def take_in(
    files: Sequence[tuple[str, bytes]], drafts: FakeDrafts, now: datetime = NOW
) -> list[Findings]:
    taken = [read_in(content, name, DIRECTORY) for name, content in files]
    keep(taken, drafts, now)
    return [one.findings for one in taken if one.findings is not None]


def test_keeps_captures_and_drafts():
    drafts = FakeDrafts()
    [findings] = take_in([ORDER], drafts)
    [stored] = drafts.all()
    assert open_draft(stored) == findings.drafts[0]
    document = drafts.document(stored.document)
    assert document.content == ORDER[1]
    assert isinstance(document.reading, Read)
    assert document.reading.text.text == ORDER[1].decode()
    assert document.reading.dated == "2026-03-02"
    assert stored.created == NOW
    assert stored.issued_as is None


def test_the_same_document_twice_is_one():
    drafts = FakeDrafts()
    take_in([ORDER], drafts)
    take_in([ORDER, ("copy.txt", ORDER[1])], drafts, NOW.replace(hour=16))
    (kept,) = drafts.all()
    assert kept.created == NOW
    assert drafts.document(kept.document).name == ORDER[0]


def test_what_cannot_be_read_is_kept_as_it_is_and_the_others_are_read():
    drafts = FakeDrafts()
    take_in([ORDER, ("bad.txt", b"\x00")], drafts)
    assert len(drafts.all()) == 1
    bad = drafts.document(hashlib.sha256(b"\x00").hexdigest())
    assert bad.content == b"\x00"
    assert isinstance(bad.reading, Unread)
    assert "control characters" in bad.reading.what
    assert bad.reading.do


def test_what_is_too_large_is_not_kept():
    with pytest.raises(UnreadableDocumentError, match="at most"):
        read_in(b"x" * (MAX_BYTES + 1), "great.txt", DIRECTORY)


def test_a_quote_tells_its_page():
    order = "The President ordered the Treasury Department to stop using Gemini."
    content = pdf([["2 March 2026", "A page before it."], [order]])
    drafts = FakeDrafts()
    [findings] = take_in([("order.pdf", content)], drafts)
    [draft] = findings.drafts
    assert draft.quote.page == 2
    assert draft.quote.text == order
    document = drafts.document(findings.sha256)
    assert isinstance(document.reading, Read)
    text = document.reading.text.text
    for quote in (draft.quote, *draft.fields.values()):
        assert text[quote.start : quote.end] == quote.text


def test_claims_are_kept_where_no_order_is():
    drafts = FakeDrafts()
    said = b"2 March 2026\n\nA spokesperson for Anthropic said that talks were productive.\n"
    [findings] = take_in([("report.txt", said)], drafts)
    assert findings.drafts == ()
    assert [kept.id for kept in drafts.claims()] == [claim.id for claim in findings.claims] != []
