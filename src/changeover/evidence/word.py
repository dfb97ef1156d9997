"""A report as a Word document (ECMA-376), to be completed and signed by people."""

import io
from collections.abc import Sequence

from docx.document import Document
from docx.enum.section import WD_ORIENT
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm
from docx.table import Table, _Row

from changeover.documents.word import new_document
from changeover.evidence.reports import Report

_MOST_UPRIGHT = 6
"""Columns that an upright page has room for."""


def word(report: Report) -> bytes:
    """The bytes of the document; wide tables lie, and their heading stands on every page."""
    document = new_document(report.title, report.language)
    _lie_down(document, report)
    document.add_heading(report.title, level=1)
    document.add_paragraph(report.intro)
    if not report.rows:
        document.add_paragraph(report.nothing)
    elif report.records:
        for row in report.rows:
            _record(document, report, row)
    else:
        _table(document, report)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _lie_down(document: Document, report: Report) -> None:
    section = document.sections[0]
    if len(report.headings) > _MOST_UPRIGHT and not report.records:
        width, height = section.page_width, section.page_height
        section.orientation = WD_ORIENT.LANDSCAPE
        section.page_width, section.page_height = height, width


def _table(document: Document, report: Report) -> None:
    table = _begin(document, 0, len(report.headings))
    _fill(table, report.headings)
    heading = document.element.body.find(f".//{qn('w:tr')}")
    heading.get_or_add_trPr().append(OxmlElement("w:tblHeader"))
    for row in report.rows:
        _fill(table, row)


def _record(document: Document, report: Report, row: Sequence[str]) -> None:
    table = _begin(document, 0, 2)
    for pair in zip(report.headings, row, strict=True):
        _fill(table, pair)
    for cell in table.columns[0].cells:
        cell.width = Cm(5.5)
    document.add_paragraph()


def _begin(document: Document, rows: int, columns: int) -> Table:
    table: Table = document.add_table(rows=rows, cols=columns)
    table.style = "Table Grid"
    return table


def _fill(table: Table, cells: Sequence[str]) -> None:
    row: _Row = table.add_row()  # type: ignore[no-untyped-call]
    for cell, text in zip(row.cells, cells, strict=True):
        cell.text = text
