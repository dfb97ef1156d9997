"""Word documents: translated in place, with everything else as it was."""

import io
import zipfile

import docx
import msgspec
import pytest
from docx.oxml.ns import qn

from changeover.translation.languages import language
from changeover.translation.model import Segment
from changeover.translation.originals import Original, of_file, translated
from changeover.translation.segmenting import segments
from changeover.wiring.files import read_document
from tests.translation.documents import memo

NOTICE = "A machine translated this & <that>."


def opened(content: bytes) -> Original:
    return of_file(content, "memo.docx", read_document)


def cut(content: bytes) -> list[Segment]:
    return segments(opened(content).units, "en")


def shouted(content: bytes, code: str = "fr") -> bytes:
    """The document with every segment in capitals."""
    to = language(code)
    assert to is not None
    found = [msgspec.structs.replace(one, target=one.source.upper()) for one in cut(content)]
    return translated("word", content, found, to, lambda: NOTICE)


def test_all_that_is_words_is_cut_into_segments():
    assert [(one.before, one.source) for one in cut(memo())] == [
        ("", "Memo on models"),
        ("", "This memo takes effect <1/><2>tomorrow</2><3/>.<4/>"),
        (" ", "Please read it."),
        ("", "The bureau <1/><2>must</2> comply."),
        ("", "Bureau"),
        ("", "Check the date."),
        ("", "For official use"),
        ("", "See the annex."),
    ]


def test_the_document_is_kept_and_its_words_are_translated():
    written = shouted(memo())
    document = docx.Document(io.BytesIO(written))
    texts = [paragraph.text for paragraph in document.paragraphs]
    assert texts[:2] == ["MEMO ON MODELS", "THIS MEMO TAKES EFFECT TOMORROW. PLEASE READ IT."]
    told = document.paragraphs[1]
    bold = [run.text for run in told.runs if run.bold]
    assert bold == ["TOMORROW"]
    assert document.paragraphs[0].style is not None
    assert document.paragraphs[0].style.name == "Heading 1"
    assert [cell.text for cell in document.tables[0].rows[0].cells] == ["BUREAU", "12.5"]
    assert document.sections[0].header.paragraphs[0].text == "FOR OFFICIAL USE"
    assert [comment.text for comment in document.comments] == ["CHECK THE DATE."]
    body = document.element.body
    assert len(body.findall(f".//{qn('w:footnoteReference')}")) == 1
    assert len(body.findall(f".//{qn('w:commentRangeStart')}")) == 1
    # What was deleted with changes tracked stays deleted, what was inserted stays inserted.
    assert [one.text for one in body.iter(qn("w:delText"))] == ["may"]
    inserted = next(body.iter(qn("w:ins")))
    assert [one.text for one in inserted.iter(qn("w:t"))] == ["MUST"]
    assert inserted.get(qn("w:author")) == "A"
    with zipfile.ZipFile(io.BytesIO(written)) as archive:
        assert b"SEE THE ANNEX." in archive.read("word/footnotes.xml")
        assert b"footnoteRef" in archive.read("word/footnotes.xml")


def test_nothing_that_is_no_words_is_written_anew():
    old, new = (zipfile.ZipFile(io.BytesIO(one)) for one in (memo(), shouted(memo())))
    with old, new:
        changed = {name for name in old.namelist() if old.read(name) != new.read(name)}
        assert set(new.namelist()) - set(old.namelist()) == {"docProps/custom.xml"}
    assert changed == {
        "[Content_Types].xml",
        "_rels/.rels",
        "word/comments.xml",
        "word/document.xml",
        "word/footnotes.xml",
        "word/header1.xml",
    }


def test_the_notice_stands_at_the_end_and_among_the_properties():
    written = shouted(shouted(memo()))
    last = docx.Document(io.BytesIO(written)).paragraphs[-1]
    assert last.text == NOTICE
    with zipfile.ZipFile(io.BytesIO(written)) as archive:
        custom = archive.read("docProps/custom.xml").decode()
        relations = archive.read("_rels/.rels").decode()
    # Who translates a translation has one property, of the last.
    assert custom.count('name="MachineTranslation"') == 1
    assert "A machine translated this &amp; &lt;that&gt;." in custom
    assert relations.count("custom-properties") == 1


@pytest.mark.parametrize(
    ("code", "attribute", "bidi"), [("fr", "val", 0), ("ar", "bidi", 1), ("ja", "eastAsia", 0)]
)
def test_a_text_is_marked_with_its_language_and_direction(code: str, attribute: str, bidi: int):
    document = docx.Document(io.BytesIO(shouted(memo(), code)))
    heading = document.paragraphs[0]._p
    (told,) = heading.iter(qn("w:lang"))
    assert told.get(qn(f"w:{attribute}")) == code
    assert len(list(heading.iter(qn("w:bidi")))) == bidi
    assert len(list(heading.iter(qn("w:rtl")))) == bidi


def test_words_in_a_text_box_are_translated_once_and_stay_in_it():
    w = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    document = docx.Document()
    paragraph = document.add_paragraph("Outside. ")
    box = docx.oxml.parse_xml(
        f'<w:r xmlns:w="{w}"><w:pict><w:txbxContent><w:p><w:r><w:t>Inside.</w:t></w:r></w:p>'
        "</w:txbxContent></w:pict></w:r>"
    )
    paragraph._p.append(box)
    written = io.BytesIO()
    document.save(written)
    assert [one.source for one in cut(written.getvalue())] == ["Outside.", "Inside."]
    shout = docx.Document(io.BytesIO(shouted(written.getvalue())))
    (inner,) = shout.element.body.iter(qn("w:txbxContent"))
    assert [one.text for one in inner.iter(qn("w:t"))] == ["INSIDE."]
