"""Every form that a document comes in gives its words; what is none says so."""

import io
import os
import sys
import zipfile

import docx
import pytest
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls
from pypdfium2 import PdfiumError

from changeover.intake.decoding import UnreadableDocumentError
from changeover.intake.formats import pdf as pdf_module
from changeover.intake.formats import pdf_process, text_of
from changeover.intake.formats.pages import join_pages
from tests.intake.formats.made import ARRETE, ORDER, mail, parts, pdf, scanned, word, zipped


def refused(content: bytes, name: str) -> str:
    with pytest.raises(UnreadableDocumentError) as caught:
        text_of(content, name)
    assert caught.value.do
    assert caught.value.means == "Nothing was read from it."
    return caught.value.what


# PDF


def test_a_pdfs_paragraphs_are_whole_and_its_pages_known():
    told: list[tuple[int, int]] = []
    content = pdf([[ORDER, "A second paragraph."], [ARRETE]])
    found = text_of(content, "order.pdf", lambda done, total: told.append((done, total)))
    assert found.form == "pdf"
    assert ORDER in found.text
    assert ARRETE in found.text
    assert f"{ORDER}\n\nA second paragraph.\n\n" in found.text
    assert found.pages == (0, found.text.index("Le ministre"))
    assert found.page(found.text.index("second")) == 1
    assert found.page(found.text.index("cesser")) == 2
    assert told == [(1, 2), (2, 2)]


def test_running_heads_and_feet_are_left_out():
    pages = [[f"Page {word} has words of its own."] for word in ("one", "two", "three", "four")]
    found = text_of(pdf(pages, head="Circular 12 of the Ministry"), "c.pdf")
    assert "Circular" not in found.text
    assert found.notes == ("Lines that most pages repeat at their head or foot were left out.",)
    assert found.text.split("\n\n") == [*(page[0] for page in pages[:-1]), pages[-1][0] + "\n"]
    assert len(found.pages) == 4


def test_an_article_at_the_head_of_each_page_is_no_running_head():
    pages = [f"Article {n}\nAll services stop, and so does service {n}." for n in range(1, 6)]
    text, starts, dropped = join_pages(pages)
    assert [text.count(f"Article {n}") for n in range(1, 6)] == [1] * 5
    assert text.startswith("Article 5", starts[4])
    assert not dropped


def test_a_word_divided_at_a_lines_end_is_joined():
    lines = (
        "All services shall observe the interdic-\ntion from tomorrow and the co-\nordination of it"
    )
    text, *_ = join_pages([f"{lines}\n\nThe interdiction is final."])
    assert "the interdiction from" in text
    text, *_ = join_pages(
        ["The minister met the Franco-\nGerman council in the city today at noon"]
    )
    assert "Franco-German" in text


def test_a_scan_says_so_and_what_to_do(monkeypatch, tmp_path):
    what = refused(pdf([[], []]), "scan.pdf")
    assert "scan" in what
    mixed = text_of(pdf([[ORDER], []]), "mixed.pdf")
    assert mixed.notes == ("1 of 2 pages hold no text; they may be scans.",)
    monkeypatch.setenv("PATH", str(tmp_path))  # a machine without Tesseract
    assert "scan" in refused(scanned(pdf([[ORDER]])), "scan.pdf")


def test_the_text_of_a_scan_is_recognised_where_tesseract_is():
    told: list[tuple[int, int]] = []
    scan = scanned(pdf([[ORDER], [ARRETE]]))
    found = text_of(scan, "scan.pdf", lambda done, total: told.append((done, total)))
    assert "stop using Mistral" in found.text
    assert "l'Intérieur ordonne" in found.text
    assert found.notes == (
        "2 of 2 pages are pictures, whose text was recognised: check it against them.",
    )
    assert found.text[found.pages[1] :].startswith("Le ministre")
    assert told == [(1, 2), (2, 2)]


def test_a_page_that_defeats_recognition_is_a_scan(monkeypatch, tmp_path):
    failing = tmp_path / "tesseract"
    failing.write_text("#!/bin/sh\nexit 1\n")
    failing.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    assert "scan" in refused(scanned(pdf([[ORDER]])), "scan.pdf")


def test_a_pdf_behind_a_password_and_a_damaged_one():
    assert "password" in refused(pdf([[ORDER]], password="secret"), "locked.pdf")
    assert "damaged" in refused(b"%PDF-1.7\nnothing more", "half.pdf")


def dying(at: int) -> list[str]:
    """The reader of PDF, as one that a page is the death of."""
    source = f"""
import os
from changeover.intake.formats import pdf_process
page = pdf_process._page
def reads(document, number, tesseract):
    if number == {at}:
        os.abort()
    return page(document, number, tesseract)
pdf_process._page = reads
pdf_process.main()
"""
    return [sys.executable, "-c", source]


def test_pages_that_were_not_reached_are_no_text_without_them(monkeypatch):
    monkeypatch.setattr(pdf_module, "COMMAND", dying(at=2))
    assert "damaged at page 3 of 4" in refused(pdf([[ORDER]] * 4), "a.pdf")


def test_a_page_that_cannot_be_read_is_no_scan(monkeypatch):
    broken = dying(at=1)[-1].replace("os.abort()", "raise pdf_process.PdfiumError('no page')")
    monkeypatch.setattr(pdf_module, "COMMAND", [sys.executable, "-c", broken])
    found = text_of(pdf([[ORDER], [ARRETE], []]), "a.pdf")
    assert found.notes == (
        "1 of 3 pages hold no text; they may be scans.",
        "1 of 3 pages are damaged, and were not read.",
    )
    assert "damaged" in refused(pdf([[], [ORDER]]), "a.pdf")


def test_a_line_whose_place_is_unknown_is_read():
    class Page:
        def get_text_range(self):
            return "One line\r\nand another"

        def get_charbox(self, place, *, loose):
            raise PdfiumError("no box")

    assert pdf_process._lines(Page()) == "One line\nand another"


def test_a_paragraph_of_many_lines_is_joined_in_a_time_that_grows_with_it():
    line = "All services shall observe the interdic-"
    text, *_ = join_pages(["\n".join([line, "tion from tomorrow on and for ever."] * 20_000)])
    assert text.count("interdic") == 20_000


# Word


def test_word_in_its_order_with_headings_lists_and_tables():
    found = text_of(word([ORDER, ARRETE], heading="Order 7"), "order.docx")
    assert found.form == "word"
    blocks = [block for block in found.text.split("\n\n") if block]
    assert blocks[:3] == ["# Order 7", ORDER, ARRETE]
    assert "- First of a list\n- Second of a list" in found.text
    assert "Vendor | Mistral AI" in found.text
    assert found.page(0) is None


def test_tracked_changes_are_read_as_accepted():
    made = docx.Document()
    paragraph = made.add_paragraph("All services ")
    for tag, text in (("w:ins", "shall stop"), ("w:del", "may go on")):
        change = OxmlElement(tag)
        inner = "w:t" if tag == "w:ins" else "w:delText"
        change.append(parse_xml(f"<w:r {nsdecls('w')}><{inner}>{text}</{inner}></w:r>"))
        paragraph._p.append(change)
    out = io.BytesIO()
    made.save(out)
    found = text_of(out.getvalue(), "a.docx")
    assert found.text == "All services shall stop\n"
    assert "tracked changes" in " ".join(found.notes)


def test_a_bomb_in_words_clothing_is_not_opened():
    bomb = zipped(**{"word__document.xml": b"<w>" + b"a" * 50_000_000 + b"</w>"})
    assert len(bomb) < 100_000
    assert "expand" in refused(bomb, "bomb.docx")
    many = zipped(**{f"word__{n}.xml": b"" for n in range(6_000)})
    assert "expand" in refused(many, "many.docx")


def in_word(body: bytes, declared: bytes = b"") -> bytes:
    written = (
        b'<?xml version="1.0"?>' + declared + b"<w:document xmlns:w="
        b'"http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>'
        + body
        + b"</w:body></w:document>"
    )
    return zipped(**(parts(word(["x"])) | {"word__document.xml": written}))


@pytest.mark.parametrize(
    "entity", [b'<!ENTITY a SYSTEM "file:///etc/passwd">', b'<!ENTITY a "all services stop">']
)
def test_a_document_with_entities_is_refused(entity):
    content = in_word(
        b"<w:p><w:r><w:t>before &a; after</w:t></w:r></w:p>", b"<!DOCTYPE w [" + entity + b"]>"
    )
    assert "document type" in refused(content, "a.docx")


def test_more_elements_than_memory_is_for_are_refused():
    """Few bytes of XML become many objects; they are counted before any is made."""
    paragraphs = b"".join(b"<w:p><w:r><w:t>%d</w:t></w:r></w:p>" % n for n in range(100_000))
    content = in_word(paragraphs)
    assert len(content) < 1_000_000
    assert "more than 500,000 pieces" in refused(content, "a.docx")


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_a_way_to_compress_that_word_does_not_have_is_refused(method):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        archive.writestr("word/document.xml", b"<w/>" * 100)
    assert "damaged" in refused(out.getvalue(), "a.docx")


def test_a_document_whose_main_part_has_a_number_is_read():
    """So writes it Word for the web."""
    moved = {
        name.replace("document.xml", "document2.xml"): content.replace(
            b"/document.xml", b"/document2.xml"
        ).replace(b'"document.xml', b'"document2.xml')
        for name, content in parts(word([ORDER])).items()
    }
    assert ORDER in text_of(zipped(**moved), "a.docx").text


# HTML


def test_a_page_says_what_is_seen_on_it():
    page = f"""<!doctype html><html><head><title>t</title><style>p{{}}</style></head><body>
      <nav><a href="/">Home</a></nav><script>alert("Mistral AI is banned")</script>
      <!-- all services stop --><h1>Press  release</h1>
      <p hidden>Not this.</p><p style="display:none">Nor this.</p>
      <p>{ORDER.replace(" all ", " <b>all</b> ")}</p><ul><li>One</li><li><p>Two</p></li></ul>
      <p>A line<br>and another&nbsp;&mdash; &eacute;t&eacute;.</p>
      <table><tr><th>Vendor</th><td>Mistral AI</td></tr></table></body></html>"""
    found = text_of(page.encode(), "press.html")
    assert found.form == "html"
    assert found.text == (
        f"# Press release\n\n{ORDER}\n\n- One\n- Two\n\nA line\nand another\xa0— été.\n\n"
        "Vendor | Mistral AI\n"
    )


@pytest.mark.parametrize("label", ["iso-8859-1", "windows-1252", "utf-8", "utf-16"])
def test_a_page_in_the_encoding_that_it_declares(label):
    page = f'<html><head><meta charset="{label}"></head><body><p>{ARRETE}</p></body></html>'
    assert text_of(page.encode(label), "a.html").text == f"{ARRETE}\n"


def test_a_page_in_another_encoding_than_it_declares_and_one_without_text():
    page = f'<html><head><meta charset="utf-8"></head><body><p>{ARRETE}</p></body></html>'
    assert "says that it is utf-8" in refused(page.encode("cp1252"), "a.html")
    assert "without text" in refused(b"<html><body><script>x()</script></body></html>", "a.html")


def page_text(body: str) -> str:
    return text_of(f"<!doctype html><html><body>{body}</body></html>".encode(), "a.html").text


def test_nesting_is_read_to_a_depth_and_refused_beyond_it():
    """The parser stops at a depth: what follows must not be missing unnoticed."""
    deep = "<p>Before.</p>" + "<div>" * 1_500 + "within" + "</div>" * 1_500 + "<p>After.</p>"
    assert page_text(deep) == "Before.\n\nwithin\n\nAfter.\n"
    page = "<html><body><p>Before.</p>" + "<div>" * 50_000 + "word" + "</div>" * 50_000
    assert "deep in one another" in refused(page.encode(), "deep.html")


def test_a_long_text_is_read_to_its_end():
    text = page_text(f"<p>{'word ' * 2_500_000}</p><p>The end.</p>")
    assert text.endswith("word\n\nThe end.\n")


def test_a_line_of_many_elements_is_read_in_a_time_that_grows_with_it():
    text = page_text("<p>" + "<b>x</b> " * 200_000 + "</p>")
    assert text == "x " * 199_999 + "x\n"
    assert page_text("<table><td>a<td>" + "<i>x</i>" * 200_000) == f"a | {'x' * 200_000}\n"


def test_what_a_tables_cell_holds_is_kept():
    words = "<table><tr><td><p>Vendor</p><p>and host</p></td><td>Mistral<br>AI</td></tr></table>"
    assert page_text(words) == "Vendor and host | Mistral AI\n"
    arranged = (
        "<table><tr><td>Left</td><td>First<ul><li>One</li><li>Two</li></ul><h2>Then</h2><p>A.</p>"
        "<p>B.</p></td></tr></table>"
    )
    assert page_text(arranged) == "Left\n\nFirst\n\n- One\n- Two\n\n## Then\n\nA.\n\nB.\n"


def test_a_letter_arranged_by_tables_keeps_its_lines():
    page = (
        "<table><tr><td><table><tr><td>From: The Secretary<br>To: All staff</td></tr>"
        "<tr><td><p>Stop.</p><p>Report.</p></td></tr></table></td></tr></table>"
    )
    assert page_text(page) == "From: The Secretary\nTo: All staff\n\nStop.\n\nReport.\n"


def test_preformatted_lines_stay_lines_and_headings_one_line():
    assert page_text("<pre>From: A\nTo:   B\n\nStop  it.\n</pre>") == "From: A\nTo: B\n\nStop it.\n"
    assert page_text("<h1>Order<br>of May</h1><p>Stop.</p>") == "# Order of May\n\nStop.\n"
    assert page_text("<ul><li></li></ul><p>-</p><p>Stop.</p>") == "-\n\nStop.\n"


@pytest.mark.parametrize(
    "label", ["utf-16", "undefined", "unicode_escape", "idna", "hex", "utf-7", "nothing"]
)
def test_what_is_no_pages_encoding_is_not_followed(label):
    page = f'<html><head><meta charset="{label}"></head><body><p>{ARRETE} \\ud800</p></body></html>'
    assert text_of(page.encode(), "a.html").text == f"{ARRETE} \\ud800\n"


# E-mail


def test_a_letter_with_its_head_and_what_is_attached():
    content = mail(
        ARRETE,
        attached={
            "order.pdf": pdf([[ORDER]]),
            "photo.png": b"\x89PNG\r\n\x1a\n",
            "m.eml": mail("x"),
        },
    )
    found = text_of(content, "letter.eml")
    assert found.form == "email"
    head = (
        "From: Ministre de l'Intérieur <ministre@interieur.example>\n"
        "To: Tous les services <services@interieur.example>\n"
        "Date: 2026-03-02 10:00\nSubject: Arrêt de Mistral AI\n\n"
    )
    assert found.text.startswith(head + ARRETE)
    assert f"# order.pdf\n\n{ORDER}" in found.text
    assert [note.split(": ")[1] for note in found.notes] == [
        "photo.png is a picture, which is not read.",
        "m.eml is a letter of its own.",
    ]


def test_a_letter_of_html_alone_and_one_without_text():
    content = mail("", html=f"<html><body><p>{ORDER}</p><script>x</script></body></html>")
    assert ORDER in text_of(content, "a.eml").text
    assert "without text" in refused(mail(""), "empty.eml")


def letter(head: bytes, body: bytes = b"Stop now.\r\n") -> bytes:
    return b"Message-ID: <1@a.example>\r\nFrom: a@b.example\r\n" + head + b"\r\n" + body


@pytest.mark.parametrize(
    "date",
    [
        b"Mon, 02 Mar 99999999999999999999 10:00:00 +0100",
        b"Mon, 02 Mar 2026 10:00:00 +" + b"9" * 30,
    ],
)
def test_a_date_beyond_all_calendars_is_noted(date):
    found = text_of(letter(b"Date: " + date + b"\r\n"), "a.eml")
    assert found.text == "From: a@b.example\n\nStop now.\n"
    assert found.notes == ("Its field Date cannot be read, or is too long.",)


def test_a_letter_in_another_encoding_than_it_says_is_noted():
    said = b"Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n"
    found = text_of(letter(said, ARRETE.encode("cp1252")), "a.eml")
    assert "de l'Int\ufffdrieur" in found.text
    assert "not in the encoding that it says" in found.notes[0]
    halves = b"Content-Type: text/plain; charset=unicode_escape\r\n"
    assert "damaged" in refused(letter(halves, b"half of a pair: \\ud800"), "a.eml")


@pytest.mark.parametrize(
    "disposition", [b"filename*=undefined''a%ff", b'filename="=?unicode_escape?q?=5Cud800?="']
)
def test_an_attachment_whose_name_cannot_be_read_is_noted(disposition):
    mixed = (
        b"--x\r\nContent-Type: text/plain\r\n\r\nStop now.\r\n--x\r\nContent-Type: application/pdf\r\n"
        b"Content-Disposition: attachment; " + disposition + b"\r\n\r\nabc\r\n--x--\r\n"
    )
    found = text_of(letter(b"Content-Type: multipart/mixed; boundary=x\r\n", mixed), "a.eml")
    assert found.text.endswith("Stop now.\n")
    assert found.notes == ("An attachment was not read: Its name or encoding cannot be read.",)


@pytest.mark.parametrize(
    "field", [b"Content-Type: text/plain", b"Subject: =?utf-8?q?a?=", b"To: a"]
)
@pytest.mark.parametrize("more", [b";", b'"', b"=?utf-8?q?a?= ", b"a@b.example, "])
def test_long_fields_are_not_taken_apart(field, more):
    """The standard library takes the square of their length."""
    head = field + more * (60_000 // len(more)) + b"\r\n"
    try:
        found = text_of(letter(head), "a.eml")
    except UnreadableDocumentError as error:
        assert "damaged" in error.what  # noqa: PT017
    else:
        assert found.notes[0].endswith("or is too long.")


def test_parts_without_number_are_not_taken_apart():
    part = b"--x\r\nContent-Type: application/pdf" + b";" * 1_900 + b"\r\n\r\nabc\r\n"
    content = letter(b"Content-Type: multipart/mixed; boundary=x\r\n", part * 5_000)
    assert "too many" in refused(content, "a.eml")


# What it is comes from its bytes


def test_a_name_that_says_otherwise_is_noted():
    found = text_of(pdf([[ORDER]]), "order.docx")
    assert found.form == "pdf"
    assert found.notes == ("Its name says a Word document; it is a PDF, and was read so.",)
    assert text_of(b"# Order\n", "a.txt").notes == ()
    assert text_of(ORDER.encode(), "order.pdf").form == "text"


def test_a_memo_in_plain_text_is_no_letter():
    memo = b"From: The Secretary\nTo: All staff\nSubject: Models\n\nStop using it.\n"
    assert text_of(memo, "memo.txt").form == "text"


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (b"\x89PNG\r\n\x1a\nxxxx", "a picture"),
        (b"MZ\x90\x00", "a program"),
        (b"{\\rtf1 x}", "Rich Text"),
        (b"\x1f\x8b\x08", "an archive"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "old Office"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), "password"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "__substg1.0_".encode("utf-16-le"), "Outlook"),
        (zipped(a=b"x"), "an archive"),
        (zipped(**{"xl__workbook.xml": b"x"}), "a spreadsheet"),
        (b"PK\x03\x04 broken", "damaged"),
        (ARRETE.encode("cp1252"), "UTF-8"),
        (b"a\x00b", "control characters"),
    ],
)
def test_what_is_not_read_says_what_it_is(content, what):
    assert what in refused(content, "file.txt")


@pytest.mark.parametrize(
    "text",
    ["BMW was told to stop.", "MZ: stop.", "A file of that form begins with %PDF-1.7. Stop."],
)
def test_a_text_is_not_taken_for_what_begins_alike(text):
    assert text_of(text.encode(), "a.txt").form == "text"
    assert text_of(text.encode(), "a.txt").text == text


def test_a_pdf_behind_what_a_program_put_before_it():
    assert text_of(b"\x1b%-12345X@PJL\r\n" + pdf([[ORDER]]), "a.pdf").form == "pdf"


def test_a_page_without_a_head_is_a_page():
    page = f"<p>{ORDER}</p><script>stop()</script>".encode()
    assert text_of(page, "a.html").text == f"{ORDER}\n"
    assert text_of(page, "a.md").form == "markdown"


def test_a_letter_whose_head_has_an_empty_field():
    letter = b"Received:\r\nFrom: a@b.example\r\nCc:\r\nSubject: Stop\r\n\r\nStop now.\r\n"
    assert text_of(letter, "a").form == "email"


@pytest.mark.parametrize(
    "content",
    [
        b"Model: withdrawn\r\n" * 200 + b"and so on\r\n",
        b"a: b\r\n c\r\n" * 200 + b"and so on\r\n",
        b"<!--a-->" * 200 + b"x",
        b"<!--" * 10_000,
    ],
)
def test_a_beginning_that_nearly_fits_is_told_at_once(content):
    assert text_of(content, "a.txt").text == content.decode()


def test_too_much_is_refused_before_it_is_read():
    assert "at most" in refused(b"%PDF-" + b"x" * 200_000_000, "great.pdf")
