"""A transcript as a Word document (ECMA-376).

What a model writes is Markdown; it becomes what Word has for it: headings, numbered and
bulleted lists, tables, quotations, code with its spaces, links, bold and italic. What
looks like HTML stays as it was written, and pictures are named, not loaded. A person's
words are no Markdown: they stand as they were written.
"""

import io
import re
from collections.abc import Iterator, Sequence
from typing import Any, Literal, cast
from urllib.parse import urlsplit

from docx.document import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor
from docx.styles.style import ParagraphStyle
from docx.text.paragraph import Paragraph
from docx.text.run import Run
from markdown_it import MarkdownIt
from markdown_it.tree import SyntaxTreeNode

from changeover.chat.exports.transcript import Passage, Transcript
from changeover.documents.word import new_document

_SCHEMES = {"http", "https", "mailto"}
_NO_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_DEEPEST_LIST, _DEEPEST_HEADING = 3, 9
_MARK, _CODE = "Changeover mark", "Changeover code"
_LINK = RGBColor(0x05, 0x63, 0xC1)
_MONOSPACED = "Courier New"
_AFTER_SHADE = (
    "w:tabs", "w:suppressAutoHyphens", "w:kinsoku", "w:wordWrap", "w:overflowPunct",
    "w:topLinePunct", "w:autoSpaceDE", "w:autoSpaceDN", "w:bidi", "w:adjustRightInd",
    "w:snapToGrid", "w:spacing", "w:ind", "w:contextualSpacing", "w:mirrorIndents",
    "w:suppressOverlap", "w:jc", "w:textDirection", "w:textAlignment", "w:textboxTightWrap",
    "w:outlineLvl", "w:divId", "w:cnfStyle", "w:rPr", "w:sectPr", "w:pPrChange",
)  # fmt: skip
"""What comes after a paragraph's shade: Word reads properties in the schema's order only."""
Kind = Literal["bullet", "number"]


def word(transcript: Transcript) -> bytes:
    """The bytes of the document."""
    document = new_document(_clean(transcript.title), transcript.language)
    _styles(document)
    document.add_heading(_clean(transcript.title), level=1)
    for line in transcript.about:
        document.add_paragraph(line, style=_MARK)
    for passage in transcript.passages:
        _passage(document, passage)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _styles(document: Document) -> None:
    mark = cast(ParagraphStyle, document.styles.add_style(_MARK, WD_STYLE_TYPE.PARAGRAPH))
    mark.base_style = document.styles["Normal"]
    mark.font.bold = True
    mark.font.size = Pt(9.5)
    _framed(mark, side="left")
    code = cast(ParagraphStyle, document.styles.add_style(_CODE, WD_STYLE_TYPE.PARAGRAPH))
    code.base_style = document.styles["Normal"]
    code.font.name, code.font.size = _MONOSPACED, Pt(9)
    code.paragraph_format.left_indent = Cm(0.5)
    shade = OxmlElement("w:shd")
    for name, value in (("val", "clear"), ("color", "auto"), ("fill", "F0F0F0")):
        shade.set(qn(f"w:{name}"), value)
    code.element.get_or_add_pPr().insert_element_before(shade, *_AFTER_SHADE)


def _framed(of: Any, side: str) -> None:
    """A line at a side of a paragraph, or of all of a style."""
    borders, line = OxmlElement("w:pBdr"), OxmlElement(f"w:{side}")
    for name, value in (("val", "single"), ("sz", "12"), ("space", "6"), ("color", "808080")):
        line.set(qn(f"w:{name}"), value)
    borders.append(line)
    properties = of.paragraph_format.element.get_or_add_pPr()
    properties.insert_element_before(borders, "w:shd", *_AFTER_SHADE)


def _passage(document: Document, passage: Passage) -> None:
    for line in passage.seam:
        document.add_paragraph(_clean(line), style=_MARK)
    document.add_heading(_clean(f"{passage.speaker}, {passage.when}"), level=2)
    if passage.role == "user":
        for block in re.split(r"\n{2,}", passage.text):
            document.add_paragraph(_clean(block))
    else:
        _Prose(document).write(passage.text)
    for line in passage.marks:
        document.add_paragraph(_clean(line), style=_MARK)
    if passage.facts:
        run = document.add_paragraph().add_run(_clean("; ".join(passage.facts)))
        run.italic, run.font.size = True, Pt(9)


class _Look:
    """How words look where they stand; each change makes a new one."""

    def __init__(self, **marks: bool) -> None:
        self.marks = marks

    def and_(self, mark: str) -> "_Look":
        return _Look(**self.marks, **{mark: True}) if mark not in self.marks else self

    def on(self, run: Run) -> None:
        for mark in self.marks:
            if mark == "strike":
                run.font.strike = True
            else:
                setattr(run, mark, True)


class _Prose:
    """Markdown into the end of a document."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self._reader = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])
        self._quoted = 0

    def write(self, text: str) -> None:
        self._blocks(SyntaxTreeNode(self._reader.parse(_clean(text))).children)

    def _blocks(self, nodes: Sequence[SyntaxTreeNode], depth: int = 0) -> None:
        for node in nodes:
            self._block(node, depth)

    def _block(self, node: SyntaxTreeNode, depth: int) -> None:
        match node.type:
            case "heading":
                level = min(_DEEPEST_HEADING, 2 + int(node.tag[1:]))
                self._inline(self._document.add_heading(level=level), node)
            case "paragraph":
                self._inline(self._paragraph(depth), node)
            case "fence" | "code_block":
                self._document.add_paragraph(node.content.rstrip("\n"), style=_CODE)
            case "bullet_list" | "ordered_list":
                self._list(node, depth + 1)
            case "blockquote":
                self._quoted += 1
                self._blocks(node.children, depth)
                self._quoted -= 1
            case "table":
                self._table(node)
            case "hr":
                _framed(self._document.add_paragraph(), side="bottom")
            case _:
                self._document.add_paragraph(node.content)

    def _paragraph(self, depth: int) -> Paragraph:
        """One that stands in a quotation, or under an item of a list."""
        paragraph = self._document.add_paragraph(style="Quote" if self._quoted else None)
        if depth:
            paragraph.paragraph_format.left_indent = Cm(0.63 * depth)
        return paragraph

    # Lists

    def _list(self, node: SyntaxTreeNode, depth: int) -> None:
        kind: Kind = "number" if node.type == "ordered_list" else "bullet"
        level = min(depth, _DEEPEST_LIST)
        name = "List Number" if kind == "number" else "List Bullet"
        style = name if level == 1 else f"{name} {level}"
        number = self._numbered_from(style, node) if kind == "number" else None
        for item in node.children:
            blocks = list(item.children)
            paragraph = self._document.add_paragraph(style=style)
            if depth > level:
                paragraph.paragraph_format.left_indent = Cm(0.63 * depth)
            if number is not None:
                properties = paragraph.paragraph_format.element.get_or_add_pPr()
                numbering = properties.get_or_add_numPr()
                numbering.get_or_add_ilvl().val = 0
                numbering.get_or_add_numId().val = number
            if blocks and blocks[0].type == "paragraph":
                self._inline(paragraph, blocks.pop(0))
            self._blocks(blocks, depth)

    def _numbered_from(self, style: str, node: SyntaxTreeNode) -> int:
        """A numbering of a list's own: Word would go on from the list before."""
        numbering = self._document.part.numbering_part.element
        of_style = self._document.styles[style].element.pPr.numPr.numId.val
        abstract = numbering.num_having_numId(of_style).abstractNumId.val
        own = numbering.add_num(abstract)
        start = int(node.attrs.get("start", 1))
        own.add_lvlOverride(ilvl=0).add_startOverride(start)
        return int(own.numId)

    # Tables

    def _table(self, node: SyntaxTreeNode) -> None:
        rows = [row for part in node.children for row in part.children]
        columns = max(len(row.children) for row in rows)
        table = self._document.add_table(rows=len(rows), cols=columns)
        table.style = "Table Grid"
        for place, row in enumerate(rows):
            cells = table.rows[place].cells
            for cell, source in zip(cells, row.children, strict=False):
                paragraph = cell.paragraphs[0]
                paragraph.alignment = _alignment(source)
                look = _Look(bold=True) if place == 0 else _Look()
                self._inline(paragraph, source, look)
        table.rows[0]._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))  # noqa: SLF001 - python-docx has no other way to a row's properties
        self._document.add_paragraph()

    # Words in a paragraph

    def _inline(
        self, paragraph: Paragraph, node: SyntaxTreeNode, look: _Look | None = None
    ) -> None:
        for child in node.children:
            for run, seen in self._runs(paragraph, child, look or _Look()):
                seen.on(run)

    def _runs(
        self, paragraph: Paragraph, node: SyntaxTreeNode, look: _Look
    ) -> Iterator[tuple[Run, _Look]]:
        match node.type:
            case "inline":
                yield from self._within(paragraph, node, look)
            case "strong":
                yield from self._within(paragraph, node, look.and_("bold"))
            case "em":
                yield from self._within(paragraph, node, look.and_("italic"))
            case "s":
                yield from self._within(paragraph, node, look.and_("strike"))
            case "link":
                yield from self._link(paragraph, node, look)
            case "code_inline":
                run = paragraph.add_run(node.content)
                run.font.name = _MONOSPACED
                yield run, look
            case "softbreak" | "hardbreak":
                run = paragraph.add_run()
                run.add_break()
                yield run, look
            case "image":
                yield paragraph.add_run(f"[{node.content}: {node.attrs.get('src', '')}]"), look
            case _:
                yield paragraph.add_run(node.content), look

    def _within(
        self, paragraph: Paragraph, node: SyntaxTreeNode, look: _Look
    ) -> Iterator[tuple[Run, _Look]]:
        for child in node.children:
            yield from self._runs(paragraph, child, look)

    def _link(
        self, paragraph: Paragraph, node: SyntaxTreeNode, look: _Look
    ) -> Iterator[tuple[Run, _Look]]:
        address = str(node.attrs.get("href", ""))
        runs = list(self._within(paragraph, node, look))
        if not _leads_somewhere(address):
            yield from runs
            yield paragraph.add_run(f" ({address})"), look
            return
        kept = self._document.part.relate_to(address, RELATIONSHIP_TYPE.HYPERLINK, is_external=True)
        link = OxmlElement("w:hyperlink")
        link.set(qn("r:id"), kept)
        paragraph.paragraph_format.element.append(link)
        for run, seen in runs:
            run.font.color.rgb, run.font.underline = _LINK, True
            link.append(run.element)
            yield run, seen


def _alignment(cell: SyntaxTreeNode) -> WD_ALIGN_PARAGRAPH | None:
    match str(cell.attrs.get("style", "")).partition(":")[2]:
        case "right":
            return WD_ALIGN_PARAGRAPH.RIGHT
        case "center":
            return WD_ALIGN_PARAGRAPH.CENTER
        case _:
            return None


def _leads_somewhere(address: str) -> bool:
    try:
        return urlsplit(address).scheme.lower() in _SCHEMES
    except ValueError:
        return False


def _clean(text: str) -> str:
    """A text without the characters that no XML may hold."""
    return _NO_XML.sub("\ufffd", text)
