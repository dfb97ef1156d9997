"""Any bytes give a text or a clear word, whatever was done to a real document."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from changeover.intake.decoding import UnreadableDocumentError
from changeover.intake.formats import text_of
from tests.intake.formats.made import ARRETE, ORDER, mail, parts, pdf, word, zipped

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
    except UnreadableDocumentError as error:
        (error.what + error.do).encode()
        return
    "".join((found.text, *found.notes)).encode()
    assert found.text.strip() or found.form in {"text", "markdown"}
    assert text_of(content, name) == found


@given(st.binary(max_size=300), st.sampled_from(["a", "a.eml", "a.html", "a.docx", "a.pdf"]))
def test_any_bytes(content, name):
    reads(content, name)


@settings(max_examples=150, deadline=None)
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


PARTS = parts(WORD)
XML = st.sampled_from(
    [b"<w:p>", b"</w:p>", b"<w:tr/>", b"<w:ins/>", b'<w:footnoteReference w:id="9"/>',
     b'<w:fldChar w:fldCharType="end"/>', b'<w:sym w:char="z"/>', b'<w:gridSpan w:val="x"/>',
     b'<w:hyperlink r:id="x"/>', b'<w:drawing><a:blip r:embed="x"/></w:drawing>', b"&a;", b"&#xd800;",
     b"<", b'"', b"\0", b"\xff", b"encoding='cp037'", b'Target="../../x"', b""]
)  # fmt: skip


@settings(max_examples=25, deadline=None)
@given(
    st.sampled_from(sorted(PARTS)),
    st.lists(st.tuples(st.floats(0, 1), XML), min_size=1, max_size=5),
)
def test_a_part_of_a_word_document_that_was_changed(part, changes):
    reads(zipped(**(PARTS | {part: mixed(PARTS[part], changes)})))


MARKUP = st.sampled_from(
    ["<p>", "</p>", "<table>", "<tr>", "<td>", "</td>", "</table>", "<li>", "</ul>", "<h1>", "</h1>",
     "<pre>", "</pre>", "<br>", "<b hidden>", "<script>", "</script>", "<template>", "<svg>", "<!--",
     "-->", "<a <", "&#0;", "&#xd800;", "&amp", "word", " ", "\n", "é"]
)  # fmt: skip


@settings(max_examples=200, deadline=None)
@given(st.lists(MARKUP, max_size=40))
def test_any_markup(pieces):
    reads(f"<html><body>{''.join(pieces)}".encode(), "a.html")


MAIL = st.sampled_from(
    [b"charset=undefined", b"charset=utf-7", b"charset*=x''%ff", b"boundary=", b"multipart/mixed",
     b"message/rfc822", b"text/html", b"base64", b"x-uuencode", b"\xe9\xff", b"<", b"(", b'"', b";", b":",
     b"\r\n ", b"\r\n", b"\r", b"\0", b"9" * 20, b"*0*=", b"Date: ", b"To: ",
     b"Subject: =?unicode_escape?q?=5Cud800?=\r\n"]
)  # fmt: skip


@settings(max_examples=100, deadline=None)
@given(st.lists(st.tuples(st.floats(0, 1), MAIL), min_size=1, max_size=6))
def test_a_letter_into_which_something_was_written(changes):
    reads(mixed(REAL[1], changes), "a.eml")


def mixed(content: bytes, changes: list[tuple[float, bytes]]) -> bytes:
    for place, written in changes:
        at = int(place * len(content))
        content = content[:at] + written + content[at + len(written) // 2 :]
    return content


def altered(content: bytes, changes: list[tuple[float, int]], kept: float) -> bytes:
    changed = bytearray(content)
    for place, byte in changes:
        changed[int(place * len(changed))] = byte
    return bytes(changed[: max(1, int(kept * len(changed)))])
