"""Any bytes give a text or a clear word, whatever was done to a real document."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from changeover.intake.decoding import UnreadableDocumentError
from changeover.intake.formats import text_of
from tests.intake.formats.made import ARRETE, ORDER, mail, pdf, word

WORD = word([ORDER], heading="Order")
REAL = (
    WORD,
    mail(ARRETE, html=f"<p>{ARRETE}</p>", attached={"a.docx": WORD}),
    f"<!doctype html><html><body><h1>A</h1><p>{ORDER}</p><ul><li>x</ul></body></html>".encode(),
)
PDF = pdf([[ORDER], [ARRETE]], head="Head")


def reads(content: bytes, name: str = "file") -> None:
    try:
        found = text_of(content, name)
    except UnreadableDocumentError:
        return
    assert found.text.strip() or found.form in {"text", "markdown"}
    assert text_of(content, name) == found


@given(st.binary(max_size=300), st.sampled_from(["a", "a.eml", "a.html", "a.docx", "a.pdf"]))
def test_any_bytes(content, name):
    reads(content, name)


@settings(max_examples=150)
@given(
    st.sampled_from(REAL),
    st.lists(st.tuples(st.floats(0, 1, exclude_max=True), st.integers(0, 255)), max_size=8),
    st.floats(0.2, 1),
)
def test_a_document_that_was_changed_or_cut(content, changes, kept):
    reads(altered(content, changes, kept))


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(st.tuples(st.floats(0, 1, exclude_max=True), st.integers(0, 255)), max_size=8),
    st.floats(0.5, 1),
)
def test_a_pdf_that_was_changed_or_cut(changes, kept):
    reads(altered(PDF, changes, kept))


def altered(content: bytes, changes: list[tuple[float, int]], kept: float) -> bytes:
    changed = bytearray(content)
    for place, byte in changes:
        changed[int(place * len(changed))] = byte
    return bytes(changed[: max(1, int(kept * len(changed)))])
