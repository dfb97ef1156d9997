"""Word documents that hold something of everything that must be kept."""

import io
import zipfile

import docx
from docx.oxml import OxmlElement
from docx.oxml.ns import qn

_NOTES = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
    '<w:footnotes xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">'
    '<w:footnote w:type="separator" w:id="-1"><w:p><w:r><w:separator/></w:r></w:p></w:footnote>'
    '<w:footnote w:id="1"><w:p><w:r><w:rPr><w:vertAlign w:val="superscript"/></w:rPr>'
    '<w:footnoteRef/></w:r><w:r><w:t xml:space="preserve"> See the annex.</w:t></w:r></w:p>'
    "</w:footnote></w:footnotes>"
)
_TYPE = (
    '<Override PartName="/word/footnotes.xml" ContentType="application/vnd.openxmlformats-'
    'officedocument.wordprocessingml.footnotes+xml"/>'
)
_RELATION = (
    '<Relationship Id="rId900" Type="http://schemas.openxmlformats.org/officeDocument/2006/'
    'relationships/footnotes" Target="footnotes.xml"/>'
)


def memo() -> bytes:
    """A memo with a table, a note, a comment, a header, a link, a field and tracked changes."""
    document = docx.Document()
    document.add_heading("Memo on models", 1)
    told = document.add_paragraph("This memo takes effect ")
    told.add_run("tomorrow").bold = True
    told.add_run(".")
    note = OxmlElement("w:footnoteReference")
    note.set(qn("w:id"), "1")
    told.add_run()._r.append(note)
    told.add_run(" Please read it.")
    document.add_comment(runs=[told.runs[1]], text="Check the date.", author="A")
    _tracked(document.add_paragraph("The bureau "))
    table = document.add_table(1, 2)
    table.cell(0, 0).text, table.cell(0, 1).text = "Bureau", "12.5"
    document.sections[0].header.paragraphs[0].text = "For official use"
    written = io.BytesIO()
    document.save(written)
    return _with_notes(written.getvalue())


def _tracked(paragraph: object) -> None:
    p = paragraph._p  # type: ignore[attr-defined]  # python-docx writes no tracked changes itself
    for change, tag, words in (("w:del", "w:delText", "may"), ("w:ins", "w:t", "must")):
        element, run, text = OxmlElement(change), OxmlElement("w:r"), OxmlElement(tag)
        element.set(qn("w:id"), "7" if change == "w:del" else "8")
        element.set(qn("w:author"), "A")
        text.text = words
        run.append(text)
        element.append(run)
        p.append(element)
    end = OxmlElement("w:r")
    text = OxmlElement("w:t")
    text.text = " comply."
    text.set(qn("xml:space"), "preserve")
    end.append(text)
    p.append(end)


def _with_notes(content: bytes) -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(written, "w") as new:
        for info in old.infolist():
            part = old.read(info)
            if info.filename == "[Content_Types].xml":
                part = part.replace(b"</Types>", _TYPE.encode() + b"</Types>")
            if info.filename == "word/_rels/document.xml.rels":
                part = part.replace(b"</Relationships>", _RELATION.encode() + b"</Relationships>")
            new.writestr(info, part)
        new.writestr("word/footnotes.xml", _NOTES)
    return written.getvalue()
